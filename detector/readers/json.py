"""JSON documents: an array of objects, alone or under a key such as `posts` or `data`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import Shapes, choose, make_post
from detector.readers.base.json_items import ROOT, Item, json_items, read_items
from detector.readers.base.recognition import first_objects, keys_in

ARRAYS = ("posts", "messages", "comments", "items", "data", "results", "records", "rows", "entries", "tweets")
_OPENING = re.compile(rf'\s*(?:\[|\{{.*?"(?:{"|".join(ARRAYS)})"\s*:\s*\[)\s*\{{', re.DOTALL)


def recognises(sample: Sample) -> Recognition:
    """An array of objects at the root or under a usual key, and no JSON Lines."""
    lines = first_objects(sample)
    is_lines = len(lines) > 1 or any("text" in choose(line, {}) for line in lines)
    return Recognition.GENERIC if _OPENING.match(sample.text) and not is_lines else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each object in the array is a record; fields by their usual names or those given by `--map`."""
    shapes = Shapes(source.options.field_map)
    text_key = choose(keys_in(source.sample), source.options.field_map).get("text", "text")

    def make(source: Source, item: Item) -> Post | Rejected:
        return make_post(item.value, shapes.choose(item.value), source, item.number)

    yield from read_items(source, json_items(source, ROOT, *ARRAYS), make, text_key)
