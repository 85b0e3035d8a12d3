# ruff: noqa: E501  (a row of an export is one line)
"""Whole exports as platforms hand them out: their files, names and fields (also those we ignore), with made-up content."""

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

Files = dict[str, str | bytes]


def as_json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: Files) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def tweet(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "tweet": {
            "edit_info": {"initial": {"editTweetIds": [str(number)], "editableUntil": "2024-02-29T11:00:00.000Z",
                                      "editsRemaining": "5", "isEditEligible": True}},
            "retweeted": False, "source": '<a href="https://mobile.example" rel="nofollow">Web App</a>',
            "entities": {"hashtags": [], "symbols": [{"text": "SHRT", "indices": ["0", "5"]}],
                         "user_mentions": [{"name": "Lim", "screen_name": "uncle_lim", "id_str": "7", "id": "7"}],
                         "urls": []},
            "display_text_range": ["0", str(len(text))], "favorite_count": "3", "id_str": str(number),
            "truncated": False, "retweet_count": "0", "id": str(number), "possibly_sensitive": False,
            "created_at": "Thu Feb 29 10:00:00 +0000 2024", "favorited": False, "full_text": text, "lang": "en", **more,
        }
    }  # fmt: skip


def x_archive() -> Files:
    note = {"noteTweet": {
        "noteTweetId": "900", "updatedAt": "2024-02-29T10:00:01.000Z", "createdAt": "2024-02-29T10:00:01.000Z",
        "lifecycle": {"value": "0", "name": "Visible", "originalName": "Visible", "annotations": {}},
        "core": {"styletags": [], "urls": [], "text": "Long note. " * 40 + "You should buy $SHRT.",
                 "mentions": [], "cashtags": [], "hashtags": []},
    }}  # fmt: skip
    reply = {"in_reply_to_status_id_str": "1", "in_reply_to_user_id": "7", "in_reply_to_screen_name": "uncle_lim"}
    parts = {
        "data/tweets.js": ("tweets", 0, [tweet(1, "Buy $SHRT &amp; hold."), tweet(2, "RT @uncle_lim: Sell it all now")]),
        "data/tweets-part1.js": ("tweets", 1, [tweet(3, "@uncle_lim no, sell half.", **reply)]),
        "data/deleted-tweets.js": ("deleted_tweets", 0, [tweet(4, "Deleted later", deleted_at="2024-03-01T00:00:00Z")]),
        "data/community-tweet.js": ("community_tweet", 0, [tweet(5, "In a community", scopes={"followers": False})]),
        "data/note-tweet.js": ("note_tweet", 0, [note]),
        "data/like.js": ("like", 0, [{"like": {"tweetId": "9", "fullText": "Buy!", "expandedUrl": "https://x.example"}}]),
        "data/account.js": ("account", 0, [{"account": {"username": "mei", "accountId": "42"}}]),
        "data/direct-messages.js": ("direct_messages", 0, [{"dmConversation": {"conversationId": "7-42", "messages": [
            {"messageCreate": {"recipientId": "7", "reactions": [], "urls": [], "text": "psst, buy", "mediaUrls": [],
                               "senderId": "42", "id": "77", "createdAt": "2024-02-29T10:00:00.000Z"}}]}}]),
    }  # fmt: skip
    files: Files = {
        name: f"window.YTD.{what}.part{part} = {as_json(rows)}" for name, (what, part, rows) in parts.items()
    }
    return files | {"data/tweets_media/1-abc.jpg": b"\xff\xd8\xff\xe0", "assets/fonts/chirp.woff2": b"wOF2\0"}


def note(number: int, html: str, **more: Any) -> dict[str, Any]:
    base = "https://social.example/users/mei"
    public = ["https://www.w3.org/ns/activitystreams#Public"]
    made = {
        "id": f"{base}/statuses/{number}", "type": "Note", "summary": None, "inReplyTo": None,
        "published": "2024-02-29T10:00:00Z", "url": f"https://social.example/@mei/{number}", "attributedTo": base,
        "to": public, "cc": [f"{base}/followers"], "sensitive": False, "atomUri": f"{base}/statuses/{number}",
        "inReplyToAtomUri": None, "conversation": "tag:social.example,2024:objectId=1:objectType=Conversation",
        "content": html, "contentMap": {"en": html}, "attachment": [
            {"type": "Document", "mediaType": "image/png", "url": "/media_attachments/files/1.png", "name": "a chart",
             "blurhash": "UBL_", "focalPoint": [0.0, 0.0], "width": 640, "height": 480}],
        "tag": [{"type": "Hashtag", "href": "https://social.example/tags/stocks", "name": "#stocks"}],
        "replies": {"id": f"{base}/statuses/{number}/replies", "type": "Collection",
                    "first": {"type": "CollectionPage", "partOf": f"{base}/statuses/{number}/replies", "items": []}},
    } | more  # fmt: skip
    return {"id": f"{base}/statuses/{number}/activity", "type": "Create", "actor": base,
            "published": "2024-02-29T10:00:00Z", "to": made["to"], "cc": made["cc"], "object": made,
            "signature": {"type": "RsaSignature2017", "signatureValue": "c2ln"}}  # fmt: skip


