"""The figures of how one reads, against what was done."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from reader.domain.papers import PaperState
from reader.domain.statistics import DayOfReading, Kept, ListingDay
from reader.services import Library
from tests.services.annotating import SetClock, bring


def noon(day: date) -> datetime:
    """The middle of a day where the user is."""
    return datetime.combine(day, time(12)).astimezone()


def test_listings_count_their_new_and_their_known_papers(annotated: Library) -> None:
    bring(annotated, "Gamma Waves", "Zeta Clouds", name="next", heading="Mar 4")
    bring(annotated, "Gamma Waves", "Eta Winds", name="same day", heading="Mar 4")
    days = annotated.statistics.reading().listing_days
    assert days == (ListingDay(date(2026, 3, 3), 5, 0), ListingDay(date(2026, 3, 4), 2, 2))


def test_what_was_done_is_counted_by_local_day(annotated: Library, set_clock: SetClock) -> None:
    set_clock.now = noon(date(2026, 3, 5))
    annotated.states.set_seen([1, 2, 3], True)
    annotated.states.set([1], PaperState.QUEUED)
    annotated.states.set([2], PaperState.DISMISSED)
    set_clock.now = noon(date(2026, 3, 7))
    annotated.states.set([1, 3], PaperState.DONE)
    assert annotated.statistics.reading().reading == (
        DayOfReading(date(2026, 3, 5), seen=3, dismissed=1),
        DayOfReading(date(2026, 3, 7), done=2),
    )


def test_the_inbox_is_counted_without_what_is_out_of_it(annotated: Library, set_clock: SetClock) -> None:
    set_clock.now = noon(date(2026, 3, 10))
    annotated.states.set_seen([1], True)  # which does not take it out
    annotated.states.set([2], PaperState.QUEUED)
    annotated.states.bury([3], "3d")
    figures = annotated.statistics.reading()
    assert (figures.inbox, figures.papers, figures.today) == (3, 5, date(2026, 3, 10))
    assert [count for _, count in figures.inbox_days] == [3]
    set_clock.now += timedelta(days=4)
    assert annotated.statistics.reading().inbox == 4  # what was hidden is back
    assert annotated.views.counts().inbox == annotated.statistics.totals().states["inbox"] == 4


def test_what_is_kept_of_a_tag(annotated: Library) -> None:
    annotated.tags.add([1, 2, 3, 4, 5], ["pebbles"])
    annotated.tags.add([4], ["beach"])
    annotated.tags.add([5], ["undecided"])
    annotated.states.set([1], PaperState.QUEUED)
    annotated.states.set([2], PaperState.DONE)
    annotated.states.set([3, 4], PaperState.DISMISSED)
    annotated.states.set_starred([4], True)  # starred: kept, whatever else
    assert annotated.statistics.reading().tags == (Kept("pebbles", 3, 1), Kept("beach", 1, 0))


def test_an_empty_library_has_nothing_to_tell(tmp_path: Path, set_clock: SetClock) -> None:
    with Library(tmp_path / "empty", clock=set_clock) as library:
        figures = library.statistics.reading()
    assert (figures.listing_days, figures.reading, figures.tags, figures.organizations) == ((), (), (), ())
    assert (figures.papers, figures.inbox) == (0, 0)
