"""Answering a query without the index, by reading the papers themselves.

This is how papers are searched that the index has not learned of yet; and all of them as long as there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from pyroaring import BitMap

from reader.domain.query import And, FilterLeaf, Node, Not, Or, Phrase, TextField, TextLeaf
from reader.domain.query.matches import PhraseFinder, asks_in, word_test
from reader.domain.query.nodes import TEXT_LEAVES
from reader.domain.selection import AnnotationText, IndexedText
from reader.domain.words import search_words


class DirectSearch:
    """Evaluates queries over the papers ``everything``, whose texts are given where words are asked for.

    ``filter_ids`` answers the filter leaves.
    """

    def __init__(
        self,
        everything: BitMap,
        texts: Iterable[IndexedText],
        annotations: Iterable[AnnotationText],
        filter_ids: Callable[[FilterLeaf], BitMap],
    ) -> None:
        self._fields: list[tuple[int, TextField, Sequence[str]]] = []
        for text in texts:
            self._fields += (
                (text.id, TextField.TITLE, (text.title,)),
                (text.id, TextField.ABSTRACT, (text.abstract,)),
                (text.id, TextField.AUTHOR, text.names),
                (text.id, TextField.ORGANIZATION, text.organization),
            )
        for annotation in annotations:
            if annotation.id in everything:
                self._fields += (
                    (annotation.id, TextField.NOTE, (annotation.note,)),
                    (annotation.id, TextField.HIGHLIGHT, annotation.highlights),
                )
        self._everything = everything
        self._filter_ids = filter_ids

    def matching_ids(self, node: Node) -> BitMap:
        """The ids of the papers among the texts that a query means."""
        if isinstance(node, Not):
            return self._everything - self.matching_ids(node.child)
        if isinstance(node, And):
            found = self.matching_ids(node.children[0])
            for child in node.children[1:]:
                found &= self.matching_ids(child)
            return found
        if isinstance(node, Or):
            return BitMap.union(*(self.matching_ids(child) for child in node.children))
        if isinstance(node, TEXT_LEAVES):
            return self._text_ids(node)
        return self._filter_ids(node) & self._everything

    def _text_ids(self, leaf: TextLeaf) -> BitMap:
        """The papers in one of whose fields a text leaf is found."""
        tests = {field: _piece_test(leaf, field) for field in TextField if asks_in(leaf, field)}
        found = BitMap()
        for paper_id, field, pieces in self._fields:
            test = tests.get(field)
            if test is not None and paper_id not in found and any(map(test, pieces)):
                found.add(paper_id)
        return found


def _piece_test(leaf: TextLeaf, field: TextField) -> Callable[[str], bool]:
    """A test of whether one piece of text in a field is what a leaf asks for."""
    if isinstance(leaf, Phrase):
        return PhraseFinder(leaf).is_in
    is_wanted = cache(word_test(leaf, field))
    return lambda piece: any(map(is_wanted, search_words(piece)))
