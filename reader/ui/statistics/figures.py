"""What the pictures show: bars with values and words, made from the library's figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from reader.domain.dates import MONTH_NAMES, PartialDate
from reader.domain.statistics import Kept, Period, ReadingStatistics, ages, period_for, stretches, summed
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted

_MOST_BARS = 42
_NAME_LIMIT = 60


class Tone(Enum):
    """Which of the theme's colours a series has."""

    NEW = auto()
    KNOWN = auto()
    QUEUED = auto()
    DONE = auto()
    DISMISSED = auto()
    SEEN = auto()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the label below (or before) it, what it is called in full, and a value for each series."""

    label: str
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture. ``series`` are stacked, but for the last one where ``has_line``: that one is a line over the bars.

    ``with_share`` says of what share of each bar the first series is.
    """

    title: str
    series: tuple[tuple[str, Tone], ...]
    bars: tuple[Bar, ...]
    is_horizontal: bool = False
    has_line: bool = False
    with_share: bool = False
    nothing: str = "Nothing yet"

    @property
    def stacked_count(self) -> int:
        """How many series are stacked."""
        return len(self.series) - self.has_line

    def stacked(self, bar: Bar) -> tuple[int, ...]:
        """The values that are stacked."""
        return bar.values[: self.stacked_count]

    @property
    def highest(self) -> int:
        """The largest sum, or value of the line; at least 1."""
        tops = [sum(self.stacked(bar)) for bar in self.bars]
        tops += [bar.values[-1] for bar in self.bars] if self.has_line else []
        return max([1, *tops])

    def said(self, number: int) -> str:
        """A bar in words: ``Mar 2, 2026: 12 new, 3 known``."""
        bar = self.bars[number]
        if len(self.series) == 1:
            return f"{bar.name}: {counted(bar.values[0], 'paper')}"
        values = [f"{value:,} {name}" for (name, _), value in zip(self.series, bar.values, strict=True) if value]
        words = f"{bar.name}: {', '.join(values) or 'nothing'}"
        return f"{words} ({self.share(bar)})" if self.with_share and any(bar.values) else words

    def share(self, bar: Bar) -> str:
        """Of what share the first series is, in percent."""
        return f"{round(100 * bar.values[0] / max(sum(bar.values), 1))} %"


def listing_figure(statistics: ReadingStatistics) -> Figure:
    """Papers per listing day; several days together where there are many."""
    days = [each.day for each in statistics.listing_days]
    period = period_for(days, _MOST_BARS, gaps=False)
    sums = summed(((each.day, (each.new, each.known)) for each in statistics.listing_days), period)
    title = "Papers per listing day" if period is Period.DAY else f"Papers of the listings of each {period}"
    return Figure(
        title, (("new", Tone.NEW), ("known", Tone.KNOWN)), _dated(sums.items(), period), nothing="No listings yet"
    )


def reading_figure(statistics: ReadingStatistics) -> Figure:
    """What was done, by day, week or month; stretches without anything are there, too."""
    reading = statistics.reading
    series = (("queued", Tone.QUEUED), ("done", Tone.DONE), ("dismissed", Tone.DISMISSED), ("seen", Tone.SEEN))
    if not reading:
        return Figure("Seen and decided", series, (), has_line=True, nothing="Nothing seen or decided yet")
    first, last = reading[0].day, max(reading[-1].day, statistics.today)
    period = period_for([first, last], _MOST_BARS, gaps=True)
    sums = summed(((each.day, (each.queued, each.done, each.dismissed, each.seen)) for each in reading), period)
    every = [(start, sums.get(start, (0, 0, 0, 0))) for start in stretches(first, last, period)]
    return Figure(f"Seen and decided each {period}", series, _dated(every, period), has_line=True)


def age_figure(statistics: ReadingStatistics) -> Figure:
    """How long the inbox's papers have been there."""
    groups = ages(statistics.inbox_days, statistics.today)
    bars = tuple(Bar(name, _age_words(name), (count,)) for name, count in groups) if statistics.inbox else ()
    return Figure("Age of the inbox", (("papers", Tone.NEW),), bars, is_horizontal=True, nothing="The inbox is empty")


def _age_words(name: str) -> str:
    if name in {"today", "yesterday", "this week"}:
        return f"Came {name}" if name != "this week" else "Came within a week"
    return "Came longer ago" if name == "older" else f"Came within {name}"


def kept_figure(title: str, names: Sequence[Kept], nothing: str) -> Figure:
    """What is kept and what is dismissed of tags or organisations."""
    bars = tuple(
        Bar(shown_line(each.name, _NAME_LIMIT), shown_line(each.name, _NAME_LIMIT), (each.kept, each.dismissed))
        for each in names
    )
    series = (("kept", Tone.QUEUED), ("dismissed", Tone.DISMISSED))
    return Figure(title, series, bars, is_horizontal=True, with_share=True, nothing=nothing)


def all_figures(statistics: ReadingStatistics) -> tuple[Figure, ...]:
    """Every picture, in reading order."""
    return (
        listing_figure(statistics),
        reading_figure(statistics),
        age_figure(statistics),
        kept_figure("Tags you keep", statistics.tags, "No tagged paper is decided yet"),
        kept_figure("Organisations you keep", statistics.organizations, "No decided paper names one"),
    )


def summary(statistics: ReadingStatistics) -> str:
    """The library in a line."""
    decided = [sum(getattr(day, name) for day in statistics.reading) for name in ("queued", "done", "dismissed")]
    facts = [counted(statistics.papers, "paper"), f"{statistics.inbox:,} in the inbox"]
    if sum(decided):
        share = round(100 * (decided[0] + decided[1]) / sum(decided))
        facts.append(f"{sum(decided):,} decided, {share} % of them kept")
    return "  ·  ".join(facts)


def _dated(sums: Iterable[tuple[date, tuple[int, ...]]], period: Period) -> tuple[Bar, ...]:
    """Bars with the names of their stretches; a label says of which year it is only where that changes."""
    bars: list[Bar] = []
    year_before: int | None = None
    for start, values in sums:
        bars.append(Bar(_short(start, period, year_before), _long(start, period), values))
        year_before = start.year
    return tuple(bars)


def _short(start: date, period: Period, year_before: int | None) -> str:
    if period is Period.YEAR:
        return str(start.year)
    month = MONTH_NAMES[start.month - 1]
    if period is Period.MONTH:
        return month if start.year == year_before else f"{month} {start.year}"
    day = f"{month} {start.day}"
    return day if start.year == year_before else f"{day}, {start.year}"


def _long(start: date, period: Period) -> str:
    if period is Period.YEAR:
        return str(start.year)
    if period is Period.MONTH:
        return f"{MONTH_NAMES[start.month - 1]} {start.year}"
    if period is Period.WEEK:
        end = start + timedelta(days=6)
        return f"{PartialDate(None, start.month, start.day).shown()} to {PartialDate.from_date(end).shown()}"
    return PartialDate.from_date(start).shown()
