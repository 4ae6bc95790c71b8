"""A text browser that shows what is written into it, and by itself loads nothing, opens nothing and goes nowhere."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget


class SealedBrowser(QTextBrowser):
    """Shows hostile text safely; links are signals for others to judge."""

    def __init__(self, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        """Empty at first. ``object_name`` is the style sheet's, ``accessible_name`` the screen reader's."""
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(QColor(0, 0, 0, 0))

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """An empty picture for every resource: None would let Qt read local files."""
        return self._nothing

    def doSetSource(
        self, url: QUrl | str, kind: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource
    ) -> None:
        """Go nowhere: pages are written, never loaded."""
