"""What real exports, as the test data of public tools has them, do beyond what descriptions say; content made up."""

import json
from pathlib import Path
from typing import Any

import pytest
from read_samples import fields, read_file

from detector.post import Post, Rejected

Record = dict[str, Any]


def posts_of(folder: Path, name: str, data: object, **options: Any) -> list[Post]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    found = read_file(folder, name, data if isinstance(data, str) else json.dumps(data), **options)
    return [post for post in found if isinstance(post, Post)]


def test_stocktwits_names_the_opening_message_as_its_own_parent(tmp_path: Path) -> None:
    def message(number: int, *, parent: bool) -> Record:
        conversation = {"parent_message_id": 7, "in_reply_to_message_id": None, "parent": parent, "replies": 1}
        return {"id": number, "body": "x", "user": {"username": "mei"}, "symbols": [], "conversation": conversation}

    data = {"symbol": {}, "messages": [message(7, parent=True), message(8, parent=False)]}
    assert fields(posts_of(tmp_path, "a.json", data), "id", "parent") == [("7", None), ("8", "7")]


def discord(*messages: Record) -> Record:
    channel = {"id": "5", "type": "GuildTextChat", "name": "ideas"}
    return {"guild": {"id": "1"}, "channel": channel, "dateRange": {"after": None}, "messages": list(messages)}


def test_discord_answers_have_the_type_default_in_older_exports(tmp_path: Path) -> None:
    common = {"type": "Default", "content": "x", "author": {"name": "mei"}, "embeds": []}
    answer = {**common, "id": "2", "reference": {"messageId": "1", "channelId": "5", "guildId": "1"}}
    crosspost = {**common, "id": "3", "reference": {"messageId": "1", "channelId": "99", "guildId": "98"}}
    forward = {**common, "id": "4", "reference": {"type": "Forward", "messageId": "1", "channelId": "5"}}
    found = posts_of(tmp_path, "a.json", discord(answer, crosspost, forward))
    assert fields(found, "id", "parent") == [("2", "1"), ("3", None), ("4", None)]


def test_mastodon_writes_its_list_twice_the_first_one_empty(tmp_path: Path) -> None:
    note = {"id": "https://s.example/1", "content": "<p>x</p>", "to": ["as:Public"]}
    item = json.dumps({"type": "Create", "object": note})
    data = f'{{"type": "OrderedCollection", "totalItems": 1, "orderedItems": [], "orderedItems": [{item}]}}'
    assert [post.text for post in posts_of(tmp_path, "outbox.json", data)] == ["<p>x</p>"]


def telegram(kind: str, text: object, entities: list[Record]) -> Record:
    message = {"id": 1, "type": "message", "from_id": "u", "text": text, "text_entities": entities}
    return {"id": 42, "name": "Signals", "type": kind, "messages": [message]}


def test_telegram_chats_may_stand_in_a_plain_list_and_private_ones_stay_private(tmp_path: Path) -> None:
    data = {"about": "x", "chats": [telegram("public_channel", "buy", []), telegram("saved_messages", "milk", [])]}
    (post,) = posts_of(tmp_path, "result.json", data)
    assert (post.id, post.text, post.extra) == ("42/1", "buy", {"community": "Signals"})


def test_telegram_text_may_be_cut_to_its_first_piece(tmp_path: Path) -> None:
    entities = [{"type": "plain", "text": "You should "}, {"type": "bold", "text": "sell"}]
    (post,) = posts_of(tmp_path, "result.json", telegram("public_channel", "You should ", entities))
    assert post.text == "You should sell"


def test_x_archives_until_2018_have_a_file_a_month(tmp_path: Path) -> None:
    tweet = {"id_str": "5", "text": "Sell &lt;now&gt;", "user": {"screen_name": "mei"}, "created_at": "2015-01-24"}
    repost = {"id_str": "6", "text": "Buy", "user": {"screen_name": "mei"}, "retweeted_status": {"text": "Buy"}}
    found = posts_of(tmp_path, "2015_01.js", f"Grailbird.data.tweets_2015_01 =\n {json.dumps([tweet, repost])}")
    assert fields(found, "id", "author", "text") == [("5", "mei", "Sell &lt;now&gt;")]
    assert found[0].origin.format == "x_archive"


