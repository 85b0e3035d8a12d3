"""Files as posts: formats by name, and front matter told from a post that opens with a line."""

import pytest

from detector.document import document, front_matter, text_format_of
from detector.engine import Detector
from detector.post import Post

URGING = "You should sell your PLTR now."


@pytest.mark.parametrize(
    ("name", "text_format"),
    [
        ("a.md", "markdown"),
        ("A.HTML", "html"),
        ("a.txt", "plain"),
        ("a", "plain"),
        ("file:///x/post.markdown", "markdown"),
    ],
)
def test_formats_go_by_the_ending(name: str, text_format: str) -> None:
    assert text_format_of(name) == text_format


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\ntitle: x\n---\nBody", "Body"),
        ("---\r\ntitle: x\r\ntags:\r\n- a\r\n  - b\r\n...\r\nBody", "Body"),
        ('+++\ntitle = "x"\n[extra]\n+++\nBody', "Body"),
        ("---\ntitle: x\n---", ""),
    ],
)
def test_front_matter_is_set_apart(text: str, body: str) -> None:
    assert text[front_matter(text) :] == body


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Body",
        "---\nBody\n---\n",
        "---\n\nBody\n\n---\n",
        f"---\ntitle: x\n{URGING}\n---\n",
        "---\ntitle: x\n",
        "\n---\na: b\n---\n",
    ],
)
def test_a_thematic_break_is_none(text: str) -> None:
    assert front_matter(text) == 0


def test_only_files_have_front_matter_and_what_is_in_it_is_no_claim() -> None:
    text = f"---\nadvice: {URGING}\n---\nNice day.\n"
    detector = Detector()
    (_, of_file), (_, of_post) = detector.check(
        [document(text, name="post.md", text_format="markdown"), Post("1", text, format="markdown")]
    )
    assert of_file == ()
    assert "recommendation" in {each.rule for each in of_post}  # in a forum everybody reads those lines
