"""When words are what a leaf asks for, against independent definitions."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from reader.domain.query import Family, Fuzzy, Phrase, Prefix, TextField, Word
from reader.domain.query.matches import PhraseFinder, is_near, phrase_starts, typing_errors, word_test
from reader.domain.words import search_words

near = st.text("abc", max_size=8)


@given(near, near, st.integers(0, 3))
def test_nearness_is_optimal_string_alignment(first: str, second: str, limit: int) -> None:
    assert is_near(first, second, limit) == (OSA.distance(first, second) <= limit)


def test_typing_errors_allowed() -> None:
    assert [typing_errors("x" * length) for length in (1, 2, 3, 5, 6, 20)] == [0, 0, 1, 1, 2, 2]


def test_words_stems_beginnings_and_families() -> None:
    title, abstract = TextField.TITLE, TextField.ABSTRACT
    assert word_test(Word("models"), abstract)("modelling")
    assert not word_test(Word("sparse"), abstract)("sparsity")
    assert word_test(Family("sparse"), abstract)("sparsity")
    assert word_test(Prefix("diffusi"), abstract)("diffusion")
    assert not word_test(Prefix("diffusion"), abstract)("diffuse")
    assert word_test(Prefix("diffusions", typed=True), abstract)("diffusion")
    assert word_test(Prefix("rl", typed=True), title)("rlhf")
    assert not word_test(Prefix("rl", typed=True), abstract)("rlhf")
    assert word_test(Prefix("rl", typed=True), abstract)("rl")
    assert word_test(Prefix("rl", abstract, typed=True), abstract)("rlhf")
    assert word_test(Fuzzy("difusion"), abstract)("diffusion")
    assert word_test(Fuzzy("diffusoin"), abstract)("diffusion")
    assert not word_test(Fuzzy("rl"), abstract)("ml")


pieces = [*"abAéeſİﬁ½α中文_-’", "ab", "a'b", "a–b", "x²", "कि", "\u0301"]
pieces += [r"$\mathbf{a}$", r"\alpha", r"\'{e}", r"\'", "{a}b", r"\emph{a", "b}"]
texts = st.text(max_size=40) | st.lists(st.sampled_from(pieces), max_size=12).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words)])
)


@given(texts, st.text(max_size=6), st.booleans())
@example(text="00:0:0", other="0 0", open_ended=False)
def test_a_phrase_is_found_where_its_words_stand_in_a_row(text: str, other: str, open_ended: bool) -> None:
    words = search_words(text)
    candidates = [tuple(words[i : i + n]) for i in range(len(words)) for n in (1, 2, 3)]
    candidates += [(*c[:-1], c[-1][:1]) for c in candidates if c] + [tuple(search_words(other))]
    for wanted in dict.fromkeys(candidate for candidate in candidates if candidate):
        phrase = Phrase(wanted, open_ended=open_ended)
        expected = []
        for i in range(len(words) - len(wanted) + 1):
            window = words[i : i + len(wanted)]
            last = window[-1].startswith(wanted[-1]) if open_ended else window[-1] == wanted[-1]
            if last and window[:-1] == list(wanted[:-1]):
                expected.append(i)
        assert phrase_starts(words, phrase) == expected
        assert PhraseFinder(phrase).is_in(text) == bool(expected)
