"""The vocabulary of a library: its terms with their weights, and texts as rows of weighted terms.

A term's weight in a text is (1 + ln count) · idf with idf = ln((1 + papers) / (1 + papers with the term)) + 1, each row
of length 1 (tf-idf with sublinear counts; C. Manning, P. Raghavan and H. Schütze, "Introduction to Information
Retrieval", 2008, section 6.4).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reader.domain.cancellation import Cancelled
from reader.domain.meaning import PaperText
from reader.meaning.arrays import Floats, Integers
from reader.meaning.lsa import TrainingCancelledError
from reader.meaning.sparse import SparseRows, stacked, with_unit_rows
from reader.meaning.terms import terms_of

MOST_TERMS = 20_000
_LEAST_PAPERS = 2
"""A term of fewer papers tells nothing of which papers are alike."""
_MOST_COUNTED = 100_000
"""With more distinct terms than this, those seen once so far are forgotten while counting; it bounds memory."""
_MOST_OF_A_TERM = 1_000
_AT_ONCE = 1_000
_CANCEL_EVERY = 50


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms in alphabetical order, and their ``idf`` in the same order."""

    terms: tuple[str, ...]
    idf: Floats
    places: Mapping[str, int]

    @classmethod
    def of(cls, terms: Sequence[str], idf: Floats) -> Vocabulary:
        """A vocabulary of these terms."""
        return cls(tuple(terms), idf, {term: place for place, term in enumerate(terms)})

    def __len__(self) -> int:
        return len(self.terms)

    def rows(self, counts: Iterable[Mapping[str, int]]) -> SparseRows:
        """Texts, each given by the counts of its terms, as rows of weighted terms; unknown terms are left out."""
        columns, numbers, starts = array("i"), array("i"), array("q", [0])
        places = self.places
        for text in counts:
            known = sorted((places[term], count) for term, count in text.items() if term in places)
            columns.extend(place for place, _ in known)
            numbers.extend(count for _, count in known)
            starts.append(len(columns))
        return self.weighted(np.asarray(starts), np.asarray(columns), np.asarray(numbers))

    def weighted(self, starts: Integers, columns: Integers, counts: Integers) -> SparseRows:
        """Rows of counts as rows of weights."""
        values = (1.0 + np.log(np.maximum(counts, 1))) * self.idf[columns]
        return with_unit_rows(SparseRows(starts, columns, values.astype(np.float32), len(self)))


def learn_vocabulary(texts: Iterable[PaperText], cancelled: Cancelled) -> tuple[Vocabulary, SparseRows]:
    """The vocabulary of some texts, and the texts as its rows. Raises :class:`TrainingCancelledError`."""
    counter = _Counter()
    for number, text in enumerate(texts):
        if number % _CANCEL_EVERY == 0 and cancelled():
            raise TrainingCancelledError
        counter.add(terms_of(text.title, text.abstract))
    return counter.result()


class _Counter:
    """Counts the terms of texts in little memory: a number for each term, and the numbers of each text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._papers = array("i")
        self._starts, self._terms, self._counts = array("q", [0]), array("i"), array("H")

    def add(self, counts: Mapping[str, int]) -> None:
        """Count a text."""
        if len(self._numbers) > _MOST_COUNTED:
            self._forget_rare()
        numbers, papers = self._numbers, self._papers
        for term, count in counts.items():
            number = numbers.get(term)
            if number is None:
                numbers[term] = number = len(papers)
                papers.append(0)
            papers[number] += 1
            self._terms.append(number)
            self._counts.append(min(count, _MOST_OF_A_TERM))
        self._starts.append(len(self._terms))

    def result(self) -> tuple[Vocabulary, SparseRows]:
        """The vocabulary, and the texts in it."""
        texts = len(self._starts) - 1
        chosen = self._chosen()
        papers = np.array([self._papers[self._numbers[term]] for term in chosen], dtype=np.float64)
        vocabulary = Vocabulary.of(chosen, (np.log((1 + texts) / (1 + papers)) + 1).astype(np.float32))
        places = np.full(max(len(self._papers), 1), -1, dtype=np.int32)
        for place, term in enumerate(chosen):
            places[self._numbers[term]] = place
        self._numbers.clear()
        parts = [self._part(vocabulary, places, first) for first in range(0, texts, _AT_ONCE)]
        return vocabulary, stacked(parts, len(vocabulary))

    def _part(self, vocabulary: Vocabulary, places: Integers, first: int) -> SparseRows:
        """The weights of some texts from the one numbered ``first`` on; a few at a time, which needs little memory."""
        starts = np.asarray(self._starts[first : first + _AT_ONCE + 1])
        columns = places[np.asarray(self._terms[starts[0] : starts[-1]])]
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        kept = np.flatnonzero(columns >= 0)
        kept = kept[np.lexsort((columns[kept], rows[kept]))]
        found = np.concatenate([[0], np.cumsum(np.bincount(rows[kept], minlength=len(starts) - 1))])
        counts = np.asarray(self._counts[starts[0] : starts[-1]])[kept]
        return vocabulary.weighted(found, columns[kept], counts)

    def _chosen(self) -> list[str]:
        """The terms of the most papers, in alphabetical order."""
        papers, numbers = self._papers, self._numbers
        common = [term for term, number in numbers.items() if papers[number] >= _LEAST_PAPERS]
        return sorted(sorted(common, key=lambda term: (-papers[numbers[term]], term))[:MOST_TERMS])

    def _forget_rare(self) -> None:
        papers = self._papers
        self._numbers = {term: number for term, number in self._numbers.items() if papers[number] >= _LEAST_PAPERS}
