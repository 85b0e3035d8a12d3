"""Words spelled past filters are read as the words; ordinary words and figures stay as they are."""

import time
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.view import make_view


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("b.u.y now", "buy now"),
        ("I b u y it", "I buy it"),
        ("s.e.l.l s.h.o.r.t today", "sell short today"),
        ("You should 8uy and h0ld", "You should buy and hold"),
        ("shouldbuyNVDA", "should buy NVDA"),
        ("youbuy, weholdit", "you buy, we hold it"),
        ("You should 买 NVDA", "You should buy NVDA"),
        ("You should 🛒 NVDA", "You should buy NVDA"),
        ("ѕеӏӏ GME now", "sell GME now"),
        ("Don’t 💎🙌 it", "Don’t hold it"),
        ("youshouldbuynvdanowbeforeearnings", "you should buy nvda now before earnings"),
        ("BUYTHEDIP", "BUY THE DIP"),
        ("#DontSell your AMC, #BuyNVDA", "#Dont Sell your AMC, #Buy NVDA"),
        ("don’tbuyit, $SAVAHoldthe line", "don’t buy it, $SAVA Hold the line"),
        ("moneyinGME", "money in GME"),
        ("buy100 or sell 50calls", "buy 100 or sell 50 calls"),
        ("take 💰 and buy the 📉", "take profit and buy the dip"),
        ("📉 it, then 🛑 🛒 more", "Short it, then stop buy more"),
        ("💸 CADJPY @ 80.3", "Sell CADJPY @ 80.3"),
        ("$NVDA 📈 192.50-->196", "$NVDA long 192.50-->196"),
        ("Stay calm, 💎🙌, enjoy", "Stay calm, hold, enjoy"),
        ("570p 53111ng, d0nt 5311 it", "stop selling, dont sell it"),
        ("b0ugh7, $ell, 51gn41, 411 1n", "bought, sell, signal, all in"),
        ("We want you i n now", "We want you in now"),
    ],
)
def test_disguised_words(source: str, seen: str) -> None:
    assert make_view(source).text == seen


@pytest.mark.parametrize(
    "source",
    [
        "U.S.A. vs. the U.K., e.g. S.E.C. filings",
        "10k at 5pm, Q3 2x, b2b, 401k, 3D, COVID19",
        "shareholders withhold shorthand; a buyout, a sellout, households",
        "SELLOFF, BUYBACK, HOLDINGS, SHORTS",
        "A B C D and x y z",
        "nice shopping 🛒 today 💎🙌",
        "大家赶紧买入英伟达",
        "https://x.com/stockstobuynow and @BuyTheDipGuy, r/stocksandshit, buy_the_dip",
        "GameStop, iShares, BestBuy, StockTwits, selloffs, moonshots, aAAA",
        "10k 50k 4x 2x 401k b4 5pm 1st 20th G37 Q4 3D $ELL 5311 411",
        "TSLA 🚀🚀🚀 💰💰 📈 Morgan Stanley raises",
        "💎🙌",
        "📈 BTC @ 65,000\n$BTC 📈 65,000 today",
        "🚀 Telegram: chat\n💸 Sell 3250\n👉 Our website",
        "I hold a b and c",
    ],
)
def test_ordinary_text_stays(source: str) -> None:
    assert make_view(source).text == source


SPELLINGS = st.sampled_from(["b.u.y", "s e l l", "h0ld", "NVDA", "🚀", "买", "now", "10k", "\n", "it"])


@given(st.lists(SPELLINGS, max_size=12))
def test_offsets_lead_back_to_what_was_written(words: list[str]) -> None:
    source = " ".join(words)
    view = make_view(source)
    assert view.starts is None or list(view.starts) == sorted(view.starts)
    for word in ("buy", "sell", "hold"):
        at = view.text.find(word)
        if at >= 0:
            start, end = view.span(at, at + len(word))
            assert source[start:end] in {"b.u.y", "s e l l", "h0ld", "买"}


@pytest.mark.parametrize(
    "unit",
    [
        "b u y ",
        "b.u.y.",
        "$",
        "@",
        "a1",
        "buysell",
        "8uy ",
        "a b ",
        "买",
        "shouldbuy ",
        "shouldbuy",
        "4",
        "1n ",
        "buy1",
        "🛒 ",
    ],
)
def test_a_text_of_nothing_but_tricks_takes_linear_time(unit: str) -> None:
    def seconds(characters: int) -> float:
        start = time.process_time()
        make_view(unit * (characters // len(unit)))
        return time.process_time() - start

    seconds(1_000)
    assert seconds(320_000) < 60 * max(seconds(20_000), 0.001)


def test_many_different_runs_of_letters_take_linear_time() -> None:
    def seconds(characters: int) -> float:
        runs = ("shouldbuy" * 20 + hex(next(NUMBERS))[2:].translate(HEX) for _ in range(characters // 185))
        text = " ".join(runs)
        start = time.process_time()
        make_view(text)
        return time.process_time() - start

    seconds(2_000)
    assert seconds(160_000) < 40 * max(seconds(10_000), 0.01)


@pytest.mark.parametrize("unit", ["shouldbuyit", "8uy53llh0ld", "🛒🚀💎🙌📉"])
def test_a_megabyte_without_a_space_stays_readable_in_linear_time(unit: str) -> None:
    """Letters, figures for letters, and pictures for words, without end."""

    def seconds(characters: int) -> float:
        text = unit * (characters // len(unit) + 1)
        start = time.process_time()
        assert make_view(text).text
        return time.process_time() - start

    seconds(1_000)
    assert seconds(1_000_000) < 150 * max(seconds(40_000), 0.01)


HEX = str.maketrans("0123456789", "ghijklmnop")
NUMBERS = count()  # no run twice, as runs are remembered
