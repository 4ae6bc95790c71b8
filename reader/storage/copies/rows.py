"""Values as rows of a table, and rows as values: a field of a value is the column of the same name.

Lists are JSON in the database, yes and no are 1 and 0. Fields that are not one column (rows of other tables,
several columns in one value) are given beside the row.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from reader.domain.bibliography import Name
from reader.domain.papers import PaperState
from reader.domain.transfer import TransferListing
from reader.storage.content import as_json, names_as_json, names_from_json

Value = TypeVar("Value")
Row = Mapping[str, Any]

_NO_COLUMNS = frozenset({"account", "problems", "page", "fetches"})
LISTING_COLUMNS = tuple(field.name for field in fields(TransferListing) if field.name not in _NO_COLUMNS)
ACCOUNT_COLUMNS = ("account_unit", "account_total", "account_records", "account_furniture", "account_problems")
"""A listing's account, in the order of :class:`~reader.domain.records.LineAccount`."""
PAGE_COLUMNS = ("page_kind", "page_argument", "page")
"""A listing's page, in the order of :class:`~reader.domain.subscriptions.PageName`."""
_READ: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "bool | None": lambda number: None if number is None else bool(number),
    "tuple[str, ...]": lambda text: tuple(json.loads(text)),
    "tuple[Name, ...]": names_from_json,
    "PaperState": PaperState,
}
"""What makes a field of a column, by the type that the field is declared with; columns of other types are the value."""


def rows(connection: sqlite3.Connection, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
    """The rows of a query, each by the names of its columns."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def value_of(kind: Callable[..., Value], row: Row, **parts: Any) -> Value:
    """A value from the columns named like its fields; ``parts`` are fields that do not come from a column."""
    read = {name: made(row[name]) if made else row[name] for name, made in _readers(kind) if name in row}
    return kind(**read | parts)


def row_of(value: object, columns: tuple[str, ...]) -> dict[str, Any]:
    """A value's fields as columns, those of ``columns`` that are fields of it."""
    kind: Any = type(value)
    names = _shared(kind, columns)
    given = zip(names, attrgetter(*names)(value), strict=True)
    return {name: _as_list(field) if type(field) is tuple else field for name, field in given}


def _as_list(values: tuple[Any, ...]) -> str:
    """Texts, or names in their parts, in their stored form."""
    return names_as_json(values) if values and isinstance(values[0], Name) else as_json(values)


@cache
def _shared(kind: Any, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Those of several columns (two at least) that are fields of a dataclass."""
    return tuple(column for column in columns if column in kind.__dataclass_fields__)


@cache
def _readers(kind: Any) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """A dataclass's fields, each with what makes it of its column."""
    return tuple((field.name, _READ.get(str(field.type))) for field in fields(kind))
