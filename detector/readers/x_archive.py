"""X (Twitter) archives: `tweets.js`, its parts and note tweets; direct messages only when asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.post import Post, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import text_of, words_of
from detector.readers.base.json_items import ROOT, Item, json_items, read_items

_ASSIGNMENT = re.compile(r"\s*(?:window\.YTD\.(\w+)\.part\d+|Grailbird\.data\.(tweets)_\w+)\s*=")
_POSTS = re.compile(r"(deleted_|community_|twitter_circle_|note_)?tweets?")
_REPOST = re.compile(r"RT @\w{1,20}: ")
NOTE_TEXTS = ("noteTweet.core.text", "noteTweet.noteTweetResults.text", "noteTweet.noteTweetContents.text")
MESSAGES = ("direct_messages", "direct_messages_group")


def recognises(sample: Sample) -> Recognition:
    """The assignment that starts every data file: `window.YTD.<name>.part<n> =`, `Grailbird.data.tweets_` to 2018."""
    known = _ASSIGNMENT.match(sample.text) or _stands_beside(sample)
    return Recognition.CERTAIN if known else Recognition.NO


def _stands_beside(sample: Sample) -> bool:
    """True for the archive's table of contents, and for the page that shows the archive."""
    head = sample.text.lstrip()
    return head.startswith("window.__THAR_CONFIG") or (head[:1] == "<" and 'src="data/manifest.js"' in head)


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each object of the file's array is a record; files that hold no posts are left out whole."""
    if _stands_beside(source.sample):
        yield source.reject(None, "the archive's contents or viewer, no posts", left_out=True)
        return
    match = _ASSIGNMENT.match(source.sample.text)
    name = (match[1] or match[2]) if match else "tweets"
    if _POSTS.fullmatch(name):
        yield from read_items(source, json_items(source, ROOT), _post, "full_text")
    elif name not in MESSAGES:
        yield source.reject(None, f"{name!r} is no list of posts", left_out=True)
    elif source.options.private_messages:
        yield from read_items(source, json_items(source, "messages"), _message, "text")
    else:
        yield source.reject(None, "private messages", cure="--private reads them too", left_out=True)


def _post(source: Source, item: Item) -> Post | Rejected:
    record = item.value
    if isinstance(record.get("noteTweet"), dict):
        return _note(source, item)
    tweet = record.get("tweet", record)
    if not isinstance(tweet, dict):
        return source.reject(item.number, "holds no tweet")
    key = "full_text" if "full_text" in tweet else "text"
    if key not in tweet and source.sample.text.lstrip().startswith("window.YTD.deleted_tweets"):
        return source.reject(item.number, "a deleted post of which no text was kept", left_out=True)
    text = text_of(tweet, key, source, item.number)
    if isinstance(text, Rejected):
        return text
    if _REPOST.match(text) or "retweeted_status" in tweet:
        return source.reject(item.number, "a repost: another account's words", left_out=True)
    language = words_of(tweet, "lang")
    return Post(
        id=words_of(tweet, "id_str") or words_of(tweet, "id") or f"{source.stem}:{item.number}",
        text=text,
        author=words_of(tweet, "user"),
        created=words_of(tweet, "created_at"),
        parent=words_of(tweet, "in_reply_to_status_id_str") or words_of(tweet, "in_reply_to_status_id"),
        origin=source.origin(item.number),
        extra={"language": language} if language else {},
    )


def _note(source: Source, item: Item) -> Post | Rejected:
    """A post over 280 characters; `tweets.js` has its beginning once more, under another id."""
    text = next((text for path in NOTE_TEXTS if (text := words_of(item.value, path))), "")
    return Post(
        id=words_of(item.value, "noteTweet.noteTweetId") or f"{source.stem}:{item.number}",
        text=text,
        created=words_of(item.value, "noteTweet.createdAt"),
        origin=source.origin(item.number),
    )


def _message(source: Source, item: Item) -> Post | Rejected:
    record = item.value.get("messageCreate")
    if not isinstance(record, dict):
        return source.reject(item.number, "a reaction or an event, no message", left_out=True)
    text = text_of(record, "text", source, item.number)
    if isinstance(text, Rejected):
        return text
    return Post(
        id=words_of(record, "id") or f"{source.stem}:{item.number}",
        text=text,
        author=words_of(record, "senderId"),
        created=words_of(record, "createdAt"),
        origin=source.origin(item.number),
    )
