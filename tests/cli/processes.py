"""Real processes of the command line, and exports for them."""

import json
import random
import subprocess
import sys
from pathlib import Path

COMMAND = (sys.executable, "-W", "error", "-m", "detector")
TICKERS = ("NVDA", "TSLA", "PLTR", "AMD", "DBS")
TEXTS = (
    "You should buy {ticker} before earnings, target {number}.",
    "Nice weather today, {number} degrees in the harbour.",
    "Why did {ticker} drop {number} percent?",
    "I bought {number} shares of {ticker} last week.\n\nThis is not financial advice.",
    "Sell your {ticker} now! It will not see {number} again.",
    "{ticker} reported {number} million in revenue.",
)


def detector(*arguments: str | int | Path, piped: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `piped` is what it finds at standard input."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, input=piped, capture_output=True, text=True, timeout=300, check=False)


def write_export(path: Path, size: int, *, seed: int = 1) -> Path:
    """Posts of every sort, with a line now and then that is none."""
    choose = random.Random(seed)  # noqa: S311
    with path.open("w") as file:
        for number in range(size):
            text = choose.choice(TEXTS).format(ticker=choose.choice(TICKERS), number=choose.randrange(1000))
            post = {
                "id": str(number),
                "text": text,
                "author": f"author {number % 7}",
                "created": f"2026-0{number % 9 + 1}-03",
            }
            file.write(json.dumps(post) + "\n")
            if number % 61 == 0:
                file.write('{"id": "broken", "text": "cut o\n')
    return path


def outputs(folder: Path) -> dict[str, bytes]:
    """All that a run wrote but the manifest, whose circumstances differ."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}
