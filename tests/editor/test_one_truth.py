"""One text, one policy, one answer: the library, the command line and the language server."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from editor_session import Draft, capabilities, session

from detector.__main__ import main
from detector.document import document, text_format_of
from detector.engine import Detector
from detector.policy import load_policy

URGING = "You should sell your PLTR now."
LANGUAGES = {"plain": "plaintext", "markdown": "markdown", "html": "html"}
TEXTS = {
    "crlf.txt": f"Good morning.\r\n\r\n230 is no problem, wait for the callback to buy.\r\n{URGING}\r\n",
    "emoji.md": f"🙂 Good morning 𝒂𝒍𝒍 👩‍👩‍👧. {URGING} 🚀 **Buy the dip!** 🇸🇬\n\n"
    f"> {URGING}\n\n```\n{URGING}\n```\n",
    "front.md": f"---\ntitle: News\nadvice: {URGING}\n---\r\n# Today\r\n\r\n- {URGING}\r\n",
    "page.html": "<!doctype html><p>Fish &amp; chips. You should b&#117;y NVDA.</p>\r\n"
    f"<blockquote>{URGING}</blockquote>",
    "comment.md": f"{URGING} <!-- detector: allow recommendation because it is an example -->\n\n"
    "DM me for tomorrow's picks.\n",
    "odd.txt": f"One\u2028two\x0cthree\x85four. {URGING}",
    "clean.md": "Nice weather today. I bought 100 shares.\n",
    "void.md": "Nice day. <!-- detector: allow it -->\n",
}  # fmt: skip
Found = list[tuple[str, str | None, int, int, float | None]]


def by_library(path: Path, ready: Detector) -> Found:
    text = path.read_bytes().decode()
    post = document(text, name=str(path), text_format=text_format_of(path.name))
    findings = next(iter(ready.examine([post]))).findings
    return [(each.rule, each.kind, each.start, each.end, each.probability) for each in findings]


def by_command(paths: list[Path], capfdbinary: pytest.CaptureFixture[bytes], arguments: list[str]) -> dict[str, Found]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["detector", "check", *map(str, paths), "--to", "jsonl", *arguments])
        with pytest.raises(SystemExit):
            main()
    records = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    return {
        Path(record["id"]).name: [
            (each["rule"], each["kind"], each["start"], each["end"], each["probability"]) for each in record["findings"]
        ]
        for record in records
    }


async def by_server(paths: list[Path], root: Path, policy: str) -> dict[str, Found]:
    found = {}
    async with session(root, able=capabilities(pull=True), options={"policy": policy}) as client:
        for path in paths:
            language = LANGUAGES[text_format_of(path.name)]
            draft = Draft(client, path.as_uri(), path.read_bytes().decode(), language=language)
            found[path.name] = [_said(str(each.code), each.data) for each in await draft.found()]
    return found


def _said(rule: str, data: dict[str, Any]) -> tuple[str, str | None, int, int, float | None]:
    return rule, data.get("kind"), data["start"], data["end"], data.get("probability")


@pytest.mark.parametrize("policy", ["default", "every_post"])
def test_library_command_line_and_editor_say_the_same(
    policy: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_bytes(text.encode())
    paths = [tmp_path / name for name in TEXTS]
    ready = Detector(load_policy(policy).for_authors())
    expected = {path.name: by_library(path, ready) for path in paths}
    assert by_command(paths, capfdbinary, ["--policy", policy]) == expected
    assert asyncio.run(by_server(paths, tmp_path, policy)) == expected
    urged = {name for name, found in expected.items() if any(rule == "recommendation" for rule, *_ in found)}
    assert urged == set(TEXTS) - {"clean.md", "void.md"}
    assert "suppression" in {rule for rule, *_ in expected["void.md"]}
