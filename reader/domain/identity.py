"""The identity of works: which records are the same work, and which works merely share a title (decision 25).

Two records with the same arXiv identifier are one work. So are two with the same DOI, unless their arXiv identifiers
differ. Without these, records with the same title are one work, unless their identifiers differ, or their first authors
differ and their years are far apart: somebody writes an "Editorial" every year.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from reader.domain.doi import fold_doi

YEARS_APART = 2
"""The most years between a preprint and its publication; with different first authors, a longer gap means two works."""

_SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("æ", "a"), ("œ", "o"))
"""Replacements for letters that keyboards lack. Both names are converted, so the spelling need not be correct."""
_WORD = re.compile(r"[^\W_]+")
_INITIALS = 3
"""Capitals beside a name in lower case are initials (``Serre JP``) up to this number."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The facts that identify a work, and those that tell it apart from others with its title.

    ``fold`` is the folded title, ``dois`` are folded, ``year`` is None if it is unknown or a guess. ``address`` is the
    fold of the stub (:mod:`reader.domain.stubs`) with the record's address.
    """

    fold: str = ""
    arxiv_id: str | None = None
    dois: frozenset[str] = frozenset()
    first_author: str = ""
    year: int | None = None
    address: str = ""

    @classmethod
    def of(
        cls,
        fold: str,
        arxiv_id: str | None,
        dois: Iterable[str | None],
        authors: tuple[str, ...],
        published: str | None,
    ) -> Self:
        """An identity from stored values; ``published`` is ISO 8601, or None if its year is uncertain."""
        return cls(
            fold=fold,
            arxiv_id=arxiv_id,
            dois=frozenset(fold_doi(doi) for doi in dois if doi),
            first_author=authors[0] if authors else "",
            year=int(published[:4]) if published and published[:4].isdecimal() else None,
        )

    def joined_with(self, other: Identity) -> Identity:
        """The identity of a work that has both identities: all DOIs, and each fact from the one that has it."""
        return Identity(
            fold=self.fold or other.fold,
            arxiv_id=self.arxiv_id or other.arxiv_id,
            dois=self.dois | other.dois,
            first_author=self.first_author or other.first_author,
            year=self.year or other.year,
        )


def have_same_identifier(one: Identity, other: Identity) -> bool:
    """Whether an identifier shows that the two are the same work, whatever their titles."""
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id == other.arxiv_id
    return not one.dois.isdisjoint(other.dois)


def are_told_apart(one: Identity, other: Identity) -> bool:
    """Whether the two are different works even if they have the same title."""
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id != other.arxiv_id
    if one.dois and other.dois:
        return one.dois.isdisjoint(other.dois)
    if one.year is None or other.year is None or abs(one.year - other.year) <= YEARS_APART:
        return False
    return are_different_people(one.first_author, other.first_author)


def are_different_people(one: str, other: str) -> bool:
    """Whether two names certainly belong to different people; "Ann M. Bee" and "Bee, A." may be the same person.

    False if either is empty, or if they are written in different scripts, which decides nothing.
    """
    shorter, longer = sorted((_name_words(one), _name_words(other)), key=len)
    if not shorter or "".join(shorter).isascii() != "".join(longer).isascii():
        return False
    shared = Counter(shorter) & Counter(longer)
    # A shared initial proves nothing; one whole word, usually the family name, must be the same.
    if not any(len(word) > 1 for word in shared):
        return True
    left = list((Counter(longer) - shared).elements())
    for word in (Counter(shorter) - shared).elements():
        # “A.” may stand for “Ann”, whichever of the two names has the initial.
        alike = next((other for other in left if min(len(word), len(other)) == 1 and word[0] == other[0]), None)
        if alike is None:
            return True
        left.remove(alike)
    return False


def are_same_person(one: str, other: str) -> bool:
    """Whether two names, as far as they are known, are one person's; False if either is empty or the scripts differ."""
    words = ["".join(_name_words(name)) for name in (one, other)]
    is_comparable = all(words) and words[0].isascii() == words[1].isascii()
    return is_comparable and not are_different_people(one, other)


def _name_words(name: str) -> list[str]:
    """The words of a name in lower case without marks; initials written together become single letters."""
    found = _WORD.findall("".join(char for char in unicodedata.normalize("NFKD", name) if not _is_mark(char)))
    has_small = any(len(word) > 1 and not word.isupper() for word in found)
    words: list[str] = []
    for word in found:
        spelled = word.casefold()
        if has_small and word.isupper() and len(word) <= _INITIALS:
            words.extend(spelled)
            continue
        for long, short in _SPELLINGS:
            spelled = spelled.replace(long, short)
        words.append(spelled)
    return words


def _is_mark(char: str) -> bool:
    return bool(unicodedata.combining(char))
