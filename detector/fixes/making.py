"""Which changes are offered for a finding: candidates, each checked anew in the whole post before it is offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from detector.finding import Finding, Fix
from detector.fixes.cutting import passage_offers, suppression_offers
from detector.fixes.disclaimers import disclaimer_offers
from detector.fixes.offer import Action, Check, Offer, apply
from detector.fixes.rewording import rewordings
from detector.policy import Policy
from detector.post import Post
from detector.registry import Registry

MOST = {Action.INSERT: 3, Action.RESTORE: 1, Action.SOFTEN: 2, Action.REMOVE: 2, Action.QUOTE: 1, Action.SUPPRESS: 2}
# One thing found: its rule, its disclaimer, its words, so that one in another place is still the same.
_Key = tuple[str, str, str, str]


def fixes_for(finding: Finding, post: Post, *, policy: Policy, registry: Registry, check: Check) -> tuple[Offer, ...]:
    """What the author can do about one finding of `post`, the gentlest change first; empty when nothing helps.

    Each change was made and the whole post checked again with `check` (as the finding was made: same policy): the
    finding is gone, nothing else came. Rewordings use the author's own words only. Suppressions are offered where the
    policy allows them, by name (`suppressions.allow`).
    """
    counts: Counter[Action] = Counter()
    titles: set[str] = set()
    found: list[Offer] = []
    before = Counter(map(_key, check(post)))
    for offer in _candidates(finding, post, policy=policy, registry=registry):
        is_wanted = counts[offer.action] < MOST[offer.action] and offer.fix.title not in titles
        if is_wanted and _helps(offer, finding, post, before=before, check=check):
            counts[offer.action] += 1
            titles.add(offer.fix.title)
            found.append(offer)
    return tuple(sorted(found, key=lambda offer: list(Action).index(offer.action)))


def _candidates(finding: Finding, post: Post, *, policy: Policy, registry: Registry) -> Iterator[Offer]:
    if finding.integrity is not None:
        yield from disclaimer_offers(finding, post, policy=policy, registry=registry)
    elif finding.rule == "suppression":
        return
    else:
        for action, title, text in rewordings(finding.text):
            yield Offer(action, Fix(title, finding.start, finding.end, text), finding.field)
        yield from passage_offers(finding, post)
    if policy.suppressions.allow:
        yield from suppression_offers(finding, post)


def _helps(offer: Offer, finding: Finding, post: Post, *, before: Counter[_Key], check: Check) -> bool:
    after = Counter(map(_key, check(apply(post, offer))))
    expected = before - Counter([_key(finding)])
    return after[_key(finding)] <= expected[_key(finding)] and not after - expected


def _key(finding: Finding) -> _Key:
    words = " ".join(finding.text.split()) if finding.integrity is None else ""
    return finding.rule, finding.disclaimer or "", finding.integrity or "", words
