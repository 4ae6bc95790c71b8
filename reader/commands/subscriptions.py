"""Commands on subscriptions: ``subscribe``, ``subscriptions``, ``unsubscribe``, ``fetch``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import (
    as_line_of_json,
    echo_change,
    echo_each,
    file_at,
    lines_as_json,
    one_as_json,
    open_library,
    run_with_bar,
)

if TYPE_CHECKING:
    from reader.services import Library

_OPML = "opml"
_KINDS = ("daily", "search", "arxiv", "query", "feed", _OPML)
_day = click.DateTime(formats=["%Y-%m-%d"])


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGUMENT...]")
@click.option("--name", default="", metavar="N", help="Its name; without one it is named by what it fetches.")
@click.option(
    "--every", type=click.IntRange(min=0), metavar="HOURS",
    help="The hours between two fetches while the window is open (6); 0 fetches only when asked.",
)  # fmt: skip
@click.pass_obj
def subscribe(library: Path | None, kind: str, arguments: tuple[str, ...], name: str, every: int | None) -> None:
    """Subscribe to a source of papers.

    ARGUMENT is, for `daily`: day, week or month; for `search`: words; for `arxiv`: categories, and what of them (new,
    cross, replace); for `query`: arXiv's query language; for `feed`: an address; for `opml`: a file of subscriptions.
    """
    with open_library(library) as opened:
        if kind == _OPML:
            sys.exit(_subscribe_to_file(opened, arguments))
        _subscribe(opened, kind, " ".join(arguments), name, every)


def _subscribe(opened: Library, kind: str, argument: str, name: str, every: int | None) -> None:
    """Subscribe, and say which addresses will be called."""
    from reader.domain.subscriptions import SubscriptionKind
    from reader.services.subscriptions.subscriptions import USUAL_EVERY

    chosen = SubscriptionKind(kind)
    hours = USUAL_EVERY if every is None else every
    _, change = opened.subscriptions.add(chosen, argument, name, hours)
    echo_change(change)
    click.echo(f"Fetches from {', '.join(opened.subscriptions.addresses(chosen, argument))}")


def _subscribe_to_file(opened: Library, arguments: tuple[str, ...]) -> int:
    """Subscribe to what a file names; the exit code, 1 if something in it was not understood."""
    from reader.services.imports.source_archive import read_small

    if len(arguments) != 1:
        raise click.UsageError("Name one OPML file.")
    report, change = opened.subscriptions.add_opml(read_small(Path(arguments[0])))
    echo_change(change)
    for address in report.addresses:
        click.echo(f"Fetches from {address}")
    if report.known:
        click.echo(f"Already subscribed: {report.known:,}")
    for problem in report.problems:
        click.echo(f"lectern: {problem}", err=True)
    return 1 if report.problems else 0


@click.command()
@lines_as_json
@click.option("--opml", "as_opml", is_flag=True, help="Print an OPML file for another program, without secrets.")
@click.pass_obj
def subscriptions(library: Path | None, as_json: bool, as_opml: bool) -> None:
    """List the subscriptions, with their last and next fetch."""
    from reader.services.reports import subscriptions as reports

    with open_library(library) as opened:
        if as_opml:
            click.echo(opened.subscriptions.as_opml(), nl=False)
            return
        echo_each(opened.subscriptions.statuses(), as_json, reports.status_as_json, reports.status_as_line)


@click.command()
@click.argument("name")
@click.pass_obj
def unsubscribe(library: Path | None, name: str) -> None:
    """Unsubscribe from the subscription NAME; its papers stay."""
    with open_library(library) as opened:
        echo_change(opened.subscriptions.remove(opened.subscriptions.named(name).id))


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--since", type=_day, metavar="DATE", help="The first day (2026-03-01); else that of the last fetch.")
@click.option("--until", type=_day, metavar="DATE", help="The last day; else today.")
@one_as_json
@click.pass_obj
def fetch(
    library: Path | None, names: tuple[str, ...], since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """Fetch all subscriptions now, or those with these NAMEs.

    The exit code is 1 if a page could not be fetched.
    """
    from reader.services.reports import subscriptions as reports

    with open_library(library) as opened:
        chosen = opened.subscriptions.all_named(names) if names else opened.subscriptions.all()
        progress = opened.subscriptions.fetch(
            chosen, since=since.date() if since else None, until=until.date() if until else None
        )
        report = run_with_bar(progress, "Fetching", file_at, silent=as_json)
    if as_json:
        click.echo(as_line_of_json(reports.fetch_report_as_json(report)))
    else:
        click.echo(reports.fetch_report_as_text(report) if chosen else reports.NO_SUBSCRIPTIONS)
    sys.exit(1 if report.failed else 0)
