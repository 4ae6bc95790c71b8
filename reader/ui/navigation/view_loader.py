"""What a view shows, read beside the GUI thread: its papers, and the lines below which others are folded."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, starmap

from reader.domain.annotations import MuteRule
from reader.domain.papers import Listing
from reader.domain.selection import SortBy
from reader.domain.taste import TasteOrder
from reader.domain.views import Arrangement, View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted, joined, known_line, shown_date
from reader.ui.papers.entries import Section

NAME_LIMIT = 200
"""Characters of a name that are shown."""
# Names of lines among those that can be unfolded; listings have their ids.
_BACK_FOLD, _MUTED_FOLD, _SEEN_FOLD = 0, -1, -2
_INBOXES = frozenset({ViewKind.INBOX, ViewKind.CATCH_UP})
_PAGES = frozenset({ViewKind.LISTING, ViewKind.SUBSCRIPTION})


@dataclass(frozen=True, slots=True)
class LoadedView:
    """A view's content as it was read: its papers, or its sections.

    ``name`` is that of a topic. ``taste`` is the order of the papers if that is "for you".
    """

    view: View
    paper_ids: array[int]
    sections: tuple[Section, ...]
    paper_id: int | None
    name: str = ""
    taste: TasteOrder | None = None


def load_view(
    library: Library,
    view: View,
    paper_id: int | None,
    arrangement: Arrangement,
    standing: TasteOrder | None = None,
    *,
    keeps: bool = False,
) -> LoadedView:
    """On a reader thread: a view's content.

    An order "for you" is worked out unless it is ``standing`` already. With ``keeps`` it has ``paper_id``, even if that
    was decided or seen meanwhile.
    """
    is_for_you = arrangement.sort is not None and arrangement.sort.by is SortBy.FOR_YOU
    if is_for_you and library.taste.wishes().is_off:
        is_for_you, arrangement = False, replace(arrangement, sort=None)
    if view.kind is ViewKind.MUTED:
        return LoadedView(view, array("q"), tuple(starmap(_rule_section, library.mutes.by_rule())), paper_id)
    if view.kind is not ViewKind.IMPORT:
        if paper_id is None and view.kind in _PAGES:
            paper_id = library.views.first_unseen(view)
        if view.kind in _INBOXES:
            ids, sections = _inbox(library, view, arrangement)
        else:
            ids, sections = library.views.paper_ids(view, arrangement.sort), ()
        taste = None
        if is_for_you:
            ids, sections = _kept(ids, sections, paper_id) if keeps and paper_id is not None else (ids, sections)
            ids, sections, taste = _by_taste(library, ids, sections, standing, explores=not arrangement.grouped)
        if arrangement.grouped and view.kind is not ViewKind.LISTING:
            ids, sections = array("q"), (*_groups(library, ids), *sections)
        name = library.topics.name(view.topic_id or 0) if view.kind is ViewKind.TOPIC else ""
        return LoadedView(view, ids, sections, paper_id, name, taste)
    listings = {listing.id: listing for listing in library.listings.all()}
    sections = tuple(
        Section.of(section, *_heading(listings.get(section.listing_id), len(section.new_ids)), known_line(section))
        for section in library.listings.sections(view.listing_ids)
    )
    return LoadedView(view, array("q"), sections, paper_id)


def look_for(
    load: Callable[[], LoadedView], paper_ids: frozenset[int], rows: array[int], sections: Sequence[Section]
) -> tuple[LoadedView, int | None]:
    """On a reader thread: a view as it is now, and the first of some papers that it shows and ``rows`` do not.

    What is folded in it counts only where it is neither in ``rows`` nor folded in the ``sections`` shown with them.
    """
    loaded = load()
    shown = paper_ids.intersection(rows)
    known = shown.union(chain.from_iterable(section.known_ids for section in sections))
    in_sight = chain(loaded.paper_ids, *(section.new_ids for section in loaded.sections))
    folded = chain.from_iterable(section.known_ids for section in loaded.sections if not section.is_extra)
    missing = chain(
        (one for one in in_sight if one in paper_ids and one not in shown),
        (one for one in folded if one in paper_ids and one not in known),
    )
    return loaded, next(missing, None)


def _kept(ids: array[int], sections: tuple[Section, ...], paper_id: int) -> tuple[array[int], tuple[Section, ...]]:
    """Papers with one that may be folded away, or gone from them."""
    if paper_id in ids:
        return ids, sections
    unfolded = (
        replace(each, known_ids=tuple(one for one in each.known_ids if one != paper_id or each.is_extra))
        for each in sections
    )
    return array("q", [*ids, paper_id]), tuple(unfolded)


def _by_taste(
    library: Library, ids: array[int], sections: tuple[Section, ...], standing: TasteOrder | None, *, explores: bool
) -> tuple[array[int], tuple[Section, ...], TasteOrder]:
    """Papers in the order of the reader's taste, and in it those that are folded; and that order of all of them."""
    taste = library.taste
    exploring = taste.today() if explores else None
    order = taste.order(ids, exploring=exploring) if standing is None else taste.standing_order(ids, standing)
    all_ids, sorted_sections = array("q", order.paper_ids), []
    for each in sections:
        if not each.is_extra:
            known = each.known_ids
            folded = taste.order(known) if standing is None else taste.standing_order(known, standing)
            all_ids.extend(folded.paper_ids)
            each = replace(each, known_ids=tuple(folded.paper_ids))
        sorted_sections.append(each)
    return order.paper_ids, tuple(sorted_sections), replace(order, paper_ids=all_ids)


