"""Helpers for JSON from other programs, in which any value may have any type."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from reader.domain.errors import ParseError
from reader.formats.entries import BrokenEntryError, fold_lines
from reader.formats.text_decoder import Head, clean_text

_LONGEST_INTEGER = 18  # digits that surely fit 64 bits
_OPENING = re.compile(r"\s*(?:\[\s*[{\]]|\{\s*[\"}])")
_MEMBER = re.compile(r'"([A-Za-z][\w-]{0,40})"\s{0,9}:')

OWN_MEMBER = "published_guessed"
"""A member that only the lists of ``lectern papers --json`` have."""

Members = Mapping[str, object]
"""An object of JSON."""


def load_json(text: str) -> object:
    """The value of a JSON text; raises :class:`ParseError`. Integers that no count could be are None."""
    try:
        value: object = json.loads(text, parse_int=_bounded_integer)
    except json.JSONDecodeError as error:
        raise ParseError(
            f"The JSON breaks off or is damaged at line {error.lineno}, column {error.colno}; save or fetch it again."
        ) from error
    except (RecursionError, ValueError) as error:
        raise ParseError("The JSON is nested too deeply to be a list of papers.") from error
    return value


def member_names(head: Head) -> frozenset[str] | None:
    """The names of members near the beginning of a file; None where it is no JSON of objects."""
    return frozenset(_MEMBER.findall(head.text)) if _OPENING.match(head.text) else None


def members_of(value: object) -> Members:
    """An object's members; empty for anything else."""
    return value if isinstance(value, dict) else {}


def items_of(value: object) -> list[object] | None:
    """A list; None for anything else."""
    return value if isinstance(value, list) else None


def text_of(source: Members, key: str) -> str:
    """A member that is text; empty if there is no such text."""
    value = source.get(key)
    return value if isinstance(value, str) else ""


def folded_text(key: str, sources: Iterable[Members]) -> str:
    """The first text of that name, folded, or empty; raises where it stands there as anything but text."""
    for source in sources:
        value = source.get(key)
        if isinstance(value, str):
            if folded := fold_lines(value):
                return folded
        elif value is not None:
            raise BrokenEntryError(f"The paper's {key} is not text.")
    return ""


def texts_of(value: object) -> tuple[str, ...]:
    """The texts in a list, each once."""
    folded = (fold_lines(item) for item in items_of(value) or [] if isinstance(item, str))
    return tuple(dict.fromkeys(text for text in folded if text))


def names_of(value: object) -> tuple[str, ...]:
    """The names in a list of authors, which are objects with a ``name`` or bare texts."""
    names = (item if isinstance(item, str) else text_of(members_of(item), "name") for item in items_of(value) or [])
    return tuple(name for shown in names if (name := " ".join(clean_text(shown).split())))


def written_out(entry: object) -> str:
    """An entry written out again, for a problem's text."""
    try:
        return json.dumps(entry, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "an entry nested too deeply to show"


def _bounded_integer(digits: str) -> int | None:
    """An integer of JSON; None where it does not surely fit 64 bits."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None
