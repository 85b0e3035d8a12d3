"""Comments that let a finding stand: where they hold, where they must not, and that they are always counted."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import reports
from detector.checked import Checked, Run, Tally
from detector.engine import Detector
from detector.manifest import counts_of
from detector.policy import load_policy
from detector.post import Post, TextFormat
from detector.suppressions import comment, suppressions

URGING = "You should buy NVDA."
COMMENT = comment(["recommendation"], "it is an example")
BOTH = comment(["recommendation", "disclaimer_missing"], "it is an example")


@pytest.fixture(scope="module")
def author() -> Detector:
    return Detector("newsletter")


def examined(detector: Detector, text: str, text_format: TextFormat = "markdown") -> Checked:
    return next(iter(detector.examine([Post("1", text, format=text_format)])))


def standing(detector: Detector, text: str, text_format: TextFormat = "markdown") -> list[str]:
    findings = examined(detector, text, text_format).findings
    return [each.text if each.rule == "recommendation" else each.rule for each in findings]


@pytest.mark.parametrize(
    ("text", "text_format"),
    [
        (f"{URGING} {BOTH}", "markdown"),
        (f"{BOTH}\n{URGING}", "markdown"),
        (f"{BOTH}\r\n\r\n{URGING}\r\n", "markdown"),
        (f"- Nice.\n- {URGING} {BOTH}", "markdown"),
        (f"<p>{URGING}</p> {BOTH}", "html"),
        (f"{BOTH}\n<p>{URGING}</p>", "html"),
        (f"{URGING} {BOTH}", "plain"),
        (f"{BOTH}\n{URGING}", "plain"),
        (f"{URGING}\n\n<!--detector:ALLOW recommendation,disclaimer_missing\nBecause it is  fine-->", "markdown"),
    ],
)
def test_a_comment_with_a_reason_lets_a_finding_stand(author: Detector, text: str, text_format: TextFormat) -> None:
    checked = examined(author, text, text_format)
    expected = {"disclaimer_missing"} if "ALLOW" in text else {"recommendation", "disclaimer_missing"}
    assert {each.finding.rule for each in checked.suppressed} == expected
    assert {each.rule for each in checked.findings} == {"recommendation", "disclaimer_missing"} - expected
    assert all(each.reason in ("it is an example", "it is fine") for each in checked.suppressed)


@pytest.mark.parametrize(
    "text",
    [
        f"{URGING}\n{COMMENT}",  # speaks of what follows
        f"{COMMENT}\nNice day.\n{URGING}",  # the next line only
        f"```\n{COMMENT}\n```\n{URGING}",  # an example in code
        f"`{COMMENT}` {URGING}",
        f"{URGING} {COMMENT.replace('recommendation', 'disclaimer_altered')}",
        f"{URGING} {COMMENT.replace('recommendation', 'forecast')}",
    ],
)
def test_it_speaks_of_its_line_and_its_rule_only(author: Detector, text: str) -> None:
    assert URGING in " ".join(standing(author, text))


def test_a_kind_can_be_named(author: Detector) -> None:
    assert standing(author, f"{URGING} {COMMENT.replace('recommendation', 'action, disclaimer_missing')}") == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<!-- detector: allow recommendation -->", "gives no reason"),
        ("<!-- detector: allow recommendation because … -->", "gives no reason"),
        ("<!-- detector: allow because I may -->", "cannot be read"),
        ("<!-- detector: alow recommendation because I may -->", "cannot be read"),
        ("<!-- detector: allow recomendation because I may -->", "no rule or kind is called “recomendation”"),
    ],
)
def test_a_void_comment_is_a_finding_and_lets_nothing_stand(author: Detector, text: str, complaint: str) -> None:
    findings = examined(author, f"{URGING} {text}").findings
    assert {each.rule for each in findings} == {"recommendation", "disclaimer_missing", "suppression"}
    (finding,) = (each for each in findings if each.rule == "suppression")
    assert complaint in finding.message
    assert finding.text == text


def test_the_author_of_a_moderated_post_cannot_switch_it_off() -> None:
    for policy in ("default", "eu_mar", "uk_advice", "every_post"):
        checked = examined(Detector(policy), f"{URGING} {BOTH}")
        assert checked.suppressed == ()
        assert "recommendation" in {each.rule for each in checked.findings}


def test_the_policy_has_the_last_word_in_authors_tools(tmp_path: object, author: Detector) -> None:
    del tmp_path
    assert load_policy("default").for_authors().suppressions.allow is True
    assert author.policy.for_authors().suppressions.allow is True


def test_a_policy_can_forbid_them_in_every_door(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text('name = "strict"\n[suppressions]\nallow = false\n')
    policy = load_policy(path).for_authors()
    assert policy.suppressions.allow is False
    assert examined(Detector(policy), f"{URGING} {COMMENT}").suppressed == ()


def test_workers_honour_them_too(author: Detector) -> None:
    posts = [Post(str(number), f"{URGING} {BOTH}", format="markdown") for number in range(300)]
    assert all(len(each.suppressed) == 2 for each in author.examine(posts, workers=2))


@given(st.text(st.sampled_from("<!-- detector:allow because\n`\r😀x>"), max_size=80))
def test_any_text_is_read_and_every_comment_stands_where_it_says(text: str) -> None:
    for text_format in ("plain", "markdown", "html"):
        for each in suppressions(f"a {text} detector <!-- b", text_format):  # type: ignore[arg-type]
            assert f"a {text} detector <!-- b"[each.start : each.end].startswith("<!--")


def rendered(name: str, detector: Detector) -> tuple[bytes, Run]:
    tally, out = Tally(), io.BytesIO()
    run = Run("1", "m", detector.policy.name, detector.policy.checksum, "2026-11-28T00:00:00+00:00", tally=tally)
    stream = tally.watch(detector.examine([Post("1", f"{URGING} {BOTH}", format="markdown")]), clock=lambda: "")
    reports.load(name).render(stream, run, out)
    return out.getvalue(), run


@pytest.mark.parametrize("name", ["text", "html", "sarif", "github", "jsonl"])
def test_reports_say_how_many_were_let_stand(name: str, author: Detector) -> None:
    content, run = rendered(name, author)
    assert run.tally.suppressed == 2
    assert run.tally.flagged == 0
    assert b"2 findings" in content if name != "jsonl" else b"suppressed" in content


def test_the_record_lists_each_with_its_reason(author: Detector) -> None:
    content, _ = rendered("jsonl", author)
    record = json.loads(content)
    assert record["findings"] == []
    assert [(each["finding"]["rule"], each["reason"]) for each in record["suppressed"]] == [
        ("recommendation", "it is an example"),
        ("disclaimer_missing", "it is an example"),
    ]


def test_code_scanning_sees_them_as_suppressed(author: Detector) -> None:
    content, _ = rendered("sarif", author)
    results = json.loads(content)["runs"][0]["results"]
    assert [each["suppressions"] for each in results] == [
        [{"kind": "inSource", "justification": "it is an example"}]
    ] * 2


def test_a_spreadsheet_lists_each_with_its_reason(author: Detector) -> None:
    content, _ = rendered("csv", author)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [(row["rule"], row["let_stand"]) for row in rows] == [
        ("recommendation", "it is an example"),
        ("disclaimer_missing", "it is an example"),
    ]


@pytest.mark.parametrize("name", ["vale", "rdjson", "rdjsonl"])
def test_formats_that_have_no_place_for_them_hold_none(name: str, author: Detector) -> None:
    content, run = rendered(name, author)
    assert run.tally.suppressed == 2
    assert b"detector.recommendation" not in content
    assert b'"recommendation"' not in content


def test_the_manifests_counts_add_up_with_them(author: Detector) -> None:
    _, run = rendered("csv", author)
    counts = counts_of(run.tally)
    assert (counts.findings, counts.suppressed, counts.flagged, counts.clean) == (0, 2, 0, 1)
    assert sum(counts.by_rule.values()) == counts.findings
