"""Commands on the history of steps: ``undo``, ``redo``, ``history``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import echo_each, lines_as_json, open_library
from reader.domain.errors import ReaderError

if TYPE_CHECKING:
    from reader.domain.changes import UndoneOperation

_steps = click.argument("steps", type=click.IntRange(min=1), default=1, metavar="[N]")


@click.command()
@_steps
@click.option("--to", "step_id", type=click.IntRange(min=0), metavar="ID", help="Undo all steps after this one.")
@click.pass_obj
def undo(library: Path | None, steps: int, step_id: int | None) -> None:
    """Undo the last step, or the last N steps."""
    with open_library(library) as opened:
        undone = opened.history.undo(steps) if step_id is None else opened.history.undo(after=step_id)
        _echo_steps(undone, "Undid", "There is nothing to undo.")


@click.command()
@_steps
@click.pass_obj
def redo(library: Path | None, steps: int) -> None:
    """Redo the step undone last, or the last N steps undone."""
    with open_library(library) as opened:
        _echo_steps(opened.history.redo(steps), "Redid", "There is nothing to redo.")


@click.command()
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="The largest number of steps to list.")
@lines_as_json
@click.pass_obj
def history(library: Path | None, limit: int | None, as_json: bool) -> None:
    """List the steps, newest first; steps marked - are undone, and redo brings them back."""
    from reader.services.reports import annotations as reporting

    with open_library(library) as opened:
        echo_each(opened.history.steps(limit), as_json, reporting.step_as_json, reporting.step_as_line)


def _echo_steps(undone: UndoneOperation | None, verb: str, nothing: str) -> None:
    """Print what was undone or redone, one step per line; raises ``ReaderError(nothing)`` if no step was."""
    from reader.services.latex_to_unicode import shown_line
    from reader.services.library.history import stayed_text

    if undone is None:
        raise ReaderError(nothing)
    for title in undone.titles:
        click.echo(f"{verb}: {title.sentence(shown_line)}")
    if undone.kept_paper_ids:
        click.echo(stayed_text(undone))
