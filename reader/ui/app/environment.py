"""What the window asks of the world around it: the browser, file dialogs, the clock, other processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from reader.services.process.diagnostics import CrashReport, report_on
from reader.services.process.pdf_reader import default_reader
from reader.ui.app.browser import Opener
from reader.ui.app.file_dialogs import FileDialogs
from reader.ui.launch import start_window


@dataclass(frozen=True, slots=True)
class Environment:
    """What the window asks of the world around it; tests bring their own."""

    opener: Opener = field(default_factory=Opener)
    chooser: FileDialogs = field(default_factory=FileDialogs)
    clock: Callable[[], float] = time.monotonic
    record: Callable[[BaseException], CrashReport | None] = report_on
    """Notes a fault; its report, or None if it was shown before."""
    start_window: Callable[[Path], bool] = start_window
    """Opens a window on another library."""
    default_reader: Callable[[], str] = default_reader
    """Names the desktop entry of the system's program for PDF files; asked off the GUI thread."""
