"""The evidence log: what is written stays, and whatever is done to it shows."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from store_samples import check, decision

from detector.errors import InputError
from detector.service.store import log
from detector.service.store.evidence import GENESIS, Entry, canonical, sealed, verify
from detector.service.store.records import Action
from detector.service.store.store import Store

LENGTH = 12
TEXT_FIELDS = ("at", "by", "action", "source", "post_id", "content_hash", "policy_checksum", "reason", "labels")


def chain(length: int = LENGTH) -> list[Entry]:
    entries, previous = [], GENESIS
    for seq in range(1, length + 1):
        entry = Entry(
            seq, "2026-11-01T10:00:00.000000Z", "ann", "approve", "forum", f"post {seq}", "c" * 64, "p" * 64, "m" * 64,
            "fine, I read it", "[]", previous,
        )  # fmt: skip
        entries.append(sealed(entry))
        previous = entries[-1].hash
    return entries


CHAIN = chain()
HEAD = CHAIN[-1].hash


def test_an_untouched_chain_holds() -> None:
    found = verify(CHAIN, noted=HEAD)
    assert (found.entries, found.head, found.broken, found.noted) == (LENGTH, HEAD, None, LENGTH)


def test_an_empty_log_holds_and_follows_from_nothing() -> None:
    assert verify([]).head == GENESIS
    assert verify([], noted=HEAD).broken is not None


@given(st.integers(0, LENGTH - 1), st.sampled_from(TEXT_FIELDS), st.text(max_size=20))
def test_any_changed_field_is_found_where_it_was_changed(place: int, field: str, value: str) -> None:
    changed = msgspec.structs.replace(CHAIN[place], **{field: value})
    if changed == CHAIN[place]:
        return
    found = verify([*CHAIN[:place], changed, *CHAIN[place + 1 :]])
    assert found.broken is not None
    assert found.broken.place == place + 1


@given(st.integers(0, LENGTH - 2), st.text(max_size=20))
def test_a_changed_entry_with_its_hash_made_anew_is_found_at_the_next(place: int, reason: str) -> None:
    changed = sealed(msgspec.structs.replace(CHAIN[place], reason=reason + "!"))
    found = verify([*CHAIN[:place], changed, *CHAIN[place + 1 :]])
    assert found.broken is not None
    assert found.broken.place == place + 2


@given(st.integers(0, LENGTH - 1))
def test_a_dropped_entry_is_found(place: int) -> None:
    found = verify([*CHAIN[:place], *CHAIN[place + 1 :]], noted=HEAD)
    assert found.broken is not None
    assert found.broken.place == place + 1


@given(st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_swapped_entries_are_found(first: int, second: int) -> None:
    swapped = list(CHAIN)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    found = verify(swapped)
    assert (found.broken is None) == (first == second)
    assert found.broken is None or found.broken.place == min(first, second) + 1


@given(place=st.integers(0, LENGTH), copied=st.integers(0, LENGTH - 1), fitted=st.booleans())
def test_an_inserted_entry_is_found(*, place: int, copied: int, fitted: bool) -> None:
    """Even one that was made to follow from the entry before it."""
    intruder = CHAIN[copied]
    if fitted:
        previous = CHAIN[place - 1].hash if place else GENESIS
        intruder = sealed(msgspec.structs.replace(intruder, seq=place + 1, previous=previous, by="mallory"))
    found = verify([*CHAIN[:place], intruder, *CHAIN[place:]], noted=HEAD)
    appended = fitted and place == LENGTH  # the log may grow after its head was noted
    assert (found.broken is None) == appended
    assert appended or found.broken.place in (place + 1, place + 2)


def test_a_rewritten_log_holds_in_itself_but_not_against_a_noted_head() -> None:
    rewritten = chain(LENGTH - 1)
    assert verify(rewritten).broken is None
    broken = verify(rewritten, noted=HEAD).broken
    assert broken is not None
    assert "cut off" in broken.problem


EXPORT = b"".join(canonical(entry) + b"\n" for entry in CHAIN)


@pytest.fixture(scope="module")
def export_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export") / "log.jsonl"


@given(place=st.integers(0, len(EXPORT) - 1), byte=st.integers(0, 255))
def test_any_changed_byte_of_an_export_is_found(export_file: Path, place: int, byte: int) -> None:
    export_file.write_bytes(EXPORT[:place] + bytes([byte]) + EXPORT[place + 1 :])
    assert holds(export_file) == (EXPORT[place] == byte)


def holds(file: Path) -> bool:
    try:
        return verify(log.read_export(file), noted=HEAD).broken is None
    except InputError:
        return False


def test_an_export_may_not_say_a_thing_twice(tmp_path: Path) -> None:
    """What people read in the first of two equal keys must not differ from what the hash covers."""
    line = EXPORT.splitlines()[0].replace(b'{"action":"approve"', b'{"action":"reject","action":"approve"')
    (tmp_path / "log.jsonl").write_bytes(line + b"\n")
    with pytest.raises(InputError, match="not written as it was exported"):
        list(log.read_export(tmp_path / "log.jsonl"))


def test_decisions_are_chained_and_exported(store: Store, tmp_path: Path) -> None:
    store.record([check(number) for number in range(5)])
    numbers = [store.decide(decision(check(number), Action.REJECT, reason=f"é\u2028 {number}")) for number in range(5)]
    assert numbers == [1, 2, 3, 4, 5]
    (tmp_path / "log.jsonl").write_bytes(b"".join(log.export(store.database)))
    head = log.prove(store.database).head
    found = verify(log.read_export(tmp_path / "log.jsonl"), noted=head)
    assert (found.entries, found.head, found.broken) == (5, head, None)
    first = json.loads((tmp_path / "log.jsonl").read_bytes().splitlines()[0])
    about = check(0)
    assert first["content_hash"] == about.content_hash
    assert first["policy_checksum"] == about.policy_checksum
    assert first["model_checksum"] == about.model_checksum
    assert about.text not in (tmp_path / "log.jsonl").read_text()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence SET reason = 'other' WHERE seq = 1",
        "DELETE FROM evidence WHERE seq = 2",
        "DELETE FROM evidence",
    ],
)
def test_the_database_refuses_to_change_the_log(store: Store, statement: str) -> None:
    for number in range(2):
        store.decide(decision(check(number)))
    with pytest.raises(DatabaseError, match="append-only"), store.database.write() as connection:
        connection.execute(text(statement))
    assert log.prove(store.database).entries == 2


def test_the_database_refuses_other_ways_round(store: Store) -> None:
    """SQLite's REPLACE deletes without asking a DELETE trigger; PostgreSQL has TRUNCATE."""
    store.decide(decision(check()))
    replace = (
        "INSERT OR REPLACE INTO evidence SELECT seq, at, 'mallory', action, source, post_id, content_hash, "
        "policy_checksum, model_checksum, reason, labels, previous, hash FROM evidence WHERE seq = 1"
    )
    postgres = store.database.engine.dialect.name == "postgresql"
    with pytest.raises(DatabaseError, match="append-only"), store.database.write() as connection:
        connection.execute(text("TRUNCATE evidence CASCADE" if postgres else replace))
    assert log.prove(store.database).broken is None


def test_what_is_done_behind_the_triggers_shows(open_store: Callable[..., Store]) -> None:
    store = open_store()
    for number in range(4):
        store.decide(decision(check(number)))
    with store.database.write() as connection:
        postgres = connection.dialect.name == "postgresql"
        drop = "DROP TRIGGER evidence_no_change ON evidence" if postgres else "DROP TRIGGER evidence_no_update"
        connection.execute(text(drop))
        connection.execute(text("UPDATE evidence SET action = 'reject' WHERE seq = 3"))
    broken = log.prove(store.database).broken
    assert broken is not None
    assert broken.place == 3


def test_a_forged_standing_approval_shows(store: Store) -> None:
    """What stands is kept beside the log, for speed; it must be what the log says."""
    store.decide(decision(check(1, "one"), Action.REJECT))
    store.decide(decision(check(2, "two"), Action.APPROVE))
    store.decide(decision(check(2, "two"), Action.UNDO))
    assert log.stale(store.database) == []
    with store.database.write() as connection:
        connection.execute(text("UPDATE standing SET action = 'approve' WHERE seq = 1"))
    assert [found[0] for found in log.stale(store.database)] == [check(1, "one").content_hash]
