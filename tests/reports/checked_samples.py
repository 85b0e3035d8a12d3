"""Checked posts built by hand: what the engine hands to a report, with everything that is hard to render."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detector.checked import Checked, RuleNote, Run, Tally
from detector.finding import Edit, Finding, Fix, Integrity, Reason, Severity
from detector.post import Origin, Post, Rejected
from detector.reading import DisclaimerReading

STARTED = "2026-11-22T21:00:00+00:00"
FINISHED = "2026-11-22T21:00:07+00:00"

DISCLAIMER = (
    "Disclaimer: Investing carries risk. This is not financial advice. The above content should not be regarded as "
    "an offer, recommendation, or solicitation on acquiring or disposing of any financial products."
)

NOTE = "presence verified; prominence not assessed"

RULES = (
    RuleNote(
        "recommendation",
        "A passage reads as an investment recommendation.",
        "Advising the public on investments needs a licence in most places where investors meet.",
        "Annotation guideline v1.1",
    ),
    RuleNote("disclaimer_missing", "A disclaimer that the policy asks for is missing.", "Each post stands alone."),
    RuleNote("disclaimer_altered", "A disclaimer is present but altered.", "A disclaimer protects only as worded."),
)


def recommendation(
    post: Post,
    passage: str,
    kind: str = "action",
    *,
    probability: float = 0.91,
    severity: Severity = Severity.WARNING,
    field: str = "text",
) -> Finding:
    content = (post.title if field == "title" else post.text) or ""
    start = content.index(passage)
    return Finding(
        rule="recommendation",
        message=f"Reads as advice ({probability:.0%}): it tells readers to trade.",
        severity=severity,
        start=start,
        end=start + len(passage),
        text=passage,
        field="title" if field == "title" else "text",
        kind=kind,
        target="instrument",
        probability=probability,
        reasons=(Reason("wait for", 1.84), Reason("to buy", 1.2), Reason("<b>no problem</b>", -0.31)),
    )


def altered(
    post: Post, *edits: tuple[str, str, str], identity: str = "ttm-community"
) -> tuple[Finding, DisclaimerReading]:
    """The altered disclaimer of a post; each edit is `(class, registered, found)`, found at its first place
    (for dropped words, `registered` is followed in the post by what `found` names after a `|`)."""
    start = post.text.index("Disclaimer:")
    made = tuple(_edit(post.text, start, *edit) for edit in edits)
    reading = DisclaimerReading(
        identity,
        Integrity.ALTERED,
        start,
        len(post.text),
        version="2023-07",
        states=(Integrity.ALTERED,),
        edits=made,
        note=NOTE,
    )
    finding = Finding(
        rule="disclaimer_altered",
        message="The disclaimer was altered.",
        severity=Severity.ERROR,
        start=start,
        end=len(post.text),
        text=post.text[start:],
        disclaimer=identity,
        integrity=Integrity.ALTERED,
        edits=made,
        fix=Fix("Restore the standard disclaimer", start, len(post.text), DISCLAIMER),
    )
    return finding, reading


def _edit(text: str, start: int, edit_class: str, expected: str, found: str) -> Edit:
    words, _, following = found.partition("|")
    at = text.index(words or following, start)
    return Edit(edit_class, at, at + len(words), expected, words, changes_meaning=edit_class != "typo")  # type: ignore[arg-type]


def missing(post: Post, identity: str = "ttm-community") -> Finding:
    end = len(post.text)
    return Finding(
        rule="disclaimer_missing",
        message="The required disclaimer is missing.",
        severity=Severity.WARNING,
        start=end,
        end=end,
        text="",
        disclaimer=identity,
        integrity=Integrity.MISSING,
        fix=Fix("Insert the standard disclaimer", end, end, "\n\n" + DISCLAIMER),
    )


def page_comment() -> Checked:
    post = Post(
        "page.txt#5", "230 is no problem, wait for the callback to buy.", "PSG2010", "2023-07-16",
        parent="page.txt#1", origin=Origin("page.txt", 5, "community_page"),
    )  # fmt: skip
    return Checked(post, (recommendation(post, post.text, "entry_exit"),))


def page_post() -> Checked:
    text = "$iShares Russell 2000 ETF(IWM)$\n\nThe IWM has been on a roller coaster ride lately.\n\n" + DISCLAIMER
    post = Post("page.txt#1", text, "hhj", "2023-07-14", origin=Origin("page.txt", 1, "community_page"))
    start = text.index("Disclaimer:")
    intact = DisclaimerReading(
        "ttm-community", Integrity.INTACT, start, len(text), states=(Integrity.INTACT,), note=NOTE
    )
    return Checked(post, (), (intact,))


def altered_post() -> Checked:
    text = (
        "IWM looks strong here.\r\n\r\nDisclaimer: Investing carries risk. This is financial advice. The above content "
        "could be regarded as an offer, recommendatoin, or solicitation on acquiring or disposing of any fine products."
    )
    post = Post("42", text, "Ada", "2024-02-29T23:59:59Z", origin=Origin("posts.jsonl", 7, "jsonl"))
    finding, reading = altered(
        post,
        ("negation", "not ", "|financial advice"),
        ("modal", "should not", "could"),
        ("typo", "recommendation", "recommendatoin"),
        ("synonym", "financial", "fine"),
    )
    return Checked(post, (finding,), (reading,))


def hostile() -> Checked:
    """Markup, a script's end, line separators, a formula, bidi and control characters, an emoji."""
    text = (
        '=HYPERLINK("http://x") 🚀🚀 buy $TSLA now <script>alert(1)</script> and </script><!-- \u2028\u2029 '
        "&amp; \x1b[31mred\x1b[0m \u202ereversed\u202c \x00 done"
    )
    post = Post(
        "<img src=x>", text, '=cmd|"/c calc"!A0', "@SUM(1)", title="Sell $GME </title> today",
        url="javascript:alert(1)",
        origin=Origin("../<b>evil</b>, 'file'.csv", 3, "csv"),
    )  # fmt: skip
    return Checked(
        post,
        (
            recommendation(post, "Sell $GME </title> today", field="title", probability=0.7, severity=Severity.NOTICE),
            recommendation(
                post, "🚀🚀 buy $TSLA now <script>alert(1)</script>", probability=0.999, severity=Severity.ERROR
            ),
            recommendation(post, "buy $TSLA now <script>alert(1)</script> and </script><!-- \u2028\u2029", "guarantee"),
            missing(post),
        ),
    )


