"""The content of the charts: bars with values and words, made from the library's figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reader.domain.dates import MONTH_NAMES, PartialDate
from reader.domain.statistics import Kept, Period, ReadingStatistics, ages, period_for, stretches, summed
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted, joined

_MOST_BARS = 42
_NAME_LIMIT = 60
_AGE_WORDS = {
    "today": "Came today",
    "yesterday": "Came yesterday",
    "this week": "Came within a week",
    "older": "Came longer ago",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its full name, and a value for each series."""

    label: str
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one kind in all bars: their name, and which of the theme's marks (:class:`Marks`) colours them."""

    name: str
    mark: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture. ``series`` are stacked, and ``line`` is the last value of each bar as a line over them.

    ``with_share`` says what share of each bar the first series is.
    """

    title: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    line: Series | None = None
    is_horizontal: bool = False
    with_share: bool = False
    nothing: str = "Nothing yet"

    @property
    def every_series(self) -> tuple[Series, ...]:
        """The stacked series, and the line's; one for each value of a bar."""
        return (*self.series, self.line) if self.line else self.series

    def stacked(self, bar: Bar) -> tuple[int, ...]:
        """The values that are stacked."""
        return bar.values[: len(self.series)]

    @property
    def highest(self) -> int:
        """The largest sum, or value of the line; at least 1."""
        return max(1, *(max(sum(self.stacked(bar)), bar.values[-1]) for bar in self.bars))

    def said(self, number: int) -> str:
        """A bar in words: ``Mar 2, 2026: 12 new, 3 known``."""
        bar = self.bars[number]
        if len(self.every_series) == 1:
            return f"{bar.name}: {counted(bar.values[0], 'paper')}"
        parts = zip(self.every_series, bar.values, strict=True)
        words = ", ".join(f"{value:,} {series.name}" for series, value in parts if value) or "nothing"
        share = f" ({self.share(bar)})" if self.with_share and any(bar.values) else ""
        return f"{bar.name}: {words}{share}"

    def share(self, bar: Bar) -> str:
        """The share of the first series, in percent."""
        return f"{round(100 * bar.values[0] / max(sum(bar.values), 1))} %"


_PAPERS = (Series("papers", "accent"),)
_LISTED = (Series("new", "accent"), Series("known", "dismissed"))
_KEPT = (Series("kept", "queued"), Series("dismissed", "dismissed"))
_DECIDED = (Series("queued", "queued"), Series("done", "done"), Series("dismissed", "dismissed"))
_SEEN = Series("seen", "star")


def listing_figure(statistics: ReadingStatistics) -> Figure:
    """Papers per listing day; several days together where there are many."""
    days = statistics.listing_days
    period = period_for([each.day for each in days], _MOST_BARS, gaps=False)
    sums = summed(((each.day, (each.new, each.known)) for each in days), period)
    title = "Papers per listing day" if period is Period.DAY else f"Papers of the listings of each {period}"
    return Figure(title, _LISTED, _dated(sums.items(), period), nothing="No listings yet")


def reading_figure(statistics: ReadingStatistics) -> Figure:
    """Decisions and papers seen by day, week or month, including periods without any."""
    days = statistics.reading
    if not days:
        return Figure("Seen and decided", _DECIDED, (), _SEEN, nothing="Nothing seen or decided yet")
    first, last = days[0].day, max(days[-1].day, statistics.today)
    period = period_for([first, last], _MOST_BARS, gaps=True)
    sums = summed(((each.day, (each.queued, each.done, each.dismissed, each.seen)) for each in days), period)
    every = dict.fromkeys(stretches(first, last, period), (0, 0, 0, 0)) | sums
    return Figure(f"Seen and decided each {period}", _DECIDED, _dated(every.items(), period), _SEEN)


def age_figure(statistics: ReadingStatistics) -> Figure:
    """The ages of the inbox's papers."""
    groups = ages(statistics.inbox_days, statistics.today) if statistics.inbox else []
    bars = tuple(Bar(name, _AGE_WORDS.get(name, f"Came within {name}"), (count,)) for name, count in groups)
    return Figure("Age of the inbox", _PAPERS, bars, is_horizontal=True, nothing="The inbox is empty")


def kept_figure(title: str, names: Sequence[Kept], nothing: str) -> Figure:
    """Papers kept and dismissed for each tag or organisation."""
    shown = [(shown_line(each.name, _NAME_LIMIT), each) for each in names]
    bars = tuple(Bar(name, name, (each.kept, each.dismissed)) for name, each in shown)
    return Figure(title, _KEPT, bars, is_horizontal=True, with_share=True, nothing=nothing)


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
    kept = sum(day.queued + day.done for day in statistics.reading)
    decided = kept + sum(day.dismissed for day in statistics.reading)
    share = f"{decided:,} decided, {round(100 * kept / decided)} % of them kept" if decided else ""
    return joined((counted(statistics.papers, "paper"), f"{statistics.inbox:,} in the inbox", share))


def _dated(sums: Iterable[tuple[date, tuple[int, ...]]], period: Period) -> tuple[Bar, ...]:
    """Bars with the names of their periods; a label has the year only where that changes."""
    bars: list[Bar] = []
    year_before: int | None = None
    for start, values in sums:
        year, month = str(start.year), MONTH_NAMES[start.month - 1]
        if period is Period.YEAR:
            label = name = year
        elif period is Period.MONTH:
            name = f"{month} {year}"
            label = month if start.year == year_before else name
        else:
            label = f"{month} {start.day}" + ("" if start.year == year_before else f", {year}")
            name = _days_named(start, period)
        bars.append(Bar(label, name, values))
        year_before = start.year
    return tuple(bars)


def _days_named(start: date, period: Period) -> str:
    """A day, or a week from its first day to its last."""
    if period is Period.DAY:
        return PartialDate.from_date(start).shown()
    end = PartialDate.from_date(start + timedelta(days=6))
    return f"{PartialDate(None, start.month, start.day).shown()} to {end.shown()}"
