"""A file or an editor's buffer as a post: its format by its name, and front matter that is not the author speaking."""

from __future__ import annotations

import re
from pathlib import PurePath

from detector.post import Origin, Post, Region, TextFormat

ENDINGS: dict[str, TextFormat] = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown", ".mdx": "markdown",
    ".qmd": "markdown", ".rmd": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip
# Reports know by these names that the post is the whole file, so that its offsets are places in the file.
ORIGINS: dict[TextFormat, str] = {"plain": "text", "markdown": "markdown", "html": "html"}
_FENCES = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t\r]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t\r]*$", re.MULTILINE),
}
_KEY = re.compile(r"^[\w.\"'-]+[ \t]*[:=](?:[ \t]|\r?$)", re.MULTILINE)
_OTHER_LINE = re.compile(r"[ \t]|-(?:[ \t]|\r?$)|#|[\w.\"'-]+[ \t]*[:=]|\[|\]|\}|\r?$")


def text_format_of(name: str) -> TextFormat:
    """The format that a file's ending says; plain text without one."""
    return ENDINGS.get(PurePath(name).suffix.lower(), "plain")


def document(text: str, *, name: str, text_format: TextFormat) -> Post:
    """The whole of a file or buffer as one post. Front matter is set apart, which only files have: in a forum's post
    the same lines are read by everybody."""
    matter = front_matter(text) if text_format == "markdown" else 0
    regions = (Region(0, matter, "front_matter"),) if matter else ()
    return Post(name, text, origin=Origin(name, 0, ORIGINS[text_format]), format=text_format, regions=regions)


def front_matter(text: str) -> int:
    """Where YAML (`---`) or TOML (`+++`) front matter at the very beginning ends; 0 where there is none.

    A thematic break opens with the same signs: only lines that could be settings count, one of them with a key.
    """
    opening = re.match(r"(---|\+\+\+)[ \t]*\r?\n", text)
    closing = _FENCES[opening[1]].search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return 0
    lines = text[opening.end() : closing.start()]
    if _KEY.search(lines) is None or not all(_OTHER_LINE.match(line) for line in lines.split("\n")):
        return 0
    end = text.find("\n", closing.end())
    return len(text) if end < 0 else end + 1
