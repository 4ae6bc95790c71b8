"""A paper's content as the value of a cell: its row in ``papers``, its former titles and further DOIs.

A value has what is not empty, by column; lists are lists, not their JSON text. ``key`` is the paper's key on the device
that wrote the value, ``keys`` are further ones of the same paper, ``first_listing`` is the uid of the listing that
brought it, and ``joined`` names the papers whose content was joined into it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reader.domain.bibliography import Name
from reader.domain.doi import fold_doi
from reader.domain.sync import Json
from reader.storage.content import COLUMNS, PaperContent, absorb

Value = Mapping[str, Any]

_LISTS = ("code_urls", "keywords", "categories", "authors", "author_names")
_NUMBERS = ("published_certainty", "comments", "upvotes", "content_rank", "author_count", "more_authors")
_REQUIRED: Mapping[str, object] = {
    "title": "", "title_fold": "", "published_certainty": 0, "sort_date": "", "first_seen": "", "counts_date": "",
    "content_rank": 0, "content_date": "", "more_authors": 0, "abstract": "", **dict.fromkeys(_LISTS, "[]"),
}  # fmt: skip
"""What columns that are never null have where a value has nothing."""
_ASIDE = ("id", "key", "first_listing_id")
_CARRIED = tuple(column for column in COLUMNS if column not in _ASIDE)
_EMPTY = {column: _REQUIRED.get(column) for column in _CARRIED}
_NAME_PARTS = frozenset(Name.__dataclass_fields__)
_NULLABLE_TEXT = tuple(column for column in _CARRIED if column not in _REQUIRED and column not in _NUMBERS)


def value_of_row(
    row: Mapping[str, Any],
    first_listing: str | None,
    keys: Sequence[str] = (),
    former_titles: Sequence[str] = (),
    further_dois: Sequence[str] = (),
    joined: Sequence[str] = (),
) -> dict[str, Json]:
    """The value of a row of ``papers`` (by column) and of what belongs to it."""
    value: dict[str, Json] = {"key": row["key"]}
    for column, empty in _EMPTY.items():
        stored = row[column]
        if stored != empty:
            value[column] = json.loads(stored) if column in _LISTS else stored
    if first_listing:
        value["first_listing"] = first_listing
    lists = {"keys": keys, "former_titles": former_titles, "further_dois": further_dois, "joined": joined}
    for name, texts in lists.items():
        if texts:
            value[name] = [*sorted(set(texts))]
    return value


def content_of(value: Value, first_listing_id: int | None = None) -> PaperContent:
    """The row of a value, without an id; the value must be sound (:func:`is_sound`)."""
    row: dict[str, Any] = {column: value.get(column, empty) for column, empty in _EMPTY.items()}
    for column in _LISTS:
        if column in value:
            row[column] = json.dumps(value[column], ensure_ascii=False)
    return PaperContent(id=0, key=value.get("key", ""), first_listing_id=first_listing_id, **row)


def is_sound(value: Json) -> bool:
    """Whether a value that came from elsewhere has what its columns may have."""
    if not isinstance(value, dict):
        return False
    get = value.get
    return (
        all(type(get(column, "")) is str for column in _REQUIRED if column not in _NUMBERS and column not in _LISTS)
        and all(get(column) is None or type(get(column)) is str for column in (*_NULLABLE_TEXT, "first_listing"))
        and all(get(column) is None or type(get(column)) is int for column in _NUMBERS)
        and all(type(get(column, 0)) is int for column in _NUMBERS if column in _REQUIRED)
        and type(get("key")) is str
        and all(_are_texts(get(name, [])) for name in _TEXT_LISTS)
        and _are_names(get("author_names", []))
    )


_TEXT_LISTS = ("code_urls", "keywords", "categories", "authors", "keys", "former_titles", "further_dois", "joined")


def fold(values: Iterable[Value]) -> dict[str, Json]:
    """One content of several, whatever their order: the rules of content rank, and of equals the listing's uid decides.

    The best gives title and abstract; the others fill its gaps, as when papers are joined here
    (:func:`~reader.storage.content.absorb`).
    """
    ordered = sorted(values, key=_order, reverse=True)
    best = ordered[0]
    if len(ordered) == 1:
        return dict(best)
    whole = content_of(best)
    for value in ordered[1:]:
        absorb(whole, content_of(value))
    first = min(ordered, key=lambda value: (value.get("first_seen", ""), value.get("first_listing", "")))
    own = fold_doi(whole.doi) if whole.doi else ""
    dois: dict[str, str] = {}
    for doi in sorted(doi for value in ordered for doi in (value.get("doi"), *value.get("further_dois", ())) if doi):
        if fold_doi(doi) != own:
            dois.setdefault(fold_doi(doi), doi)
    folds = {text for value in ordered for text in (value.get("title_fold"), *value.get("former_titles", ())) if text}
    keys = {key for value in ordered for key in (value["key"], *value.get("keys", ()))}
    row = {column: getattr(whole, column) for column in COLUMNS}
    titles, further = [*folds - {whole.title_fold}], [*dois.values()]
    joined = [uid for value in ordered for uid in value.get("joined", ())]
    return value_of_row(row, first.get("first_listing"), [*keys - {best["key"]}], titles, further, joined)


def without(value: Value, *names: str) -> dict[str, Json]:
    """A value without some of its parts."""
    return {name: part for name, part in value.items() if name not in names}


def rank(value: Value) -> tuple[int, str, str]:
    """What decides which of several contents gives the title: rank, day, and of equals the listing's uid."""
    return value.get("content_rank", 0), value.get("content_date", ""), value.get("first_listing", "")


def renamed(paper: PaperContent, paper_id: int, key: str) -> PaperContent:
    """A paper's content as the row with this id and key."""
    return replace(paper, id=paper_id, key=key)


def _order(value: Value) -> tuple[Any, ...]:
    return *rank(value), json.dumps(value, ensure_ascii=False, sort_keys=True)


def _are_texts(given: Json) -> bool:
    return type(given) is list and all(type(text) is str for text in given)


def _are_names(given: Json) -> bool:
    return type(given) is list and all(
        type(name) is dict and name.keys() <= _NAME_PARTS and all(type(text) is str for text in name.values())
        for name in given
    )
