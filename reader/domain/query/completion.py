"""Completion of queries: field words, their values, and names from the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reader.domain.query.lexer import Token, TokenKind, tokens_of
from reader.domain.query.nodes import TextField
from reader.domain.query.renderer import show_value
from reader.domain.query.vocabulary import FIELD_WORDS, SORT_WORD, SORTS, TEXT_FIELD_HELP


@dataclass(frozen=True, slots=True)
class LibraryNames:
    """The names in a library that a query can use, the most useful first."""

    tags: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text to insert, and a short description of what it finds (may be empty)."""

    text: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """The candidates for the part of a query between ``start`` and ``end``, best first."""

    start: int
    end: int
    candidates: tuple[Candidate, ...] = ()


def complete(text: str, cursor: int, names: LibraryNames, *, limit: int = 12) -> Completion:
    """Candidates for the word at ``cursor`` (a position in ``text``)."""
    for token in tokens_of(text):
        if token.kind is TokenKind.ITEM and token.start < cursor <= token.end:
            typed = text[token.start : cursor]
            found = _values(token, typed, names) if token.field else _words(typed, names)
            return Completion(token.start, token.end, tuple(found)[:limit])
    return Completion(cursor, cursor)


def _words(typed: str, names: LibraryNames) -> list[Candidate]:
    """Field words and tags that begin with the typed text."""
    typed = typed.lower()
    found = [Candidate(f"{name}:", word.help) for name, word in FIELD_WORDS.items()]
    found += [Candidate(f"{field.value}:", help_text) for field, help_text in TEXT_FIELD_HELP.items()]
    found.append(Candidate(f"{SORT_WORD}:", "in this order"))
    starting = [candidate for candidate in found if candidate.text.startswith(typed)]
    return starting + [Candidate(f"tag:{show_value(tag)}") for tag in names.tags if tag.lower().startswith(typed)]


def _values(token: Token, typed: str, names: LibraryNames) -> list[Candidate]:
    """Values of a field word that contain the typed text; those that begin with it come first."""
    field = token.field or ""
    before, sign, value = typed.partition("#" if typed.startswith("#") else ":")
    name = f"{before}{sign}"
    equals = "=" if token.value.equals else ""
    wanted = value.removeprefix(equals).lstrip('"“”„').lower()
    own = {
        "tag": names.tags,
        "listing": names.listings,
        "label": names.labels,
        TextField.ORGANIZATION.value: names.organizations,
    }
    if field in own:
        return [
            Candidate(f"{name}{equals}{show_value(one, after_hash=sign == '#')}") for one in _ranked(own[field], wanted)
        ]
    values = SORTS if field == SORT_WORD else FIELD_WORDS[field].values if field in FIELD_WORDS else ()
    return [Candidate(f"{name}{one}") for one in values if one.startswith(wanted)]


def _ranked(names: Iterable[str], wanted: str) -> list[str]:
    """Names that contain a text: first those that begin with it, then those with a word or level that does."""

    def rank(name: str) -> int:
        low = name.lower()
        if low.startswith(wanted):
            return 0
        return 1 if any(f"{sign}{wanted}" in low for sign in " /-_") else 2

    return sorted((name for name in names if wanted in name.lower()), key=rank)
