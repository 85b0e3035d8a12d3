"""For people at a terminal: each post with findings, the passage in its context, why, and a summary."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import zip_longest
from typing import BinaryIO

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from detector.checked import Checked, Run
from detector.dates import as_read
from detector.finding import Finding, Severity
from detector.post import Post
from detector.reports.parts import words
from detector.reports.parts.diff import word_diff
from detector.reports.parts.pitches import AUTHORS_SHOWN, accounts, largest
from detector.reports.parts.places import record_words

SUFFIX = ".txt"
BINARY = False

CONTEXT = 90
LONGEST_PASSAGE = 600
LONGEST_FIX = 160
REASONS = 4
REJECTIONS = 5
CAMPAIGNS = 5
WIDEST = 100
INDENT = 2
SEVERITY_STYLES = {Severity.NOTICE: "blue", Severity.WARNING: "yellow", Severity.ERROR: "bold red"}
DIFF_STYLES = {"same": "", "gap": "dim", "deleted": "red strike", "inserted": "green underline"}
# Without colour a diff needs signs that survive a pipe.
DIFF_SIGNS = {"deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
REPLACEMENT = 0xFFFD
# What would drive the terminal or hide words, made visible; one character for one, so that styled spans stay.
CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {0x7F: 0x2421}
CONTROLS |= dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], REPLACEMENT)
CONTROLS |= dict.fromkeys([0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF], REPLACEMENT)


def render(stream: Iterable[Checked], run: Run, out: BinaryIO) -> None:
    """Write post by post as they come; the width follows the terminal, and in a file it is always the same."""
    file = io.TextIOWrapper(out, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)
    try:
        console = Console(file=file, highlight=False, markup=False, emoji=False)
        console.width = min(console.width, WIDEST) if console.is_terminal else WIDEST
        for checked in stream:
            if checked.findings:
                _print_post(console, checked)
        _print_summary(console, run)
        file.flush()
    finally:
        file.detach()  # the caller's stream stays open


def _print_post(console: Console, checked: Checked) -> None:
    post = checked.post
    console.print(Rule(style="dim", characters="─"))
    head = Text.assemble((post.author or "(no author)", "bold"))
    for fact in filter(None, (as_read(post.created or ""), post.id and f"post {post.id}", record_words(post))):
        head.append(f"  {fact}", style="dim")
    console.print(_visible(head))
    if post.title:
        console.print(_visible(Text(post.title, style="italic")))
    for finding in sorted(checked.findings, key=lambda each: -each.severity):
        console.print()
        _print_finding(console, checked, finding)
    console.print()


def _print_finding(console: Console, checked: Checked, finding: Finding) -> None:
    post = checked.post
    style = SEVERITY_STYLES[finding.severity]
    head = Text.assemble((f"{finding.severity.label.upper()} ", style), (words.subject(finding), "bold"))
    if finding.probability is not None:
        head.append(f"  {words.probability(finding.probability)}", style="bold")
    if finding.integrity is not None:
        head.append(f"  {finding.integrity}: {words.INTEGRITY_WORDS[finding.integrity]}", style="dim")
    console.print(head)
    difference = _difference(post, finding, console)
    for part in (_passage(post, finding), difference, _note(checked, finding), _reasons(finding), _fix(finding)):
        if part is not None:
            console.print(Padding(_visible(part), (0, 0, 0, INDENT), expand=False))


def _passage(post: Post, finding: Finding) -> Text | None:
    """The passage in its context; what is not there has none, and an altered disclaimer has a diff."""
    if finding.edits:
        return None
    if not finding.text.strip():
        return Text(finding.message)
    content = _content(post, finding)
    left, right = max(0, finding.start - CONTEXT), finding.end + CONTEXT
    return Text.assemble(
        ("…" if left else "", "dim"),
        (content[left : finding.start], "dim"),
        (_shortened(finding.text, LONGEST_PASSAGE), f"underline {SEVERITY_STYLES[finding.severity]}"),
        (content[finding.end : right].rstrip(), "dim"),
        ("…" if right < len(content) else "", "dim"),
    )


def _difference(post: Post, finding: Finding, console: Console) -> Text | None:
    """The edits in their context, then in words, those that change the meaning first."""
    if not finding.edits:
        return None
    shown = Text()
    pieces = word_diff(_content(post, finding), finding.edits, start=finding.start, end=finding.end)
    for piece, following in zip_longest(pieces, pieces[1:]):
        said = piece.words
        if not console.color_system:
            opening, closing = DIFF_SIGNS.get(piece.change, ("", ""))
            is_replaced = piece.change == "deleted" and following and following.change == "inserted"
            said = opening + (said.rstrip() if is_replaced else said) + closing
        shown.append(said, style=DIFF_STYLES[piece.change])
    for edit in sorted(finding.edits, key=lambda edit: not edit.changes_meaning):
        harm = ", which changes the meaning" if edit.changes_meaning else ""
        what = _shortened(" ".join(edit.in_words.split()), LONGEST_FIX)
        shown.append(f"\n- {what}: {words.EDIT_WORDS[edit.edit_class]}{harm}", style="" if harm else "dim")
    return shown


def _note(checked: Checked, finding: Finding) -> Text | None:
    """What else is known of the disclaimer complained of: its place, its prominence."""
    note = checked.reading_of(finding).note if finding.integrity is not None else ""
    return Text(note, style="dim") if note else None


def _reasons(finding: Finding) -> Text | None:
    if not finding.reasons:
        return None
    strongest = sorted(finding.reasons, key=lambda reason: -abs(reason.contribution))[:REASONS]
    said = ", ".join(f"{reason.words} {reason.contribution:+.1f}" for reason in strongest)
    return Text(f"why: {said}", style="dim")


def _fix(finding: Finding) -> Text | None:
    if finding.fix is None:
        return None
    replacement = _shortened(" ".join(finding.fix.replacement.split()), LONGEST_FIX)
    return Text(f"fix: {finding.fix.title}" + (f": “{replacement}”" if replacement else ""), style="dim")


def _content(post: Post, finding: Finding) -> str:
    return (post.title if finding.field == "title" else post.text) or ""


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rstrip() + "…"


def _visible(text: Text) -> Text:
    """The text with control characters made visible, so that a post cannot drive the terminal."""
    text.plain = text.plain.replace("\r\n", " \n").translate(CONTROLS)
    return text


def _print_summary(console: Console, run: Run) -> None:
    tally = run.tally
    console.print(Rule(style="dim", characters="─"))
    console.print(Text(words.conclusion(run), style="bold"))
    if tally.interrupted:
        console.print(Text("The run was interrupted: this is a part of the export only.", style="bold red"))
    if tally.findings:
        console.print(_counts(run))
    if tally.suppressed:
        console.print(Text(words.let_stand(run), style="yellow"))
    _print_campaigns(console, run)
    console.print(Text(words.balance(run), style="dim"))
    if tally.disclaimers:
        console.print(Text(words.disclaimers(run), style="dim"))
    if tally.abstained:
        languages = ", ".join(f"{name} {number:,}" for name, number in tally.abstained.most_common())
        console.print(Text(f"Not judged, by language: {languages}", style="dim"))
    for rejected in tally.rejections[:REJECTIONS]:
        console.print(_visible(Text(f"unreadable: {rejected}", style="yellow")))
    if tally.rejected > REJECTIONS:
        console.print(Text(f"… and {tally.rejected - REJECTIONS:,} more unreadable", style="yellow"))
    model, policy = run.model_checksum[:12], run.policy_checksum[:12]
    console.print(Text(f"detector {run.version}, model {model}, policy {run.policy} {policy}", style="dim"))


def _print_campaigns(console: Console, run: Run) -> None:
    """The largest campaigns: how many posts of how many accounts, and where the first one stands."""
    found = run.tally.campaigns.found()
    if not found:
        return
    console.print(Text(f"{words.counted(len(found), 'campaign')}: one pitch from several accounts", style="bold"))
    for campaign in largest(found)[:CAMPAIGNS]:
        first = campaign.members[0]
        who = ", ".join(campaign.authors[:AUTHORS_SHOWN]) + (", …" if len(campaign.authors) > AUTHORS_SHOWN else "")
        said = f"{words.counted(campaign.posts, 'post')} by {accounts(campaign)} accounts ({who})"
        place = f"first: {first.origin.file}, record {first.origin.record}"
        console.print(Padding(_visible(Text.assemble(said, (f"  {place}", "dim"))), (0, 0, 0, INDENT), expand=False))
    if len(found) > CAMPAIGNS:
        console.print(Padding(Text(f"and {len(found) - CAMPAIGNS:,} more", style="dim"), (0, 0, 0, INDENT)))


def _counts(run: Run) -> Table:
    """Findings by rule and kind (rows) and severity (columns), with sums."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_footer=True, header_style="dim", footer_style="bold")
    by_severity = run.tally.by_severity()
    table.add_column("", footer="all findings")
    for severity in reversed(Severity):
        style = SEVERITY_STYLES[severity]
        table.add_column(severity.label, footer=f"{by_severity[severity]:,}", justify="right", style=style)
    table.add_column("all", footer=f"{by_severity.total():,}", justify="right")
    for rule, kind in sorted({(rule, kind or "") for rule, kind, _ in run.tally.findings}):
        cells = [run.tally.findings[rule, kind or None, severity] for severity in reversed(Severity)]
        label = words.kind_label(kind) if kind else rule.replace("_", " ")
        table.add_row(label, *(f"{cell:,}" if cell else "·" for cell in cells), f"{sum(cells):,}")
    return table
