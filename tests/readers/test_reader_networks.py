"""Networks: X, StockTwits, Mastodon, Facebook, YouTube: what is read, and what is left out unless asked."""

import json
from pathlib import Path

from read_samples import SAMPLES, fields, left_out, posts, read_file

from detector.post import Post, Rejected


def test_x_archive_reads_tweets_and_notes() -> None:
    found = posts("x_archive.js", "x_archive.note.js")
    assert fields(found, "id", "created", "parent", "text") == [
        ("1001", "Thu Feb 29 10:00:00 +0000 2024", None, "$SHRT looks tired &amp; I sold half."),
        ("1002", "Thu Feb 29 11:00:00 +0000 2024", "1001", "And the rest goes at 1.20."),
        ("2001", "2024-02-29T12:00:00.000Z", None, "A long note about harbours."),
        ("2002", None, None, "Another shape of note."),
    ]


def test_x_archive_leaves_other_data_and_messages_out(tmp_path: Path) -> None:
    (likes,) = read_file(tmp_path, "like.js", 'window.YTD.like.part0 = [ {"like": {"fullText": "x"}} ]')
    assert isinstance(likes, Rejected)
    assert likes.left_out
    (headers,) = read_file(tmp_path, "tweet-headers.js", 'window.YTD.tweet_headers.part0 = [ {"tweet": {}} ]')
    assert isinstance(headers, Rejected)
    assert headers.left_out
    create = {"messageCreate": {"id": "5", "senderId": "7", "text": "buy", "createdAt": "2024"}}
    data = f"window.YTD.direct_messages.part0 = {json.dumps([{'dmConversation': {'messages': [create]}}])}"
    (message,) = read_file(tmp_path, "direct-messages.js", data)
    assert isinstance(message, Rejected)
    (post,) = read_file(tmp_path, "direct-messages.js", data, private_messages=True)
    assert isinstance(post, Post)
    assert (post.id, post.author, post.text) == ("5", "7", "buy")


def test_stocktwits_messages_in_a_response_in_lines_and_in_an_array(tmp_path: Path) -> None:
    expected = [
        ("501", "mei", None, "$SHRT don&#39;t chase this", {"symbols": ["SHRT"], "sentiment": "Bearish"}),
        ("502", "uncle_lim", "501", "$SHRT load up", {"symbols": ["SHRT"]}),
    ]
    names = ("id", "author", "parent", "text", "extra")
    assert fields(posts("stocktwits.json"), *names) == expected
    response = json.loads((SAMPLES / "stocktwits.json").read_text())
    for data in (
        json.dumps(response["messages"]),
        "\n".join(map(json.dumps, response["messages"])),
        "\n".join(json.dumps(response | {"messages": [message]}) for message in response["messages"]),
    ):
        found = [post for post in read_file(tmp_path, "a.json", data) if isinstance(post, Post)]
        assert fields(found, *names) == expected
        assert {post.origin.format for post in found} == {"stocktwits"}


def test_mastodon_keeps_html_and_threads_and_leaves_boosts_and_direct_posts_out() -> None:
    found = posts("mastodon.json")
    base = "https://social.example/users/mei/statuses"
    assert fields(found, "id", "parent", "title", "format", "text") == [
        (f"{base}/1", None, "Not advice", "html", "<p>Harbour REITs &amp; me:<br />no plans.</p>"),
        (f"{base}/2", f"{base}/1", None, "html", "<p>Only kidding.</p>"),
    ]
    assert found[0].extra == {"language": "en"}
    assert len(left_out("mastodon.json")) == 2
    assert posts("mastodon.json", private=True)[2].text == "<p>Between us.</p>"


def test_facebook_repairs_letters_only_where_they_are_broken() -> None:
    found = posts("facebook.posts.json", "facebook.comments.json", "facebook.instagram.json")
    assert fields(found, "text", "author", "created") == [
        ("Café owners: hold your units 🚢", None, "1709200800"),
        ("Already café and fine", "Mei Tan", "1709201000"),
        ("Harbour at dawn, no advice", None, "1709202000"),
        ("Two pictures, one title", None, "1709202100"),
    ]


def test_facebook_messages_are_private(tmp_path: Path) -> None:
    message = {"sender_name": "Mei", "timestamp_ms": 1709200800000, "content": "caf\u00c3\u00a9?"}
    data = json.dumps({"participants": [{"name": "Mei"}], "messages": [message]})
    (hidden,) = read_file(tmp_path, "message_1.json", data)
    assert isinstance(hidden, Rejected)
    assert hidden.left_out
    (post,) = read_file(tmp_path, "message_1.json", data, private_messages=True)
    assert isinstance(post, Post)
    assert post.text == "café?"


def test_youtube_reads_plain_text_and_both_kinds_of_segments() -> None:
    found = posts("youtube.csv", "youtube.live.csv")
    assert fields(found, "id", "author", "parent", "text") == [
        ("Ug1", "UCmei", None, "Buy it, now"),
        ("Ug2", "UClim", "Ug1", "Says who?"),
        ("Ug3", "UCtan", "Ug1", "Plain, as it was"),
        ("Lc1", "UCmei", None, "to the moon"),
    ]
