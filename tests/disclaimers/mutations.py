"""Labelled tampers of every registered text: what a hostile, careless or merely inventive author does to a disclaimer.

Its word tables are its own, on purpose: the package must not be tested with the package's own lists.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from detector.finding import EditClass, Integrity
from detector.registry import Disclaimer

BEFORE = (
    "",
    "IWM looks ready to run, I am in since 198.\n\n",
    "Not sure about the next earnings. What do you all think?\n",
    "$AAPL 📈 my target is 230 by Friday!\n\n",
    "Long thread below. The chart says one thing, the news another; I keep half in cash. ",
)
AFTER = ("", "\n\nComments", "\n\nWhat do you think?", "\n5\n2", "\n\n#stocks #trading")

NEGATORS = {"not", "never", "no"}
MODALS = {"may": "will", "should": "can", "can": "must", "could": "will", "will": "might"}
QUANTITIES = {"all": "some", "any": "most", "several": "two", "every": "many"}
PARTIES = {"TTM": "Acme", "Acme": "Globex", "you": "we", "author": "moderators", "users": "robots", "You": "They",
           "investors": "dentists", "members": "strangers", "provider": "shop", "authority": "uncle"}  # fmt: skip
SYNONYMS = {
    "regarded": "considered", "content": "material", "solely": "only", "seek": "obtain", "accuracy": "correctness",
    "completeness": "fullness", "carefully": "thoroughly", "documents": "papers", "complex": "complicated",
    "rapidly": "quickly", "prepared": "ready", "approved": "authorised", "reviewed": "checked", "difficult": "hard",
    "associated": "related", "objectives": "goals", "needs": "requirements", "purchase": "buy", "access": "reach",
    "verifies": "checks", "subject": "exposed", "serious": "severe", "recourse": "remedy", "acquiring": "buying",
    "risky": "dangerous", "money": "cash", "correct": "right",
}  # fmt: skip
CLAUSES = (
    "except when the author is in a good mood",
    "unless we say so in our private group",
    "and between us it always works out",
    "as every lawyer in this town will tell you",
)
SENTENCES = ("Our picks always win.", "Trust us with your savings.", "Past winners keep winning here.")
LOOKALIKES = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "i": "і", "x": "х"}
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")


@dataclass(frozen=True)
class Mutant:
    """A text, the disclaimer in it, and what has to be said of it; `edit_class` None where no edit is due."""

    disclaimer: str
    label: str
    text: str
    integrity: frozenset[Integrity]
    edit_class: EditClass | None
    changes_meaning: bool | None = None


Tamper = Callable[[str, random.Random], str | None]


def dice(seed: int) -> random.Random:
    """Chance that repeats itself."""
    return random.Random(seed)  # noqa: S311


def words_of(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", text))


def replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def pick(text: str, wanted: set[str] | dict[str, str], rng: random.Random) -> re.Match[str] | None:
    fitting = [match for match in words_of(text) if match.group() in wanted]
    return rng.choice(fitting) if fitting else None


def exchange(table: dict[str, str]) -> Tamper:
    def tamper(text: str, rng: random.Random) -> str | None:
        match = pick(text, table, rng)
        return replaced(text, match, table[match.group()]) if match else None

    return tamper


def unnegate(text: str, rng: random.Random) -> str | None:
    match = pick(text, NEGATORS, rng)
    return text[: match.start()] + text[match.end() + 1 :] if match else None


def negate(text: str, rng: random.Random) -> str | None:
    match = pick(text, {"is", "are", "may", "can", "should", "be"}, rng)
    if match is None or text[match.end() :].startswith((" not", " no ")):
        return None
    return text[: match.end()] + rng.choice((" not", " never")) + text[match.end() :]


def unprefix(text: str, _: random.Random) -> str | None:
    for one, other in (("unlikely", "likely"), ("unregulated", "regulated"), ("difficult", "not difficult")):
        if one in text:
            return text.replace(one, other, 1)
    return None


def soften(text: str, rng: random.Random) -> str | None:
    match = pick(text, {"is", "are", "carries", "come", "assumes"}, rng)
    if match is None:
        return None
    hedge = rng.choice(("perhaps", "sometimes", "possibly"))
    return text[: match.start()] + hedge + " " + text[match.start() :]


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) ", text)


def drop_sentence(text: str, rng: random.Random) -> str | None:
    parts = sentences(text)
    at = rng.randrange(len(parts))
    rest = parts[:at] + parts[at + 1 :]
    kept = sum(len(part.split()) for part in rest)
    if at == len(parts) - 1 or 2 * kept < len(text.split()) or len(parts[at].split()) < 2:
        return None
    return " ".join(rest)


def drop_clause(text: str, rng: random.Random) -> str | None:
    words = words_of(text)
    size = rng.randint(4, 7)
    if len(words) < 3 * size + 2:
        return None
    at = rng.randrange(1, len(words) - size - 1)
    return text[: words[at].start()] + text[words[at + size].start() :]


def insert_clause(text: str, rng: random.Random) -> str | None:
    words = words_of(text)
    at = words[rng.randrange(3, len(words) - 3)]
    return text[: at.start()] + rng.choice(CLAUSES) + " " + text[at.start() :]


def insert_sentence(text: str, rng: random.Random) -> str | None:
    parts = sentences(text)
    if len(parts) < 2:
        return None
    parts.insert(rng.randrange(1, len(parts)), rng.choice(SENTENCES))
    return " ".join(parts)


def swap_sentences(text: str, rng: random.Random) -> str | None:
    parts = sentences(text)
    if len(parts) < 3:
        return None
    at = rng.randrange(len(parts) - 1)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return " ".join(parts)


def swap_words(text: str, rng: random.Random) -> str | None:
    words = words_of(text)
    at = rng.randrange(1, len(words) - 2)
    one, other = words[at], words[at + 1]
    if one.group().lower() == other.group().lower() or text[one.end() : other.start()] != " ":
        return None
    return text[: one.start()] + other.group() + " " + one.group() + text[other.end() :]


def misspell(text: str, rng: random.Random) -> str | None:
    long = [match for match in words_of(text) if len(match.group()) >= 6 and match.group().isalpha()]
    match = rng.choice(long) if long else None
    if match is None:
        return None
    word = match.group()
    at = rng.randrange(1, len(word) - 1)
    spelt = rng.choice((
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ))  # fmt: skip
    return replaced(text, match, spelt) if spelt != word else None


def repunctuate(text: str, rng: random.Random) -> str | None:
    marks = list(re.finditer(r"[.,:;](?= )", text))
    if not marks:
        return None
    mark = rng.choice(marks)
    return replaced(text, mark, rng.choice([sign for sign in ("", ",", ";", "!") if sign != mark.group()]))


def disguise(text: str, rng: random.Random) -> str | None:
    fitting = [
        m for m in words_of(text) if len(m.group()) > 2 and m.group().isalpha() and set(m.group()) & set(LOOKALIKES)
    ]
    match = rng.choice(fitting)
    letter = rng.choice([letter for letter in match.group() if letter in LOOKALIKES])
    return replaced(text, match, match.group().replace(letter, LOOKALIKES[letter], 1))


def interleave(text: str, rng: random.Random) -> str | None:
    match = rng.choice([match for match in words_of(text) if len(match.group()) > 2 and match.group().isalpha()])
    at = rng.randrange(1, len(match.group()))
    return replaced(text, match, match.group()[:at] + rng.choice(INVISIBLE) + match.group()[at:])


def cut(text: str, rng: random.Random) -> str | None:
    at = rng.randrange(max(45, len(text) // 3), len(text) - 8)
    end = rng.choice(("…", "...", "… see more", " [read more]", "..."))
    return text[:at].rstrip(" .,;:([%") + end


def cut_clean(text: str, rng: random.Random) -> str | None:
    words = words_of(text)
    at = rng.randrange(max(8, len(words) // 3), len(words) - 1)
    return text[: words[at].end()] + "\n"


ALTERED = frozenset({Integrity.ALTERED})
TRUNCATED = frozenset({Integrity.TRUNCATED})
TAMPERS: tuple[tuple[str, Tamper, frozenset[Integrity], EditClass | None, bool | None], ...] = (
    ("negation removed", unnegate, ALTERED, "negation", True),
    ("negation added", negate, ALTERED, "negation", True),
    ("negating prefix removed", unprefix, ALTERED, "negation", True),
    ("modal exchanged", exchange(MODALS), ALTERED, "modal", True),
    ("modal added", soften, ALTERED, "modal", True),
    ("number exchanged", exchange(QUANTITIES), ALTERED, "number", True),
    ("party exchanged", exchange(PARTIES), ALTERED, "party", True),
    ("sentence dropped", drop_sentence, ALTERED, "dropped", True),
    ("clause dropped", drop_clause, ALTERED, "dropped", True),
    ("clause inserted", insert_clause, ALTERED, "inserted", True),
    ("sentence inserted", insert_sentence, ALTERED, "inserted", True),
    ("sentences swapped", swap_sentences, ALTERED, "reordered", None),
    ("words swapped", swap_words, ALTERED, "reordered", None),
    ("synonym", exchange(SYNONYMS), ALTERED, "synonym", False),
    ("typo", misspell, ALTERED, "typo", False),
    ("punctuation", repunctuate, ALTERED, "punctuation", False),
    ("look-alike letter", disguise, ALTERED, "disguised", False),
    ("invisible character", interleave, ALTERED, "disguised", False),
    ("cut by the page", cut, TRUNCATED, "dropped", True),
    ("cut clean", cut_clean, TRUNCATED, "dropped", True),
)


def reformat(text: str, rng: random.Random) -> str:
    """Any of the changes that the declared normalisation allows."""
    for _ in range(rng.randrange(3)):
        text = rng.choice((
            lambda t: t.upper(),
            lambda t: t.lower(),
            lambda t: re.sub(r" (?=\w)", lambda _: rng.choice((" ", " ", " ", "  ", "\n")), t),
            lambda t: t.replace("'", "’"),
            lambda t: f"**{t}**" if not t.endswith(("\n", "…", "]", "more", "...")) else t,
        ))(text)  # fmt: skip
    return text


def _spares_slots(entry: Disclaimer, label: str, text: str) -> bool:
    """What fills a slot is free, so that a change there may be none."""
    return any(word in label for word in ("cut", "dropped")) or all(
        slot.example in text for slot in entry.slots.values()
    )


def _is_nearest(entry: Disclaimer, entries: list[Disclaimer], text: str) -> bool:
    """Whether the tampered text is still closer to its original than to any other registered text."""
    words = re.findall(r"\w+", text.lower())
    distances = {each.id: Indel.distance(re.findall(r"\w+", each.filled.lower()), words) for each in entries}
    return min(distances, key=lambda name: (distances[name], name != entry.id)) == entry.id


def mutants(entries: list[Disclaimer], count: int, *, seed: int) -> Iterator[Mutant]:
    """`count` labelled tampers, every kind and every disclaimer in turn."""
    rng = dice(seed)
    made = 0
    while made < count:
        for entry in entries:
            for label, tamper, integrity, edit_class, meaning in TAMPERS:
                tampered = tamper(entry.filled, rng)
                if tampered is None or tampered.strip() == entry.filled or not _spares_slots(entry, label, tampered):
                    continue
                if "dropped" in label and not _is_nearest(entry, entries, tampered):
                    continue
                text = rng.choice(BEFORE) + reformat(tampered, rng) + rng.choice(AFTER)
                yield Mutant(entry.id, label, text, integrity, edit_class, meaning)
                made += 1
                if made == count:
                    return