def test_youtube_comments_on_community_posts_and_below_a_thread(tmp_path: Path) -> None:
    header = (
        "Comment ID,Channel ID,Comment Create Timestamp,Price,"
        "Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID\n"
    )
    rows = [
        'Ug1,UC1,2024,0,,Ugkx1,,"{""text"":""on a post""}",Ug1\n',
        'Ug2,UC1,2024,0,,,v1,"{""text"":""below""}",Ug1\n',
        'Ug3,UC1,2024,0,,,v1,"{""text"":""one\ntwo""}",\n',
    ]
    found = posts_of(tmp_path, "comments.csv", header + "".join(rows) + "\n\n    \n")
    assert fields(found, "id", "parent", "text") == [
        ("Ug1", None, "on a post"),
        ("Ug2", "Ug1", "below"),
        ("Ug3", None, "one\ntwo"),
    ]
    assert [post.extra["community"] for post in found] == ["Ugkx1", "v1", "v1"]


def test_a_blank_line_is_no_row_of_a_wider_table(tmp_path: Path) -> None:
    assert len(read_file(tmp_path, "a.csv", "id,text\n1,hello\n   \n\n2,there\n  ")) == 2


def test_reddit_export_parents_may_be_full_names(tmp_path: Path) -> None:
    data = (
        "id,permalink,date,ip,subreddit,gildings,link,parent,body\nk1,/r/h/comments/1abc/k1,2024,,h,0,/r/h,t3_1abc,x\n"
    )
    assert fields(posts_of(tmp_path, "comments.csv", data), "id", "parent") == [("k1", "1abc")]


def test_reddit_titles_outlive_the_texts_of_submissions(tmp_path: Path) -> None:
    def submission(title: str, text: str) -> Record:
        return {"id": title[:2], "subreddit": "harbour", "title": title, "selftext": text, "is_self": False}

    data = [submission("Buy SHRT", "[deleted]"), submission("[deleted by user]", "[removed]")]
    found = posts_of(tmp_path, "RS.jsonl", "\n".join(map(json.dumps, data)))
    assert fields(found, "title", "text") == [("Buy SHRT", "[deleted]")]


def wordpress(item: str) -> str:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{item}</channel></rss>'


def test_wordpress_writes_zeros_for_a_date_in_utc_that_it_does_not_know(tmp_path: Path) -> None:
    item = """<item><wp:post_id>3</wp:post_id><wp:post_date>2012-02-20 10:00:00</wp:post_date>
    <wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><content:encoded>x</content:encoded>
    <wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"""
    assert posts_of(tmp_path, "blog.xml", wordpress(item))[0].created == "2012-02-20 10:00:00"


def test_wordpress_comments_find_a_post_without_an_id(tmp_path: Path) -> None:
    comment = "<wp:comment><wp:comment_id>9</wp:comment_id><wp:comment_content>y</wp:comment_content></wp:comment>"
    found = posts_of(tmp_path, "blog.xml", wordpress(f"<item><content:encoded>x</content:encoded>{comment}</item>"))
    assert fields(found, "id", "parent") == [("blog:1", None), ("blog:1/c9", "blog:1")]


def test_facebook_captions_are_read_once(tmp_path: Path) -> None:
    def captioned(words: str) -> list[Record]:
        return [{"data": [{"media": {"uri": "p.jpg", "title": "Timeline photos", "description": words}}]}]

    data = [
        {"timestamp": 1, "data": [{"post": "Sell it"}, {"update_timestamp": 2}], "attachments": captioned("Sell it")},
        {"timestamp": 3, "attachments": captioned("Only a caption")},
    ]
    assert fields(posts_of(tmp_path, "a.json", data), "text", "created") == [("Sell it", "1"), ("Only a caption", "3")]


@pytest.mark.parametrize("key", ["text_post_app_text_posts", "ig_stories", "a_key_of_next_year"])
def test_facebook_lists_stand_under_any_key(tmp_path: Path, key: str) -> None:
    entry = {"media": [{"uri": "", "creation_timestamp": 7, "title": "Buy SHRT"}], "title": "", "creation_timestamp": 7}
    assert fields(posts_of(tmp_path, "a.json", {key: [entry, entry]}), "text", "created") == [("Buy SHRT", "7")] * 2


def test_facebook_comments_in_a_plain_list(tmp_path: Path) -> None:
    data = [{"timestamp": 1, "data": [{"comment": {"comment": "Nice"}}]}]
    assert [post.text for post in posts_of(tmp_path, "comments.json", data)] == ["Nice"]


