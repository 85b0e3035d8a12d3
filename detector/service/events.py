"""Outgoing events by Standard Webhooks 1.0.0: what was judged, without the post's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

from detector.checked import text_checksum
from detector.service.judged import Judged
from detector.service.outbox import Delivery
from detector.service.settings import Webhooks
from detector.verdict import Verdict

TYPE = "post.judged"
FINDINGS_SENT = 20  # keeps a payload below the standard's 20 kB


def delivery_for(judged: Judged, *, source: str, settings: Webhooks) -> Delivery | None:
    """The event for one post; None when nobody wants it."""
    least = Verdict(settings.send_from).gravity
    if not settings.send_to or judged.checked is None or judged.ruling.verdict.gravity < least:
        return None
    now = datetime.now(UTC)
    payload = {"type": TYPE, "timestamp": now.isoformat(), "data": event(judged, source)}
    content = msgspec.json.encode(payload).decode()
    identity = f"msg_{uuid4().hex}"
    return Delivery(
        settings.send_to, content.encode(), lambda: signed(content, identity=identity, secret=settings.send_secret)
    )


def event(judged: Judged, source: str) -> dict[str, Any]:
    """Ids, places and numbers."""
    findings = judged.checked.findings if judged.checked else ()
    return {
        "source": source,
        "post": judged.post.id,
        "sha256": text_checksum(judged.post.text),
        "policy_checksum": judged.policy_checksum,
        "verdict": judged.ruling.verdict,
        "because": judged.ruling.because,
        "findings": [
            {
                "rule": each.rule,
                "kind": each.kind,
                "field": each.field,
                "start": each.start,
                "end": each.end,
                "severity": each.severity.label,
                "probability": each.probability,
                "integrity": each.integrity,
            }
            for each in findings[:FINDINGS_SENT]
        ],
    }


def signed(content: str, *, identity: str, secret: str) -> Mapping[str, str]:
    """The headers of one attempt."""
    from standardwebhooks.webhooks import Webhook  # most services send no events

    now = datetime.now(UTC)
    return {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, now, content),
    }
