"""Importing a JSON Lines export: everything another library held, as one step, in full or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from reader.domain.records import AccountUnit, LineAccount, Problem
from reader.domain.reports import FileReport
from reader.domain.transfer import TransferItem
from reader.formats.export.json_lines import is_json_lines, read_json_lines
from reader.services.imports.source_archive import unreadable
from reader.storage.store import LibraryStore, OperationHandle

FORMAT = "lectern"
_HEAD = 4_096
_BETWEEN_LOOKS = 100


def is_transfer(path: Path) -> bool:
    """Whether a file is a JSON Lines export of Lectern, as far as its first line tells."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return is_json_lines(file.read(_HEAD))
    except OSError:
        return False


def take_over_file(
    path: Path, store: LibraryStore, operation: OperationHandle, check: Callable[[], None]
) -> FileReport:
    """Take over everything in a file, read line by line whatever its size; a line that is not understood is a problem.

    ``check`` is called now and then and may raise, which leaves nothing of the file. Raises
    :class:`~reader.domain.errors.ReaderError` for a file that cannot be read or is a newer Lectern's.
    """
    problems: list[Problem] = []
    understood = 0

    def items() -> Iterator[TransferItem]:
        nonlocal understood
        with path.open("rb") as file:
            for number, item in enumerate(read_json_lines(file)):
                if number % _BETWEEN_LOOKS == 0:
                    check()
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    understood += 1
                    yield item

    try:
        report = store.transfers.take_over(items(), operation)
    except OSError as error:
        raise unreadable(path, error) from error
    account = LineAccount(AccountUnit.ENTRIES, understood + len(problems) + 1, understood, 1, len(problems))
    return FileReport(
        path=str(path),
        format=FORMAT,
        papers=report.papers,
        new=report.new,
        updated=report.updated,
        known=report.known,
        already_imported=report.papers == report.known and report.papers > 0,
        problems=tuple(problems),
        account=account,
    )