def test_instagram_comments_in_the_languages_of_its_accounts(tmp_path: Path) -> None:
    fields_of = {"Kommentar": {"value": "Kauf"}, "Medieninhaber": {"value": "lim"}, "Uhrzeit": {"timestamp": 5}}
    data = {"comments_reels_comments": [{"string_map_data": fields_of}]}
    found = posts_of(tmp_path, "your_instagram_activity/comments/reels_comments.json", data)
    assert fields(found, "text", "created") == [("Kauf", "5")]


def test_facebook_labels_hold_ones_own_words_or_those_of_others(tmp_path: Path) -> None:
    own = {"timestamp": 7, "fbid": "400", "label_values": [{"label": "Message", "value": "Buy it"}]}
    liked = {"timestamp": 8, "label_values": [{"label": "URL", "value": "u"}, {"label": "Caption", "value": "theirs"}]}
    mine, theirs = read_file(tmp_path, "a.json", json.dumps([own, liked]))
    assert isinstance(mine, Post)
    assert (mine.id, mine.text) == ("400", "Buy it")
    assert isinstance(theirs, Rejected)
    assert theirs.left_out
    assert "under none of its labels (URL, Caption)" in theirs.reason


def test_other_files_of_a_facebook_archive_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = tmp_path / "your_facebook_activity"
    folder.mkdir()
    (only,) = read_file(folder, "friends.json", '{"friends_v2": [{"name": "A", "timestamp": 1}]}')
    assert isinstance(only, Rejected)
    assert only.left_out


def test_discord_data_packages_name_their_text_contents(tmp_path: Path) -> None:
    data = "ID,Timestamp,Contents,Attachments\n9,2024-02-29 10:00:00,Sell it,\n"
    assert fields(posts_of(tmp_path, "messages.csv", data), "id", "text") == [("9", "Sell it")]


def test_a_telegram_chat_is_known_by_its_type_where_tools_trim_all_else(tmp_path: Path) -> None:
    message = {
        "id": 1,
        "type": "message",
        "date": "2025-01-15T10:30:00",
        "from": "mei",
        "text": ["Buy ", {"text": "it"}],
    }
    chat = {"name": "Signals", "type": "private_supergroup", "id": 5, "messages": [message]}
    assert fields(posts_of(tmp_path, "one.json", chat), "id", "text") == [("5/1", "Buy it")]
    assert fields(posts_of(tmp_path, "all.json", {"chats": {"list": [chat]}}), "id") == [("5/1",)]


def test_discord_buttons_and_headings_of_embeds_are_read(tmp_path: Path) -> None:
    button = {"type": "Button", "style": "Link", "label": "Join our signals", "url": "https://x.example"}
    message = {
        "id": "1", "type": "Default", "timestamp": "2026-01-01", "content": "", "author": {"name": "bot"},
        "embeds": [{"title": "", "author": {"name": "Buy SHRT"}, "footer": {"text": "Not advice"}, "fields": []}],
        "components": [{"type": "ActionRow", "components": [button, {"type": "Button", "label": None}]}],
    }  # fmt: skip
    export = {"guild": {}, "channel": {"id": "2", "type": "GuildTextChat"}, "dateRange": {}, "messages": [message]}
    assert fields(posts_of(tmp_path, "a.json", export), "text") == [("Buy SHRT\nNot advice\n\nJoin our signals",)]


def test_half_a_surrogate_pair_in_a_youtube_segment_is_quarantined_alone(tmp_path: Path) -> None:
    header = "Comment ID,Channel ID,Comment Create Timestamp,Video ID,Comment Text\n"
    rows = 'a,UC,2024,v,"{""text"":""\\ud800""}"\nb,UC,2024,v,"{""text"":""\\ud83d\\ude80""}"\n'
    bad, good = read_file(tmp_path, "comments.csv", header + rows)
    assert isinstance(bad, Rejected)
    assert bad.record == 1
    assert "half of a surrogate pair" in bad.reason
    assert isinstance(good, Post)
    assert good.text == "🚀"


def test_a_deleted_tweet_without_its_text_is_left_out(tmp_path: Path) -> None:
    data = (
        'window.YTD.deleted_tweets.part0 = [{"tweet": {"id_str": "30"}}, {"tweet": {"id_str": "31", "full_text": "x"}}]'
    )
    gone, kept = read_file(tmp_path, "deleted-tweets.js", data)
    assert isinstance(gone, Rejected)
    assert gone.left_out
    assert isinstance(kept, Post)
