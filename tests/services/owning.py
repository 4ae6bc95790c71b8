"""A window's part without a window: an owner whose files are imported on a library thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from reader.services import Library
from reader.services.process.ownership import Owner, claim_or_hand_over
from tests.services.support import finish

Answer = TypeVar("Answer")


class LibraryThread:
    """One thread for the library, on which it imports what is handed over."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.opened: list[tuple[Path, ...]] = []
        self._thread = ThreadPoolExecutor(1)

    def run(self, work: Callable[[], Answer]) -> Answer:
        return self._thread.submit(work).result()

    def take(self, files: Sequence[Path], activation: str) -> bool:
        self.opened.append(tuple(files))
        if files:
            self._thread.submit(lambda: finish(self.library.imports.paths(list(files))))
        return True

    def close(self) -> None:
        self._thread.shutdown()


@contextmanager
def owned_library(folder: Path, **options: Any) -> Iterator[tuple[Owner, LibraryThread]]:
    """A library that is open as in a window: owned, listening and served."""
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, Library(folder, **options) as library:
        receiver = LibraryThread(library)
        owner.serve(receiver.take)
        try:
            yield owner, receiver
        finally:
            owner.serve(None)
            receiver.close()
