"""Helpers of all commands: opening the library, reading texts, printing results."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from reader.domain.errors import ReaderError

if TYPE_CHECKING:
    from reader.domain.changes import Change
    from reader.domain.reports import ImportProgress
    from reader.services import Library

Result = TypeVar("Result")
Report = TypeVar("Report")
Step = TypeVar("Step", bound="Progress")

lines_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
one_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STANDARD_INPUT = "-"


class Progress(Protocol):
    """The progress of long work: so much ``done`` of a ``total``."""

    @property
    def done(self) -> int:
        """What is done."""

    @property
    def total(self) -> int:
        """What there is to do."""


class _Sentence(logging.Formatter):
    """Log records as one line of output, without traceback: it does not help a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The message alone, without level, logger or traceback."""
        return f"lectern: {record.getMessage()}"


def open_library(folder: Path | None) -> Library:
    """Open a library for a command, which may run beside a window; None means the user's library."""
    from reader.services.process.sharing import SharedLibrary

    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_Sentence())
    return SharedLibrary(folder, program=f"lectern {click.get_current_context().info_name}")


def as_line_of_json(value: dict[str, Any]) -> str:
    """JSON text of a value, on one line."""
    return json.dumps(value, ensure_ascii=False)


def echo_each(
    values: Iterable[Result],
    as_json: bool,
    to_json: Callable[[Result], dict[str, Any]],
    to_line: Callable[[Result], str],
) -> None:
    """Print each value on a line, as JSON or as text."""
    for value in values:
        click.echo(as_line_of_json(to_json(value)) if as_json else to_line(value))


def echo_change(change: Change) -> None:
    """Print what an operation did."""
    from reader.services.latex_to_unicode import shown_line

    click.echo(change.title.sentence(shown_line) if change else "Nothing to change.")


def run_with_bar(
    progress: Generator[Step, None, Report], label: str, shown: Callable[[Step], str], *, silent: bool
) -> Report:
    """Run long work to its end; its report. On a terminal a bar shows its progress, and ``shown`` what it is at."""
    with showing_bar(label, shown, silent=silent) as see:
        return _exhaust(progress, see)


@contextmanager
def showing_bar(label: str, shown: Callable[[Step], str], *, silent: bool) -> Iterator[Callable[[Step], None]]:
    """A function that is told the progress of long work; on a terminal a bar shows it, and ``shown`` what it is at."""
    if silent or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, item_show_func=str) as bar:

        def show_progress(step: Step) -> None:
            bar.length = max(step.total, 1)
            bar.pos = step.done
            bar.current_item = shown(step)
            bar.render_progress()

        yield show_progress


def file_at(step: ImportProgress) -> str:
    """The name of the file that is being read."""
    return Path(step.path).name if step.path else ""


def _exhaust(progress: Generator[Step, None, Report], see: Callable[[Step], None]) -> Report:
    while True:
        try:
            see(next(progress))
        except StopIteration as end:
            report: Report = end.value
            return report


def echo_text(text: str) -> None:
    """Print a text unchanged; on a terminal without control characters, which might change the terminal."""
    click.echo(_CONTROLS.sub("", text) if sys.stdout.isatty() else text)


def given_text(value: str) -> str:
    """The text of an option's value; for ``-`` standard input, with plain line ends and none at its end.

    Raises :class:`ReaderError` if standard input is not UTF-8.
    """
    if value != _STANDARD_INPUT:
        return value
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReaderError("The text on standard input is not in UTF-8; convert it and try again.") from error
    return text.replace("\r\n", "\n").rstrip("\n")
