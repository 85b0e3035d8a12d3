"""The only place where the stages are joined: posts in, checked posts out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from detector.checked import Checked
from detector.finding import Finding
from detector.parcels import Findings, Parcel
from detector.pipeline.extensions import register
from detector.pipeline.language import detect_language
from detector.pipeline.model import Judged
from detector.pipeline.passage_reading import simple_passages
from detector.pipeline.pieces import Memory, read_text, read_view
from detector.pipeline.shipped import SHIPPED, shipped_model
from detector.pipeline.tokenizer import blank_language
from detector.pipeline.tokens import Tokens, in_batches, read_tokens
from detector.policy import Policy, load_policy
from detector.post import Post, Region, TextFormat
from detector.processes import cores, in_processes, settle
from detector.reading import (
    RECOMMENDATION_KINDS,
    DisclaimerReading,
    Judgement,
    Passage,
    Reading,
    compose,
    in_source,
    regions_in_view,
)
from detector.registry import Registry
from detector.rules import all_rules
from detector.rules.requirements import assess
from detector.rules.rule import Context
from detector.suppressions import Suppression, parted, suppressions
from detector.view import Hidden, View, make_view

if TYPE_CHECKING:
    from spacy.language import Language

    from detector.pipeline.disclaimers.component import Disclaimers
    from detector.pipeline.model import Model
    from detector.pipeline.passages import Passages
    from detector.pipeline.recommendations import Recommendations

BATCH_POSTS = 256
BATCH_CHARACTERS = 500_000
SCORE_DIGITS = 4
LONGEST_TEXT = 2**31 - 1  # spaCy's own limit protects parsers, which we do not have
SERIAL_CHARACTERS = 1_000_000  # below that, starting worker processes costs more than they save
OPENED_BY_A_CLICK = frozenset({"spoiler", "details"})
READABLE = frozenset({"en", "und", ""})
RECOMMENDATIONS = frozenset(RECOMMENDATION_KINDS)


def load(policy: Policy | str | Path = "default", *, explain: bool = False) -> Language:
    """The ready spaCy pipeline: blank English, `disclaimers`, `passages`, `recommendations`.

    With `explain`, every judgement carries its reasons, not only those that are reported.
    Its results stand in `doc._.judgements`, `doc._.disclaimers`, `doc.spans["recommendations"]`.
    Raises `ConfigError` for an unusable policy and `ModelError` for unusable weights.
    """
    policy = policy if isinstance(policy, Policy) else load_policy(policy)
    register()
    nlp = blank_language()
    nlp.max_length = LONGEST_TEXT
    nlp.add_pipe("disclaimers", config={"folders": _disclaimer_folders(policy)})
    nlp.add_pipe("passages")
    nlp.add_pipe(
        "recommendations",
        config={"folder": policy.model or None, "threshold": _lowest_threshold(policy), "explain_all": explain},
    )
    return nlp


def _lowest_threshold(policy: Policy) -> float:
    """From where on the policy may report a passage."""
    wanted = policy.recommendations
    default = _model(policy).threshold
    return min((wanted.threshold_for(kind, default) for kind in wanted.kinds), default=default)


def _model(policy: Policy) -> Model:
    return shipped_model(Path(policy.model) if policy.model else SHIPPED)


def _disclaimer_folders(policy: Policy) -> list[str]:
    return [str(policy.disclaimer_folder)] if policy.disclaimer_folder else []


class Detector:
    """Checks posts against a policy. Not thread-safe; processes each build their own.

    It asks the components of the spaCy pipeline for what they predict, and has no `Doc` made to write that down, which
    would cost more than all that is read from it.
    """

    def __init__(self, policy: Policy | str | Path = "default", *, explain: bool = False) -> None:
        self.policy = policy if isinstance(policy, Policy) else load_policy(policy)
        self._explain = explain
        nlp = load(self.policy, explain=explain)
        self._disclaimers = cast("Disclaimers", nlp.get_pipe("disclaimers"))
        self._passages = cast("Passages", nlp.get_pipe("passages"))
        self._recommendations = cast("Recommendations", nlp.get_pipe("recommendations"))
        # Judging what is clearly no recommendation costs as much again.
        self._recommendations.judge_all = not RECOMMENDATIONS.issuperset(self.policy.recommendations.kinds)
        self._rules = all_rules()
        self._context = Context(self.policy, self._disclaimers.registry, self.model.threshold)

    @property
    def model(self) -> Model:
        """The classifier: its card says what made it."""
        return self._recommendations.model

    @property
    def registry(self) -> Registry:
        """The registered disclaimers, the policy's own among them."""
        return self._context.registry

    @property
    def thresholds(self) -> dict[str, float]:
        """The probability from which each kind in the policy's scope is reported."""
        return {kind: self._context.threshold_for(kind) for kind in self.policy.recommendations.kinds}

    def check(self, posts: Iterable[Post], *, workers: int = 1) -> Iterator[tuple[Post, tuple[Finding, ...]]]:
        """Stream `(post, findings)` in the order of `posts`."""
        for checked in self.examine(posts, workers=workers):
            yield checked.post, checked.findings

    def check_text(self, text: str, *, text_format: TextFormat = "plain") -> tuple[Finding, ...]:
        """The findings for one text."""
        return self._examine_batch([Post("", text, format=text_format)])[0].findings

    def examine(self, posts: Iterable[Post], *, workers: int = 1) -> Iterator[Checked]:
        """Stream all that is known of each post, in the order of `posts`; memory holds a few batches.

        `workers`: how many processes; 0 begins in this one and goes on in one per core if the posts turn out many.
        """
        return chain.from_iterable(self.examine_batches(posts, workers=workers))

    def examine_batches(self, posts: Iterable[Post], *, workers: int = 1) -> Iterator[list[Checked]]:
        """The same, batch by batch: a run that goes on after a whole batch has the batches that it would have had.

        Only then are probabilities the same to the last digit, as sums in floating point depend on the batch.
        """
        batches = _batches(posts)
        if workers == 1:
            return map(self._examine_batch, batches)
        if workers == 0:
            return self._examine_as_needed(batches)
        return _examine_in_processes(self.policy, batches, workers)

    def _examine_as_needed(self, batches: Iterator[list[Post]]) -> Iterator[list[Checked]]:
        """Of a pipe nobody knows how long it is, of a packed file hardly: a few posts must not pay for processes."""
        characters = 0
        for batch in batches:
            yield self._examine_batch(batch)
            characters += sum(len(post.text) for post in batch)
            if characters > SERIAL_CHARACTERS and cores() > 1:
                break
        else:
            return
        yield from _examine_in_processes(self.policy, batches, cores())

    def recheck(self, post: Post, memory: Memory) -> Checked:
        """What `examine` says of the post, in the time that its changes since the last call with this memory take."""
        view = read_view(compose(post), post.format, memory)
        text = read_text(view.text, memory)
        regions = regions_in_view(post, view)
        disclaimers = self._disclaimers.predict(view, regions)
        passages = text.passages(view, regions=regions, disclaimers=disclaimers)
        [judged] = self._judge([text.tokens], [passages])
        reading = _reading(post, view, language=detect_language(view.text), judged=judged, disclaimers=disclaimers)
        if view.hidden:
            reading = self._with_what_opens(reading, view)
        return self._conclude(assess(reading, self._context))

    def readings(self, posts: Iterable[Post]) -> Iterator[Reading]:
        """Stream what the pipeline and the policy's requirements say, before any rule: for `explain`."""
        for batch in _batches(posts):
            yield from self._read_batch(batch)

    def _examine_batch(self, posts: Sequence[Post]) -> list[Checked]:
        return [self._conclude(reading) for reading in self._read_batch(posts)]

    def _read_batch(self, posts: Sequence[Post]) -> list[Reading]:
        views = [make_view(compose(post), text_format=post.format) for post in posts]
        regions = [regions_in_view(post, view) for post, view in zip(posts, views, strict=True)]
        disclaimers = list(map(self._disclaimers.predict, views, regions))
        passages = list(map(self._passages_in, views, regions, disclaimers))
        judged = self._judge([read_tokens(view.text) for view in views], passages)
        readings = list(map(self._reading, posts, views, disclaimers, passages, judged))
        return [assess(reading, self._context) for reading in readings]

    def _passages_in(
        self, view: View, regions: Sequence[Region], disclaimers: Sequence[DisclaimerReading]
    ) -> tuple[Passage, ...]:
        return self._passages.predict(view.text, view, regions=regions, disclaimers=disclaimers)

    def _judge(self, texts: Sequence[Tokens], passages: Sequence[Sequence[Passage]]) -> list[Judged]:
        """The judgements of the claims among these passages."""
        judged: list[Judged] = []
        for batch in in_batches(texts, BATCH_POSTS):
            of_batch = zip(batch, passages[len(judged) :], strict=False)
            bounds = [own or simple_passages(tokens.text) for tokens, own in of_batch]
            judged += self._recommendations.judge(batch, bounds)
        return judged

    def _reading(
        self,
        post: Post,
        view: View,
        disclaimers: tuple[DisclaimerReading, ...],
        passages: Sequence[Passage],
        judged: Judged,
    ) -> Reading:
        reading = _reading(post, view, language=detect_language(view.text), judged=judged, disclaimers=disclaimers)
        if view.hidden:
            reading = self._with_what_opens(reading, view)
        if not self._explain:
            return reading
        return replace(reading, passages=tuple(Passage(*view.span(one.start, one.end), one.role) for one in passages))

    def _with_what_opens(self, reading: Reading, view: View) -> Reading:
        """Judge also what readers open with a click: each stretch as a whole, by its worst passage."""
        opened = [each for each in view.hidden if each.reason in OPENED_BY_A_CLICK]
        judged = [(each, self._judge_hidden(each)) for each in opened]
        worst = [(each, max(found.judgements, key=_probability)) for each, found in judged if found.judgements]
        extra = tuple(replace(judgement, start=each.start, end=each.end) for each, judgement in worst)
        known = (reading.score, *(found.score for _, found in judged))
        score = max((one for one in known if one is not None), default=None)
        return replace(reading, judgements=reading.judgements + extra, score=score)

    def _judge_hidden(self, hidden: Hidden) -> Judged:
        text = hidden.text
        passages = self._passages.predict(text, disclaimers=self._disclaimers.predict(make_view(text)))
        return self._judge([read_tokens(text)], [passages])[0]

    def _comments_in(self, post: Post) -> tuple[Suppression, ...]:
        return suppressions(post.text, post.format) if self.policy.suppressions.allow else ()

    def _conclude(self, reading: Reading) -> Checked:
        findings = chain.from_iterable(rule.check(reading, self._context) for rule in self._rules)
        ordered = sorted(findings, key=lambda finding: (finding.field == "text", finding.start, finding.end))
        standing, suppressed = parted(ordered, self._comments_in(reading.post))
        return Checked(
            post=reading.post,
            findings=standing,
            suppressed=suppressed,
            disclaimers=tuple(map(reading.in_field, reading.disclaimers)),
            language=reading.language,
            abstained=reading.language not in READABLE,
            score=None if reading.score is None else round(reading.score, SCORE_DIGITS),
        )


