"""One connection of the language server: what is open, what is waiting, what the client can do."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.protocol.language_server import lsp_method

from detector import __version__
from detector.editor.buffers import Buffer
from detector.editor.checking import Desk
from detector.editor.diagnostics import Result
from detector.editor.policies import FILES
from detector.editor.settings import SECTION, read_settings
from detector.errors import ConfigError, DetectorError

NAME = "detector"
WATCHED = (*(f"**/{name}" for name in FILES), "**/disclaimers/*.toml")


class Protocol(LanguageServerProtocol):
    """pygls', but the text of documents is kept by us: it would also break lines at U+2028 and form feeds, which
    the protocol does not."""

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        """Hand the change on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None


class Server(LanguageServer):
    """The state of one connection."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__, protocol_cls=Protocol, converter_factory=default_converter)
        self.desk = Desk()
        self.buffers: dict[str, Buffer] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._told: set[str] = set()

    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics itself: then none are sent unasked, or it would show each twice."""
        document = self.client_capabilities.text_document
        return document is not None and document.diagnostic is not None

    @property
    def versioned(self) -> bool:
        """Whether the client takes edits that name a document's version."""
        workspace = self.client_capabilities.workspace
        edit = workspace.workspace_edit if workspace else None
        return bool(edit and edit.document_changes)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run beside what is going on, and keep it from being forgotten."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def schedule(self, uri: str, *, delay: float | None = None) -> None:
        """Send the document's diagnostics once typing rests (unless the client asks for them itself)."""
        self.unschedule(uri)
        if not self.pulls:
            wait = self.desk.settings.debounce_ms / 1000 if delay is None else delay
            self._waiting[uri] = self.start(self._publish_after(uri, wait))

    def unschedule(self, uri: str) -> None:
        """What was to be sent is out of date."""
        waiting = self._waiting.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    async def _publish_after(self, uri: str, wait: float) -> None:
        await asyncio.sleep(wait)
        buffer = self.buffers.get(uri)
        if buffer is None:
            return
        result = await self.result(buffer)
        if result is not None and self.buffers.get(uri) is buffer and result.state is buffer.state:
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, list(result.diagnostics), version=result.state.version)
            )

    async def result(self, buffer: Buffer) -> Result | None:
        """What a document holds; an unusable model is told once."""
        try:
            result = await self.desk.result(buffer)
        except DetectorError as error:
            self.tell(str(error))
            return None
        if result.checked is None:
            self.tell(result.diagnostics[0].message)
        return result

    def tell(self, message: str) -> None:
        """Show a message to the user, the same one only once."""
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"detector: {message}"))

    def use(self, given: Any) -> None:  # noqa: ANN401 whatever a client sends
        """Take new settings; wrong ones are told, and change nothing."""
        try:
            self.desk.settings = read_settings(given)
        except ConfigError as error:
            self.tell(str(error))

    def refresh(self) -> None:
        """Settings or policies changed: everything that is open is to be shown anew."""
        self._told.clear()
        workspace = self.client_capabilities.workspace
        if self.pulls and workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self.workspace_diagnostic_refresh(None)
        for uri in self.buffers:
            self.schedule(uri, delay=0)

    async def watch_policies(self) -> None:
        """Ask to be told of policy files that change outside of the editor, where the client can be asked."""
        workspace = self.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace else None
        if watched is None or not watched.dynamic_registration:
            return
        options = types.DidChangeWatchedFilesRegistrationOptions(list(map(types.FileSystemWatcher, WATCHED)))
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration(f"{NAME} policies", method, register_options=options)
        await self.client_register_capability_async(types.RegistrationParams([registration]))

    async def ask_for_settings(self) -> None:
        """Fetch the section from clients that are asked rather than tell."""
        workspace = self.client_capabilities.workspace
        if workspace is None or not workspace.configuration:
            return
        item = types.ConfigurationItem(section=SECTION)
        answer = await self.workspace_configuration_async(types.ConfigurationParams([item]))
        if answer and answer[0]:
            before = self.desk.settings
            self.use(answer[0])
            if self.desk.settings != before:
                self.refresh()
