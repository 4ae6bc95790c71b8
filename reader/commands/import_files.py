"""The command ``import``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, one_as_json, open_library
from reader.commands.completion import run_completion

if TYPE_CHECKING:
    from reader.domain.reports import CompletionReport, ImportProgress, ImportReport
    from reader.services import Library


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE|DIR...")
@click.option("--year", type=click.IntRange(1990, 2200), metavar="YYYY", help="The year of dates that do not show one.")
@click.option("--seen", is_flag=True, help="Mark the imported papers as seen: they stay out of the inbox.")
@click.option("--dry-run", is_flag=True, help="Show what would happen; store nothing.")
@one_as_json
@click.pass_obj
def import_(
    library: Path | None, paths: tuple[Path, ...], year: int | None, seen: bool, dry_run: bool, as_json: bool
) -> None:
    """Import listing files; for a folder, every file in it."""
    from reader.services.reports import papers as reports
    from reader.services.reports.completion import completion_report_as_json, completion_summary

    with open_library(library) as opened:
        progress = opened.imports.paths(paths, year=year, dry_run=dry_run, seen=seen)
        report = _run(progress, silent=as_json)
        completed = _complete_new(opened, report, silent=as_json)
    if as_json:
        completion = {"completion": completion_report_as_json(completed)} if completed else {}
        click.echo(as_line_of_json(reports.import_report_as_json(report) | completion))
    else:
        click.echo(reports.import_report_as_text(report))
        if completed:
            click.echo("\n".join((*completed.troubles, completion_summary(completed))))
    sys.exit(1 if report.failed else 0)


def _complete_new(opened: Library, report: ImportReport, *, silent: bool) -> CompletionReport | None:
    """Complete the papers that an import brought, if the library's settings say so."""
    from reader.services.settings.file import read_settings

    if report.dry_run or not read_settings(opened.folder).settings.imports.complete:
        return None
    ids = opened.completion.new_incomplete(report)
    return run_completion(opened.completion.papers(ids), silent=silent) if ids else None


def _run(progress: Generator[ImportProgress, None, ImportReport], *, silent: bool) -> ImportReport:
    """Run an import to its end, with a progress bar on a terminal."""
    if silent or not sys.stderr.isatty():
        return _exhaust(progress, lambda _: None)
    with click.progressbar(length=1, label="Importing", file=sys.stderr, item_show_func=str) as bar:

        def show_progress(step: ImportProgress) -> None:
            bar.length = max(step.total, 1)
            bar.pos = step.done
            bar.current_item = Path(step.path).name if step.path else ""
            bar.render_progress()

        return _exhaust(progress, show_progress)


def _exhaust(
    progress: Generator[ImportProgress, None, ImportReport], see: Callable[[ImportProgress], None]
) -> ImportReport:
    while True:
        try:
            see(next(progress))
        except StopIteration as end:
            report: ImportReport = end.value
            return report
