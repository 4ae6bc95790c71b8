"""What holds for the whole process of a window: how its threads take turns, and how memory goes back to the system."""

from __future__ import annotations

import ctypes
import sys

_SWITCH_SECONDS = 0.0001
"""How long a busy Python thread may keep the interpreter from the window's. Painting asks for it hundreds of times."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""Parameters of glibc's ``mallopt(3)``."""
_ARENAS = 2
_LARGE_BYTES, _KEPT_BYTES = 1 << 20, 8 << 20


def prepare_process() -> None:
    """Have the window's thread wait for others only shortly, and keep little memory that is not used.

    Call it before threads begin. Without the latter, which only glibc knows, each thread's heap keeps what an import
    or a view of 100,000 papers took at most: some 60 MB after a while.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            library.mallopt(_M_ARENA_MAX, _ARENAS)
            library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
            library.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
