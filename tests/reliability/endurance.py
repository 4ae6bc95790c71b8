"""Open and close windows a great many times, then press keys by chance in one; what is left behind.

``python -m tests.reliability.endurance FOLDER OPENINGS EVENTS``, as a process of its own, whose memory nothing else
uses. Prints what it measured as JSON.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import random
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from reader.services import Library
from reader.services.resources import resource_path
from reader.ui.app.browser import Opener
from reader.ui.app.environment import Environment
from reader.ui.app.window import MainWindow
from reader.ui.app.workspace import Workspace
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.commands.table import COMMANDS
from reader.ui.look.themes import Scheme, ThemeSwitch
from reader.ui.overlays.overlay import Overlay
from tests.patience import PATIENCE
from tests.reliability.window_tour import Chooser
from tests.services.support import finish
from tests.ui.pressing import key_events

_LEAVES = {"window.close", "view.full_screen", "library.sample"}
_TYPED = [Key(char) for char in "abcehnrst09"] + [Key("Tab"), Key("Enter"), Key("Backspace"), Key("Esc")]
_SAMPLES = 20
_HARMLESS = ("This plugin does not support",)
"""What Qt says on a platform without a screen."""


class Endurance:
    """Windows on one library, and what the process has to show for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.messages: list[str] = []
        self.errors: list[str] = []
        qInstallMessageHandler(self._take_message)
        sys.excepthook = self._take_error
        self.application = QApplication([])
        self.application.setStyle("Fusion")
        self.themes = ThemeSwitch(self.application, Scheme.LIGHT)
        (folder / "out").mkdir()
        with Library(folder / "library") as library:
            finish(library.imports.paths([resource_path("sample", "daily-papers-sample.txt")]))

    def _take_message(self, kind: QtMsgType, context: object, message: str) -> None:
        if not message.startswith(_HARMLESS):
            self.messages.append(message)

    def _take_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        places = [f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
        self.errors.append(f"{error!r} in {' > '.join(places[-4:])}")

    def open(self) -> MainWindow:
        """A window on the library, at rest."""
        chooser = Chooser(self.folder)
        environment = Environment(Opener(lambda _: True), chooser, start_window=lambda _: True)
        window = MainWindow(Workspace(Library(self.folder / "library")), self.themes, environment)
        window.show()
        window.activateWindow()
        window.begin()
        self.settle(window)
        return window

    def settle(self, window: MainWindow) -> None:
        end, still = time.monotonic() + PATIENCE, 0
        while still < 2 and time.monotonic() < end:
            self.application.processEvents()
            still = still + 1 if window.workspace.tasks.is_idle else 0
            if not still:
                time.sleep(0.001)

    def close(self, window: MainWindow) -> None:
        """Close a window and let Qt delete it."""
        window.close()
        window.deleteLater()
        self.sweep()

    def sweep(self) -> None:
        """Delete what is to be deleted."""
        for _ in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            self.application.processEvents()
        gc.collect()

    def left(self) -> dict[str, int]:
        """What there is now: memory in bytes, threads, widgets and timers."""
        self.sweep()
        objects = gc.get_objects()
        return {
            "memory": psutil.Process().memory_info().rss,
            "threads": threading.active_count(),
            "widgets": len(QApplication.allWidgets()),
            "windows": sum(isinstance(found, MainWindow) for found in objects),
            "timers": sum(isinstance(found, QTimer) for found in objects),
            "objects": sum(isinstance(found, QObject) for found in objects),
        }

    def open_and_close(self, times: int) -> list[dict[str, int]]:
        """So many windows, one after the other; what there was after each so manieth."""
        samples = []
        for number in range(times):
            self.close(self.open())
            if number % every(times) == 0 or number == times - 1:
                samples.append(self.left())
        return samples

    def press(self, events: int) -> list[dict[str, int]]:
        """So many keys by chance, half of them commands'; what there was after each so manieth."""
        dice = random.Random(13)
        window = self.open()
        window.runner._acts["window.close"] = lambda: None  # the palette may hit upon it
        chords = [chord for command in COMMANDS if command.id not in _LEAVES for chord in command.chords]
        keys = [*(key for chord in chords for key in chord), *_TYPED, Key("Down", Modifier.SHIFT)]
        samples = []
        for number in range(events):
            for event in key_events(dice.choice(keys)):
                QApplication.sendEvent(QApplication.focusWidget() or window, event)
            if number % 7 == 0:
                self.application.processEvents()
            if number % 100 == 0:
                self.settle(window)
            if number % 250 == 249:
                self.calm(window)
            if number % every(events) == 0 or number == events - 1:
                self.calm(window)
                samples.append(self.left())
        self.close(window)
        del window
        samples.append(self.left())
        return samples

    def calm(self, window: MainWindow) -> None:
        """Nothing over the window, and every paper there."""
        self.settle(window)
        for overlay in window.findChildren(Overlay):
            overlay.dismiss()
        for _ in range(6):
            window.runner.run("go.escape")
        window.runner.run("view.default_size")
        window.runner.run("go.all")
        self.settle(window)


def every(count: int) -> int:
    """After how many of so many to take a sample: twenty are enough, and of a few two."""
    return max(1, count // min(_SAMPLES, max(2, count // 50)))


def main() -> None:
    """Run and print; ends at once whatever happens."""
    faulthandler.dump_traceback_later(3000, exit=True)
    try:
        endurance = Endurance(Path(sys.argv[1]))
        told = {
            "windows": endurance.open_and_close(int(sys.argv[2])),
            "keys": endurance.press(int(sys.argv[3])),
            "messages": endurance.messages,
            "errors": endurance.errors,
        }
        print(json.dumps(told), flush=True)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
