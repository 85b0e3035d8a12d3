"""The language server in its own process, asked as an editor asks."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from editor_session import PATIENCE, Draft, applied, capabilities, session, utf16_range
from lsprotocol import types
from pytest_lsp import LanguageClient

from detector.document import document
from detector.engine import Detector
from detector.policy import load_policy

URI = "file:///workspace/post.md"
URGING = "You should sell your PLTR now."
STRICT = 'name = "{}"\n[[disclaimers]]\nids = ["ttm-community"]\nwhen = "always"\n'
TEXT = f"# News 🚀\r\n\r\n🙂 Good morning 𝒂𝒍𝒍. {URGING} Bye.\r\n"


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace; above it lies a policy that must never be found."""
    above = tmp_path_factory.mktemp("above")
    (above / "detector.toml").write_text(STRICT.format("above"))
    (above / "workspace").mkdir()
    return above / "workspace"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(root: Path) -> AsyncIterator[LanguageClient]:
    """An editor that asks for diagnostics itself and counts in UTF-16; one server for all tests of that kind."""
    async with session(root, able=capabilities(pull=True)) as connected:
        yield connected


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A folder of a test's own in the workspace."""
    own = root / tmp_path.name
    own.mkdir()
    return own


def whole() -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(10_000, 0))


def recommendations(found: list[types.Diagnostic]) -> list[types.Diagnostic]:
    return [each for each in found if each.code == "recommendation"]


async def test_diagnostics_are_sent_unasked_and_taken_away() -> None:
    async with session() as client:
        draft = Draft(client, URI, TEXT)
        (finding,) = recommendations(await draft.pushed())
        at = TEXT.index(URGING)
        assert finding.range == utf16_range(TEXT, at, at + len(URGING))
        assert finding.severity is types.DiagnosticSeverity.Warning
        assert finding.source == "detector"
        assert finding.code_description is not None
        assert finding.code_description.href.endswith("recommendation.py")
        assert Path(finding.code_description.href.removeprefix("file://")).is_file()
        assert finding.data["kind"] == "action"
        after = TEXT.replace(URGING, "")
        draft.replace(utf16_range(TEXT, at, at + len(URGING)), "", after)
        assert await draft.pushed() == []
        client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
        await asyncio.wait_for(client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), PATIENCE)
        assert list(client.diagnostics[URI]) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-32"])
