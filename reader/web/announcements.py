"""arXiv's announcements: their day, whether that is behind, and the papers of the chosen sorts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from reader.web.feed_text import ENTRY, day_of, elements, kept_elements

_WEEKEND = frozenset({5, 6})
_DAY_NUMBERS = {"Monday": 0, "Tuesday": 1, "Wednesday": 2, "Thursday": 3, "Friday": 4, "Saturday": 5, "Sunday": 6}
_SKIPPED = re.compile(r"<day>\s{0,9}(\w{6,9})\s{0,9}</day>")
_FEED_DATE = re.compile(r"<(?:pubDate|lastBuildDate|updated)>([^<]{4,60})</")
_ANNOUNCED = re.compile(r"announce_type>\s{0,9}([a-z]{3,10})|Announce Type: ([a-z]{3,10})")
_PAGE_DATE = re.compile(r"(?:new listings|New submissions) for \w{6,9}, (\d{1,2} [A-Z][a-z]{2,8},? \d{4})")
_TERM = re.compile(r"<(dt)[\s>]")
_LINK = re.compile(r"/abs/([\w.-]{1,30}(?:/\d{7})?)")


def feed_date(text: str) -> date | None:
    """The day of a daily feed, as arXiv's own zone counts it; None if it has none."""
    head = text[: match.start()] if (match := ENTRY.search(text)) else text
    days = [day_of(shown) for shown in _FEED_DATE.findall(head)]
    return next((day for day in days if day is not None), None)


def last_working_day(today: date, skipped: Collection[int] = _WEEKEND) -> date:
    """The last day up to today that is none of the days of the week on which nothing is announced (Monday is 0)."""
    days = (today - timedelta(days=number) for number in range(7))
    return next((day for day in days if day.weekday() not in skipped), today)


def is_behind(text: str, day: date, today: date) -> bool:
    """Whether a feed of that day is older than the last working day."""
    named = {_DAY_NUMBERS[name] for name in _SKIPPED.findall(text[:5_000]) if name in _DAY_NUMBERS}
    return day < last_working_day(today, named or _WEEKEND)


def filtered_feed(text: str, announced: Collection[str]) -> tuple[str, int, int]:
    """A feed with the chosen announcements only, their number, and the number of all."""
    spans = elements(text, ENTRY)

    def is_chosen(entry: str) -> bool:
        match = _ANNOUNCED.search(entry)
        return match is None or _sort_of(match[1] or match[2]) in announced

    kept, papers = kept_elements(text, spans, is_chosen)
    return kept, papers, len(spans)


def page_date(text: str) -> date | None:
    """The day of a listing page; None if it does not say."""
    match = _PAGE_DATE.search(text)
    return day_of(match[1].replace(",", "")) if match else None


def joined_pages(texts: Sequence[str], announced: Collection[str]) -> tuple[str, int]:
    """The listing pages of several categories as one, with the chosen announcements, each paper once; their number."""
    seen: set[str] = set()

    def is_chosen(entry: str) -> bool:
        term = entry.partition("</dt>")[0]
        sort = "cross" if "(cross-list" in term else "replace" if "(replaced" in term else "new"
        link = _LINK.search(term)
        if sort not in announced or link is None or link[1] in seen:
            return False
        seen.add(link[1])
        return True

    kept = [kept_elements(text, elements(text, _TERM, "</dd>"), is_chosen)[0] for text in texts]
    more = "".join(_terms(kept[1:]))
    place = max(kept[0].rfind("</dl>"), 0)
    return kept[0][:place] + more + kept[0][place:], len(seen)


def _terms(texts: Iterable[str]) -> Iterable[str]:
    return (text[start:end] for text in texts for start, end in elements(text, _TERM, "</dd>"))


def _sort_of(announced: str) -> str:
    """New, cross or replace: the sorts that are chosen from."""
    return "replace" if announced.startswith("replace") else announced
