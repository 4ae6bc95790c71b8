"""A start of the window without its window, as a process: own the library and import, or hand the files over.

Prints ``owner`` or ``handed over``; an owner prints ``open`` once it has opened the library, ``imported NAME`` for
each file, and ends when its input does.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from reader.services import Library
from reader.services.process.ownership import claim_or_hand_over
from tests.services.owning import LibraryThread
from tests.services.support import finish


class Importing(LibraryThread):
    """Imports what it is given and says so."""

    def take(self, files: Sequence[Path], activation: str) -> bool:
        for file in files:
            self._thread.submit(self._import, file)
        return True

    def _import(self, file: Path) -> None:
        report = finish(self.library.imports.paths([file]))
        assert report.failed == 0
        print("imported", file.name, flush=True)


def main(folder: Path, files: Sequence[Path]) -> None:
    """What a window does from its start to its end."""
    owner = claim_or_hand_over(folder, files)
    if owner is None:
        print("handed over", flush=True)
        return
    print("owner", flush=True)
    with owner, Library(folder) as library:
        print("open", flush=True)
        receiver = Importing(library)
        receiver.take(files, "")
        owner.serve(receiver.take)
        sys.stdin.read()
        owner.serve(None)
        receiver.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
