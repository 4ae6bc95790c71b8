"""A segment of the index on disk, opened for searching."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pyroaring import BitMap
from whoosh.util.numeric import byte_to_length

from reader.domain.query import TextField, TextLeaf
from reader.domain.selection import IndexPart
from reader.index.lexicon import SUFFIX, Lexicon
from reader.index.schema import FIELDS
from reader.index.word_source import WordSource
from reader.index.writer import numbering_of

_CACHED_IDS = 4_000_000
"""The most ids in the cache of one segment; as bitmaps they take at most two bytes each."""


class DiskSegment(Lexicon, WordSource):
    """One segment: its words, postings and numbering. Segments never change; deletions are stored elsewhere.

    Several threads may use it; they take turns, because each file has a single position.
    """

    def __init__(self, storage: Any, segment: Any, part: IndexPart) -> None:
        """Open and verify a segment; raises DamagedFileError, OSError, or what Whoosh raises for broken files."""
        super().__init__(Path(storage.folder, segment.make_filename(SUFFIX)), FIELDS[part])
        self._storage, self._segment = storage, segment
        try:
            self._terms = segment.codec().terms_reader(storage, segment)
        except BaseException:
            super().close()
            raise
        self.numbering = numbering_of(storage, segment)
        self._cache: OrderedDict[TextLeaf, BitMap] = OrderedDict()
        self._cached_ids = 0
        self._lengths: dict[TextField, bytes] = {}
        self._totals: dict[TextField, int] = {}

    def close(self) -> None:
        """Close the files once no thread is using them."""
        with self._lock:
            super().close()
            self._terms.close()

    def ids_of(self, words: Iterable[str], fields: Sequence[TextField]) -> BitMap:
        """The papers with any of the words in any of the fields."""
        with self._lock:
            found = [postings[0] for word in words for _, postings in self._postings(word, fields)]
        return self.numbering.ids_of(BitMap.union(*found)) if found else BitMap()

    def leaf_ids(self, leaf: TextLeaf) -> BitMap:
        """The papers that match a leaf, cached."""
        with self._lock:
            known = self._cache.get(leaf)
            if known is not None:
                self._cache.move_to_end(leaf)
                return known
            found = super().leaf_ids(leaf)
            self._cache[leaf] = found
            self._cached_ids += len(found)
            while self._cached_ids > _CACHED_IDS and len(self._cache) > 1:
                self._cached_ids -= len(self._cache.popitem(last=False)[1])
            return found

    def postings(self, word: str, fields: Sequence[TextField]) -> list[tuple[TextField, tuple[BitMap, bytes]]]:
        """For each of the fields that contains a word: the documents with it, and how often it occurs in each."""
        with self._lock:
            return list(self._postings(word, fields))

    def lengths(self, field: TextField) -> bytes:
        """The length of a field for each document, as Whoosh rounds it to a byte; it may lack the last documents."""
        with self._lock:
            if field not in self._lengths:
                name = self._segment.codec().column_filename(self._segment, f"_{field.value}_len")
                path = Path(self._storage.folder, name)
                self._lengths[field] = path.read_bytes() if path.exists() else b""
            return self._lengths[field]

    def field_length(self, field: TextField) -> int:
        """The number of words in a field of all documents, from rounded lengths, so that merging changes no score."""
        if field not in self._totals:
            counted = Counter(self.lengths(field)).items()
            self._totals[field] = sum(byte_to_length(length) * count for length, count in counted)
        return self._totals[field]

    def _postings(self, word: str, fields: Sequence[TextField]) -> Iterable[tuple[TextField, tuple[BitMap, bytes]]]:
        mask = self.fields_of(word)
        for index, field in enumerate(self.fields):
            if mask >> index & 1 and field in fields:
                postings = self._terms.postings(field.value, word)
                if postings is not None:
                    yield field, postings
