"""Corrections by hand: a listing's name and year, its removal, a paper's arXiv id."""

from __future__ import annotations

from typing import NamedTuple

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.content import EXPLICIT, INFERRED
from reader.storage.identity import load_papers, stored_identities
from reader.storage.paper_content import update_paper
from reader.storage.paper_merge import merge_papers
from reader.storage.schema import KEEPING_TABLES
from reader.storage.sync.separation import say_all
from reader.storage.writer import Writer

_NEWEST_COUNT = """
(SELECT s.{column} FROM sightings s JOIN listings l ON l.id = s.listing_id
 WHERE s.paper_id = papers.id AND s.{column} IS NOT NULL
 ORDER BY coalesce(s.since, iif(l.page IS NULL, l.heading_date, NULL), substr(l.imported, 1, 10)) DESC,
    l.id DESC, s.position DESC LIMIT 1)
"""


def rename_listing(writer: Writer, listing_id: int, name: str) -> StepTitle:
    """Give a listing the user's own name; an empty name is refused."""
    name = " ".join(name.split())
    if not name:
        raise ReaderError("A listing needs a name.")
    old = _listing_name(writer, listing_id)
    sql = "UPDATE listings SET name = ?, name_given = 1 WHERE id = ? AND (name <> ? OR name_given = 0)"
    writer.execute(sql, (name, listing_id, name))
    return StepKind.LISTING_RENAMED(listing=old, name=name)


def set_listing_year(writer: Writer, listing_id: int, year: int) -> StepTitle:
    """Correct the year of a listing whose page omits it; its heading and its papers' yearless dates follow.

    A date that another listing showed in full stays.
    """
    if not 1 <= year <= 9999:
        raise ReaderError(f"{year} is not a year; give four digits.")
    name = _listing_name(writer, listing_id)
    sql = "SELECT heading, year, coalesce(heading_date, substr(imported, 1, 10)) FROM listings WHERE id = ?"
    heading, old_year, old_date = writer.execute(sql, (listing_id,)).fetchone()
    sql = "SELECT paper_id, published_shown FROM sightings WHERE listing_id = ? ORDER BY position DESC"
    shown: dict[int, str | None] = dict(writer.execute(sql, (listing_id,)).fetchall())
    date = dated(heading, year)
    if date is not None or any(dated(day, year) for day in shown.values()):
        writer.execute(
            "UPDATE listings SET year = ?, heading_date = coalesce(?, heading_date), year_inferred = 0, "
            "year_guessed = 0, year_given = 1 WHERE id = ?",
            (year, date, listing_id),
        )
        _redate(writer, shown, _Years(old_year, year, old_date, date or old_date))
        _recount(writer, listing_id)
    return StepKind.LISTING_YEAR(listing=name, year=year)


def remove_listing(writer: Writer, listing_id: int) -> StepTitle:
    """Remove a listing and the papers that only it brought, except papers with annotations."""
    name = _listing_name(writer, listing_id)
    papers = [
        row[0] for row in writer.execute("SELECT DISTINCT paper_id FROM sightings WHERE listing_id = ?", (listing_id,))
    ]
    _recount(writer, listing_id, without=True)
    for table in ("earlier_sightings", "sightings", "listing_fetches", "listing_problems"):
        writer.execute(f"DELETE FROM {table} WHERE listing_id = ?", (listing_id,))
    writer.execute("DELETE FROM listings WHERE id = ?", (listing_id,))
    _remove_unneeded(writer, papers)
    return StepKind.LISTING_REMOVED(listing=name)


