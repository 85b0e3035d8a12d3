"""The stages joined, on the real community page and on hand-made posts."""

import gzip
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
import spacy

import detector
from detector import engine, readers
from detector.checked import Checked
from detector.engine import BATCH_POSTS, Detector
from detector.finding import Finding, Integrity
from detector.labelled import UNLABELLED, read_public
from detector.policy import Policy
from detector.post import Post
from detector.view import make_view

NOT_ADVICE = "This is not financial advice. "


@pytest.fixture(scope="module")
def default() -> Detector:
    return Detector()


def read_page(path: Path) -> list[Post]:
    records = list(readers.read([path]))
    assert all(isinstance(record, Post) for record in records)
    return [record for record in records if isinstance(record, Post)]


def recommendations(checked: Checked) -> list[tuple[str | None, str]]:
    return [(each.kind, each.text) for each in checked.findings if each.rule == "recommendation"]


@pytest.mark.shared
def test_seed_page(shared_folder: Path, default: Detector) -> None:
    (path,) = (shared_folder / "seed").glob("*.txt")
    post, *comments = default.examine(read_page(path))
    assert recommendations(post) == []
    assert post.findings == ()
    assert [each.integrity for each in post.disclaimers] == [Integrity.INTACT]
    assert [recommendations(comment) for comment in comments] == [
        [("implicit", comments[0].post.text.split(". ")[-1])],
        [],
        [],
        [("entry_exit", "230 is no problem, wait for the callback to buy.")],
        [],
    ]


@pytest.mark.shared
def test_seed_page_with_a_sentence_dropped(shared_folder: Path, default: Detector, tmp_path: Path) -> None:
    (seed,) = (shared_folder / "seed").glob("*.txt")
    doctored = tmp_path / "page.txt"
    doctored.write_text(seed.read_text().replace(NOT_ADVICE, ""))
    checked = next(iter(default.examine(read_page(doctored))))
    (finding,) = checked.findings
    assert (finding.rule, finding.integrity) == ("disclaimer_altered", Integrity.ALTERED)
    assert [(edit.edit_class, edit.expected.strip()) for edit in finding.edits] == [("dropped", NOT_ADVICE.strip())]
    assert restored(checked.post.text, finding) in seed.read_text()


def restored(text: str, finding: Finding) -> str:
    assert finding.fix is not None
    return text[: finding.fix.start] + finding.fix.replacement + text[finding.fix.end :]


def test_check_streams_posts_with_findings_in_order(default: Detector) -> None:
    consumed = []

    def posts() -> Iterator[Post]:
        for number in range(3 * BATCH_POSTS):
            consumed.append(number)
            yield Post(str(number), "You should buy NVDA now." if number % 2 else "Nice weather.")

    stream = default.check(posts())
    first, findings = next(stream)
    assert (first.id, findings) == ("0", ())
    assert len(consumed) <= 2 * BATCH_POSTS
    rest = list(stream)
    assert [post.id for post, _ in rest] == [str(number) for number in range(1, 3 * BATCH_POSTS)]
    assert all(bool(found) == (int(post.id) % 2 == 1) for post, found in rest)


def test_findings_slice_to_their_text_in_title_and_body(default: Detector) -> None:
    post = Post("1", "🚀🚀 Nice.\r\nYou should buy NVDA before Friday 🚀", title="Sell your TSLA now")
    ((_, findings),) = default.check([post])
    assert {finding.field for finding in findings if finding.rule == "recommendation"} == {"title", "text"}
    for finding in findings:
        field = post.title if finding.field == "title" else post.text
        assert field is not None
        assert field[finding.start : finding.end] == finding.text


def test_a_disguised_passage_is_reported_in_the_posts_own_characters(default: Detector) -> None:
    text = "You should b\u200buy NVDA &amp; h\u043eld it."
    ((_, findings),) = default.check([Post("1", text)])
    recommendation = next(finding for finding in findings if finding.rule == "recommendation")
    assert recommendation.text == text


def test_workers_give_the_same_in_the_same_order(default: Detector) -> None:
    posts = [Post(str(n), f"{'You should buy' if n % 3 == 0 else 'I sold'} NVDA at {n}.") for n in range(600)]
    assert list(default.check(posts, workers=2)) == list(default.check(posts))