def mastodon() -> Files:
    boost = {"id": "b", "type": "Announce", "actor": "https://social.example/users/mei",
             "published": "2024-02-29T10:00:00Z", "to": [], "cc": [], "object": "https://other.example/9"}  # fmt: skip
    answer = note(2, "<p>Sell the rally.</p>", inReplyTo="https://social.example/users/mei/statuses/1")
    poll = note(3, "<p>What next?</p>", type="Question", oneOf=[{"type": "Note", "name": "Buy"}], votersCount=3)
    outbox = {"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection",
              "totalItems": 4, "orderedItems": [note(1, "<p>You should <b>buy</b> $SHRT &amp; hold.</p>"), boost, answer,
                                                poll]}  # fmt: skip
    likes = {"@context": "https://www.w3.org/ns/activitystreams", "id": "likes.json", "type": "OrderedCollection",
             "orderedItems": ["https://other.example/1", "https://other.example/2"]}  # fmt: skip
    actor = {"@context": [], "id": "https://social.example/users/mei", "type": "Person", "inbox": "https://s/inbox",
             "outbox": "outbox.json", "likes": "likes.json", "preferredUsername": "mei", "publicKey": {}}  # fmt: skip
    return {"actor.json": as_json(actor), "likes.json": as_json(likes), "bookmarks.json": as_json(likes),
            "outbox.json": as_json(outbox), "avatar.png": b"\x89PNG\r\n"}  # fmt: skip


def telegram() -> str:
    """As Telegram Desktop writes it: mixed texts, a reply, a forward, a poll, buttons, and its invalid escape."""
    entity = {"type": "cashtag", "text": "$SHRT"}
    common = {"date": "2024-02-29T10:00:00", "date_unixtime": "1709200800", "from": "Harbour", "from_id": "channel777"}
    messages = [
        {"id": 1, "type": "service", "date": "2024-02-29T09:00:00", "date_unixtime": "1709197200", "actor": "Harbour",
         "actor_id": "channel777", "action": "create_channel", "title": "Harbour", "text": "", "text_entities": []},
        {"id": 2, "type": "message", **common, "author": "Mei", "photo": "(File not included. Change data exporting settings to download.)",
         "width": 1280, "height": 720, "text": ["Buy ", entity, {"type": "spoiler", "text": " now"}, " at 1.05"],
         "text_entities": [{"type": "plain", "text": "Buy "}, entity],
         "reactions": [{"type": "emoji", "count": 3, "emoji": "🔥"}],
         "inline_bot_buttons": [[{"type": "url", "text": "Join VIP", "data": "https://t.example/vip"}]]},
        {"id": 3, "type": "message", **common, "edited": "2024-02-29T10:05:00", "edited_unixtime": "1709201100",
         "forwarded_from": None, "reply_to_message_id": 2, "text": "control \\x1f here", "text_entities": []},
        {"id": 4, "type": "message", **common, "poll": {"question": "Which one to buy?", "closed": False,
         "total_voters": 9, "answers": [{"text": "SHRT", "voters": 9, "chosen": False}]}, "text": "", "text_entities": []},
        {"id": 5, "type": "message", **common, "from": None, "media_type": "sticker", "sticker_emoji": "🚀",
         "file": "stickers/sticker.webp", "text": "", "text_entities": []},
    ]  # fmt: skip
    export = {"name": "Harbour", "type": "public_channel", "id": 777, "messages": messages}
    return as_json(export).replace("\\\\x1f", "\\x1f")


