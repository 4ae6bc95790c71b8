"""Commands that only read the library: ``papers``, ``show``, ``listings``, ``stats``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, echo_each, lines_as_json, one_as_json, open_library

if TYPE_CHECKING:
    from reader.services import Library

_MOST_RELATED = 20


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--sort", type=click.Choice(["date", "added", "title", "comments", "upvotes", "queue", "relevance", "foryou"])
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="The largest number of papers to list.")
@click.option(
    "--like", "like", multiple=True, metavar="KEY", help="Closest in meaning to this paper first; can be repeated."
)
@lines_as_json
@click.pass_obj
def papers(
    library: Path | None,
    query: tuple[str, ...],
    sort: str | None,
    limit: int | None,
    like: tuple[str, ...],
    as_json: bool,
) -> None:
    """List papers, all or those that match a QUERY."""
    from reader.services.reports import papers as reports

    with open_library(library) as opened:
        found = opened.search(" ".join(query), sort=sort, exact=True)
        for message in found.messages:
            click.echo(f"lectern: {message}", err=True)
        if like:
            _echo_like(opened, like, found.paper_ids, limit, as_json, is_sorted=bool(sort or found.query.sort))
            return
        ids = found.paper_ids if limit is None else found.paper_ids[:limit]
        echo_each(opened.papers.read(ids), as_json, reports.paper_as_json, reports.paper_as_line)
        if found.did_you_mean:
            click.echo(f"lectern: Nothing found. Did you mean “{found.did_you_mean}”?", err=True)
        if found.related_ids and not as_json and limit is None:
            _echo_related(opened, found.related_ids[:_MOST_RELATED])


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


def _echo_related(opened: Library, related_ids: Sequence[int]) -> None:
    """Print papers with any of the words on standard error, below a line.

    Not on standard output: a script that tags the papers it reads must not take these for matches of the query.
    """
    from reader.services.reports import papers as reports

    click.echo("-- papers with any of these words, the closest first:", err=True)
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
