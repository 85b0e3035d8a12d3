"""Checks beside the event loop: one thread does them all, so that typing never waits for one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from detector.editor.buffers import Buffer, State
from detector.editor.diagnostics import Result, failed_result, make_result
from detector.editor.policies import Policies, policy_for
from detector.editor.settings import EditorSettings
from detector.engine import Detector
from detector.errors import ConfigError
from detector.finding import Finding
from detector.fixes import Offer, apply, fixes_for
from detector.pipeline.pieces import Memory
from detector.post import Post
from detector.registry import Registry

T = TypeVar("T")
MOST_FIXES = 20  # that are made at once


@dataclass(slots=True)
class Desk:
    """Where documents are checked: the settings in force, and the one thread that holds the detectors."""

    settings: EditorSettings = field(default_factory=EditorSettings)
    roots: Sequence[Path] = ()
    _policies: Policies = field(default_factory=Policies)
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="detector")
    )

    async def result(self, buffer: Buffer) -> Result:
        """What the newest state of the document holds; a state that was checked is not checked again."""
        return await self._beside(lambda: self._result(buffer))

    async def offers(
        self, buffer: Buffer, state: State, findings: Sequence[Finding]
    ) -> list[tuple[Finding, tuple[Offer, ...]]]:
        """What can be done about these findings of that state."""
        return await self._beside(lambda: [(each, self._offers(buffer, state, each)) for each in findings])

    async def mended(self, state: State) -> str:
        """The text with every change made that has one right answer."""
        return await self._beside(lambda: self._mended(state))

    async def registry(self, state: State) -> Registry:
        """The disclaimers that the document's policy knows."""
        return await self._beside(lambda: self._detector(state).registry)

    async def warm(self) -> None:
        """Load the model before the first document asks for it."""
        await self._beside(lambda: self._policies.detector("default"))

    def close(self) -> None:
        """Let the thread end; what waits is dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _detector(self, state: State) -> Detector:
        return self._policies.detector(policy_for(state.path, wanted=self.settings.policy, roots=self.roots))

    def _result(self, buffer: Buffer) -> Result:
        state = buffer.state
        try:
            detector = self._detector(state)
        except ConfigError as error:
            return failed_result(state, error)
        key = f"{state.serial} {detector.policy.checksum} {self.settings.docs_url}"
        if key not in buffer.results:
            checked = detector.recheck(state.post, buffer.memory)
            buffer.results.clear()
            buffer.results[key] = make_result(
                state, checked, policy_checksum=detector.policy.checksum, docs_url=self.settings.docs_url
            )
        result: Result = buffer.results[key]
        return result

    def _offers(self, buffer: Buffer, state: State, finding: Finding) -> tuple[Offer, ...]:
        detector = self._detector(state)
        key = f"{state.serial} {detector.policy.checksum} {finding.rule} {finding.start} {finding.end}"
        if key not in buffer.results:
            buffer.results[key] = _offers(detector, state.post, finding)
        found: tuple[Offer, ...] = buffer.results[key]
        return found

    def _mended(self, state: State) -> str:
        post, detector, memory = state.post, self._detector(state), Memory()
        for _ in range(MOST_FIXES):
            findings = detector.recheck(post, memory).findings
            exact = (each for finding in findings for each in _offers(detector, post, finding) if each.exact)
            offer = next(exact, None)
            if offer is None:
                break
            post = apply(post, offer)
        return post.text


def _offers(detector: Detector, post: Post, finding: Finding) -> tuple[Offer, ...]:
    memory = Memory()

    def check(changed: Post) -> Sequence[Finding]:
        return detector.recheck(changed, memory).findings

    return fixes_for(finding, post, policy=detector.policy, registry=detector.registry, check=check)
