"""Commands that only read the library: ``papers``, ``show``, ``listings``, ``stats``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, echo_each, lines_as_json, one_as_json, open_library
from reader.domain.errors import ReaderError

if TYPE_CHECKING:
    from reader.services import Library, SearchResult

_MOST_RELATED = 20
_CLOSE = "-- close in meaning, the closest first:"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--sort", type=click.Choice(["date", "added", "title", "comments", "upvotes", "queue", "relevance", "foryou"])
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="The largest number of papers to list.")
@click.option(
    "--like", "like", multiple=True, metavar="KEY", help="Closest in meaning to this paper first; can be repeated."
)
@click.option("--meaning", metavar="Q", help="Those with these words first, then those that are close in meaning.")
@lines_as_json
@click.pass_obj
def papers(
    library: Path | None,
    query: tuple[str, ...],
    sort: str | None,
    limit: int | None,
    like: tuple[str, ...],
    meaning: str | None,
    as_json: bool,
) -> None:
    """List papers, all or those that match a QUERY."""
    from reader.domain.query import meaning_mark
    from reader.services.reports import papers as reports

    text = " ".join(query)
    if meaning is not None:
        if like:
            raise click.UsageError("--meaning and --like cannot be combined; use one of them.")
        text = _by_meaning(meaning, text)
    with open_library(library) as opened:
        if meaning_mark(text):
            _catch_up(opened)
        found = opened.search(text, sort=sort, exact=True)
        for message in found.messages:
            click.echo(f"lectern: {message}", err=True)
        if like:
            _echo_like(opened, like, found.paper_ids, limit, as_json, is_sorted=bool(sort or found.query.sort))
            return
        if meaning is not None:
            _echo_by_meaning(opened, found, limit, as_json)
            return
        ids = found.paper_ids if limit is None else found.paper_ids[:limit]
        echo_each(opened.papers.read(ids), as_json, reports.paper_as_json, reports.paper_as_line)
        if found.did_you_mean:
            click.echo(f"lectern: Nothing found. Did you mean “{found.did_you_mean}”?", err=True)
        if found.related_ids and not as_json and limit is None:
            divider = _CLOSE if found.meaning is not None else "-- papers with any of these words, the closest first:"
            _echo_related(opened, divider, found.related_ids[:_MOST_RELATED])


def _by_meaning(words: str, conditions: str) -> str:
    """A query for what is close in meaning to ``words``, under the ``conditions`` of another."""
    from reader.domain.query import MEANING

    words = words.strip().removeprefix(MEANING)
    return f"{MEANING}({words}) ({conditions})" if conditions.strip() else f"{MEANING}{words}"


def _catch_up(opened: Library) -> None:
    """Let the search index learn what it has to: the words of papers lead to what is meant."""
    if opened.index.is_behind():
        with suppress(ReaderError):  # a library that cannot be written is searched as it is
            for _ in opened.index.update():
                pass


def _echo_by_meaning(opened: Library, found: SearchResult, limit: int | None, as_json: bool) -> None:
    """Print the papers that have what was searched for, then those that are close in meaning, below a line."""
    from reader.services.reports import papers as reports

    exact = list(found.paper_ids)
    close = list(found.related_ids) if found.meaning is not None else []
    matches = dict.fromkeys(exact, "exact") | dict.fromkeys(close, "meaning")
    is_divided = False
    for paper in opened.papers.read([*exact, *close][:limit]):
        match = matches[paper.id]
        if as_json:
            closeness = found.meaning.closeness(paper.id) if found.meaning is not None else None
            click.echo(as_line_of_json(reports.paper_as_json(paper) | {"match": match, "closeness": closeness}))
            continue
        if match == "meaning" and not is_divided:
            click.echo(_CLOSE)
            is_divided = True
        click.echo(reports.paper_as_line(paper))


def _echo_like(
    opened: Library, keys: Sequence[str], among: Sequence[int], limit: int | None, as_json: bool, *, is_sorted: bool
) -> None:
    """Print the papers that are like those of ``keys``, closest first unless they are sorted in another way."""
    from reader.services.reports import papers as reports

    closeness = dict(opened.meaning.like(opened.papers.ids_of_keys(keys), among=among, complete=True))
    if not closeness and (few := opened.meaning.too_few()):
        click.echo(f"lectern: {few}", err=True)
    ids = [paper_id for paper_id in among if paper_id in closeness] if is_sorted else list(closeness)
    echo_each(
        opened.papers.read(ids if limit is None else ids[:limit]),
        as_json,
        lambda paper: reports.paper_as_json(paper) | {"closeness": closeness[paper.id]},
        reports.paper_as_line,
    )


def _echo_related(opened: Library, divider: str, related_ids: Sequence[int]) -> None:
    """Print papers that are close to a query on standard error, below a line.

    Not on standard output: a script that tags the papers it reads must not take these for matches of the query.
    """
    from reader.services.reports import papers as reports

    click.echo(divider, err=True)
    for paper in opened.papers.read(related_ids):
        click.echo(reports.paper_as_line(paper), err=True)


@click.command()
@lines_as_json
@click.pass_obj
def listings(library: Path | None, as_json: bool) -> None:
    """List the imported listings, newest first."""
    from reader.services.reports import papers as reports

    with open_library(library) as opened:
        echo_each(opened.listings.all(), as_json, reports.listing_as_json, reports.listing_as_line)


@click.command()
@click.argument("key")
@one_as_json
@click.pass_obj
def show(library: Path | None, key: str, as_json: bool) -> None:
    """Show the paper with this KEY."""
    from reader.services.reports import papers as reports

    with open_library(library) as opened:
        paper = opened.papers.with_key(key)
        click.echo(as_line_of_json(reports.paper_as_json(paper)) if as_json else reports.paper_as_text(paper))


@click.command()
@one_as_json
@click.pass_obj
def stats(library: Path | None, as_json: bool) -> None:
    """Print how much the library holds."""
    from reader.services.reports import papers as reports

    with open_library(library) as opened:
        figures, index = opened.statistics.totals(), opened.index.state()
        text = as_line_of_json(reports.statistics_as_json(figures, index)) if as_json else None
        click.echo(text or reports.statistics_as_text(figures, index))
