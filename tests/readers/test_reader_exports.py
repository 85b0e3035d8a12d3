"""Whole exports, as close to the platforms' own as their public descriptions allow: what is read, what is left out."""

from pathlib import Path

import documents
import exports
import pytest

from detector.post import Post, Rejected
from detector.readers import Limits, read

Seen = list[tuple[str | None, str | None, str]]
LONG_NOTE = "Long note. " * 40 + "You should buy $SHRT."
SOCIAL = "https://social.example/users/mei/statuses"
FORUM = "https://forum.example/t/harbour/77"


def seen(path: Path) -> Seen:
    """Id, parent and text of each post."""
    return [(each.id, each.parent, each.text) for each in read([path]) if isinstance(each, Post)]


def refused(path: Path, *, left_out: bool) -> list[str]:
    return [each.reason for each in read([path]) if isinstance(each, Rejected) and each.left_out is left_out]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_x_archive(tmp_path: Path) -> None:
    archive = exports.zipped(tmp_path / "twitter-2024.zip", exports.x_archive())
    assert seen(archive) == [
        ("1", None, "Buy $SHRT &amp; hold."),
        ("3", "1", "@uncle_lim no, sell half."),
        ("4", None, "Deleted later"),
        ("5", None, "In a community"),
        ("900", None, LONG_NOTE),
    ]
    assert "a repost: another account's words" in refused(archive, left_out=True)
    assert "private messages" in refused(archive, left_out=True)
    assert refused(archive, left_out=True).count("the archive's contents or viewer, no posts") == 2
    assert refused(archive, left_out=True).count("a style sheet or script") == 2
    assert refused(archive, left_out=False) == []


def test_mastodon(tmp_path: Path) -> None:
    archive = exports.tarred(tmp_path / "archive.tar.gz", exports.mastodon())
    assert seen(archive) == [
        (f"{SOCIAL}/1", None, "<p>You should <b>buy</b> $SHRT &amp; hold.</p>"),
        (f"{SOCIAL}/2", f"{SOCIAL}/1", "<p>Sell the rally.</p>"),
        (f"{SOCIAL}/3", None, "<p>What next?</p>"),
    ]
    assert refused(archive, left_out=False) == []
    assert refused(archive, left_out=True).count("a list of others' posts (likes, bookmarks)") == 2


def test_telegram(tmp_path: Path) -> None:
    assert seen(written(tmp_path / "result.json", documents.telegram())) == [
        ("777/2", None, "Buy $SHRT now at 1.05"),
        ("777/3", "777/2", "control \x1f here"),
        ("777/4", None, "Which one to buy?"),
        ("777/5", None, ""),
    ]


def test_discord(tmp_path: Path) -> None:
    assert seen(written(tmp_path / "signals.json", documents.discord())) == [
        ("10", None, "Signal bot\nSignal\nBuy SHRT\nTarget\n1.20\nNot financial advice"),
        ("11", "10", "No, sell it."),
        ("12", None, "Everybody buy now"),
    ]


def test_discourse(tmp_path: Path) -> None:
    archive = exports.zipped(tmp_path / "user_archive-mei.zip", exports.discourse())
    assert seen(archive) == [
        (f"{FORUM}/1", None, "Buy SHRT,\nreally."),
        (f"{FORUM}/2", f"{FORUM}/1", "Sell it."),
    ]
    assert refused(archive, left_out=True) == [
        "a private message (is_pm: Yes)",
        *["visits, likes, settings: no posts"] * 3,
    ]
    assert refused(archive, left_out=False) == []


def test_disqus(tmp_path: Path) -> None:
    found = seen(written(tmp_path / "disqus.xml", documents.disqus()))
    assert found == [("10", None, "<p>Buy SHRT &amp;amp; hold</p>"), ("11", "10", "<p>Sell it</p>")]


def test_wordpress_with_the_forum_bbpress(tmp_path: Path) -> None:
    found = seen(written(tmp_path / "harbour.xml", documents.wordpress()))
    assert [(identity, parent) for identity, parent, _ in found] == [
        ("1", None), ("1/c7", "1"), ("10", None), ("11", "10"),
    ]  # fmt: skip
    assert "<!-- wp:paragraph -->" in found[0][2]
    assert found[3][2] == "Sell it before Friday."


def test_facebook(tmp_path: Path) -> None:
    archive = exports.zipped(tmp_path / "facebook-mei.zip", exports.facebook())
    assert [text for _, _, text in seen(archive)] == [
        "Café stocks: buy SHRT 🚀", "In a group", "Sell it – now", "In a group",
    ]  # fmt: skip
    assert refused(archive, left_out=True) == ["private messages", *["searches, settings, logs: no posts"] * 3]
    assert refused(archive, left_out=False) == []


def test_stocktwits(tmp_path: Path) -> None:
    assert seen(written(tmp_path / "stream.json", documents.stocktwits())) == [
        ("1", None, "$BTC.X don&#39;t sell, buy"),
        ("2", "1", "$BTC.X sell it"),
        ("3", None, "this"),
    ]


def test_youtube(tmp_path: Path) -> None:
    assert seen(exports.zipped(tmp_path / "takeout.zip", exports.youtube())) == [
        ("Ug1", None, "Buy SHRT\nnow"),
        ("Ug2", "Ug1", "Sell it @lim"),
    ]


def test_reddit_dump_with_the_long_window(tmp_path: Path) -> None:
    dump = written(tmp_path / "RC_2024-02.zst", exports.in_long_window(exports.reddit_lines()))
    assert seen(dump) == [("t3_1abc", None, "You should &gt; it"), ("t1_k1", "t3_1abc", "Sell it.")]
    (small,) = read([dump], limits=Limits(window_bytes=2**27))
    assert isinstance(small, Rejected)
    assert "memory" in small.reason or "window" in small.reason


def test_reddit_request(tmp_path: Path) -> None:
    archive = exports.zipped(tmp_path / "export_mei.zip", exports.reddit_request())
    assert seen(archive) == [("k1", "1abc", "Sell it,\nnow."), ("1abc", None, "Really.")]
    beside = ["votes, lists, settings: no posts"] * 3
    assert refused(archive, left_out=True) == ["a private message", "a private message", *beside]
    assert refused(archive, left_out=False) == []


@pytest.mark.parametrize("content", ["[]", '{"orderedItems": []}', '{"messages": [], "type": "x", "from_id": 1}'])
def test_a_file_without_records_is_not_passed_over_in_silence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "empty.json"
    path.write_text(content)
    (found,) = read([path])
    assert isinstance(found, Rejected)
    assert found.reason.startswith(("holds no record", "is of no known export format"))