def discord() -> str:
    author = {
        "id": "1",
        "name": "mei",
        "discriminator": "0000",
        "nickname": "Mei",
        "color": "#E67E22",
        "isBot": False,
        "roles": [{"id": "5", "name": "mods", "color": None, "position": 2}],
        "avatarUrl": "https://a.example/1.png",
    }
    common = {"type": "Default", "timestamp": "2024-02-29T10:00:00.000+08:00", "timestampEdited": None,
              "callEndedTimestamp": None, "isPinned": False, "author": author, "attachments": [], "embeds": [],
              "stickers": [], "reactions": [], "mentions": [], "inlineEmojis": []}  # fmt: skip
    embed = {"title": "Signal", "url": None, "timestamp": None, "description": "Buy SHRT", "color": "#00FF00",
             "author": {"name": "Signal bot"}, "thumbnail": None, "image": None, "images": [],
             "footer": {"text": "Not financial advice"}, "fields": [{"name": "Target", "value": "1.20", "isInline": True}],
             "inlineEmojis": []}  # fmt: skip
    reference = {"messageId": "10", "channelId": "2", "guildId": "3"}
    messages = [
        {"id": "10", **common, "content": "", "embeds": [embed]},
        {"id": "11", **common, "type": "Reply", "content": "No, sell it.", "reference": reference},
        {"id": "12", **common, "content": "", "reference": reference,
         "forwardedMessage": {"content": "Everybody buy now", "timestamp": "2024-02-28T10:00:00.000+08:00",
                              "timestampEdited": None, "attachments": [], "embeds": [], "stickers": []}},
        {"id": "13", **common, "type": "GuildMemberJoin", "content": "Joined the server."},
    ]  # fmt: skip
    export = {
        "guild": {"id": "3", "name": "Harbour", "iconUrl": "https://a.example/g.png"},
        "channel": {"id": "2", "type": "GuildTextChat", "categoryId": "9", "category": "talk", "name": "signals", "topic": None},
        "dateRange": {"after": None, "before": None}, "exportedAt": "2024-03-01T00:00:00+08:00",
        "messages": messages, "messageCount": len(messages),
    }  # fmt: skip
    return as_json(export)


