"""Authors as bibliographic formats name them: in their parts, families first, "and others" at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from reader.domain.bibliography import Name
from reader.domain.name_parts import name_in_parts
from reader.formats.entries import fold_lines

OTHERS = Name(literal="others")
"""Stands for authors that are not named."""
_AND_OTHERS = r"et[.\s]{1,3}al(?:ii|iae|ia)?"
_MORE = re.compile(rf"[\W_]*(?:(?:and|&)\s+)?(?:others|{_AND_OTHERS})[\W_]*|\.\.\.|…", re.IGNORECASE)
_MORE_AT_END = re.compile(rf"[\s,;]{{1,5}}(?:{_AND_OTHERS}|(?:and|&)\s+others|…|\.\.\.)[\s,;.]*$", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]{0,2}){1,5}")


def family_first(shown: str) -> Name:
    """A name written ``Bee, Ann`` or ``Dee, Cy, Jr.``; one without a comma is that of an organisation."""
    shown = fold_lines(shown)
    return name_in_parts(shown) if "," in shown.strip(" ,") else Name(literal=shown.strip(" ,"))


def is_initials(text: str) -> bool:
    """Whether given names are written as initials alone: ``A.``, ``J.-P.``, ``AB``."""
    return text.upper() == text and bool(_INITIALS.fullmatch(text))


def without_more(text: str) -> str:
    """A name without an "et al." at its end; empty if it says nothing else."""
    lower = text.lower()
    if "al" not in lower and "others" not in lower and "…" not in text and "..." not in text:
        return text
    return "" if _MORE.fullmatch(text.strip()) else _MORE_AT_END.sub("", text)


def author_fields(names: Iterable[Name]) -> dict[str, Any]:
    """The fields of a record that say who wrote it; a name like "et al." tells that there are more."""
    written = [name for name in names if str(name)]
    named = tuple(name for name in written if without_more(str(name)))
    more = len(named) < len(written)
    return {
        "authors": tuple(str(name) for name in named),
        "author_names": named,
        "author_count": None if more else len(named) or None,
        "more_authors": more,
    }
