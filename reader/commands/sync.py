"""The command ``sync``: two machines share a library through a folder or an address."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, echo_change, one_as_json, open_library, showing_bar
from reader.domain.errors import ReaderError

if TYPE_CHECKING:
    from reader.domain.sync_reports import SyncProgress
    from reader.services import Library

_VARIABLE = "LECTERN_SYNC_PASSPHRASE"
_LONGEST = 10_000


@click.command()
@click.option("--target", metavar="DIR|URL", help="The folder or address to meet in: begins there, or joins.")
@click.option("--name", metavar="N", default="", help="What other devices call this one; else the machine's name.")
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), metavar="FILE",
    help=f"A file with the passphrase that protects the target's files; else {_VARIABLE}.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="With --target: say what setting up would do, and do nothing.")
@click.option("--status", is_flag=True, help="Say how things stand, and what is kept beside; do nothing.")
@click.option("--take", metavar="ID", help="Show a value that is kept beside (IDs are listed by --status).")
@click.option("--keep", metavar="ID", help="Keep what is shown, and let the value kept beside go.")
@click.option("--leave", is_flag=True, help="Synchronise no more; all that came stays here.")
@one_as_json
@click.pass_obj
def sync(
    library: Path | None,
    target: str | None,
    name: str,
    passphrase_file: Path | None,
    dry_run: bool,
    status: bool,
    take: str | None,
    keep: str | None,
    leave: bool,
    as_json: bool,
) -> None:
    """Synchronise with other devices through a folder that a service carries, or an address.

    The first time needs --target. The exit code is 1 if something could not be written or read.
    """
    if sum((status, take is not None, keep is not None, leave, target is not None)) > 1:
        raise click.UsageError("Use one of --target, --status, --take, --keep and --leave at a time.")
    if as_json and (take is not None or keep is not None or leave):
        raise click.UsageError("--json is for --status, and for synchronising.")
    if dry_run and target is None:
        raise click.UsageError("--dry-run needs --target.")
    passphrase = _passphrase(passphrase_file)
    with open_library(library) as opened:
        if status:
            _show_status(opened, as_json)
        elif take is not None or keep is not None:
            echo_change(opened.sync.take(take) if take is not None else opened.sync.keep_shown(keep or ""))
        elif leave:
            opened.sync.leave()
            click.echo("Not synchronised any more; the files in the target stay for the other devices.")
        else:
            sys.exit(_run(opened, target, name, passphrase, dry_run, as_json))


def _run(opened: Library, target: str | None, name: str, passphrase: str | None, dry_run: bool, as_json: bool) -> int:
    """Set up if that is asked for, and run once; the exit code."""
    from reader.services.reports import sync_runs as reports

    set_up = None
    if target is not None and (dry_run or not opened.is_synced):
        set_up = _set_up(opened, target, name, passphrase, dry_run, as_json)
    elif target is not None:
        opened.sync.move(target, passphrase)
    if dry_run:
        return 0
    if name and set_up is None:
        opened.sync.rename(name)
    with showing_bar("Synchronising", _phase, silent=as_json) as see:
        report = opened.sync.run(see, passphrase=passphrase)
    status = opened.sync.status()
    assert status is not None
    if as_json:
        click.echo(as_line_of_json(reports.report_as_json(report, status, set_up)))
    else:
        click.echo(reports.report_as_text(report, status))
        for trouble in report.troubles:
            click.echo(f"lectern: {trouble}", err=True)
    return 1 if report.troubles else 0


def _set_up(opened: Library, target: str, name: str, passphrase: str | None, dry_run: bool, as_json: bool) -> str:
    """Say what setting up does, and do it unless this is a dry run; whether it ``began`` or ``joined``."""
    from reader.services.reports import sync_runs as reports

    preview = opened.sync.preview(target, passphrase)
    if preview.needs_passphrase:
        raise ReaderError(f"{target} has a passphrase; give it in a file (--passphrase-file FILE).")
    if as_json:
        if dry_run:
            click.echo(as_line_of_json(reports.preview_as_json(preview)))
    else:
        click.echo(reports.preview_as_text(preview, target, moves=opened.is_synced))
    if not dry_run:
        (opened.sync.join if preview.joins else opened.sync.begin)(target, name, passphrase)
    return "joined" if preview.joins else "began"


def _phase(step: SyncProgress) -> str:
    return step.phase.value


def _show_status(opened: Library, as_json: bool) -> None:
    from reader.services.reports import sync_runs as reports

    status = opened.sync.status() if opened.is_synced else None
    kept = opened.sync.kept_beside() if status is not None else ()
    if as_json:
        click.echo(as_line_of_json(reports.status_as_json(status, kept)))
    else:
        click.echo(reports.status_as_text(status, kept, datetime.now().astimezone()))


def _passphrase(file: Path | None) -> str | None:
    """The passphrase in a file's first line, or in the environment; None if neither gives one."""
    if file is None:
        return os.environ.get(_VARIABLE) or None
    try:
        with file.open("rb") as opened:
            text = opened.read(_LONGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReaderError(f"The passphrase could not be read from {file}; check the file.") from error
    lines = text.splitlines()
    if not lines or not lines[0]:
        raise ReaderError(f"The file {file} has no passphrase in its first line.")
    return lines[0]
