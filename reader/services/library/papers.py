"""Papers: one by one, by their keys, and those that may be the same under another title.

The latter are looked for by the words of titles and compared by their spelling.
"""

from __future__ import annotations

from collections.abc import Sequence

from reader.domain.changes import Change
from reader.domain.errors import NotFoundError
from reader.domain.folding import fold_title
from reader.domain.identity import Identity, are_told_apart
from reader.domain.papers import Paper
from reader.domain.query import TextField, Word, any_of
from reader.domain.stubs import is_stub
from reader.domain.words import search_words
from reader.services.library.mutes import Mutes
from reader.services.search.searcher import Searcher
from reader.storage.papers import StoredPapers
from reader.storage.store import LibraryStore
from reader.storage.subject import changing

_WORDS_ASKED_FOR = 6
_COMPARED = 60
_SHOWN = 5
_LEAST_ALIKE = 88.0
"""In per cent: how alike two folded titles have to be, order of words and a subtitle more or less aside."""
_LEAST_LETTERS = 12
"""Shorter titles are alike too easily."""


class Papers(StoredPapers):
    """All that can be done with papers themselves."""

    def __init__(self, store: LibraryStore, searcher: Searcher, mutes: Mutes) -> None:
        super().__init__(store)
        self._searcher, self._mutes = searcher, mutes

    def get(self, paper_id: int) -> Paper:
        """One paper; :class:`NotFoundError` if it is no longer there."""
        for paper in self.read((paper_id,)):
            return paper
        raise NotFoundError("This paper is no longer in the library.")

    def with_key(self, key: str) -> Paper:
        """The paper of a key, a merged paper's old key included; :class:`NotFoundError` if there is none."""
        return self.get(*self.ids_of_keys([key]))

    def ids_of_keys(self, keys: Sequence[str]) -> list[int]:
        """The papers of keys, in their order and each once; :class:`NotFoundError` names a key there is not."""
        ids = {}
        for key in keys:
            paper_id = self.id_of_key(key.strip().lower())
            if paper_id is None:
                sentence = f"There is no paper with the key {key}; “lectern papers” lists papers with their keys."
                raise NotFoundError(sentence)
            ids[paper_id] = key
        return list(ids)

    def near_duplicates(self, paper_id: int) -> list[Paper]:
        """Papers that may be this one, the likeliest first; none that is certainly another work.

        For a thread that may take a few hundredths of a second. Raises :class:`NotFoundError` where there is no such
        paper.
        """
        paper = self.get(paper_id)
        fold = fold_title(paper.title)
        if len(fold) < _LEAST_LETTERS or is_stub(paper.title, paper.arxiv_id, paper.doi, paper.url):
            return []
        words = sorted(set(search_words(paper.title)), key=lambda word: (-len(word), word))[:_WORDS_ASKED_FOR]
        candidates = self._searcher.best(any_of(Word(word, TextField.TITLE) for word in words), _COMPARED)
        others = [other for other in self.read(candidates) if _may_be_one(paper, other)]
        alike = sorted(((_likeness(fold, fold_title(other.title)), other) for other in others), key=_by_likeness)
        return [other for likeness, other in alike if likeness >= _LEAST_ALIKE][:_SHOWN]

    @changing
    def set_arxiv_id(self, paper_id: int, text: str) -> Change:
        """Likewise, the papers that mute rules hide included."""
        return self._mutes.after(super().set_arxiv_id(paper_id, text))

    @changing
    def merge(self, keep: int, other: int) -> Change:
        """Likewise, the papers that mute rules hide included."""
        return self._mutes.after(super().merge(keep, other))

    @changing
    def split(self, key: str) -> Change:
        """Likewise, the papers that mute rules hide included."""
        return self._mutes.after(super().split(key))


def _by_likeness(pair: tuple[float, Paper]) -> tuple[float, int]:
    return -pair[0], pair[1].id


def _may_be_one(paper: Paper, other: Paper) -> bool:
    """Whether nothing tells that two papers are different ones."""
    return paper.id != other.id and not are_told_apart(_identity(paper), _identity(other))


def _identity(paper: Paper) -> Identity:
    """What identifies a paper."""
    published = None if paper.published_guessed else paper.published
    dois = (paper.doi, *paper.further_dois)
    return Identity.of(fold_title(paper.title), paper.arxiv_id, dois, paper.authors, published)


def _likeness(first: str, second: str) -> float:
    """How alike two folded titles are, in per cent: as they stand, or where one is the other and a subtitle."""
    from rapidfuzz import fuzz  # only here: it would be a part of every launch

    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= 2 * _LEAST_LETTERS and longer.startswith(f"{shorter} "):
        return 100.0
    return fuzz.token_sort_ratio(first, second)