async def test_columns_are_counted_as_was_agreed(encoding: str) -> None:
    async with session(able=capabilities(encodings=[encoding, "utf-16"], pull=True)) as client:
        draft = Draft(client, URI, TEXT)
        (finding,) = recommendations(await draft.found())
        line = TEXT.split("\r\n")[2]
        before = line[: line.index(URGING)]
        width = {"utf-8": len(before.encode()), "utf-16": len(before.encode("utf-16-le")) // 2, "utf-32": len(before)}
        assert (finding.range.start.line, finding.range.start.character) == (2, width[encoding])
        assert finding.range.end.character == width[encoding] + len(URGING)
        place = types.Range(finding.range.start, finding.range.end)
        draft.replace(place, "Hi 🙂.", TEXT.replace(URGING, "Hi 🙂."))
        assert recommendations(await draft.found()) == []


async def test_utf16_where_nothing_is_agreed_or_nothing_is_known() -> None:
    able = types.ClientCapabilities(general=types.GeneralClientCapabilities())
    async with session(able=able, options={"debounceMs": 300}) as client:
        draft = Draft(client, URI, TEXT)
        (finding,) = recommendations(await draft.pushed())
        at = TEXT.index(URGING)
        assert finding.range == utf16_range(TEXT, at, at + len(URGING))
        client.diagnostics.clear()
        for letter in " Buy":
            at = len(draft.text)
            draft.replace(utf16_range(draft.text, at, at), letter, draft.text + letter)
        assert len(recommendations(await draft.pushed())) >= 1  # once, of the last state


async def test_unchanged_findings_are_not_sent_twice(client: LanguageClient) -> None:
    draft = Draft(client, URI, TEXT)
    first = await draft.pulled()
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    assert isinstance(await draft.pulled(first.result_id), types.RelatedUnchangedDocumentDiagnosticReport)
    at = TEXT.index(URGING)
    draft.replace(utf16_range(TEXT, at, at), "So: ", TEXT.replace(URGING, f"So: {URGING}"))
    second = await draft.pulled(first.result_id)
    assert isinstance(second, types.RelatedFullDocumentDiagnosticReport)
    assert second.result_id != first.result_id
    assert URI not in client.diagnostics  # an editor that asks is sent nothing unasked


async def test_random_edits_leave_the_findings_of_a_whole_check(client: LanguageClient) -> None:
    """Emoji, astral characters, CR LF, and line ends that only Python's `splitlines` knows."""
    chance = random.Random(5)  # noqa: S311 a test's own dice
    pieces = ["🚀", "𝒂", "\r\n", "\n", "\u2028", "\x0c", " ", URGING, "é", "**", "> ", "```\n", "ok. ", "\x85"]
    ready = Detector(load_policy("default").for_authors())
    draft = Draft(client, URI, TEXT)
    for _ in range(60):
        text = draft.text
        borders = [at for at in range(len(text) + 1) if text[at - 1 : at + 1] != "\r\n"]
        start, end = sorted(chance.choices(borders, k=2))
        end = min(end, start + 5)
        end += text[end - 1 : end + 1] == "\r\n"
        new = chance.choice(pieces)
        after = text[:start] + new + text[end:]
        draft.replace(utf16_range(text, start, end), new, after)
        findings = next(iter(ready.examine([document(after, name="post.md", text_format="markdown")]))).findings
        expected = [(each.rule, each.start, each.end, each.probability) for each in findings]
        found = [
            (each.code, each.data["start"], each.data["end"], each.data.get("probability"))
            for each in await draft.found()
        ]
        assert found == expected
        for each, finding in zip(await draft.found(), findings, strict=True):
            if finding.start < finding.end:
                assert each.range == utf16_range(after, finding.start, finding.end)


async def test_quotes_code_links_and_front_matter_are_not_the_authors_claims(client: LanguageClient) -> None:
    text = (
        f'---\ntitle: "{URGING}"\n---\n> {URGING}\n\n```\n{URGING}\n```\n\n'
        f"See [it](https://example.org/you-should-buy-nvda) there.\n\n<!-- {URGING} -->\n"
    )
    assert await Draft(client, URI, text).found() == []
    html = f"<blockquote>{URGING}</blockquote><pre>{URGING}</pre><p hidden>x</p><!-- {URGING} --><p>Hi.</p>"
    assert await Draft(client, "file:///workspace/post.html", html, language="html").found() == []
    plain = Draft(client, "file:///workspace/post.txt", f"---\nadvice: {URGING}\n---\n", language="plaintext")
    assert recommendations(await plain.found())


async def test_hover_explains_with_the_source(client: LanguageClient) -> None:
    draft = Draft(client, URI, TEXT)
    (finding,) = recommendations(await draft.found())
    said = await draft.hover(finding.range.start.line, finding.range.start.character + 3)
    for words in (
        "**Advice to act**",
        "tells or advises readers",
        "a reasonable reader",
        "Source: Annotation guideline",
    ):
        assert words in said
    assert "Why it reads so:" in said
    assert await draft.hover(0, 0) == ""


async def test_an_action_softens_the_passage_and_the_finding_is_gone(client: LanguageClient) -> None:
    draft = Draft(client, URI, TEXT)
    (finding,) = recommendations(await draft.found())
    actions = await draft.actions(finding.range)
    assert {each.kind for each in actions} == {types.CodeActionKind.QuickFix}
    preferred = next(each for each in actions if each.is_preferred and list(each.diagnostics or ()) == [finding])
    assert preferred.title == "Say instead: “Should I sell my PLTR now, or not?”"
    change = preferred.edit.document_changes[0] if preferred.edit and preferred.edit.document_changes else None
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == draft.version
    after = applied(TEXT, preferred)
    assert after == TEXT.replace(URGING, "Should I sell my PLTR now, or not?")
    draft.replace(whole(), after, after)
    assert await draft.found() == []
    for title in ("Mark as a quotation", "Let it stand: “", "Remove “You should sell"):
        assert any(each.title.startswith(title) for each in actions), title


async def test_every_action_leaves_fewer_findings(client: LanguageClient) -> None:
    draft = Draft(client, URI, TEXT)
    before = await draft.found()
    for action in await draft.actions(whole()):
        after = applied(TEXT, action)
        draft.replace(whole(), after, after)
        assert len(await draft.found()) < len(before), action.title


async def test_disclaimers_are_put_right_all_at_once(client: LanguageClient, folder: Path) -> None:
    (folder / "detector.toml").write_text(STRICT.format("house") + "placement = { at_end = true }\n")
    wording = Detector("every_post").registry["ttm-community"].wording
    text = "Nice day. 🚀\r\n"
    draft = Draft(client, (folder / "a" / "post.md").as_uri(), text)
    assert [each.code for each in await draft.found()] == ["disclaimer_missing"]
    assert await draft.actions(whole(), ["refactor"]) == []
    (every,) = await draft.actions(whole(), ["source.fixAll"])
    assert applied(text, every) == f"Nice day. 🚀\r\n\r\n{wording}\r\n"
    (insert, *_) = await draft.actions(whole(), ["quickfix"])
    assert insert.title == "Insert the standard disclaimer"
    altered = text + "\r\n" + wording.replace("not financial", "financial")
    draft.replace(whole(), altered, altered)
    (found,) = await draft.found()
    assert (found.code, found.severity) == ("disclaimer_altered", types.DiagnosticSeverity.Error)
    (every,) = await draft.actions(whole(), ["source.fixAll.detector"])
    assert applied(altered, every) == text + "\r\n" + wording
    assert "“” should be “not”" in (await draft.hover(2, 5)).replace("\\", "")


async def test_the_nearest_policy_file_within_the_workspace_holds(client: LanguageClient, folder: Path) -> None:
    def use(policy: str) -> None:
        settings = {"detector": {"policy": policy}}
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))

    (folder / "letters").mkdir()
    draft = Draft(client, (folder / "letters" / "post.md").as_uri(), "Nice day.")
    assert await draft.found() == []  # never above the workspace's root
    (folder / ".detector.toml").write_text(STRICT.format("house"))
    assert [each.code for each in await draft.found()] == ["disclaimer_missing"]
    (folder / "letters" / "policy.toml").write_text('name = "letters"\n[recommendations]\nkinds = ["guarantee"]\n')
    assert await draft.found() == []
    use("every_post")
    assert [each.code for each in await draft.found()] == ["disclaimer_missing"]
    use(f"{folder.name}/letters/policy.toml")
    assert await draft.found() == []
    use("")


