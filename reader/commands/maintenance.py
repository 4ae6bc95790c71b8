"""Commands that look after a library: ``backup``, ``restore``, ``bundle``, ``check``."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, one_as_json, open_library
from reader.domain.errors import LibraryDamagedError, LibraryError, NotFoundError, ReaderError

if TYPE_CHECKING:
    from reader.domain.checks import CheckReport

_NEWEST = "newest"
_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--annotations", is_flag=True, help="Back up only your annotations, which take little space.")
@click.option("--list", "listed", is_flag=True, help="List the backups, newest first; make none.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.pass_obj
def backup(library: Path | None, annotations: bool, listed: bool, as_json: bool) -> None:
    """Back up the library into its folder “backups”."""
    from reader.domain.backups import BackupKind
    from reader.services.reports import maintenance as reporting

    with open_library(library) as opened:
        kind = BackupKind.ANNOTATIONS if annotations else BackupKind.MANUAL
        for found in opened.backups.all() if listed else [opened.backups.make(kind)]:
            click.echo(as_line_of_json(reporting.backup_as_json(found)) if as_json else reporting.backup_as_line(found))


@click.command()
@click.argument("source", metavar="BACKUP|newest")
@click.option("--preview", is_flag=True, help="Show what would change; change nothing.")
@one_as_json
@click.pass_obj
def restore(library: Path | None, source: str, preview: bool, as_json: bool) -> None:
    """Restore a BACKUP: a file, the name of one of the library's backups, or “newest”.

    The present library is backed up first. A backup of annotations is merged instead.
    """
    from reader.services.reports import maintenance as reporting

    folder = _folder(library)
    path = _chosen_backup(folder, source)
    try:
        with open_library(library) as opened:
            if preview:
                shown = opened.backups.preview(path)
                text = json.dumps(reporting.preview_as_json(shown), ensure_ascii=False) if as_json else None
                click.echo(text or reporting.preview_as_text(shown))
                return
            kept: Path | None = opened.backups.restore(path).path
    except LibraryDamagedError as damage:
        if preview:
            raise
        kept = _recover(folder, path, damage)
    outcome = {"restored": str(path), "kept": str(kept) if kept else None}
    click.echo(as_line_of_json(outcome) if as_json else f"Restored {path.name}; the library as it was is kept: {kept}")


@click.command()
@click.argument("path", type=_file, metavar="FILE")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False, metavar="[DIR]")
@click.option("--open", "opened_anew", is_flag=True, help="Create a library from the bundle FILE, in DIR or --library.")
@click.option("--merge", is_flag=True, help="Merge the bundle FILE into this library, as one step that can be undone.")
@one_as_json
@click.pass_obj
def bundle(
    library: Path | None, path: Path, folder: Path | None, opened_anew: bool, merge: bool, as_json: bool
) -> None:
    """Write the whole library into FILE for another machine, or open or merge such a file.

    A bundle never replaces anything: it is opened in a folder of its own, or merged.
    """
    from dataclasses import asdict

    from reader.services.copies.bundles import unpack_bundle

    if (opened_anew and merge) or (folder is not None and not opened_anew):
        raise click.UsageError("Give --open or --merge or neither, and DIR only with --open.")
    if merge:
        with open_library(library) as opened:
            merged = opened.bundles.merge(path.absolute())
        counts = {name: getattr(merged, name) for name in ("new", "updated", "known", "listings")}
        sentence = "Merged: " + ", ".join(f"{count:,} {name}" for name, count in counts.items())
        click.echo(as_line_of_json(counts) if as_json else sentence)
        return
    if opened_anew:
        target = (folder or _folder(library)).absolute()
        summary, verb = unpack_bundle(path, target), f"Opened {path.name} in {target}"
    else:
        with open_library(library) as opened:
            summary, verb = opened.bundles.write(path.absolute()), f"Wrote {path}"
    told = {**asdict(summary), "path": str(summary.path)}
    click.echo(as_line_of_json(told) if as_json else f"{verb}: {summary.paper_count:,} papers")


@click.command()
@click.option("--repair", is_flag=True, help="Back up the library, then repair what can be repaired.")
@one_as_json
@click.pass_obj
def check(library: Path | None, repair: bool, as_json: bool) -> None:
    """Check the library: database, history, queue, highlights, imported files, index, permissions.

    The exit code is 1 if a fault is found and not repaired.
    """
    from reader.services.reports import maintenance as reporting

    folder = _folder(library)
    if not (folder / "library.db").exists() and not folder.exists():
        raise LibraryError(f"There is no library at {folder}.")
    try:
        with open_library(library) as opened:
            report = opened.checks.repair() if repair else opened.checks.run()
            damage = next((found.sentence for found in report.findings if found.aspect == "integrity"), None)
    except LibraryDamagedError as error:
        report, damage = reporting.damage_report(str(error)), str(error)
    if damage is not None and repair:
        report = _salvage(folder, report)
    text = json.dumps(reporting.check_as_json(report), ensure_ascii=False) if as_json else None
    click.echo(text or reporting.check_as_text(report))
    if damage is not None and not repair:
        click.echo(reporting.recovery_as_text(folder), err=True)
    sys.exit(0 if report.is_sound else 1)


def _folder(library: Path | None) -> Path:
    from reader.services import default_library_folder

    return (library or default_library_folder()).expanduser().absolute()


def _chosen_backup(folder: Path, source: str) -> Path:
    """The backup file that the argument BACKUP names. Raises :class:`NotFoundError` if there is none."""
    from reader.services.copies.restore import BACKUP_FOLDER, list_backups

    if source == _NEWEST:
        whole = [found for found in list_backups(folder) if found.kind != "annotations"]
        if not whole:
            raise NotFoundError(f"There are no backups in {folder / BACKUP_FOLDER}.")
        return whole[0].path
    path = Path(source)
    own = folder / BACKUP_FOLDER / path.name
    if not path.exists() and own.exists():
        return own
    if not path.exists():
        raise NotFoundError(f"There is no backup {source}; “lectern backup --list” lists them.")
    return path.absolute()


def _recover(folder: Path, path: Path, damage: LibraryDamagedError) -> Path | None:
    """Replace a database that cannot be opened by a backup; the path where the damaged one is kept."""
    from reader.services.copies.salvage import recover
    from reader.services.process.lock import alone

    click.echo(f"lectern: {damage}", err=True)
    with alone(folder, "lectern restore") as lock:
        kept = recover(folder, path)
        lock.mark_checked()
    return kept


def _salvage(folder: Path, report: CheckReport) -> CheckReport:
    """Save what can be saved of a damaged database, and check the result."""
    from reader.services.copies.salvage import salvage
    from reader.services.process.lock import alone
    from reader.services.reports import maintenance as reporting

    with alone(folder, "lectern check") as lock:
        saved = salvage(folder)
        lock.mark_checked()
    click.echo(reporting.salvage_as_text(saved), err=True)
    with suppress(ReaderError), open_library(folder) as opened:
        return reporting.after_salvage(report, opened.checks.run())
    return report
