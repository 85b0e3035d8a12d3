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
    page = '<!doctype html><html><head><script src="data/manifest.js"></script></head><body></body></html>'
    viewer: Files = {
        "Your archive.html": page,
        "data/manifest.js": f"window.__THAR_CONFIG = {as_json({'userInfo': {'accountId': '42'}})}",
        "assets/js/main.js": "(()=>{var e=1})();",
        "assets/css/main.css": "body{margin:0}",
        "assets/fonts/chirp.woff2": b"wOF2\0",
    }
    return files | viewer | {"data/tweets_media/1-abc.jpg": b"\xff\xd8\xff\xe0"}


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
        "logged_information/search/your_search_history.json": as_json(
            {
                "searches_v2": [
                    {"timestamp": 1709200800, "data": [{"text": "buy it"}], "title": "You searched Facebook"}
                ],
            }
        ),
        "personal_information/profile_information.json": as_json({"profile_v2": {"name": {"full_name": "Mei"}}}),
        "ads_information/ad_preferences.json": as_json(
            {"label_values": [{"label": "Name", "value": "x"}], "fbid": "1"}
        ),
    }


def discourse() -> Files:
    header = "topic_title,categories,is_pm,post_raw,post_cooked,like_count,reply_count,url,created_at\n"
    url = "https://forum.example/t/harbour/77"
    rows = [
        f'Harbour,Talk > Stocks,No,"Buy SHRT,\nreally.","<p>Buy SHRT,<br>really.</p>",2,1,{url}/1,2024-02-29 10:00:00 UTC\n',
        f"Harbour,Talk > Stocks,No,Sell it.,<p>Sell it.</p>,0,0,{url}/2,2024-02-29 11:00:00 UTC\n",
        "Hi,-,Yes,psst,<p>psst</p>,0,0,https://forum.example/t/hi/78/1,2024-02-29 12:00:00 UTC\n",
    ]
    root = "user_archive-mei-240301"
    return {
        f"{root}/user_archive.csv": header + "".join(rows),
        f"{root}/visits.csv": "visited_at,posts_read,mobile,time_read\n2024-02-29,3,false,90\n",
        f"{root}/likes.csv": "id,post_id,topic_id,post_number,created_at,updated_at,deleted_at,deleted_by\n",
        f"{root}/preferences.json": as_json(
            {
                "user": {"id": 1, "username": "mei", "trust_level": 2, "user_option": {"mailing_list_mode": False}},
            }
        ),
    }


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