def _batches(posts: Iterable[Post]) -> Iterator[list[Post]]:
    """Batches bounded by posts and by characters, so that huge posts do not pile up."""
    batch: list[Post] = []
    characters = 0
    for post in posts:
        batch.append(post)
        characters += len(post.text)
        if len(batch) == BATCH_POSTS or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _examine_in_processes(policy: Policy, batches: Iterable[Sequence[Post]], workers: int) -> Iterator[list[Checked]]:
    parcels = map(Parcel, batches)
    for posts, found in in_processes(partial(_examine_elsewhere, policy), parcels, workers=workers):
        yield [Checked(post, *each) for post, each in zip(posts.values, found.values, strict=True)]


def _probability(judgement: Judgement) -> float:
    return judgement.probability


_detectors: dict[tuple[str, str, bool | None], Detector] = {}


def _key(policy: Policy) -> tuple[str, str, bool | None]:
    return policy.checksum, policy.model, policy.suppressions.allow


def _examine_elsewhere(policy: Policy, posts: Parcel[Post]) -> Parcel[Findings]:
    """Check a batch in a worker process, which builds its detector once. The posts need not travel back."""
    key = _key(policy)
    if key not in _detectors:
        _detectors[key] = Detector(policy)
        settle()
    return Parcel(
        [
            (each.findings, each.disclaimers, each.language, each.abstained, each.score, each.suppressed)
            for each in _detectors[key]._examine_batch(posts.values)
        ]
    )


def _reading(
    post: Post, view: View, *, language: str, judged: Judged, disclaimers: tuple[DisclaimerReading, ...]
) -> Reading:
    judgements, score = (judged.judgements, judged.score) if language in READABLE else ((), None)
    if view.starts is not None:
        judgements = tuple(in_source(judgement, view) for judgement in judgements)
    return Reading(post, view.source, language, judgements=judgements, score=score, disclaimers=disclaimers)
