"""Messengers: Telegram and Discord: what is read, and what is left out unless asked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from read_samples import SAMPLES, fields, left_out, posts, read_file

from detector.post import Post, Rejected


def test_telegram_joins_text_pieces_and_repairs_its_escapes() -> None:
    found = posts("telegram.json")
    assert fields(found, "id", "author", "created", "parent", "text") == [
        ("777/2", "Harbour Signals", "1709200800", None, "BUY $SHRT at 1.05\nTP 1.20"),
        ("777/3", "user9", "1709204400", "777/2", "bell \x07 and a backslash \\x41"),
    ]
    assert left_out("telegram.json") == ["a notice of the service, no message"]


def test_telegram_escapes_beside_nested_texts(tmp_path: Path) -> None:
    message = '{"id": 1, "type": "message", "from_id": "u", "text": ["\\x07 buy", {"type": "bold", "text": "now"}]}'
    (post,) = read_file(tmp_path, "result.json", f'{{"type": "public_channel", "messages": [{message}]}}')
    assert isinstance(post, Post)
    assert post.text == "\x07 buynow"


def test_telegram_full_export_leaves_personal_chats_out(tmp_path: Path) -> None:
    def chat(kind: str, number: int) -> Mapping[str, Any]:
        message = {"id": 1, "type": "message", "date_unixtime": "1", "from_id": "u", "text": kind}
        return {"name": kind, "type": kind, "id": number, "messages": [message]}

    chats = [chat("personal_chat", 1), chat("public_supergroup", 2), chat("saved_messages", 3)]
    data = json.dumps({"about": "x", "personal_information": {}, "chats": {"about": "y", "list": chats}})
    found = read_file(tmp_path, "result.json", data)
    assert [post.id for post in found if isinstance(post, Post)] == ["2/1"]
    assert sum(isinstance(record, Rejected) and record.left_out for record in found) == 2
    assert len(read_file(tmp_path, "result.json", data, private_messages=True)) == 3


def test_discord_reads_embeds_and_forwards_and_marks_previews_as_quotes() -> None:
    preview, signal, forward = posts("discord.json")
    assert preview.text == "Read https://news.example/a please\n\nHarbour soars\nAnalysts say buy."
    assert [(preview.text[r.start : r.end], r.role) for r in preview.regions] == [
        ("Harbour soars\nAnalysts say buy.", "quote")
    ]
    assert (signal.text, signal.parent, signal.regions) == ("Signal\nLong SHRT\nEntry\n1.05", "10", ())
    assert (forward.text, forward.parent) == ("Sell everything tomorrow.", None)
    assert preview.extra == {"community": "ideas"}


def test_discord_leaves_direct_messages_out(tmp_path: Path) -> None:
    data = (SAMPLES / "discord.json").read_text().replace("GuildTextChat", "DirectTextChat")
    found = read_file(tmp_path, "dm.json", data)
    assert all(isinstance(record, Rejected) and record.left_out for record in found)
    assert sum(isinstance(post, Post) for post in read_file(tmp_path, "dm.json", data, private_messages=True)) == 3
