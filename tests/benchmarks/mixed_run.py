"""A long run of everything a user does, with a watchdog on the GUI thread.

Keys are drawn by chance from the program's own table of commands, words are typed into whatever takes them, listings
are imported and the index learns them meanwhile. The watchdog measures every turn of the event loop, and a second
thread notes where the GUI thread stands whenever a turn takes too long, so that a figure comes with its reason.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil
from PySide6.QtCore import QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from reader.ui.app.browser import Opener
from reader.ui.app.environment import Environment
from reader.ui.app.file_dialogs import FileDialogs
from reader.ui.commands.key_chords import Key
from reader.ui.commands.table import COMMANDS
from reader.ui.overlays.overlay import Overlay
from tests.benchmarks.window_measuring import Bench, make_library, write_listings
from tests.ui.pressing import key_events

LIMIT_SECONDS = 0.050
_NEVER = frozenset({"window.close", "view.full_screen", "library.sample"})
# Moving and deciding is most of what one does; the rest comes now and then.
_OFTEN = ("go.next", "go.next", "go.next", "go.previous", "go.read_on", "paper.star", "paper.dismiss", "paper.queue")
_TYPED = ("diffusion policy", "sparse", "reward model", "to-try", "3d", "robust graph", "a note about it")
_KEYS_A_SECOND = 12
_IMPORT_EVERY_SECONDS = 45.0


@dataclass
class Watchdog:
    """Measures turns; ``late`` holds, for each that was too long, its seconds, what was pressed, and where it stood.

    What was pressed comes with how much of the time the thread itself worked: the rest it waited for other threads.
    """

    turns: int = 0
    longest: float = 0.0
    late: list[tuple[float, str, str]] = field(default_factory=list)
    _began: float = 0.0
    _seen: str = ""
    _ended: bool = False

    def start(self) -> None:
        """Begin to look over the calling thread's shoulder."""
        self._thread = threading.Thread(target=self._watch, args=(threading.get_ident(),), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no longer."""
        self._ended = True
        self._thread.join()

    def turn(self, what: str, *events: tuple[QWidget, QEvent]) -> None:
        """Send events, let everything happen that is due, and measure both together."""
        self._seen, self._began = "", time.perf_counter()
        worked = time.thread_time()
        for widget, event in events:
            QApplication.sendEvent(widget, event)
        QApplication.processEvents()
        took, self._began = time.perf_counter() - self._began, 0.0
        self.turns += 1
        self.longest = max(self.longest, took)
        if took > LIMIT_SECONDS:
            own = time.thread_time() - worked
            self.late.append((took, f"{what} ({1_000 * own:.0f} ms its own)", self._seen))

    def _watch(self, thread: int) -> None:
        while not self._ended:
            time.sleep(0.005)
            began = self._began
            if began and not self._seen and time.perf_counter() - began > LIMIT_SECONDS * 0.8:
                frame = sys._current_frames().get(thread)
                self._seen = _where(frame) if frame is not None else ""
                # A frame that is kept keeps its variables: a painter that outlives its event crashes Qt.
                del frame


def _where(frame: FrameType) -> str:
    """The innermost calls of ours, outermost first."""
    stack = traceback.StackSummary.extract(traceback.walk_stack(frame), lookup_lines=False)
    calls = [call for call in reversed(stack) if "reader" in Path(call.filename).parts]
    return " > ".join(f"{Path(call.filename).stem}.{call.name}:{call.lineno}" for call in calls[-4:])


def _place(widget: QWidget) -> str:
    """A widget by its class, within what was opened over the window if something was."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, Overlay):
        above = above.parentWidget()
    return "/".join(type(one).__name__ for one in (above, widget) if one is not None)


class _Nobody(FileDialogs):
    """A user who never chooses a file."""

    def listing_files(self, parent: QWidget, folder: Path) -> list[Path]:
        return []

    def listing_folder(self, parent: QWidget, folder: Path) -> Path | None:
        return None

    def backup_file(self, parent: QWidget, folder: Path) -> Path | None:
        return None

    def export_folder(self, parent: QWidget, folder: Path, title: str) -> Path | None:
        return None


class MixedRun:
    """Drives one window for a while."""

    def __init__(self, folder: Path, papers: int, seed: int) -> None:
        """A library of that many papers in ``folder``, made if it is not there."""
        make_library(folder, papers)
        self._random = random.Random(seed)
        self._bench = Bench(folder, Environment(opener=Opener(lambda _: True), chooser=_Nobody()))
        self._papers = papers
        self.watchdog = Watchdog()
        self.pressed: Counter[str] = Counter()
        self.memory: list[int] = []
        self.messages: Counter[tuple[str, str]] = Counter()
        """What Qt complained of, with what was pressed before, and how often."""
        self._last: list[str] = []
        qInstallMessageHandler(self._note_message)

    def run(self, seconds: float) -> None:
        """Do this and that, as a quick user would, for so long."""
        keys = [(command.id, chord) for command in COMMANDS if command.id not in _NEVER for chord in command.chords]
        often = [one for one in keys if one[0] in _OFTEN]
        self.watchdog.start()
        end, imported = time.perf_counter() + seconds, 0.0
        with tempfile.TemporaryDirectory() as listings:
            while (now := time.perf_counter()) < end:
                if now - imported > _IMPORT_EVERY_SECONDS and not self._bench.is_importing:
                    imported = now
                    files = write_listings(Path(listings) / str(now), 2_000, seed=self._random.randrange(10**9))
                    self._bench.begin_import(files)
                command, chord = self._random.choice(often if self._random.random() < 0.6 else keys)
                self.pressed[command] += 1
                self._last = [*self._last[-2:], command]
                for key in chord:
                    self._press(command, key)
                if isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit):
                    self._type(self._random.choice(_TYPED))
                if len(self.memory) <= self.pressed.total() // 200:
                    self.memory.append(psutil.Process().memory_info().rss)
        self.watchdog.stop()

    def close(self) -> None:
        """Close the window."""
        self._bench.close()
        qInstallMessageHandler(None)

    def _note_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        self.messages[(message, " ".join(self._last[-3:]))] += 1

    def _type(self, text: str) -> None:
        for char in text:
            self._press("typing", Key(char if char != " " else "Space"))
        self._press("typing", Key(self._random.choice(["Enter", "Esc", "Down", "Tab"])))
        if self._random.random() < 0.8:
            self._press("typing", Key("Esc"))

    def _press(self, what: str, key: Key) -> None:
        due, place = time.perf_counter() + 1 / _KEYS_A_SECOND, what
        for event in key_events(key):
            widget = QApplication.focusWidget() or self._bench.window
            place = f"{what}, {key} in {_place(widget)}"
            self.watchdog.turn(place, (widget, QKeyEvent(event)))
        while time.perf_counter() < due:
            self.watchdog.turn(f"after {place}")
            time.sleep(0.001)
