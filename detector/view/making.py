"""The stages that turn source text into a view, in order."""

from __future__ import annotations

import re

from detector.post import TextFormat
from detector.view import Hidden, View
from detector.view.characters import character_edits, may_change
from detector.view.draft import Draft
from detector.view.entities import entity_edits
from detector.view.markdown import Inline, has_marks
from detector.view.spelling import spelling_edits
from detector.view.words import has_foreign_letters, word_edits

_UNUSUAL = re.compile(r"[^\t-\r -~]+")


def view_of(source: str, text_format: TextFormat) -> View:
    """The view of text that needs work: markup, references, characters, words, inline marks."""
    draft = Draft(source)
    hidden: list[Hidden] = []
    if text_format == "html":
        from detector.view.html_text import Markup

        markup = Markup(source)
        draft.edit(markup.edits)
        hidden = [Hidden(start, end, reason, folded(text)) for start, end, reason, text in markup.hidden]
    _fold(draft)
    if text_format != "html" and has_marks(draft.text):
        hidden = _read_marks(draft, is_markdown=text_format == "markdown")
    draft.edit(spelling_edits(draft.text))
    return View(source, draft.text, draft.starts, draft.ends, tuple(hidden))


def folded(text: str) -> str:
    """`text` with its references decoded and its characters and words folded; markup stays."""
    draft = Draft(text)
    _fold(draft)
    return draft.text


def _fold(draft: Draft) -> None:
    if "&" in draft.text:
        draft.edit(entity_edits(draft.text))
    unusual = "".join(_UNUSUAL.findall(draft.text))
    if may_change(unusual):
        draft.edit(character_edits(draft.text))
    if has_foreign_letters(unusual):
        draft.edit(word_edits(draft.text))


def _read_marks(draft: Draft, *, is_markdown: bool) -> list[Hidden]:
    inline = Inline(draft.text, is_markdown=is_markdown)
    hidden = [
        Hidden(*draft.source_span(start, end), reason, draft.text[start:end])
        for start, end, reason in inline.hidden
        if end > start
    ]
    draft.edit(inline.edits())
    return hidden
