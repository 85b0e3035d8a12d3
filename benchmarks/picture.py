"""The picture of the report in the README: `python -m benchmarks.picture`, after any change to how the page looks.

The example export's report, as Chromium shows its top at 1280 pixels; writes `docs/report.png`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.case import EXAMPLE, ROOT
from detector import Detector, readers
from detector.cli.session import run_report

PICTURE = ROOT / "docs/report.png"
SIZE = {"width": 1280, "height": 1500}


def main() -> None:
    """Audit, open, take the picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "report.html"
        run_report(readers.read([EXAMPLE.parent]), Detector(), to="html", output=page_file)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(page_file.as_uri())
        page.wait_for_selector(".post")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
