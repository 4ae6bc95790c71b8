"""Finding quotes: exactly, else as a person would recognise them, else reworded; always as whole characters."""

from __future__ import annotations

import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.quote_placing import CONTEXT_LENGTH, Placed, Quote, find_quote, place_quote, quote_context

CHARACTERS = st.text(st.sampled_from("ab A“”\"'’–-\u00ad\n\té́ﬁfiİſß½Ａ̈\u200b字"), max_size=40)


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("It works. It works.", "works", ["works", "works"]),
        ("It works. it Works.", "It works", ["It works"]),
        ("a b", "  a b\n", ["a b"]),
        ("The quick\nbrown  fox", "quick brown fox", ["quick\nbrown  fox"]),
        ("The “quick” fox—runs", 'the "quick" fox-runs', ["The “quick” fox—runs"]),
        ("An eﬃcient way", "efficient WAY", ["eﬃcient way"]),
        ("state-of-the-art", "state‑of‑the‑art", ["state-of-the-art"]),
        ("hyphen\u00adated", "hyphenated", ["hyphen\u00adated"]),
        ("Cafe\u0301 noir", "café", ["Cafe\u0301"]),
        ("Straße", "STRASSE", ["Straße"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("abc", "x", []),
        ("abc", " \n", []),
        ("abc", "\u00ad", []),
        ("", "a", []),
    ],
)
def test_quotes_are_recognised(text: str, quote: str, found: list[str]) -> None:
    assert [span.of(text) for span in find_quote(text, quote)] == found


@pytest.mark.parametrize(("text", "quote"), [("eﬃcient", "ef"), ("Cafe\u0301", "CAFE"), ("½ way", "2 way")])
def test_no_part_of_a_character_is_found(text: str, quote: str) -> None:
    assert find_quote(text, quote) == []


@given(text=CHARACTERS, start=st.integers(0, 40), length=st.integers(1, 40))
def test_what_stands_there_is_found_there(text: str, start: int, length: int) -> None:
    quote = text[start : start + length].strip()
    spans = find_quote(text, quote)
    assert bool(spans) == bool(quote)
    assert all(span.of(text) == quote for span in spans)


@given(text=CHARACTERS, quote=CHARACTERS)
def test_what_is_found_is_alike_apart_and_in_order(text: str, quote: str) -> None:
    def alike(part: str) -> str:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", part).casefold())
        return "".join(char for char in folded if char.isalnum())

    end = 0
    for span in find_quote(text, quote):
        assert end <= span.start < span.end <= len(text)
        assert alike(span.of(text)) == alike(quote)
        end = span.end


@given(text=st.text(st.sampled_from("ab A\"'-\n\t"), min_size=1, max_size=40).filter(str.strip))
def test_a_text_is_found_in_another_dress(text: str) -> None:
    dressed = " ".join(text.replace('"', "“").replace("'", "’").replace("-", "–").split()).upper()
    assert [span.of(text) for span in find_quote(text, dressed)] == [text.strip()]


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("a tide -- or two", "a tide – or two", "a tide -- or two"),
        ("a tide – or two", "a tide -- or two", "a tide – or two"),
        ("a tide---or two", "tide — or", "tide---or"),
        ("tides of 3--5 m", "3–5 m", "3--5 m"),
        ("the ``calm'' sea", "the “calm” sea", "the ``calm'' sea"),
        ("it's the sea’s", "it’s the sea's", "it's the sea’s"),
        (r"Fig.~3 shows 5\% of $n$ boats", "fig. 3 shows 5% of n boats", r"Fig.~3 shows 5\% of $n$ boats"),
        ("a\r\nlong   line", "a long\nline", "a\r\nlong   line"),
    ],
)
def test_typography_alone_unplaces_nothing(text: str, quote: str, found: str) -> None:
    whole = f"Well, {text}; yes."
    assert [span.of(whole) for span in find_quote(whole, quote)] == [found]
    placed = place_quote(whole, Quote(quote, "Well, ", "; yes.", 6, 6 + len(quote)))
    assert placed is not None
    assert not placed.approximate


TEXTS = st.text(alphabet="ab c.", max_size=120)


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(st.text(alphabet="ab c.", min_size=1, max_size=120))
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(spans())
def test_in_an_unchanged_text_a_span_stays_where_it_is(span: tuple[str, int, int]) -> None:
    text, start, end = span
    assert place_quote(text, Quote(text[start:end], *quote_context(text, start, end), start, end)) == Placed(start, end)


@given(span=spans(), before=TEXTS, after=TEXTS)
def test_a_placed_quote_is_the_quote(span: tuple[str, int, int], before: str, after: str) -> None:
    text, start, end = span
    exact = text[start:end]
    changed = before + text + after
    place = place_quote(changed, Quote(exact, *quote_context(text, start, end), start, end))
    assert place is not None
    assert changed[place.start : place.end] == exact


@given(span=spans(), inserted=st.text(alphabet="xyz", max_size=60))
def test_text_put_before_it_moves_a_span_along(span: tuple[str, int, int], inserted: str) -> None:
    text, start, end = span
    far = text[:start] + inserted + text[start:]
    exact = text[start:end]
    prefix, suffix = quote_context(text, start, end)
    place = place_quote(far, Quote(exact, prefix, suffix, start, end))
    assert place is not None
    assert far[place.start : place.end] == exact


