"""Reasons in words: what a taste says of the words of a text, and of words altogether."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log1p

import numpy as np

from reader.domain.meaning import PaperText
from reader.domain.stemmer import stem
from reader.domain.words import search_words
from reader.meaning.arrays import Floats, Rows
from reader.meaning.basis import Basis
from reader.meaning.taste import TasteModel
from reader.meaning.terms import occurrences, parts_of

_LEAST_USES = 2
"""A word of a single decided paper tells of that paper, not of a taste."""


def word_parts(basis: Basis, model: TasteModel, text: PaperText, row: Rows) -> dict[str, float]:
    """The part of every word and pair of words of a text in the score of its row; they sum to the score."""
    vector = row.astype(np.float64) * model.background.scale
    return basis.word_parts(text, model.weights, model.background.mean, vector)


def directions_of(basis: Basis, words: Iterable[str]) -> Floats:
    """The directions of words or pairs in a basis, one a column; a word has one in either part of the basis.

    A taste that is orthogonal to them gives the words no weight. Words that the basis does not know have none.
    """
    columns = []
    for word in words:
        stems = [stem(each) for each in search_words(word)]
        place = basis.vocabulary.places.get(" ".join(stems))
        if place is not None:
            columns.append(np.pad(basis.directions[place].astype(np.float64), (0, basis.width - basis.rank)))
        if basis.words is not None and len(stems) == 1:
            pieces = basis.words.pieces(search_words(word)[0])
            columns.append(np.pad(basis.words.vectors(pieces).sum(axis=0, dtype=np.float64), (basis.rank, 0)))
    lengths = [float(np.sqrt(column @ column)) for column in columns]
    kept = [column / length for column, length in zip(columns, lengths, strict=True) if length]
    return np.column_stack(kept) if kept else np.empty((basis.width, 0))


def weighty_words(
    basis: Basis, model: TasteModel, texts: Sequence[PaperText], limit: int
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """The words and pairs of some texts that speak most for a paper, and most against it, each with its weight.

    The weight is what the word adds to the score of a text of nothing else, as far as the library's own part of the
    basis goes; of words with equal weights those of more texts come first.
    """
    labels, uses = _labels(texts)
    places = {term: basis.vocabulary.places[term] for term in labels if term in basis.vocabulary.places}
    terms = sorted(term for term in places if uses[term] >= _LEAST_USES)
    at = np.array([places[term] for term in terms], dtype=np.int64)
    found = (basis.directions[at].astype(np.float64) @ model.weights[: basis.rank]) * basis.scales[at]
    weights = dict(zip(terms, found.tolist(), strict=True))
    ranked = sorted(terms, key=lambda term: (-abs(weights[term]) * log1p(uses[term]), term))
    for_it = _distinct((term for term in ranked if weights[term] > 0), limit)
    against = _distinct((term for term in ranked if weights[term] < 0), limit)
    heaviest = [sorted(chosen, key=lambda term: (-abs(weights[term]), term)) for chosen in (for_it, against)]
    told = [[(labels[term], weights[term]) for term in chosen] for chosen in heaviest]
    return told[0], told[1]


def _labels(texts: Sequence[PaperText]) -> tuple[dict[str, str], dict[str, int]]:
    """The terms of texts as they are shown, and how many texts have each."""
    labels: dict[str, str] = {}
    uses: dict[str, int] = {}
    for text in texts:
        seen = set()
        for words, _ in parts_of(text):
            for term, first, last in occurrences(words):
                labels.setdefault(term, " ".join(words[first : last + 1]))
                seen.add(term)
        for term in seen:
            uses[term] = uses.get(term, 0) + 1
    return labels, uses


def _distinct(terms: Iterable[str], limit: int) -> list[str]:
    """The first terms of which none repeats the words of another."""
    chosen: list[str] = []
    taken: set[str] = set()
    for term in terms:
        words = set(term.split())
        if len(chosen) < limit and not words & taken:
            chosen.append(term)
            taken |= words
    return chosen
