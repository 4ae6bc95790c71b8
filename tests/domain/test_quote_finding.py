"""Finding quotes: exactly, else as a person would recognise them; always as whole characters of the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.quote_finding import find_quote

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