def test_the_best_context_win_over_the_nearest_place() -> None:
    text = "the cat sat. the dog ran. the cat ran."
    prefix, suffix = quote_context(text, 26, 29)
    changed = "the cat sat. the cat slept. the dog ran. the cat ran."
    assert place_quote(changed, Quote("the", prefix, suffix, 13, 16)) == Placed(41, 44)


def test_among_equals_the_nearest_to_its_former_place() -> None:
    assert place_quote("xx xx xx", Quote("xx", "", "", 5)) == Placed(6, 8)
    assert place_quote("xx xx xx", Quote("xx", "", "", 1)) == Placed(0, 2)
    assert place_quote("xx xx xx", Quote("xx", "", "", None)) == Placed(0, 2)


def test_what_is_gone_has_no_place() -> None:
    assert place_quote("something else", Quote("quote", "a ", " b", 3)) is None
    assert place_quote("", Quote("quote", "", "", 0)) is None
    assert place_quote("anything", Quote("", "", "", 0)) is None


def test_context_are_cut() -> None:
    text = "a" * 100 + "QUOTE" + "b" * 100
    assert quote_context(text, 100, 105) == ("a" * CONTEXT_LENGTH, "b" * CONTEXT_LENGTH)
    assert quote_context("QUOTE", 0, 5) == ("", "")


ABSTRACT = (
    "Harbours silt up. We measure the tide with two hundred small buoys that drift along the coast for a month. "
    "On sand the buoys lose 3.1 percent of their signals. On rock the buoys lose 4.7 percent of their signals. "
    "All records are published with the paper."
)
REVISED = (
    "Most harbours silt up. In this work, we measure tides with two hundred small buoys that drift along the coast for "
    "two months. On rock the buoys lost 4.7 percent of all their signals. Records are published with the paper."
)


def quote_of(text: str, exact: str) -> Quote:
    start = text.index(exact)
    return Quote(exact, *quote_context(text, start, start + len(exact)), start, start + len(exact))


@pytest.mark.parametrize(
    ("exact", "now"),
    [
        (
            "We measure the tide with two hundred small buoys that drift along the coast for a month.",
            "we measure tides with two hundred small buoys that drift along the coast for two months.",
        ),
        (
            "On rock the buoys lose 4.7 percent of their signals.",
            "On rock the buoys lost 4.7 percent of all their signals.",
        ),
        ("All records are published with the paper.", "Records are published with the paper."),
    ],
)
def test_a_reworded_sentence_is_found_and_said_to_be_only_like_it(exact: str, now: str) -> None:
    placed = place_quote(REVISED, quote_of(ABSTRACT, exact), ABSTRACT)
    assert placed is not None
    assert placed.approximate
    assert REVISED[placed.start : placed.end] == now


def test_a_deleted_sentence_is_no_other_one() -> None:
    quote = quote_of(ABSTRACT, "On sand the buoys lose 3.1 percent of their signals.")
    assert place_quote(REVISED, quote, ABSTRACT) is None, "that of rock is more like what was there of rock"
    rest = ABSTRACT.replace(quote.exact, "")
    assert place_quote(rest, quote, ABSTRACT) is None
    assert place_quote(rest, quote) is None


def test_what_was_unplaced_is_found_among_what_is_new_only() -> None:
    quote = quote_of(ABSTRACT, "On sand the buoys lose 3.1 percent of their signals.")
    unplaced = Quote(quote.exact, quote.prefix, quote.suffix)
    rest = ABSTRACT.replace(quote.exact, "")
    assert place_quote(rest + " Nothing else.", unplaced, rest) is None
    back = place_quote(f"{rest} On sand, buoys lose 3.2 percent of their signals.", unplaced, rest)
    assert back is not None
    assert back.approximate


@pytest.mark.parametrize("exact", ["two hundred", "silt up", "a month"])
def test_short_quotes_are_not_guessed(exact: str) -> None:
    assert place_quote("Three hundred. Salt up. The months.", quote_of(ABSTRACT, exact), ABSTRACT) is None


@given(st.text(st.sampled_from("ab A“\"'–-~{} \n"), max_size=60), st.text(st.sampled_from("ab A\"'- \n"), max_size=60))
def test_what_is_placed_lies_in_the_text(text: str, former: str) -> None:
    for start in range(0, len(former), 7):
        placed = place_quote(text, Quote(former[start:], "", "", start, len(former)), former)
        assert placed is None or 0 <= placed.start < placed.end <= len(text)


def test_a_quote_of_a_page_takes_no_time_to_speak_of() -> None:
    words = [
        "tidal",
        "ladder",
        "rope",
        "slow",
        "boat",
        "climb",
        "harbour",
        "measure",
        "method",
        "result",
        "shows",
        "that",
        "we",
        "propose",
        "with",
    ]
    pick = random.Random(3).choice
    for length in (300, 3_000):  # in words; the longer is beyond what is compared
        former, now = (" ".join(pick(words) for _ in range(length)) for _ in range(2))
        before = time.process_time()
        assert place_quote(now, Quote(former, start=0, end=len(former)), former) is None
        assert time.process_time() - before < 3  # trying every pair of ends took 3.2 s for 400 words, 90 for 1,500
