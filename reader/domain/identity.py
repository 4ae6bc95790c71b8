"""When two records are one work: the rule for what identifies them, and for what tells works of the same title apart.

The same arXiv identifier is the same work, and so is the same DOI unless the arXiv identifiers differ. Without either,
the same title is, unless the identifiers differ, or the first author is another and the years lie far apart: an
"Editorial" is written every year.
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
"""Years that may lie between a preprint and its publication; works of different authors further apart are two."""

_SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("æ", "a"), ("œ", "o"))
"""How names are written without the letters that a keyboard lacks; done to both names, so it need not be right."""
_WORD = re.compile(r"[^\W_]+")
_INITIALS = 3
"""Capitals beside a name in small letters are initials (``Serre JP``) up to this number."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What identifies a work: its identifiers, and what tells it apart from others of its title.

    ``fold`` is the folded title, ``dois`` are folded, ``year`` is None where it is unknown or only guessed.
    ``address`` is the fold of a stub (:mod:`reader.domain.stubs`) that would be known by the record's address.
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
        """An identity from what is stored; ``published`` is ISO 8601, or None where its year is not certain."""
        return cls(
            fold=fold,
            arxiv_id=arxiv_id,
            dois=frozenset(fold_doi(doi) for doi in dois if doi),
            first_author=authors[0] if authors else "",
            year=int(published[:4]) if published and published[:4].isdecimal() else None,
        )

    def joined_with(self, other: Identity) -> Identity:
        """What identifies a work that both are: the DOIs of both, and what either lacks from the other."""
        return Identity(
            fold=self.fold or other.fold,
            arxiv_id=self.arxiv_id or other.arxiv_id,
            dois=self.dois | other.dois,
            first_author=self.first_author or other.first_author,
            year=self.year or other.year,
        )


def have_same_identifier(one: Identity, other: Identity) -> bool:
    """Whether an identifier says that two are one work, whatever their titles."""
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id == other.arxiv_id
    return not one.dois.isdisjoint(other.dois)


def are_told_apart(one: Identity, other: Identity) -> bool:
    """Whether two are different works even under the same title."""
    if one.arxiv_id and other.arxiv_id:
        return one.arxiv_id != other.arxiv_id
    if one.dois and other.dois:
        return one.dois.isdisjoint(other.dois)
    if one.year is None or other.year is None or abs(one.year - other.year) <= YEARS_APART:
        return False
    return are_different_people(one.first_author, other.first_author)


def are_different_people(one: str, other: str) -> bool:
    """Whether two names are certainly those of different people: the same person may be "Ann M. Bee" or "Bee, A.".

    False where either is empty, or where they are written in different scripts, which tells nothing.
    """
    shorter, longer = sorted((_name_words(one), _name_words(other)), key=len)
    if not shorter or "".join(shorter).isascii() != "".join(longer).isascii():
        return False
    shared = Counter(shorter) & Counter(longer)
    if not any(len(word) > 1 for word in shared):
        return True
    left = list((Counter(longer) - shared).elements())
    for word in (Counter(shorter) - shared).elements():
        alike = next((other for other in left if min(len(word), len(other)) == 1 and word[0] == other[0]), None)
        if alike is None:
            return True
        left.remove(alike)
    return False


def _name_words(name: str) -> list[str]:
    """The words of a name in small letters without marks; initials written together are single letters."""
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
