"""Keystrokes in a long document: how long until the new text's findings are there. In Markdown, HTML and plain text.

python -m benchmarks.keystroke [--words 5000] [--keystrokes 80]

Three figures a format, each with its median and 95th percentile in milliseconds: processor time of the check itself;
processor time of a language server's process for a keystroke, from the change to the answer with the diagnostics (on
Linux); and the time that the editor waits for it, which grows with whatever else the machine does.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from benchmarks.processes import processor_seconds
from detector.engine import Detector
from detector.pipeline.pieces import Memory
from detector.policy import load_policy
from detector.post import Post, TextFormat

FORMATS: dict[TextFormat, str] = {"markdown": "markdown", "html": "html", "plain": "plaintext"}
LETTERS = "abcdefgh. "
SENTENCES = (
    "Revenue grew 14% in the quarter, and margins were stable at 31%.",
    "I bought 100 shares of NVDA this morning. 🙂", "The harbour was quiet, and so was the market.",
    "It should hit 230 soon.", "Goldman upgraded it to **buy** last week.",
    "See [the filing](https://example.org/filing) for the details.", "What would you do with a stock like that?",
)  # fmt: skip
URGING = "You should sell your PLTR now."


def newsletter(words: int, text_format: TextFormat, disclaimer: str) -> str:
    """An ordinary long text: paragraphs, now and then an urging, the disclaimer last."""
    chance = random.Random(7)  # noqa: S311 a text, not a secret
    paragraphs: list[str] = []
    while words > 0:
        paragraphs.append(" ".join(chance.choices(SENTENCES, k=6)))
        words -= len(paragraphs[-1].split())
    paragraphs[::20] = [URGING] * len(paragraphs[::20])
    paragraphs.append(disclaimer)
    return "\n\n".join(map(_marked_up, paragraphs) if text_format == "html" else paragraphs)


def _marked_up(paragraph: str) -> str:
    bold = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", paragraph)
    return "<p>" + re.sub(r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', bold) + "</p>"


def edits(text: str, count: int) -> Iterator[tuple[str, int, str]]:
    """Texts, each a letter longer than the one before, with the place and the letter: within words, anywhere."""
    chance = random.Random(3)  # noqa: S311
    places = [match.end() for match in re.finditer(r"[a-z] (?=[a-z])", text)]
    for place in chance.sample(places, count):
        letter = chance.choice(LETTERS)
        text = text[:place] + letter + text[place:]
        yield text, place, letter


def in_process(ready: Detector, text: str, text_format: TextFormat, *, count: int) -> list[float]:
    """Processor seconds of each check."""
    memory, took = Memory(), list[float]()
    ready.recheck(Post("", text, format=text_format), memory)
    for changed, _, _ in edits(text, count):
        start = time.process_time()
        ready.recheck(Post("", changed, format=text_format), memory)
        took.append(time.process_time() - start)
    return took


async def in_editor(text: str, language: str, *, count: int) -> tuple[list[float], list[float]]:
    """Processor seconds of the server, and seconds that an editor waits, for each keystroke. The editor counts in
    code points and asks for the diagnostics itself."""
    client = LanguageClient("keystroke", "1")
    await client.start_io(sys.executable, "-m", "detector", "lsp")
    server = client._server  # pygls has no public name for it
    assert server is not None
    able = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf32]),
        text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities()),
    )
    await client.initialize_async(types.InitializeParams(capabilities=able))
    uri = "untitled:newsletter"
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, language, 0, text)))
    ask = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
    await client.text_document_diagnostic_async(ask)
    worked, took = list[float](), list[float]()
    for version, (changed, place, letter) in enumerate(edits(text, count), 1):
        at = types.Position(changed.count("\n", 0, place), place - changed.rfind("\n", 0, place) - 1)
        change = types.TextDocumentContentChangePartial(types.Range(at, at), letter)
        before, start = processor_seconds(server.pid), time.perf_counter()
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), [change])
        )
        await client.text_document_diagnostic_async(ask)
        took.append(time.perf_counter() - start)
        worked.append(processor_seconds(server.pid) - before)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return worked, took


def line(name: str, what: str, took: Sequence[float]) -> str:
    """One row of the table."""
    ordered = sorted(took)
    median, p95 = (ordered[int(share * (len(ordered) - 1))] * 1e3 for share in (0.5, 0.95))
    return f"| {name} | {what} | {median:.1f} | {p95:.1f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--words", type=int, default=5_000)
    parser.add_argument("--keystrokes", type=int, default=80)
    given = parser.parse_args()
    ready = Detector(load_policy("default").for_authors())
    disclaimer = ready.registry["ttm-community"].wording
    print("| document | time | median, ms | p95, ms |\n|---|---|---:|---:|")
    texts = {each: newsletter(given.words, each, disclaimer) for each in FORMATS}
    for text_format, text in texts.items():
        took = in_process(ready, text, text_format, count=given.keystrokes)
        print(line(text_format, "processor, the check", took), flush=True)
    for text_format, language in FORMATS.items():
        worked, took = asyncio.run(in_editor(texts[text_format], language, count=given.keystrokes))
        print(line(text_format, "processor, the language server", worked), flush=True)
        print(line(text_format, "clock, the editor waits", took), flush=True)


if __name__ == "__main__":
    main()
