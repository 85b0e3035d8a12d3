"""The passages of a text: where they stand, and whose words they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detector.pipeline.passage_roles import Stretch, bb_quotes, passages_with_roles, standard_disclaimers, stretches
from detector.pipeline.passage_split import split_at, split_passages
from detector.post import Region
from detector.reading import DisclaimerReading, Passage
from detector.view import View

_SENTENCE = re.compile(r"\S[^\n]*?(?:[.!?]+(?=\s)|(?=\s*\n)|$)")


def read_passages(
    text: str,
    view: View | None = None,
    *,
    regions: Sequence[Region] = (),
    disclaimers: Sequence[DisclaimerReading] = (),
) -> tuple[Passage, ...]:
    """The passages of one text; `regions` are in its offsets, `disclaimers` in those of the view's source."""
    spans = split_passages(text)
    # Anyone can write a line that begins like the platform's disclaimer: only registered wording counts as one.
    found: list[Stretch] = [(each.start, each.end, each.role) for each in regions if each.role != "disclaimer"]
    quoted = tuple(bb_quotes(text))
    if regions or quoted:
        borders = {border for region in regions for border in (region.start, region.end)}
        spans = split_at(text, spans, borders.union(*quoted))
    found += ((start, end, "quote") for start, end in quoted)
    found += stretches(text, spans)
    if disclaimers:
        found += standard_disclaimers(disclaimers, view)
    return passages_with_roles(spans, found)


def simple_passages(text: str) -> tuple[Passage, ...]:
    """Lines and sentences, where nothing else is known of passages."""
    return tuple(Passage(match.start(), match.end()) for match in _SENTENCE.finditer(text))
