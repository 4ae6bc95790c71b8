"""The command line: what people, scripts and checks drive Lectern with.

Its names, fields and exit codes are a contract (see ``docs/command-line.md``): they are added to, never changed.
Qt is imported only to open the window, and each command imports what it needs when it runs, so that ``--help`` and
``papers`` start fast.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reader import __version__
from reader.domain.errors import ReaderError

if TYPE_CHECKING:
    from reader.domain.reports import ImportProgress, ImportReport
    from reader.services import Library

WINDOW_COMMAND = "open-window"
_EXISTING = click.Path(path_type=Path)
Result = TypeVar("Result")


class LecternGroup(click.Group):
    """A group whose first word may be a file: anything that names no command is given to the window."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the window command before the first word that is no option and no command."""
        at = self._first_word(ctx, args)
        if at is None:
            if not any(flag in args for flag in ("--help", "--version")):
                args = [*args, WINDOW_COMMAND]
        elif args[at] == "--" or args[at] not in self.commands:
            args = [*args[:at], WINDOW_COMMAND, *args[at:]]
        return super().parse_args(ctx, args)

    def _first_word(self, ctx: click.Context, args: list[str]) -> int | None:
        """Where the first word stands that is neither an option nor an option's value."""
        with_value = {name for option in self.get_params(ctx) if _takes_value(option) for name in option.opts}
        at = 0
        while at < len(args):
            if args[at] == "--" or not args[at].startswith("-"):
                return at
            at += 2 if args[at] in with_value else 1
        return None

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run; what users can cause ends in one sentence on the error stream and exit code 1."""
        try:
            return super().main(*args, **extra)
        except ReaderError as error:
            click.echo(f"lectern: {error}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            # The reader of our output has gone (`lectern papers | head`): no fault, and nothing left to flush.
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


def _takes_value(option: click.Parameter) -> bool:
    return isinstance(option, click.Option) and not option.is_flag


@click.group(cls=LecternGroup, context_settings={"help_option_names": ["--help"]})
@click.option("--library", type=click.Path(path_type=Path), metavar="DIR", help="The library's folder.")
@click.version_option(__version__, prog_name="lectern")
@click.pass_context
def cli(context: click.Context, library: Path | None) -> None:
    """Read and annotate research-paper listings.

    Without a command, `lectern [FILE|DIR ...]` opens the window, and imports the files given first.
    """
    context.obj = library


@cli.command(WINDOW_COMMAND, hidden=True)
@click.argument("paths", nargs=-1, type=_EXISTING)
@click.pass_obj
def window(library: Path | None, paths: tuple[Path, ...]) -> None:
    """Open the window, importing PATHS first."""
    from reader.ui.application import run_window

    sys.exit(run_window(library, paths))


@cli.command("import")
@click.argument("paths", nargs=-1, required=True, type=_EXISTING, metavar="FILE|DIR...")
@click.option("--year", type=click.IntRange(1990, 2200), metavar="YYYY", help="The year of dates that show none.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def import_(library: Path | None, paths: tuple[Path, ...], year: int | None, dry_run: bool, as_json: bool) -> None:
    """Import listing files, and every file in the folders given."""
    from reader.services import reporting

    with _open(library) as opened:
        progress = opened.import_paths(paths, year=year, dry_run=dry_run)
        report = _run(progress, silent=as_json)
    if as_json:
        click.echo(json.dumps(reporting.import_report_as_json(report), ensure_ascii=False))
    else:
        click.echo(reporting.import_report_as_text(report))
    sys.exit(1 if report.failed else 0)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
@click.option("--sort", type=click.Choice(["date", "added", "title", "comments", "upvotes", "queue", "relevance"]))
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many papers.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.pass_obj
def papers(library: Path | None, query: tuple[str, ...], sort: str | None, limit: int | None, as_json: bool) -> None:
    """List papers, all of them or those a QUERY finds."""
    from reader.services import reporting

    with _open(library) as opened:
        found = opened.search(" ".join(query), sort=sort, exact=True)
        for message in found.messages:
            click.echo(f"lectern: {message}", err=True)
        for paper in opened.papers(found.paper_ids if limit is None else found.paper_ids[:limit]):
            if as_json:
                click.echo(json.dumps(reporting.paper_as_json(paper), ensure_ascii=False))
            else:
                click.echo(reporting.paper_as_line(paper))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@click.pass_obj
def listings(library: Path | None, as_json: bool) -> None:
    """List the imported listings, the newest first."""
    from reader.services import reporting

    with _open(library) as opened:
        _echo_each(opened.listings(), as_json, reporting.listing_as_json, reporting.listing_as_line)


@cli.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def show(library: Path | None, key: str, as_json: bool) -> None:
    """Show the paper with this KEY."""
    from reader.services import reporting

    with _open(library) as opened:
        paper = opened.find_paper(key)
        text = json.dumps(reporting.paper_as_json(paper), ensure_ascii=False) if as_json else None
        click.echo(text or reporting.paper_as_text(paper))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def stats(library: Path | None, as_json: bool) -> None:
    """Say how much the library holds."""
    from reader.services import reporting

    with _open(library) as opened:
        figures, index = opened.statistics(), opened.index_state()
        text = json.dumps(reporting.statistics_as_json(figures, index), ensure_ascii=False) if as_json else None
        click.echo(text or reporting.statistics_as_text(figures, index))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def reindex(library: Path | None, as_json: bool) -> None:
    """Make the search index anew."""
    from reader.services import reporting

    with _open(library) as opened:
        for step in opened.update_index(rebuild=True):
            if not as_json and sys.stderr.isatty():
                click.echo(f"\r{step.done:,} of {step.total:,}", err=True, nl=False)
        index = opened.index_state()
    text = json.dumps(reporting.index_as_json(index)) if as_json else None
    click.echo(text or f"{index.papers:,} papers in the search index.")


def main() -> None:
    """Run the command line; what ``lectern`` and ``python main.py`` call."""
    _speak_utf8()
    cli()


def window_main() -> None:
    """Open the window; what ``lectern-window`` calls, which has no console."""
    _speak_utf8()
    cli()


def _open(folder: Path | None) -> Library:
    from reader.services import Library

    return Library(folder)


def _echo_each(
    values: Iterable[Result],
    as_json: bool,
    to_json: Callable[[Result], dict[str, Any]],
    to_line: Callable[[Result], str],
) -> None:
    for value in values:
        click.echo(json.dumps(to_json(value), ensure_ascii=False) if as_json else to_line(value))


def _run(progress: Generator[ImportProgress, None, ImportReport], *, silent: bool) -> ImportReport:
    """Run an import to its end, with a progress bar where someone watches."""
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


def _speak_utf8() -> None:
    """Print any paper's title on any terminal: UTF-8, with what it cannot show replaced."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
