"""HMAC signatures over raw bodies, as forums send them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

SCHEME = "sha256="


def is_signed(body: bytes, header: str, secrets: Sequence[str]) -> bool:
    """Whether the header (`sha256=<hex>`, several between commas) holds the body's signature by any of the secrets.

    Every signature is compared with every secret, in constant time each.
    """
    given = [part.strip().removeprefix(SCHEME).lower() for part in header.split(",") if part.strip().startswith(SCHEME)]
    signed = False
    for secret in secrets:
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
        for signature in given:
            signed |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return signed
