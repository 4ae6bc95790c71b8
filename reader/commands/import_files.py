"""The command ``import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, file_at, one_as_json, open_library, run_with_bar
from reader.commands.completion import run_completion

if TYPE_CHECKING:
    from reader.domain.reports import CompletionReport, ImportReport
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
        report = run_with_bar(progress, "Importing", file_at, silent=as_json)
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
