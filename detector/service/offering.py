"""What an author can do about findings, as our own protocol writes it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from detector.checked import finding_id, text_checksum
from detector.fixes import Offer
from detector.service.fixing import offers
from detector.service.judged import Judged
from detector.service.state import Service


class OfferRecord(msgspec.Struct):
    """Replace `start:end` (code points of `field`) by `replacement`; `exact`: there is one right answer."""

    action: str
    title: str
    field: str
    start: int
    end: int
    replacement: str
    exact: bool


class FindingFixes(msgspec.Struct):
    """What the author can do about the finding of that id, the gentlest change first."""

    finding: str
    fixes: list[OfferRecord]


def offer_record(offer: Offer) -> OfferRecord:
    """One change that was tried."""
    fix = offer.fix
    return OfferRecord(offer.action, fix.title, offer.field, fix.start, fix.end, fix.replacement, offer.exact)


async def fixes_of(
    service: Service, judged: Sequence[Judged], *, policy: str | None, seconds: float
) -> list[list[FindingFixes]]:
    """For each post, fixes for each of its findings, in their order; within `seconds` for all of them together."""
    until = asyncio.get_running_loop().time() + seconds
    return [await _of_one(service, each, policy=policy, until=until) for each in judged]


async def _of_one(service: Service, judged: Judged, *, policy: str | None, until: float) -> list[FindingFixes]:
    found = judged.checked.findings if judged.checked else ()
    if not found:
        return []
    left = until - asyncio.get_running_loop().time()
    tried = await offers(service, judged.post, found, wanted=found, policy=policy, seconds=left)
    checksum = text_checksum(judged.post.text)
    ids = [finding_id(each, text_checksum=checksum, policy_checksum=judged.policy_checksum) for each in found]
    return [FindingFixes(name, list(map(offer_record, each))) for name, each in zip(ids, tried, strict=True)]
