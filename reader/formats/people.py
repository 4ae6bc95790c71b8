"""Authors as bibliographic formats name them: in their parts, families first, "and others" at the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reader.domain.bibliography import Name
from reader.domain.name_parts import name_in_parts
from reader.formats.entries import fold_lines

_OPEN_ENDED = frozenset({"others", "and others", "et al", "et al.", "...", "…"})


def family_first(shown: str) -> Name:
    """A name written ``Bee, Ann`` or ``Dee, Cy, Jr.``; one without a comma is that of an organisation."""
    shown = fold_lines(shown)
    return name_in_parts(shown) if "," in shown.strip(" ,") else Name(literal=shown.strip(" ,"))


def author_fields(names: Iterable[Name]) -> dict[str, Any]:
    """The fields of a record that say who wrote it; a name like "et al." tells that there are more."""
    written = [name for name in names if str(name)]
    named = tuple(name for name in written if str(name).lower() not in _OPEN_ENDED)
    more = len(named) < len(written)
    return {
        "authors": tuple(str(name) for name in named),
        "author_names": named,
        "author_count": None if more else len(named) or None,
        "more_authors": more,
    }
