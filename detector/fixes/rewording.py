"""Saying a passage without urging anybody: as a question, or without its urging clause.

The knowledge stands in `rewordings.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from detector.fixes.clauses import (
    JOINT,
    begins_anew,
    data,
    lacks_subject,
    says_something,
    starts_condition,
    without_vocative,
)
from detector.fixes.offer import Action

SHOWN = 72
MOST_WORDS = 24  # of an act: what is longer is no order that one question could take up
_LEAD = re.compile(r"(?:<[^<>]*>|[^\w$£€¥&])*")
_TAIL = re.compile(r"(?:<[^<>]*>|[^\w%)$<>])*\Z")
_STOPS = re.compile(r"[.!?…]+")
_SENTENCE_END = re.compile(r"[.!?…]\s+\S")
_NEGATED_TOO = re.compile(r"(?<=[ ,])and (?:do not|don[\x27’]?t|never) ", re.IGNORECASE)
_ORDER_WITHIN = re.compile(r"\b(?:do not|don[\x27’]?t|let[\x27’]s)\b", re.IGNORECASE)
_PRICE_NOT_DEED = re.compile(r"(?:stop|top|bottom)\b\D{0,10}\d", re.IGNORECASE)
_THAN = re.compile(r"\bthan to\b", re.IGNORECASE)
_AUTHOR = re.compile(r"\b(?:me|us|my|our|mine|ours)\b", re.IGNORECASE)
_AUTHOR_SPEAKS = re.compile(r"(?:if|in|i|we|let)\b", re.IGNORECASE)
_DETERMINER = re.compile(r"(?:The|This|That|These|Those|A|An|Your|My|Our|Such) ")
_PERSONS = {"your": "my", "ur": "my", "yours": "mine", "yourself": "myself", "yourselves": "ourselves"}
_PERSON = re.compile(rf"\b(?:{'|'.join(_PERSONS)})\b", re.IGNORECASE)
_IF_YOU = re.compile(
    r"\b(?P<when>if|when|once|unless|until|after|before|while|since|because|as soon as) (?:you|u)\b"
    r"(?:(?P<are>[\x27’]re\b| are\b)|(?P<short>[\x27’](?:ve|ll|d)\b)?)",
    re.IGNORECASE,
)
_READER = re.compile(r"\b(?:you|u|ya|y'all)\b(?!\.)", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*{1,3}|~~|</?(?:b|i|em|strong|u|mark)>", re.IGNORECASE)
_PAIRED = ("**", "__", "`", "~~", '"')
FEWEST_WORDS = 3


class Rewording(NamedTuple):
    """What may stand instead of a passage, and the title under which it is offered."""

    action: Action
    title: str
    text: str


class _Question(NamedTuple):
    pattern: re.Pattern[str]
    to: tuple[str, ...]


def rewordings(passage: str) -> Iterator[Rewording]:
    """Candidates, the closest to the author's words first. Whether one serves only a new check can say."""
    lead = _LEAD.match(passage)
    opening = lead.end() if lead else 0
    tail = _TAIL.search(passage, opening)
    core = passage[opening : tail.start() if tail else len(passage)]
    closing = tail.group() if tail else ""
    for said in dict.fromkeys((core, _EMPHASIS.sub("", core))):
        for action, title, text in _candidates(said, _STOPS.sub("", closing)):
            whole = passage[:opening] + text
            if _is_balanced(passage, whole):
                yield Rewording(action, title, whole)


def _candidates(core: str, marks: str) -> Iterator[Rewording]:
    for text in _questions(core):
        yield _asked(text + marks)
    for joint in JOINT.finditer(core):
        head, rest = core[: joint.start()], core[joint.end() :]
        for text in (*_asked_behind(head, rest, joint.group()), *_asked_before(head, rest)):
            yield _asked(text + marks)
        if not starts_condition(rest):
            yield from (_kept(f"{_raised(left)}.{marks}", gone) for left, gone in ((head, rest), (rest, head))
                        if _can_stand(left) and len(gone.split()) > 1)  # fmt: skip


def _asked_behind(head: str, rest: str, joint: str) -> Iterator[str]:
    """What came first stays as it is, the order after it becomes a question."""
    if _urges(head):
        return
    for text in _questions(rest):
        if starts_condition(head) or not says_something(head):
            sign = ":" if joint.strip() == ":" else ","
            yield f"{_in_first_person(head)}{sign} {_lowered(text)}"
        else:
            yield f"{head}. {text}"


def _asked_before(head: str, rest: str) -> Iterator[str]:
    """The order becomes a question, what came after it a sentence."""
    if not starts_condition(rest) and (says_something(rest) or begins_anew(rest)) and not _urges(rest):
        yield from (f"{text} {_raised(rest)}." for text in _questions(head))


def _can_stand(text: str) -> bool:
    """Whether it is a sentence that urges nobody: what is left of a passage when the rest goes."""
    first = JOINT.split(text)[0]
    is_whole = (
        len(first.split()) > 1 and says_something(text) and not lacks_subject(text) and not starts_condition(text)
    )
    return len(text.split()) >= FEWEST_WORDS and is_whole and not _urges(text)


