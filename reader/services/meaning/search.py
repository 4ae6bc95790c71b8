"""Searching by meaning: the papers that have a search's words think of others that mean the same.

The first ten papers with any of the words stand for what is meant: the mean of their vectors is compared with every
paper's (pseudo-relevance feedback: J. Rocchio, "Relevance Feedback in Information Retrieval", 1971). Comparing the few
words of a search themselves finds less; that is done only where no paper has any of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from math import log
from typing import TYPE_CHECKING

from pyroaring import BitMap

from reader.domain.cancellation import Cancelled
from reader.domain.meaning import NO_WORDS, PaperText
from reader.domain.query import Everything, Family, Node, TextField, meant_words, wanted_texts
from reader.domain.selection import IndexPart
from reader.meaning.rank_fusion import DEPTH, RankFusion
from reader.services.search.index_source import LibrarySource

if TYPE_CHECKING:
    from reader.index.whoosh_index import WhooshIndex
    from reader.meaning.arrays import Floats
    from reader.meaning.space import MeaningSpace

_MOST_EXAMPLES = 10
_MOST_CLOSE = 200
_DECIMALS = 6
_MOST_RANKED = 10_000
"""With more papers that have any of the words, only the promising ones are ranked."""
_LEAST_RANKED = 1_000
_STEPS = 32


@dataclass(frozen=True, slots=True)
class FoundByMeaning:
    """What a search by meaning found.

    ``exact_ids`` are the papers that have what the search asks for, ``close_ids`` others that are close in meaning,
    both the best first. ``examples`` are the papers that stood for what is meant. ``closeness`` gives the cosine of a
    paper, None for one that has no vector. Where nothing can be close, ``sentence`` says why.
    """

    exact_ids: array[int]
    close_ids: array[int] = field(default_factory=lambda: array("q"))
    examples: tuple[int, ...] = ()
    closeness: Callable[[int], float | None] = lambda _: None
    sentence: str = ""


class MeaningSearch:
    """Searches by meaning in a library, as it is at one moment."""

    def __init__(self, space: MeaningSpace, index: WhooshIndex, source: LibrarySource, cancelled: Cancelled) -> None:
        """Searches give up with :class:`reader.index.SearchCancelledError` once ``cancelled`` says so."""
        self._space, self._index, self._source, self._cancelled = space, index, source, cancelled

    def find(
        self, node: Node, exact: BitMap, within: BitMap | None = None, without: Collection[int] = ()
    ) -> FoundByMeaning:
        """The papers close in meaning to ``node``, and those of ``exact``, which match it, in the fused order.

        The papers ``without`` are none of the examples. Conditions, and the papers ``within`` which to look, leave
        others out before the closest are chosen, and never change the order.
        """
        words, conditions = meant_words(node)
        if words is None:
            return FoundByMeaning(array("q", exact), sentence=NO_WORDS)
        ranked = self._by_words(words)
        examples = tuple(one for one in ranked[:_MOST_EXAMPLES] if one not in without)
        if examples:
            meant = self._space.vectors(examples).mean(axis=0)
        elif ranked:
            return FoundByMeaning(array("q", exact), sentence="No paper is left that shows what is meant.")
        else:
            meant = self._vector_of(words)
        if not meant.any():
            return FoundByMeaning(array("q", exact), sentence="No paper of the library has any of these words.")
        fusion = RankFusion(self._space, meant, ranked)
        if not isinstance(conditions, Everything):
            allowed = self._index.matching_ids(conditions, self._source, self._cancelled)
            within = allowed if within is None else allowed & within
        among = None if within is None else within.to_array()
        close = fusion.close(self._space.floor, _MOST_CLOSE, among, exact.to_array())
        return FoundByMeaning(fusion.ordered(exact.to_array()), close, examples, fusion.closeness)

    def _by_words(self, words: Node) -> list[int]:
        """The first papers with any of the words; equally good ones by key."""
        having = self._index.matching_ids(words, self._source, self._cancelled)
        if len(having) > _MOST_RANKED:
            having = self._promising(words)
        ranked = self._index.ranked(words, having, self._source, limit=DEPTH, cancelled=self._cancelled)
        place = self._space.place_of
        best_first = sorted(ranked, key=lambda each: (-round(each[1], _DECIMALS), place.get(each[0], len(place))))
        return [paper_id for paper_id, _ in best_first]

    def _promising(self, words: Node) -> BitMap:
        """Some thousand papers among which the best by words are, from which words each has, and which in its title.

        What a word adds to a score by its mere presence, in whole steps; sets of papers with at least so many steps
        take a thousandth of the time that looking at every occurrence takes.
        """
        papers = len(self._source.indexable_ids(IndexPart.PAPERS))
        leaves = [leaf for leaf in wanted_texts(words) if isinstance(leaf, Family)]
        sets = [self._index.matching_ids(leaf, self._source, self._cancelled) for leaf in leaves]
        rarities = [log(1 + papers / (len(having) + 1)) for having in sets]
        at_least = [BitMap() for _ in range(_STEPS + 1)]
        for leaf, having, rarity in zip(leaves, sets, rarities, strict=True):
            titled = replace(leaf, field=TextField.TITLE)
            in_title = self._index.matching_ids(titled, self._source, self._cancelled)
            steps = max(1, round(_STEPS / 2 * rarity / sum(rarities)))
            for having_it in (having, having & in_title):
                for step in range(_STEPS, 0, -1):
                    at_least[step] |= at_least[step - steps] & having_it if step > steps else having_it
        return next((found for found in reversed(at_least) if len(found) >= _LEAST_RANKED), at_least[1])

    def _vector_of(self, words: Node) -> Floats:
        """The vector of words that no paper has; zero where nothing is known of them."""
        basis = self._space.basis
        known = (leaf.text for leaf in wanted_texts(words) if isinstance(leaf, Family) and basis.knows(leaf.text))
        vector: Floats = basis.vectors([PaperText("", " ".join(known))])[0]
        return vector
