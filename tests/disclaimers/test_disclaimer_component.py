"""The component in a pipeline of its own, on the seed page, and how its cost grows."""

import gzip
import json
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
import spacy

from detector.errors import ConfigError
from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.pipeline.disclaimers.patterns import compile_patterns
from detector.post import Region
from detector.registry import Registry, load_registry
from detector.registry.entry import Variant, Version
from detector.view import make_view

PLATFORM = Path(__file__).parent / "platform"
TTM = load_registry()["ttm-community"].wording


def test_it_works_alone_in_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("disclaimers", config={"folders": [str(PLATFORM)], "ids": ["acme-notice", "ttm-community"]})
    docs = list(nlp.pipe([f"Buy low.\n{TTM}", "Nothing to see here.", load_registry([PLATFORM])["acme-notice"].filled]))
    assert [[each.id for each in doc._.disclaimers] for doc in docs] == [["ttm-community"], [], ["acme-notice"]]
    assert docs[0]._.disclaimers[0].start == len("Buy low.\n")


def test_it_reads_the_view_and_the_regions_that_it_is_given() -> None:
    nlp = spacy.blank("en")
    component = nlp.add_pipe("disclaimers")
    view = make_view(f"<p>{TTM}</p>", text_format="html")
    doc = nlp.make_doc(view.text)
    doc._.view = view
    doc._.regions = (Region(0, len(view.text), "signature"),)
    (reading,) = component(doc)._.disclaimers
    assert reading.integrity is Integrity.QUOTED
    assert view.source[reading.start : reading.end] == TTM


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no such disclaimer: 'ttm'"):
        Disclaimers(load_registry(), ids=["ttm"])


def test_results_outlive_the_memory_zone() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("disclaimers")
    with nlp.memory_zone():
        found = [doc._.disclaimers for doc in nlp.pipe([TTM.replace("may", "must")] * 3)]
    assert [reading.edits[0].found for (reading,) in found] == ["must"] * 3


@pytest.mark.shared
def test_the_seed_page(shared_folder: Path) -> None:
    (page,) = (shared_folder / "seed").glob("*.txt")
    source = page.read_text(encoding="utf-8")
    component = Disclaimers(load_registry())
    (reading,) = component.predict(make_view(source))
    assert (reading.id, reading.integrity) == ("ttm-community", Integrity.INTACT)
    (altered,) = component.predict(make_view(source.replace("This is not financial advice. ", "")))
    assert altered.integrity is Integrity.ALTERED
    assert [(edit.edit_class, edit.expected) for edit in altered.edits] == [
        ("dropped", "This is not financial advice.")
    ]


def crowd(size: int) -> Registry:
    """A registry of many texts, each like the others but for one word."""
    entry = load_registry()["ttm-community"]
    entries = {}
    for number in range(size):
        wording = TTM.replace("TTM", f"Platform{number}")
        version = Version("1", {"full": Variant(wording)})
        entries[f"text-{number}"] = type(entry)(
            f"text-{number}", entry.title, "any", "en", entry.source, (version,), examples=()
        )
    return Registry(entries)


def test_the_right_one_of_many_alike_is_found() -> None:
    component = Disclaimers(crowd(300))
    found = component.predict(make_view(TTM.replace("TTM", "Platform217").replace("may seek", "must seek")))
    assert [(each.id, each.edits[0].edit_class) for each in found] == [("text-217", "modal")]


def seconds(work: Callable[[], object]) -> float:
    """The best of three."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


NEAR = TTM.replace("may", "must").replace("not financial", "financial")
WORST = {
    "altered copies": f"{NEAR}\n\n",
    "cut copies": f"{TTM[:300]} ",
    "quoted copies": f"> {TTM}\n",
    "telling words": "financial advice disclaimer investing carries risk ",
    "hidden copies": f"||{TTM}|| ",
    "denials": "ignore the disclaimer above, this is financial advice. " + TTM,
}


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
def test_the_worst_cases_grow_no_faster_than_the_text(unit: str) -> None:
    component = Disclaimers(load_registry())
    short, long = (make_view(unit * (size // len(unit))) for size in (25_000, 200_000))
    growth = seconds(lambda: component.predict(long)) / seconds(lambda: component.predict(short))
    assert growth < 8 * 2.5, "8 times the text took much more than 8 times as long"


@pytest.mark.shared
def test_ordinary_posts_cost_little_beside_tokenising(shared_folder: Path) -> None:
    with gzip.open(shared_folder / "data" / "pool.jsonl.gz", "rt", encoding="utf-8") as lines:
        views = [make_view(json.loads(line)["text"]) for line in islice(lines, 3000)]
    start = time.perf_counter()
    nlp = spacy.blank("en")
    for view in views:
        nlp.make_doc(view.text)
    tokenising = time.perf_counter() - start
    for registry in (load_registry(), crowd(300)):
        component = Disclaimers(registry)
        plain = [view for view in views if not component.predict(view)]
        # The bar is 5 %, and 3 to 4 % are measured; a busy machine gets some room.
        assert seconds(lambda c=component, p=plain: [c.predict(view) for view in p]) < 0.1 * tokenising


def test_a_wording_is_its_own_pattern() -> None:
    for pattern in compile_patterns(load_registry([PLATFORM])):
        assert pattern.size == len(pattern.words.starts) == len(pattern.words.ends) > 0
