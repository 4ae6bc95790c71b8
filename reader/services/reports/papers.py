"""What the command line prints: JSON for scripts (a contract, see ``docs/command-line.md``) and text for people."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from typing import Any

from reader.domain.arxiv import arxiv_page_url
from reader.domain.bibliography import published_in_venue
from reader.domain.doi import doi_page_url
from reader.domain.highlight_runs import in_quotes, place_remark
from reader.domain.numerals import counted
from reader.domain.papers import Highlight, Listing, Paper, Sighting
from reader.domain.preparation import OWN_FORMATS
from reader.domain.records import Problem
from reader.domain.reports import FileReport, ImportReport, IndexSummary
from reader.domain.selection import LibraryStatistics
from reader.domain.subscriptions import PageName, shown_argument
from reader.services.latex_to_unicode import shown_line, shown_text

_WIDTH = 100
_COUNTS = ("papers", "new", "updated", "known", "repeated")


def import_report_as_json(report: ImportReport) -> dict[str, Any]:
    """An import's report as ``lectern import --json`` prints it."""
    totals: dict[str, Any] = {name: report.total(name) for name in _COUNTS}
    totals |= {"files": len(report.files), "failed": report.failed}
    totals["problems"] = sum(len(file.problems) for file in report.files)
    return {
        "files": [_file_as_json(file) for file in report.files],
        "totals": totals,
        "dry_run": report.dry_run,
        "cancelled": report.cancelled,
    }


def _file_as_json(file: FileReport) -> dict[str, Any]:
    account = file.account
    return {
        "path": file.path,
        "format": file.format,
        "format_certain": file.format_certain,
        "encoding_uncertain": file.encoding_uncertain,
        "already_imported": file.already_imported,
        "heading_date": file.heading_date,
        "year_inferred": file.year_inferred,
        "year_guessed": file.year_guessed,
        **{name: getattr(file, name) for name in _COUNTS},
        "problems": [_problem_as_json(problem) for problem in file.problems],
        "lines": None
        if account is None
        else {
            "unit": account.unit.value,
            "total": account.total,
            "records": account.records,
            "furniture": account.boilerplate,
            "problems": account.problems,
        },
        "error": file.error,
    }


def _problem_as_json(problem: Problem) -> dict[str, Any]:
    return {"lines": [problem.lines.first, problem.lines.last], "reason": problem.reason, "text": problem.text}


def import_report_as_text(report: ImportReport) -> str:
    """An import's report for a person: a line a file, its problems below it, a sum at the end."""
    lines: list[str] = []
    for file in report.files:
        lines.append(_file_as_line(file))
        for problem in file.problems:
            unit = "line" if file.account is None or file.account.unit == "lines" else "entry"
            excerpt = shown_line(problem.text, 60)
            lines.append(f"    {unit} {problem.lines.first}: {problem.reason} ({excerpt})")
    counts = ", ".join(f"{report.total(name):,} {name}" for name in ("new", "updated", "known"))
    ending = " Nothing was stored (dry run)." if report.dry_run else ""
    ending += " What came in counts as seen." if report.as_seen and report.total("new") and not report.dry_run else ""
    stopped = " Cancelled before the end." if report.cancelled else ""
    lines.append(f"{counted(report.total('papers'), 'paper')}: {counts}.{ending}{stopped}")
    return "\n".join(lines)


def _file_as_line(file: FileReport) -> str:
    if file.error is not None:
        return f"{shown_line(file.path)}: {file.error}"
    dated = f", {'~' if file.year_guessed else ''}{file.heading_date}" if file.heading_date else ""
    known = " (imported before)" if file.already_imported else ""
    if file.already_imported and file.format in OWN_FORMATS:
        known = " (exported by this library)"
    counts = f"{counted(file.papers, 'paper')}, {file.new:,} new, {file.updated:,} updated, {file.known:,} known"
    doubt = "" if file.format_certain else ", format uncertain"
    return f"{shown_line(file.path)}: {file.format}{dated}{doubt}: {counts}{known}"


def paper_as_json(paper: Paper) -> dict[str, Any]:
    """A paper as ``lectern papers --json`` and ``lectern show --json`` print it."""
    return {
        "key": paper.key,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "author_count": paper.author_count,
        "organization": paper.organization.name if paper.organization else None,
        "published": paper.published,
        "published_guessed": paper.published_guessed,
        "arxiv_id": paper.arxiv_id,
        "url": paper.url or (arxiv_page_url(paper.arxiv_id) if paper.arxiv_id else None),
        "code_urls": list(paper.code_urls),
        "comments": paper.comments,
        "upvotes": paper.upvotes,
        "state": paper.state.value,
        "starred": paper.starred,
        "seen": paper.seen,
        "buried_until": paper.buried_until,
        "tags": list(paper.tags),
        "note": paper.note,
        "highlights": [_highlight_as_json(highlight) for highlight in paper.highlights],
        "queue_position": paper.queue_position,
        "first_seen": paper.first_seen,
        "sightings": [_sighting_as_json(sighting) for sighting in paper.sightings],
        "project_url": paper.project_url,
        "keywords": list(paper.keywords),
        "categories": list(paper.categories),
        "aliases": list(paper.aliases),
        "doi": paper.doi,
        **asdict(paper.publication),
        "more_authors": paper.more_authors,
        "further_dois": list(paper.further_dois),
    }


