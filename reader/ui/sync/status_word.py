"""The word in the status line that says how synchronising stands."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import button
from reader.ui.look.style_sheet import restyle
from reader.ui.shell.status_line import StatusLine
from reader.ui.sync.syncing import Syncing
from reader.ui.sync.wording import last_words, status_word

_RUNNING_AFTER_MS = 700
"""What is over sooner is not worth a change of words."""


class StatusWord(QObject):
    """Follows the runs; a click opens the sheet."""

    def __init__(self, workspace: Workspace, line: StatusLine, syncing: Syncing, opened: Callable[[], object]) -> None:
        """Shown from :meth:`start` on."""
        super().__init__(workspace)
        self._workspace, self._syncing = workspace, syncing
        self.word = button("", opened, name="Sync", quiet=True)
        self.word.setObjectName("sync_word")
        self.word.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.word.give_way()
        self.word.hide()
        line.add_word(self.word)
        self._is_long = False
        self._long = make_timer(self, self._runs_long, _RUNNING_AFTER_MS)
        syncing.changed.connect(self.show)

    def show(self) -> None:
        """Say how things stand now."""
        syncing, status = self._syncing, self._syncing.status
        self.word.setVisible(status is not None)
        if status is None:
            return
        if not syncing.is_running:
            self._is_long = False
            self._long.stop()
        elif not self._is_long and not self._long.isActive():
            self._long.start()
        now = self._workspace.library.subscriptions.present()
        trouble = syncing.trouble
        text = status_word(status, now, is_running=self._is_long, is_missing=syncing.is_missing, trouble=trouble)
        self.word.setText(text)
        self.word.setAccessibleName(text)
        self.word.setToolTip(html.escape(trouble or f"Last sync: {last_words(status, now)}"))
        restyle(self.word, error=bool(syncing.trouble))

    def _runs_long(self) -> None:
        self._is_long = self._syncing.is_running
        self.show()
