"""The command line ``lectern``, for people and scripts.

Its names, fields and exit codes are a contract (see ``docs/command-line.md``): new ones may be added, existing ones
never change. The commands themselves are in :mod:`reader.commands`. Qt is imported only to open the window, and each
command imports what it needs when it runs, so that ``--help`` and ``papers`` start fast.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from reader import __version__
from reader.commands import (
    annotate,
    completion,
    documents,
    export,
    import_files,
    index,
    maintenance,
    queue,
    read,
    subscriptions,
    sync,
    taste,
    topics,
    undo,
)
from reader.domain.errors import ReaderError

_UNWRITABLE = {errno.ENOSPC, errno.EIO, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EIO}
WINDOW_COMMAND = "open-window"
_MOST_TYPING_ERRORS = 2


class LecternGroup(click.Group):
    """A command group whose first word may also be a file: any word that is not a command is opened in the window."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the window command before the first word that is neither an option nor a command."""
        at = self._first_word(ctx, args)
        if at is None:
            if not any(flag in args for flag in ("--help", "--version", "--install-desktop")):
                args = [*args, WINDOW_COMMAND]
        elif args[at] == "--" or args[at] not in self.commands:
            self._refuse_mistyped(ctx, args[at])
            args = [*args[:at], WINDOW_COMMAND, *args[at:]]
        return super().parse_args(ctx, args)

    def _refuse_mistyped(self, ctx: click.Context, word: str) -> None:
        """Raise ``UsageError`` with a suggestion if a word can only be a mistyped command."""
        path = Path(word)
        if path.name != word or path.suffix or "\\" in word or path.exists():
            return
        nearest = self._commands_like(word.casefold())
        if nearest:
            named = " or ".join(f"“{name}”" for name in nearest)
            raise click.UsageError(f"There is no command or file “{word}”. Did you mean {named}?", ctx)

    def _commands_like(self, word: str) -> list[str]:
        """The commands nearest to a word, at most two typing errors away."""
        from reader.domain.query.matches import is_near

        shown = [name for name, command in self.commands.items() if not command.hidden]
        for errors in range(_MOST_TYPING_ERRORS + 1):
            found = sorted(name for name in shown if is_near(word, name, errors))
            if found:
                return found
        return []

    def _first_word(self, ctx: click.Context, args: list[str]) -> int | None:
        """The position of the first word that is neither an option nor an option's value; None without such a word."""
        with_value = {name for option in self.get_params(ctx) if _takes_value(option) for name in option.opts}
        at = 0
        while at < len(args):
            if args[at] == "--" or not args[at].startswith("-"):
                return at
            at += 2 if args[at] in with_value else 1
        return None

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run; an error that users can cause ends with one sentence on standard error and exit code 1."""
        try:
            return super().main(*args, **extra)
        except ReaderError as error:
            click.echo(f"lectern: {error}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            # The reader of our output has gone (`lectern papers | head`): not an error, and nothing is left to flush.
            _abandon_output()
            sys.exit(0)
        except OSError as error:
            if error.errno not in _UNWRITABLE or error.filename is not None:
                raise
            _abandon_output()
            click.echo("lectern: The output could not be written: no space left on the device.", err=True)
            sys.exit(1)


def _abandon_output() -> None:
    """Discard pending output, so that the flush at exit does not fail again."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _takes_value(option: click.Parameter) -> bool:
    return isinstance(option, click.Option) and not option.is_flag


def _install_desktop(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from reader.services.process.desktop_entry import install_desktop_entry

        for path in install_desktop_entry():
            click.echo(f"Wrote {path}")
        context.exit()


@click.group(cls=LecternGroup, context_settings={"help_option_names": ["--help"]})
@click.option("--library", type=click.Path(path_type=Path), metavar="DIR", help="The library's folder.")
@click.option(
    "--install-desktop",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_install_desktop,
    help="Add Lectern to the menus of a Linux desktop and exit.",
)
@click.version_option(__version__, prog_name="lectern")
@click.pass_context
def cli(context: click.Context, library: Path | None) -> None:
    """Read and annotate research-paper listings.

    Without a command, `lectern [FILE|DIR ...]` opens the window and imports the given files.
    """
    context.obj = library


@cli.command(WINDOW_COMMAND, hidden=True)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.pass_obj
def window(library: Path | None, paths: tuple[Path, ...]) -> None:
    """Open the window and import PATHS."""
    from reader.ui.launch import open_window

    sys.exit(open_window(library, paths))


for _command in (
    *(import_files.import_, completion.complete, read.papers, read.show, read.listings, read.stats, index.reindex),
    *(annotate.tag, annotate.tags, annotate.note, annotate.state, annotate.highlight, queue.queue),
    *(documents.attach, documents.detach),
    *(taste.reasons, taste.learned, taste.like, topics.topics),
    *(undo.undo, undo.redo, undo.history, export.export, export.digest),
    *(subscriptions.subscribe, subscriptions.subscriptions, subscriptions.unsubscribe, subscriptions.fetch),
    sync.sync,
    *(maintenance.backup, maintenance.restore, maintenance.bundle, maintenance.check),
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; the entry point of ``lectern`` and ``python main.py``."""
    _speak_utf8()
    cli()


def window_main() -> None:
    """Open the window; the entry point of ``lectern-window``, which has no console."""
    _speak_utf8()
    cli()


def _speak_utf8() -> None:
    """Switch output to UTF-8 with replacement characters, so that any title can be printed on any terminal."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