def _rule_section(rule: MuteRule, paper_ids: array[int]) -> Section:
    """A mute rule and the papers that it hides, or would."""
    count = counted(len(paper_ids), "paper")
    does = f"hides {count}" if rule.enabled else f"off: would hide {count}"
    query = shown_line(rule.query, NAME_LIMIT) if rule.query != rule.name else ""
    return Section(-rule.id, shown_line(rule.name, NAME_LIMIT), joined((does, query)), "", tuple(paper_ids), ())


def rule_of(section: Section | None) -> int | None:
    """The mute rule whose section of the view of rules this is."""
    return -section.listing_id if section is not None and section.listing_id < 0 else None


def _hidden_by_rules(library: Library) -> tuple[Section, ...]:
    """The line of the inbox that tells what mute rules hide of it, and unfolds that; none if they hide nothing."""
    hidden = library.mutes.papers()
    if not hidden:
        return ()
    rules = sum(rule.enabled for rule in library.mutes.all())
    line = f"{len(hidden):,} hidden by {counted(rules, 'rule')}"
    why = "Papers that mute rules keep out of the inbox. Enter shows them; g m goes to the rules."
    return (Section(_MUTED_FOLD, "", "", line, (), tuple(hidden), why, is_extra=True),)


def _groups(library: Library, ids: array[int]) -> Iterator[Section]:
    """Papers in sections, each with the newest listing that has it."""
    listings = {listing.id: listing for listing in library.listings.all()}
    for listing_id, group in library.views.by_listing(ids):
        listing = listings.get(listing_id) if listing_id is not None else None
        date = shown_date(listing.heading_date, guessed=listing.year_guessed) if listing is not None else ""
        title = shown_line(listing.name, NAME_LIMIT) if listing is not None else "Without a listing"
        yield Section(listing_id or 0, title, joined((date, counted(len(group), "paper"))), "", tuple(group), ())


def _inbox(library: Library, view: View, arrangement: Arrangement) -> tuple[array[int], tuple[Section, ...]]:
    """The unseen papers of the inbox, and the lines below them: what came back, what was seen, what rules hide."""
    unseen, seen = library.views.unseen_and_seen(view, arrangement.sort)
    is_whole = view.kind is ViewKind.INBOX
    ids, sections = _back_apart(unseen, library.views.came_back() if is_whole else frozenset())
    sections += _seen_section(seen)
    sections += _hidden_by_rules(library) if is_whole else ()
    if sections and not unseen:
        heading = Section(0, "You are caught up", "Nothing unseen in the inbox", "", (), ())
        sections = (heading, *sections)
    return ids, sections


def _seen_section(seen: array[int]) -> tuple[Section, ...]:
    """The line of the inbox below which those stand that were seen and not decided; none if there are none."""
    if not seen:
        return ()
    why = "Papers that you looked at without deciding. Enter shows or hides them."
    return (Section(_SEEN_FOLD, "", "", f"{len(seen):,} seen, undecided", (), tuple(seen), why, is_seen=True),)


def _back_apart(ids: array[int], back: frozenset[int]) -> tuple[array[int], tuple[Section, ...]]:
    """Unseen papers with those that came back from being snoozed folded below the others, if there are others."""
    if not back or len(back) == len(ids):
        return ids, ()
    line = f"{counted(len(back), 'paper')} came back"
    known = tuple(one for one in ids if one in back)
    why = "Papers that were snoozed until today or earlier. Enter shows them."
    section = Section(_BACK_FOLD, "", "", line, (), known, why)
    return array("q", (one for one in ids if one not in back)), (section,)


def _heading(listing: Listing | None, new: int) -> tuple[str, str]:
    """A section's title and facts."""
    if listing is None:
        return "Listing", ""
    date = shown_date(listing.heading_date, guessed=listing.year_guessed)
    return shown_line(listing.name, NAME_LIMIT), joined((date, counted(listing.paper_count, "paper"), f"{new:,} new"))