async def test_a_broken_policy_is_said_once_and_mends(client: LanguageClient, folder: Path) -> None:
    (folder / "detector.toml").write_text('name = "x"\ntreshold = 1\n')
    draft = Draft(client, (folder / "post.md").as_uri(), TEXT)
    before = len(client.messages)
    for _ in range(2):
        (found,) = await draft.found()
        assert found.code == "policy"
        assert "unknown field `treshold`" in found.message
    assert len(client.messages) == before + 1
    (folder / "detector.toml").write_text('name = "x"\n')
    assert len(recommendations(await draft.found())) == 1


async def test_wrong_settings_are_said_and_change_nothing(client: LanguageClient) -> None:
    before = len(client.messages)
    wrong = {"detector": {"polcy": "eu_mar"}}
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(wrong))
    assert len(recommendations(await Draft(client, URI, TEXT).found())) == 1
    assert "did you mean `policy`?" in client.messages[before].message


async def test_a_comment_lets_it_stand_unless_the_policy_forbids(client: LanguageClient, folder: Path) -> None:
    text = f"{URGING} <!-- detector: allow recommendation, disclaimer_missing because it is an example -->"
    draft = Draft(client, (folder / "post.md").as_uri(), text)
    assert await draft.found() == []
    (folder / "detector.toml").write_text('name = "x"\n[suppressions]\nallow = false\n')
    assert len(recommendations(await draft.found())) == 1


