"""A real service, a real browser, and pages that fail the test when anything goes wrong behind the scenes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect, sync_playwright
from web_pages import OpenPage

START_SECONDS = 90.0
PATIENCE_MS = 30_000  # a busy machine is no failure
TYPES = {".js": "text/javascript", ".css": "text/css"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the service ended before it was ready"
        try:
            if httpx.get(f"{address}/readyz", timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"not ready within {START_SECONDS} s")


@pytest.fixture(scope="session")
def service_address(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service in a process of its own, with the presets and a policy that blocks."""
    config = tmp_path_factory.mktemp("service") / "service.toml"
    held = root / "tests/web/platform/policy.toml"
    port = free_port()
    patience = "[native]\nbudget_ms = 60000\n"
    config.write_text(f'policy = "every_post"\npolicies = ["default", "{held}"]\n{patience}', encoding="utf-8")
    command = [sys.executable, "-m", "detector", "serve", "--config", str(config), "--port", str(port)]
    with (config.parent / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONFAULTHANDLER": "1"})
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_ready(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, program: Callable[[str], str]) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox"])
    yield launched
    launched.close()


@dataclass
class Faults:
    """What a page must not do: write errors to the console, throw, or break its content security policy."""

    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: message.type in ("error", "warning") and self.found.append(message.text))
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def unexpected(self) -> list[str]:
        return [each for each in self.found if not any(words in each for words in self.expected)]


@pytest.fixture
def faults() -> Iterator[Faults]:
    """A test adds to `expected` what it provokes itself, such as a refused connection."""
    kept = Faults()
    yield kept
    assert kept.unexpected() == []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 900, "height": 800})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, faults: Faults) -> Page:
    made = context.new_page()
    made.set_default_timeout(PATIENCE_MS)
    faults.watch(made)
    return made


@pytest.fixture
def open_page(page: Page, service_address: str) -> OpenPage:
    """Serve `body` and a module `script` from the service's own address, under a strict policy, and open it."""

    def serve(route: Route, content: str, media_type: str) -> None:
        route.fulfill(body=content, headers={"Content-Type": media_type, "Content-Security-Policy": CSP})

    def open_it(body: str, script: str, *, address: str = service_address) -> Page:
        head = '<meta charset="utf-8"><title>A site</title><link rel="icon" href="data:,">'
        html = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}<script type="module" src="/site.js"></script>'
        module = f'import {{ attach, gate }} from "/web/detector.js";\n{script}'
        page.route("**/site.html", lambda route: serve(route, html, "text/html; charset=utf-8"))
        page.route("**/site.js", lambda route: serve(route, module, "text/javascript; charset=utf-8"))
        page.goto(f"{address}/site.html")
        return page

    return open_it


class Stub(BaseHTTPRequestHandler):
    """The browser's script, and a check that answers late or wrongly, as told."""

    server: StubServer

    def do_GET(self) -> None:
        path = self.server.web / self.path.rsplit("/", 1)[-1]
        self._send(200, path.read_bytes(), TYPES[path.suffix])

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        time.sleep(self.server.seconds)
        self._send(self.server.status, self.server.answer, "application/json")

    def _send(self, status: int, content: bytes, media_type: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            pass  # the browser gave up, which is what some tests are about

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


class StubServer(ThreadingHTTPServer):
    """`seconds` before an answer, `status` and `answer` of a check; how often it was `asked`."""

    daemon_threads = True
    seconds = 0.0
    status = 200
    answer = json.dumps(
        {"results": [{"verdict": {"verdict": "allow", "because": "", "findings": []}, "post": None}]}
    ).encode()
    asked = 0
    web: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def stub(root: Path) -> Iterator[StubServer]:
    """A server that misbehaves on demand; `shutdown` and `server_close` make it a dead one."""
    server = StubServer(("127.0.0.1", 0), Stub)
    server.web = root / "detector/web"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
