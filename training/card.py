"""The model card: rendered from `card.json`, which training writes. It never holds a post's words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from detector.pipeline.model import BASE, CARD
from detector.policy import THOROUGH

INTENDED = """\
Finds passages of English posts on investing that a reasonable reader would take as an investment recommendation, so
that a person can look at them. It supports moderators and authors.

**Not for**: deciding on its own to punish or remove; ranking authors; legal conclusions (a passage may be unlawful and
not flagged, or flagged and lawful); trading; languages other than English, on which the pipeline abstains."""

METHOD = """\
Words, word classes, characters and named voice features (who acts, who is addressed, in what mood which trade is named)
are hashed to one table of weights. Linear models over them score each passage as a recommendation or not and by kind.
Passages that this first stage finds possible are read again by a second: a small network of convolutions over the words
in their order, run by NumPy. Both learnt from labels and from a teacher, a transformer (all-MiniLM-L6-v2, fine-tuned on
labelled posts) that labelled public posts without labels. Their mean is calibrated on
cross-validated scores. Weights are plain arrays. `training/README.md` says how each part is made."""

THIRD = """\
The shipped model, and a third stage that reads what its two find possible: the teacher below, a transformer. It is many
times slower, so it is for those who check few posts, or check again what the shipped model is unsure of. Its encoder
comes from a package of the extra `thorough`; here are two heads and what training changed in the encoder, each matrix's
change as the product of two narrow ones. It saw none of the posts that the figures are of. What follows is of all three
stages together; of the two that it builds on:"""

BOTH = """\
Beside it stands `thorough` (`model = "thorough"`), the same with the teacher as a third stage: see its own card."""

HEADLINE = ("average_precision", "best_f1", "recall_at_80_precision", "recall_at_90_precision", "yes_kinds_macro_f1")

LIMITS = """\
- Labels were made with a large language model by the guideline, one pass; people may agree less with them. A second
  reader reaches F1 0.90 on such posts: compare the figures above with that, not with 1.
- The public posts are of 2011 to 2026, mostly North American retail forums, message boards and crypto channels.
- A community that it never saw is judged worse than the figures above say. With all posts of a third of the sources
  kept from everything that is learnt, teacher included, average precision on these is 0.641 (0.599 to 0.680) and best
  F1 0.605 (0.574 to 0.639); for `thorough` 0.669 (0.629 to 0.706) and 0.630 (0.599 to 0.662). At the default threshold
  4 of 398 non-financial posts are flagged there (`thorough`: 3), not none (`training/README.md`).
- The table by source says where it fails: long Reddit posts, where recommendations are rare, and answers to questions
  are the worst.
- Settings and default threshold were chosen on the folds that the figures come from, which flatters them a little. The
  threshold is set so that few non-financial posts are flagged there: those are a few hundred, and the true rate unsure.
- A third of the recommendations were labelled with hesitation; half of those that it misses are among them.
- What the second stage adds is one figure among the reasons: it cannot say which words did it.
- It reads words, not pictures, links or prices, and only the post itself, not its thread.
- Singlish, Chinese-English and other dialects are known mostly from authored posts, fewer than those of American
  forums. Irony is read literally more often than not.
