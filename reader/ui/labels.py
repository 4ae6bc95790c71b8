"""Labels and buttons as this program uses them: plain text only, named for screen readers."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSizePolicy, QToolButton, QToolTip

from reader.services.resources import resource_path


def plain_label(text: str, *, name: str = "", quiet: bool = False) -> QLabel:
    """A label that never takes its text for markup; ``name`` says what it tells, for screen readers."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    if name:
        label.setAccessibleName(name)
    if quiet:
        label.setProperty("quiet", True)
    return label


def add_clear_button(line: QLineEdit) -> None:
    """Give a line of text a button that empties it; Qt's own has no name."""
    line.setClearButtonEnabled(True)
    for made in line.findChildren(QToolButton):
        made.setAccessibleName("Clear")


def icon_label(side: int) -> QLabel:
    """Lectern's icon, ``side`` pixels of the layout wide and high, as sharp as the screen."""
    # Not through QIcon: Qt's cache of pictures keeps what a QIcon drew, and anew for each QIcon of the same file.
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    source = QImageReader(str(resource_path("icons", "lectern.svg")))
    source.setScaledSize(QSize(side, side) * ratio)
    picture = QPixmap.fromImage(source.read())
    picture.setDevicePixelRatio(ratio)
    label = QLabel()
    label.setAccessibleName("Lectern")
    label.setPixmap(picture)
    return label


class ElidingLabel(QLabel):
    """A label on one line that cuts its text where there is no room, and never asks for more room because of it."""

    def __init__(self, name: str) -> None:
        """``name`` says what it tells, for screen readers."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as there is room for."""
        area, middle = self.contentsRect(), Qt.AlignmentFlag.AlignVCenter
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        with QPainter(self) as painter:
            self.style().drawItemText(
                painter, area, middle, self.palette(), self.isEnabled(), text, self.foregroundRole()
            )

    def event(self, event: QEvent) -> bool:
        """The tool tip is the whole text, where it was cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
            QToolTip.showText(event.globalPos(), html.escape(self.text()) if is_cut else "", self)
            return True
        return super().event(event)


def button(text: str, *, name: str = "", primary: bool = False, quiet: bool = False) -> QPushButton:
    """A push button; ``primary`` for what most people will want, ``quiet`` for one in a line of text."""
    made = QPushButton(text.replace("&", "&&"))
    made.setAccessibleName(name or text)
    made.setProperty("primary", primary)
    made.setProperty("quiet", quiet)
    made.setAutoDefault(False)
    return made
