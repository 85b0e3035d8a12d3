"""JSON Lines: one JSON object a line, with the usual field names or those given by `--map`."""

from __future__ import annotations

from collections.abc import Iterator

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import Shapes, make_post
from detector.readers.base.json_values import gives_twice, json_lines
from detector.readers.base.recognition import first_objects


def recognises(sample: Sample) -> Recognition:
    """Lines that hold whole JSON objects."""
    return Recognition.GENERIC if first_objects(sample) else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each line is a record; records are numbered by line, blank lines are none."""
    shapes = Shapes(source.options.field_map)
    for number, line, record in json_lines(source):
        if isinstance(record, Rejected):
            yield record
            continue
        chosen = shapes.choose(record)
        if "text" in chosen and gives_twice(line, chosen["text"]):
            yield source.reject(number, f"gives {chosen['text']!r} twice", cure="keep the one that was shown")
        else:
            yield make_post(record, chosen, source, number)
