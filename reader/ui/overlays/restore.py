"""Choosing a backup to go back to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QWidget

from reader.domain.backups import Backup
from reader.ui.labels import button, plain_label
from reader.ui.overlays.overlay import Overlay


class RestoreSheet(Overlay):
    """Lists the backups, newest first; a file from elsewhere can be chosen, too."""

    def __init__(
        self,
        window: QWidget,
        backups: Sequence[Backup],
        labels: Sequence[str],
        *,
        chosen: Callable[[Path], None],
        choose_file: Callable[[], Path | None],
    ) -> None:
        """``labels`` say what each backup is. Opens at once."""
        super().__init__(window, "Restore", width=560, height=420)
        self._backups = tuple(backups)
        self._chosen = chosen
        self._choose_file = choose_file
        self.add_heading("Go back to a backup")
        words = (
            "What the library holds now is kept aside, so nothing is lost."
            if backups
            else "This library has no backups yet. A backup from elsewhere can be chosen."
        )
        self.content.addWidget(plain_label(words, quiet=True))
        self.list = QListView()
        self.list.setAccessibleName("Backups")
        self.list.setModel(QStringListModel(list(labels), self))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setUniformItemSizes(True)
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        self.list.doubleClicked.connect(self._accept)
        self.content.addWidget(self.list, 1)
        self.file_button = button("Choose a file…")
        self.file_button.clicked.connect(self._from_file)
        self.restore_button = button("Restore", primary=True)
        self.restore_button.setEnabled(bool(backups))
        self.restore_button.clicked.connect(self._accept)
        row = QHBoxLayout()
        row.addWidget(self.file_button)
        row.addStretch(1)
        row.addWidget(self.restore_button)
        self.content.addLayout(row)
        self.open(self.list if backups else self.file_button)

    def keyPressEvent(self, event: object) -> None:
        """Enter restores what is marked."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.list.hasFocus():
            self._accept()
        super().keyPressEvent(event)

    def _accept(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self._backups):
            self.dismiss()
            self._chosen(self._backups[row].path)

    def _from_file(self) -> None:
        path = self._choose_file()
        if path is not None:
            self.dismiss()
            self._chosen(path)
