"""The words for each kind and target: one place for what reports, the editor and `explain` say."""

from __future__ import annotations

from typing import NamedTuple


class KindWords(NamedTuple):
    """How a kind is named to people, and what it means (after the annotation guideline, sections 3 and 4)."""

    label: str
    definition: str


KIND_WORDS = {
    "guarantee": KindWords("promised return", "assures the reader of a return, or of no loss or risk"),
    "solicitation": KindWords(
        "invitation to follow trades", "invites readers to join, pay for, message for or copy picks, signals or trades"
    ),
    "allocation": KindWords("advice on sizing", "urges how much to hold or trade, what share, or on what schedule"),
    "entry_exit": KindWords(
        "advice on entry or exit",
        "urges a trade at a price, level, stop, target, event or date, or urges waiting for one",
    ),
    "action": KindWords("advice to act", "tells or advises readers to buy, sell, short, hold or avoid"),
    "implicit": KindWords(
        "implied recommendation", "praises or condemns the trade itself, so that doing or not doing it looks obvious"
    ),
    "forecast": KindWords(
        "price opinion", "the author's own opinion on present or future price or value, without urging"
    ),
    "negated_disclaimed": KindWords("disclaimer", "a disclaimer, or a refusal to advise"),
    "reported": KindWords("reported advice", "someone else's rating, target or advice, not adopted"),
    "question": KindWords("question", "a genuine question"),
    "own_position": KindWords("own trade", "the author's own trades, plans or results"),
    "platform": KindWords("platform talk", "brokers, apps, accounts, courses or referral links"),
    "education": KindWords("education", "a generic principle or definition, with no instrument or class to trade"),
    "news_fact": KindWords("news or fact", "facts, data, alerts or events"),
    "sentiment_joke": KindWords("mood or joke", "mood, cheering, memes or jokes"),
    "other": KindWords("other", "anything else, including what is not about money"),
}

TARGET_WORDS = {
    "instrument": "a security, fund, coin or contract",
    "class": "a sector, index or asset class",
    "service": "a signal or copy-trading service",
}
