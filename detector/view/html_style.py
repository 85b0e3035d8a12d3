"""What CSS does to the visibility of text: enough of the cascade to tell what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tinycss2.color3 import parse_color  # type: ignore[import-untyped]

Declarations = Mapping[str, str]
Channels = tuple[float, float, float]

# All of these are linear: what is left open runs to the end, as CSS has it.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.IGNORECASE)
_DECLARATION = re.compile(r"""(?<![-\w])([-\w]++)\s*+:((?:[^;"'(]++|"[^"]*+"?|'[^']*+'?|\([^)]*+\)?)*+)""")
_RULE = re.compile(r"(?:\A|(?<=[{}]))([^{}]++)\{([^{}]*+)\}")
_SIMPLE_SELECTOR = re.compile(r"[.#]?-?[a-z_][\w-]*")

_LONGEST_VALUE = 300
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))\s*([a-z]*|%)")
_PIXELS = {"pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 10.0, "vh": 10.0, "cm": 38.0, "in": 96.0}
_FAR_AWAY = -500.0  # pixels
_UNREADABLE = 1.0  # pixels of font size
_FAINT = 0.05  # opacity
_SAME_COLOUR = 0.06  # of each channel
_MOVED = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top")
_SIDES = ("height", "max-height", "width", "max-width")
_CLIPPED = re.compile(r"rect\((?:\s*[01](?:px)?[\s,]*){4}\)|inset\((?:[5-9]\d|100)%|circle\(0")
_SHRUNK = re.compile(r"scale[xy]?\(\s*0(?:\.0*)?\s*[,)]|translate[xy]?\([^)]*-\s*\d{3}")


@dataclass(frozen=True, slots=True)
class Look:
    """The inherited properties that decide whether text can be read; a background of None is a picture."""

    is_invisible: bool = False
    is_tiny: bool = False
    colour: Channels = (0.0, 0.0, 0.0)
    background: Channels | None = (1.0, 1.0, 1.0)


def declarations(style: str) -> Declarations:
    """The properties that a `style` attribute sets, lower case; later ones win, important ones over all."""
    plain = _ESCAPE.sub(lambda escape: chr(min(int(escape[1], 16), 0x10FFFF)), _COMMENT.sub("", style)).lower()
    found: dict[str, str] = {}
    important: dict[str, str] = {}
    for name, value in _DECLARATION.findall(plain):
        words = " ".join(value[:_LONGEST_VALUE].split())
        if words.endswith("important"):
            important[name] = words.removesuffix("important").rstrip("! ")
        else:
            found[name] = words
    return found | important


def style_rules(css: str) -> dict[str, Declarations]:
    """Declarations by simple selector (`p`, `.name`, `#name`), the only ones that posts are seen to use."""
    rules: dict[str, Declarations] = {}
    for selectors, content in _RULE.findall(_COMMENT.sub("", css)):
        for selector in selectors.lower().split(","):
            if _SIMPLE_SELECTOR.fullmatch(name := selector.strip()):
                rules[name] = {**rules.get(name, {}), **declarations(content)}
    return rules


def hiding_reason(style: Declarations) -> str | None:
    """Why an element of this style shows nothing, whatever its children say; None when it may show."""
    if style.get("display") == "none":
        return "display"
    if _number(style.get("opacity", "")) <= _FAINT or re.search(r"opacity\(0[^.\d]", style.get("filter", "")):
        return "opacity"
    if any(_is_far(style[side]) for side in _MOVED if side in style):
        return "off-screen"
    if _CLIPPED.search(style.get("clip", "") + style.get("clip-path", "")) or _SHRUNK.search(
        style.get("transform", "")
    ):
        return "off-screen"
    if style.get("overflow", "")[:6] in ("hidden", "clip") and any(_pixels(style.get(s, "")) <= 1 for s in _SIDES):
        return "off-screen"
    return None


def look_of(style: Declarations, parent: Look) -> Look:
    """The look of an element of this style inside `parent`."""
    look = parent
    if "visibility" in style:
        look = replace(look, is_invisible=style["visibility"] in ("hidden", "collapse"))
    if "font-size" in style:
        look = replace(look, is_tiny=_pixels(style["font-size"]) <= _UNREADABLE)
    paper = style.get("background-color") or style.get("background")
    if paper:
        is_picture = "url(" in paper or "gradient(" in paper
        look = replace(look, background=None if is_picture else _over(paper, look.background) or look.background)
    ink = style.get("-webkit-text-fill-color") or style.get("color")
    if ink:
        look = replace(look, colour=_over(ink, look.background) or look.colour)
    return look


def look_reason(look: Look) -> str | None:
    """Why text of this look cannot be read; None when it can."""
    if look.is_invisible:
        return "visibility"
    if look.is_tiny:
        return "font-size"
    if look.background and _distance(look.colour, look.background) <= _SAME_COLOUR:
        return "colour"
    return None


def _number(value: str) -> float:
    """A bare number or percentage, 1.0 for anything else."""
    match = _NUMBER.fullmatch(value)
    if match is None or match[2] not in ("", "%"):
        return 1.0
    return float(match[1]) / (100 if match[2] else 1)


def _pixels(value: str) -> float:
    """A length in pixels, roughly; 16 for anything that is no length."""
    match = _NUMBER.fullmatch(value)
    return float(match[1]) * _PIXELS.get(match[2], 0.16 if match[2] == "%" else 1.0) if match else 16.0


def _is_far(value: str) -> bool:
    """True for a shift that takes text out of any window."""
    return value.startswith("-") and (_pixels(value) <= _FAR_AWAY or (value.endswith("%") and _number(value) <= -1))


def _over(value: str, paper: Channels | None) -> Channels | None:
    """The first colour that `value` names, as it shows when painted over `paper`; None without one."""
    for part in (value, *value.split()):
        colour = parse_color(part)
        if colour is not None and not isinstance(colour, str):
            *inks, alpha = colour
            mixed = [alpha * ink + (1 - alpha) * under for ink, under in zip(inks, paper or inks, strict=True)]
            return mixed[0], mixed[1], mixed[2]
    return None


def _distance(ink: Channels, paper: Channels) -> float:
    return max(abs(one - other) for one, other in zip(ink, paper, strict=True))
