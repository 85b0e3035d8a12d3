"""What the protocol asks and tells, each message in one function; `make_server` puts them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.uris import to_fs_path

from detector.editor import actions, hover
from detector.editor.buffers import UNITS, make_buffer
from detector.editor.policies import is_policy_file
from detector.editor.server import NAME, Server


def initialize(ls: Server, params: types.InitializeParams) -> None:
    """The workspace's folders bound the search for policies; options are the first settings."""
    uris = [folder.uri for folder in params.workspace_folders or ()] or [params.root_uri or ""]
    ls.desk.roots = [Path(path) for uri in uris if uri and (path := to_fs_path(uri))]
    if params.initialization_options:
        ls.use(params.initialization_options)


async def initialized(ls: Server, params: types.InitializedParams) -> None:  # noqa: ARG001
    """Ask for settings, watch policies and load the model, while the user opens the first document."""
    ls.start(ls.ask_for_settings())
    ls.start(ls.watch_policies())
    ls.start(ls.desk.warm())


def shutdown(ls: Server, params: None) -> None:  # noqa: ARG001
    """Nothing is sent from now on."""
    for uri in list(ls.buffers):
        ls.unschedule(uri)
    ls.desk.close()


async def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Check at once."""
    encoding = ls.server_capabilities.position_encoding
    unit = UNITS.get(str(getattr(encoding, "value", encoding)), "utf16")
    ls.buffers[params.text_document.uri] = make_buffer(params.text_document, unit)
    ls.schedule(params.text_document.uri, delay=0)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Take the change over; check when typing rests."""
    buffer = ls.buffers.get(params.text_document.uri)
    if buffer is not None:
        buffer.change(params.content_changes, params.text_document.version)
        ls.schedule(params.text_document.uri)


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the document, and take its diagnostics away."""
    uri = params.text_document.uri
    ls.unschedule(uri)
    if ls.buffers.pop(uri, None) is not None and not ls.pulls:
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A policy that was just edited holds at once."""
    if _is_policy(params.text_document.uri):
        ls.refresh()


def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """The same, for policies that were changed elsewhere."""
    if any(_is_policy(each.uri) for each in params.changes):
        ls.refresh()


def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """New settings, or the hint that there are some to fetch."""
    if params.settings:
        ls.use(params.settings)
        ls.refresh()
    else:
        ls.start(ls.ask_for_settings())


async def diagnostic(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """What the newest state holds, or that it is what the client has."""
    buffer = ls.buffers.get(params.text_document.uri)
    result = await ls.result(buffer) if buffer else None
    if result is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    if params.previous_result_id == result.identity:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result.identity)
    return types.RelatedFullDocumentDiagnosticReport(items=list(result.diagnostics), result_id=result.identity)


async def hovered(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """The findings at a place, explained."""
    buffer = ls.buffers.get(params.text_document.uri)
    result = await ls.result(buffer) if buffer else None
    found = actions.findings_at(result, types.Range(params.position, params.position)) if result else []
    if result is None or not found:
        return None
    markdown = hover.explanation(found, await ls.desk.registry(result.state))
    document = ls.client_capabilities.text_document
    formats = document.hover.content_format if document and document.hover else None
    if formats and types.MarkupKind.Markdown not in formats:
        return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, hover.plain(markdown)))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, markdown))


async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done in a stretch; nothing once the text has changed meanwhile."""
    buffer = ls.buffers.get(params.text_document.uri)
    result = await ls.result(buffer) if buffer else None
    if buffer is None or result is None or result.checked is None:
        return []
    only = [str(getattr(each, "value", each)) for each in params.context.only or ()]
    found: list[types.CodeAction] = []
    if actions.wants(only, types.CodeActionKind.QuickFix.value):
        offers = await ls.desk.offers(buffer, result.state, actions.findings_at(result, params.range))
        found += actions.quick_fixes(result, offers, versioned=ls.versioned)
    if only and actions.wants(only, actions.FIX_ALL):
        every = actions.fix_all(result.state, await ls.desk.mended(result.state), versioned=ls.versioned)
        found += [every] if every else []
    return found if buffer.state is result.state else []


def _is_policy(uri: str) -> bool:
    path = to_fs_path(uri)
    return path is not None and is_policy_file(Path(path))


HANDLERS: Mapping[str, Callable[..., Any]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.SHUTDOWN: shutdown,
    types.TEXT_DOCUMENT_DID_OPEN: did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close,
    types.TEXT_DOCUMENT_DID_SAVE: did_save,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: did_change_watched_files,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration,
    types.TEXT_DOCUMENT_DIAGNOSTIC: diagnostic,
    types.TEXT_DOCUMENT_HOVER: hovered,
    types.TEXT_DOCUMENT_CODE_ACTION: code_action,
}
OPTIONS: Mapping[str, Any] = {
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        identifier=NAME, inter_file_dependencies=False, workspace_diagnostics=False
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(code_action_kinds=list(actions.KINDS)),
}


def make_server() -> Server:
    """A server that answers all of these."""
    server = Server()
    for method, handler in HANDLERS.items():
        server.feature(method, OPTIONS.get(method))(handler)
    return server
