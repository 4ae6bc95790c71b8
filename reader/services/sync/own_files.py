"""Which of a device's own files are missing in a target, and which are to be replaced by fewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from reader.storage.sync.files import SeenFile

MOST_FILES = 64
"""The number of own files at which small ones are replaced by one."""
MOST_DEAD = 1 << 20
"""The bytes of writes that no longer stand, in own files, at which all are replaced."""
SMALL = 1 << 20
"""The size in bytes from which a file is left alone when small ones are replaced."""
_LEAST_DEAD = 1 << 16
_DEAD_PART = 2
_OVERHEAD = 256


Range = tuple[int, int]
Living = Callable[[int, int], int]
"""How many of the writes with numbers in a range (both included) still stand."""


def gaps(covered: Iterable[Range], last: int) -> list[Range]:
    """The parts of 1…``last`` that no range covers."""
    found, after = [], 0
    for first, end in sorted(covered):
        if first > after + 1 and after < last:
            found.append((after + 1, min(first - 1, last)))
        after = max(after, end)
    if after < last:
        found.append((after + 1, last))
    return found


def to_replace(files: Sequence[SeenFile], living: Living) -> Range | None:
    """The range of writes whose files are to be replaced by new ones, or None.

    Files that lie in the range can be deleted once it is written anew. With many files it is the end of the numbers,
    whose files are small; with many writes that no longer stand it is everything.
    """
    if not files:
        return None
    ordered = sorted(files, key=lambda file: (file.first, file.last))
    end = max(file.last for file in files)
    size = sum(file.size for file in files)
    dead = sum(_dead(file, living) for file in ordered)
    if len(files) > 1 and dead >= min(MOST_DEAD, max(_LEAST_DEAD, (size - dead) // _DEAD_PART)):
        return 1, end
    if len(files) < MOST_FILES:
        return None
    small = ordered
    for at, file in enumerate(ordered):
        if file.size >= SMALL and len(ordered) - at > MOST_FILES // 2:
            small = ordered[at + 1 :]
    return small[0].first, end


def inside(files: Iterable[SeenFile], replaced: Range) -> list[SeenFile]:
    """The files whose writes all lie in a range."""
    return [file for file in files if replaced[0] <= file.first and file.last <= replaced[1]]


def _dead(file: SeenFile, living: Living) -> int:
    """About how many bytes of a file are writes that no longer stand."""
    stood = max(file.writes, 1)
    return max(file.size - _OVERHEAD, 0) * max(stood - living(file.first, file.last), 0) // stood
