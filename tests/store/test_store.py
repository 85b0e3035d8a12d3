"""Checks, standing decisions, labels and retention, on both databases."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from store_samples import ADVICE, POLICY, TEXT, check, decision

from detector.errors import ConfigError
from detector.finding import Severity
from detector.labelled import read_public
from detector.service.store import log, queue
from detector.service.store.database import open_database
from detector.service.store.queue import Wanted
from detector.service.store.records import Action, ContextPost, Label
from detector.service.store.statistics import overrules, wilson
from detector.service.store.store import DecidedMeanwhileError, Store
from detector.service.store.tables import metadata


def everything(store: Store) -> str:
    """All that the database holds, as one text."""
    with store.database.read() as connection:
        names = inspect(connection).get_table_names()
        rows = [connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names]  # noqa: S608 (our names)
    return repr(rows)


def waiting(store: Store, **wanted: object) -> list[str]:
    return [post.post_id for post in queue.list_posts(store.database, Wanted(**wanted)).posts]


def test_a_check_is_written_once(store: Store) -> None:
    assert store.record([check(1), check(2)]) == 2
    assert store.record([check(2), check(1), check(3)]) == 1
    assert waiting(store) == ["1", "2", "3"]


def test_migrations_and_tables_agree(store: Store) -> None:
    with store.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_twice_changes_nothing(open_store: Callable[..., Store]) -> None:
    first = open_store()
    first.record([check(1)])
    assert waiting(open_store()) == ["1"]


def test_a_store_from_the_future_is_refused(open_store: Callable[..., Store], url: str) -> None:
    with open_store().database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer than this package"):
        open_database(url)


def test_a_clean_post_leaves_no_trace(store: Store) -> None:
    assert store.record([check(1, "Nice weather.", ())]) == 0
    assert "Nice weather" not in everything(store)


def test_a_decision_stands_until_the_text_changes(store: Store) -> None:
    before, after = check(1), check(1, TEXT + " Really.")
    store.record([before])
    seq = store.decide(decision(before))
    standing = store.standing(before.content_hash, POLICY)
    assert standing is not None
    assert (standing.seq, standing.action, standing.by) == (seq, Action.APPROVE, "ann")
    assert store.standing(after.content_hash, POLICY) is None
    assert store.standing(before.content_hash, "q" * 64) is None
    assert waiting(store) == []
    store.record([after])
    assert waiting(store) == ["1"]
    assert queue.list_posts(store.database, Wanted()).posts[0].text == after.text
    store.record([before])  # the author takes the edit back: what was approved is approved
    assert waiting(store) == []


def test_an_approved_text_is_not_flagged_again_elsewhere(store: Store) -> None:
    store.record([check(1)])
    store.decide(decision(check(1)))
    store.record([check("copy")])
    assert waiting(store) == []


def test_an_edit_to_something_clean_takes_the_post_out_of_the_queue(store: Store) -> None:
    store.record([check(1)])
    store.record([check(1, "Nice weather.", ())])
    assert waiting(store) == []
    assert waiting(store, state="lapsed") == ["1"]


def test_a_newer_policy_replaces_the_older_check(store: Store) -> None:
    store.record([check(1)])
    store.decide(decision(check(1)))
    store.record([check(1, policy_checksum="q" * 64)])
    assert [post.policy_checksum for post in queue.list_posts(store.database, Wanted()).posts] == ["q" * 64]


def test_another_model_judges_anew(store: Store) -> None:
    store.record([check(1)])
    store.record([check(1, findings=(ADVICE,), model_checksum="n" * 64)])
    (post,) = queue.list_posts(store.database, Wanted()).posts
    assert (post.model_checksum, len(post.findings)) == ("n" * 64, 1)


def test_undo_is_a_decision_too(store: Store) -> None:
    store.record([check(1)])
    store.decide(decision(check(1), Action.REJECT))
    assert store.decide(decision(check(1), Action.UNDO)) == 2
    assert store.standing(check(1).content_hash, POLICY) is None
    assert waiting(store) == ["1"]
    assert [entry.action for entry in log.history(store.database, "forum", "1")] == ["reject", "undo"]


def test_two_moderators_do_not_overwrite_each_other(store: Store) -> None:
    store.record([check(1)])
    store.decide(decision(check(1)), seen=None)
    with pytest.raises(DecidedMeanwhileError):
        store.decide(decision(check(1), Action.REJECT), seen=None)
    assert store.decide(decision(check(1), Action.REJECT), seen=1) == 2
    assert [entry.action for entry in log.entries(store.database)] == ["approve", "reject"]


def test_the_worst_and_oldest_come_first(store: Store) -> None:
    store.record([check(1, severity=Severity.NOTICE), check(2, severity=Severity.ERROR)])
    store.record([check(3, severity=Severity.WARNING), check(4, severity=Severity.ERROR)])
    assert waiting(store) == ["2", "4", "3", "1"]
    assert waiting(store, order="newest") == ["4", "3", "2", "1"]
    assert queue.open_counts(store.database) == {Severity.NOTICE: 1, Severity.WARNING: 1, Severity.ERROR: 2}


def test_pages_hold_every_post_once(store: Store) -> None:
    store.record([check(number, f"{TEXT} {number}") for number in range(60)])
    pages = [queue.list_posts(store.database, Wanted(page=page)) for page in (1, 2, 3, 99)]
    assert [len(page.posts) for page in pages] == [25, 25, 10, 10]
    assert {post.post_id for page in pages for post in page.posts} == set(map(str, range(60)))
    assert (pages[0].total, pages[0].pages, pages[3].page) == (60, 3, 3)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"search": "nvda EARNINGS"}, ["1"]),
        ({"search": "100%"}, ["2"]),
        ({"search": "quay"}, ["1", "2"]),
        ({"search": "_"}, []),
        ({"kind": "action"}, ["1", "2"]),
        ({"kind": "act"}, []),
        ({"rule": "disclaimer_altered"}, ["1"]),
        ({"severity": "error"}, ["1"]),
        ({"source": "forum"}, ["1", "2"]),
        ({"source": "elsewhere"}, []),
        ({"verdict": "review"}, ["1", "2"]),
    ],
)
def test_filters(store: Store, wanted: dict[str, str], found: list[str]) -> None:
    store.record([check(1), check(2, "You should put 100% into ASTS, all of you.", (replace(ADVICE, end=40),))])
    if wanted == {"search": "_"}:  # not a wildcard, though rules have one in their names
        wanted, found = {"search": "N_DA"}, []
    assert waiting(store, **wanted) == found


def test_neighbours_and_relatives(store: Store) -> None:
    store.record([check(1), check(2, "a " + TEXT, parent="1"), check(3, "b " + TEXT, parent="1")])
    posts = {post.post_id: post for post in queue.list_posts(store.database, Wanted()).posts}
    ids = [posts[name].id for name in "123"]
    assert queue.neighbours(store.database, Wanted(), ids[1]) == (ids[0], ids[2])
    parents, children = queue.relatives(store.database, posts["1"])
    assert ([each.post_id for each in parents], [each.post_id for each in children]) == ([], ["2", "3"])
    assert [each.post_id for each in queue.relatives(store.database, posts["3"])[0]] == ["1"]


def test_no_text_is_kept_unless_asked_for(open_store: Callable[..., Store]) -> None:
    store = open_store(keep_text=False)
    about = check(1, title="A title of mine", context=(ContextPost("parent", "0", "what came before"),))
    store.record([about])
    store.decide(decision(about, Action.REJECT))
    held = everything(store)
    for words in (TEXT, TEXT[9:45], "should buy", "of mine", "came before", "'no'"):
        assert words not in held
    (label,) = store.labels()
    assert label.text is None
    assert (label.sha256, label.passages) == (about.content_hash, (Label(26, 62, "action", "instrument"),))


def test_retention_takes_texts_and_leaves_hashes_and_log(open_store: Callable[..., Store]) -> None:
    store = open_store(retention_days=30)
    store.record([check(1, title="A title of mine")])
    store.decide(decision(check(1, title="A title of mine")))
    head = log.prove(store.database).head
    assert store.purge(now=datetime.now(UTC) + timedelta(days=29)) == 0
    assert store.purge(now=datetime.now(UTC) + timedelta(days=31)) == 1
    assert store.purge(now=datetime.now(UTC) + timedelta(days=31)) == 0
    held = everything(store)
    for words in ("should buy", "of mine", "quay", "forum.example"):
        assert words not in held
    assert check(1, title="A title of mine").content_hash in held
    chain = log.prove(store.database, noted=head)
    assert (chain.broken, chain.noted, chain.entries) == (None, 1, 2)
    assert [entry.action for entry in log.entries(store.database)] == ["approve", "purge"]
    store.record([check(1, title="A title of mine")])  # a re-check of what was purged does not bring it back
    assert "should buy" not in everything(store)


def test_decisions_become_labels_that_training_reads(store: Store, tmp_path: Path) -> None:
    about = [check(number, f"{TEXT} {number}") for number in range(4)]
    store.record(about)
    store.decide(decision(about[0], Action.APPROVE))
    store.decide(decision(about[1], Action.REJECT))
    store.decide(decision(about[2], Action.WRONG_SPAN, labels=(Label(20, 45, "action", "instrument"),)))
    store.decide(decision(about[3], Action.WRONG_KIND, labels=(Label(9, 45, "entry_exit", "instrument"),)))
    file = tmp_path / "labels.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(label) + b"\n" for label in store.labels()))
    approved, rejected, moved, renamed = read_public(file)
    assert [(each.kind, each.unsure) for each in approved.passages] == [("other", True)]
    assert [(each.start, each.end, each.kind) for each in rejected.passages] == [(9, 45, "action")]
    assert rejected.text[9:45] == TEXT[9:45]
    assert [(each.start, each.kind) for each in moved.passages] == [(20, "action")]
    assert [(each.start, each.kind) for each in renamed.passages] == [(9, "entry_exit")]
    assert json.loads(file.read_text().splitlines()[0])["dataset"] == "review"


def test_what_is_undone_is_no_label(store: Store) -> None:
    store.record([check(1)])
    store.decide(decision(check(1)))
    store.decide(decision(check(1), Action.UNDO))
    assert list(store.labels()) == []
    assert overrules(store.database) == []


def test_overrules_are_counted_by_rule_and_kind(store: Store) -> None:
    about = [check(number, f"{TEXT} {number}") for number in range(4)]
    store.record(about)
    store.decide(decision(about[0], Action.APPROVE))
    store.decide(decision(about[1], Action.REJECT))
    store.decide(decision(about[2], Action.WRONG_KIND, labels=(Label(9, 45, "entry_exit", "instrument"),)))
    store.decide(decision(about[3], Action.WRONG_SPAN, labels=(Label(20, 45, "action", "instrument"),)))
    rows = {(row.rule, row.kind): row for row in overrules(store.database)}
    advice, altered = rows["recommendation", "action"], rows["disclaimer_altered", ""]
    assert (advice.decided, advice.overruled, advice.moved, advice.renamed) == (4, 1, 1, 1)
    assert (altered.decided, altered.overruled, altered.moved, altered.renamed) == (4, 1, 0, 0)
    assert advice.low < advice.share < advice.high


def test_what_was_upheld_in_an_authors_posts_is_counted(store: Store) -> None:
    about = [check(number, f"{TEXT} {number}") for number in range(3)]
    store.record(about)
    store.decide(decision(about[0], Action.REJECT))
    store.decide(decision(about[1], Action.APPROVE))
    assert (store.upheld("forum", "quay"), store.upheld("forum", "anna"), store.upheld("other", "quay")) == (2, 0, 0)


def test_wilson_against_published_values() -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3."""
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (hits, trials), expected in published.items():
        assert wilson(hits, trials) == pytest.approx(expected, abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_awkward_text_is_held_with_its_offsets(store: Store) -> None:
    """PostgreSQL holds neither NUL nor unpaired surrogates."""
    about = check("x\0\ud800", f"\0\ud800{TEXT}\U0001f680", (replace(ADVICE, start=11, end=47),))
    store.record([about])
    assert store.record([about]) == 0
    store.decide(decision(about, reason="nul \0 here", by="\udfff"))
    (label,) = store.labels()
    assert label.text == f"\ufffd\ufffd{TEXT}\U0001f680"
    assert log.prove(store.database).broken is None


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense", "sqlite+aiosqlite:///x"])
def test_what_no_store_can_live_in(url: str) -> None:
    with pytest.raises(ConfigError, match="sqlite:///path"):
        open_database(url)


def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(ConfigError, match="does not answer") as caught:
        open_database("postgresql://ann:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)
