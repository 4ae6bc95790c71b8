"""Text strings, dates and colours in annotations (ISO 32000-2, §7.9.2.2, §7.9.4 and §12.5.2)."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

_LANGUAGE = re.compile("\x1b[A-Za-z-]{2,10}\x1b")
"""A language named inside a text string (§7.9.2.2)."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_LINE_END = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_BLOCK_END = re.compile(r"</(?:p|div|li)\s*>|<br\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(?P<sign>[-+Z])(?:(?P<hours>\d\d)'?(?P<minutes>\d\d)?'?)?)?"
)


def plain_text(text: str, longest: int) -> str:
    """A text string with one form of line ends, without control characters, and cut off after ``longest``."""
    text = _CONTROL.sub("", _LINE_END.sub("\n", _LANGUAGE.sub("", text[: 2 * longest])))
    return text.strip()[:longest].rstrip()


def rich_text(text: str, longest: int) -> str:
    """The words of a rich text string (XHTML, §12.7.4.4), as :func:`plain_text` gives them."""
    lines = _BLOCK_END.sub("\n", " ".join(text[: 10 * longest].split()))
    return plain_text(re.sub(r" *\n *", "\n", html.unescape(_TAG.sub("", lines))), longest)


def moment_of(text: str) -> str | None:
    """A date as ISO 8601 in UTC, None if it is none. One without a time zone is taken for UTC, as most of these are."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    numbers = [int(number) for number in match.groups()[:6] if number is not None]
    offset = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    try:
        zone = timezone(-offset if match["sign"] == "-" else offset)
        moment = datetime(*(*numbers, *(1, 1)[len(numbers) - 1 :]), tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]
    except (ValueError, OverflowError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else None


def color_of(numbers: Sequence[float]) -> str | None:
    """A colour in gray, RGB or CMYK as ``#rrggbb``; None for no colour, which no numbers mean."""
    parts = [min(1.0, max(0.0, number)) for number in numbers]
    if len(parts) == 4:
        *inks, black = parts
        parts = [1 - min(1.0, ink + black) for ink in inks]
    elif len(parts) == 1:
        parts *= 3
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts) if len(parts) == 3 else None
