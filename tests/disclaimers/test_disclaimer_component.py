"""The component in a pipeline of its own, on the seed page, and how its cost grows."""

import gzip
import json
import time
from itertools import islice
from pathlib import Path

import pytest
import spacy
from growth import fastest, seconds
from test_disclaimer_growth import crowd

from detector.errors import ConfigError
from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.pipeline.disclaimers.patterns import compile_patterns
from detector.post import Region
from detector.registry import load_registry
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


@pytest.mark.shared
def test_ordinary_posts_cost_little_beside_tokenising(shared_folder: Path) -> None:
    with gzip.open(shared_folder / "data" / "pool.jsonl.gz", "rt", encoding="utf-8") as lines:
        views = [make_view(json.loads(line)["text"]) for line in islice(lines, 3000)]
    nlp = spacy.blank("en")
    start = time.process_time()
    for view in views:
        nlp.make_doc(view.text)
    tokenising = time.process_time() - start
    for registry in (load_registry(), crowd(300)):
        component = Disclaimers(registry)
        plain = [view for view in views if not component.predict(view)]
        taken = seconds(lambda c=component, p=plain: [c.predict(view) for view in p])
        print(f"{len(component.registry)} texts: {taken / tokenising:.1%} of tokenising")  # noqa: T201
        # The bar is 5 %; a busy machine gets some room.
        assert taken < 0.08 * tokenising


@pytest.mark.shared
def test_an_altered_page_is_resolved_in_a_fraction_of_its_tokenising(shared_folder: Path) -> None:
    (page,) = (shared_folder / "seed").glob("*.txt")
    altered = make_view(page.read_text(encoding="utf-8").replace("This is not", "This is").replace("may", "must"))
    nlp, component = spacy.blank("en"), Disclaimers(load_registry())
    nlp.make_doc(altered.text)  # its words are known from here on
    tokenising = fastest(lambda: nlp.make_doc(altered.text))
    taken = fastest(lambda: component.predict(altered))
    print(f"{1000 * taken:.2f} ms, {taken / tokenising:.0%} of tokenising")  # noqa: T201
    assert taken < 0.6 * tokenising


def test_a_wording_is_its_own_pattern() -> None:
    for pattern in compile_patterns(load_registry([PLATFORM])):
        assert pattern.size == len(pattern.words.starts) == len(pattern.words.ends) > 0
