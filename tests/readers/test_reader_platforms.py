"""What each platform's reader takes from its sample, and what it leaves out unless asked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from detector.post import Post, Rejected
from detector.readers import Limits, read

SAMPLES = Path(__file__).parent / "samples"


def posts(*names: str, private: bool = False) -> list[Post]:
    found = read([SAMPLES / name for name in names], private_messages=private)
    return [post for post in found if isinstance(post, Post)]


def left_out(name: str) -> list[str]:
    return [found.reason for found in read([SAMPLES / name]) if isinstance(found, Rejected) and found.left_out]


def read_file(folder: Path, name: str, data: str | bytes, **options: Any) -> list[Post | Rejected]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read([path], **options))


def fields(found: list[Post], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(post, name) for name in names) for post in found]


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


def test_disqus_keeps_html_and_answers() -> None:
    found = posts("disqus.xml")
    assert fields(found, "id", "author", "parent", "format", "text") == [
        ("30", "mei", None, "html", "<p>Wait for the <b>dip</b> &amp; buy.</p>"),
        ("31", "Uncle Lim", "30", "html", "<p>Agreed.</p>"),
    ]
    assert found[0].extra == {"community": "https://blog.example/harbour"}
    assert left_out("disqus.xml") == ["marked as spam by the site"]


def test_wordpress_reads_what_was_published() -> None:
    found = posts("wordpress.xml")
    assert fields(found, "id", "author", "parent", "title", "format") == [
        ("7", "mei", None, "Why I wait", "html"),
        ("7/c1", "Uncle Lim", "7", None, "html"),
        ("7/c2", "mei", "7/c1", None, "html"),
    ]
    assert 'Units are dear. [gallery ids="1"]' in found[0].text
    assert len(left_out("wordpress.xml")) == 3


def test_wordpress_survives_control_characters(tmp_path: Path) -> None:
    data = (SAMPLES / "wordpress.xml").read_bytes().replace(b"Units are", b"Units\x0b are")
    found = read_file(tmp_path, "blog.xml", data)
    assert isinstance(found[0], Post)
    assert "Units  are dear" in found[0].text


BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
FILE_ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("attack", [BILLION_LAUGHS, FILE_ENTITY])
@pytest.mark.parametrize("name", ["disqus.xml", "wordpress.xml"])
def test_xml_entities_are_refused(tmp_path: Path, name: str, attack: str) -> None:
    head, _, rest = (SAMPLES / name).read_text().partition("?>")
    (only,) = read_file(tmp_path, name, f"{head}?>{attack}{rest}")
    assert isinstance(only, Rejected)
    assert "forbidden in an export" in only.reason


def test_xml_without_an_end_gives_what_was_whole(tmp_path: Path) -> None:
    data = (SAMPLES / "disqus.xml").read_text()
    found = read_file(tmp_path, "a.xml", data[: data.index('<post dsq:id="31"') + 60])
    assert [type(record) for record in found] == [Post, Rejected]


def test_xml_text_over_the_limit_ends_the_file_not_the_process(tmp_path: Path) -> None:
    data = (SAMPLES / "disqus.xml").read_text().replace("Agreed.", "x" * 3_000_000)
    found = read_file(tmp_path, "a.xml", data, limits=Limits(record_bytes=1_000_000))
    assert [type(record) for record in found] == [Post, Rejected]
    assert "longer than 1,000,000 bytes" in str(found[1])


def test_youtube_reads_plain_text_and_both_kinds_of_segments() -> None:
    found = posts("youtube.csv", "youtube.live.csv")
    assert fields(found, "id", "author", "parent", "text") == [
        ("Ug1", "UCmei", None, "Buy it, now"),
        ("Ug2", "UClim", "Ug1", "Says who?"),
        ("Ug3", "UCtan", "Ug1", "Plain, as it was"),
        ("Lc1", "UCmei", None, "to the moon"),
    ]


def test_parquet_reads_dictionaries_large_strings_and_nulls() -> None:
    assert fields(posts("parquet.parquet"), "id", "author", "created", "text") == [
        ("1", "mei", "2024-02-29 10:00:00.000000Z", "Café, no plans."),
        ("2", "lim", "2024-02-29 10:00:00.000000Z", ""),
    ]


def test_damaged_parquet_is_one_rejected_file(tmp_path: Path) -> None:
    data = (SAMPLES / "parquet.parquet").read_bytes()
    for cut in (data[:200], data[:-4] + b"JUNK", b"PAR1" + bytes(500) + b"PAR1"):
        (only,) = read_file(tmp_path, "a.parquet", cut)
        assert isinstance(only, Rejected)
        assert "damaged Parquet" in only.reason


def test_parquet_without_a_text_column() -> None:
    (only,) = read([SAMPLES / "parquet.parquet"], field_map={"text": "words"})
    assert isinstance(only, Rejected)
    assert "no column 'words'; columns: post_id, author, created_at, body, score" in only.reason


def test_json_arrays_at_the_root_and_under_a_key(tmp_path: Path) -> None:
    for data in ('[{"text": "a"}, {"text": "b"}]', '{"v": 1, "data": [{"text": "a"}, {"text": "b"}]}'):
        found = read_file(tmp_path, "a.json", data)
        assert [post.text for post in found if isinstance(post, Post)] == ["a", "b"]
        assert {post.origin.format for post in found if isinstance(post, Post)} == {"json"}


def test_lines_with_arrays_inside_are_lines(tmp_path: Path) -> None:
    line = '{"text": "a", "comments": [{"text": "inner"}]}\n'
    for data in (line, line * 3):
        assert {post.origin.format for post in read_file(tmp_path, "a", data) if isinstance(post, Post)} == {"jsonl"}


def test_a_broken_element_costs_only_itself(tmp_path: Path) -> None:
    found = read_file(tmp_path, "a.json", '[{"text": "a"}, {"text": nope}, 7, {"text": "b"}, {"text": "c')
    assert [type(record).__name__ for record in found] == [
        "Post", "Rejected", "Rejected", "Post", "Rejected", "Rejected",
    ]  # fmt: skip
    assert [record.record for record in found if isinstance(record, Rejected)] == [2, 3, 5, None]


def test_json_elements_over_the_limit_or_nested_too_deep(tmp_path: Path) -> None:
    big = '{"text": "b", "x": [' + "1," * 500_000 + "1]}"
    deep = '{"text": "d", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"
    found = read_file(
        tmp_path, "a.json", f'[{{"text": "a"}}, {big}, {deep}, {{"text": "z"}}]', limits=Limits(record_bytes=300_000)
    )
    assert [type(record).__name__ for record in found] == ["Post", "Rejected", "Rejected", "Post"]
    assert "longer than 300,000 bytes" in str(found[1])
    assert "nested too deep" in str(found[2])


def test_json_nested_too_deep_outside_of_its_elements(tmp_path: Path) -> None:
    (only,) = read_file(tmp_path, "a.json", '{"data": ' + '{"a": ' * 100_000, format_name="json")
    assert isinstance(only, Rejected)
    assert "nested more than" in only.reason


def test_cyclic_parents_pass_as_they_are(tmp_path: Path) -> None:
    records = [{"id": id_, "parent": parent, "text": ""} for id_, parent in ("ab", "ba", "cc")]
    data = "\n".join(map(json.dumps, records))
    found = [post for post in read_file(tmp_path, "a.jsonl", data) if isinstance(post, Post)]
    assert fields(found, "id", "parent") == [("a", "b"), ("b", "a"), ("c", "c")]


def test_parquet_dates_beyond_what_python_knows(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    far = pa.array([2**60, -(2**60)], pa.timestamp("ms"))
    pq.write_table(pa.table({"text": ["a", "b"], "date": far}), tmp_path / "far.parquet")
    found = [post for post in read([tmp_path / "far.parquet"]) if isinstance(post, Post)]
    assert [post.text for post in found] == ["a", "b"]


@pytest.mark.parametrize("filler", ["x", '\\"', "\\\\", "é", '{"text": "inner"},'])
def test_a_string_over_the_limit_costs_only_its_element(tmp_path: Path, filler: str) -> None:
    big = filler * 400_000 if filler[0] != "{" else json.dumps(filler * 40_000)[1:-1]
    data = f'[{{"text": "a"}}, {{"text": "{big}", "x": [1]}}, {{"text": "z"}}]'
    found = read_file(tmp_path, "a.json", data, limits=Limits(record_bytes=100_000), format_name="json")
    if filler == "\\\\":
        assert [type(record).__name__ for record in found] == ["Post", "Rejected"]
    else:
        assert [post.text for post in found if isinstance(post, Post)] == ["a", "z"]
        assert [record.record for record in found if isinstance(record, Rejected)] == [2]
