"""The commands around the store, as people run them."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import text
from store_samples import check, decision

from detector.__main__ import main
from detector.service.passwords import matches
from detector.service.store.accounts import Accounts, Role, User
from detector.service.store.records import Action
from detector.service.store.store import Store


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command line, in this process: starting a hundred interpreters would take minutes."""

    def run(*arguments: str, said: str = "") -> Done:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["detector", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        with pytest.raises(SystemExit) as stopped:
            main()
        sys.stdout.flush()
        return Done(int(stopped.value.code or 0), *capfd.readouterr())

    return run


@pytest.fixture
def filled(store: Store) -> Store:
    store.record([check(1), check(2, "b " + check(2).text)])
    store.decide(decision(check(1)))
    store.decide(decision(check(2, "b " + check(2).text), Action.REJECT))
    return store


@pytest.mark.usefixtures("filled")
def test_verify_log_of_a_store_and_of_its_export(detector: Run, url: str, tmp_path: Path) -> None:
    done = detector("verify-log", url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "verified"
    head = done.stdout.split("head ")[1].split()[0]
    export = tmp_path / "log.jsonl"
    export.write_text(detector("store", "log", url).stdout)
    assert detector("verify-log", str(export), "--head", head).returncode == 0
    export.write_text("".join(export.read_text().splitlines(keepends=True)[:-1]))
    assert detector("verify-log", str(export)).returncode == 0
    cut = detector("verify-log", str(export), "--head", head)
    assert cut.returncode == 1
    assert "FAILED  at entry 2: no entry has the noted hash" in cut.stdout
    export.write_text(export.read_text().replace("approve", "reject"))
    changed = detector("verify-log", str(export))
    assert changed.returncode == 1
    assert "FAILED  at entry 1: entry 1 is not what its hash was made from" in changed.stdout


def test_verify_log_sees_a_forged_approval(detector: Run, filled: Store, url: str) -> None:
    with filled.database.write() as connection:
        connection.execute(text("UPDATE standing SET action = 'approve'"))
    done = detector("verify-log", url)
    assert done.returncode == 1
    assert "is not the log's last" in done.stdout


@pytest.mark.parametrize("missing", ["sqlite:///{}/none.db", "{}/none.jsonl"])
def test_verify_log_of_nothing_creates_nothing(detector: Run, missing: str, tmp_path: Path) -> None:
    assert detector("verify-log", missing.format(tmp_path)).returncode in (2, 3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("filled")
def test_labels_and_purge(detector: Run, url: str) -> None:
    lines = [json.loads(line) for line in detector("store", "labels", url).stdout.splitlines()]
    assert [line["action"] for line in lines] == ["approve", "reject"]
    assert detector("store", "purge", url, "--days", "0").stdout == "text of 2 posts removed\n"
    assert [json.loads(line).get("text") for line in detector("store", "labels", url).stdout.splitlines()] == [None] * 2
    assert detector("verify-log", url).returncode == 0
    assert detector("store", "upgrade", url).stdout == "up to date\n"


def test_users_come_with_hashed_passwords_and_leave_evidence(
    detector: Run, open_store: Callable[..., Store], url: str
) -> None:
    accounts = Accounts(open_store().database)
    added = detector("users", "add", "ann", "--role", "admin", "--store", url, said="correct horse battery\n")
    assert (added.returncode, added.stdout) == (0, "ann: admin\n"), added.stderr
    hashed = accounts.password_hash("ann")
    assert hashed is not None
    assert hashed.startswith("$argon2id$")
    assert matches("correct horse battery", hashed)
    assert not matches("correct horse batterz", hashed)
    assert not matches("", None)
    short = detector("users", "add", "bob", "--store", url, said="short\n")
    assert short.returncode == 2
    assert "12 to 1024" in short.stderr
    last = detector("users", "set", "ann", "--role", "reader", "--store", url)
    assert last.returncode == 2
    assert "only active admin" in last.stderr
    assert detector("users", "add", "cleo", "--proxy", "--store", url).returncode == 0
    assert detector("users", "list", "--store", url).stdout == "ann: admin\ncleo: reader, by proxy only\n"
    assert accounts.user("cleo") == User("cleo", Role.READER, has_password=False)
    assert "2 entries hold" in detector("verify-log", url).stdout
