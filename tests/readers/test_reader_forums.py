"""Forums: Reddit dumps and personal exports, Discourse: what is read, and what is left out unless asked."""

from pathlib import Path

import pytest
from read_samples import fields, left_out, posts, read_file

from detector.post import Post, Rejected


def test_reddit_dumps_have_full_names_and_threads() -> None:
    found = posts("reddit_dump.jsonl")
    assert fields(found, "id", "author", "created", "parent", "title", "format") == [
        ("t3_1abc", "mei", "1709172000", None, "Harbour REIT results", "markdown"),
        ("t1_k1", "uncle_lim", "1709175600", "t3_1abc", None, "markdown"),
    ]
    assert found[0].text == "Numbers are out.\n\n> gearing 41 %\n\nI am &amp; stay neutral."
    assert found[1].extra == {"community": "harbourtalk", "edited": "1709180000"}
    assert left_out("reddit_dump.jsonl") == ["deleted before it was archived"]


def test_reddit_export_joins_comments_to_posts() -> None:
    found = posts("reddit_export.posts.csv", "reddit_export.comments.csv")
    assert fields(found, "id", "parent", "title", "text") == [
        ("38focg", None, "Units, again", "First line\n\nSecond line"),
        ("ck1", "38focg", None, "Sell the rally, keep the dividend."),
        ("ck2", "ck1", None, "Why?"),
    ]


def test_reddit_export_keeps_private_messages_private(tmp_path: Path) -> None:
    data = "id,permalink,thread_id,date,ip,from,to,subject,body\nm1,p,t1,2024-02-29,,mei,lim,Hello,buy it\n"
    (only,) = read_file(tmp_path, "messages.csv", data)
    assert isinstance(only, Rejected)
    assert only.left_out
    (post,) = read_file(tmp_path, "messages.csv", data, private_messages=True)
    assert isinstance(post, Post)
    assert (post.id, post.author, post.title, post.text) == ("m1", "mei", "Hello", "buy it")


def test_discourse_gives_the_topics_title_to_its_first_post_only() -> None:
    topic = "https://forum.example/t/harbour-reits/77"
    assert fields(posts("discourse.csv"), "id", "title", "parent", "text") == [
        (f"{topic}/1", "Harbour REITs", None, "Opening **post**.\n\nTwo paragraphs."),
        (f"{topic}/2", None, f"{topic}/1", "Take profit here."),
    ]
    assert left_out("discourse.csv") == ["a private message (is_pm: Yes)"]
    assert posts("discourse.csv", private=True)[2].text == "A secret."


@pytest.mark.parametrize(("word", "public"), [("Nein", True), ("Ja", False), ("否", True), ("是", False), ("", True)])
def test_discourse_takes_a_post_for_private_when_in_doubt(tmp_path: Path, word: str, *, public: bool) -> None:
    (found,) = read_file(tmp_path, "user_archive.csv", f"topic_title,is_pm,post_raw,url\nt,{word},hello,\n")
    assert isinstance(found, Post) == public
