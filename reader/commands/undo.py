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
@click.option(
    "--arrived",
    type=click.IntRange(min=1),
    metavar="ID",
    help="Take back what arrived from another device as this step.",
)
@click.pass_obj
def undo(library: Path | None, steps: int, step_id: int | None, arrived: int | None) -> None:
    """Undo the last step, or the last N steps."""
    if arrived is not None and step_id is not None:
        raise click.UsageError("--to and --arrived do different things; use one of them.")
    with open_library(library) as opened:
        if arrived is not None:
            _echo_taken_back(opened.history.take_back(arrived))
            return
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
    if stayed := stayed_text(undone):
        click.echo(stayed)


def _echo_taken_back(taken: UndoneOperation) -> None:
    """Print what was taken back, and what of it stays."""
    from reader.services.library.history import stayed_text

    for text in filter(None, (str(taken.title), stayed_text(taken))):
        click.echo(text)
