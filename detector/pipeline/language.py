"""Which language a post is in: English unless the evidence is clear, as slang, tickers and emoji are no evidence.

A post has one language. Of mixed posts the larger share decides: a letter of a script that writes a syllable or
a word with one sign counts for several Latin ones. Names, links, tags and tickers do not count.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_FOREIGN = re.compile(r"[^\W\d_\x00-\u024f\u1e00-\u1eff]+")
_LATIN = re.compile(r"[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]+")
_NAMES = re.compile(
    r"\$[^$\n]{1,40}\([\w.:]+\)\$|https?://\S+|(?:\b[\w-]{1,63}\.){1,4}(?:com|net|org|io|co|ly)\b\S*|[@#$][a-zA-Z0-9_][\w.:-]*+",
    re.ASCII,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Scripts that write one language, and how many Latin letters one of their letters is worth.
_SCRIPTS = (
    ("ja", 2.5, re.compile("[\u3040-\u30ff\uff66-\uff9f]")),
    ("zh", 2.5, re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
    ("ko", 2.5, re.compile("[\u1100-\u11ff\uac00-\ud7af]")),
    ("th", 1.0, re.compile("[\u0e00-\u0e7f]")),
    ("el", 1.0, re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", 1.0, re.compile("[\u0590-\u05ff]")),
)
_SURELY_ENGLISH, _MOSTLY_ENGLISH = 3, 4  # different words: where all is Latin, and amid another script
_SURELY_FOREIGN = 3
_HEAD = 400  # characters: enough for a first look
_SHORT = 12
_KANA_PER_IDEOGRAPH = 5  # kana between ideographs mean Japanese
_WORDS = {
    language: frozenset(words.split())
    for language, words in tomllib.loads(
        Path(__file__).with_name("function_words.toml").read_text(encoding="utf-8")
    ).items()
}
_ENGLISH = _WORDS.pop("en")
_ALL_FOREIGN = frozenset().union(*_WORDS.values())


def detect_language(text: str) -> str:
    """An ISO 639-1 code; "other" for a language that this module cannot name, "und" where no word stands."""
    is_latin = text.isascii() or not _FOREIGN.search("".join(_NOT_ASCII.findall(text)))
    if is_latin and len(_ENGLISH.intersection(text[:_HEAD].lower().split())) >= _SURELY_ENGLISH:
        return "en"
    bare = _NAMES.sub(" ", text)
    if not is_latin:
        language = _by_script(bare if _FOREIGN.search(bare) or _LATIN.search(bare) else text)
        if language and len(_ENGLISH.intersection(text.lower().split())) < _MOSTLY_ENGLISH:
            return language
    return _by_words(bare)


def _by_script(text: str) -> str | None:
    """The language of the script that outweighs Latin letters; None where none does."""
    foreign = "".join(_FOREIGN.findall(text))
    counts = {language: len(script.findall(foreign)) for language, _, script in _SCRIPTS}
    weights = {language: worth * counts[language] for language, worth, _ in _SCRIPTS}
    weights["other"] = float(len(foreign) - sum(counts.values()))
    if sum(weights.values()) <= sum(map(len, _LATIN.findall(text))):
        return None
    if counts["ja"] * _KANA_PER_IDEOGRAPH > counts["zh"]:
        return "ja"
    return max(weights, key=lambda language: weights[language])


def _by_words(text: str) -> str:
    """The language whose function words stand out; English without clear evidence."""
    words = {word.lower() for word in _WORD.findall(text)}
    foreign = words & _ALL_FOREIGN
    if len(foreign) < _SURELY_FOREIGN - 1:
        return "en" if words else "und"
    english = len(words & _ENGLISH)
    found, language = max((len(foreign & known), language) for language, known in _WORDS.items())
    needed = _SURELY_FOREIGN if len(words) > _SHORT or english else _SURELY_FOREIGN - 1
    return language if found >= needed and found > 2 * english else "en"
