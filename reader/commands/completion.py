"""The command ``complete``."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, one_as_json, open_library, run_with_bar

if TYPE_CHECKING:
    from reader.domain.reports import CompletionProgress, CompletionReport
    from reader.services import Library


@click.command()
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option("--query", metavar="QUERY", help="Complete the papers that match QUERY.")
@click.option(
    "--from", "paths", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Take the data from FILE (BibTeX, RIS, JSON, …), without network. May be repeated.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would happen; store nothing.")
@one_as_json
@click.pass_obj
def complete(
    library: Path | None,
    keys: tuple[str, ...],
    query: str | None,
    paths: tuple[Path, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Complete papers with authors, identifiers, date, categories, venue, abstract and links to code.

    Asks Hugging Face, arXiv and Crossref, unless --from names files. With --from and no KEY or --query, all papers are
    completed. The exit code is 1 if a paper failed because a host gave no answer.
    """
    from reader.services.reports import completion as reports

    if keys and query is not None:
        raise click.UsageError("Give KEYs or --query, not both.")
    if not keys and query is None and not paths:
        raise click.UsageError("Name papers by their KEYs or with --query, as in “lectern complete --query is:inbox”.")
    with open_library(library) as opened:
        ids = _chosen(opened, keys, query)
        report = run_completion(_progress(opened, ids, paths, dry_run), silent=as_json)
    if as_json:
        click.echo(as_line_of_json(reports.completion_report_as_json(report)))
    else:
        click.echo(reports.completion_report_as_text(report))
    sys.exit(1 if any(paper.outcome == "failed" for paper in report.papers) else 0)


def run_completion(
    progress: Generator[CompletionProgress, None, CompletionReport], *, silent: bool
) -> CompletionReport:
    """Run completing to its end, with a progress bar on a terminal."""
    return run_with_bar(progress, "Completing", lambda step: step.host, silent=silent)


def _chosen(library: Library, keys: Sequence[str], query: str | None) -> Sequence[int]:
    """The papers to complete."""
    if keys:
        return library.papers.ids_of_keys(keys)
    found = library.search(query or "", exact=True)
    for message in found.messages:
        click.echo(f"lectern: {message}", err=True)
    return found.paper_ids


def _progress(
    library: Library, ids: Sequence[int], paths: Sequence[Path], dry_run: bool
) -> Generator[CompletionProgress, None, CompletionReport]:
    if paths:
        return library.completion.from_files(ids, paths, dry_run=dry_run)
    return library.completion.papers(ids, dry_run=dry_run)