def _urges(text: str) -> bool:
    """Whether a clause of it is built like an order, whatever else is said."""
    return any(next(_questions(clause), None) is not None for clause in JOINT.split(text) if clause)


def _asked(text: str) -> Rewording:
    return Rewording(Action.SOFTEN, f"Say instead: “{shortened(text)}”", text)


def _kept(text: str, gone: str) -> Rewording:
    return Rewording(Action.REMOVE, f"Leave out “{shortened(gone)}”", text)


def _questions(clause: str) -> Iterator[str]:
    """The clause as a question, where it is built like one of the known ways to urge."""
    for question in _known():
        match = question.pattern.fullmatch(clause)
        parts = _parts(match) if match else None
        if parts is not None:
            yield from (template.format_map(parts) for template in question.to)
            return


def _parts(match: re.Match[str]) -> dict[str, str] | None:
    """What the templates take up, in the first person; None when that would not make a sentence."""
    found = {name: words.strip() for name, words in match.groupdict().items() if words is not None}
    if "act" in found:
        found["act"] = _NEGATED_TOO.sub("and not ", _IF_YOU.sub(_if_i, without_vocative(found["act"])))
        is_the_authors = _AUTHOR.search(found["act"]) and not _AUTHOR_SPEAKS.match(match.group())
        if is_the_authors or not _is_one_deed(found["act"]):
            return None
    parts = {name: _PERSON.sub(_first_person, words) for name, words in found.items()}
    if "act" in parts:
        parts["act"] = _lowered(parts["act"])
    if "thing" in parts and _DETERMINER.match(parts["thing"]):
        parts["thing"] = _lowered(parts["thing"])
    if "rest" in parts:
        parts["rest"] = f" {parts['rest']}" if parts["rest"] else ""
    if "what" in parts:
        parts["what_a"] = _with_article(parts["what"])
    if "plain" in parts:
        parts["plain_mine"] = parts["plain"]
    return parts


def _is_one_deed(act: str) -> bool:
    """Whether one question can take it up: no statement, and no second order that says "don't", stands in it."""
    _, *later = JOINT.split(act)
    return not (
        len(act.split()) > MOST_WORDS
        or _SENTENCE_END.search(act)
        or _READER.search(act)
        or _THAN.search(act)
        or _ORDER_WITHIN.search(act)
        or _PRICE_NOT_DEED.match(act)
        or any(starts_condition(each) or says_something(each) or begins_anew(each) for each in later)
    )


def _with_article(what: str) -> str:
    what = re.sub(r"^what (?=an? )", "", what, flags=re.IGNORECASE)
    if re.match(r"(?:an?|the|my) ", what, re.IGNORECASE):
        return _lowered(what)
    if re.match("best ", what, re.IGNORECASE):
        return f"the {_lowered(what)}"
    return f"{'an' if what[0].lower() in 'aeiou' else 'a'} {_lowered(what)}"


def _first_person(match: re.Match[str]) -> str:
    word = _PERSONS[match.group().lower()]
    return word.upper() if match.group().isupper() else word


def _in_first_person(text: str) -> str:
    """What is said to the reader, as the author would ask it of himself; a "you" elsewhere stays."""
    return _PERSON.sub(_first_person, _IF_YOU.sub(_if_i, text))


def _if_i(match: re.Match[str]) -> str:
    return f"{match['when']} I{' am' if match['are'] else match['short'] or ''}"


def _lowered(text: str) -> str:
    """With a small first letter, unless the word is a name in capitals or "I"."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    is_name = (len(first) > 1 and first.isupper() and first.lower() not in _acts()) or first in ("I", "I'm", "I’m")
    if first.isupper() and first.lower() in _acts():
        return first.lower() + text[len(first) :]
    return text if is_name else text[:1].lower() + text[1:]


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def shortened(text: str) -> str:
    """As much as a menu shows."""
    plain = " ".join(re.sub(r"<[^<>]*>", "", text).split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1].rstrip() + "…"


def _is_balanced(before: str, after: str) -> bool:
    """Whether no mark lost its partner."""
    if any((before.count(mark) - after.count(mark)) % 2 for mark in _PAIRED):
        return False
    tags = [(len(re.findall(r"<\w", text)), len(re.findall(r"</", text))) for text in (before, after)]
    brackets = [text.count("(") - text.count(")") for text in (before, after)]
    return tags[0][0] - tags[0][1] == tags[1][0] - tags[1][1] and brackets[0] == brackets[1]


@cache
def _acts() -> frozenset[str]:
    return frozenset(data()["acts"].split())


@cache
def _known() -> tuple[_Question, ...]:
    verbs = "|".join(sorted(_acts(), key=len, reverse=True))
    act = rf"(?P<act>(?:{verbs})\b.*?)"
    order = rf"(?:(?:{'|'.join(data()['openers'].split())})[,\s]+)*{act}"
    return tuple(
        _Question(
            re.compile(each["pattern"].replace("{act}", act).replace("{order}", order), re.IGNORECASE),
            tuple(each["to"]),
        )
        for each in data()["questions"]
    )
