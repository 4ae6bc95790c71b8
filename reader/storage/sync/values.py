"""Values of cells as the tables have them, and back. What arrives may have any form; what does not fit is left out."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from reader.domain.annotations import check_color
from reader.domain.errors import ReaderError
from reader.domain.sync import Json
from reader.storage.writer import iso_time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UID_BYTES = 16
_LATEST = 253_402_300_799
"""The last second of the year 9999."""


def uid_of_text(text: str) -> str:
    """The uid made from a text: 128 bits of its SHA-256, in lower case base 32."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest[:_UID_BYTES]).decode("ascii").lower().rstrip("=")


def seconds_sql(column: str) -> str:
    """SQL for a column's ISO time as seconds since 1970."""
    return f"CAST(strftime('%s', {column}) AS INTEGER)"


def as_time(value: Json) -> str | None:
    """Seconds since 1970 as the library's ISO 8601; None for another value."""
    seconds = as_number(value)
    if seconds is None or not 0 <= seconds <= _LATEST:
        return None
    return iso_time(_EPOCH + timedelta(seconds=seconds))


def as_seconds(text: str | None) -> int | None:
    """An ISO 8601 time as seconds since 1970; None if it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def is_number(value: Json) -> bool:
    """Whether a value is a whole number (in JSON, true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool)


def as_number(value: Json) -> int | None:
    """A whole number that SQLite can store; None for another value."""
    return value if isinstance(value, int) and is_number(value) and abs(value) < 2**63 else None


def as_text(value: Json, longest: int | None = None) -> str | None:
    """A text that SQLite can store, cut after so many characters; None for another value."""
    if not isinstance(value, str):
        return None
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]


def part(value: Json, place: int) -> Json:
    """An item of a list; None if there is none."""
    return value[place] if isinstance(value, list) and len(value) > place else None


def as_color(value: Json) -> str | None:
    """A colour, ``#rrggbb``; None for another value."""
    try:
        return check_color(as_text(value) or "")
    except ReaderError:
        return None
