"""Posts to engines and back: engines and one bounded queue for each policy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detector.checked import Checked
from detector.errors import ConfigError, DetectorError
from detector.policy import Policy, load_policy
from detector.post import Post
from detector.rules import all_rules
from detector.service.engines import Engine, ProcessEngine, ThreadEngine
from detector.service.lane import Job, Lane
from detector.service.settings import Queue, ServiceSettings

if TYPE_CHECKING:
    from detector.engine import Detector


class Overloaded(DetectorError):  # noqa: N818 (it names a state of affairs)
    """The queue is full, or the service is stopping; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many posts are waiting")
        self.retry_after = retry_after


class TooSlow(DetectorError):  # noqa: N818 (it names a state of affairs)
    """No answer within the caller's budget."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks posts for any number of concurrent callers. Built by `start_checker`, ended by `close`."""

    default: str
    lanes: dict[str, Lane] = field(default_factory=dict)

    def policy(self, name: str | None = None) -> Policy:
        """The policy of that name, or the one that holds where none is named. Raises `ConfigError`."""
        return self._lane(name).policy

    async def check(
        self, posts: Sequence[Post], *, policy: str | None = None, budget: float | None = None
    ) -> list[Checked]:
        """Check the posts, in their order; `budget` is in seconds.

        Raises `Overloaded` at once when they do not fit into the queue, `TooSlow` when the budget is spent
        (what still waits is then dropped), and `ConfigError` for a policy that is not served.
        """
        lane = self._lane(policy)
        loop = asyncio.get_running_loop()
        jobs = [Job(post, loop, loop.create_future()) for post in posts]
        if not lane.put(jobs):
            raise Overloaded(lane.seconds_behind())
        try:
            async with asyncio.timeout(budget):
                return [await job.answer for job in jobs]
        except TimeoutError:
            raise TooSlow(f"no answer within {budget} s") from None
        finally:
            for job in jobs:
                job.answer.cancel()

    @property
    def model_checksum(self) -> str:
        """Of the classifier; empty until an engine is loaded."""
        return next((lane.model_checksum for lane in self.lanes.values()), "")

    @property
    def waiting(self) -> int:
        """Posts in all queues."""
        return sum(lane.waiting for lane in self.lanes.values())

    @property
    def ready(self) -> bool:
        """Whether every policy has an engine that takes posts."""
        return all(lane.ready for lane in self.lanes.values())

    async def close(self, *, seconds: float) -> None:
        """Take no more posts, finish what waits (at most so long), end the threads."""
        for lane in self.lanes.values():
            lane.close()
        ends = (asyncio.to_thread(lane.join, seconds) for lane in self.lanes.values())
        await asyncio.gather(*ends)

    def _lane(self, name: str | None) -> Lane:
        name = name or self.default
        if name not in self.lanes:
            raise ConfigError("policy", f"{name!r} is not served", f"served: {', '.join(self.lanes)}")
        return self.lanes[name]


def checker_for(settings: ServiceSettings) -> Checker:
    """Start the engines of every policy that is served. Raises `ConfigError`."""
    policies = {name: _policy(name) for name in settings.served}
    return start_checker(policies, settings.policy, queue=settings.queue)


def _policy(name: str) -> Policy:
    """The policy, when every rule that its verdicts name is one. Raises `ConfigError`."""
    policy = load_policy(name)
    known = [rule.name for rule in all_rules()]
    for rule in (rule for clause in policy.verdicts.clauses for rule in clause.rules):
        if rule not in known:
            raise ConfigError(policy.path, f"verdicts.clauses.rules: unknown {rule!r}", f"known: {', '.join(known)}")
    return policy


def start_checker(
    policies: dict[str, Policy],
    default: str,
    *,
    queue: Queue | None = None,
    engine: Callable[[Policy], Detector] | None = None,
) -> Checker:
    """A checker whose engines load beside the caller. The names are those that requests use.

    `queue.engines` says how many processes each policy gets; with none, or for an `engine` that is given, a thread.
    """
    queue = queue or Queue()
    return Checker(
        default, {name: Lane(policy, queue, _engines(policy, queue, engine)) for name, policy in policies.items()}
    )


def _engines(policy: Policy, queue: Queue, make: Callable[[Policy], Detector] | None) -> list[Engine]:
    if make is None and queue.engines:
        return [ProcessEngine(policy) for _ in range(queue.engines)]
    if make is None:
        from detector.engine import Detector  # and with it NumPy, which only engines need

        make = Detector
    return [ThreadEngine(policy, make)]