def wordpress() -> str:
    def item(number: int, kind: str, status: str, body: str, parent: int = 0, comment: str = "") -> str:
        return f"""<item><title><![CDATA[Title {number}]]></title><link>https://b.example/?p={number}</link>
<pubDate>Thu, 29 Feb 2024 10:00:00 +0000</pubDate><dc:creator><![CDATA[mei]]></dc:creator>
<guid isPermaLink="false">https://b.example/?p={number}</guid><description></description>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date><![CDATA[2024-02-29 18:00:00]]></wp:post_date>
<wp:post_date_gmt><![CDATA[2024-02-29 10:00:00]]></wp:post_date_gmt><wp:comment_status>open</wp:comment_status>
<wp:status><![CDATA[{status}]]></wp:status><wp:post_parent>{parent}</wp:post_parent><wp:menu_order>0</wp:menu_order>
<wp:post_type><![CDATA[{kind}]]></wp:post_type><wp:post_password></wp:post_password><wp:is_sticky>0</wp:is_sticky>
<category domain="category" nicename="stocks"><![CDATA[Stocks]]></category>
<wp:postmeta><wp:meta_key>_edit_last</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>{comment}</item>"""

    comment = """<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_author><![CDATA[lim]]></wp:comment_author>
<wp:comment_author_email>l@b.example</wp:comment_author_email><wp:comment_author_url></wp:comment_author_url>
<wp:comment_author_IP>127.0.0.1</wp:comment_author_IP><wp:comment_date>2024-02-29 18:00:00</wp:comment_date>
<wp:comment_date_gmt>2024-02-29 10:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[Sell it.]]></wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>0</wp:comment_parent>
<wp:comment_user_id>0</wp:comment_user_id></wp:comment>"""
    blocks = '<!-- wp:paragraph -->\n<p>You should buy SHRT.</p>\n<!-- /wp:paragraph -->\n[gallery ids="1,2"]'
    items = [
        item(1, "post", "publish", blocks, comment=comment),
        item(2, "attachment", "inherit", ""),
        item(3, "post", "draft", "not yet"),
        item(10, "topic", "closed", "What about SHRT?", parent=9),
        item(11, "reply", "publish", "Sell it before Friday.", parent=10),
    ]
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file generated by WordPress as an export of your site. -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Harbour</title><link>https://b.example</link><description></description><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://b.example</wp:base_site_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[mei]]></wp:author_login></wp:author>
{"".join(items)}</channel></rss>"""


def mojibake(text: str) -> str:
    return text.encode().decode("latin-1")


def facebook() -> Files:
    post = {"timestamp": 1709200800, "attachments": [{"data": [{"external_context": {"url": "https://n.example"}}]}],
            "data": [{"post": mojibake("Caf\u00e9 stocks: buy SHRT \U0001f680")}, {"update_timestamp": 1709200900}],
            "title": "Mei updated her status.", "tags": [{"name": "Lim"}]}  # fmt: skip
    comment = {"timestamp": 1709200800, "title": "Mei commented on a post.", "data": [{"comment": {
        "timestamp": 1709200800, "comment": mojibake("Sell it \u2013 now"), "author": "Mei", "group": "Harbour"}}]}  # fmt: skip
    group = {"timestamp": 1709200800, "data": [{"post": "In a group"}], "title": "Mei posted in Harbour."}
    message = {"participants": [{"name": "Mei"}], "messages": [
        {"sender_name": "Mei", "timestamp_ms": 1709200800000, "content": "psst", "is_geoblocked_for_viewer": False}],
        "title": "Lim", "thread_path": "inbox/lim_1", "magic_words": []}  # fmt: skip
    root = "your_facebook_activity"
    return {
        f"{root}/posts/your_posts__check_ins__photos_and_videos_1.json": as_json([post]),
        f"{root}/posts/your_posts_2.json": as_json(group),  # a file of one entry, without a list
        f"{root}/comments_and_reactions/comments.json": as_json({"comments_v2": [comment]}),
        f"{root}/groups/your_posts_in_groups.json": as_json({"group_posts_v2": [group]}),
        f"{root}/messages/inbox/lim_1/message_1.json": as_json(message),
    }


def discourse() -> Files:
    header = "topic_title,categories,is_pm,post_raw,post_cooked,like_count,reply_count,url,created_at\n"
    url = "https://forum.example/t/harbour/77"
    rows = [
        f'Harbour,Talk > Stocks,No,"Buy SHRT,\nreally.","<p>Buy SHRT,<br>really.</p>",2,1,{url}/1,2024-02-29 10:00:00 UTC\n',
        f"Harbour,Talk > Stocks,No,Sell it.,<p>Sell it.</p>,0,0,{url}/2,2024-02-29 11:00:00 UTC\n",
        "Hi,-,Yes,psst,<p>psst</p>,0,0,https://forum.example/t/hi/78/1,2024-02-29 12:00:00 UTC\n",
    ]
    return {"user_archive-mei-240301/user_archive.csv": header + "".join(rows)}


def disqus() -> str:
    author = "<author><name>Mei</name><isAnonymous>false</isAnonymous><username>mei</username></author>"

    def post(number: int, words: str, more: str = "", *, deleted: str = "false") -> str:
        return f"""<post dsq:id="{number}"><id>wp_id={number}</id><message><![CDATA[<p>{words}</p>]]></message>
<createdAt>2024-02-29T10:00:00Z</createdAt><isDeleted>{deleted}</isDeleted><isSpam>false</isSpam>{author}
<thread dsq:id="1" />{more}</post>"""

    return f"""<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://disqus.com/api/schemas/1.0/disqus.xsd">
