"""The application: one window on the user's library, the sample beside it, and what to do when all goes wrong."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, qVersion
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from reader.domain.errors import LibraryDamagedError, ReaderError
from reader.domain.settings import Settings
from reader.services import Library, open_sample_library
from reader.services.process.diagnostics import CrashReport, Diagnostics
from reader.services.process.ownership import Owner
from reader.services.process.threads import prepare_process
from reader.services.resources import resource_path
from reader.ui.app.crash_reports import CrashNews
from reader.ui.app.environment import Environment
from reader.ui.app.garbage_collection import CycleCollector
from reader.ui.app.receiver import FileReceiver
from reader.ui.app.signals import Interrupts
from reader.ui.app.window import MainWindow
from reader.ui.app.workspace import Workspace
from reader.ui.look.themes import ThemeSwitch

if TYPE_CHECKING:
    from reader.ui.app.recovery import RecoveryWindow

_SCREENLESS = frozenset({"offscreen", "minimal"})
_UNSTACKED = _SCREENLESS | {"wayland", "wayland-egl"}
"""Where a window cannot put itself in front, and Qt complains if it tries."""
_ACTIVATION = "XDG_ACTIVATION_TOKEN"
_LONGEST_TOKEN = 256


class Application(QObject):
    """Holds the window of the user's library, and while the sample is shown that one's in front of it.

    The user's library stays open meanwhile, so that later starts find it as ever.
    """

    ended = Signal(int)
    """All is over, and the program is to end with this exit code."""

    def __init__(
        self, application: QApplication, environment: Environment | None = None, owner: Owner | None = None
    ) -> None:
        """Nothing is open yet. ``owner`` takes what later starts hand over."""
        super().__init__(application)
        self._application = application
        self._environment = environment or Environment()
        self._owner = owner
        self._themes = ThemeSwitch(application)
        self._home: MainWindow | None = None
        self._receiver: FileReceiver | None = None
        self._recovery: RecoveryWindow | None = None
        self._quits = False
        self.window: MainWindow | None = None
        """The window that is shown."""

    def open(self, folder: Path | None, files: Sequence[Path] = ()) -> None:
        """Open the library in ``folder`` (None: the usual one); raises :class:`ReaderError`."""
        if self._owner is not None and self._owner.damage is not None:
            raise self._owner.damage
        window = self._make(Library(folder), is_sample=False)
        self._home = self.window = window
        window.closing.connect(self._stop_serving)
        window.keeping.damage_found.connect(self._damage_found)
        window.show()
        window.begin(files)
        window.keeping.start()
        if self._owner is not None:
            self._receiver = FileReceiver(self.take_files, window)
            self._owner.serve(self._receiver.take)
            if self._owner.needs_check:
                window.keeping.look_after_crash(self._owner)

    def recover(self, folder: Path, damage: LibraryDamagedError, files: Sequence[Path] = ()) -> None:
        """Offer ways back from a database that cannot be opened; then open the library."""
        from reader.ui.app.recovery import RecoveryWindow

        self._recovery = RecoveryWindow(folder, str(damage))
        self._recovery.recovered.connect(lambda: self._recovered(folder, files))
        self._recovery.given_up.connect(self._give_up)
        self._recovery.show()

    def switch_sample(self) -> None:
        """From the user's library to the sample, which is made on the window's threads, or back."""
        if self.window is None or self._home is None:
            return
        if self.window is self._home:
            self._home.workspace.tasks.read(open_sample_library, self._show_sample)
        else:
            self.window.close()

    def take_files(self, files: Sequence[Path], activation: str) -> None:
        """A later start hands files over: come to the front, with the user's own library, and import them."""
        if self._home is None:
            return
        sample = self.window
        if sample is not None and sample is not self._home:
            self._come_home()
            sample.close()
        if activation and len(activation) <= _LONGEST_TOKEN and activation.isprintable():
            os.environ[_ACTIVATION] = activation  # Qt takes it from there, and removes it
        if self._home.isMinimized():
            self._home.showNormal()
        if QGuiApplication.platformName() not in _UNSTACKED:
            self._home.raise_()
        self._home.activateWindow()
        if files:
            self._home.import_files(files)

    def show_report(self, report: CrashReport) -> None:
        """Show a fault that nobody caught."""
        if self.window is not None:
            self.window.show_report(report)

    def save(self) -> None:
        """The session may be about to end: keep what is written, without closing anything."""
        if self._home is not None:
            self._home.save()

    def close(self) -> None:
        """Close what is still open."""
        self._quits = True
        for window in {self.window, self._home}:
            if window is not None:
                window.close()
        if self._recovery is not None:
            self._recovery.close()

    def _make(self, library: Library, *, is_sample: bool) -> MainWindow:
        # The sample looks and listens to keys as the user is used to; where exports go is none of its business.
        mine = self._home.settings.settings if is_sample and self._home is not None else None
        given = Settings(mine.appearance, mine.reading, mine.keys) if mine is not None else None
        window = MainWindow(Workspace(library), self._themes, self._environment, is_sample=is_sample, settings=given)
        # A window must not be deleted while one of its own signals is being delivered, hence the queued call.
        window.sample_wanted.connect(self._switch_soon)
        return window

    def _show_sample(self, library: Library) -> None:
        if self.window is not self._home or self._home is None:
            library.close()  # it was asked for twice
            return
        home, self.window = self._home, self._make(library, is_sample=True)
        self.window.closing.connect(self._come_home)
        self.window.closed.connect(self.window.deleteLater)
        self.window.setGeometry(home.geometry())
        self.window.show()
        home.save()
        home.hide()  # only now: the program ends with its last window
        self.window.begin()

    def _come_home(self) -> None:
        """Show the user's library in the place of the sample, however that is closed; unless everything is."""
        sample, home = self.window, self._home
        if home is None or sample is None or sample is home:
            return
        self.window = home
        if self._quits:
            return
        home.setGeometry(sample.geometry())
        home.appearance.apply()
        home.show()
        home.activateWindow()

    def _stop_serving(self) -> None:
        """The user's library is about to be closed; for good, unless it is to be recovered."""
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.close()
        if self._owner is not None and self._recovery is not None:
            self._owner.serve(None)
        elif self._owner is not None:
            self._owner.end()

    def _damage_found(self, damage: LibraryDamagedError) -> None:
        """The open database is damaged: close it and offer the ways back."""
        home, self._home, self.window = self._home, None, None
        if home is not None:
            home.keeping.backups.stop()
            self.recover(home.workspace.library.folder, damage)
            home.close()
            home.deleteLater()

    def _recovered(self, folder: Path, files: Sequence[Path]) -> None:
        recovery, self._recovery = self._recovery, None
        if self._owner is not None:
            self._owner.mark_checked()
        try:
            self.open(folder, files)
        except ReaderError as error:
            tell(error)
            self.ended.emit(1)
        if recovery is not None:
            recovery.deleteLater()

    def _give_up(self) -> None:
        self._recovery = None
        self.ended.emit(1)

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


