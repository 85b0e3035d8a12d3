"""A report to read, search, print and hand over: one file, no network, nothing runs but its own script."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, BinaryIO

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from detector.checked import Checked, RuleNote, Run
from detector.finding import Integrity, Severity
from detector.reports.page import charts
from detector.reports.page.examples import examples
from detector.reports.page.gather import MOST_NAMES, Gathered, Names, gather
from detector.reports.parts import pitches, words
from detector.reports.parts.record import to_json

SUFFIX = ".html"
BINARY = False

ASSETS = files("detector.reports.page")
# Post text cannot contain this: the template escapes `<`.
POSTS = "<!--posts-->"
TOP = 10
FILES_SHOWN = 500
TONES = {"notice": "notice", "warning": "warning", "error": "error"}
INTEGRITY_TONES = {Integrity.INTACT: "fine", Integrity.REFORMATTED: "fine", Integrity.MISSING: "error"}
# What could end a script element or, in old engines, a line of script.
UNSAFE = {
    b"<": b"\\u003c",
    b">": b"\\u003e",
    b"&": b"\\u0026",
    b"\xe2\x80\xa8": b"\\u2028",
    b"\xe2\x80\xa9": b"\\u2029",
}


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
    """Gather while posts stream by, then write the page around the worst of them."""
    gathered = gather(stream, run)
    head, tail = _page(run, gathered).split(POSTS)
    out.write(head.encode("utf-8", "replace"))
    for number, entry in enumerate(gathered.worst.ordered()):
        out.write((b",\n" if number else b"\n") + _safe(entry))
    out.write(tail.encode("utf-8", "replace"))


def _safe(entry: bytes) -> bytes:
    """JSON that may stand inside a script element: these characters occur only within its strings."""
    for unsafe, escape in UNSAFE.items():
        entry = entry.replace(unsafe, escape)
    return entry


def _page(run: Run, gathered: Gathered) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"counted": words.counted, "comma": lambda number: f"{number:,}"}
    campaigns = run.tally.campaigns.found()
    template = environment.from_string(_asset("report.html.j2"))
    style, script = _asset("report.css"), _asset("report.js")
    return template.render(
        run=run,
        tally=run.tally,
        gathered=gathered,
        findings=run.tally.findings.total(),
        flagged_share=words.share(run.tally.flagged, run.tally.posts),
        prominence=words.PROMINENCE,
        conclusion=words.conclusion(run),
        let_stand=words.let_stand(run),
        rules=[_card(run, note) for note in _notes(run)],
        charts=_charts(run, gathered),
        days=[f"{day.day} {day:%B %Y}" for day in (min(gathered.days), max(gathered.days))] if gathered.days else [],
        style=Markup(style),  # noqa: S704 our own files, not anyone's input
        script=Markup(script),  # noqa: S704
        style_hash=_hash(style),
        script_hash=_hash(script),
        campaigns=len(campaigns),
        pitches=pitches.pitches(campaigns),
        members=Markup(_safe(to_json(pitches.members(campaigns))).decode()),  # noqa: S704 as the posts' data
        posts=Markup(POSTS),  # noqa: S704
        examples=Markup(_safe(to_json(examples(gathered.worst.ordered()))).decode()),  # noqa: S704
        plot_height=charts.PLOT_HEIGHT,
        most_names=MOST_NAMES,
        files_shown=FILES_SHOWN,
    )


def _asset(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


def _hash(source: str) -> str:
    """What the page's content security policy allows to run: exactly this text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _notes(run: Run) -> list[RuleNote]:
    """Every rule that took part, and any other that fired."""
    known = {note.name for note in run.rules}
    return [*run.rules, *(RuleNote(name, "") for name in sorted(run.tally.flagged_by) if name not in known)]


def _card(run: Run, note: RuleNote) -> dict[str, Any]:
    """What a rule's card says: how much it found, and how bad."""
    counts: Counter[Severity] = Counter()
    for (rule, _, severity), number in run.tally.findings.items():
        if rule == note.name:
            counts[severity] += number
    return {
        "note": note,
        "title": note.name.replace("_", " "),
        "findings": counts.total(),
        "posts": run.tally.flagged_by[note.name],
        "severities": [(severity.label, counts[severity]) for severity in sorted(counts, reverse=True)],
        "worst": max(counts).label if counts else "clear",
    }


def _charts(run: Run, gathered: Gathered) -> dict[str, Any]:
    tally = run.tally
    step, periods = charts.periods(gathered.days, gathered.flagged_days)
    kinds = tally.by_kind()
    kind_labels = {kind: words.kind_label(kind) for kind in kinds}
    severities = [(severity.label, tally.by_severity()[severity]) for severity in reversed(Severity)]
    return {
        "kinds": charts.bars(kinds.most_common(), facet="kind", labels=kind_labels),
        "severities": charts.bars(severities, facet="severity", tones=TONES) if tally.findings else [],
        "authors": _top(gathered.authors, facet="author", nameless="(no author given)"),
        "instruments": _top(gathered.instruments, facet="instrument", nameless=""),
        "integrities": _integrities(run, gathered),
        "probabilities": charts.histogram(gathered.tenths) if gathered.tenths else None,
        "step": step,
        "over_time": charts.flagged_posts(periods) if periods else None,
        "share_over_time": charts.flagged_share(periods) if periods else None,
    }


def _top(names: Names, *, facet: str, nameless: str) -> list[charts.Bar]:
    ordered = sorted(names.counts.items(), key=lambda item: (-item[1], item[0]))
    return charts.bars(ordered[:TOP], facet=facet, labels={"": nameless})


def _integrities(run: Run, gathered: Gathered) -> list[charts.Bar]:
    """Posts by what became of the disclaimer that stands for them, least bad first."""
    ordered = sorted(run.tally.disclaimers.items(), key=lambda item: (item[0][1].badness, item[0][0]))
    several = len({name for (name, _), _ in ordered}) > 1
    return [
        charts.Bar(
            f"{integrity} · {name}" if several and name else str(integrity),
            bar.shown,
            bar.width,
            href=f"#integrity={integrity}" if integrity in gathered.complaints else "",
            tone=INTEGRITY_TONES.get(integrity, "warning"),
            note="" if several else words.INTEGRITY_WORDS[integrity],
        )
        for ((name, integrity), _), bar in zip(ordered, charts.bars([("", n) for _, n in ordered]), strict=True)
    ]
