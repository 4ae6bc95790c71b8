"""Labels and buttons as this program uses them: plain text only, named for screen readers."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QGuiApplication, QHelpEvent, QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from reader.services.resources import resource_path

_LONGEST_TEXT = 4_096
_LEAST_LETTERS = 6
"""What stays of a button that gives way."""


def plain_label(text: str, *, name: str = "", wrap: bool = False, **looks: bool) -> QLabel:
    """A label that never takes its text for markup; ``name`` says what it tells, for screen readers.

    ``wrap`` breaks the text into lines. ``looks`` are properties that the style sheet knows: ``quiet``, ``strong``,
    ``error``, ``key``.
    """
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if name:
        label.setAccessibleName(name)
    for look, is_on in looks.items():
        label.setProperty(look, is_on)
    return label


def heading_label(text: str, scale: float = 1.18) -> QLabel:
    """A title above other text, ``scale`` times as large."""
    heading = plain_label(text, wrap=True)
    font = QFont(heading.font())
    font.setWeight(QFont.Weight.DemiBold)
    font.setPointSizeF(font.pointSizeF() * scale)
    heading.setFont(font)
    return heading


Part = QWidget | QLayout | int | None
"""What stands in a row or column: a widget, a layout, space in pixels, or None for the room that is left over."""


Margins = tuple[int, int, int, int]
"""Space around parts in pixels: left, top, right, bottom."""


def row_of(
    *parts: Part, spacing: int = -1, margins: Margins = (0, 0, 0, 0), grows: QWidget | QLayout | None = None
) -> QHBoxLayout:
    """Parts side by side; ``grows``, or text that is cut where there is no room, takes what is left over."""
    row = QHBoxLayout()
    row.setContentsMargins(*margins)
    row.setSpacing(spacing)
    add_parts(row, *parts, grows=grows)
    return row


def column_of(
    *parts: Part, spacing: int = 8, margins: Margins = (0, 0, 0, 0), grows: QWidget | QLayout | None = None
) -> QVBoxLayout:
    """Parts one below the other; ``grows`` takes what is left over."""
    column = QVBoxLayout()
    column.setContentsMargins(*margins)
    column.setSpacing(spacing)
    add_parts(column, *parts, grows=grows)
    return column


def add_parts(layout: QBoxLayout, *parts: Part, grows: QWidget | QLayout | None = None) -> None:
    """Add parts to a row or a column; ``grows``, one of them, takes the room that is left over."""
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part, part is grows)
        else:
            is_cut = isinstance(part, ElidingLabel) and isinstance(layout, QHBoxLayout)
            layout.addWidget(part, part is grows or is_cut)


def text_line(name: str, limit: int = _LONGEST_TEXT, *, text: str = "", placeholder: str = "") -> QLineEdit:
    """A line to type at most ``limit`` characters in; ``name`` is for screen readers."""
    line = QLineEdit(text, placeholderText=placeholder)
    line.setAccessibleName(name)
    limit_text(line, limit)
    return line


def read_only_text(name: str, text: str = "") -> QPlainTextEdit:
    """Plain text to read, scroll and copy; Tab leaves it."""
    made = QPlainTextEdit(text, readOnly=True, tabChangesFocus=True)
    made.setAccessibleName(name)
    return made


def progress_bar() -> QProgressBar:
    """A bar without a number."""
    bar = QProgressBar(textVisible=False)
    bar.setAccessibleName("Progress")
    return bar


def add_clear_button(line: QLineEdit) -> None:
    """Give a line of text a button that empties it; Qt's own has no name."""
    line.setClearButtonEnabled(True)
    for made in line.findChildren(QToolButton):
        made.setAccessibleName("Clear")


def limit_text(line: QLineEdit, characters: int) -> None:
    """Let a line hold ``characters`` of any script whole: Qt counts UTF-16, in which some take two."""
    line.setMaxLength(2 * characters)


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

    def __init__(self, name: str, text: str = "", *, quiet: bool = False) -> None:
        """``name`` says what it tells, for screen readers."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self.setText(text)
        self.setProperty("quiet", quiet)
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


class ElidingButton(QPushButton):
    """A button that cuts its text where it is made narrower than that; its tool tip is then the whole text."""

    def give_way(self) -> None:
        """Let layouts make this narrower than its text, where the text is so large that not all has room."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Room for some letters; only what gives way is made as narrow as that."""
        whole = super().sizeHint()
        beside = whole.width() - self.fontMetrics().horizontalAdvance(self._words())
        return QSize(
            min(whole.width(), beside + _LEAST_LETTERS * self.fontMetrics().averageCharWidth()), whole.height()
        )

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Draw as much of the text as there is room for."""
        super().initStyleOption(option)
        option.text = self._cut(option).replace("&", "&&")

    def event(self, event: QEvent) -> bool:
        """The tool tip is the whole text, where it was cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.is_cut:
            QToolTip.showText(event.globalPos(), html.escape(self._words()), self)
            return True
        return super().event(event)

    @property
    def is_cut(self) -> bool:
        """Whether there is no room for the whole text."""
        option = QStyleOptionButton()
        super().initStyleOption(option)
        return self._cut(option) != self._words()

    def _cut(self, option: QStyleOptionButton) -> str:
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        return self.fontMetrics().elidedText(self._words(), Qt.TextElideMode.ElideRight, room)

    def _words(self) -> str:
        return self.text().replace("&&", "&")


def button(
    text: str, act: Callable[[], object] | None = None, *, name: str = "", primary: bool = False, quiet: bool = False
) -> ElidingButton:
    """A push button that calls ``act``, a method of a widget.

    ``primary`` is for what most people will want, ``quiet`` for one in a line of text.
    """
    made = ElidingButton(text.replace("&", "&&"))
    made.setAccessibleName(name or text)
    made.setProperty("primary", primary)
    made.setProperty("quiet", quiet)
    made.setAutoDefault(False)
    if act is not None:
        made.clicked.connect(act)
    return made


def chip_button(text: str, act: Callable[[], object] | None = None, *, name: str = "") -> ElidingButton:
    """A button that is on or off."""
    made = button(text, act, name=name)
    made.setProperty("chip", True)
    made.setCheckable(True)
    return made