- Implicit recommendations, allocations and guarantees are found least often: see the figures by kind."""

DIALECTS = """\
Authored posts, written to be hard, so compare the rows with each other only. Judged by the first stage's yes-or-no
output alone, learnt from hard labels in folds that leave these posts out: the teacher, and all that learnt from it,
saw them. F1 is at even probability."""

ETHICS = """\
Flags fall on what people say of money, so an error can silence a question or let a scam pass. The probability is
calibrated, the threshold is the platform's choice, each flag names its words, and a disclaimer neither lowers nor
raises it. Public posts were used for training only: weights are hashed, and no post or author is kept or named."""


def render_folder(folder: Path) -> str:
    """The card of a model folder, beside that of the thorough model in it, where there is one."""
    thorough = folder / THOROUGH / CARD
    return render(_read(folder / CARD), _read(thorough) if thorough.exists() else None)


def cards(folder: Path) -> dict[Path, str]:
    """What the cards of a model folder, and of the thorough model in it, have to say, by their files."""
    folders = [one for one in (folder, folder / THOROUGH) if (one / CARD).exists()]
    return {one / "CARD.md": render_folder(one) for one in folders}


def write_cards(folder: Path) -> None:
    """Write them."""
    for file, text in cards(folder).items():
        file.write_text(text, encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def render(card: Mapping[str, Any], thorough: Mapping[str, Any] | None = None) -> str:
    """The card as Markdown."""
    return "\n".join(_lines(card, thorough)) + "\n"


def _lines(card: Mapping[str, Any], thorough: Mapping[str, Any] | None) -> Iterator[str]:
    yield "<!-- Rendered from card.json by `python -m training card`. -->"
    yield f"# Model card: recommendations{', thorough' if BASE in card else ''}\n\n{INTENDED}\n\n## What it is\n"
    yield from _what(card, thorough)
    yield from _data(card["data"])
    yield from _figures(card)
    yield f"\n## Limits\n\n{LIMITS}\n\n## Ethics\n\n{ETHICS}"


def _what(card: Mapping[str, Any], thorough: Mapping[str, Any] | None) -> Iterator[str]:
    if BASE in card:
        yield f"{THIRD}\n"
    yield f"{METHOD}\n"
    if thorough is not None:
        yield f"{BOTH}\n"
        rows = [[name, *_headline(one)] for name, one in (("this model", card), ("`thorough`", thorough))]
        yield from _table(["", *(name.replace("_", " ") for name in HEADLINE), "threshold"], rows)
        yield ""
    yield f"- weights: SHA-256 `{card['sha256']}`, format version {card['version']}"
    yield f"- tokens: `detector/pipeline/tokens.py`; spaCy {card['spacy']}"
    yield "- settings: " + ", ".join(f"{name} {value}" for name, value in card["settings"].items())
    how = (
        f"the highest within a hair of the best F1 by cross-validation on {card['data']['scored_on']} passages, "
        "of those that flag at most 2 of 1,000 non-financial posts there"
    )
    yield f"- default threshold: {card['threshold']} ({how})"


def _data(data: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n## Data\n\n{data['posts']:,} posts, {data['passages']:,} passages, "
    yield f"{data['recommendations']:,} recommendations. Labelled by the annotation guideline.\n"
    yield from _table(["file", "SHA-256"], [[name, f"`{digest}`"] for name, digest in data["files"].items()])
    if data.get("lessons"):
        yield f"\nThe teacher judged {data['taught']:,} passages of public posts. What `teach` left of that:\n"
        yield from _table(["file", "SHA-256"], [[name, f"`{digest}`"] for name, digest in data["lessons"].items()])


def _figures(card: Mapping[str, Any]) -> Iterator[str]:
    figures, data = card["figures"], card["data"]
    yield f"\n## Figures\n\n{data['folds']}-fold cross-validation grouped by post, on {figures['passages']:,} passages"
    yield f"({data['scored_on']} sampling) with"
    yield f"{figures['recommendations']:,} recommendations; the interval is the middle 95 % of resampled posts.\n"
    rows = [
        [name.replace("_", " "), f"{one['value']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}"]
        for name, one in figures["overall"].items()
    ]
    yield from _table(["figure", "value", "interval"], rows)
    yield "\n### By kind\n"
    kinds = [
        [name, f"{row['passages']:,}", f"{row['f1']:.3f}", f"{row['flagged']:.3f}"]
        for name, row in figures["kinds"].items()
    ]
    yield from _table(["kind", "passages", "F1", "share flagged"], kinds)
    yield "\n### By source\n"
    yield from _parts("source", figures["sources"])
    yield "\n### By length of the passage, in characters\n"
    yield from _parts("characters", figures["lengths"])
    if card.get("dialects"):
        yield f"\n### By dialect and place\n\n{DIALECTS}\n"
        yield from _parts("voices of", card["dialects"])
    yield "\n### Reliability\n"
    rows = [_reliability(row) for row in figures["reliability"]]
    yield from _table(["passages", "mean probability", "share that is one", ""], rows)


def _parts(name: str, parts: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    rows = [_source(part, row) for part, row in parts.items()]
    yield from _table([name, "passages", "recommendations", "flagged", "AP", "F1"], rows)


def _headline(card: Mapping[str, Any]) -> list[str]:
    figures = card["figures"]["overall"]
    return [*(f"{figures[name]['value']:.3f}" for name in HEADLINE), str(card["threshold"])]


def _source(name: str, row: Mapping[str, float]) -> list[str]:
    figures = [f"{row[key]:.3f}" if key in row else "" for key in ("average_precision", "f1")]
    return [name, f"{row['passages']:,}", f"{row['recommendations']:,}", f"{row['flagged']:,}", *figures]


def _reliability(row: Mapping[str, float]) -> list[str]:
    return [f"{row['passages']:,}", f"{row['probability']:.3f}", f"{row['share']:.3f}", "█" * round(row["share"] * 20)]


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
