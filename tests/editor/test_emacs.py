"""A second real editor, unmodified: Emacs with Eglot, in batch mode, set up by the entry of docs/editors.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

URGING = "You should sell your PLTR now."
LINE = f"🙂 Good morning 𝒂𝒍𝒍 é. {URGING} Bye."
POST = f"# News 🚀\n\n{LINE}\n"


def test_emacs_shows_it_mends_it_and_undoes_it(tmp_path: Path, program: Callable[[str], str]) -> None:
    post, results = tmp_path / "post.md", tmp_path / "results.json"
    post.write_text(POST, encoding="utf-8")
    world = {
        **os.environ,
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "DETECTOR_PYTHON": sys.executable,
        "DETECTOR_POST": str(post),
        "DETECTOR_RESULTS": str(results),
    }
    command = [program("emacs"), "--batch", "-l", str(Path(__file__).with_name("drive.el"))]
    done = subprocess.run(command, env=world, capture_output=True, timeout=600, check=False)
    assert results.exists(), done.stderr.decode()
    said = json.loads(results.read_text(encoding="utf-8"))
    assert said["mode"] == "markdown-mode"
    assert said["text"] == URGING  # Emacs counts characters, the protocol UTF-16: both sides of the emoji agree
    assert "Reads as advice to act" in said["message"]
    assert "Source: Annotation guideline" in said["hover"]
    assert said["titles"][0] == "Say instead: “Should I sell my PLTR now, or not?”"
    assert said["mended"] == POST.replace(URGING, "Should I sell my PLTR now, or not?")
    assert said["undone"] == POST
    assert (said["seen"], said["gone"], said["back"], said["typed"]) == (True, True, True, True)
