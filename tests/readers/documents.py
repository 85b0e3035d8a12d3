# ruff: noqa: E501  (a row of an export is one line)
"""Exports that are one document, as platforms write them: all their fields, also those we ignore, with made-up content."""

from exports import as_json


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
