"""The commands ``export`` and ``digest``, which write files for other tools."""

from __future__ import annotations

import sys
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from reader.commands.common import as_line_of_json, echo_text, one_as_json, open_library

if TYPE_CHECKING:
    from reader.services import Library
    from reader.services.export.exporter import Exporter
    from reader.services.export.plan import Export, ExportOptions, ExportPlan, ExportProgress, ExportReport

Result = TypeVar("Result")
_FORMS = ("markdown", "bibtex", "ris", "csl-json", "csv", "json-lines", "html")
_ENDINGS = {
    **{".bib": "bibtex", ".ris": "ris", ".json": "csl-json"},
    **{".csv": "csv", ".jsonl": "json-lines", ".html": "html"},
}


def _named(_context: click.Context, _option: click.Parameter, target: str) -> Path:
    """Refuse an empty target: scripts pass one by mistake, and it would mean the current folder."""
    if not target.strip():
        raise click.BadParameter("the name is empty; give a folder, or “.” for the current one.")
    return Path(target)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--to", "target", required=True, callback=_named, metavar="DIR", help="The folder or file to write.")
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--form", type=click.Choice(_FORMS), help="What to write; default: as DIR ends (refs.bib), or markdown.")
@click.option(
    "--profile",
    type=click.Choice(["obsidian", "commonmark", "one-file"]),
    default="obsidian",
    show_default=True,
    help="The flavour of Markdown; one-file is a report.",
)
@click.option("--all", "everything", is_flag=True, help="Also export papers without annotations.")
@click.option("--folder", default="Lectern", show_default=True, metavar="NAME", help="The folder for new notes.")
@click.option(
    "--group-by",
    "grouping",
    type=click.Choice(["tag", "label", "listing", "day"]),
    default="tag",
    show_default=True,
    help="The report's headings.",
)
@click.option("--strike", is_flag=True, help="Strike deleted highlights through instead of removing them.")
@click.option("--beside", is_flag=True, help="Add Lectern's text beside text that you edited.")
@click.option("--again", is_flag=True, help="Recreate notes that you deleted.")
@click.option(
    "--names",
    type=click.Choice(["slug", "title", "citation-key"]),
    help="How new notes are named; by default as in the library's settings.",
)
@click.option("--rename", is_flag=True, help="Rename existing notes too.")
@click.option("--adopt", is_flag=True, help="Turn a note that names a paper into that paper's note.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@one_as_json
@click.pass_obj
def export(
    library: Path | None,
    target: Path,
    query: tuple[str, ...],
    form: str | None,
    profile: str,
    everything: bool,
    folder: str,
    grouping: str,
    strike: bool,
    beside: bool,
    again: bool,
    names: str | None,
    rename: bool,
    adopt: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Export annotated papers, all or those that match a QUERY, for other tools.

    Your edits to exported notes are never overwritten.
    """
    from reader.domain.settings import DeletedHighlights, NoteNames
    from reader.services.export.plan import (
        ExportForm,
        ExportGrouping,
        ExportOptions,
        ProfileName,
        outcome_as_json,
    )
    from reader.services.settings.file import read_settings

    form = form or _ENDINGS.get(target.suffix.lower(), "markdown")
    with open_library(library) as opened:
        options = ExportOptions(
            target,
            ExportForm(form),
            ProfileName(profile),
            folder,
            ExportGrouping(grouping),
            DeletedHighlights.STRIKE if strike else DeletedHighlights.REMOVE,
            beside=beside,
            recreate=again,
            rename=rename,
            names=NoteNames(names) if names else read_settings(opened.folder).settings.export.names,
        )
        everything = everything or (form == "json-lines" and not query)
        ids = _papers(opened, " ".join(query), everything, target if options.is_vault else None)
        export, plan = _planned(opened.exports, options, ids, adopt, as_json)
        if dry_run:
            click.echo(as_line_of_json(outcome_as_json(plan)) if as_json else _plan_as_text(plan))
            return
        report = _run(export.write(plan), "Writing", silent=as_json)
    click.echo(as_line_of_json(outcome_as_json(report)) if as_json else _report_as_text(report))
    sys.exit(1 if report.failed else 0)


@click.command()
@click.option("--since", default="7d", show_default=True, metavar="SPAN", help="The first day: 7d, 2w, or a date.")
@click.option("--html", is_flag=True, help="Print an HTML page instead of Markdown.")
@click.pass_obj
def digest(library: Path | None, since: str, html: bool) -> None:
    """Print the papers imported, kept, highlighted and queued since a day."""
    from reader.services.export.exporter import since_day

    with open_library(library) as opened:
        exporter = opened.exports
        echo_text(exporter.digest(since_day(since, exporter.today()), html=html).rstrip("\n"))


def _papers(library: Library, query: str, everything: bool, vault: Path | None) -> list[int]:
    """Ids of the papers to export; messages about the query go to standard error."""
    if not query:
        return library.exports.everything() if everything else library.exports.annotated(vault)
    found = library.search(query, exact=True)
    for message in found.messages:
        click.echo(f"lectern: {message}", err=True)
    return list(found.paper_ids) if everything else library.exports.only_annotated(found.paper_ids, vault)


def _planned(
    exporter: Exporter, options: ExportOptions, ids: list[int], adopt: bool, silent: bool
) -> tuple[Export, ExportPlan]:
    """The export and its plan; with ``adopt``, planned again with the notes that the first plan found."""
    export = exporter.begin(options)
    plan = _run(export.plan(ids), "Comparing", silent=silent)
    found = {file.key: file.adoptable[0] for file in plan.files if len(file.adoptable) == 1}
    if adopt and found:
        export = exporter.begin(replace(options, adopt=found))
        plan = _run(export.plan(ids), "Comparing", silent=silent)
    return export, plan


def _plan_as_text(plan: ExportPlan) -> str:
    """A plan as text: each file's difference, then the counts."""
    differences = [file.difference() for file in plan.files if file.writes]
    return "\n".join([*filter(None, differences), *_remarks(plan), _counts(plan.counts()), "Nothing was written."])


def _report_as_text(report: ExportReport) -> str:
    """A report as text: remarks and failures by file, then the counts."""
    from reader.services.export.plan import count_statuses

    failed = [f"{path}: {reason}" for path, reason in report.failed]
    stopped = ["Cancelled before the end."] if report.cancelled else []
    paths = {path for path, _ in report.failed}
    counts = count_statuses(file.status for file in report.files if file.path not in paths)
    return "\n".join([*_remarks(report), *failed, _counts(counts | {"failed": len(failed)}), *stopped])


def _remarks(outcome: ExportPlan) -> list[str]:
    from reader.services.export.plan import ExportStatus

    lines = [f"{file.renames}: renamed to {file.path}" for file in outcome.files if file.renames]
    lines += [f"{file.path}: {remark.text}" for file in outcome.files for remark in file.remarks]
    lines += [
        f"{file.path}: you deleted it; --again recreates it."
        for file in outcome.files
        if file.status is ExportStatus.NOT_FOUND
    ]
    lines += [
        f"{file.path}: {', '.join(file.adoptable)} names this paper too; --adopt would use it."
        for file in outcome.files
        if file.adoptable
    ]
    return [*lines, *outcome.messages]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {status}" for status, count in counts.items() if count) or "No papers to export."


def _run(progress: Generator[ExportProgress, None, Result], label: str, *, silent: bool) -> Result:
    """Run a stage of an export to its end, with a progress bar on a terminal."""
    watched = not silent and sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not watched) as bar:
        while True:
            try:
                step = next(progress)
            except StopIteration as end:
                result: Result = end.value
                return result
            bar.length = max(step.total, 1)
            bar.pos = step.done
            bar.render_progress()
