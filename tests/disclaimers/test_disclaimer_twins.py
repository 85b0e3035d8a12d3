"""Two prescribed warnings that differ in one clause: whatever is done to one, it is never called the other.

Where nothing is left of that clause, both are named, and each says that it may be the other.
"""

import re

import pytest

from detector.finding import Integrity
from detector.pipeline.disclaimers import Disclaimers
from detector.policy import DisclaimerPolicy, Policy
from detector.post import Post, TextFormat
from detector.reading import DisclaimerReading, Reading
from detector.registry import load_registry
from detector.rules import disclaimer_altered
from detector.rules.requirements import assess
from detector.rules.rule import Context
from detector.view import make_view

REGISTRY = load_registry()
COMPONENT = Disclaimers(REGISTRY)
TWINS = {"uk-crypto": "you should not expect", "uk-nrrs": "you are unlikely"}
SHARED = "Don't invest unless you're prepared to lose all the money you invest. This is a high-risk investment and you"
WORD = re.compile(r"[\w'-]+")
FEWEST_MARKED = 5  # words before "…" that tell a beginning of these from that of any sentence
ALIKE = 7  # so far "uk-p2p" begins in the same way
CLAUSES = (
    "Don't invest unless you're prepared to lose all the money you invest. ",
    "unless you're prepared to lose all the money you invest",
    "This is a high-risk investment and ",
    "This is a high-risk investment",
    "high-risk ",
    " to be protected",
    " if something goes wrong",
    " to be protected if something goes wrong",
)
REFORMATTED = {
    "upper case": (str.upper, "plain"),
    "lines": (lambda text: text.replace(" ", "\n"), "plain"),
    "typography": (lambda text: text.replace("'", "’").replace("-", "\u2011"), "plain"),
    "markdown": (lambda text: text.replace("high-risk", "**high-risk**"), "markdown"),
    "bullets": (lambda text: "- " + text.replace(". ", ".\n- "), "markdown"),
    "html": (lambda text: f"<p><b>{text.replace('. ', '.</b></p><p>')}</p>", "html"),
}  # fmt: skip
HIDDEN = ('<p style="display:none">{}</p>', "<!-- {} -->", "<details><summary>More</summary>{}</details>")
QUOTED = ("> {}\n\nWho writes this?", "```\n{}\n```", "[quote=bob]{}[/quote]", "Bob always writes “{}”")

twins = pytest.mark.parametrize("name", TWINS)


def read(text: str, text_format: TextFormat = "plain") -> list[DisclaimerReading]:
    return list(COMPONENT.predict(make_view(text, text_format=text_format)))


def named(text: str, text_format: TextFormat = "plain") -> list[tuple[str, str]]:
    return [(reading.id, reading.integrity.value) for reading in read(text, text_format)]


def words_of(name: str) -> list[re.Match[str]]:
    return list(WORD.finditer(REGISTRY[name].wording))


def test_they_differ_in_one_clause() -> None:
    texts = [REGISTRY[name].wording.replace(clause, "…") for name, clause in TWINS.items()]
    assert texts[0] == texts[1]
    assert all(REGISTRY[name].wording.startswith(SHARED) for name in TWINS)


@twins
@pytest.mark.parametrize("clause", CLAUSES)
def test_a_dropped_clause(name: str, clause: str) -> None:
    text = REGISTRY[name].wording
    assert clause in text
    ((found, state),) = named(text.replace(clause, "", 1))
    assert found == name
    assert state in {"altered", "truncated"}


@twins
@pytest.mark.parametrize("new", ["zebra", "will", "not", ""])
def test_each_word_changed_or_dropped(name: str, new: str) -> None:
    text = REGISTRY[name].wording
    for word in words_of(name):
        if word.group() == new:
            continue
        changed = " ".join((text[: word.start()] + new + text[word.end() :]).split())
        ((found, state),) = named(changed)
        assert (found, state) in {(name, "altered"), (name, "truncated")}, changed


@twins
@pytest.mark.parametrize("mark", ["…", " [read more]", "."])
def test_cut_behind_each_word(name: str, mark: str) -> None:
    text, words = REGISTRY[name].wording, words_of(name)
    shared = len(WORD.findall(SHARED))
    for count in range(1, len(words)):
        found = named(text[: words[count - 1].end()] + mark)
        if count > shared:
            assert found == [(name, "truncated")], count
        elif mark != "." and count >= FEWEST_MARKED:
            assert {each for each, _ in found} - {"uk-p2p"} == set(TWINS), count
            assert {state for _, state in found} == {"truncated"}
            assert count <= ALIKE or len(found) == len(TWINS)
        else:  # the clean beginning of a sentence is a cut only where enough of it stands
            assert found in ([], [(each, "truncated") for each in TWINS]), count


@twins
@pytest.mark.parametrize("how", REFORMATTED)
def test_reformatted(name: str, how: str) -> None:
    reformat, text_format = REFORMATTED[how]
    assert named(reformat(REGISTRY[name].wording), text_format) == [(name, "reformatted")]


@twins
@pytest.mark.parametrize("markup", HIDDEN)
def test_hidden(name: str, markup: str) -> None:
    assert named(f"<p>Buy.</p>{markup.format(REGISTRY[name].wording)}", "html") == [(name, "concealed")]


@twins
@pytest.mark.parametrize("frame", QUOTED)
def test_quoted(name: str, frame: str) -> None:
    assert named(frame.format(REGISTRY[name].wording)) == [(name, "quoted")]


@twins
def test_both_in_one_post(name: str) -> None:
    (other,) = set(TWINS) - {name}
    altered = REGISTRY[name].wording.replace("all the money", "some of the money")
    assert named(f"{altered}\n\n{REGISTRY[other].wording}") == [(name, "altered"), (other, "intact")]


@pytest.mark.parametrize(
    "left",
    [
        SHARED + "…",
        SHARED.removesuffix(" and you") + ".",
        SHARED.removesuffix(" you") + " to be protected if something goes wrong.",
        SHARED + " to be protected if something goes wrong.",
        SHARED.removesuffix(" you") + " nobody knows to be protected if something goes wrong.",
        SHARED.replace("all", "some of").removesuffix(" you") + " to be protected if something goes wrong.",
    ],
)
def test_where_the_clause_is_gone_both_are_named(left: str) -> None:
    found = read(left)
    assert {reading.id for reading in found} == set(TWINS)
    for reading in found:
        (other,) = set(TWINS) - {reading.id}
        assert reading.note.endswith(f"may as well be {other}")
        assert reading.integrity in {Integrity.TRUNCATED, Integrity.ALTERED}


@twins
def test_the_policy_decides_which_one_is_meant(name: str) -> None:
    post = Post("1", SHARED.removesuffix(" you") + " to be protected if something goes wrong.")
    policy = Policy(name="house", disclaimers=(DisclaimerPolicy(ids=(name,), when="always"),))
    context = Context(policy, REGISTRY, 0.5)
    reading = Reading(post, post.text, "en", disclaimers=tuple(read(post.text)))
    (finding,) = disclaimer_altered.RULE.check(assess(reading, context), context)
    assert finding.disclaimer == name
