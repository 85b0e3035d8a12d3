"""A console to test: a real server, a store of its own, users, and posts that came in through the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from running_server import Running, serving, wait_until

from detector.service.checker import Checker
from detector.service.passwords import hash_password
from detector.service.store import queue
from detector.service.store.accounts import Accounts, Role, User
from detector.service.store.queue import Wanted
from detector.service.store.store import Store

PASSWORD = "correct horse battery"  # noqa: S105 (of users that live for one test)
HASH = hash_password(PASSWORD)
USERS = {"ann": Role.ADMIN, "mo": Role.MODERATOR, "ray": Role.READER}
ADVICE = "🚀 Morning. You should buy $NVDA before earnings. <script>alert(1)</script>"
POSTS = (
    {"id": "p1", "author": "quay", "text": ADVICE, "url": "javascript:alert(1)"},
    {"id": "p2", "author": "pier", "text": "Sell your TSLA today, all of it.", "parent": "p1"},
    {"id": "p3", "author": "mast", "title": "My & plan", "text": "You should put everything into $ASTS before Friday."},
    {
        "id": "p4",
        "author": "keel",
        "text": "A note on fees.\n\nDisclaimer: Investing carries risk. This is financial advice. The above "
        "content should not be regarded as an offer, recommendation, or solicitation on acquiring or "
        "disposing of any financial products, any associated discussions, comments, or posts by author or"
        " other users should not be considered as such either. It is solely for general information "
        "purpose only, which does not consider your own investment objectives, financial situations or "
        "needs. TTM assumes no responsibility or warranty for the accuracy and completeness of the "
        "information, investors should do their own research and may seek professional advice before "
        "investing.",
    },
)


@dataclass(frozen=True, slots=True)
class Site:
    """The server, and the store behind it opened once more, to look inside."""

    running: Running
    store: Store

    @property
    def url(self) -> str:
        return self.running.url

    def browser(self) -> httpx.Client:
        """A client that keeps cookies, as a browser does."""
        return httpx.Client(base_url=self.url, timeout=60)

    @contextmanager
    def signed_in(self, name: str) -> Iterator[httpx.Client]:
        with self.browser() as client:
            assert sign_in(client, name).status_code == 303
            yield client

    def open_posts(self) -> dict[str, int]:
        return {post.post_id: post.id for post in queue.list_posts(self.store.database, Wanted()).posts}


@contextmanager
def console(checker: Checker, folder: Path, **settings: object) -> Iterator[Site]:
    store = {"url": f"sqlite:///{folder / 'console.db'}", "keep_text": True}
    with serving(checker, store=store, **settings) as running:
        opened = Store.open(store["url"], keep_text=True)
        accounts = Accounts(opened.database)
        for name, role in USERS.items():
            accounts.add(User(name, role), password_hash=HASH, by="tests")
        posts = [{"source": "harbour", **post} for post in POSTS]
        answer = running.client.post("/v1/check", json={"posts": posts})
        assert answer.status_code == 200, answer.text
        site = Site(running, opened)
        wait_until(lambda: len(site.open_posts()) == len(POSTS))
        yield site
        opened.close()


def sign_in(client: httpx.Client, name: str, password: str = PASSWORD) -> httpx.Response:
    token = token_in(client.get("/review/sign-in").text)
    return client.post("/review/sign-in", data={"csrf": token, "name": name, "password": password})


def token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page
    return found[1]


def decide(client: httpx.Client, row: int, **fields: str) -> httpx.Response:
    """Fill in the form on a post's page and send it."""
    page = client.get(f"/review/posts/{row}").text
    seen = re.search(r'name="seen" value="(\d*)"', page)
    given = {"csrf": token_in(page), "seen": seen[1] if seen else "", "reason": "read it", **fields}
    return client.post(f"/review/posts/{row}/decide", data=given)