def long_post() -> Checked:
    text = (
        "Filler words about the weather. " * 2_000 + "Put half of your savings into $GOLD. " + "More filler. " * 2_000
    )
    post = Post("long", text, "Noor", "1689465600", title="A long one", origin=Origin("posts.jsonl", 8, "jsonl"))
    return Checked(
        post, (recommendation(post, "Put half of your savings into $GOLD.", "allocation", probability=0.62),)
    )


def whole_file() -> Checked:
    """A text file checked by itself: places in the post are places in the file."""
    post = Post(
        "note.txt", "Grüße 🚀\r\nÄh, you should sell your PLTR.\n", origin=Origin("notes/my note.txt", 1, "text")
    )
    return Checked(post, (recommendation(post, "you should sell your PLTR.", probability=0.96), missing(post)))


def surrogate() -> Checked:
    """An unpaired surrogate, which UTF-8 cannot hold."""
    post = Post(
        "s", "Broken \ud83d emoji: buy $AMD.", "Lone \udc00", "2024-05-05", origin=Origin("posts.jsonl", 9, "jsonl")
    )
    return Checked(post, (recommendation(post, "\ud83d emoji: buy $AMD.", probability=0.8),))


def clean() -> Checked:
    return Checked(Post("c", "Nice day.", "Bo", "16 Jul 2023", origin=Origin("posts.jsonl", 10, "jsonl")))


def foreign() -> Checked:
    post = Post("f", "Kauf dir ein Eis.", "Uwe", "last Tuesday", origin=Origin("posts.jsonl", 11, "jsonl"))
    return Checked(post, language="de", abstained=True)


def samples() -> list[Checked]:
    """One of each, in the order of the export."""
    return [
        page_post(), page_comment(), altered_post(), hostile(), long_post(), whole_file(), surrogate(),
        clean(), foreign(),
    ]  # fmt: skip


REJECTED = (
    Rejected("posts.jsonl", 12, "the line is not JSON: unexpected end of data", "repair or remove the line"),
    Rejected("junk.bin", None, "no reader recognises this file"),
    Rejected("posts.jsonl", 13, "a repost", left_out=True),
)


def make_run(rejected: Iterable[Rejected] = REJECTED) -> Run:
    tally = Tally()
    tally.file("page.txt").sha256 = "ab" * 32
    for record in rejected:
        tally.reject(record)
    return Run(
        version="0.1.0",
        model_checksum="1f" * 32,
        policy="default",
        policy_checksum="2e" * 32,
        started=STARTED,
        thresholds={"recommendation": 0.5, "guarantee": 0.4},
        rules=RULES,
        tally=tally,
    )


def watched(run: Run, stream: Iterable[Checked]) -> Iterator[Checked]:
    """The stream as a door hands it to a report."""
    return run.tally.watch(stream, clock=lambda: FINISHED)