<category dsq:id="9"><forum>harbour</forum><title>General</title><isDefault>true</isDefault></category>
<thread dsq:id="1"><id>1</id><forum>harbour</forum><category dsq:id="9" /><link>https://b.example/a</link>
<title>A</title><message /><createdAt>2024-02-29T09:00:00Z</createdAt>{author}<isClosed>false</isClosed>
<isDeleted>false</isDeleted></thread>
{post(10, "Buy SHRT &amp;amp; hold")}{post(11, "Sell it", '<parent dsq:id="10" />')}{post(12, "gone", deleted="true")}
</disqus>"""


def stocktwits() -> str:
    user = {"id": 5, "username": "mei", "name": "Mei", "avatar_url": "https://a.example/1.png", "official": False,
            "identity": "User", "classification": [], "followers": 2}  # fmt: skip
    symbol = {"id": 686, "symbol": "BTC.X", "symbol_mic": "BTC.X", "title": "Bitcoin BTC/USD", "exchange": "CRYPTO",
              "aliases": [], "is_following": False, "watchlist_count": 9}  # fmt: skip
    common = {"created_at": "2024-02-29T10:00:00Z", "user": user, "source": {"id": 2269, "title": "Web", "url": "https://s.example"},
              "symbols": [symbol], "mentioned_users": [], "links": []}  # fmt: skip
    messages = [
        {"id": 1, "body": "$BTC.X don&#39;t sell, buy", **common, "entities": {"sentiment": {"basic": "Bullish"}},
         "likes": {"total": 2, "user_ids": [1, 2]}},
        {"id": 2, "body": "$BTC.X sell it", **common, "entities": {"sentiment": None}, "conversation":
         {"parent_message_id": 1, "in_reply_to_message_id": 1, "parent": False, "replies": 0}},
        {"id": 3, "body": "this", **common, "reshare_message": {"message": {"id": 9, "body": "Everybody buy", **common},
         "reshared_count": 1, "reshared_deleted": False, "reshared_user_deleted": False, "parent_reshared": False}},
    ]  # fmt: skip
    cursor = {"more": True, "since": 3, "max": 1}
    return as_json({"response": {"status": 200}, "symbol": symbol, "cursor": cursor, "messages": messages})


def youtube() -> Files:
    header = "Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID\n"
    rows = [
        'Ug1,UC1,2024-02-29T10:00:00.000000+00:00,0,,,v1,"{""text"":""Buy SHRT""},{""text"":""\\n""},{""text"":""now""}",\n',
        'Ug2,UC1,2024-02-29T11:00:00+00:00,0,Ug1,,v1,"{""takeoutSegments"":[{""text"":""Sell it ""},{""text"":""@lim"",""mention"":{""externalChannelId"":""UC2""}}]}",Ug1\n',
    ]
    return {"Takeout/YouTube and YouTube Music/comments/comments.csv": header + "".join(rows)}


def reddit_lines() -> bytes:
    submission = {"id": "1abc", "name": "t3_1abc", "author": "mei", "author_fullname": "t2_x", "created_utc": 1709200800.0,
                  "subreddit": "harbour", "subreddit_id": "t5_1", "title": "Buy SHRT", "selftext": "You should &gt; it",
                  "selftext_html": "<p>x</p>", "is_self": True, "permalink": "/r/harbour/comments/1abc/buy/", "score": 3,
                  "num_comments": 1, "edited": False, "link_flair_text": None, "media_metadata": {}, "retrieved_on": 1}  # fmt: skip
    comment = {"id": "k1", "author": "lim", "created_utc": "1709204400", "subreddit": "harbour", "body": "Sell it.",
               "body_html": "<p>Sell it.</p>", "link_id": "t3_1abc", "parent_id": "t3_1abc", "score": 1,
               "permalink": "/r/harbour/comments/1abc/buy/k1/", "edited": 1709205000.0, "author_flair_richtext": []}  # fmt: skip
    return b"".join(
        json.dumps(each).encode() + b"\n" for each in (submission, comment, comment | {"body": "[removed]"})
    )


def in_long_window(content: bytes) -> bytes:
    """A zstd frame that asks for the 2 GiB window of the dumps; its one block is stored as it is."""
    block = 1 | len(content) << 3  # last block, stored
    return b"\x28\xb5\x2f\xfd\x00\xa8" + block.to_bytes(3, "little") + content


def reddit_request() -> Files:
    return {
        "comments.csv": "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\n"
        'k1,https://r.example/comments/1abc/buy/k1/,2024-02-29 10:00:00 UTC,,harbour,0,https://r.example/comments/1abc/buy/,,"Sell it,\nnow.",\n',
        "posts.csv": "id,permalink,date,ip,subreddit,gildings,title,url,body\n"
        "1abc,https://r.example/comments/1abc/buy/,2024-02-29 09:00:00 UTC,,harbour,0,Buy SHRT,/r/harbour/comments/1abc/buy/,Really.\n",
        "messages.csv": "id,permalink,thread_id,date,ip,from,to,subject,body\nm1,p,t,2024-02-29 10:00:00 UTC,,mei,lim,Hi,psst\n",
        "chat_history.csv": "message_id,created_at,updated_at,username,message,thread_parent_message_id,channel_url,subreddit,channel_name,conversation_type\n"
        "c1,2024-02-29 10:00:00 UTC,,mei,psst,,u,,Lim,direct\n",
        "post_votes.csv": "id,permalink,direction\n1abc,https://r.example/comments/1abc/,up\n",
        "subscribed_subreddits.csv": "subreddit\nharbour\n",
        "statistics.csv": "statistic,value\naccount name,mei\n",
    }
