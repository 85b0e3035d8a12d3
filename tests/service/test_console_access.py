"""Who gets into the review console, and what each may do there."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from console_site import PASSWORD, Site, console, decide, sign_in, token_in

from detector.service.checker import Checker
from detector.service.store import log
from detector.service.store.accounts import Accounts, Lifetimes, Role, User
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
