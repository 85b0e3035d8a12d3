"""The review console over HTTP: what its pages say, and what a decision does."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from console_site import ADVICE, Site, console, decide, token_in
from running_server import serving, wait_until

from detector.labelled import read_public
from detector.service.checker import Checker
from detector.service.retention import Retention
from detector.service.store import log
from detector.service.store.evidence import verify
from detector.service.store.recording import Keeping
from detector.service.store.records import Action


@pytest.fixture
def site(checker: Checker, tmp_path: Path) -> Iterator[Site]:
    with console(checker, tmp_path) as opened:
        yield opened


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


def test_a_missed_passage_becomes_a_label_beside_what_was_found(site: Site, tmp_path: Path) -> None:
    row = site.open_posts()["p1"]
    missed = {"missed-1": "Morning.", "missed-kind-1": "implicit", "missed-target-1": "instrument"}
    with site.signed_in("mo") as client:
        for fields, words in (
            ({"missed-1": "Evening."}, "does not stand in the text"),
            ({"missed-1": "buy $NVDA"}, "was found already"),
            ({"missed-kind-1": "joke"}, "of which kind"),
            ({"action": "approve"}, "something is wrong"),
        ):
            refused = decide(client, row, **{"action": "reject", **missed, **fields})
            assert (refused.status_code, words in refused.text) == (422, True), words
        assert 'value="Morning."' in refused.text  # nothing typed is lost
        assert decide(client, row, action="reject", **missed).status_code == 303
        (tmp_path / "labels.jsonl").write_bytes(client.get("/review/labels.jsonl").content)
    (post,) = read_public(tmp_path / "labels.jsonl")
    found, added = post.passages
    assert "NVDA" in post.text[found.start : found.end]
    assert (post.text[added.start : added.end], added.kind, added.target) == ("Morning.", "implicit", "instrument")
    assert not added.unsure


def test_a_missed_passage_goes_with_a_correction_and_over_lines(site: Site) -> None:
    rows = site.open_posts()
    with site.signed_in("mo") as client:
        fields = {"kind-1": "own_position", "missed-1": "My & plan You", "missed-kind-1": "forecast"}
        assert decide(client, rows["p3"], action="wrong_kind", **fields).status_code == 422  # overlaps what was found
        fields["missed-1"] = " My  &\nplan "
        assert decide(client, rows["p3"], action="wrong_kind", **fields).status_code == 303
    (label,) = site.store.labels()
    assert label.text is not None
    assert [(label.text[each.start : each.end], each.kind) for each in label.passages][1:] == [
        ("My & plan", "forecast")
    ]


def test_without_a_store_the_console_says_what_to_set(checker: Checker) -> None:
    with serving(checker) as running:
        for path in ("/review", "/review/sign-in"):
            answer = running.client.get(path)
            assert answer.status_code == 503
            assert "DETECTOR_SERVICE_STORE__URL" in answer.text
        style = re.search(r"/review/static/review\.css[^\"]*", answer.text)
        assert style
        assert running.client.get(style[0]).status_code == 200
        assert running.client.get("/review/static/none.css").status_code == 404


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
