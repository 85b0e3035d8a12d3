"""A real editor, unmodified: Neovim's own client, driven without a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

URGING = "You should sell your PLTR now."
LINE = f"🙂 Good morning 𝒂𝒍𝒍 é. {URGING} Bye."


def test_neovim_shows_it_mends_it_and_undoes_it(tmp_path: Path, program: Callable[[str], str]) -> None:
    post, results = tmp_path / "post.md", tmp_path / "results.json"
    post.write_text(f"# News 🚀\n\n{LINE}\n", encoding="utf-8")
    script = Path(__file__).with_name("drive.lua")
    world = {
        **os.environ,
        "DETECTOR_PYTHON": sys.executable,
        "DETECTOR_POST": str(post),
        "DETECTOR_RESULTS": str(results),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    command = [program("nvim"), "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {script}"]
    done = subprocess.run(command, env=world, capture_output=True, timeout=600, check=False)
    assert results.exists(), done.stderr.decode()
    said = json.loads(results.read_text())
    start = len(LINE[: LINE.index(URGING)].encode())  # Neovim counts bytes in its buffers
    (shown,) = said["diagnostics"]
    assert (shown["line"], shown["column"], shown["end_column"]) == (2, start, start + len(URGING))
    assert shown["source"] == "detector"
    assert said["titles"][0] == "Say instead: “Should I sell my PLTR now, or not?”"
    assert said["mended"] == "# News 🚀\n\n" + LINE.replace(URGING, "Should I sell my PLTR now, or not?")
    assert said["gone"]
    assert said["undone"] == f"# News 🚀\n\n{LINE}"
    assert said["back"]
    assert said["typed"]
    assert "Source: Annotation guideline" in said["hover"]
    assert said["stopped"]
