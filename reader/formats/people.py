"""Authors as bibliographic formats name them: in their parts, families first, "and others" at the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reader.domain.bibliography import Name
from reader.formats.entries import fold_lines

_OPEN_ENDED = frozenset({"others", "and others", "et al", "et al.", "...", "…"})


def family_first(shown: str) -> Name:
    """A name written ``Bee, Ann`` or ``Dee, Cy, Jr.``; one without a comma is that of an organisation."""
    parts = [fold_lines(part) for part in shown.split(",", maxsplit=2)]
    if len(parts) == 1:
        return Name(literal=parts[0])
    family, given, *suffix = parts
    return Name(family=family, given=given, suffix=suffix[0] if suffix else "") if family else Name(literal=given)


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
