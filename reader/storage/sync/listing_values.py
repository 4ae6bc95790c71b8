"""Listings and their sightings as values of cells, and what is shown of several values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from reader.domain.sync import Head, Json

CHUNK = 500
"""The most positions of a listing in one cell."""
_TEXT = (
    "sha256", "name", "format", "query", "source_url", "heading", "heading_date", "encoding", "file_name",
    "source_modified", "imported", "account_unit", "page_kind", "page_argument", "page",
)  # fmt: skip
_NUMBERS = (
    "name_given", "rank", "year", "year_inferred", "year_guessed", "year_given", "encoding_uncertain", "account_total",
    "account_records", "account_furniture", "account_problems",
)  # fmt: skip
COLUMNS = (*_TEXT, *_NUMBERS)
"""The columns of a listing, without its id."""
_NULLABLE = frozenset(
    ("query", "source_url", "heading", "heading_date", "source_modified", "page_kind", "page_argument", "page", "year")
)
_GIVEN = {"name_given": ("name",), "year_given": ("year", "heading_date", "year_inferred", "year_guessed")}
"""Columns that a person may have given, with what follows from them."""


class Sighting(NamedTuple):
    """A paper's place in a listing, and what the page showed on earlier days (day, position, comments, upvotes).

    ``paper`` is its uid. ``since`` is None for a file; for a page it is the day from which the figures are.
    """

    paper: str
    position: int
    first_line: int
    last_line: int
    comments: int | None
    upvotes: int | None
    submitted_by: str | None
    published_shown: str | None
    since: str | None
    earlier: tuple[tuple[str, int, int | None, int | None], ...] = ()

    def json(self) -> Json:
        """The sighting as a part of a cell's value."""
        return [*self[:9], [[*each] for each in self.earlier]]


def fold_listings(heads: Sequence[Head]) -> dict[str, Any] | None:
    """What is shown of a listing: the latest, imported when it was first, with every fetch; None if none is sound.

    A name or a year that a person gave stays until a person gives another.
    """
    values: list[Any] = [head.value for head in sorted(heads, key=order) if is_sound(head.value)]
    if not values:
        return None
    latest = values[-1]
    row = dict(latest["row"])
    for flag, columns in _GIVEN.items():
        given = next((value for value in reversed(values) if value["row"].get(flag)), None)
        if given is not None:
            row |= {column: given["row"].get(column) for column in (flag, *columns)}
    row["imported"] = min(value["row"]["imported"] for value in values)
    fetches: dict[str, str] = {}
    for value in values:
        for sha256, fetched in value["fetches"]:
            fetches[sha256] = max(fetched, fetches.get(sha256, ""))
    return {
        "row": row,
        "problems": latest["problems"],
        "fetches": sorted(([sha256, fetched] for sha256, fetched in fetches.items()), key=lambda each: each[::-1]),
    }


def is_sound(value: Json) -> bool:
    """Whether a listing's value that came from elsewhere has what its columns may have."""
    if not isinstance(value, dict):
        return False
    row, problems, fetches = value.get("row"), value.get("problems"), value.get("fetches")
    return (
        isinstance(row, dict)
        and all(_is(row.get(column), str, column in _NULLABLE) for column in _TEXT)
        and all(_is(row.get(column), int, column in _NULLABLE) for column in _NUMBERS)
        and _are_rows(problems, (int, int, str, str))
        and _are_rows(fetches, (str, str))
    )


def sightings_of(value: Json) -> list[Sighting]:
    """The sightings of a cell's value; what is not sound is left out."""
    found = []
    for each in value if isinstance(value, list) else ():
        if not (isinstance(each, list) and len(each) == len(Sighting._fields) and _is_sighting(each)):
            continue
        *parts, earlier = each
        found.append(Sighting(*parts, earlier=tuple(tuple(day) for day in earlier)))  # type: ignore[arg-type,union-attr,misc]
    return found


def fold_chunks(heads: Sequence[Head]) -> list[Sighting]:
    """The sightings of a file's positions: of several heads' the latest."""
    found: dict[int, Sighting] = {}
    for head in sorted(heads, key=order):
        found.update((seen.position, seen) for seen in sightings_of(head.value))
    return [found[position] for position in sorted(found)]


def fold_pages(heads: Iterable[Head], kept: Mapping[str, str]) -> list[Sighting]:
    """The sightings of a page, from the heads of all its cells: each paper once, with the figures of every day.

    ``kept`` gives of a paper's uid that of the kept paper. Of one day the latest head's figures count.
    """
    newest: dict[tuple[str, int], Sighting] = {}
    figures: dict[tuple[str, int], dict[str, tuple[int, int | None, int | None]]] = {}
    for head in sorted(heads, key=order):
        count: Counter[str] = Counter()
        for seen in sightings_of(head.value):
            paper = kept.get(seen.paper, seen.paper)
            place = (paper, count[paper])
            count[paper] += 1
            days = figures.setdefault(place, {})
            days |= {day: (position, comments, upvotes) for day, position, comments, upvotes in seen.earlier}
            days[seen.since or ""] = (seen.position, seen.comments, seen.upvotes)
            if place not in newest or (seen.since or "") >= (newest[place].since or ""):
                newest[place] = seen
    found = []
    for place, seen in newest.items():
        days = figures[place]
        since = max(days)
        position, comments, upvotes = days.pop(since)
        earlier = tuple((day, *shown) for day, shown in sorted(days.items()))
        found.append(
            seen._replace(position=position, comments=comments, upvotes=upvotes, since=since or None, earlier=earlier)
        )
    return sorted(found, key=lambda seen: (seen.position, seen.paper))


def order(head: Head) -> tuple[int, str]:
    """The order of heads in time."""
    return head.time, head.device


def _is(value: Json, kind: type, nullable: bool) -> bool:
    return type(value) is kind or (nullable and value is None)


def _are_rows(given: Json, kinds: tuple[type, ...]) -> bool:
    return isinstance(given, list) and all(
        isinstance(row, list) and len(row) == len(kinds) and all(map(_is, row, kinds, [False] * len(kinds)))
        for row in given
    )


def _is_sighting(parts: list[Json]) -> bool:
    earlier = parts[9]
    return (
        type(parts[0]) is str
        and all(type(number) is int for number in parts[1:4])
        and all(number is None or type(number) is int for number in parts[4:6])
        and all(text is None or type(text) is str for text in parts[6:9])
        and isinstance(earlier, list)
        and all(
            isinstance(day, list)
            and len(day) == 4
            and type(day[0]) is str
            and type(day[1]) is int
            and all(number is None or type(number) is int for number in day[2:])
            for day in earlier
        )
    )