def _highlight_as_json(highlight: Highlight) -> dict[str, Any]:
    names = (
        *("id", "target", "start", "end", "exact", "prefix", "suffix", "label", "comment", "created", "changed"),
        "approximate",
    )
    place = highlight.place
    page = {"page": place.page_number, "page_label": place.page_label} if place else {"page": None, "page_label": None}
    return {name: getattr(highlight, name) for name in names} | page


def _sighting_as_json(sighting: Sighting) -> dict[str, Any]:
    return {
        "listing": sighting.listing,
        "heading_date": sighting.heading_date,
        "position": sighting.position,
        "lines": [sighting.lines.first, sighting.lines.last],
        "comments": sighting.comments,
        "upvotes": sighting.upvotes,
    }


def paper_as_line(paper: Paper) -> str:
    """A paper on one line of a terminal: key, state, title."""
    return f"{paper.key}  {paper.state.value:<9}  {shown_line(paper.title)}"


def paper_as_text(paper: Paper) -> str:
    """A paper for reading on a terminal."""
    lines = textwrap.wrap(shown_line(paper.title), _WIDTH) or [""]
    about = (_authors(paper), paper.published and f"{'~' if paper.published_guessed else ''}{paper.published}")
    lines.append(" · ".join(part for part in about if part))
    lines.append(shown_line(published_in_venue(paper.publication)))
    dois = [doi_page_url(doi) for doi in (paper.doi, *paper.further_dois) if doi]
    links = [paper.url or (arxiv_page_url(paper.arxiv_id) if paper.arxiv_id else ""), *dois, *paper.code_urls]
    lines = [line for line in lines if line] + [shown_line(link) for link in dict.fromkeys(links) if link]
    marks = [paper.state.value, *(["starred"] if paper.starred else []), *(["seen"] if paper.seen else [])]
    lines.append(" · ".join([*marks, *(f"#{shown_line(tag)}" for tag in paper.tags)]))
    lines += ["", *textwrap.wrap(shown_text(paper.abstract).text, _WIDTH)]
    for highlight in paper.highlights:
        mark = f" ({shown_line(remark)})" if (remark := place_remark(highlight)) else ""
        quote = f"[{highlight.label}] {in_quotes(shown_line(highlight.exact))}{mark} {shown_line(highlight.comment)}"
        lines += ["", quote.rstrip()]
    if paper.note:
        lines += ["", *shown_text(paper.note).text.splitlines()]
    lines += ["", *(_sighting_as_line(sighting) for sighting in paper.sightings)]
    return "\n".join(line for line in lines)


def _authors(paper: Paper) -> str:
    if paper.organization is not None:
        return shown_line(paper.organization.name)
    if paper.authors:
        return shown_line(", ".join(paper.authors), 200) + (" and others" if paper.more_authors else "")
    if paper.author_count is not None:
        return f"{paper.author_count} author{'s' if paper.author_count != 1 else ''}"
    return ""


def _sighting_as_line(sighting: Sighting) -> str:
    guessed = "~" if sighting.heading_date_guessed else ""
    dated = f", {guessed}{sighting.heading_date}" if sighting.heading_date else ""
    return f"{shown_line(sighting.listing)}{dated}, position {sighting.position}"


def listing_as_json(listing: Listing) -> dict[str, Any]:
    """A listing as ``lectern listings --json`` prints it."""
    return {
        "name": listing.name,
        "heading_date": listing.heading_date,
        "year_guessed": listing.year_guessed,
        "format": listing.format,
        "query": listing.query,
        "file_name": listing.file_name,
        "sha256": listing.sha256,
        "imported": listing.imported,
        "papers": listing.paper_count,
        "seen": listing.seen_count,
        "problems": listing.problem_count,
        "page": page_as_json(listing.page),
    }


def page_as_json(page: PageName | None) -> dict[str, str] | None:
    """The page that a listing is, as ``lectern listings --json`` and ``lectern fetch --json`` print it."""
    if page is None:
        return None
    return {"kind": page.kind, "argument": shown_argument(page.kind, page.argument), "page": page.page}


def listing_as_line(listing: Listing) -> str:
    """A listing on one line of a terminal."""
    dated = f"{'~' if listing.year_guessed else ''}{listing.heading_date or 'no date'}"
    return f"{dated:<11}  {listing.seen_count:>4} of {listing.paper_count:>4} seen  {shown_line(listing.name)}"


def statistics_as_json(statistics: LibraryStatistics, index: IndexSummary) -> dict[str, Any]:
    """A library's figures as ``lectern stats --json`` prints them."""
    return asdict(statistics) | {"index": index_as_json(index)}


def index_as_json(index: IndexSummary) -> dict[str, Any]:
    """How the search index stands, as ``lectern reindex --json`` prints it."""
    return {"papers": index.papers, "pending": index.pending, "complete": index.is_complete, "bytes": index.bytes}


def statistics_as_text(statistics: LibraryStatistics, index: IndexSummary | None = None) -> str:
    """A library's figures, one a line; those of the search index where they are given."""
    rows = {name.replace("_", " "): value for name, value in asdict(statistics).items() if isinstance(value, int)}
    if index is not None:
        rows |= {"papers in the search index": index.papers, "changes not yet indexed": index.pending}
    return "\n".join(f"{value:>11,}  {name}" for name, value in rows.items())
