"""Stems against the examples of Porter's paper, and families."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.stemmer import family, family_of_stem, stem

PUBLISHED = """
caresses caress ponies poni ties ti caress caress cats cat feed feed agreed agre plastered plaster bled bled motoring
motor sing sing conflated conflat troubled troubl sized size hopping hop tanned tan falling fall hissing hiss fizzed
fizz failing fail filing file happy happi sky sky relational relat conditional condit rational ration valenci valenc
hesitanci hesit digitizer digit conformabli conform radicalli radic differentli differ vileli vile analogousli analog
vietnamization vietnam predication predic operator oper feudalism feudal decisiveness decis hopefulness hope
callousness callous formaliti formal sensitiviti sensit sensibiliti sensibl triplicate triplic formative form formalize
formal electriciti electr electrical electr hopeful hope goodness good revival reviv allowance allow inference infer
airliner airlin gyroscopic gyroscop adjustable adjust defensible defens irritant irrit replacement replac adjustment
adjust dependent depend adoption adopt homologou homolog communism commun activate activ angulariti angular homologous
homolog effective effect bowdlerize bowdler probate probat rate rate cease ceas controll control roll roll
""".split()  # noqa: SIM905


@pytest.mark.parametrize(("word", "expected"), list(zip(PUBLISHED[::2], PUBLISHED[1::2], strict=True)))
def test_the_examples_of_the_paper(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize("word", ["a", "is", "gpt4", "4", "naïve", "模"])
def test_what_is_no_english_word_is_its_own_stem(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    "words",
    [
        "sparse sparsity sparsify sparsified sparsification",
        "diffusion diffuse diffusive",
        "robust robustness robustly",
        "generate generation generative generator",
        "optimal optimize optimization optimizer",
        "dense density densely",
        "classify classifier classification",
    ],
)
def test_families(words: str) -> None:
    assert len({family(word) for word in words.split()}) == 1


def test_porter_keeps_apart_what_a_family_joins() -> None:
    assert stem("sparse") != stem("sparsity")


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=14))
def test_a_family_holds_all_words_of_a_stem(word: str) -> None:
    assert family(word) == family_of_stem(stem(word))
    assert len(stem(word)) <= len(word) + 1
    assert family(word) or not word
