"""The relevance of papers to a query: BM25F over the postings of just the papers found.

S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.6: occurrences are
weighted by field and by the field's length, summed, and only then saturated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import compress

from pyroaring import BitMap
from whoosh.util.numeric import byte_to_length

from reader.domain.cancellation import Cancelled
from reader.domain.query import Family, Fuzzy, Prefix, TextField, TextLeaf, Word
from reader.domain.query.matches import asks_in
from reader.domain.stemmer import stem
from reader.index.memory import MemorySegment
from reader.index.parts import Snapshot
from reader.index.segments import DiskSegment
from reader.index.word_source import WordSource

_SATURATION = 1.2
_LENGTH_SHARE = 0.6
# A word in a title says more about a paper than one in its abstract.
_FIELD_WEIGHTS: Mapping[TextField, float] = {
    TextField.TITLE: 5.0,
    TextField.ABSTRACT: 1.0,
    TextField.AUTHOR: 2.0,
    TextField.ORGANIZATION: 1.5,
    TextField.NOTE: 2.0,
    TextField.HIGHLIGHT: 2.0,
}
_RELATIVE = 0.5
"""The weight of a word of the same family, relative to a word of the same stem."""
_MANY_WORDS = 24
"""A prefix shared by more words is ranked only as a complete word: such words mean little and take long to look up."""
_FEW = 16
"""If this many times fewer documents are wanted than contain a word, each is looked up individually."""
_LENGTHS = tuple(byte_to_length(byte) for byte in range(256))


class Ranking:
    """Collects scores of papers, leaf by leaf."""

    def __init__(self, ids: BitMap, papers: int) -> None:
        """Score ``ids``, in a library of so many papers."""
        self._ids, self._papers = ids, papers
        self._scores: dict[int, float] = {}

    def add(
        self,
        leaf: TextLeaf,
        matching: int,
        snapshots: Sequence[tuple[Snapshot, BitMap]],
        memories: Sequence[tuple[MemorySegment, BitMap]],
        cancelled: Cancelled,
    ) -> None:
        """Add the scores of one leaf, which ``matching`` papers of the library match.

        Each snapshot comes with the papers whose entries in it do not count, each memory with the papers that do. In
        memory a word counts as if it occurred once.
        """
        rarity = math.log(1 + (self._papers - matching + 0.5) / (matching + 0.5))
        weights: dict[int, float] = {}
        segments = [segment for snapshot, _ in snapshots for segment, _ in snapshot.segments]
        leaf = _telling(leaf, [*segments, *(memory for memory, _ in memories)])
        for snapshot, masked in snapshots:
            averages = _average_lengths(snapshot)
            for segment, dead in snapshot.segments:
                if cancelled():
                    return
                _weigh(leaf, segment, self._ids - dead - masked, averages, weights)
        for memory, counted in memories:
            for field in (field for field in memory.fields if asks_in(leaf, field)):
                for paper in memory.ids_of(_words_of(leaf, memory), [field]) & counted & self._ids:
                    weights[paper] = weights.get(paper, 0.0) + _FIELD_WEIGHTS[field]
        scores = self._scores
        for paper, weight in weights.items():
            scores[paper] = scores.get(paper, 0.0) + rarity * weight / (_SATURATION + weight)

    def best(self, limit: int) -> list[tuple[int, float]]:
        """The papers with the highest scores; of equal ones, those with the greater id, which are newer."""
        return nlargest(limit, self._scores.items(), key=lambda scored: (scored[1], scored[0]))


def _weigh(
    leaf: TextLeaf, segment: DiskSegment, ids: BitMap, averages: Mapping[TextField, float], weights: dict[int, float]
) -> None:
    """Add the weighted occurrences of a leaf's words in the wanted papers of a segment."""
    numbering = segment.numbering
    wanted = numbering.documents_of(ids)
    if not wanted:
        return
    fields = [field for field in segment.fields if asks_in(leaf, field)]
    factors = {field: _factors(field, averages[field]) for field in fields}
    for word in _words_of(leaf, segment):
        share = _RELATIVE if isinstance(leaf, Family) and stem(word) != stem(leaf.text) else 1.0
        for field, (documents, counts) in segment.postings(word, fields):
            here = documents & wanted
            if not here:
                continue
            if len(here) < len(documents):
                counts = _counts_of(here, documents, counts)
            lengths, by_length = segment.lengths(field), factors[field]
            known = len(lengths)
            for document, count in zip(here, counts, strict=True):
                paper = numbering.id_of(document)
                # The last documents of a segment have no length stored if they lack the field.
                factor = by_length[lengths[document]] if document < known else by_length[0]
                weights[paper] = weights.get(paper, 0.0) + share * count * factor


def _telling(leaf: TextLeaf, sources: Iterable[WordSource]) -> TextLeaf:
    """The leaf to rank by; a complete word instead of a prefix that many words share."""
    if not isinstance(leaf, Prefix):
        return leaf
    begun = {word for source in sources for word in source.beginning_with(leaf.text, limit=_MANY_WORDS + 1)}
    return Word(leaf.text, leaf.field) if len(begun) > _MANY_WORDS else leaf


def _words_of(leaf: TextLeaf, source: WordSource) -> list[str]:
    """The words by which a leaf is ranked; for a fuzzy word, the nearest."""
    words = list(dict.fromkeys(source.words_of(leaf)))
    return words[:_MANY_WORDS] if isinstance(leaf, Fuzzy) else words


def _counts_of(here: BitMap, documents: BitMap, counts: bytes) -> bytes:
    """The counts of the documents in ``here``, from those of all documents with a word."""
    if len(here) * _FEW < len(documents):
        return bytes(counts[documents.rank(document) - 1] for document in here)
    return bytes(compress(counts, map(here.__contains__, documents)))


@lru_cache(maxsize=64)
def _factors(field: TextField, average: float) -> tuple[float, ...]:
    """The weight of one occurrence in a field, for each field length in Whoosh's rounding to a byte."""
    weight = _FIELD_WEIGHTS[field]
    return tuple(weight / (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / average) for length in _LENGTHS)


def _average_lengths(snapshot: Snapshot) -> dict[TextField, float]:
    """The average number of words in a field."""
    documents = max(1, sum(len(segment.numbering) for segment, _ in snapshot.segments))
    fields = snapshot.segments[0][0].fields if snapshot.segments else ()
    return {
        field: max(1.0, sum(segment.field_length(field) for segment, _ in snapshot.segments) / documents)
        for field in fields
    }
