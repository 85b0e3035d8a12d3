"""A language server in its own process, and a client that behaves as an editor does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

PATIENCE = 60  # seconds; the machine may be busy
PUSHED = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    )
)


def capabilities(*, encodings: Sequence[str] = (), pull: bool = False) -> types.ClientCapabilities:
    """An editor that takes versioned edits; it counts in `encodings`, and asks for diagnostics itself with `pull`."""
    general = types.GeneralClientCapabilities(
        position_encodings=[types.PositionEncodingKind(each) for each in encodings] or None
    )
    document = types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities() if pull else None)
    return types.ClientCapabilities(workspace=PUSHED.workspace, general=general, text_document=document)


@asynccontextmanager
async def session(
    root: Path | None = None,
    *,
    able: types.ClientCapabilities = PUSHED,
    options: Any = None,
    settings: Any = None,
    registered: Callable[[types.RegistrationParams], None] = lambda _: None,
) -> AsyncIterator[LanguageClient]:
    """A client in an initialised session, whose `settings` can be fetched; `registered` gets
    what the server asks to be told. The server is shut down behind it."""
    client = make_test_lsp_client()
    client.set_configuration(settings or {})

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def _(params: types.RegistrationParams) -> None:
        registered(params)

    await client.start_io(sys.executable, "-m", "detector", "lsp")
    folders = [types.WorkspaceFolder(root.as_uri(), root.name)] if root else None
    await client.initialize_session(
        types.InitializeParams(
            capabilities=able,
            workspace_folders=folders,
            root_uri=root.as_uri() if root else None,
            initialization_options=options,
        )
    )
    try:
        yield client
    finally:
        await asyncio.wait_for(client.shutdown_session(), PATIENCE)
        await asyncio.wait_for(client.stop(), PATIENCE)


class Draft:
    """A document as the editor holds it; every change is sent as the editor would send it."""

    def __init__(self, client: LanguageClient, uri: str, text: str, *, language: str = "markdown") -> None:
        self.client, self.uri, self.text, self.version = client, uri, text, 1
        item = types.TextDocumentItem(uri, language, self.version, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, place: types.Range, text: str, after: str) -> None:
        """Send one change; `after` is the whole text that the editor has then."""
        self.version += 1
        self.text = after
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri),
                [types.TextDocumentContentChangePartial(place, text)],
            )
        )

    async def pulled(self, previous: str | None = None) -> types.DocumentDiagnosticReport:
        """Ask for the diagnostics."""
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(self.uri), previous_result_id=previous)
        return await asyncio.wait_for(self.client.text_document_diagnostic_async(params), PATIENCE)

    async def found(self) -> list[types.Diagnostic]:
        """The diagnostics of the present text."""
        report = await self.pulled()
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)

    async def pushed(self) -> list[types.Diagnostic]:
        """What the server sends unasked, the next time it does."""
        await asyncio.wait_for(self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), PATIENCE)
        return list(self.client.diagnostics[self.uri])

    async def actions(self, place: types.Range, only: Sequence[str] | None = None) -> list[types.CodeAction]:
        """The code actions of a stretch."""
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri),
            place,
            types.CodeActionContext([], only=list(only) if only else None),
        )
        found = await asyncio.wait_for(self.client.text_document_code_action_async(params), PATIENCE)
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    async def hover(self, line: int, column: int) -> str:
        """What is said at a place."""
        params = types.HoverParams(types.TextDocumentIdentifier(self.uri), types.Position(line, column))
        found = await asyncio.wait_for(self.client.text_document_hover_async(params), PATIENCE)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value


def utf16_range(text: str, start: int, end: int) -> types.Range:
    """A stretch of code points as an editor counts it in UTF-16; worked out apart from the server's own way."""
    return types.Range(_position(text, start), _position(text, end))


def _position(text: str, offset: int) -> types.Position:
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    line = before.rsplit("\n", 1)[-1]
    return types.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)


def applied(text: str, action: types.CodeAction) -> str:
    """The text after a code action's edits, which count in UTF-16."""
    edit = action.edit
    assert edit is not None
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    units = text.encode("utf-16-le")
    for each in change.edits:
        start, end = (2 * _utf16_offset(text, at) for at in (each.range.start, each.range.end))
        units = units[:start] + each.new_text.encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")


def _utf16_offset(text: str, at: types.Position) -> int:
    lines = text.replace("\r\n", "\n\0").replace("\r", "\n").split("\n")
    before = "\n".join(lines[: at.line]) + ("\n" if at.line else "")
    offset = len(before.encode("utf-16-le")) // 2 + at.character
    return offset + (1 if at.line and lines[at.line].startswith("\0") else 0)
