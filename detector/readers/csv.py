"""Tables as text (CSV, TSV and kin): delimiter, escapes and encoding are found, not assumed."""

from __future__ import annotations

from collections.abc import Iterator

from detector.errors import InputError
from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import choose, make_post, no_text
from detector.readers.base.tables import find_table, rows_of

LONGEST_NAME = 80


def recognises(sample: Sample) -> Recognition:
    """A header over rows of the same width, or a file named as a table."""
    if not sample.is_text or sample.text.lstrip()[:1] in ("{", "[", "<"):
        return Recognition.NO
    table = find_table(sample.text, {})
    named = sample.suffix in (".csv", ".tsv", ".tab")
    plausible = table.is_even and len(table.columns) > 1 and max(map(len, table.columns)) <= LONGEST_NAME
    return Recognition.GENERIC if named or plausible else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each row below the header is a record; columns by their usual names or those given by `--map`."""
    table, rows = rows_of(source)
    chosen = choose(table.columns, source.options.field_map)
    if "text" not in chosen:
        raise InputError(source.file, *no_text(table.columns, source.options.field_map))
    if table.columns.count(chosen["text"]) > 1:
        raise InputError(source.file, f"two columns are named {chosen['text']!r}", "rename one of them")
    for number, row in rows:
        yield row if isinstance(row, Rejected) else make_post(row, chosen, source, number)