async def test_what_is_not_understood_does_no_harm() -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "detector", "lsp", stdin=-1, stdout=-1, stderr=asyncio.subprocess.DEVNULL
    )
    assert server.stdin
    assert server.stdout

    def framed(body: bytes) -> bytes:
        return b"Content-Length: %d\r\n\r\n" % len(body) + body

    bodies: list[bytes] = [
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}',
        b"{not json",
        b'{"jsonrpc":"2.0","method":"initialized","params":{}}',
        b'{"jsonrpc":"2.0","id":2,"method":"no/such/method","params":{}}',
        b'{"jsonrpc":"2.0","id":3,"method":"textDocument/hover","params":{"wrong":true}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///x","version":1},"contentChanges":[{"text":"x"}]}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:1","languageId":"odd","version":1,"text":"Hi"}}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"untitled:1","version":2},"contentChanges":[{"range":{"start":{"line":99,"character":9},"end":{"line":0,"character":0}},"text":"x"}]}}',
        b'{"jsonrpc":"2.0","id":9,"method":"textDocument/diagnostic","params":{"textDocument":{"uri":"untitled:1"}}}',
    ]
    server.stdin.write(b"".join(map(framed, bodies)))
    await server.stdin.drain()
    output = b""
    deadline = time.monotonic() + PATIENCE
    while b'"id": 9' not in output and b'"id":9' not in output:
        assert time.monotonic() < deadline, output
        output += await asyncio.wait_for(server.stdout.read(65_536), PATIENCE)
    server.stdin.write(
        framed(b'{"jsonrpc":"2.0","id":10,"method":"shutdown"}') + framed(b'{"jsonrpc":"2.0","method":"exit"}')
    )
    await server.stdin.drain()
    rest, _ = await asyncio.wait_for(server.communicate(), PATIENCE)
    assert b"Traceback" not in output + rest
    assert server.returncode == 0


async def test_a_keystroke_in_a_long_document_is_answered_quickly(
    client: LanguageClient, record_property: Callable[[str, object], None]
) -> None:
    """The bound is generous, as others may use the machine; docs/editors.md has the measured figures."""
    paragraph = "Revenue grew 14% in the quarter, and margins were stable. I bought 100 shares this morning. 🙂 "
    text = "\n\n".join(f"{number}. {paragraph * 3}" for number in range(110))
    assert len(text.split()) > 5_000
    took: list[float] = []
    draft = Draft(client, URI, text)
    await draft.found()
    at = text.index("55. ") + 4
    for letter in f"{URGING} " * 2:
        start = time.perf_counter()
        draft.replace(utf16_range(draft.text, at, at), letter, draft.text[:at] + letter + draft.text[at:])
        await draft.pulled()
        took.append(time.perf_counter() - start)
        at += 1
    p95 = sorted(took)[int(0.95 * len(took))]
    record_property("median and p95 in ms", [round(each * 1e3) for each in (sorted(took)[len(took) // 2], p95)])
    assert p95 < 1.0


@pytest.fixture(autouse=True)
def _quiet(caplog: Any) -> None:
    caplog.set_level("CRITICAL", logger="pygls")
