"""The same pitch across accounts: found, told apart, and within its memory."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from detector.campaigns import FEWEST_PAIRS, NAMES, SKETCH, Campaigns, own_words, resemblance, sketch, word_pairs
from detector.finding import Finding, Severity
from detector.post import Post, Region

PITCH = "Tiny cap, huge pipeline, insiders hold 40%. Get in under 0.85 before the June readout and thank me later!"
OTHER = "I would load up on Danish shipping names here, the dividend alone pays for the risk over the next two years."
ACTION = Finding("recommendation", "m", Severity.WARNING, 0, 4, "Tiny", kind="action")
MISSING = Finding("disclaimer_missing", "m", Severity.WARNING, 0, 0, "")


def post(number: int, text: str, author: str | None = "") -> Post:
    return Post(str(number), text, author=f"author {number}" if author == "" else author)


def grouped(*posts: Post, pitches: int = 100, names: int = 1000) -> list[list[str]]:
    campaigns = Campaigns(pitches=pitches, names=names)
    for each in posts:
        campaigns.add(each, [ACTION])
    return [[member.post for member in campaign.members] for campaign in campaigns.found()]


def test_a_pitch_reworded_by_another_account_is_one_campaign() -> None:
    reworded = "Friends: tiny cap, HUGE pipeline. Insiders hold 40%! Get in under 0.85 before the readout; thank me"
    assert grouped(post(1, PITCH), post(2, OTHER), post(3, reworded)) == [["1", "3"]]


def test_one_account_repeating_itself_is_none() -> None:
    assert grouped(post(1, PITCH, "ann"), post(2, PITCH, "ann")) == []
    assert grouped(post(1, PITCH, None), post(2, PITCH, None)) == []


def test_short_posts_and_posts_without_a_recommendation_are_none() -> None:
    assert grouped(post(1, "Buy the dip!"), post(2, "Buy the dip!")) == []
    campaigns = Campaigns()
    for number in (1, 2):
        campaigns.add(post(number, PITCH), [MISSING])
    assert campaigns.found() == []


def test_a_common_disclaimer_or_topic_block_makes_no_campaign() -> None:
    disclaimer = "This is not financial advice. Investing carries risk and you should do your own research. " * 2
    campaigns = Campaigns()
    for number, text in enumerate((PITCH, OTHER)):
        campaigns.add(post(number, disclaimer + text), [ACTION], aside=[(0, len(disclaimer))])
    assert campaigns.found() == []
    region = Post("3", "topic block, own words", regions=(Region(0, 11, "topic"),))
    assert own_words(region).strip() == ", own words"


def test_a_pitch_that_left_the_table_starts_anew() -> None:
    fillers = [post(10 + n, f"w{n} " + " ".join(f"{n}x{k}" for k in range(20))) for n in range(3)]
    assert grouped(post(1, PITCH), *fillers, post(2, PITCH), pitches=3) == []
    assert grouped(post(1, PITCH), *fillers, post(2, PITCH), pitches=4) == [["1", "2"]]


def test_a_large_campaign_is_counted_but_not_listed_whole() -> None:
    campaigns = Campaigns()
    for number in range(NAMES + 20):
        campaigns.add(post(number, PITCH), [ACTION])
    (campaign,) = campaigns.found()
    assert (campaign.posts, len(campaign.members), len(campaign.authors)) == (NAMES + 20, NAMES, NAMES)


def test_memory_stays_flat() -> None:
    campaigns = Campaigns(pitches=200, names=400)
    sizes = []
    tracemalloc.start()
    for number in range(3_000):
        words = " ".join(f"{number}w{k % 40}" for k in range(60))
        campaigns.add(post(number, words), [ACTION])
        if number % 1_000 == 999:
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert sizes[-1] < 1.2 * sizes[0] + 100_000


words = st.lists(
    st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]), min_size=FEWEST_PAIRS, max_size=40
).map(" ".join)


@given(words, words)
def test_a_sketch_of_few_pairs_gives_the_exact_resemblance(first: str, second: str) -> None:
    one, two = word_pairs(first), word_pairs(second)
    if len(one | two) <= SKETCH:
        assert resemblance(sketch(one), sketch(two)) == len(one & two) / len(one | two)
    assert resemblance(sketch(one), sketch(one)) == 1
    assert resemblance(sketch(one), sketch(two)) == resemblance(sketch(two), sketch(one))
