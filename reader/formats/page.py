"""Text that all dumps of the Daily Papers page share: boilerplate, dates, counts, and where a dump came from.

Read from saved pages of https://huggingface.co/papers from 2024 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from reader.domain.dates import PartialDate
from reader.domain.records import Organization

PAGE_SENTENCES = frozenset(
    {
        "get trending papers in your email inbox!",
        "get trending papers in your email inbox once a day!",
        "trending papers ranked by github stars activity",
        "daily papers - hugging face",
        "trending papers - hugging face",
        "hugging face's logo",
        "hugging face's logo hugging face",
        "submit a paper",
        "back to top",
        "system theme",
        "terms of service",
    }
)
"""Lines of the page that cannot be a paper's title; casefolded, spaces collapsed."""

_SITE = (
    "papers|models|datasets|spaces|storage|buckets|docs|enterprise|pricing|login|join|logout|tasks|chat|collections|"
    "languages|organizations|blog|posts|learn|support|terms-of-service|privacy|settings|new|front|jobs|changelog|"
    "inference-endpoints|brand|search|subscribe|pro|team"
)
_SITE_PAGES = frozenset(_SITE.split("|"))
_MENU = (
    "new|subscribe|daily papers|by|ak|and the research community|daily|weekly|monthly|trending papers|trending|"
    "previous|next|company|tos|privacy|about|careers|website|models|datasets|spaces|pricing|docs|enterprise|log in|"
    "login|sign up|buckets|buckets new|storage|tasks|huggingchat|collections|languages|organizations|community|blog|"
    "posts|learn|discord|forum|github|solutions|team & enterprise|hugging face pro|enterprise support|"
    "inference providers|inference endpoints|storage buckets|hugging face|papers|hub|expert support|articles|"
    "settings|log out|jobs|status|billing|light|dark|system"
)
PAGE_WORDS = frozenset(_MENU.split("|"))
"""Single words and names in the page's menus; any could also be a paper's title where a title is expected."""

SHOWN_DATE = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.? \d{1,2}(?:, \d{4})?"
)
"""A pattern for dates as the page shows them; "Octopus 2" does not match."""

_BY_AK = re.compile(r"by ?\W{0,40}(?:ak)?\W{0,40}and the research community")
_COPYRIGHT = re.compile(r"(?:©|\(c\)) ?(?:\d{4} ?)?(?:[-–] ?\d{4} ?)?hugging face.{0,40}")
_DATE_AND_COUNT = re.compile(rf"({SHOWN_DATE})(?: (\d[\d.,]{{0,12}}[kKmM]?))?")
_AUTHORS = re.compile(r"(?:[•*·‣◦–-] ?)?(\d{1,3}(?:,\d{3})+|\d{1,6}) authors?")
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,6})?([km]?)")
_FRONT_MATTER_LIMIT = 100
_NEAR = timedelta(days=10)


def collapse(text: str) -> str:
    """A text with every run of white space (no-break spaces too) as one space, and none at its ends."""
    return " ".join(text.split())


def is_page_sentence(line: str) -> bool:
    """Whether a line is text of the page itself that no paper could be called."""
    if len(line) > 120:
        return False
    folded = collapse(line).casefold()
    return folded in PAGE_SENTENCES or bool(_BY_AK.fullmatch(folded) or _COPYRIGHT.fullmatch(folded))


def is_page_word(line: str) -> bool:
    """Whether a line is a word of the page's menus."""
    return len(line) <= 40 and collapse(line).casefold() in PAGE_WORDS


def is_page_text(line: str) -> bool:
    """Whether a line is any text of the page itself."""
    return is_page_word(line) or is_page_sentence(line)


@lru_cache(maxsize=4096)
def read_date_and_count(line: str) -> tuple[PartialDate, int | None] | None:
    """A date as the page shows it, and the number of comments after it (``Sep 25, 2024 3``); None for other lines."""
    match = _DATE_AND_COUNT.fullmatch(collapse(line))
    if match is None:
        return None
    day = PartialDate.parse_shown(match[1])
    if day is None:
        return None
    return day, read_count(match[2]) if match[2] is not None else None


