"""A question that says what the answer would do while it is being typed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from reader.domain.errors import ReaderError
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import button, plain_label, row_of, text_line
from reader.ui.look.style_sheet import restyle
from reader.ui.overlays.overlay import Overlay


def complain(workspace: Workspace, say: Callable[[str], object], error: Exception) -> None:
    """Say what is wrong with what was typed where it stands; any other error is a failure of the window."""
    if isinstance(error, ReaderError):
        say(str(error))
    else:
        workspace.report_failure(error)


class PreviewSheet(Overlay):
    """Lines to type in, a preview of what accepting them does, and two buttons.

    Enter accepts, but never before the preview of what was typed has been shown; Esc cancels.
    """

    preview: QLabel
    do_button: QPushButton
    leave_button: QPushButton

    def __init__(self, window: QWidget, workspace: Workspace, name: str, *, width: int) -> None:
        """Begin with a heading. A subclass adds its lines, then calls :meth:`add_preview` and :meth:`open`."""
        super().__init__(window, name, width=width)
        self._workspace = workspace
        self._token = CancelToken()
        self._is_previewed = self._is_accepted = False
        self.add_heading(name)

    def add_line(self, name: str, text: str, limit: int) -> QLineEdit:
        """Add a line to type in; ``name`` is for screen readers, ``limit`` a number of characters."""
        edit = text_line(name, limit, text=text)
        edit.returnPressed.connect(self._accept)
        self.add(edit)
        return edit

    def add_preview(self, name: str, lines: int, action: str, *, hint: str = "") -> None:
        """Add room for a preview of so many lines, and the buttons: ``action``, which accepts, and Cancel."""
        self.preview = plain_label("Counting…", name=name, wrap=True)
        self.preview.setMinimumHeight(lines * self.preview.fontMetrics().lineSpacing())
        self.do_button = button(action, self._accept, primary=True)
        self.leave_button = button("Cancel", self.dismiss)
        self.add(self.preview, row_of(plain_label(hint, quiet=True), None, self.leave_button, self.do_button))
        self.closed.connect(self._forget)

    def renew_preview(self) -> None:
        """Ask anew what accepting would do; call it whenever what is typed changes."""
        self._token.cancel()
        self._token = CancelToken()
        self._is_previewed = self._is_accepted = False
        failed = partial(complain, self._workspace, partial(self._say, is_wrong=True))
        self._workspace.tasks.read(self.look(), self._show, failed=failed, token=self._token)

    @abstractmethod
    def look(self) -> Callable[[], Any]:
        """Return a function that finds out, on a reader thread, what accepting would do."""

    @abstractmethod
    def previewed(self, found: Any) -> str:
        """Return the words for what :meth:`look` found."""

    @abstractmethod
    def accept(self) -> None:
        """Do what was asked; the sheet is closed already."""

    def _forget(self) -> None:
        """Cancel a count that nobody waits for any more."""
        self._token.cancel()

    def _show(self, found: Any) -> None:
        if self.isHidden():
            return
        self._is_previewed = True
        self._say(self.previewed(found))
        if self._is_accepted:
            self._accept()

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        self.preview.setText(text)
        restyle(self.preview, error=is_wrong)
        self._place()

    def _accept(self) -> None:
        """Accept, now or as soon as the preview is there."""
        if self.isHidden():
            return
        self._is_accepted = True
        if self._is_previewed:
            self.dismiss()
            self.accept()
