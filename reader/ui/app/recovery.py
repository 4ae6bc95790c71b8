"""The window shown where a library cannot be opened: what happened, and the ways back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLayout, QPushButton, QWidget

from reader.domain.backups import CountedDifference
from reader.domain.errors import ReaderError
from reader.services.latex_to_unicode import shown_line
from reader.services.process.lock import without_users
from reader.ui.app.tasks import Tasks
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.look.labels import (
    add_parts,
    button,
    column_of,
    heading_label,
    icon_label,
    plain_label,
    progress_bar,
    row_of,
)
from reader.ui.look.style_sheet import restyle
from reader.ui.look.wording import counted

if TYPE_CHECKING:
    from reader.services.copies.salvage import RecoveryOffer, SalvageReport

_WIDTH, _ICON_SIZE = 620, 64
_MARGIN = 32
_SENTENCE_LIMIT, _PROBLEM_LIMIT, _MOST_PROBLEMS = 400, 160, 4


class RecoveryWindow(QWidget):
    """Offers to restore the newest backup or to salvage what can be read. For the holder of the library's lock.

    The damaged database is moved aside, never deleted, whatever is chosen.
    """

    recovered = Signal()
    """The library is sound again, and the user wants to open it."""
    given_up = Signal()
    """The user closed the window; the library is as it was, or recovered and not opened."""

    def __init__(self, folder: Path, sentence: str) -> None:
        """``sentence`` says what is wrong with the library in ``folder``. The search for backups begins at once."""
        super().__init__()
        self._folder = folder
        self._backup: Path | None = None
        self._is_recovered = False
        self._tasks = Tasks(self)
        self._tasks.crashed.connect(self._failed)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Lectern")
        self.setAccessibleName("Recovery")
        self.setMinimumWidth(_WIDTH)
        self.heading = heading_label("This library cannot be opened", 1.5)
        self.sentence = _paragraph("What happened", shown_line(sentence, _SENTENCE_LIMIT))
        self.promise = _paragraph(
            "What happens to the damaged database",
            "Nothing is deleted. Either way, the damaged database is kept in the library’s folder “aside”.",
            quiet=True,
        )
        self.offer = _paragraph("The newest backup", "Looking for backups…")
        self.missing = _paragraph("What a restore would change", quiet=True)
        self.bar = progress_bar()
        self.bar.setRange(0, 0)
        self.quit_button = button("Quit", self.close)
        self.salvage_button = button("Salvage what can be read", self.salvage)
        self.restore_button = button("Restore the newest backup", self.restore, primary=True)
        self.open_button = button("Open the library", self._open, primary=True)
        self._lay_out()
        self._wait(True)
        self._tasks.read(partial(_offer_for, folder), self._show_offer, failed=self._failed)

    def restore(self) -> None:
        """Put the newest backup in the place of the damaged database."""
        from reader.services.copies.salvage import recover

        if self._backup is not None:
            self._begin("Restoring…", partial(_alone, recover, self._folder, self._backup), self._restored)

    def salvage(self) -> None:
        """Make a sound database of what can be read, of backups, and of the imported files."""
        from reader.services.copies.salvage import salvage

        words = "Saving what can be read, then adding what backups and imported files have…"
        self._begin(words, partial(_alone, salvage, self._folder), self._salvaged)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as Space does; Esc quits unless work is under way."""
        focus = self.focusWidget()
        if event.key() in ENTER_KEYS and isinstance(focus, QPushButton):
            focus.click()
        elif event.key() == Qt.Key.Key_Escape and self.quit_button.isEnabled():
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait for work that is running: it must not end halfway."""
        self.hide()
        self._tasks.close()
        if not self._is_recovered:
            self.given_up.emit()
        event.accept()

    def _lay_out(self) -> None:
        layout = column_of(spacing=12, margins=(_MARGIN, _MARGIN, _MARGIN, _MARGIN))
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        buttons = row_of(self.quit_button, None, self.salvage_button, self.restore_button, self.open_button)
        add_parts(layout, icon_label(_ICON_SIZE), self.heading, self.sentence, self.promise, 8)
        add_parts(layout, self.offer, self.missing, self.bar, None, 8, buttons)
        self.setLayout(layout)
        self.open_button.hide()

    def _wait(self, is_working: bool) -> None:
        self.bar.setVisible(is_working)
        for widget in (self.salvage_button, self.restore_button, self.quit_button):
            widget.setEnabled(not is_working)
        self.restore_button.setEnabled(not is_working and self._backup is not None)

    def _show_offer(self, offer: RecoveryOffer) -> None:
        if offer.backup is None:
            self.offer.setText(
                "There is no backup to restore. Salvage reads what it can from the damaged database, and imports the "
                "kept files again."
            )
        else:
            self._backup = offer.backup.path
            time = f"{offer.backup.time.astimezone():%Y-%m-%d %H:%M}"
            self.offer.setText(
                f"The newest usable backup is from {time}: {counted(offer.backup.paper_count, 'paper')}."
            )
            self.missing.setText(_missing_words(offer.differences))
        self._wait(False)
        (self.restore_button if self._backup is not None else self.salvage_button).setFocus()
        self.adjustSize()

    def _begin(self, words: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.missing.setText("")
        self.offer.setText(words)
        self._wait(True)
        self._tasks.write(work, done, failed=self._failed)

    def _restored(self, aside: Path | None) -> None:
        self._end("The backup is in place.", aside)

    def _salvaged(self, report: SalvageReport) -> None:
        counts = (
            f"{counted(report.saved, 'paper')} saved from the damaged database, {report.from_backups:,} from backups; "
            f"{counted(report.listings_read_again, 'imported file')} imported again."
        )
        if report.files_left:
            files = counted(len(report.files_left), "imported file")
            counts += f" {files} of unknown listings left out; they are in {report.files_left[0].parent}."
        problems = [shown_line(problem, _PROBLEM_LIMIT) for problem in report.problems[:_MOST_PROBLEMS]]
        self._end("\n".join([counts, *problems]), report.aside)

    def _end(self, words: str, aside: Path | None) -> None:
        self._is_recovered = True
        self.heading.setText("The library can be opened again")
        self.offer.setText(words)
        self.promise.setText(f"The damaged database is kept in {aside}." if aside is not None else "")
        self.sentence.setText("")
        self._wait(False)
        self.salvage_button.hide()
        self.restore_button.hide()
        self.open_button.show()
        self.open_button.setFocus()
        self.adjustSize()

    def _failed(self, error: Exception) -> None:
        """Say why it failed; the other way back is still offered."""
        sentence = str(error) if isinstance(error, ReaderError) else f"This failed ({type(error).__name__})."
        self.offer.setText(shown_line(sentence, _SENTENCE_LIMIT))
        restyle(self.offer, error=True)
        self._wait(False)
        self.salvage_button.setFocus()

    def _open(self) -> None:
        self.recovered.emit()
        self.close()


def _paragraph(name: str, text: str = "", *, quiet: bool = False) -> QLabel:
    label = plain_label(text, name=name, quiet=quiet, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumWidth(_WIDTH - 2 * _MARGIN)
    return label


def _missing_words(differences: tuple[CountedDifference, ...] | None) -> str:
    """What restoring would lose, as far as the damaged database can still be read."""
    if differences is None:
        return "What it lacks is unknown: the damaged database cannot be read."
    lost = [
        f"{found.only_here + found.changed:,} {found.what}" for found in differences if found.only_here + found.changed
    ]
    if not lost:
        return "It appears to lack nothing."
    return f"It lacks, or has in an older form: {', '.join(lost)}."


def _offer_for(folder: Path) -> RecoveryOffer:
    # Imported on the reader's thread: it knows all formats, which takes longer than opening a window may.
    from reader.services.copies.salvage import offer_recovery

    return offer_recovery(folder)


def _alone(work: Callable[..., Any], folder: Path, *given: Path) -> Any:
    """Do some work on a library while no command uses it."""
    with without_users(folder):
        return work(folder, *given)
