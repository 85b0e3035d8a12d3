"""The evidence log as a chain of hashes: what an entry is, what its hash covers, and whether a chain holds.

An entry's hash is the SHA-256 of its canonical JSON (keys sorted, no spaces, ASCII) with the previous entry's hash
inside. Nobody can change, drop, swap or insert an entry without changing every hash after it; whoever keeps the last
hash elsewhere also sees it when the log's end is cut off or the whole log is rewritten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

SCHEMA = "detector.evidence/1"
GENESIS = "0" * 64  # what the first entry follows


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry. `labels` is canonical JSON; entries that are about no post leave its fields empty."""

    seq: int
    at: str
    by: str
    action: str
    source: str
    post_id: str
    content_hash: str
    policy_checksum: str
    model_checksum: str
    reason: str
    labels: str
    previous: str
    hash: str = ""
    schema: str = SCHEMA


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not belong: its place (1-based) and what is wrong with it."""

    place: int
    problem: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What a log turned out to be: how many entries hold, the last good hash, and where it breaks."""

    entries: int
    head: str
    broken: Broken | None = None
    noted: int | None = None  # the entry whose hash the caller had noted earlier


def canonical(entry: Entry) -> bytes:
    """The bytes that an export holds for the entry, its hash included."""
    return _json(msgspec.to_builtins(entry))


def sealed(entry: Entry) -> Entry:
    """The entry with its hash filled in."""
    return msgspec.structs.replace(entry, hash=entry_hash(entry))


def entry_hash(entry: Entry) -> str:
    """SHA-256 over everything in the entry but the hash itself."""
    content = msgspec.to_builtins(entry)
    del content["hash"]
    return hashlib.sha256(_json(content)).hexdigest()


def verify(entries: Iterable[Entry], *, noted: str = "") -> Chain:
    """Follow the chain from its start to the first entry that does not hold. Streams.

    `noted`: a hash that was the log's head once; a log that does not contain it was cut or rewritten.
    """
    chain = Chain(0, GENESIS, noted=0 if noted == GENESIS else None)
    for entry in entries:
        problem = _problem(entry, chain)
        if problem:
            return _with(chain, broken=Broken(chain.entries + 1, problem))
        chain = Chain(entry.seq, entry.hash, noted=entry.seq if entry.hash == noted else chain.noted)
    if noted and chain.noted is None:
        problem = f"no entry has the noted hash {noted}: the log's end was cut off, or the log was rewritten"
        return _with(chain, broken=Broken(chain.entries + 1, problem))
    return chain


def _with(chain: Chain, *, broken: Broken) -> Chain:
    return Chain(chain.entries, chain.head, broken, chain.noted)


def _problem(entry: Entry, chain: Chain) -> str:
    expected = chain.entries + 1
    if entry.schema != SCHEMA:
        return f"is of schema {entry.schema}, not {SCHEMA}"
    if entry.seq != expected:
        return f"entry {entry.seq} stands where entry {expected} should"
    if entry.previous != chain.head:
        return f"entry {entry.seq} does not follow from entry {chain.entries}"
    if entry.hash != entry_hash(entry):
        return f"entry {entry.seq} is not what its hash was made from"
    return ""


def _json(content: dict[str, object]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