def read_author_count(line: str) -> int | None:
    """The number in ``• 8 authors``; None if a line does not say that."""
    match = _AUTHORS.fullmatch(collapse(line))
    return int(match[1].replace(",", "")) if match else None


def read_count(text: str) -> int | None:
    """A number as the page shows it (``19``, ``1,204``, ``3.29k``); None for ``-``, which stands for no figure."""
    match = _COUNT.fullmatch(text.strip().lower())
    if match is None or (match[2] and not match[3]):
        return None
    whole = match[1].replace(",", "")
    factor = {"": 1, "k": 1_000, "m": 1_000_000}[match[3]]
    return round(float(whole + (match[2] or "")) * factor)


def read_organization(line: str) -> Organization | None:
    """An organisation's account and name (``zai-org Z.ai``); one word alone is its name. None if nothing is there."""
    first, _, rest = collapse(line).lstrip("•·*- ").partition(" ")
    if not first:
        return None
    return Organization(first, rest) if rest else Organization("", first)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page came from, as its dump says: address, search text, and the day it was fetched."""

    url: str | None = None
    query: str | None = None
    retrieved: date | None = None

    def learn(self, key: str, value: str) -> Origin:
        """This, with what a line ``key: value`` of a dump's own header adds; the first statement stands."""
        key, value = key.strip(" *_").casefold(), value.strip().strip("\"'")
        if key in {"url", "source url", "source", "link", "page url"} and self.url is None and _is_address(value):
            return replace(self, url=value, query=self.query or query_of(value))
        if key in {"retrieved", "exported", "captured", "captured (utc)", "fetched", "retrieved at", "crawled"}:
            day = PartialDate.parse_iso(value)
            if self.retrieved is None and day is not None and day.year and day.month and day.day:
                return replace(self, retrieved=date(day.year, day.month, day.day))
        return self


def read_front_matter(lines: Sequence[str]) -> tuple[Origin, int]:
    """What the YAML block at a dump's top says (``url:``, ``retrieved:``), and how many lines it takes (0: none)."""
    if not lines or lines[0].strip() != "---":
        return Origin(), 0
    origin = Origin()
    for index in range(1, min(len(lines), _FRONT_MATTER_LIMIT)):
        line = lines[index]
        if line.strip() in {"---", "..."}:
            return origin, index + 1
        key, colon, value = line.partition(":")
        if colon:
            origin = origin.learn(key, value)
    return Origin(), 0


def query_of(address: str) -> str | None:
    """The text searched for in a search page's address (its ``q=``), or None."""
    try:
        values = parse_qs(urlsplit(address).query).get("q", [])
    except ValueError:
        return None
    return collapse(values[0]) or None if values else None


def paper_id_of(address: str) -> str | None:
    """The id in a paper page's address (also relative, also behind ``login?next=``); None for other addresses."""
    _, found, rest = unquote(address).partition("/papers/")
    identifier = re.split(r"[#?&\s]", rest, maxsplit=1)[0].strip("/")
    if not found or not re.fullmatch(r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7}", identifier):
        return None
    return identifier


def account_of(address: str) -> str | None:
    """The account whose page an address is (``https://huggingface.co/NAME`` or ``/NAME``), or None."""
    match = re.fullmatch(r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co))?/([A-Za-z0-9][\w.-]{0,99})/?", address)
    return match[1] if match and match[1] not in _SITE_PAGES else None


def heading_with_year(heading: PartialDate | None, previous_page: str | None) -> PartialDate | None:
    """A page's heading with the year that its link to the page of the day before tells; unchanged if it does not.

    ``previous_page`` is that link's address (``…/papers/date/2026-10-01``); on most days that is the day before the
    heading, after weekends and holidays a few days earlier.
    """
    match = re.search(r"/papers/date/(\d{4}-\d{2}-\d{2})", previous_page or "")
    if heading is None or heading.year is not None or match is None:
        return heading
    try:
        before = date.fromisoformat(match[1])
        for day in (before + timedelta(days=days) for days in range(1, _NEAR.days + 1)):
            if (day.month, day.day) == (heading.month, heading.day):
                return PartialDate.from_date(day)
    except (ValueError, OverflowError):
        return heading
    return heading


def _is_address(text: str) -> bool:
    """Whether a text is a web address."""
    return re.match(r"https?://\S+$", text) is not None
