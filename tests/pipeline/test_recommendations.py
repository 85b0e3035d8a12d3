"""The component: alone in a pipeline, with passages of another component, in batches."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import ModelError
from detector.pipeline.passage_reading import simple_passages
from detector.pipeline.recommendations import Recommendations
from detector.pipeline.shipped import shipped_model
from detector.reading import Passage

POST = "Buy NVDA now! I bought 100 shares.\nShould I buy more?"


def test_it_works_alone_in_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("recommendations")
    doc = nlp(POST)
    assert [POST[one.start : one.end] for one in doc._.judgements] == POST.replace("\n", " ").replace(
        "! ", "!|"
    ).replace(". ", ".|").split("|")
    assert [span.text for span in doc.spans["recommendations"]] == ["Buy NVDA now!"]
    assert doc.spans["recommendations"][0].label_ == doc._.judgements[0].kind
    assert doc._.judgements[0].reasons
    assert not doc._.judgements[1].reasons


def test_configuration_sets_threshold_and_reasons() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("recommendations", config={"threshold": 0.0, "explain_all": True})
    doc = nlp(POST)
    assert len(doc.spans["recommendations"]) == len(doc._.judgements) == 3
    assert all(one.reasons for one in doc._.judgements)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    with pytest.raises(ModelError):
        nlp.add_pipe("recommendations", config={"folder": str(tmp_path)})


def test_passages_of_other_roles_are_context_and_never_judged() -> None:
    component = Recommendations(shipped_model())
    doc = spacy.blank("en").make_doc("Buy NVDA now! Buy NVDA now!")
    doc._.passages = (Passage(0, 13, "quote"), Passage(14, 27))
    assert [(one.start, one.end) for one in component(doc)._.judgements] == [(14, 27)]


def test_batches_do_not_change_what_is_found() -> None:
    nlp, component = spacy.blank("en"), Recommendations(shipped_model())
    texts = [f"{POST} {number}" for number in range(7)]
    in_pairs = [doc._.judgements for doc in component.pipe(map(nlp.make_doc, texts), batch_size=2)]
    in_one = [doc._.judgements for doc in component.pipe(map(nlp.make_doc, texts), batch_size=64)]
    for some, others in zip(in_pairs, in_one, strict=True):
        assert [one.probability for one in some] == pytest.approx([one.probability for one in others], abs=1e-4)


def test_no_doc_outlives_a_memory_zone() -> None:
    nlp, component = spacy.blank("en"), Recommendations(shipped_model())
    judged = []
    for number in range(3):
        with nlp.memory_zone():
            doc = component(nlp.make_doc(f"Buy zone{number} word{number} now!"))
            judged.append(doc._.judgements)
    assert [one[0].kind for one in judged] == ["action"] * 3


@given(st.text(max_size=60))
def test_simple_passages_are_ordered_and_hold_every_visible_character(text: str) -> None:
    passages = simple_passages(text)
    assert all(one.end <= other.start for one, other in pairwise(passages))
    covered = "".join(text[one.start : one.end] for one in passages)
    assert "".join(covered.split()) == "".join(text.split())
