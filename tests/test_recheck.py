"""A text that is edited again and again: what is found is what a check of the whole finds, whatever the edit."""

import random
import time
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector.document import document
from detector.engine import Detector
from detector.pipeline.pieces import Memory
from detector.policy import load_policy
from detector.post import Post, TextFormat

FORMATS: tuple[TextFormat, ...] = ("plain", "markdown", "html")
# Whatever reaches over lines, hides, or decides together with text elsewhere.
PIECES = (
    "You should sell your PLTR now.", "I bought 100 shares.", "It should hit 230 soon! 🚀", "Buy the dip!!",
    "b.u.y NVDA", "\n", "\n\n", "\r\n", "\r\n\r\n", " ", "\t", "> ", "- ", "1. ", "**", "_", "~~", "`",
    "```\n", "~~~\n", "<!--", "-->", "<p>", "</p>", "<blockquote>", "</blockquote>", "<b>", "<", "&amp;",
    "&#x200b;", ">!", "!<", "||", "[", "](", ")", "![", "“", "”", "\"",
    "He said: \"Everyone should buy NVDA as soon as they possibly can.\" ", "he wrote:", "\u200b", "\u0301",
    "Ⓑuy it", "покупай акции", "Вuy NVDA", "全部买入 NVDA now", "👩\u200d👩\u200d👧", "🇸🇬", "️", "$TSLA",
    "https://example.org/a_b_c", "\\", "Disclaimer: Investing carries risk.", "This is not financial advice.",
    "Not financial advice.", "    x = f(1);",
    "<!-- detector: allow recommendation because it is an example -->", "---\ntitle: x\n---\n", "\x0c",
    "\u2028", "\x85", ".",
)  # fmt: skip


@cache
def detector(policy: str = "default") -> Detector:
    return Detector(load_policy(policy).for_authors())


def assert_same(text: str, text_format: TextFormat, memory: Memory) -> None:
    post = document(text, name="draft", text_format=text_format)
    assert detector().recheck(post, memory) == next(iter(detector().examine([post]))), text


@st.composite
def edited(draw: st.DrawFn) -> list[str]:
    """A text and its later states, each an insertion or a deletion away."""
    text = "".join(draw(st.lists(st.sampled_from(PIECES), max_size=25)))
    states = [text]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 6)))
        text = text[:at] + draw(st.sampled_from((*PIECES, "", ""))) + text[end:]
        states.append(text)
    return states


@pytest.mark.parametrize("text_format", FORMATS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(states=edited())
def test_any_edit_gives_what_a_whole_check_gives(text_format: TextFormat, states: list[str]) -> None:
    memory = Memory()
    for text in states:
        assert_same(text, text_format, memory)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "…",
        "🚀",
        "\ud800 buy",
        "\r",
        "a" * 3000,
        "\n\n\n",
        "\u0301\u0301\n\u0301",
        "-->!<\nBuy the dip!!<!--",
        "[Buy\nthe dip](https://example.org) now.",
    ],
)
@pytest.mark.parametrize("text_format", FORMATS)
def test_odd_texts(text: str, text_format: TextFormat) -> None:
    assert_same(text, text_format, Memory())


SENTENCES = (
    "Revenue grew 14% in the quarter, and margins were stable at 31%.",
    "I bought 100 shares of NVDA this morning. 🙂",
    "The harbour was quiet, and so was the market.", "It should hit 230 soon.",
    "Goldman upgraded it to **buy** last week.",
    "See [the filing](https://example.org/filing) for the details.", "What would you do with a stock like that?",
)  # fmt: skip


def newsletter(words: int, disclaimer: str) -> str:
    """An ordinary long text: paragraphs, a few urgings, the disclaimer last."""
    chance = random.Random(7)  # noqa: S311 a text, not a secret
    paragraphs: list[str] = []
    while words > 0:
        paragraphs.append(" ".join(chance.choices(SENTENCES, k=6)))
        words -= len(paragraphs[-1].split())
    paragraphs[::20] = ["You should sell your PLTR now."] * len(paragraphs[::20])
    return "\n\n".join([*paragraphs, disclaimer])


def test_a_keystroke_in_a_long_document_takes_a_fraction_of_a_whole_check() -> None:
    ready, memory, chance = detector(), Memory(), random.Random(3)  # noqa: S311
    text = newsletter(5_000, ready.registry["ttm-community"].wording)
    again, whole = [], []
    ready.recheck(Post("", text, format="markdown"), memory)
    for _ in range(40):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice("abc. ") + text[at:]
        post = Post("", text, format="markdown")
        start = time.process_time()  # of this process: others may keep the machine busy
        checked = ready.recheck(post, memory)
        middle = time.process_time()
        assert checked == next(iter(ready.examine([post])))
        again.append(middle - start)
        whole.append(time.process_time() - middle)
    again.sort()
    assert again[20] < 0.9 * sorted(whole)[20]  # the whole reads every word anew, at a few microseconds a sentence
    assert again[38] < 0.25  # seconds; measured: docs/editors.md


def test_the_memory_holds_one_text_only() -> None:
    memory = Memory()
    for number in range(50):
        detector().recheck(Post("", f"Line {number}.\n\nBye.", format="markdown"), memory)
    assert len(memory.lines) <= 4
    assert len(memory.views) <= 3
