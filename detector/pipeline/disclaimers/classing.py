"""What kind of change a changed stretch is, and whether it changes what the disclaimer says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from detector.finding import EditClass
from detector.pipeline.disclaimers.lexicon import lexicon

Verdict = tuple[EditClass, bool]
SHORT = 3  # words: up to here a removal or addition is classed by its words, beyond it is a clause
CLAUSE = 7  # words: beyond that a clause took another's place
FEW = 5  # letters: up to here one wrong letter is a typo, beyond it two are
EXPANSIONS = {"can't": "cannot", "won't": "will not", "shan't": "shall not", "cannot": "can not", "ain't": "is not"}
ENDINGS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'s": " is", "'m": " am", "'d": " would"}
PHRASES = {"nothing but": "only", "nothing less than": "only", "anything but": "not", "far from": "not"}
LEET = str.maketrans("0134578@$!|", "oieastbasil")
LEET_ONE = str.maketrans("0134578@$!|", "oleastbasil")


def class_of(ours: Sequence[str], theirs: Sequence[str], parties: frozenset[str]) -> Verdict:
    """Class of the change of words `ours` (registered) into `theirs`; one of the two may be empty."""
    if not theirs:
        return _of_one_side(ours, "dropped")
    if not ours:
        return _of_one_side(theirs, "inserted")
    return _of_spelling(ours, theirs) or _of_meaning(ours, theirs, parties) or _of_size(ours, theirs)


def _of_one_side(words: Sequence[str], otherwise: EditClass) -> Verdict:
    words_in_full = expanded(words)
    if len(words) <= SHORT:
        if _polarity(words_in_full):
            return "negation", True
        if lexicon().modals.issuperset(words_in_full) or (otherwise == "inserted" and _qualifies(words)):
            return "modal", True
    return otherwise, not lexicon().light.issuperset(words_in_full)


def _qualifies(words: Sequence[str]) -> bool:
    """One adverb by itself: "technically", "supposedly"."""
    return len(words) == 1 and words[0].endswith("ly") and len(words[0]) > FEW


def _of_spelling(ours: Sequence[str], theirs: Sequence[str]) -> Verdict | None:
    """The same words, written otherwise."""
    if expanded(ours) == expanded(theirs):
        return "synonym", False
    one, other = "".join(ours), "".join(theirs)
    if one.replace("'", "") == other.replace("'", ""):
        if len(theirs) > len(ours) + 1:
            return "disguised", False
        return ("punctuation" if len(ours) == len(theirs) else "typo"), False
    if one in (other.translate(LEET), other.translate(LEET_ONE)) and not one.isdigit():
        return "disguised", False
    if len(ours) == len(theirs) and all(map(_is_typo, ours, theirs)):
        return "typo", False
    return None


def _of_meaning(ours: Sequence[str], theirs: Sequence[str], parties: frozenset[str]) -> Verdict | None:
    """Words of a kind that matters were lost, gained or exchanged; in a whole clause that says nothing."""
    if max(len(ours), len(theirs)) > CLAUSE:
        return None
    words = lexicon()
    lost, gained = Counter(expanded(ours)), Counter(expanded(theirs))
    lost, gained = lost - gained, gained - lost
    if _polarity(lost.elements()) % 2 != _polarity(gained.elements()) % 2 or _is_negated(lost, gained):
        return "negation", True
    both = {*lost, *gained}
    if any(word[0].isdigit() for word in both) or (both & words.quantities and lost and gained):
        return "number", True
    if both & words.modals:
        return "modal", True
    if lost.keys() & parties and (gained or not words.light.issuperset(lost)):
        return "party", True
    return ("synonym", False) if _are_synonyms(lost, gained) else None


def _of_size(ours: Sequence[str], theirs: Sequence[str]) -> Verdict:
    """Nothing is known of the words: a clause went or came, or one text took another's place."""
    if len(ours) > SHORT * len(theirs):
        return "dropped", True
    if len(theirs) > SHORT * len(ours):
        return "inserted", True
    return "other", True


def expanded(words: Sequence[str]) -> list[str]:
    """The words with contractions written out, and phrases that negate or affirm by their word's opposite."""
    text = " ".join(map(_expanded, words)).replace("cannot", "can not")
    for phrase, plain in PHRASES.items():
        text = text.replace(phrase, plain)
    return text.split()


def _expanded(word: str) -> str:
    if word in EXPANSIONS:
        return EXPANSIONS[word]
    if "'" not in word:
        return word
    return next((word[: -len(ending)] + full for ending, full in ENDINGS.items() if word.endswith(ending)), word)


def _polarity(words: Iterable[str]) -> int:
    return sum(word in lexicon().negators for word in words)


def _is_negated(lost: Counter[str], gained: Counter[str]) -> bool:
    """`likely` for `unlikely`, `disregarded` for `regarded`."""
    prefixes = lexicon().prefixes
    pairs = ((one, other) for one in lost for other in gained)
    return any(
        longer.endswith(shorter) and longer[: -len(shorter)].rstrip("-") in prefixes
        for one, other in pairs
        for longer, shorter in ((one, other), (other, one))
        if len(longer) > len(shorter)
    )


def _is_typo(ours: str, theirs: str) -> bool:
    """The same word misspelt or in another form, and not another word of consequence."""
    if ours == theirs:
        return True
    words = lexicon()
    known = words.negators | words.modals | words.quantities | words.parties
    if (ours, theirs) in words.lookalikes or theirs in known or ours[0].isdigit() or theirs[0].isdigit():
        return False
    if (ours, theirs) in words.opposites or _is_negated(Counter([ours]), Counter([theirs])):
        return False
    distance = OSA.distance(ours, theirs)
    if (
        ours in words.negators
        and len(ours) <= FEW
        and (theirs in words.light | words.common or not _is_slip(ours, theirs))
    ):
        return False
    if len(ours) <= FEW:
        return distance == 1 and (ours[0] == theirs[0] or sorted(ours) == sorted(theirs)) and len(ours) > 1
    return distance <= 2 or _is_other_form(ours, theirs)  # noqa: PLR2004


def _is_slip(ours: str, theirs: str) -> bool:
    """Letters exchanged or doubled, and none of another word: a small word has too many neighbours."""
    return sorted(ours) == sorted(theirs) or set(ours) == set(theirs)


def _is_other_form(ours: str, theirs: str) -> bool:
    """Another ending of one stem."""
    return re.sub(r"(?:ing|ed|es|s|ly|ion|ions)$", "", ours) == re.sub(r"(?:ing|ed|es|s|ly|ion|ions)$", "", theirs)


def _are_synonyms(lost: Counter[str], gained: Counter[str]) -> bool:
    """Every lost word has a stand-in among the gained, function words aside."""
    light = lexicon().light
    ours, theirs = [w for w in lost if w not in light], [w for w in gained if w not in light]
    pairs = lexicon().synonyms
    if not ours and not theirs:
        return True
    return bool(ours and theirs) and (
        all(any((one, other) in pairs for other in theirs) for one in ours)
        and all(any((one, other) in pairs for one in ours) for other in theirs)
    )
