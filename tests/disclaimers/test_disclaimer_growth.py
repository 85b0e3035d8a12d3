"""Worst cases stay linear: in the length of a post up to 1 MB, and in the number of registered texts."""

import pytest
from growth import exponent, seconds

from detector.pipeline.disclaimers import Disclaimers
from detector.registry import Registry, load_registry
from detector.registry.entry import Variant, Version
from detector.view import make_view

REGISTRY = load_registry()
TTM, CFD = REGISTRY["ttm-community"].wording, REGISTRY["uk-cfd"].filled
NEAR = TTM.replace("may", "must").replace("not financial", "financial")
WORST = {
    "altered copies": f"{NEAR}\n\n",
    "cut copies": f"{TTM[:300]} ",
    "quoted copies": f"> {TTM}\n",
    "telling words": "financial advice disclaimer investing carries risk ",
    "hidden copies": f"||{TTM}|| ",
    "denials": "ignore the disclaimer above, this is financial advice. " + TTM,
    "slots": CFD.replace("CFDs are", "CFDs aren't") + " ",
    "halves": f"{CFD[:150]} ",
    "one long sentence": TTM.replace(".", ",").lower() + ", and ",
}
SIZES = (1_000, 10_000, 100_000, 1_000_000)  # characters
NUMBERS = (3, 30, 300, 1_000)  # registered texts


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    component = Disclaimers(REGISTRY)
    views = [make_view(unit * (size // len(unit) + 1)) for size in SIZES]
    component.predict(views[0])
    times = [seconds(lambda view=view: component.predict(view)) for view in views]
    grown = exponent([len(view.text) for view in views], times)
    print(f"{len(views[-1].text)} characters in {times[-1]:.2f} s, exponent {grown:.2f}")  # noqa: T201
    assert grown < 1.25, times


def crowd(size: int) -> Registry:
    """A registry of many texts, each like the others but for one word."""
    entry, entries = REGISTRY["ttm-community"], {}
    for number in range(size):
        version = Version("1", {"full": Variant(TTM.replace("TTM", f"Platform{number}"))})
        entries[f"text-{number}"] = type(entry)(
            f"text-{number}", entry.title, "any", "en", entry.source, (version,), examples=()
        )
    return Registry(entries)


def test_time_grows_no_faster_than_the_registry() -> None:
    plain = make_view("IWM looks ready to run, I am in since 198. What is the risk? " * 20)
    altered = make_view(TTM.replace("TTM", "Platform2").replace("may seek", "must seek"))
    components = [Disclaimers(crowd(number)) for number in NUMBERS]
    for view, most in ((plain, 0.2), (altered, 1.1)):
        times = [seconds(lambda component=component, view=view: component.predict(view)) for component in components]
        assert exponent(NUMBERS, times) < most, times


def test_the_right_one_of_many_alike_is_found() -> None:
    component = Disclaimers(crowd(300))
    found = component.predict(make_view(TTM.replace("TTM", "Platform217").replace("may seek", "must seek")))
    assert [(each.id, each.edits[0].edit_class) for each in found] == [("text-217", "modal")]
