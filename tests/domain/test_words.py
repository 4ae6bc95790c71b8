"""Words as search sees them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.folding import fold_title
from reader.domain.words import search_words, word_spans

texts = st.text() | st.lists(
    st.sampled_from(
        [
            "naïve",
            "$",
            "{",
            "}",
            "\\mathbb",
            "\\alpha",
            '\\"',
            "o",
            "\\'e",
            "A",
            " ",
            "e\u0301",
            "中",
            "-",
            "\u0301",
            "ﬁ",
            "ß",
        ]
    ),
    max_size=15,
).map("".join)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Sparse Masks, again!", ["sparse", "masks", "again"]),
        ("naïve NAÏVE nai\u0308ve", ["naive", "naive", "naive"]),
        (r"$\mathbb{USCD}$", ["uscd"]),
        (r"$\ell_p$-norms", ["ell", "p", "norms"]),
        (r"$\alpha$ \beta", ["alpha", "beta"]),
        (r"Erd\H{o}s and G\"odel", ["erd", "hos", "and", "godel"]),
        ("Łukasz Øre Straße æther", ["lukasz", "ore", "strasse", "aether"]),
        ("模型model论", ["模", "型", "model", "论"]),
        ("한국어 Й", ["한국어", "и"]),
        ("ﬁne x²", ["fine", "x2"]),
        ("a_b c-d e's", ["a", "b", "c", "d", "e", "s"]),
    ],
)
def test_folding(text: str, words: list[str]) -> None:
    assert search_words(text) == words


@given(texts)
def test_words_are_those_of_identity_without_accents(text: str) -> None:
    plain = unicodedata.normalize("NFD", fold_title(text))
    plain = "".join(char for char in plain if not "\u0300" <= char <= "\u036f")
    letters = "".join(search_words(text))
    if not set(plain) & set("łøđħıæœþðŋŧ"):
        assert letters == unicodedata.normalize("NFC", "".join(plain.split()))


@given(texts)
def test_a_word_folds_to_itself(text: str) -> None:
    for word in search_words(text):
        assert search_words(word) == [word]


@given(texts)
def test_spans_belong_to_the_words(text: str) -> None:
    spans = word_spans(text)
    assert [word for word, _, _ in spans] == search_words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in spans)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("A naïve one", ["A", "naïve", "one"]),
        ("nai\u0308ve.", ["nai\u0308ve"]),
        (r"On $\mathbb{USCD}$", ["On", "USCD"]),
        (r"\alpha-beta", ["alpha", "beta"]),
        (r"G\"{o}del", [r"G\"{o}del"]),
        ("中文a", ["中", "文", "a"]),
        ("ﬁne", ["ﬁne"]),
    ],
)
def test_spans(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for _, start, end in word_spans(text)] == pieces
