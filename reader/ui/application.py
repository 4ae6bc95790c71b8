"""Starting the window, and going from one library to another."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from reader.domain.errors import ReaderError
from reader.services import Library, open_sample_library
from reader.services.resources import resource_path
from reader.ui.collecting import CycleCollector
from reader.ui.interrupting import Interrupts
from reader.ui.themes import Scheme, ThemeSwitch
from reader.ui.window import MainWindow, Surroundings
from reader.ui.window_state import load_state
from reader.ui.workspace import Workspace

# How long, in seconds, a busy Python thread may keep the interpreter from the GUI thread.
_SWITCH_INTERVAL = 0.0005
_SCREENLESS = frozenset({"offscreen", "minimal"})


class Desk(QObject):
    """Holds the one window there is; opening another library closes the last."""

    def __init__(self, application: QApplication, surroundings: Surroundings | None = None) -> None:
        """Nothing is open yet."""
        super().__init__(application)
        self._application = application
        self._surroundings = surroundings or Surroundings()
        self._folder: Path | None = None
        self._is_sample = False
        self._themes = ThemeSwitch(application)
        self.window: MainWindow | None = None

    def open(self, folder: Path | None, files: Sequence[Path] = ()) -> None:
        """Open the library in ``folder`` (None: the usual one); raises :class:`ReaderError`."""
        library = Library(folder)
        self._folder = library.folder
        self._show(library, files, is_sample=False)

    def switch_sample(self) -> None:
        """From the user's library to the sample, which is made on the old window's threads, or back."""
        if self.window is None:
            return
        if not self._is_sample:
            self.window.workspace.tasks.read(open_sample_library, self._show_sample)
            return
        try:
            self.open(self._folder)
        except ReaderError as error:
            self.window.panes.status.say_error(str(error))

    def _show_sample(self, library: Library) -> None:
        self._show(library, (), is_sample=True)

    def _show(self, library: Library, files: Sequence[Path], *, is_sample: bool) -> None:
        last, self._is_sample = self.window, is_sample
        state = load_state(library.folder)
        if not is_sample and state.scheme in list(Scheme):
            self._themes.choose(Scheme(state.scheme))
        window = MainWindow(Workspace(library), self._themes, self._surroundings, is_sample=is_sample)
        # A window must not be deleted while one of its own signals is being delivered, hence the queued call.
        window.sample_wanted.connect(self._switch_soon)
        self.window = window
        if last is not None:
            window.setGeometry(last.geometry())
        window.show()
        if last is not None:  # only now: the program ends with its last window
            last.close()
            last.deleteLater()
        window.begin(files)

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Show a fault of ours, which Qt would otherwise only print; the window goes on."""
        sys.__excepthook__(kind, error, trace)
        if self.window is not None and not issubclass(kind, KeyboardInterrupt):
            self.window.show_crash(error)

    def _switch_soon(self) -> None:
        QTimer.singleShot(0, self.switch_sample)


def make_application(arguments: Sequence[str]) -> QApplication:
    """The application object with our name, icon and style."""
    application = QApplication(list(arguments))
    application.setApplicationName("Lectern")
    application.setApplicationDisplayName("Lectern")
    application.setDesktopFileName("lectern")
    application.setWindowIcon(QIcon(str(resource_path("icons", "lectern.svg"))))
    application.setStyle("Fusion")
    return application


def _check_screen(arguments: Sequence[str]) -> None:
    """Raise :class:`ReaderError` where there is no screen; Qt itself would end the process with a core dump."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and "-platform" not in arguments and not any(map(os.environ.get, names)):
        raise ReaderError(
            "There is no screen to open a window on; set DISPLAY or WAYLAND_DISPLAY, or use the commands that "
            "“lectern --help” lists."
        )


def _tell(error: ReaderError) -> None:
    """Say in a box why there is no window; whoever started it from a desktop has no console to read."""
    if QGuiApplication.platformName() not in _SCREENLESS:
        box = QMessageBox(QMessageBox.Icon.Warning, "Lectern", "")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(str(error))
        box.exec()


def run_window(library_folder: Path | None, files: Sequence[Path], *, arguments: Sequence[str] = ("lectern",)) -> int:
    """Open the window on a library, import ``files`` into it, and return the exit code once it is closed.

    ``arguments`` go to Qt, which understands ``-platform`` and the like. Raises :class:`ReaderError` where the library
    cannot be opened, after having said so.
    """
    _check_screen(arguments)
    sys.setswitchinterval(_SWITCH_INTERVAL)
    application = make_application(arguments)
    desk = Desk(application)
    try:
        desk.open(library_folder, files)
    except ReaderError as error:
        _tell(error)
        raise
    collector = CycleCollector(application)
    interrupts = Interrupts(application)
    sys.excepthook = desk.report
    try:
        return application.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        interrupts.stop()
        collector.stop()