def test_processes_come_in_when_there_is_much_to_do(default: Detector, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_on: list[int] = []
    in_processes = engine._examine_in_processes

    def counted(policy: Policy, batches: Iterable[Sequence[Post]], workers: int) -> Iterator[list[Checked]]:
        remaining = list(batches)
        handed_on.append(sum(map(len, remaining)))
        return in_processes(policy, remaining, workers)

    monkeypatch.setattr(engine, "_examine_in_processes", counted)
    monkeypatch.setattr(engine, "cores", lambda: 2)
    posts = [Post(str(n), f"{'You should buy' if n % 3 == 0 else 'I sold'} NVDA at {n}.") for n in range(600)]
    alone = list(default.examine(posts))
    assert list(default.examine(posts, workers=0)) == alone
    assert handed_on == []
    monkeypatch.setattr(engine, "SERIAL_CHARACTERS", 100)
    assert list(default.examine(posts, workers=0)) == alone
    assert handed_on == [600 - engine.BATCH_POSTS]


def test_chinese_is_abstained_on_visibly(default: Detector) -> None:
    (checked,) = default.examine([Post("1", "大家赶紧买入英伟达，明天就要涨停了，错过这次机会你会后悔的。")])
    assert checked.abstained
    assert checked.language == "zh"
    assert checked.findings == ()


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("Buy NVDA before earnings", "What do you all think about the numbers?", ("title", "Buy NVDA before earnings")),
        ("🚀 Sell TSLA &amp; run", "Deliveries were 410k.", ("title", "🚀 Sell TSLA &amp; run")),
        (None, "Great quarter. #DontSell #NVDA", ("text", "#DontSell #NVDA")),
        (None, "#BuyNVDA", ("text", "#BuyNVDA")),
        (None, "> NVDA is going to fly\n\nAgreed, you should buy it.", ("text", "Agreed, you should buy it.")),
        (None, "&gt; what about NVDA?\nYou should buy it.", ("text", "You should buy it.")),
        (
            None,
            '[quote="ann, post:4"]\nwhat about NVDA?\n[/quote]\nYou should buy it now.',
            ("text", "You should buy it now."),
        ),
        (
            None,
            "Do exactly this, sell now! RT @someone: TSLA margins fell to 14%",
            ("text", "Do exactly this, sell now!"),
        ),
        (None, "You should buy this one now.\n\nhttps://example.com/nvda", ("text", "You should buy this one now.")),
    ],
)
def test_advice_in_titles_hashtags_replies_and_shares(
    default: Detector, title: str | None, text: str, found: tuple[str, str]
) -> None:
    post = Post("1", text, title=title)
    ((_, findings),) = default.check([post])
    (advice,) = [finding for finding in findings if finding.rule == "recommendation"]
    assert (advice.field, advice.text) == found
    assert ((title if advice.field == "title" else text) or "")[advice.start : advice.end] == advice.text


@pytest.mark.parametrize(
    "quoted",
    [
        "> You should buy NVDA now.\n\n",
        "&gt; You should buy NVDA now.\n",
        ">> You should buy NVDA now.\n> Sell TSLA now.\n\n",
        '[quote="ann, post:4, topic:9"]\nYou should buy NVDA now.\n[/quote]\n\n',
        "[quote]Sell it. [quote=ann]You should buy NVDA now.[/quote] Sell it now.[/quote] ",
        '@ann wrote: "You should buy NVDA now, before the numbers come out." ',
        '"You should buy NVDA now, before the numbers come out", Ann wrote. ',
        "RT @ann: You should buy NVDA now\n\n",
    ],
)
def test_quoted_advice_is_not_the_author_s(default: Detector, quoted: str) -> None:
    ((_, findings),) = default.check([Post("1", quoted + "I have never owned it.")])
    assert [finding for finding in findings if finding.rule == "recommendation"] == []


def test_what_authors_say_of_themselves_is_theirs(default: Detector) -> None:
    text = 'I always say: "You should buy NVDA now, before the numbers come out."'
    ((_, findings),) = default.check([Post("1", text)])
    assert [finding.rule for finding in findings if finding.rule == "recommendation"]


