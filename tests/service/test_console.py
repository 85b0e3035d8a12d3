"""The review console over HTTP: who may what, what a decision does, and what a forger cannot."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from console_site import ADVICE, PASSWORD, Site, console, decide, sign_in, token_in
from running_server import serving, wait_until

from detector.labelled import read_public
from detector.service.checker import Checker
from detector.service.retention import Retention
from detector.service.store import log
from detector.service.store.accounts import Accounts, Lifetimes, Role, User
from detector.service.store.evidence import verify
from detector.service.store.recording import Keeping
from detector.service.store.records import Action
from detector.service.store.store import Store

PAGES = ("", "/posts/1", "/statistics", "/evidence", "/evidence.jsonl", "/labels.jsonl", "/users")
FORMS = ("/posts/1/decide", "/sign-out", "/users", "/users/change")


@pytest.fixture
def site(checker: Checker, tmp_path: Path) -> Iterator[Site]:
    with console(checker, tmp_path) as opened:
        yield opened


def test_strangers_see_nothing_and_change_nothing(site: Site) -> None:
    with site.browser() as client:
        for path in PAGES:
            answer = client.get(f"/review{path}")
            assert (answer.status_code, answer.headers["location"]) == (303, "/review/sign-in"), path
            assert "quay" not in answer.text
        for path in FORMS:
            assert client.post(f"/review{path}", data={"csrf": "x", "action": "approve"}).status_code == 303
    assert len(site.open_posts()) == 4


def test_without_a_store_there_is_no_console(checker: Checker) -> None:
    with serving(checker) as running:
        assert running.client.get("/review").status_code == 404


def test_a_session_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    with site.browser() as client:
        answer = sign_in(client, "mo")
        (cookie,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("detector_session")]
        for part in ("HttpOnly", "SameSite=lax", "Path=/review"):
            assert part in cookie
        page = client.get("/review")
        assert page.status_code == 200
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert " style=" not in page.text
        assert page.headers["cache-control"] == "no-store"


def test_a_planted_session_is_worth_nothing_after_signing_in(site: Site) -> None:
    with site.signed_in("mo") as victim:
        planted = victim.cookies["detector_session"]
        assert sign_in_again(victim) != planted
        with site.browser() as attacker:
            attacker.cookies.set("detector_session", planted, path="/review")
            assert attacker.get("/review").status_code == 303


def sign_in_again(client: httpx.Client) -> str:
    session = client.cookies.pop("detector_session")
    token = token_in(client.get("/review/sign-in").text)
    client.cookies.set("detector_session", session, domain="127.0.0.1", path="/review")
    answer = client.post("/review/sign-in", data={"csrf": token, "name": "mo", "password": PASSWORD})
    assert answer.status_code == 303
    return answer.headers["set-cookie"].split("detector_session=")[1].split(";")[0]


def test_guessing_is_slow_and_learns_nothing(site: Site) -> None:
    with site.browser() as client:
        wrong = [sign_in(client, "mo", f"guess number {number}") for number in range(5)]
        unknown = sign_in(client, "nobody", "some other guess")
        assert [each.status_code for each in (*wrong, unknown)] == [401] * 6
        assert "do not fit together" in wrong[0].text
        assert "do not fit together" in unknown.text
        assert sign_in(client, "mo").status_code == 429
        assert sign_in(client, "ann").status_code == 303  # nobody else is locked out


def test_forged_forms_are_refused(site: Site) -> None:
    row = site.open_posts()["p1"]
    with site.signed_in("mo") as client, site.signed_in("ann") as other:
        for token in ("", "x", token_in(other.get("/review").text)):
            data = {"csrf": token, "action": "approve", "reason": "forged", "seen": ""}
            answer = client.post(f"/review/posts/{row}/decide", data=data)
            assert answer.status_code == 403
            assert "out of date" in answer.text
    with site.browser() as client:
        data = {"csrf": "", "name": "mo", "password": PASSWORD}
        assert client.post("/review/sign-in", data=data).status_code == 403
    assert [entry.action for entry in log.entries(site.store.database)] == ["account"] * 3


def test_roles_are_enforced_by_the_server(site: Site) -> None:
    row = site.open_posts()["p1"]
    with site.signed_in("ray") as reader, site.signed_in("mo") as moderator:
        assert reader.get(f"/review/posts/{row}").status_code == 200
        assert "Your role reads" in reader.get(f"/review/posts/{row}").text
        data = {"csrf": token_in(reader.get("/review").text), "action": "approve", "reason": "r"}
        assert reader.post(f"/review/posts/{row}/decide", data=data).status_code == 403
        assert reader.get("/review/labels.jsonl").status_code == 403
        assert moderator.get("/review/users").status_code == 403
        data = {"csrf": token_in(moderator.get("/review").text), "name": "mo", "role": "admin", "active": "yes"}
        assert moderator.post("/review/users/change", data=data).status_code == 403
        assert ">Users<" not in moderator.get("/review").text
    assert len(site.open_posts()) == 4


def test_a_withdrawn_role_ends_the_session(site: Site) -> None:
    with site.signed_in("ann") as admin, site.signed_in("mo") as moderator:
        data = {"csrf": token_in(admin.get("/review/users").text), "name": "mo", "role": "reader"}
        assert admin.post("/review/users/change", data=data).status_code == 303
        assert moderator.get("/review").status_code == 303
        with site.browser() as client:
            assert sign_in(client, "mo").status_code == 401  # unticked: no longer active
        last = {"csrf": data["csrf"], "name": "ann", "role": "reader", "active": "yes"}
        refused = admin.post("/review/users/change", data=last)
        assert refused.status_code == 422
        assert "only active admin" in refused.text


def test_an_admin_adds_users(site: Site) -> None:
    with site.signed_in("ann") as admin:
        token = token_in(admin.get("/review/users").text)
        new = {"csrf": token, "name": "new", "role": "moderator", "password": PASSWORD}
        assert admin.post("/review/users", data=new).status_code == 303
        assert admin.post("/review/users", data=new).status_code == 422
        assert admin.post("/review/users", data=new | {"name": "x", "password": "short"}).status_code == 422
    with site.signed_in("new") as client:
        assert "moderator" in client.get("/review").text
    assert "user new added as moderator" in [entry.reason for entry in log.entries(site.store.database)]


def test_a_decision_lands_in_store_and_log_and_leads_to_the_next_post(site: Site) -> None:
    rows = site.open_posts()
    with site.signed_in("mo") as client:
        answer = decide(client, rows["p1"], action="reject", reason="plain advice")
        entry = list(log.entries(site.store.database))[-1]
        assert (entry.action, entry.by, entry.reason, entry.post_id) == ("reject", "mo", "plain advice", "p1")
        standing = site.store.standing(entry.content_hash, entry.policy_checksum)
        assert standing is not None
        assert standing.action is Action.REJECT
        assert answer.status_code == 303
        assert answer.headers["location"].endswith(f"done={entry.seq}")
        after = client.get(answer.headers["location"]).text
        assert f"Post p1 rejected, entry {entry.seq} of the evidence log." in after
        assert "p1" not in site.open_posts()
        undone = decide(client, rows["p1"], action="undo", reason="wrong post")
        assert undone.status_code == 303
    assert "p1" in site.open_posts()
    assert log.prove(site.store.database).broken is None


def test_an_approved_text_passes_and_an_edit_lapses_it(site: Site) -> None:
    rows = site.open_posts()
    post = {
        "id": "p2",
        "source": "harbour",
        "author": "pier",
        "text": "Sell your TSLA today, all of it.",
        "parent": "p1",
    }

    def verdict(**changes: str) -> str:
        answer = site.running.client.post("/v1/check", json=post | changes).json()
        return str(answer["results"][0]["verdict"]["verdict"])

    assert verdict() != "allow"
    with site.signed_in("mo") as client:
        decide(client, rows["p2"], action="approve", reason="a quotation")
    assert verdict() == "allow"
    assert verdict(text=post["text"] + " Now!") != "allow"
    wait_until(lambda: "p2" in site.open_posts())
    with site.signed_in("mo") as client:
        page = client.get(f"/review/posts/{site.open_posts()['p2']}").text
        assert "(another text)" in page
        assert "This is an earlier text" in client.get(f"/review/posts/{rows['p2']}").text


def test_two_moderators_at_once(site: Site) -> None:
    row = site.open_posts()["p1"]
    with site.signed_in("mo") as first, site.signed_in("ann") as second:
        stale = token_in(second.get(f"/review/posts/{row}").text)
        decide(first, row, action="approve")
        data = {"csrf": stale, "seen": "", "action": "reject", "reason": "but I think"}
        refused = second.post(f"/review/posts/{row}/decide", data=data)
        assert refused.status_code == 422
        assert "someone else has decided" in refused.text
        assert "but I think" in refused.text  # nothing typed is lost
        assert "Approved" in refused.text


def test_corrections_become_labels(site: Site, tmp_path: Path) -> None:
    rows = site.open_posts()
    with site.signed_in("mo") as client:
        unchanged = {f"{edge}-{n}": "0" for edge in ("start", "end") for n in (1, 2, 3)}
        refused = decide(client, rows["p1"], action="wrong_span", **unchanged)
        assert refused.status_code == 422
        assert "ends behind its start" in refused.text
        beyond = unchanged | {f"end-{n}": "99999" for n in (1, 2, 3)}
        assert "characters; a span ends within them" in decide(client, rows["p1"], action="wrong_span", **beyond).text
        start = ADVICE.index("You should")
        moved = (
            unchanged | {f"start-{n}": str(start) for n in (1, 2, 3)} | {f"end-{n}": str(start + 20) for n in (1, 2, 3)}
        )
        assert decide(client, rows["p1"], action="wrong_span", **moved).status_code == 303
        kinds = {f"kind-{n}": "own_position" for n in (1, 2, 3)}
        assert decide(client, rows["p2"], action="wrong_kind", **kinds).status_code == 303
        assert decide(client, rows["p3"], action="wrong_kind", **{"kind-1": "nonsense"}).status_code == 422
        assert decide(client, rows["p3"], action="approve").status_code == 303
        (tmp_path / "labels.jsonl").write_bytes(client.get("/review/labels.jsonl").content)
    first, second, third = read_public(tmp_path / "labels.jsonl")
    assert first.text[first.passages[0].start : first.passages[0].end] == ADVICE[start : start + 20]
    assert second.passages[0].kind == "own_position"
    assert (third.passages[0].kind, third.passages[0].unsure) == ("other", True)
    assert third.text.startswith("My & plan\n\nYou should")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "approve", "reason": ""}, "Give a reason"),
        ({"action": "approve", "reason": "x" * 3000}, "Give a reason"),
        ({"action": "burn"}, "Choose what you decide"),
        ({"action": "undo"}, "no decision to undo"),
        ({"action": "wrong_span", "start-1": "-1", "end-1": "4"}, "both numbers"),
        ({"action": "wrong_span", "start-1": "٣", "end-1": "9"}, "both numbers"),
    ],
)
def test_what_cannot_be_decided(site: Site, fields: dict[str, str], words: str) -> None:
    with site.signed_in("mo") as client:
        answer = decide(client, site.open_posts()["p1"], **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert len(site.open_posts()) == 4


def test_post_text_is_never_markup_and_odd_addresses_never_links(site: Site) -> None:
    with site.signed_in("ray") as client:
        page = client.get(f"/review/posts/{site.open_posts()['p1']}").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "javascript:" not in page
        search = client.get("/review", params={"search": '"><script>alert(2)</script>', "state": "all"}).text
        assert "<script>alert" not in search


def test_the_page_of_a_post_says_why(site: Site) -> None:
    rows = site.open_posts()
    with site.signed_in("ray") as client:
        page = client.get(f"/review/posts/{rows['p1']}").text
        assert "Why: what weighed most" in page
        assert '<a href="/review/posts/' in page.split("Thread")[1]
        assert "pier" in page.split("Thread")[1]
        diff = client.get(f"/review/posts/{rows['p4']}").text
        assert '<del class="harm"><span class="hidden">[gone' in diff
        assert "Changes the meaning: a negation changed" in diff


@pytest.mark.parametrize("path", ["/posts/999", "/posts/9" + "9" * 30, "/static/none.css", "/static/..%2f__init__.py"])
def test_what_is_not_there(site: Site, path: str) -> None:
    with site.signed_in("ray") as client:
        assert client.get(f"/review{path}").status_code == 404


@pytest.mark.parametrize("query", ["page=0", "page=x", "done=x"])
def test_odd_addresses_are_answered_with_a_page(site: Site, query: str) -> None:
    with site.signed_in("ray") as client:
        answer = client.get(f"/review?{query}")
        assert answer.status_code == 422
        assert "To the queue" in answer.text


@pytest.mark.parametrize("query", ["state=x&order=y&severity=z&kind=w", "page=999", "done=12345", "search=%00%ff"])
def test_unknown_wishes_ask_for_nothing(site: Site, query: str) -> None:
    with site.signed_in("ray") as client:
        assert client.get(f"/review?{query}").status_code == 200


def test_the_downloaded_log_proves_itself(site: Site, tmp_path: Path) -> None:
    with site.signed_in("mo") as client:
        decide(client, site.open_posts()["p1"], action="approve")
        (tmp_path / "log.jsonl").write_bytes(client.get("/review/evidence.jsonl").content)
        head = log.prove(site.store.database).head
        assert head in client.get("/review/evidence").text
    assert verify(log.read_export(tmp_path / "log.jsonl"), noted=head).broken is None
    assert json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])["by"] == "mo"


def test_a_proxy_signs_users_in_and_nobody_else_can_pretend(checker: Checker, tmp_path: Path) -> None:
    review = {"proxy_header": "X-Remote-User"}
    with console(checker, tmp_path, trusted_proxies=["127.0.0.1"], review=review) as site:
        headers = {"X-Remote-User": "ann", "X-Forwarded-For": "203.0.113.9"}
        with httpx.Client(base_url=site.url, headers=headers, timeout=60) as proxied:
            assert proxied.get("/review").status_code == 200
            decided = decide(proxied, site.open_posts()["p1"], action="approve")
            assert decided.status_code == 303
            assert list(log.entries(site.store.database))[-1].by == "ann"
            assert proxied.get("/review", headers={"X-Remote-User": "stranger"}).status_code == 403
    (tmp_path / "direct").mkdir()
    with console(checker, tmp_path / "direct", trusted_proxies=["203.0.113.1"], review=review) as site:
        answer = httpx.get(f"{site.url}/review", headers={"X-Remote-User": "ann"}, timeout=60)
        assert answer.status_code == 303


def test_who_only_a_proxy_knows_gets_the_role_of_the_settings(checker: Checker, tmp_path: Path) -> None:
    review = {"proxy_header": "X-Remote-User", "proxy_role": "reader"}
    with console(checker, tmp_path, trusted_proxies=["127.0.0.1"], review=review) as site:
        with httpx.Client(base_url=site.url, headers={"X-Remote-User": "zoe"}, timeout=60) as proxied:
            assert "reader" in proxied.get("/review").text
            cookie = proxied.cookies["detector_session"]
        with site.browser() as client:  # the cookie alone is nothing without the proxy's word
            client.cookies.set("detector_session", cookie, path="/review")
            assert client.get("/review").status_code == 303


def test_sessions_end_when_unused_and_end_at_all(tmp_path: Path) -> None:
    now = [1_000_000.0]
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    accounts = Accounts(store.database, Lifetimes(idle=60, absolute=300), clock=lambda: now[0])
    accounts.add(User("mo", Role.MODERATOR), password_hash="x", by="tests")  # noqa: S106 (nobody signs in with it)
    token = accounts.start_session("mo")
    for _ in range(5):
        now[0] += 55
        assert accounts.session(token) is not None
    now[0] += 55  # 330 s in all
    assert accounts.session(token) is None
    token = accounts.start_session("mo")
    now[0] += 61
    assert accounts.session(token) is None
    store.close()


def test_texts_whose_time_is_over_go_while_the_service_runs(site: Site) -> None:
    store = replace(site.store, keeping=Keeping(text=True, days=0))

    async def purge_in_the_background() -> None:
        retention = Retention(store, every=0.01)
        retention.start()
        async with asyncio.timeout(60):
            while list(log.entries(store.database))[-1].action != "purge":
                await asyncio.sleep(0.01)
        await retention.close()

    asyncio.run(purge_in_the_background())
    with site.signed_in("ray") as client:
        page = client.get(f"/review/posts/{site.open_posts()['p1']}").text
    assert "The text is not kept, or was removed" in page
    assert "NVDA" not in page
    assert "quay" not in page
