"""Characters that a reader does not see, or sees as plain letters: dropped, composed or folded.

Covers Latin, Greek and Cyrillic text; other scripts keep the form that they were written in.
Source of the folding: Unicode normalisation (NFC, NFKC) and character names, as Python holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import name, normalize, numeric

from detector.view.draft import Edit

_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_MARKS = "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# Marks of other scripts disguise ASCII letters too; on their own letters they stay.
_FOREIGN_MARKS = "\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u2800\u3164\uffa0"
_LINE_ENDS = "\x85\u2028\u2029"
_SURROGATES = "\ud800-\udfff"  # halves of characters, which nothing downstream can encode
# Full-width, mathematical, enclosed, superscript and small capital letters, ligatures; not ™ № ℹ ² ½ …
_DRESSED = (
    "\u02b0-\u02b8\u02e1-\u02e3\u1d00-\u1d22\u1d2c-\u1d6a\u1d9b-\u1dbf\u0262\u026a\u0274\u0276\u0280\u028f\u0299"
    "\u029c\u029f\ua730\ua731\u2071\u207f\u2090-\u209c\u2102-\u2104\u2107-\u2115\u2117-\u211d\u2123-\u2138\u213a-\u214f"
    "\u2160-\u217f\u2460-\u24ff\u2776-\u2793\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff"
    "\U0001f100-\U0001f189\U0001fbf0-\U0001fbf9"
)
_REGIONAL = "\U0001f1e6-\U0001f1ff"
# The look ahead comes first because it is fast.
_SPECIAL = re.compile(
    f"(?=[{_INVISIBLE}{_MARKS}{_FOREIGN_MARKS}{_REGIONAL}{_SPACES}{_LINE_ENDS}{_SURROGATES}{_DRESSED}])"
    f"(?:(?P<attached>[{_INVISIBLE}{_MARKS}{_FOREIGN_MARKS}]++)|(?P<regional>[{_REGIONAL}]++)|(?P<other>.|\n))"
)
_INVISIBLES = re.compile(f"[{_INVISIBLE}]+")
_COMMON_MARKS = re.compile(f"[{_MARKS}]+")
_JOINER = re.compile("\ufe0e|\ufe0f?\u200d?")
_EMOJI = re.compile(
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u245f\u2500-\u2775\u2794-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f0ff\U0001f18a-\U0001faff]"
)
_LETTER_NAME = re.compile(
    "LATIN LETTER SMALL CAPITAL ([A-Z])|(?:NEGATIVE )?(?:CIRCLED|SQUARED) LATIN CAPITAL LETTER ([A-Z])"
)
# ISO 3166-1 alpha-2, with EU, UN and XK, which have flags too.
_FLAGS = frozenset(
    re.findall(
        "..",
        "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCV"
        "CWCXCYCZDEDJDKDMDODZECEEEGEHERESETEUFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIM"
        "INIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMX"
        "MYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSV"
        "SXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUNUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW",
    )
)


def may_change(characters: str) -> bool:
    """False when none of these characters is dropped or folded."""
    return _SPECIAL.search(characters) is not None


def character_edits(text: str) -> Iterator[Edit]:
    """Edits that drop what is invisible and fold what is dressed up."""
    last = Edit(0, 0, "")
    for match in _SPECIAL.finditer(text):
        start, end = match.span()
        if match.lastgroup != "attached":
            edit = Edit(start, end, _folded(match.group()))
        elif _joins_emoji(text, start, end):
            continue
        elif last.end == start and last.replacement:
            edit = Edit(last.start, end, last.replacement[:-1] + _attached(last.replacement[-1], match.group()))
            last = Edit(0, 0, "")
        else:
            edit = _attached_edit(text, start, end)
        if last.replacement != text[last.start : last.end]:
            yield last
        last = edit
    if last.replacement != text[last.start : last.end]:
        yield last


def _joins_emoji(text: str, start: int, end: int) -> bool:
    """True when `start:end` is what holds an emoji together (in ❤️, in 🤷‍♂️), not a disguise of letters."""
    joiner = _JOINER.match(text, start)
    if not joiner or joiner.end() != end or not start or not _EMOJI.match(text, start - 1):
        return False
    return text[end - 1] != "\u200d" or _EMOJI.match(text, end) is not None


def _attached_edit(text: str, start: int, end: int) -> Edit:
    base = text[start - 1 : start]
    kept = _attached(base, text[start:end])
    if kept.startswith(base):
        return Edit(start, end, kept[len(base) :])
    return Edit(start - 1, end, kept)


def _attached(base: str, run: str) -> str:
    """`base` with those of the marks after it that make one letter; piled up marks go."""
    marks = _INVISIBLES.sub("", run)
    foreign = "" if base.isascii() else _COMMON_MARKS.sub("", marks)
    common = "".join(_COMMON_MARKS.findall(marks))
    # Three marks are more than any letter has; longer runs would make `normalize` quadratic.
    composed = normalize("NFC", base + common[:3])
    return (composed if len(composed) == 1 else base) + foreign


@lru_cache(maxsize=4096)
def _folded(special: str) -> str:
    """Plain letters for dressed up ones, a space for a space; flags and the rest stay."""
    if re.match(f"[{_REGIONAL}]", special):
        letters = "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in special)
        pairs = re.findall("..?", letters)
        return special if _FLAGS.issuperset(pairs) else letters
    if re.match(f"[{_SPACES}{_LINE_ENDS}]", special):
        return "\n" if re.match(f"[{_LINE_ENDS}]", special) else " "
    return "\ufffd" if "\ud800" <= special <= "\udfff" else _undressed(special)


def _undressed(letter: str) -> str:
    plain = normalize("NFKC", letter)
    if plain != letter:
        is_plain = plain.isascii() or letter >= "\U0001d400" or plain == normalize("NFC", letter)
        return plain if is_plain else letter
    if named := _LETTER_NAME.fullmatch(name(letter, "")):
        return named[1].lower() if named[1] else named[2]
    value = numeric(letter, None)
    return letter if value is None else str(int(value))
