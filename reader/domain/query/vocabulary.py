"""The field words of the query language, with their values and their explanations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.doi import normalize_doi
from reader.domain.papers import PaperState
from reader.domain.query.nodes import (
    ArxivTerm,
    DateField,
    DateRange,
    DoiTerm,
    Flag,
    FlagTerm,
    LabelTerm,
    ListingTerm,
    Node,
    Not,
    NumberField,
    NumberRange,
    StateTerm,
    TagTerm,
    TextField,
)
from reader.domain.query.ranges import NAMED_DAYS, parse_days, parse_numbers

SORTS = ("date", "added", "title", "comments", "upvotes", "queue", "relevance", "foryou")
"""The values of ``sort:``: the orders of :class:`reader.domain.selection.SortBy` that suit a search, and two more."""


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a field word: its text, whether it was quoted, and whether a ``=`` came before it."""

    text: str
    quoted: bool = False
    equals: bool = False


@dataclass(frozen=True, slots=True)
class FieldWord:
    """A field word ``name`` that filters by something other than the words of a text.

    ``meaning`` turns a value into a node, or None if the value is unknown. Completion offers ``values``; ``example``
    shows the form, ``help`` briefly says what is found.
    """

    name: str
    example: str
    help: str
    meaning: Callable[[Value, date], Node | None]
    values: tuple[str, ...] = ()


FIELD_ALIASES = {
    "abs": "abstract",
    "from": "author",
    "organization": "org",
    "organisation": "org",
    "published": "date",
    "year": "date",
    "tags": "tag",
    "notes": "note",
    "highlights": "highlight",
    "labels": "label",
    "listings": "listing",
}
"""Other names of field words, taken from other programs."""
_IS_ALIASES = {"unread": "unseen", "read": "seen", "queue": "queued", "snoozed": "buried"}
_HAS_ALIASES = {"notes": "note", "highlights": "highlight", "tag": "tags"}
_IS_FLAGS = ("unseen", "starred", "buried")
_HAS_FLAGS = ("note", "highlight", "code", "tags")
_STATES = tuple(state.value for state in PaperState)
_DOCUMENT = "document"


def _is(value: Value, today: date) -> Node | None:
    name = _IS_ALIASES.get(value.text.lower(), value.text.lower())
    if name == "seen":
        return Not(FlagTerm(Flag.UNSEEN))
    if name in _IS_FLAGS:
        return FlagTerm(Flag(f"is:{name}"))
    return StateTerm(PaperState(name)) if name in _STATES else None


def _in(value: Value, today: date) -> Node | None:
    return FlagTerm(Flag.DOCUMENT) if value.text.lower() == _DOCUMENT else _is(value, today)


def _has(value: Value, today: date) -> Node | None:
    name = _HAS_ALIASES.get(value.text.lower(), value.text.lower())
    return FlagTerm(Flag(f"has:{name}")) if name in _HAS_FLAGS else None


def _tag(value: Value, today: date) -> Node | None:
    return TagTerm(value.text, exact=value.equals) if value.text else None


def _label(value: Value, today: date) -> Node | None:
    return LabelTerm(value.text) if value.text else None


def _listing(value: Value, today: date) -> Node | None:
    return ListingTerm(value.text) if value.text else None


def _arxiv(value: Value, today: date) -> Node | None:
    identifier = normalize_arxiv_id(value.text)
    return ArxivTerm(identifier) if identifier else None


def _doi(value: Value, today: date) -> Node | None:
    doi = normalize_doi(value.text)
    return DoiTerm(doi) if doi else _arxiv(value, today)  # arXiv's own DOIs are arXiv identifiers


def _days(field: DateField) -> Callable[[Value, date], Node | None]:
    def meaning(value: Value, today: date) -> Node | None:
        days = parse_days(value.text, today)
        return DateRange(field, *days) if days else None

    return meaning


def _numbers(field: NumberField) -> Callable[[Value, date], Node | None]:
    def meaning(value: Value, today: date) -> Node | None:
        numbers = parse_numbers(value.text)
        return NumberRange(field, *numbers) if numbers else None

    return meaning


_TIMES = ("<7d", "<30d", *NAMED_DAYS)
_FIELD_WORDS = (
    FieldWord("tag", "tag:rl", "with a tag or one below it; tag:=rl with just this", _tag),
    FieldWord("is", "is:unseen", "in a state", _is, (*_IS_FLAGS, "snoozed", "seen", *_STATES)),
    FieldWord("state", "state:done", "in a state", _is, _STATES),
    FieldWord("in", "in:done", "in a state, or with highlights in a document", _in, (*_STATES, _DOCUMENT)),
    FieldWord("has", "has:note", "with something of yours, or code", _has, _HAS_FLAGS),
    FieldWord("listing", "listing:2025-12-08", "from a listing, by name or date", _listing),
    FieldWord("date", "date:2025-01..2025-06", "published then", _days(DateField.PUBLISHED), _TIMES),
    FieldWord("added", "added:<7d", "imported first then", _days(DateField.ADDED), _TIMES),
    FieldWord("seen", "seen:spring", "first seen by you then", _days(DateField.SEEN), _TIMES),
    FieldWord("comments", "comments:>5", "by number of comments", _numbers(NumberField.COMMENTS), (">5", ">20")),
    FieldWord("upvotes", "upvotes:>50", "by number of upvotes", _numbers(NumberField.UPVOTES), (">10", ">50")),
    FieldWord("authors", "authors:>10", "by number of authors", _numbers(NumberField.AUTHORS), ("1", ">10")),
    FieldWord("label", "label:claim", "with a highlight of this label", _label),
    FieldWord("arxiv", "arxiv:2401.00001", "by arXiv identifier", _arxiv),
    FieldWord("doi", "doi:10.1000/182", "by DOI", _doi),
)
FIELD_WORDS = {field.name: field for field in _FIELD_WORDS}
TEXT_FIELD_HELP = {
    TextField.TITLE: "words of the title",
    TextField.ABSTRACT: "words of the abstract",
    TextField.AUTHOR: "an author's name",
    TextField.ORGANIZATION: "an organisation's name",
    TextField.NOTE: "words of your note",
    TextField.HIGHLIGHT: "words of your highlights and their comments",
}
SORT_WORD = "sort"


def canonical_field(name: str) -> str | None:
    """The field word for ``name`` (in any case, aliases included), or None for an unknown name."""
    name = FIELD_ALIASES.get(name.lower(), name.lower())
    return name if name in FIELD_WORDS or name in tuple(TextField) or name == SORT_WORD else None
