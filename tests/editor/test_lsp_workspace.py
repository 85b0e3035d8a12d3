"""What reaches the server beside the text: settings that it fetches, policy files that change, typing that rests."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from editor_session import PATIENCE, Draft, capabilities, session, utf16_range
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient

URGING = "You should sell your PLTR now."
QUIET = 'name = "quiet"\n[recommendations]\nkinds = ["guarantee"]\n'
LINES = f"🚀 𝒂𝒍𝒍 é. {URGING}\r\n👩‍👩‍👧 Bye. 𝒂\n\n🇸🇬🙂 é𝒂. {URGING} Bye 🙂\r\n- 🚀🚀. {URGING}"
ENCODED = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

pytestmark = pytest.mark.asyncio


def able(*, fetched: bool = False) -> types.ClientCapabilities:
    """An editor that is sent diagnostics, and whose settings can be fetched."""
    return types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(configuration=fetched or None))


async def received(client: LanguageClient, rules: list[str], uri: str) -> None:
    """Wait until the server sent just these unasked."""
    until = time.monotonic() + PATIENCE
    while uri not in client.diagnostics or [each.code for each in client.diagnostics[uri]] != rules:
        assert time.monotonic() < until, client.diagnostics
        await asyncio.sleep(0.02)


async def test_settings_are_fetched_at_the_start_and_when_they_change(tmp_path: Path) -> None:
    (tmp_path / "quiet.toml").write_text(QUIET)
    fetched = {"detector": {"policy": "quiet.toml", "debounceMs": 0}}
    async with session(tmp_path, able=able(fetched=True), settings=fetched) as client:
        uri = (tmp_path / "post.md").as_uri()
        Draft(client, uri, URGING)
        await received(client, [], uri)
        client.set_configuration({"detector": {"policy": "", "debounceMs": 0}})
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await received(client, ["recommendation", "disclaimer_missing"], uri)
        client.set_configuration(fetched)
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await received(client, [], uri)


async def test_a_policy_that_changed_on_disk_holds_for_what_is_open(tmp_path: Path) -> None:
    async with session(tmp_path, able=able()) as client:
        uri, policy = (tmp_path / "post.md").as_uri(), tmp_path / "detector.toml"

        def tell(kind: types.FileChangeType) -> None:
            changes = [types.FileEvent(policy.as_uri(), kind)]
            client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))

        Draft(client, uri, URGING)
        await received(client, ["recommendation", "disclaimer_missing"], uri)
        policy.write_text(QUIET)
        tell(types.FileChangeType.Created)
        await received(client, [], uri)
        policy.unlink()
        tell(types.FileChangeType.Deleted)
        await received(client, ["recommendation", "disclaimer_missing"], uri)


async def test_editors_that_can_be_asked_are_asked_to_watch_policies(tmp_path: Path) -> None:
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    capable = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watching))
    asked: asyncio.Future[types.RegistrationParams] = asyncio.get_running_loop().create_future()
    async with session(tmp_path, able=capable, registered=asked.set_result):
        params = await asyncio.wait_for(asked, PATIENCE)
    (registration,) = params.registrations
    assert registration.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    patterns = [each["globPattern"] for each in _plain(registration.register_options)["watchers"]]
    assert patterns == ["**/detector.toml", "**/.detector.toml", "**/policy.toml", "**/disclaimers/*.toml"]


def _plain(options: Any) -> dict[str, Any]:
    """As it came over the wire, whatever the client's library made of it."""
    made: dict[str, Any] = default_converter().unstructure(options)
    return made


async def test_only_the_last_of_many_keystrokes_is_checked(tmp_path: Path) -> None:
    options = {"debounceMs": 700}
    async with session(tmp_path, able=able(), options=options) as client:
        sent: list[int | None] = []
        handle = client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

        def noted(*params: Any) -> None:
            sent.append(params[-1].version)
            handle(*params)

        client.protocol.fm._features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = noted
        draft = Draft(client, (tmp_path / "post.md").as_uri(), "Hi. ")
        await draft.pushed()
        for letter in URGING:
            at = len(draft.text)
            draft.replace(utf16_range(draft.text, at, at), letter, draft.text + letter)
        await received(client, ["recommendation", "disclaimer_missing"], draft.uri)
        assert sent == [1, draft.version]


@pytest.mark.parametrize("encoding", ENCODED)
async def test_every_lines_columns_are_counted_as_was_agreed(encoding: str, tmp_path: Path) -> None:
    """Changes on lines with emoji and astral characters too, line ends of both kinds."""
    codec, size = ENCODED[encoding]

    def at(line: int, words: str) -> types.Position:
        before = LINES.replace("\r\n", "\n").split("\n")[line].partition(words)[0]
        return types.Position(line, len(before.encode(codec)) // size)

    async with session(tmp_path, able=capabilities(encodings=[encoding], pull=True)) as client:
        agreed = client.server_capabilities.position_encoding if hasattr(client, "server_capabilities") else None
        assert agreed in (None, encoding)
        draft = Draft(client, (tmp_path / "post.md").as_uri(), LINES)
        found = [each for each in await draft.found() if each.code == "recommendation"]
        assert [each.range.start for each in found] == [at(line, URGING) for line in (0, 3, 4)]
        for each in found:
            assert each.range.end.character - each.range.start.character == len(URGING)
        first = types.Range(at(3, URGING), types.Position(3, at(3, URGING).character + len(URGING)))
        draft.replace(first, "𝒂🙂", "")
        left = [each for each in await draft.found() if each.code == "recommendation"]
        assert [each.range.start for each in left] == [at(0, URGING), at(4, URGING)]
