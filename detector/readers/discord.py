"""DiscordChatExporter JSON: messages with their embeds and forwards; direct messages only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detector.post import Post, Region, Rejected
from detector.readers.base.contract import Recognition, Sample, Source
from detector.readers.base.fields import text_of, words_of
from detector.readers.base.json_items import Item, json_items, read_items
from detector.readers.base.recognition import is_json_document

NOTICES = frozenset({
    "RecipientAdd", "RecipientRemove", "Call", "ChannelNameChange", "ChannelIconChange", "ChannelPinnedMessage",
    "GuildMemberJoin", "ThreadCreated",
})  # fmt: skip


def recognises(sample: Sample) -> Recognition:
    """A document with `guild`, `channel` and `dateRange` above its `messages`."""
    known = is_json_document(sample, "guild", "channel", "dateRange")
    return Recognition.CERTAIN if known else Recognition.NO


def read(source: Source) -> Iterator[Post | Rejected]:
    """Each message is a record; what its embeds say follows its own words."""
    yield from read_items(source, json_items(source, "messages"), _post, "content")


def _post(source: Source, item: Item) -> Post | Rejected:
    record = item.value
    if words_of(record, "type") in NOTICES:
        return source.reject(item.number, "a notice of the service, no message", left_out=True)
    if item.context.get("channel.type", "").startswith("Direct") and not source.options.private_messages:
        return source.reject(item.number, "a private message", cure="--private reads them too", left_out=True)
    content = text_of(record, "content", source, item.number)
    if isinstance(content, Rejected):
        return content
    text, regions = _with_embeds(content, record)
    extra = {"community": item.context.get("channel.name"), "edited": words_of(record, "timestampEdited")}
    return Post(
        id=words_of(record, "id") or f"{source.stem}:{item.number}",
        text=text,
        author=words_of(record, "author.name"),
        created=words_of(record, "timestamp"),
        parent=_parent(record, item.context.get("channel.id")),
        origin=source.origin(item.number),
        format="markdown",
        regions=regions,
        extra={name: value for name, value in extra.items() if value},
    )


def _parent(record: Mapping[str, Any], channel: str | None) -> str | None:
    """The message that is answered; older exports give answers the type `Default`, as forwards and crossposts have."""
    if record.get("type") != "Reply":
        forwarded = "forwardedMessage" in record or words_of(record, "reference.type") == "Forward"
        elsewhere = words_of(record, "reference.channelId") not in (None, channel)
        if forwarded or elsewhere:
            return None
    return words_of(record, "reference.messageId")


def _with_embeds(content: str, record: Mapping[str, Any]) -> tuple[str, tuple[Region, ...]]:
    """The message, what it forwards and what its embeds say, a blank line apart.

    The preview of a linked page is not the author's words: it is marked as a quote.
    """
    pieces = [(content, False)]
    forwarded = record.get("forwardedMessage")
    for message in (forwarded, record) if isinstance(forwarded, dict) else (record,):
        if message is forwarded:
            pieces.append((words_of(message, "content") or "", False))
        embeds = message.get("embeds")
        for embed in embeds if isinstance(embeds, list) else ():
            if isinstance(embed, dict):
                url = words_of(embed, "url")
                pieces.append((_words(embed), bool(url) and str(url) in content))
    pieces += [(label, False) for label in _labels(record.get("components"))]
    text, regions = "", []
    for piece, quoted in pieces:
        if not piece:
            continue
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{piece}" if text else piece
        if quoted:
            regions.append(Region(start, len(text), "quote"))
    return text, tuple(regions)


def _labels(components: Any) -> Iterator[str]:  # noqa: ANN401  # whatever the export holds
    """What is written on the buttons below a message, in rows of rows."""
    for component in components if isinstance(components, list) else ():
        if isinstance(component, dict):
            yield from filter(None, [words_of(component, "label")])
            yield from _labels(component.get("components"))


def _words(embed: Mapping[str, Any]) -> str:
    """Heading, title, description, fields and footer of an embed, a line each: bots put disclaimers in the footer."""
    fields = embed.get("fields")
    fields = [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    names = [words_of(embed, "author.name"), words_of(embed, "title"), words_of(embed, "description")]
    names += [words_of(field, key) for field in fields for key in ("name", "value")]
    return "\n".join(filter(None, [*names, words_of(embed, "footer.text")]))
