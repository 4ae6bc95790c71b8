"""A process beside the test's own that has a library open as commands have it, and does there what it is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
_PROGRAM = """
import sys
from pathlib import Path
from reader.domain.papers import PaperState
from reader.services.process.sharing import SharedLibrary
from tests.services.support import finish, listing_text

with SharedLibrary(Path(sys.argv[1]), program="a test") as library:
    print("done", flush=True)
    for line in sys.stdin:
        exec(line)
        print("done", flush=True)
"""


class OtherProcess:
    """The process; it ends with the block."""

    def __init__(self, folder: Path) -> None:
        """It opens the library in ``folder``."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(folder)],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.wait()

    def begin(self, line: str) -> None:
        """Have it carry out a line of Python, in which ``library`` is the library."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def wait(self) -> None:
        """Wait until it is done."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "done\n"

    def do(self, line: str) -> None:
        """Have it carry out a line of Python, and wait for that."""
        self.begin(line)
        self.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()
        if error is None:
            assert self._process.returncode == 0
