"""Quotes find their place again in texts that changed."""

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.anchoring import CONTEXT_LENGTH, place_quote, quote_context

TEXTS = st.text(alphabet="ab c.", max_size=120)


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(st.text(alphabet="ab c.", min_size=1, max_size=120))
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(spans())
def test_in_an_unchanged_text_a_span_stays_where_it_is(span: tuple[str, int, int]) -> None:
    text, start, end = span
    assert place_quote(text, text[start:end], *quote_context(text, start, end), start) == (start, end)


@given(span=spans(), before=TEXTS, after=TEXTS)
def test_a_placed_quote_is_the_quote(span: tuple[str, int, int], before: str, after: str) -> None:
    text, start, end = span
    exact = text[start:end]
    changed = before + text + after
    place = place_quote(changed, exact, *quote_context(text, start, end), start)
    assert place is not None
    assert changed[place[0] : place[1]] == exact


@given(span=spans(), inserted=st.text(alphabet="xyz", max_size=60))
def test_text_put_before_it_moves_a_span_along(span: tuple[str, int, int], inserted: str) -> None:
    text, start, end = span
    far = text[:start] + inserted + text[start:]
    exact = text[start:end]
    prefix, suffix = quote_context(text, start, end)
    place = place_quote(far, exact, prefix, suffix, start)
    assert place is not None
    assert far[place[0] : place[1]] == exact


def test_the_best_surroundings_win_over_the_nearest_place() -> None:
    text = "the cat sat. the dog ran. the cat ran."
    prefix, suffix = quote_context(text, 26, 29)
    changed = "the cat sat. the cat slept. the dog ran. the cat ran."
    assert place_quote(changed, "the", prefix, suffix, 13) == (41, 44)


def test_among_equals_the_nearest_to_its_former_place() -> None:
    assert place_quote("xx xx xx", "xx", "", "", 5) == (6, 8)
    assert place_quote("xx xx xx", "xx", "", "", 1) == (0, 2)
    assert place_quote("xx xx xx", "xx", "", "", None) == (0, 2)


def test_what_is_gone_has_no_place() -> None:
    assert place_quote("something else", "quote", "a ", " b", 3) is None
    assert place_quote("", "quote", "", "", 0) is None
    assert place_quote("anything", "", "", "", 0) is None


def test_surroundings_are_cut() -> None:
    text = "a" * 100 + "QUOTE" + "b" * 100
    assert quote_context(text, 100, 105) == ("a" * CONTEXT_LENGTH, "b" * CONTEXT_LENGTH)
    assert quote_context("QUOTE", 0, 5) == ("", "")
