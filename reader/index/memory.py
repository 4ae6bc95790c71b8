"""Papers that are not in the index yet, searched in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import islice, takewhile
from threading import RLock

from pyroaring import BitMap

from reader.domain.query import TextField
from reader.domain.selection import IndexPart
from reader.domain.stemmer import family, stem
from reader.index.protocol import DIRECT_LIMIT
from reader.index.schema import FIELDS, Document, words_of
from reader.index.word_source import WordSource

_MANY = 2 * DIRECT_LIMIT
_CERTAIN = 3
"""This many first letters of a stem are also those of all its words."""


class MemorySegment(WordSource):
    """A few papers with their words; papers that changed are read again when they are next searched."""

    def __init__(self, part: IndexPart) -> None:
        """Begin without papers."""
        self.fields = FIELDS[part]
        self._lock = RLock()
        self._versions: dict[int, int] = {}
        # One text with a line for each word takes a tenth of the memory of a set, and no time of the garbage collector.
        self._words: dict[int, tuple[str, ...]] = {}
        self._ids: dict[TextField, dict[str, BitMap]] = {field: {} for field in self.fields}
        self._sorted: list[str] | None = None

    def outdated(self, versions: Mapping[int, int]) -> list[int]:
        """The papers, given with their versions, that are not stored here in this version."""
        with self._lock:
            return [paper for paper, version in versions.items() if self._versions.get(paper) != version]

    def forget_all_but(self, papers: Container[int]) -> None:
        """Forget papers that are not in ``papers``, once there are many.

        Not earlier, because a search that began before may still need them; later searches ignore them anyway.
        """
        with self._lock:
            if len(self._versions) <= _MANY:
                return
            for paper in [known for known in self._versions if known not in papers]:
                del self._versions[paper]
                self._take_out(paper)

    def hold(self, versions: Mapping[int, int], documents: Iterable[Document]) -> None:
        """Store the papers of ``versions`` with their ``documents``; a paper without one has no text."""
        with self._lock:
            for paper in versions:
                self._take_out(paper)
            for document in documents:
                self._put_in(document)
            self._versions.update(versions)

    def beginning_with(
        self, prefix: str, fields: Sequence[TextField] | None = None, *, limit: int | None = None
    ) -> list[str]:
        """The words that begin with ``prefix``, the first ``limit``; of all fields, because papers are few."""
        words = self.all_words()
        start = bisect_left(words, prefix)
        return list(islice(takewhile(lambda word: word.startswith(prefix), islice(words, start, None)), limit))

    def of_stem(self, root: str) -> list[str]:
        """The words with a stem."""
        return [word for word in self.beginning_with(_certain_part(root)) if stem(word) == root]

    def of_family(self, root: str) -> list[str]:
        """The words of a family."""
        return [word for word in self.beginning_with(_certain_part(root)) if family(word) == root]

    def all_words(self) -> list[str]:
        """Every word, in order."""
        with self._lock:
            if self._sorted is None:
                self._sorted = sorted({word for words in self._ids.values() for word in words})
            return self._sorted

    def ids_of(self, words: Iterable[str], fields: Sequence[TextField]) -> BitMap:
        """The papers with any of the words in any of the fields."""
        with self._lock:
            known = [self._ids[field] for field in fields if field in self._ids]
            found = [ids[word] for word in words for ids in known if word in ids]
            return BitMap.union(*found) if found else BitMap()

    def _put_in(self, document: Document) -> None:
        self._take_out(document.id)
        self._sorted = None
        entries = []
        for field, pieces in zip(self.fields, document.pieces, strict=True):
            words = set(words_of(pieces))
            entries.append("\n".join(words))
            ids = self._ids[field]
            for word in words:
                ids.setdefault(word, BitMap()).add(document.id)
        self._words[document.id] = tuple(entries)

    def _take_out(self, paper: int) -> None:
        self._sorted = None
        for field, words in zip(self.fields, self._words.pop(paper, ()), strict=False):
            ids = self._ids[field]
            for word in words.splitlines():
                ids[word].discard(paper)
                if not ids[word]:
                    del ids[word]


def _certain_part(root: str) -> str:
    """The letters with which every word of a stem or family begins."""
    return root[: min(_CERTAIN, max(1, len(root) - 1))]
