"""A small server with answers in LanguageTool's shape, as a process: `python fake_languagetool.py PORT SECONDS`.

It finds the misspelling `teh` wherever it stands, in `text` or in `data`, at UTF-16 offsets over text with markup.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

WRONG = "teh"


def whole(fields: dict[str, list[str]]) -> str:
    if "text" in fields:
        return fields["text"][0]
    data = json.loads(fields["data"][0])
    return data.get("text") or "".join(part.get("text") or part.get("markup", "") for part in data["annotation"])


def matches(text: str) -> Iterator[dict[str, Any]]:
    at = text.find(WRONG)
    while at >= 0:
        offset = len(text[:at].encode("utf-16-le")) // 2
        yield {
            "message": "Possible spelling mistake found.",
            "shortMessage": "Spelling mistake",
            "replacements": [{"value": "the"}],
            "offset": offset,
            "length": len(WRONG),
            "context": {"text": text, "offset": offset, "length": len(WRONG)},
            "sentence": text,
            "type": {"typeName": "UnknownWord"},
            "rule": {
                "id": "MORFOLOGIK_RULE_EN_US",
                "description": "Possible spelling mistake",
                "issueType": "misspelling",
                "category": {"id": "TYPOS", "name": "Possible Typo"},
            },
            "ignoreForIncompleteSentence": False,
            "contextForSureMatch": 0,
        }
        at = text.find(WRONG, at + 1)


class Fake(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._send([{"name": "German", "code": "de", "longCode": "de-DE"}])

    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        time.sleep(float(sys.argv[2]))
        if "apiKey" in fields:
            self.send_error(418, "a key of ours was handed on")
            return
        self._send({
            "software": {"name": "LanguageTool", "version": "6.6", "apiVersion": 1, "premium": False},
            "warnings": {"incompleteResults": False},
            "language": {"name": "English (US)", "code": fields["language"][0]},
            "matches": list(matches(whole(fields))),
        })  # fmt: skip

    def _send(self, answer: Any) -> None:
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Fake)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