def set_arxiv_id(writer: Writer, paper_id: int, text: str) -> StepTitle:
    """Set a paper's arXiv id; another paper with that id and the same title or DOI is merged into this one.

    Raises :class:`ReaderError` for a text that is not an arXiv id, or an id that a paper with another title has.
    """
    arxiv_id = normalize_arxiv_id(text)
    if arxiv_id is None:
        raise ReaderError("There is no arXiv id in that; copy one such as 2401.12345, or the paper's address.")
    paper = load_papers(writer, (paper_id,)).get(paper_id)
    if paper is None:
        raise NotFoundError("This paper is no longer in the library.")
    row = writer.execute("SELECT id FROM papers WHERE arxiv_id = ? AND id <> ?", (arxiv_id, paper_id)).fetchone()
    stored = paper.values()
    if row is not None:
        other = load_papers(writer, row)[row[0]]
        identities = stored_identities(writer, (paper_id, other.id)).values()
        is_same_title = paper.title_fold and other.title_fold == paper.title_fold
        if not is_same_title and frozenset.isdisjoint(*(identity.dois for identity in identities)):
            raise ReaderError(
                f"arXiv {arxiv_id} is already that of “{other.title}” ({other.key}); "
                "merge the two papers if they are the same."
            )
        say_all(writer)
        if paper.arxiv_id is not None:
            writer.execute("UPDATE papers SET arxiv_id = NULL WHERE id = ?", (paper_id,))
        merge_papers(writer, paper_id, other.id)
    else:
        paper.arxiv_id = arxiv_id
        update_paper(writer, paper, stored)
    return StepKind.ARXIV_ID(papers=paper.title, arxiv_id=arxiv_id)


def dated(shown: str | None, year: int) -> str | None:
    """A yearless date as shown (``--05-03``) with ``year``, in ISO 8601; None for any other."""
    if shown is None or not shown.startswith("--"):
        return None
    month, _, day = shown[2:].partition("-")
    return PartialDate(None, int(month), int(day) if day else None).with_year(year).iso()


class _Years(NamedTuple):
    """A listing's year and date (heading, else import) before and after its correction."""

    old: int | None
    new: int
    old_date: str
    new_date: str


def _redate(writer: Writer, shown: dict[int, str | None], years: _Years) -> None:
    """Update the dates that papers have from a listing: those of yearless entries, and the listing's own day."""
    for paper_id, paper in load_papers(writer, shown).items():
        stored = paper.values()
        day = dated(shown[paper_id], years.new)
        from_here = years.old is not None and paper.published == dated(shown[paper_id], years.old)
        if day is not None and paper.published_certainty < EXPLICIT and (from_here or paper.published is None):
            paper.published = paper.sort_date = day
            paper.published_certainty = INFERRED
        for column in ("content_date", "counts_date", *(() if paper.published else ("sort_date",))):
            if getattr(paper, column) == years.old_date:
                setattr(paper, column, years.new_date)
        update_paper(writer, paper, stored)


def _recount(writer: Writer, listing_id: int, *, without: bool = False) -> None:
    """Recompute comments and upvotes of a listing's papers from their newest sighting, here or ``without`` it."""
    for column in ("comments", "upvotes"):
        newest = _NEWEST_COUNT.format(column=column)
        if without:
            newest = newest.replace("WHERE", "WHERE s.listing_id <> :listing AND", 1)
        writer.execute(
            f"UPDATE papers SET {column} = {newest} WHERE id IN "
            f"(SELECT paper_id FROM sightings WHERE listing_id = :listing) AND {column} IS NOT {newest}"
            + (
                " AND EXISTS (SELECT 1 FROM sightings s WHERE s.paper_id = papers.id AND s.listing_id <> :listing)"
                if without
                else ""
            ),
            {"listing": listing_id},
        )


def _remove_unneeded(writer: Writer, papers: list[int]) -> None:
    """Remove those papers that no listing shows and no annotation needs."""
    writer.give(papers)
    for table in ("sightings", *(table.name for table in KEEPING_TABLES)):
        writer.execute(f"DELETE FROM given WHERE EXISTS (SELECT 1 FROM {table} WHERE paper_id = given.id)")
    for table in ("seen", "former_titles", "further_dois"):
        writer.execute(f"DELETE FROM {table} WHERE paper_id IN (SELECT id FROM given)")
    writer.execute("DELETE FROM papers WHERE id IN (SELECT id FROM given)")


def _listing_name(writer: Writer, listing_id: int) -> str:
    """A listing's name; raises :class:`NotFoundError` if there is no such listing."""
    row = writer.execute("SELECT name FROM listings WHERE id = ?", (listing_id,)).fetchone()
    if row is None:
        raise NotFoundError("This listing is no longer in the library.")
    return str(row[0])
