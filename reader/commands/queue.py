"""The command ``queue``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import echo_change, echo_each, lines_as_json, open_library

if TYPE_CHECKING:
    from reader.domain.changes import Change
    from reader.services import Library

_BOTTOM = 2**31


def _place(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """The place in the queue that ``--to`` names, from 1; None if it is not given."""
    named = {None: None, "top": 1, "bottom": _BOTTOM}
    if value in named:
        return named[value]
    if value is not None and value.isascii() and value.isdecimal() and 1 <= int(value) <= _BOTTOM:
        return int(value)
    raise click.BadParameter(f"“{value}” is not a place in the queue; give top, bottom or a number from 1.")


@click.command()
@click.argument("action", required=False, type=click.Choice(["add", "remove", "move"]))
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option("--to", "place", callback=_place, metavar="top|bottom|N", help="Where to move; top by default.")
@lines_as_json
@click.pass_obj
def queue(library: Path | None, action: str | None, keys: tuple[str, ...], place: int | None, as_json: bool) -> None:
    """List the reading queue, or add, remove or move the papers with these KEYs, in the order given."""
    from reader.services.reports import annotations as reporting

    if (action is None) != (not keys):
        raise click.UsageError("Name papers by their keys, as in “lectern queue add KEY”.")
    if place is not None and action != "move":
        raise click.UsageError("--to belongs to “lectern queue move KEY …”.")
    with open_library(library) as opened:
        change = _change(opened, action, opened.papers.ids_of_keys(keys), place or 1) if action else None
        if change is not None and not as_json:
            echo_change(change)
        else:
            echo_each(
                opened.papers.read(opened.queue.ids()), as_json, reporting.queued_as_json, reporting.queued_as_line
            )


def _change(library: Library, action: str, paper_ids: list[int], place: int) -> Change:
    """Carry out ``add``, ``remove`` or ``move``."""
    if action == "add":
        return library.queue.add(paper_ids)
    if action == "remove":
        return library.queue.remove(paper_ids)
    return library.queue.arrange(paper_ids, place)
