"""The facts that reports render: counts that add up, ids that stay."""

from __future__ import annotations

import dataclasses

from checked_samples import FINISHED, altered_post, foreign, make_run, missing, page_post, samples, watched
from hypothesis import given
from hypothesis import strategies as st

from detector.checked import REJECTIONS_KEPT, Checked, Tally, finding_id, text_checksum
from detector.errors import InputError
from detector.finding import Finding, Integrity, Severity
from detector.post import Origin, Post, Rejected
from detector.reading import DisclaimerReading


def test_the_tally_is_complete_when_the_stream_has_ended() -> None:
    run = make_run()
    stream = watched(run, samples())
    next(stream)
    assert run.tally.posts == 1
    assert not run.tally.finished
    assert len(list(stream)) == 8
    assert run.tally.finished == FINISHED


def test_counts_add_up() -> None:
    run = make_run()
    list(watched(run, samples()))
    tally = run.tally
    assert (tally.flagged, tally.clean, tally.unjudged) == (6, 2, 1)
    assert tally.posts == 9
    assert (tally.rejected, tally.left_out, tally.records) == (2, 1, 12)
    assert sum(file.records for file in tally.files.values()) == tally.records
    assert tally.by_rule().total() == tally.by_severity().total() == tally.findings.total() == 10
    assert tally.by_rule()["recommendation"] == tally.by_kind().total() == 7
    assert tally.abstained == {"de": 1}


def test_a_post_in_another_language_with_a_finding_is_flagged_and_still_counted_as_abstained() -> None:
    tally = Tally()
    tally.add(dataclasses.replace(foreign(), findings=(missing(foreign().post),)))
    assert (tally.posts, tally.flagged, tally.clean, tally.unjudged) == (1, 1, 0, 0)
    assert tally.abstained == {"de": 1}


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.booleans(), st.sampled_from(["en", "de"])), max_size=30
    )
)
def test_counts_add_up_whatever_comes(rows: list[tuple[str, int, bool, str]]) -> None:
    tally = Tally()
    for file, findings, abstained, language in rows:
        found = tuple(Finding(f"rule{n}", "", Severity.NOTICE, 0, 0, "") for n in range(findings))
        tally.add(Checked(Post("x", "", origin=Origin(file, 1)), found, (), language, abstained))
    assert tally.posts == len(rows) == tally.flagged + tally.clean + tally.unjudged
    assert tally.clean >= 0
    assert tally.findings.total() == sum(number for _, number, _, _ in rows)


def test_only_the_first_rejections_keep_their_words_but_all_count() -> None:
    tally = Tally()
    for number in range(REJECTIONS_KEPT + 5):
        tally.reject(Rejected("f", number, "bad"))
    tally.reject(InputError("g", "missing"))
    assert len(tally.rejections) == REJECTIONS_KEPT + 1
    assert tally.rejections[-1].file == "g"  # a whole file is never forgotten: it decides the exit code
    assert tally.rejected == REJECTIONS_KEPT + 6
    assert tally.files["g"].rejected == 1


def test_an_id_depends_on_rule_place_text_and_policy_only() -> None:
    finding = altered_post().findings[0]
    made = finding_id(finding, text_checksum=text_checksum("t"), policy_checksum="p")
    assert len(made) == 16
    same = dataclasses.replace(finding, probability=0.1, message="other words", severity=Severity.NOTICE, reasons=())
    assert finding_id(same, text_checksum=text_checksum("t"), policy_checksum="p") == made
    others = [
        finding_id(finding, text_checksum=text_checksum("u"), policy_checksum="p"),
        finding_id(finding, text_checksum=text_checksum("t"), policy_checksum="q"),
        *(
            finding_id(dataclasses.replace(finding, **change), text_checksum=text_checksum("t"), policy_checksum="p")
            for change in ({"rule": "r"}, {"start": 1}, {"end": 1}, {"field": "title"}, {"disclaimer": "other"})
        ),
    ]
    assert len({made, *others}) == 8


def test_the_worst_complaint_names_the_post_s_disclaimer() -> None:
    post = page_post().post
    intact, quoted = page_post().disclaimers[0], DisclaimerReading("other", Integrity.QUOTED, 0, 3)
    assert Checked(post, (), (quoted, intact)).disclaimer == intact
    complaint = missing(post, "third")
    chosen = Checked(post, (complaint,), (quoted, intact)).disclaimer
    assert chosen is not None
    assert (chosen.id, chosen.integrity) == ("third", Integrity.MISSING)
    assert Checked(post).disclaimer is None


def test_a_text_of_the_author_s_own_does_not_hide_the_standard_one() -> None:
    own = DisclaimerReading("own", Integrity.INTACT, 0, 3, standard=False)
    standard = DisclaimerReading("standard", Integrity.OUTDATED, 5, 9)
    assert Checked(page_post().post, (), (own, standard)).disclaimer == standard