@pytest.mark.shared
def test_posts_are_abstained_on_for_their_language_only(shared_folder: Path, default: Detector) -> None:
    with gzip.open(shared_folder / "data" / "foreign.jsonl.gz", "rt", encoding="utf-8") as lines:
        foreign = [Post(str(number), json.loads(line)["text"]) for number, line in enumerate(lines)]
    english = [
        Post(post.id, post.text)
        for post in read_public(shared_folder / "data" / "dev.jsonl")
        if post.split == "natural" and any(passage.kind != UNLABELLED for passage in post.passages)
    ]
    assert sum(each.abstained for each in default.examine(foreign)) >= 0.98 * len(foreign)
    assert sum(each.abstained for each in default.examine(english)) <= 0.005 * len(english)


def test_advice_behind_a_spoiler_is_advice(default: Detector) -> None:
    text = "My view on chips: >!You should buy NVDA before Friday.!< Have a nice weekend."
    ((_, findings),) = default.check([Post("1", text)])
    recommendation = next(finding for finding in findings if finding.rule == "recommendation")
    assert "You should buy NVDA before Friday." in recommendation.text


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800 buy", "\n" * 1000, "🚀" * 1000, "a" * 100_000])
def test_odd_texts_do_not_break_anything(default: Detector, text: str) -> None:
    (checked,) = default.examine([Post("1", text)])
    assert checked.post.text == text


def test_load_gives_a_pipeline_for_any_spacy_user() -> None:
    nlp = detector.load()
    assert nlp.pipe_names == ["disclaimers", "passages", "recommendations"]
    doc = nlp("You should buy NVDA. I like turtles.")
    (span,) = doc.spans["recommendations"]
    assert span.text == "You should buy NVDA."
    assert [span.text for span in doc.spans["passages"]] == ["You should buy NVDA.", "I like turtles."]


def test_the_engine_says_what_the_pipeline_says(default: Detector, root: Path) -> None:
    """The engine asks the pipeline's components for what they predict, without a `Doc`; nobody may notice."""
    nlp = detector.load()
    texts = [each.text for each in read_page(root / "corpora/example/harbour_posts.jsonl")]
    posts = [Post(str(number), text) for number, text in enumerate(texts) if not make_view(text).hidden]
    for post, reading in zip(posts, default.readings(posts), strict=True):
        doc = nlp(make_view(post.text).text)
        found = [one for one in doc._.judgements if one.probability >= default.model.threshold]
        assert [one.probability for one in reading.judgements] == [one.probability for one in found]
        assert [one.reasons for one in reading.judgements] == [one.reasons for one in found]
        assert reading.score == (doc._.score if reading.language in engine.READABLE else None)


def test_a_saved_pipeline_loads_and_says_the_same(tmp_path: Path) -> None:
    nlp, text = detector.load(), "Long $AAPL,$TSLA. You should buy NVDA."
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    assert [token.text for token in again(text)] == [token.text for token in nlp(text)]
    assert again(text)._.judgements == nlp(text)._.judgements


def test_a_disclaimer_never_lowers_a_score_and_is_never_one(default: Detector) -> None:
    bare, hedged, alone = default.readings(
        [Post("1", "I'd buy NVDA."), Post("2", "DYOR/NFA but I'd buy NVDA."), Post("3", "Not financial advice.")]
    )
    assert hedged.judgements[-1].probability >= default.model.threshold
    assert bare.judgements[0].probability >= default.model.threshold
    assert alone.judgements == ()
    assert alone.score < default.model.threshold


def test_a_huge_post_of_thousands_of_calls_takes_linear_time(default: Detector) -> None:
    """Regression: reasons asked for the whole text anew for every passage, and a 5 MB post took hours."""

    def seconds(repeats: int) -> float:
        start = time.perf_counter()
        list(default.examine([Post("1", "buy now " * repeats)]))
        return time.perf_counter() - start

    seconds(1_000)
    assert seconds(60_000) < 40 * seconds(6_000)


@pytest.mark.parametrize("around", [5, 400])
def test_advice_is_found_however_long_and_dull_the_post_around_it(around: int) -> None:
    dull = (
        "The committee met on Tuesday and read the minutes of the last meeting. Nobody objected. It was mild. " * around
    )
    findings = Detector().check_text(f"{dull}You should buy NVDA now. {dull}")
    assert [one.text for one in findings if one.rule == "recommendation"] == ["You should buy NVDA now."]
