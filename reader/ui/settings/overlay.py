"""The settings window: sections on the left, rows on the right, all operated by key; changes take effect at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QListWidget,
    QStackedWidget,
    QWidget,
)

from reader.services.settings.text import SettingProblem
from reader.ui.commands.key_events import ENTER_KEYS, is_key_press
from reader.ui.look.labels import button, column_of, plain_label, row_of
from reader.ui.overlays.overlay import Overlay
from reader.ui.settings.controls import TextLine
from reader.ui.settings.pages import Page

_WIDTH, _HEIGHT = 860, 620
_SECTION_PADDING = 56
_SECTION_SHARE = 0.38
"""The share of the width that sections may take; longer names are cut and shown whole in a tool tip."""
_REFITS = frozenset({QEvent.Type.FontChange, QEvent.Type.StyleChange})
_WALKS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
PROBLEMS = "Problems"


class SettingsOverlay(Overlay):
    """Shows one page of settings at a time; ↑ ↓ walk rows, ← → change one, Tab goes on, Esc closes."""

    def __init__(self, window: QWidget, pages: Mapping[str, Callable[[], Page]], open_file: Callable[[], None]) -> None:
        """``pages`` makes each section's page when it is first shown; ``open_file`` opens the settings file."""
        super().__init__(window, "Settings", width=_WIDTH, height=_HEIGHT)
        self._problem_page = ProblemPage()
        self._makers: dict[str, Callable[[], Page]] = {**pages, PROBLEMS: lambda: self._problem_page}
        self._names = list(self._makers)
        self._made: dict[str, Page] = {}
        hint = plain_label("↑ ↓ move  ·  ← → change  ·  Tab next  ·  Esc closes", quiet=True, wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.list = QListWidget()
        self.list.setObjectName("sections")
        self.list.setAccessibleName("Sections")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.stack = QStackedWidget()
        self.list.addItems(self._names)
        self.file_button = button("Open settings.toml", open_file, quiet=True)
        self.file_button.give_way()
        left = column_of(self.list, self.file_button, spacing=-1, grows=self.list)
        body = row_of(left, self.stack, spacing=18, grows=self.stack)
        self.add(row_of(plain_label("Settings", strong=True), hint, grows=hint), body, grows=body)
        self.list.currentRowChanged.connect(self._turn_to)
        self.closed.connect(self._leave_pages)

    def show_section(self, name: str) -> None:
        """Go to a section."""
        self.list.setCurrentRow(self._names.index(name) if name in self._names else 0)

    def show_problems(self, problems: Sequence[SettingProblem]) -> None:
        """Show the problems of the file; without problems the section is hidden."""
        self._problem_page.show_problems(problems)
        last = len(self._names) - 1
        row = self.list.item(last)
        row.setText(f"{PROBLEMS} ({len(problems):,})")
        row.setHidden(not problems)
        if not problems and self.list.currentRow() == last:
            self.list.setCurrentRow(0)
        self._fit_sections()

    def _fit_sections(self) -> None:
        """Make the sections as wide as their names, but leave most of the width to the rows."""
        room, widest = int(self.panel.width() * _SECTION_SHARE), 0
        for item in map(self.list.item, range(self.list.count())):
            width = self.list.fontMetrics().horizontalAdvance(item.text()) + _SECTION_PADDING
            item.setToolTip(item.text() if width > room else "")
            widest = max(widest, width)
        self.list.setFixedWidth(min(widest, room))
        self.file_button.setFixedWidth(min(self.file_button.sizeHint().width(), room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the rows; Esc discards typed text, then closes."""
        focus, key = QApplication.focusWidget(), event.key()
        line = focus.parentWidget() if focus is not None else None
        if key in _WALKS:
            self._walk(_WALKS[Qt.Key(key)])
        elif key in ENTER_KEYS and isinstance(focus, QAbstractButton):
            focus.click()
        elif key != Qt.Key.Key_Escape or not isinstance(line, TextLine) or not line.revert():
            super().keyPressEvent(event)
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the sections, → and Enter go to the rows; the sections follow the size of the panel and of the text."""
        if (watched is self.panel and event.type() == QEvent.Type.Resize) or (
            watched is self.list and event.type() in _REFITS
        ):
            self._fit_sections()
        if watched is self.list and is_key_press(event):
            if event.key() in ENTER_KEYS or event.key() == Qt.Key.Key_Right:
                self._page.focus_first()
                return True
            if event.text() == "," and self.list.hasFocus():
                self.dismiss()
                return True
        return super().eventFilter(watched, event)

    def _leave_pages(self) -> None:
        for page in self._made.values():
            page.leave()

    def _turn_to(self, at: int) -> None:
        if at >= 0:
            self.stack.setCurrentWidget(self.page(self._names[at]))

    def page(self, name: str) -> Page:
        """The page of a section."""
        if name not in self._made:
            page = self._made[name] = self._makers[name]()
            page.setAccessibleName(name)
            self.stack.addWidget(page)
        return self._made[name]

    @property
    def pages(self) -> list[tuple[str, Page]]:
        """Every section's name and page."""
        return [(name, self.page(name)) for name in self._names]

    @property
    def _page(self) -> Page:
        return self.page(self._names[self.list.currentRow()])

    def _walk(self, step: int) -> None:
        """Move to the next row that can be changed; from the first, up to the sections."""
        stops, focus = self._page.stops(), QApplication.focusWidget() or self
        at = next((at for at, stop in enumerate(stops) if focus is stop or stop.isAncestorOf(focus)), None)
        if at is None:
            self._page.focus_first()
        elif at + step < 0:
            self.list.setFocus()
        elif at + step < len(stops):
            stops[at + step].setFocus()
            self._page.ensureWidgetVisible(stops[at + step], 0, 40)


class ProblemPage(Page):
    """The problems of the file, each with its line."""

    def __init__(self) -> None:
        """Empty at first."""
        super().__init__()
        self._words = plain_label("", name=PROBLEMS, wrap=True)
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(plain_label("Ignored, and kept in settings.toml:", quiet=True, wrap=True))
        self.column.addWidget(self._words, 1)

    def show_problems(self, problems: Sequence[SettingProblem]) -> None:
        """Show these problems."""
        self._words.setText("\n\n".join(map(str, problems)))

    def stops(self) -> list[QWidget]:
        """The text, to read and copy."""
        return [self._words]
