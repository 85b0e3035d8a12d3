"""A real PostgreSQL server for tests: its own data folder, a Unix socket only, gone when the tests are."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

PATIENCE_SECONDS = 60
ACCOUNT = "postgres"  # the server refuses to run as root


class PostgresServer:
    """A running server; `database()` makes an empty one and names its URL."""

    def __init__(self, folder: Path, program: Callable[[str], str]) -> None:
        self.folder = folder
        self._program = program
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._run(program("initdb"), "-D", self.data, "-U", "detector", "--auth=trust", "--encoding=UTF8", "--no-sync")

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        # A killed server loses nothing that the kernel has; fsync is for power cuts.
        options = ("-k", str(self.folder), "-c", "listen_addresses=", "-c", "max_connections=60", "-c", "fsync=off")
        log = (self.folder / "log").open("ab")
        command = [self._program("postgres"), "-D", self.data, *options]
        self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **as_account())
        log.close()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(self._dsn("postgres")).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: at once, but tidily; SIGQUIT: without a word to the disk, as in a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def database(self) -> str:
        """A schema of its own stands in for a database: it is made in no time."""
        name = f"test{next(self._numbers)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        return f"postgresql://detector@/postgres?host={self.folder}&options=-csearch_path%3D{name}"

    def _dsn(self, name: str) -> str:
        return f"host={self.folder} user=detector dbname={name} connect_timeout=5"

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False, **as_account())
        assert done.returncode == 0, done.stdout + done.stderr


def as_account() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(ACCOUNT)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def running_server(program: Callable[[str], str]) -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="detector-pg-"))  # short: a socket's path may have 107 bytes
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT, pwd.getpwnam(ACCOUNT).pw_gid)
        server = PostgresServer(folder, program)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)  # nobody needs its data any more: no last checkpoint
    finally:
        shutil.rmtree(folder)
