"""Safe by default: who gets in, what is refused, what every answer carries, and what no log holds."""

import json
import logging
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from running_server import ADVICE, KEY, Running, serving

from detector.errors import ConfigError
from detector.service.checker import Checker
from detector.service.exposure import is_loopback, refuse_exposure
from detector.service.logs import JsonLines
from detector.service.mounting import mounted
from detector.service.rates import KEPT, Rates, identity_of
from detector.service.security import Keys
from detector.service.settings import ServiceSettings


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "detector.example"])  # noqa: S104 (what is refused)
def test_it_refuses_to_be_open_without_keys(host: str) -> None:
    with pytest.raises(ConfigError, match="open to others"):
        refuse_exposure(ServiceSettings(host=host))
    refuse_exposure(ServiceSettings(host=host, keys={"forum": KEY}))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_needs_no_keys(host: str) -> None:
    assert is_loopback(host)
    refuse_exposure(ServiceSettings(host=host))


def test_short_keys_and_broken_digests_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"keys\.a: shorter than 16"):
        refuse_exposure(ServiceSettings(keys={"a": "short"}))
    with pytest.raises(ConfigError, match="64 hex digits"):
        Keys({"a": "sha256:xyz"})


def test_a_key_can_be_given_by_its_digest() -> None:
    keys = Keys({"forum": "sha256:" + "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"})
    assert keys.holder("abc") == "forum"
    assert keys.holder("abd") is None
    assert keys.holder("") is None


PROTECTED = ["/v1/check", "/v1/moderations", "/v1/chat/completions", "/v1alpha1/comments:analyze"]


@pytest.mark.parametrize("path", PROTECTED)
@pytest.mark.parametrize("key", ["", "Bearer nobody", f"Basic {KEY}", f"Bearer {KEY[:-1]}", f"Bearer {KEY}x"])
def test_every_protocol_by_key_refuses_other_keys(server: Running, path: str, key: str) -> None:
    answer = server.client.post(path, json={"text": ADVICE}, headers={"authorization": key})
    assert answer.status_code == 401


def test_every_protocol_says_how_its_callers_prove_who_they_are() -> None:
    for name, module in mounted().items():
        assert module.requires in {"key", "signature", "session", "none"}, name


