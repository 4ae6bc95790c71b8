"""The basis of a library: what turns the text of a paper into the numbers by which papers are compared.

It has two parts. The first are the directions of latent semantic analysis, learned from the library itself. The second,
where the optional word vectors are installed, is the plain mean of the vectors of a text's words. Each part is centred
(the mean of the papers learned from is taken away), brought to length 1, and the two stand side by side in a vector of
length 1, so that the product of two vectors is their cosine. A part of which a text has nothing is zero.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from reader.domain.batches import batches
from reader.domain.cancellation import Cancelled, never
from reader.domain.meaning import PaperText
from reader.domain.stemmer import stem
from reader.meaning.arrays import Floats, Integers, Marks, Rows
from reader.meaning.lsa import TrainingCancelledError, term_directions
from reader.meaning.sparse import SparseRows
from reader.meaning.terms import occurrences, parts_of, terms_of
from reader.meaning.vocabulary import Vocabulary, learn_vocabulary
from reader.meaning.word_vectors import UNKNOWN_PIECE, WordVectors

__all__ = ["MOST_LEARNED_FROM", "Basis", "TrainingCancelledError"]

MOST_RANKS = 256
_PAPERS_PER_RANK = 6
_LEAST_RANKS = 8
MOST_LEARNED_FROM = 10_000
_MOST_UNKNOWN = 0.3
"""With a larger share of unknown pieces than this a text is in another language, of which word vectors know little."""
_FRAGMENTS = 3
"""A word of so many pieces is unknown, and these say little of it. They are at most 25 % of real English abstracts, and
31 % of a French, 54 % of a German and 93 % of a Finnish text. A word that is not ASCII is unknown as well."""
_FEW_RANKS = 128
"""With so few numbers in the part that was learned, single ones can be nearly as large as the whole vector."""
_BATCH = 250
_TERMS_AT_ONCE = 1_000
_NO_WORD = ""


@dataclass(frozen=True)
class Basis:
    """A basis; see the module. ``papers`` is the number of papers it was learned from.

    ``directions`` (terms, rank) are the directions of the terms as whole numbers, each row times its ``scales``.
    ``term_mean`` and ``word_mean`` are the means of the two parts.
    """

    vocabulary: Vocabulary
    directions: Rows
    scales: Floats
    term_mean: Floats
    word_mean: Floats
    papers: int
    words: WordVectors | None

    @classmethod
    def train(
        cls, texts: Sequence[PaperText], word_vectors: WordVectors | None = None, cancelled: Cancelled = never
    ) -> Basis:
        """Learn a basis from texts, which are to be in the order of their papers' keys: it decides the last digits.

        Raises :class:`reader.meaning.lsa.TrainingCancelledError`.
        """
        vocabulary, weights = learn_vocabulary(texts, cancelled)
        rank = max(_LEAST_RANKS, min(MOST_RANKS, len(texts) // _PAPERS_PER_RANK))
        exact = term_directions(weights, rank, cancelled)
        scales = np.maximum(exact.max(axis=1, initial=0.0), -exact.min(axis=1, initial=0.0)) / 127
        scales = np.maximum(scales, np.finfo(np.float32).tiny)
        directions: Rows = np.empty((len(exact), len(exact.T)), dtype=np.int8)
        for start in range(0, len(exact), _TERMS_AT_ONCE):
            part = slice(start, start + _TERMS_AT_ONCE)
            directions[part] = np.rint(exact[part] / scales[part, None])
        del exact
        unfinished = cls(
            vocabulary,
            directions,
            scales.astype(np.float32),
            np.zeros(directions.shape[1]),
            np.zeros(word_vectors.width if word_vectors else 0),
            len(texts),
            word_vectors,
        )
        term_mean = _mean_of_filled(unfinished._term_parts(weights), np.diff(weights.starts) > 0)
        return replace(unfinished, term_mean=term_mean, word_mean=unfinished._mean_of_words(texts, cancelled))

    @property
    def rank(self) -> int:
        """The width of the part that was learned from the library."""
        return int(self.directions.shape[1])

    @property
    def width(self) -> int:
        """The numbers of a vector."""
        return self.rank + len(self.word_mean)

    @property
    def scale(self) -> float:
        """What a row's whole numbers are multiplied with to give a vector; a power of two, so that nothing is lost."""
        return 1 / 128 if self.rank <= _FEW_RANKS else 1 / 256

    @cached_property
    def id(self) -> str:
        """Tells the basis from every other: the same content has the same id."""
        digest = hashlib.sha256("\n".join(self.vocabulary.terms).encode("utf-8", "surrogatepass"))
        for part in (self.vocabulary.idf, self.directions, self.scales, self.term_mean, self.word_mean):
            digest.update(part.tobytes())
        digest.update(f"{self.papers} {self.words.id if self.words else ''}".encode())
        return digest.hexdigest()[:16]

    def vectors(self, texts: Sequence[PaperText]) -> Floats:
        """The vectors of texts, a row for each, of length 1 or (where nothing is known of a text) 0."""
        if len(texts) > _BATCH:
            return np.vstack([self.vectors(batch) for batch in batches(texts, _BATCH)])
        weights = self.vocabulary.rows(terms_of(text.title, text.abstract) for text in texts)
        terms = _centred(self._term_parts(weights), self.term_mean, np.diff(weights.starts) > 0)
        words, known = self._word_parts(texts)
        vectors = np.hstack([terms, _centred(words, self.word_mean, known)])
        return np.asarray(_of_length_1(vectors), dtype=np.float32)

    def knows(self, word: str) -> bool:
        """Whether a folded word is known as a whole: pieces of words make a vector of anything, nonsense included."""
        pieces = self.words.pieces(word) if self.words is not None else ()
        return stem(word) in self.vocabulary.places or (len(pieces) == 1 and pieces[0] != UNKNOWN_PIECE)

    def count_words(self, texts: Sequence[PaperText]) -> tuple[int, int]:
        """How many words of a subject texts have, and how many of them the vocabulary lacks."""
        counts = [
            (count, term in self.vocabulary.places)
            for text in texts
            for term, count in terms_of(text.title, text.abstract).items()
            if " " not in term
        ]
        return sum(count for count, _ in counts), sum(count for count, is_known in counts if not is_known)

    def rows(self, texts: Sequence[PaperText]) -> Rows:
        """The vectors of texts as whole numbers, to be multiplied with ``scale``."""
        rows: Rows = np.clip(np.rint(self.vectors(texts) / self.scale), -127, 127).astype(np.int8)
        return rows

    def word_parts(
        self, text: PaperText, weights: Floats, centre: Floats, vector: Floats | None = None
    ) -> dict[str, float]:
        """How much each word or pair of words of a text adds to ``(vector - centre) · weights``; the parts sum to it.

        ``vector`` is the text's, as it is stored where that is given. What belongs to no word (the means, the rounding)
        is spread over the words in proportion to their weight in the text; in a text of no word it stands under "".
        """
        exact = np.asarray(self.vectors([text])[0] if vector is None else vector, dtype=np.float64)
        weights, centre = np.asarray(weights, dtype=np.float64), np.asarray(centre, dtype=np.float64)
        labels = _labels_of(text)
        parts, shares = self._parts_by_term(text, labels, weights)
        rest = float((exact - centre) @ weights) - sum(parts.values())
        total = sum(shares.values())
        if not total:
            return {_NO_WORD: rest}
        return {label: parts.get(label, 0.0) + rest * share / total for label, share in shares.items()}

    def _parts_by_term(
        self, text: PaperText, labels: dict[str, str], weights: Floats
    ) -> tuple[dict[str, float], dict[str, float]]:
        """What the words add without the means, and their shares in the text, both by label."""
        parts: dict[str, float] = {}
        shares: dict[str, float] = {}
        row = self.vocabulary.rows([terms_of(text.title, text.abstract)])
        term_part, (words, known) = self._term_parts(row), self._word_parts([text])
        lengths = [_length(term_part[0] - self.term_mean) if len(row.columns) else 0.0]
        lengths.append(_length(words[0] - self.word_mean) if known[0] else 0.0)
        size = np.sqrt(sum(length > 0 for length in lengths)) or 1.0
        if lengths[0]:
            directions = self.directions[row.columns].astype(np.float64) * self.scales[row.columns, None]
            added = row.values * (directions @ weights[: self.rank]) / (lengths[0] * size)
            whole = float(row.values.sum()) * size
            for column, value, share in zip(row.columns, added, row.values / whole, strict=True):
                label = labels[self.vocabulary.terms[column]]
                parts[label] = parts.get(label, 0.0) + float(value)
                shares[label] = shares.get(label, 0.0) + float(share)
        if lengths[1] and self.words is not None:
            counts = _word_counts(text)
            pieces = {word: self.words.pieces(word) for word in counts}
            total = sum(len(pieces[word]) * count for word, count in counts.items())
            for word, count in counts.items():
                value = self.words.vectors(pieces[word]).sum(axis=0, dtype=np.float64) @ weights[self.rank :]
                label = labels.get(stem(word), word)
                parts[label] = parts.get(label, 0.0) + float(value) * count / (total * lengths[1] * size)
                shares[label] = shares.get(label, 0.0) + len(pieces[word]) * count / (total * size)
        return parts, shares or dict.fromkeys(labels.values(), 1.0)

    def _mean_of_words(self, texts: Sequence[PaperText], cancelled: Cancelled) -> Floats:
        """The mean of the second part of texts."""
        total, count = np.zeros(len(self.word_mean)), 0
        for batch in batches(texts, _BATCH) if self.words else ():
            if cancelled():
                raise TrainingCancelledError
            words, known = self._word_parts(batch)
            total += words[known].sum(axis=0, dtype=np.float64)
            count += int(known.sum())
        return total / max(count, 1)

    def _term_parts(self, weights: SparseRows) -> Floats:
        """The first part of texts, not centred yet."""
        scaled = replace(weights, values=weights.values * self.scales[weights.columns])
        return scaled.times(self.directions)

    def _word_parts(self, texts: Sequence[PaperText]) -> tuple[Floats, Marks]:
        """The second part of texts, not centred yet; and of which texts enough is known for it."""
        vectors = self.words
        if vectors is None:
            return np.zeros((len(texts), 0)), np.zeros(len(texts), dtype=bool)
        pieces, starts, unknown = array("i"), array("q", [0]), array("i")
        for text in texts:
            strange = 0
            for words, _ in parts_of(text):
                for word in words:
                    parts = vectors.pieces(word)
                    pieces.extend(parts)
                    if len(parts) >= _FRAGMENTS or not word.isascii():
                        strange += len(parts)
            unknown.append(strange)
            starts.append(len(pieces))
        counts = np.diff(np.asarray(starts))
        means = _mean_vectors(np.asarray(pieces), counts, vectors)
        return means, np.asarray(unknown) < counts * _MOST_UNKNOWN


