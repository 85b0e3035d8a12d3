"""Fixes for what was found in a post: each is tried on the policy's own engine before it is offered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import cache

from detector.finding import Finding
from detector.fixes import Check, Offer, fixes_for
from detector.policy import Policy
from detector.post import Post
from detector.registry import Registry, load_registry
from detector.service.checker import Overloaded, TooSlow
from detector.service.engines import Unchecked
from detector.service.state import Service


async def offers(
    service: Service,
    post: Post,
    found: Sequence[Finding],
    *,
    wanted: Sequence[Finding],
    policy: str | None,
    seconds: float,
) -> list[tuple[Offer, ...]]:
    """For each of `wanted`, which are some of all that was `found`, what an author can do; within `seconds` together.

    What was not tried in time, or could not be tried because the service is busy, is not offered.
    """
    chosen = service.checker.policy(policy)
    check = _check(service, post, found, policy=policy, seconds=seconds)
    return await asyncio.to_thread(lambda: list(_collected(post, wanted, chosen, check)))


def _collected(post: Post, findings: Sequence[Finding], policy: Policy, check: Check) -> Iterator[tuple[Offer, ...]]:
    registry = _registry(policy.disclaimer_folder and str(policy.disclaimer_folder))
    for finding in findings:
        try:
            yield fixes_for(finding, post, policy=policy, registry=registry, check=check)
        except (Overloaded, TooSlow, Unchecked):
            yield ()


def _check(service: Service, post: Post, known: Sequence[Finding], *, policy: str | None, seconds: float) -> Check:
    """A check for another thread than the loop's. It waits in the same queue as every post."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds

    def check(changed: Post) -> Sequence[Finding]:
        if changed is post:
            return known
        left = until - loop.time()
        if left <= 0:
            raise TooSlow("no time left to try fixes")
        work = service.checker.check([changed], policy=policy, budget=left)
        return asyncio.run_coroutine_threadsafe(work, loop).result()[0].findings

    return check


@cache
def _registry(folder: str | None) -> Registry:
    return load_registry([folder] if folder else [])