def test_answers_carry_security_headers_also_when_they_refuse(server: Running) -> None:
    for answer in (server.client.get("/healthz"), server.client.get("/nothing"), server.client.post("/v1/check")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.example"])
def test_without_keys_other_host_names_are_not_answered(checker: Checker, host: str) -> None:
    """A page that points its own name at loopback must not reach the service through its visitors' browsers."""
    with serving(checker) as running:
        assert running.client.get("/healthz", headers={"host": host}).status_code == 421
        assert running.client.get("/healthz", headers={"host": "localhost:80"}).status_code == 200


def test_other_origins_are_allowed_only_when_listed(checker: Checker) -> None:
    with serving(checker, cors_origins=["https://forum.example"]) as running:
        for origin, allowed in (("https://forum.example", "https://forum.example"), ("https://evil.example", None)):
            asked = {"origin": origin, "access-control-request-method": "POST"}
            answer = running.client.options("/v1/check", headers=asked)
            assert answer.headers.get("access-control-allow-origin") == allowed


def test_a_client_that_asks_too_often_is_told_when_to_come_again(checker: Checker) -> None:
    limits = {"requests_per_second": 0.5, "burst": 3}
    with serving(checker, keys={"a": KEY, "b": KEY * 2}, limits=limits) as running:
        statuses = [running.client.get("/v1/x", headers={"x-api-key": KEY}) for _ in range(5)]
        assert [each.status_code for each in statuses[:3]] == [404, 404, 404]
        assert statuses[4].status_code == 429
        assert 1 <= int(statuses[4].headers["retry-after"]) <= 2
        assert running.client.get("/v1/x", headers={"x-api-key": KEY * 2}).status_code == 404
        assert running.client.get("/v1/x").status_code == 404  # without a key, by address


def test_buckets_fill_up_again_and_their_number_is_bounded() -> None:
    now = 0.0
    rates = Rates(2, 1, clock=lambda: now)
    assert [rates.wait("a"), rates.wait("a")] == [0, 1]
    now = 0.5
    assert rates.wait("a") == 0
    for number in range(KEPT + 100):
        rates.wait(str(number))
    assert len(rates._buckets) == KEPT


def test_a_household_of_ipv6_addresses_is_one_client() -> None:
    one, other, third = ({"client": (address, 1)} for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"))
    assert identity_of(None, one) == identity_of(None, other) != identity_of(None, third)
    assert identity_of("forum", one) == identity_of("forum", third)


@pytest.fixture(scope="module")
def hasty(checker: Checker) -> Iterator[Running]:
    with serving(checker, limits={"body_seconds": 1}) as running:
        yield running


def trickle(running: Running, first: bytes, drop: bytes) -> tuple[float, bytes]:
    """Send the first bytes, then a drop ten times a second; how long until the server ends it, and what it says."""
    host, _, port = running.url.removeprefix("http://").partition(":")
    started = time.monotonic()
    said = b""
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(first)
        connection.settimeout(0.1)
        while time.monotonic() - started < 8:
            try:
                piece = connection.recv(4_096)
                said += piece
                if not piece:
                    break
            except TimeoutError:
                pass
            except ConnectionError:
                break
            try:
                connection.sendall(drop)
            except ConnectionError:
                break
    return time.monotonic() - started, said


def test_headers_that_trickle_are_not_waited_for(hasty: Running) -> None:
    seconds, said = trickle(hasty, b"POST /v1/check HTTP/1.1\r\nhost: localhost\r\n", b"x-a: b\r\n")
    assert seconds < 5
    assert said == b""


def test_a_connection_that_says_nothing_is_closed(hasty: Running) -> None:
    assert trickle(hasty, b"", b"")[0] < 5


def test_a_body_that_trickles_is_not_waited_for(hasty: Running) -> None:
    head = (
        b"POST /v1/check HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n"
    )
    seconds, said = trickle(hasty, head, b" ")
    assert seconds < 5
    assert said.startswith(b"HTTP/1.1 408 ")


def test_endless_headers_are_cut_off(hasty: Running) -> None:
    seconds, _ = trickle(hasty, b"GET / HTTP/1.1\r\n", b"x-a: " + b"b" * 8_192 + b"\r\n")
    assert seconds < 3


def test_a_slow_client_on_a_kept_connection_is_cut_off_too(hasty: Running) -> None:
    whole = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"
    seconds, said = trickle(hasty, whole + b"GET /healthz HT", b"")
    assert said.startswith(b"HTTP/1.1 200 ")
    assert seconds < 5


def logged(record: logging.LogRecord) -> dict[str, object]:
    line = JsonLines().format(record)
    assert "\n" not in line
    assert line.isascii()
    return json.loads(line)  # type: ignore[no-any-return] # an object, by the formatter


def test_logs_hold_no_post_key_or_query_and_escape_what_clients_choose(
    server: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        server.client.post("/v1/check?secret=query", json={"text": ADVICE})
        server.client.get("/%0d%0aforged: line%1b[2J/é", headers={"x-odd": "odd"})
    records = [each for each in caplog.records if each.name == "detector.service.requests"]
    lines = [logged(each) for each in records]
    assert [line["path"] for line in lines] == ["/v1/check", "/\r\nforged: line\x1b[2J/é"]
    assert lines[0]["holder"] == "tests"
    ours = [each for each in caplog.records if each.name.startswith("detector.")]
    text = "".join(map(JsonLines().format, ours))
    for secret in ("NVDA", "secret=query", KEY, "x-odd"):
        assert secret not in text


def test_a_logged_error_names_places_and_not_words() -> None:
    with pytest.raises(ValueError, match="words of a post") as caught:
        int("the words of a post")
    info = (caught.type, caught.value, caught.tb)
    line = logged(logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), info))
    assert line["error"] == "ValueError"
    assert "words of a post" not in json.dumps(line)


def test_what_is_counted_is_shown(server: Running) -> None:
    server.client.post("/v1/check", json={"text": ADVICE})
    text = server.client.get("/metrics").text
    for name in ("requests_total", "request_seconds_bucket", "posts_total", "findings_total", "queue_posts"):
        assert f"detector_{name}" in text
    assert 'adapter="native"' in text


def test_methods_that_are_not_there_are_refused_in_json(server: Running) -> None:
    answer: httpx.Response = server.client.get("/v1/check")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
