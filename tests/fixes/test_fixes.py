"""What authors are offered, applied and checked again; the wording itself and what must never be offered."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from detector.engine import Detector
from detector.finding import Finding, Integrity
from detector.fixes import Action, Offer, apply, fixes_for
from detector.fixes.cutting import without
from detector.fixes.rewording import rewordings
from detector.policy import load_policy
from detector.post import Post, Region, TextFormat

POLICIES = Path(__file__).parent / "policies"
URGINGS = {
    "You should sell your PLTR now.": "Should I sell my PLTR now, or not?",
    "230 is no problem, wait for a dip to buy.": "230 is no problem. Should I wait for a dip to buy, or not?",
    "Put half of your savings into gold.": "Should I put half of my savings into gold, or not?",
    "$TSLA is a **no-brainer** under 200.": "What speaks for $TSLA under 200, and what against?",
    "If it breaks 200, buy NVDA.": "If it breaks 200, should I buy NVDA, or not?",
    "**Don't chase NVDA here!** 🚀": "**Should I chase NVDA here, or not?** 🚀",
    "BUY NVDA NOW!!!": "Should I buy NVDA NOW, or not?",
    "I'd wait until after earnings.": "Should I wait until after earnings, or not?",
    "You'd be crazy not to own NVDA.": "Should I own NVDA, or not?",
    "Close it mate, tonight, no heroics.": "Should I close it mate, tonight, no heroics, or not?",
    "At your age, keep bonds at 40 percent lah.": "At my age, should I keep bonds at 40 percent, or not?",
    "Give $LYNX until 30, then let them go.": "Should I give $LYNX until 30, then let them go, or not?",
    "Hold your chips and don't hand them over.": "Should I hold my chips and not hand them over, or not?",
    "Sell everything, this market is done.": "Should I sell everything, or not? This market is done.",
    "In your shoes I'd keep the 500 $LYNX.": "Should I keep the 500 $LYNX, or not?",
}  # fmt: skip
QUESTION_WORDS = "should i or not wonder whether to is this the time what speaks for and against it my mine could am"


@cache
def detector(policy: str) -> Detector:
    own = POLICIES / f"{policy}.toml"
    return Detector(load_policy(own if own.exists() else policy).for_authors())


def check_with(policy: str) -> Callable[[Post], Sequence[Finding]]:
    return lambda post: next(iter(detector(policy).examine([post]))).findings


def offers(post: Post, finding: Finding, policy: str = "newsletter") -> tuple[Offer, ...]:
    ready = detector(policy)
    return fixes_for(finding, post, policy=ready.policy, registry=ready.registry, check=check_with(policy))


def only(post: Post, rule: str, policy: str = "newsletter") -> Finding:
    (finding,) = (each for each in check_with(policy)(post) if each.rule == rule)
    return finding


def applied(post: Post, action: Action, rule: str = "recommendation", policy: str = "newsletter") -> str:
    chosen = next(each for each in offers(post, only(post, rule, policy), policy) if each.action is action)
    return apply(post, chosen).text


@pytest.mark.parametrize("text", URGINGS)
def test_an_urging_becomes_a_question_in_the_authors_own_words(text: str) -> None:
    post = Post("", text, format="markdown")
    assert applied(post, Action.SOFTEN) == URGINGS[text]


@pytest.mark.parametrize("text", [*URGINGS, "DM me for tomorrow's picks.", "Great entry point in NVDA right now."])
@pytest.mark.parametrize("text_format", ["plain", "markdown", "html"])
def test_whatever_is_offered_takes_the_finding_away_and_brings_none(text: str, text_format: TextFormat) -> None:
    before, after = ("<p>", "</p>") if text_format == "html" else ("", "")
    paragraphs = (f"{before}{each}{after}" for each in ("Good morning 🙂 all.", text, "Revenue was up 14%."))
    post = Post("", "\r\n\r\n".join(paragraphs), format=text_format)
    check = check_with("newsletter")
    for finding in check(post):
        for offer in offers(post, finding):
            left = check(apply(post, offer))
            assert len(left) < len(check(post)), offer
            assert "\n" not in offer.fix.replacement.replace("\r\n", "")


def words_of(text: str) -> set[str]:
    return {word.strip("*.,!?🚀").lower() for word in text.split()}


def test_rewordings_use_the_authors_words_only() -> None:
    known = set(QUESTION_WORDS.split())
    for text in URGINGS:
        for rewording in rewordings(text):
            assert words_of(rewording.text) - words_of(text.replace("your", "my")) - known == set(), rewording


@pytest.mark.parametrize(
    ("text", "asked"),
    {
        "If you're late, sell PLTR when you can.": "If I am late, should I sell PLTR when I can, or not?",
        "Buy TSLA if you've got cash, folks.": "Should I buy TSLA if I've got cash, or not?",
        "The shares should be sold before May.": "Should the shares be sold before May, or not?",
        "We recommend NVDA.": "What speaks for NVDA, and what against?",
    }.items(),
)
def test_a_question_is_the_authors_own(text: str, asked: str) -> None:
    assert next(rewordings(text)).text == asked


@pytest.mark.parametrize(
    "text",
    [
        "New money, better wait for the dip than to pay up.",  # the comparison would have lost its half
        "Follow my calls.",  # nobody asks whether to follow himself
        "Copying this: SUNA long, entry 1.84, stop 1.77.",  # a price, no deed
    ],
)
def test_what_would_not_read_as_a_question_is_not_asked(text: str) -> None:
    assert not [each for each in rewordings(text) if each.action is Action.SOFTEN]


@pytest.mark.parametrize(
    "text",
    [
        "Stable type: choose the direction and then enter.",
        "And that crypto mining stock, please let go.",
        "Let's be out of it before the numbers, folks.",
        "Whoever isn't in by then will be buying it from us.",
    ],
)
def test_nothing_is_left_standing_that_urges_or_is_no_sentence(text: str) -> None:
    assert not [each.text for each in rewordings(text) if each.action is Action.REMOVE]


@pytest.mark.parametrize(
    "text",
    [
        "(Buy NVDA, it's what you want.",
        "Buy NVDA. You know it, so you should.",
        "Sell **PLTR, or buy** it.",
    ],
)
def test_a_rewording_leaves_no_mark_without_its_partner(text: str) -> None:
    for rewording in rewordings(text):
        assert rewording.text.count("**") % 2 == 0
        assert rewording.text.count("(") - rewording.text.count(")") == text.count("(") - text.count(")")


def test_nothing_is_offered_where_nothing_helps() -> None:
    post = Post("", "DM me for tomorrow's picks.")
    assert [each.action for each in offers(post, only(post, "recommendation"), "newsletter")] == [Action.QUOTE]


def test_suppressions_are_offered_where_the_policy_allows_them_only() -> None:
    post = Post("", "You should buy NVDA.", format="markdown")
    finding = only(post, "recommendation")
    moderating = Detector("default")
    check = lambda post: next(iter(moderating.examine([post]))).findings  # noqa: E731
    found = fixes_for(finding, post, policy=moderating.policy, registry=moderating.registry, check=check)
    assert Action.SUPPRESS not in {each.action for each in found}
    assert Action.SUPPRESS in {each.action for each in offers(post, finding)}


def standard() -> str:
    return detector("every_post").registry["ttm-community"].wording


@pytest.mark.parametrize("text", ["", "Nice day.", "Nice day.\n", "Nice day.\r\nBye.\r\n", "# Title\n\n- one\n- two"])
@pytest.mark.parametrize("text_format", ["plain", "markdown"])
def test_the_standard_disclaimer_goes_in_word_for_word(text: str, text_format: TextFormat) -> None:
    post = Post("", text, format=text_format)
    after = applied(post, Action.INSERT, "disclaimer_missing", "every_post")
    assert after.count(standard()) == 1
    assert after.replace(standard(), "").split() == text.split()
    assert check_with("every_post")(Post("", after, format=text_format)) == ()
    assert "\n" not in after.replace("\r\n", "") or "\r\n" not in text


def test_in_html_it_goes_into_the_body() -> None:
    post = Post("", "<html><body><p>Nice day.</p></body></html>", format="html")
    after = applied(post, Action.INSERT, "disclaimer_missing", "every_post")
    assert after.startswith("<html><body><p>Nice day.</p>")
    assert after.endswith(f"<p>{standard()}</p></body></html>")


def test_not_into_a_signature_or_a_code_block_that_never_ends() -> None:
    for text in ("Nice day.\n\n-- \nJane, CFA", "Nice day.\n\n```\nx = 1"):
        post = Post("", text, format="markdown")
        after = applied(post, Action.INSERT, "disclaimer_missing", "anywhere")
        assert check_with("anywhere")(Post("", after, format="markdown")) == ()


@pytest.mark.parametrize("policy", ["first", "before_link", "end", "anywhere"])
@pytest.mark.parametrize("text_format", ["plain", "markdown", "html"])
def test_it_goes_where_the_policy_wants_it(policy: str, text_format: TextFormat) -> None:
    texts = {
        "plain": "Nice day.\n\nSee https://example.org/chart for more.\n\nBye.",
        "markdown": "# News\n\nNice day.\n\nSee [it](https://example.org/chart).\n\nBye.\n",
        "html": '<p>Nice day.</p>\n<p>See <a href="https://example.org/chart">it</a>.</p>\n<p>Bye.</p>\n',
    }
    post = Post("", texts[text_format], format=text_format)
    after = applied(post, Action.INSERT, "disclaimer_missing", policy)
    assert check_with(policy)(Post("", after, format=text_format)) == ()


def test_it_goes_behind_front_matter() -> None:
    matter = "---\ntitle: News\nlink: https://example.org\n---\n"
    post = Post("", f"{matter}Nice day.\n", format="markdown", regions=(Region(0, len(matter), "front_matter"),))
    for policy in ("first", "before_link"):
        after = applied(post, Action.INSERT, "disclaimer_missing", policy)
        assert after.startswith(matter)
        assert check_with(policy)(Post("", after, format="markdown", regions=post.regions)) == ()


DOCTORED = "This is financial advice."


@pytest.mark.parametrize("text_format", ["plain", "markdown", "html"])
def test_an_altered_disclaimer_is_restored_exactly(text_format: TextFormat) -> None:
    altered = standard().replace("This is not financial advice.", DOCTORED)
    before, after = ("<p>Nice day.</p>\n<p>", "</p>") if text_format == "html" else ("Nice day. 🙂\n\n", "\n")
    post = Post("", before + altered + after, format=text_format)
    finding = only(post, "disclaimer_altered", "end")
    (offer,) = (each for each in offers(post, finding, "end") if each.action is Action.RESTORE)
    assert offer.exact
    assert apply(post, offer).text == before + standard() + after


def test_restoring_keeps_the_authors_markup() -> None:
    text = standard().replace("This is not financial advice.", "This is **financial** advice.")
    post = Post("", text, format="markdown")
    restored = applied(post, Action.RESTORE, "disclaimer_altered", "end")
    assert "**" in restored
    assert check_with("end")(Post("", restored, format="markdown")) == ()


def test_a_disclaimer_out_of_place_is_moved() -> None:
    post = Post("", f"{standard()}\n\nNice day.\n")
    assert only(post, "disclaimer_altered", "end").integrity is Integrity.MISPLACED
    assert applied(post, Action.RESTORE, "disclaimer_altered", "end") == f"Nice day.\n\n{standard()}\n"


def test_a_denial_is_taken_out() -> None:
    post = Post("", f"{standard()}\n\nIgnore the disclaimer above. Nice day.")
    finding = only(post, "disclaimer_altered", "anywhere")
    assert finding.integrity is Integrity.CONTRADICTED
    assert check_with("anywhere")(Post("", applied(post, Action.RESTORE, "disclaimer_altered", "anywhere"))) == ()


def test_a_second_copy_is_removed() -> None:
    post = Post("", f"{standard()}\n\nNice day.\n\n{standard()}")
    after = applied(post, Action.REMOVE, "disclaimer_altered", "anywhere")
    assert after.count(standard()) == 1


@pytest.mark.parametrize(
    ("text", "passage", "left"),
    [
        ("A one. B two. C three.", "B two.", "A one. C three."),
        ("A one. B two.", "B two.", "A one."),
        ("B two. C three.", "B two.", "C three."),
        ("A one.\n\nB two.\n\nC three.\n", "B two.", "A one.\n\nC three.\n"),
        ("- A one.\n- B two.\n- C three.\n", "B two.", "- A one.\n- C three.\n"),
        ("A one.\r\nB two.\r\nC three.", "B two.", "A one.\r\nC three."),
        ("A one.\r\n\r\nB two.", "B two.", "A one."),
        ("B two.", "B two.", ""),
    ],
)
def test_a_passage_is_cut_out_without_a_hole(text: str, passage: str, left: str) -> None:
    start = text.index(passage)
    fix = without(text, start, start + len(passage))
    assert text[: fix.start] + fix.replacement + text[fix.end :] == left


def test_a_quotation_is_a_paragraph_of_its_own() -> None:
    post = Post("", "Hear what he said. You should buy NVDA. I am not sure.\nBye.", format="markdown")
    assert applied(post, Action.QUOTE) == "Hear what he said.\n\n> You should buy NVDA.\n\nI am not sure.\nBye."


def test_applying_moves_the_regions_behind() -> None:
    post = Post("", "You should buy NVDA. Bye.", regions=(Region(21, 25, "signature"),), title="News")
    changed = apply(post, Offer(Action.REMOVE, without(post.text, 0, 20)))
    assert [changed.text[each.start : each.end] for each in changed.regions] == ["Bye."]
