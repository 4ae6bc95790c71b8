"""How facts are worded, the same everywhere: dates, counts, people, states. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import PureWindowsPath

from reader.domain.changes import Change
from reader.domain.dates import PartialDate
from reader.domain.documents import Document
from reader.domain.numerals import counted as counted
from reader.domain.papers import STATE_WORDS, PaperRow, PaperState
from reader.domain.selection import PaperSort, SortBy
from reader.domain.time_spans import name_day
from reader.domain.views import ListingSection
from reader.services.latex_to_unicode import shown_line
from reader.services.library.history import shown_step

SEPARATOR = "  ·  "
_NAME_LIMIT = 80
_AUTHORS_SHOWN = 2

OUTSIDE = "Outside your usual"
"""What is said of a paper that the order "for you" shows although it is not like what the reader keeps."""


def told(change: Change) -> str:
    """What a step did, as the status line reports it."""
    return shown_step(change.title)


def with_undo(report: str) -> str:
    """A report of a change, and the key that undoes it."""
    return f"{report}{SEPARATOR}{{edit.undo}} undoes"


def shown_date(iso: str | None, *, guessed: bool = False) -> str:
    """An ISO 8601 date (perhaps of reduced precision) as pages show it, ``~`` before a year that is a guess."""
    day = PartialDate.parse_iso(iso) if iso else None
    if day is None:
        return ""
    shown = day.shown()
    year = str(day.year)
    return f"{shown.removesuffix(year)}~{year}" if guessed else shown


def shown_day_ahead(moment: str | date) -> str:
    """The day of a moment to come (ISO 8601, or the day itself) with its weekday, as :func:`name_day` names it."""
    day = datetime.fromisoformat(moment).astimezone().date() if isinstance(moment, str) else moment
    return name_day(day, date.today())


def verdict_words(state: PaperState, buried_until: str | None) -> list[str]:
    """What was decided about a paper, and until when it is snoozed; nothing of an undecided one in sight."""
    words = [STATE_WORDS[state]] if state is not PaperState.INBOX else []
    return [*words, f"Snoozed until {shown_day_ahead(buried_until)}"] if buried_until else words


def shown_people(authors: tuple[str, ...], author_count: int | None, *, more_authors: bool = False) -> str:
    """Who wrote it, short: names, the first name and how many more, or just how many."""
    names = [shown_line(name, _NAME_LIMIT) for name in authors]
    count = max(author_count or 0, len(names))
    if not names:
        return counted(count, "author") if count else ""
    others = " and others" if more_authors and count <= len(names) else ""
    if count > _AUTHORS_SHOWN:
        return f"{names[0]}{others or f' and {count - 1} more'}"
    return ", ".join(names) + others


def document_name(document: Document) -> str:
    """What a document is called: the name of the file that it was attached from."""
    # Either system's paths: what was attached elsewhere may have come here.
    name = PureWindowsPath(document.path).name if document.path else ""
    return shown_line(name, _NAME_LIMIT) or "PDF"


def shown_tag(name: str) -> str:
    """A tag as it stands among other facts."""
    return f"#{shown_line(name, _NAME_LIMIT)}"


def row_facts(row: PaperRow) -> str:
    """The second line of a row in a list; what is missing is left out, so it may be empty."""
    who = shown_line(row.organization, _NAME_LIMIT) if row.organization else ""
    facts = (
        " ".join(map(shown_tag, row.tags)),
        who or shown_people(row.authors, row.author_count, more_authors=row.more_authors),
        shown_date(row.published, guessed=row.published_guessed),
        f"in {row.sighting_count} listings" if row.sighting_count > 1 else "",
        "code" if row.has_code else "",
        counted(row.comments, "comment") if row.comments else "",
        shown_upvotes(row.upvotes, row.momentum),
    )
    return joined(facts)


def shown_upvotes(upvotes: int | None, momentum: int) -> str:
    """The upvotes, and what they gained or lost since yesterday: ``56 upvotes (+34 since yesterday)``."""
    sign = "+" if momentum > 0 else "\N{MINUS SIGN}"
    gained = f" ({sign}{abs(momentum):,} since yesterday)" if momentum else ""
    return f"{counted(upvotes, 'upvote')}{gained}" if upvotes else ""


def spoken_row(row: PaperRow) -> str:
    """A row as a screen reader says it: title, state, marks, tags."""
    state = STATE_WORDS[row.state] if row.state is not PaperState.INBOX else ("Seen" if row.seen else "Unseen")
    marks = [state]
    marks += [f"snoozed until {shown_day_ahead(row.buried_until)}"] if row.buried_until else []
    marks += ["starred"] if row.starred else []
    marks += ["has a note"] if row.has_note else []
    marks += [counted(row.highlight_count, "highlight")] if row.highlight_count else []
    marks += ["has a PDF"] if row.has_document else []
    tags = f" Tags: {', '.join(shown_line(tag, _NAME_LIMIT) for tag in row.tags)}." if row.tags else ""
    return f"{shown_line(row.title, 500)}. {', '.join(marks)}.{tags}"


_SORT_WORDS = {
    SortBy.DATE: "by date",
    SortBy.ADDED: "by arrival",
    SortBy.TITLE: "by title",
    SortBy.COMMENTS: "by comments",
    SortBy.UPVOTES: "by upvotes",
    SortBy.SIGHTINGS: "by listings",
    SortBy.QUEUE: "in the queue’s order",
    SortBy.LISTING: "in listing order",
    SortBy.FOR_YOU: "for you",
}


def sort_words(sort: PaperSort) -> str:
    """An order in a few words."""
    return f"{_SORT_WORDS[sort.by]}{' ↑' if sort.reverse else ''}"


def known_line(section: ListingSection) -> str:
    """What a listing brought that the library knew before: ``23 known: 4 queued, 19 dismissed``."""
    states = ", ".join(f"{count:,} {_state_word(state)}" for state, count in section.known_states if count)
    known = f"{len(section.known_ids):,} known"
    return f"{known}: {states}" if states else known


def _state_word(state: str) -> str:
    return {"inbox": "seen", "unseen": "unseen"}.get(state, state)


def joined(facts: Iterable[str]) -> str:
    """Facts on one line, the empty ones left out."""
    return SEPARATOR.join(fact for fact in facts if fact)
