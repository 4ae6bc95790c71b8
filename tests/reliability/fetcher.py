"""A process that fetches the days of a server over and over, to be killed at any moment; it says “ready” first."""

from __future__ import annotations

import sys
from pathlib import Path

from reader.services.process.sharing import SharedLibrary
from tests.services.fetching import fetch_all


def main(folder: Path, days: int) -> None:
    """Fetch for ever."""
    with SharedLibrary(folder / "library") as library:
        print("ready", flush=True)
        while True:
            fetch_all(library, days=days)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
