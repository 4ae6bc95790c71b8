"""Papers that may be the same under another title: looked for by the words of titles, compared by their spelling."""

from __future__ import annotations

from reader.domain.changes import Change
from reader.domain.errors import NotFoundError
from reader.domain.folding import fold_title
from reader.domain.identity import Identity, are_told_apart
from reader.domain.papers import Paper
from reader.domain.query import TextField, Word, any_of
from reader.domain.stubs import is_stub
from reader.domain.words import search_words
from reader.services.library.part import LibraryPart

_WORDS_ASKED_FOR = 6
_COMPARED = 60
_SHOWN = 5
_LEAST_ALIKE = 88.0
"""In per cent: how alike two folded titles have to be, order of words and a subtitle more or less aside."""
_LEAST_LETTERS = 12
"""Shorter titles are alike too easily."""


class Duplicates(LibraryPart):
    """Finding papers that are one, joining them, and taking them apart again."""

    def near_duplicates(self, paper_id: int) -> list[Paper]:
        """Papers that may be this one, the likeliest first; none that is certainly another work.

        For a thread that may take a few hundredths of a second. Raises :class:`NotFoundError` where there is no such
        paper.
        """
        paper = next(iter(self._store.papers((paper_id,))), None)
        if paper is None:
            raise NotFoundError("This paper is no longer in the library.")
        fold = fold_title(paper.title)
        if len(fold) < _LEAST_LETTERS or is_stub(paper.title, paper.arxiv_id, paper.doi, paper.url):
            return []
        words = sorted(set(search_words(paper.title)), key=lambda word: (-len(word), word))[:_WORDS_ASKED_FOR]
        candidates = self._searcher.best(any_of(Word(word, TextField.TITLE) for word in words), _COMPARED)
        others = [other for other in self._store.papers(candidates) if _may_be_one(paper, other)]
        alike = sorted(((_likeness(fold, fold_title(other.title)), other) for other in others), key=_by_likeness)
        return [other for likeness, other in alike if likeness >= _LEAST_ALIKE][:_SHOWN]

    def merge_papers(self, keep: int, other: int) -> Change:
        """Join two papers that are one, everything of both kept; ``other``'s key stays valid."""
        return self.mutes.after(self._store.merge_papers(keep, other))

    def split_paper(self, key: str) -> Change:
        """Take the paper that had ``key`` out of the one it was joined with; what was done since stays with that.

        Raises :class:`ReaderError` where the history no longer tells how to.
        """
        return self.mutes.after(self._store.split_paper(key.strip().lower()))


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