def show_error(error: ReaderError, arguments: Sequence[str]) -> None:
    """Say in a box why there is no window, where nothing of Qt runs yet."""
    application = make_application(arguments)
    tell(error)
    application.quit()


def tell(error: ReaderError) -> None:
    """Say in a box why there is no window; a start from the desktop has no console to read."""
    if QGuiApplication.platformName() not in _SCREENLESS:
        box = QMessageBox(QMessageBox.Icon.Warning, "Lectern", "")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(str(error))
        box.exec()


def run_window(
    library_folder: Path | None,
    files: Sequence[Path],
    *,
    owner: Owner | None = None,
    arguments: Sequence[str] = ("lectern",),
) -> int:
    """Open the window on a library, import ``files`` into it, and return the exit code once it is closed.

    ``owner`` has the library's lock and is served by the window. ``arguments`` go to Qt, which understands
    ``-platform`` and the like. Raises :class:`ReaderError` where the library cannot be opened, after having said so.
    """
    prepare_process()
    application = make_application(arguments)
    news = CrashNews(application)
    with Diagnostics(on_crash=news.tell, about=f"Qt {qVersion()}") as diagnostics:
        program = Application(application, replace(Environment(), record=diagnostics.record), owner)
        news.show = program.show_report
        program.ended.connect(application.exit)
        # Both before the library is open: from then on there are other threads.
        interrupts, collector = Interrupts(application), CycleCollector(application)
        try:
            _open(program, library_folder, files)
            return _run(application, program)
        finally:
            collector.stop()
            interrupts.stop()


def _run(application: QApplication, program: Application) -> int:
    """Until the last window is closed; the exit code."""
    application.commitDataRequest.connect(program.save)
    try:
        return application.exec()
    finally:
        program.close()


def _open(program: Application, folder: Path | None, files: Sequence[Path]) -> None:
    """Open the library, or offer to recover it where there is somebody to offer it to."""
    try:
        program.open(folder, files)
    except ReaderError as error:
        has_screen = QGuiApplication.platformName() not in _SCREENLESS
        if isinstance(error, LibraryDamagedError) and folder is not None and has_screen:
            program.recover(folder, error, files)
            return
        tell(error)
        raise