def _mean_vectors(pieces: Integers, counts: Integers, vectors: WordVectors) -> Floats:
    """The mean vector of each text's pieces; the first ``counts[0]`` of all are those of the first text, and so on."""
    found = np.flatnonzero(np.bincount(pieces, minlength=1))
    places = np.zeros(int(found[-1]) + 1 if len(found) else 0, dtype=np.int64)
    places[found] = np.arange(len(found))
    at = np.repeat(np.arange(len(counts)), counts) * len(found) + places[pieces]
    # A full matrix of counts: few pieces differ among some hundred texts, and it is multiplied several times as fast.
    numbers = np.bincount(at, minlength=len(counts) * len(found)).reshape(len(counts), len(found))
    # In double precision, so that the other texts beside it do not change the digits of a text that are kept.
    means: Floats = numbers.astype(np.float64) @ vectors.vectors(found).astype(np.float64)
    means /= np.maximum(counts, 1)[:, None]
    return means


def _word_counts(text: PaperText) -> dict[str, int]:
    counts: dict[str, int] = {}
    for words, _ in parts_of(text):
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return counts


def _labels_of(text: PaperText) -> dict[str, str]:
    """The words by which the terms of a text are shown: as they stand where a term occurs first."""
    labels: dict[str, str] = {}
    for words, _ in parts_of(text):
        for term, first, last in occurrences(words):
            labels.setdefault(term, " ".join(words[first : last + 1]))
    return labels


def _mean_of_filled(parts: Floats, filled: Marks) -> Floats:
    """The mean of the rows that have something."""
    if not filled.any():
        return np.zeros(parts.shape[1])
    return np.asarray(parts[filled].mean(axis=0, dtype=np.float64))


def _centred(parts: Floats, mean: Floats, filled: Marks) -> Floats:
    """Parts of vectors around their mean, of length 1; zero where there is nothing."""
    return _of_length_1(np.where(filled[:, None], parts - mean, 0.0))


def _of_length_1(vectors: Floats) -> Floats:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0)[:, None])


def _length(vector: Floats) -> float:
    return float(np.sqrt(vector @ vector))
