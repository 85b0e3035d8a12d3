"""Offers as code actions: edits that hold for one state of one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from detector.editor.buffers import State
from detector.editor.diagnostics import Result, shown
from detector.finding import Finding
from detector.fixes import Action, Offer

FIX_ALL = "source.fixAll.detector"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)
PREFERRED = frozenset({Action.INSERT, Action.RESTORE, Action.SOFTEN})


def wants(only: Sequence[str] | None, kind: str) -> bool:
    """Whether a client asks for that kind; a kind asked for brings those below it."""
    return not only or any(kind == each or kind.startswith(f"{each}.") or each == "" for each in only)


def findings_at(result: Result, place: types.Range) -> list[Finding]:
    """The findings that are underlined somewhere in a stretch, or right at a place."""
    if result.checked is None:
        return []
    state = result.state
    start, end = state.offset(place.start), state.offset(place.end)
    places = ((each, *shown(each, state.text)) for each in result.checked.findings)
    return [each for each, first, last in places if first <= end and start <= last]


def quick_fixes(
    result: Result, found: Iterable[tuple[Finding, Sequence[Offer]]], *, versioned: bool
) -> Iterator[types.CodeAction]:
    """A code action an offer; of those for one finding the first that keeps the author's text is preferred."""
    state = result.state
    for finding, offers in found:
        about = _diagnostic_of(finding, result)
        for number, offer in enumerate(each for each in offers if each.field == "text"):
            edit = types.TextEdit(state.stretch(offer.fix.start, offer.fix.end), offer.fix.replacement)
            yield types.CodeAction(
                title=offer.fix.title,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[about] if about else None,
                is_preferred=True if number == 0 and offer.action in PREFERRED else None,
                edit=_workspace_edit(state, [edit], versioned=versioned),
            )


def fix_all(state: State, mended: str, *, versioned: bool) -> types.CodeAction | None:
    """One action that makes all changes that have one right answer; None when there is none."""
    if mended == state.text:
        return None
    start, end, replacement = difference(state.text, mended)
    edit = types.TextEdit(state.stretch(start, end), replacement)
    return types.CodeAction(
        title="Put every disclaimer right",
        kind=FIX_ALL,
        edit=_workspace_edit(state, [edit], versioned=versioned),
    )


def difference(before: str, after: str) -> tuple[int, int, str]:
    """The smallest one change from one text to another; a line end of two characters is never cut in two."""
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    start -= start > 0 and before[start - 1] == "\r"
    rest = shorter - start
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    tail -= tail > 0 and before[len(before) - tail] == "\n"
    return start, len(before) - tail, after[start : len(after) - tail]


def _diagnostic_of(finding: Finding, result: Result) -> types.Diagnostic | None:
    if result.checked is None:
        return None
    return result.diagnostics[result.checked.findings.index(finding)]


def _workspace_edit(state: State, edits: list[types.TextEdit], *, versioned: bool) -> types.WorkspaceEdit:
    """With the version that it holds for, where the client can refuse it once the text has changed."""
    if not versioned:
        return types.WorkspaceEdit(changes={state.uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(uri=state.uri, version=state.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(text_document=document, edits=list(edits))])
