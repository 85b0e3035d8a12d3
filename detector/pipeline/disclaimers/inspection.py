"""What an author of registry files wants to know: do the examples hold, and how do two wordings differ."""

from __future__ import annotations

from collections.abc import Iterator

from detector.finding import Edit, Integrity
from detector.pipeline.disclaimers.compare import compare
from detector.pipeline.disclaimers.component import Disclaimers
from detector.pipeline.disclaimers.patterns import compile_wording, slot_word
from detector.pipeline.disclaimers.words import split_words
from detector.registry import Disclaimer, Registry
from detector.registry.entry import SLOT
from detector.view import make_view


def failing_examples(entry: Disclaimer, registry: Registry) -> Iterator[str]:
    """A line for each of the entry's examples that is read otherwise than it says, or for want of any."""
    if not entry.examples:
        yield "none; give [[examples]] of the text in use and of a changed one, with the `integrity` of each"
    component = Disclaimers(Registry({**registry.entries, entry.id: entry}), ids=[entry.id])
    for number, example in enumerate(entry.examples, 1):
        readings = component.predict(make_view(example.text, text_format=example.format))
        integrity = readings[0].integrity if readings else Integrity.MISSING
        edits = [edit.edit_class for reading in readings[:1] for edit in reading.edits]
        read, wanted = [integrity, *sorted(edits)], [example.integrity, *sorted(example.edits)]
        if read != wanted:
            yield f"example {number}: read as {', '.join(read)}; the file says {', '.join(wanted)}"


def differences(entry: Disclaimer, expected: str, found: str) -> tuple[Edit, ...]:
    """The edits that turn the wording `expected` of `entry` into `found`, in offsets of `found`, in reading order."""
    words = split_words(found)
    for index, word in enumerate(words.folded):
        slot = SLOT.fullmatch(word)
        if slot is not None and slot[1] in entry.slots:
            words.folded[index] = slot_word(slot[1])
    comparison = compare(compile_wording(entry, expected), words, 0, len(words.folded))
    return tuple(
        Edit(kind, start, end, registered, found[start:end], changes_meaning)
        for kind, start, end, registered, changes_meaning in comparison.changes()
    )
