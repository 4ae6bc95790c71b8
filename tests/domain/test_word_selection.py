"""Words as a reader selects them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.word_selection import find_words, nearest_word
from tests.domain.hostile import HOSTILE_TEXT, REPEATED, assert_linear


def words(text: str) -> list[str]:
    return [word.of(text) for word in find_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trees grow (fast), don't they?", ["Trees", "grow", "fast", "don't", "they"]),
        ("state-of-the-art, k-means‐like", ["state-of-the-art", "k-means‐like"]),
        ("a -- b, c—d, e - f", ["a", "b", "c", "d", "e", "f"]),
        ("3,700 at 4.5% or 7\\%, 1,2 and p < .05", ["3,700", "at", "4.5%", "or", "7\\%", "1", "2", "and", "p", ".05"]),
        ("Node.js, .NET, C++ or C#. Pass@1 of R&D.", ["Node.js", ".NET", "C++", "or", "C#", "Pass@1", "of", "R&D"]),
        ("Let $x + y$ be, \\(a b\\), $k$-means.", ["Let", "$x + y$", "be", "\\(a b\\)", "$k$", "means"]),
        ("L^2, x_n, V^{2/p}, S_{ij} and \\emph{bold}", ["L^2", "x_n", "V^{2/p}", "S_{ij}", "and", "\\emph{bold}"]),
        (
            "(https://example.org/a-b?c=d). Or www.example.com.",
            ["https://example.org/a-b?c=d", "Or", "www.example.com"],
        ),
        ("“quoted” ‘words’ and/or", ["quoted", "words", "and", "or"]),
        ("Yi-1.5 beats GPT-4.5:", ["Yi-1.5", "beats", "GPT-4.5"]),
        ("深層学習、とは。", ["深", "層", "学", "習", "と", "は"]),
        ("cafe\u0301 naïve हिन्दी", ["cafe\u0301", "naïve", "हिन्दी"]),
        ("at ratio 2:4 or N:M, so: then", ["at", "ratio", "2:4", "or", "N:M", "so", "then"]),
        ("", []),
        (" … !", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(HOSTILE_TEXT)
def test_words_are_in_order_and_hold_every_letter_and_digit(text: str) -> None:
    found = find_words(text)
    end = 0
    for word in found:
        assert end <= word.start < word.end <= len(text)
        assert not any(char.isalnum() for char in text[end : word.start])
        assert word.of(text) == word.of(text).strip()
        end = word.end
    assert not any(char.isalnum() for char in text[end:])


@given(HOSTILE_TEXT, st.integers(-5, 200))
def test_the_nearest_word_is_the_one_there_or_the_next(text: str, offset: int) -> None:
    found = find_words(text)
    number = nearest_word(found, offset)
    if not found:
        assert number is None
        return
    expected = [place for place, word in enumerate(found) if word.end > offset]
    assert number == (expected[0] if expected else len(found) - 1)


@pytest.mark.parametrize("piece", REPEATED)
def test_a_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    assert_linear(find_words, piece)
