"""What can be done about a disclaimer: put it in, put it right, put it where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from detector.dates import day_of
from detector.finding import Edit, Finding, Fix, Integrity
from detector.fixes.cutting import without
from detector.fixes.offer import Action, Offer
from detector.policy import DisclaimerPolicy, Placement, Policy
from detector.post import Post
from detector.registry import Registry
from detector.registry.entry import FULL, SLOT
from detector.registry.insertion import as_markup, insertions
from detector.registry.placement import body_begin

ANY_STANDARD = "*"
NOT_SEEN = frozenset({Integrity.MISSING, Integrity.QUOTED, Integrity.CONCEALED})
_MARKUP = re.compile(r"[<*_`&]")


def disclaimer_offers(finding: Finding, post: Post, *, policy: Policy, registry: Registry) -> Iterator[Offer]:
    """Candidates for a finding about a disclaimer, the likeliest first."""
    if finding.integrity in NOT_SEEN:
        yield from _inserted(finding, post, policy=policy, registry=registry)
    elif finding.integrity is Integrity.MISPLACED:
        yield from _moved(finding, post, policy)
    elif finding.integrity is Integrity.DUPLICATED:
        cut = without(post.text, finding.start, finding.end)
        yield Offer(Action.REMOVE, replace(cut, title="Remove this copy of the disclaimer"))
    elif finding.fix is not None:
        yield from _restored(finding, post)


def _inserted(finding: Finding, post: Post, *, policy: Policy, registry: Registry) -> Iterator[Offer]:
    """The text that the policy names, in the version in force when the post was made; of several, one offer each."""
    for demand, name in _wanted(finding, post, policy):
        if name not in registry:
            continue
        entry = registry[name]
        variants = entry.version_on(day_of(post.created)).variants
        wording = variants[FULL].wording if FULL in variants else entry.wording
        if SLOT.search(wording):  # only the author knows what fills it
            continue
        is_named = name == finding.disclaimer
        title = "Insert the standard disclaimer" + ("" if is_named else f" “{entry.title}”")
        ways = insertions(
            post.text, wording, placement=demand.placement, text_format=post.format, begin=body_begin(post.regions)
        )
        for fix in ways:
            yield Offer(Action.INSERT, replace(fix, title=title), exact=is_named)


def _wanted(finding: Finding, post: Post, policy: Policy) -> Iterator[tuple[DisclaimerPolicy, str]]:
    """The named text by the requirement that speaks of the post; where any would do, those that the policy names."""
    due = [demand for demand in policy.disclaimers if demand.applies_to(post) and demand.when != "present"]
    if finding.disclaimer:
        yield from ((demand, finding.disclaimer) for demand in due if finding.disclaimer in demand.ids)
        return
    any_will_do = next((demand for demand in due if ANY_STANDARD in demand.ids), None)
    names = {name: None for demand in policy.disclaimers for name in demand.ids if name != ANY_STANDARD}
    if any_will_do is not None:
        yield from ((any_will_do, name) for name in names)


def _restored(finding: Finding, post: Post) -> Iterator[Offer]:
    """The registered words in place of the changed ones; the author's markup is kept where it can be."""
    fix = finding.fix
    if fix is None:
        return
    field = (post.title or "") if finding.field == "title" else post.text
    if not fix.replacement:
        yield Offer(Action.RESTORE, replace(without(field, fix.start, fix.end), title=fix.title), finding.field)
        return
    if _MARKUP.search(field, fix.start, fix.end):
        yield Offer(Action.RESTORE, _word_by_word(finding.edits, field, fix), finding.field, exact=True)
    written = as_markup(fix.replacement, post.format)
    yield Offer(Action.RESTORE, replace(fix, replacement=written), finding.field, exact=True)


def _word_by_word(edits: tuple[Edit, ...], field: str, fix: Fix) -> Fix:
    """Only the changed words replaced, so that markup between them stays."""
    pieces: list[str] = []
    last = fix.start
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < last:
            continue
        before, after = field[edit.start - 1 : edit.start], field[edit.end : edit.end + 1]
        expected = edit.expected
        if edit.start == edit.end:  # words that are gone: with the space that parts them from their neighbours
            expected = f"{' ' * before.isalnum()}{expected}{' ' * (after.isalnum() or after in ('<', '*', '_'))}"
        pieces += field[last : edit.start], expected
        last = edit.end
        if not edit.expected and before in (" ", "") and field[last : last + 1] == " ":
            last += 1
    return replace(fix, replacement="".join([*pieces, field[last : fix.end]]))


def _moved(finding: Finding, post: Post, policy: Policy) -> Iterator[Offer]:
    """Cut out and put where the policy wants it: one change that spans both places."""
    cut = without(post.text, finding.start, finding.end)
    bare = post.text[: cut.start] + cut.replacement + post.text[cut.end :]
    wording = post.text[finding.start : finding.end]
    shown = unescape(wording) if post.format == "html" else wording
    for placement in _placements(finding, post, policy):
        for put in insertions(
            bare, shown, placement=placement, text_format=post.format, begin=body_begin(post.regions)
        ):
            whole = bare[: put.start] + put.replacement + bare[put.end :]
            fix = _difference(post.text, whole, "Move the disclaimer to where the policy wants it")
            yield Offer(Action.RESTORE, fix, exact=True)


def _placements(finding: Finding, post: Post, policy: Policy) -> Iterator[Placement]:
    for demand in policy.disclaimers:
        if demand.applies_to(post) and {finding.disclaimer, ANY_STANDARD} & set(demand.ids):
            yield demand.placement


def _difference(before: str, after: str, title: str) -> Fix:
    """The smallest one change that turns `before` into `after`."""
    start = 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    tail = 0
    while tail < shorter - start and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return Fix(title, start, len(before) - tail, after[start : len(after) - tail])
