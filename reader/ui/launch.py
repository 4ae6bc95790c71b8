"""Starting the window: who has the library is settled before anything of Qt is loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from reader.domain.errors import ReaderError
from reader.services.library.location import default_library_folder
from reader.services.process.ownership import Owner, claim_or_hand_over

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def open_window(library: Path | None, files: Sequence[Path], *, arguments: Sequence[str] = ("lectern",)) -> int:
    """Open the window on a library, or hand ``files`` over to the one that has it open; returns the exit code.

    ``library`` None is the usual one; ``arguments`` go to Qt. Raises :class:`ReaderError` where there can be no window,
    after having said so in a box where there is a screen.
    """
    folder = (library or default_library_folder()).expanduser().absolute()
    try:
        owner = claim_or_hand_over(folder, files, take_damaged=True)
    except ReaderError as error:
        if has_screen(arguments):
            from reader.ui.app.application import show_error

            show_error(error, arguments)
        raise
    if owner is None:
        return 0
    with owner:
        _check_screen(owner, arguments)
        from reader.ui.app.application import run_window

        return run_window(folder, files, owner=owner, arguments=arguments)


def has_screen(arguments: Sequence[str]) -> bool:
    """Whether a window could be shown."""
    return not sys.platform.startswith("linux") or "-platform" in arguments or any(map(os.environ.get, _SCREENS))


def _check_screen(owner: Owner, arguments: Sequence[str]) -> None:
    """Raise :class:`ReaderError` where there is no screen; Qt itself would end the process with a core dump."""
    if has_screen(arguments):
        return
    if owner.damage is not None:
        raise owner.damage
    raise ReaderError(
        "There is no screen to open a window on; set DISPLAY or WAYLAND_DISPLAY, or use the commands that "
        "“lectern --help” lists."
    )


def start_window(library: Path) -> bool:
    """Open a window on another library, in a process of its own; whether it could be started."""
    from PySide6.QtCore import QProcess

    code = "from reader.cli import window_main; window_main()"
    root = Path(__file__).resolve().parents[2]  # a checkout that is not installed is found from there
    started, _ = QProcess.startDetached(sys.executable, ["-c", code, "--library", str(library)], str(root))
    return bool(started)
