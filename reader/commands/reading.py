"""Commands that look into the library: ``papers``, ``show``, ``listings``, ``stats``."""

from __future__ import annotations

from pathlib import Path

import click

from reader.commands.common import as_line_of_json, echo_each, lines_as_json, one_as_json, open_library


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--sort", type=click.Choice(["date", "added", "title", "comments", "upvotes", "queue", "relevance"]))
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many papers.")
@lines_as_json
@click.pass_obj
def papers(library: Path | None, query: tuple[str, ...], sort: str | None, limit: int | None, as_json: bool) -> None:
    """List papers, all of them or those a QUERY finds."""
    from reader.services import reporting

    with open_library(library) as opened:
        found = opened.search(" ".join(query), sort=sort, exact=True)
        for message in found.messages:
            click.echo(f"lectern: {message}", err=True)
        ids = found.paper_ids if limit is None else found.paper_ids[:limit]
        echo_each(opened.papers(ids), as_json, reporting.paper_as_json, reporting.paper_as_line)


@click.command()
@lines_as_json
@click.pass_obj
def listings(library: Path | None, as_json: bool) -> None:
    """List the imported listings, the newest first."""
    from reader.services import reporting

    with open_library(library) as opened:
        echo_each(opened.listings(), as_json, reporting.listing_as_json, reporting.listing_as_line)


@click.command()
@click.argument("key")
@one_as_json
@click.pass_obj
def show(library: Path | None, key: str, as_json: bool) -> None:
    """Show the paper with this KEY."""
    from reader.services import reporting

    with open_library(library) as opened:
        paper = opened.find_paper(key)
        click.echo(as_line_of_json(reporting.paper_as_json(paper)) if as_json else reporting.paper_as_text(paper))


@click.command()
@one_as_json
@click.pass_obj
def stats(library: Path | None, as_json: bool) -> None:
    """Say how much the library holds."""
    from reader.services import reporting

    with open_library(library) as opened:
        figures, index = opened.statistics(), opened.index_state()
        text = as_line_of_json(reporting.statistics_as_json(figures, index)) if as_json else None
        click.echo(text or reporting.statistics_as_text(figures, index))
