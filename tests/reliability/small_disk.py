"""Work on a library that lies on a disk of 1 MiB, until that is full and once there is room again.

Runs as a process in a mount namespace of its own; prints what it finds as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reader.domain.errors import LibraryDamagedError, LibraryError, ReaderError
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.services.support import finish, listing_text

ALL = View(ViewKind.ALL)


def main(place: Path, outside: Path) -> None:
    """Fill the disk with notes and with an import, then make room and go on."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=True)
    ballast = place / "ballast"
    ballast.write_bytes(b"x" * 100_000)
    told: dict[str, object] = {}
    with Library(place / "library") as library:
        finish(library.imports.text(listing_text(*(f"Paper {number}" for number in range(20))), "a"))
        ids = list(library.views.paper_ids(ALL))
        acknowledged: dict[int, str] = {}
        unsaved = ""
        try:
            for number in range(10_000):
                unsaved = f"A thought of some length, number {number}. " * 200
                library.notes.save(ids[number % 20], unsaved, revision=None)
                acknowledged[ids[number % 20]] = unsaved
        except LibraryError as error:
            told["sentence"] = str(error)
            told["is_damage"] = isinstance(error, LibraryDamagedError)
        told["acknowledged"] = len(acknowledged)
        told["readable"] = all(library.notes.of(paper_id).text == text for paper_id, text in acknowledged.items())
        file = outside / "more.txt"
        file.write_text(listing_text(*(f"Another {number}" for number in range(300))), "utf-8")
        try:
            report = finish(library.imports.paths([file]))
            told["import"] = [found.error for found in report.files]
        except ReaderError as error:
            told["import"] = [str(error)]
        told["papers_after_import"] = len(library.views.paper_ids(ALL))
        try:
            library.backups.make()
            told["backup"] = None
        except ReaderError as error:
            told["backup"] = str(error)
        told["left_over"] = [
            path.name for path in place.rglob("*") if ".partial" in path.name or "incoming" in path.name
        ]
        ballast.unlink()
        library.notes.save(ids[0], unsaved, revision=None)
        told["saved_later"] = library.notes.of(ids[0]).text == unsaved
    with Library(place / "library") as library:
        told["reopened"] = library.notes.of(ids[0]).text == unsaved
        told["findings"] = [found.sentence for found in library.checks.run().findings if not found.is_harmless]
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
