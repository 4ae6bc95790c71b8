"""Commands about the order "for you": ``reasons``, ``learned``, ``like``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, echo_change, one_as_json, open_library
from reader.domain.errors import ReaderError

if TYPE_CHECKING:
    from reader.domain.changes import Change
    from reader.services import Library

_ALWAYS = "always"
_NOT_COMPARED = "This paper was not compared with others yet; try “lectern reindex”."


@click.command()
@click.argument("key")
@one_as_json
@click.pass_obj
def reasons(library: Path | None, key: str, as_json: bool) -> None:
    """Say why the paper with this KEY has its place in the order “for you”."""
    from reader.services.reports import taste as reports

    with open_library(library) as opened:
        paper_id = opened.papers.with_key(key).id
        found = opened.taste.reasons(paper_id, complete=True)
        if found is None:
            raise ReaderError(opened.taste.status(complete=True).message or _NOT_COMPARED)
        click.echo(as_line_of_json(reports.reasons_as_json(found)) if as_json else reports.reasons_as_text(found))


@click.command()
@click.option("--forget", "forgotten", metavar="WORD", help="Give this word, or words side by side, no weight.")
@click.option("--recall", "recalled", metavar="WORD", help="Give a forgotten word its weight again.")
@click.option("--since", metavar="DAY|always", help="Leave out decisions before DAY.")
@click.option("--start-over", is_flag=True, help="Leave out all decisions so far, examples and forgotten words.")
@click.option("--on/--off", "on", default=None, help="Switch the order on or off.")
@one_as_json
@click.pass_obj
def learned(
    library: Path | None,
    forgotten: str | None,
    recalled: str | None,
    since: str | None,
    start_over: bool,
    on: bool | None,
    as_json: bool,
) -> None:
    """Print what the order “for you” has learned, or change what it learns from, one option at a time.

    Your decisions stay as they are, and every change is a step that “lectern undo” takes back.
    """
    from reader.services.reports import taste as reports

    if sum((forgotten is not None, recalled is not None, since is not None, start_over, on is not None)) > 1:
        raise click.UsageError("Change one thing at a time.")
    with open_library(library) as opened:
        change = _change(opened, forgotten, recalled, since, start_over, on)
        if change is not None and not as_json:
            echo_change(change)
            return
        found = opened.taste.learned(complete=True)
        click.echo(as_line_of_json(reports.learned_as_json(found)) if as_json else reports.learned_as_text(found))


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--forget", is_flag=True, help="Forget all papers that were learned from files.")
@click.pass_obj
def like(library: Path | None, file: Path | None, forget: bool) -> None:
    """Let the order “for you” learn from a FILE of papers you like (BibTeX, RIS, JSON, …).

    They do not become papers of the library; those that are in it stay as they are. It is one step.
    """
    if (file is None) is not forget:
        raise click.UsageError("Name a file of papers you like, or give --forget.")
    with open_library(library) as opened:
        echo_change(opened.taste.learn_from_file(file) if file is not None else opened.taste.forget_examples())


def _change(
    library: Library, forgotten: str | None, recalled: str | None, since: str | None, start_over: bool, on: bool | None
) -> Change | None:
    """Carry out what one option asks for; None if there is none."""
    taste = library.taste
    if forgotten is not None:
        return taste.forget(forgotten)
    if recalled is not None:
        return taste.recall(recalled)
    if since is not None:
        return taste.leave_out_before(None if since == _ALWAYS else taste.day(since))
    if start_over:
        return taste.start_over()
    return taste.switch(on) if on is not None else None
