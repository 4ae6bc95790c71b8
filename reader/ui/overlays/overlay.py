"""The frame of everything that opens over the window: a scrim, a panel in its upper middle, and Esc to leave."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QLabel, QLayout, QPushButton, QWidget
from shiboken6 import isValid

from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.look.labels import Part, add_parts, column_of, heading_label, plain_label
from reader.ui.overlays.scrim import Scrim
from reader.ui.shell.status_line import StatusLine

_LEAST_MARGIN = 20
_ABOVE = 0.11
_RESHAPES = frozenset({QEvent.Type.Resize, QEvent.Type.Move})


class Overlay(Scrim):
    """Covers the window while it is open; keys stay within it, and the focus goes back where it was."""

    closed = Signal()
    """The overlay is gone, one way or another."""

    def __init__(
        self, window: QWidget, name: str, *, width: int, height: int | None = None, can_be_left: bool = True
    ) -> None:
        """``name`` is for screen readers; ``height`` None lets the content say. Open it with :meth:`open`.

        One that cannot be left stays until its opener dismisses it.
        """
        super().__init__(window)
        self._window = window
        self.setAccessibleName(name)
        self.hide()
        self._can_be_left = can_be_left
        self._panel_width, self._panel_height = width, height
        self._focus_before: QWidget | None = None
        self.panel = QFrame(self)
        self.panel.setObjectName("overlay")
        self.panel.setAccessibleName(name)
        self.content = column_of(spacing=10, margins=(18, 16, 18, 16))
        self.panel.setLayout(self.content)
        self._status = window.findChild(StatusLine)

    def add(self, *parts: Part, grows: QWidget | QLayout | None = None) -> None:
        """Go on with these parts, one below the other; ``grows`` takes the room that is left over."""
        add_parts(self.content, *parts, grows=grows)

    def add_heading(self, text: str) -> QLabel:
        """Begin the panel with a title, which is returned."""
        heading = heading_label(text)
        self.add(heading)
        return heading

    def add_words(self, text: str, *, name: str = "") -> QLabel:
        """Go on with a quiet paragraph, which is returned."""
        words = plain_label(text, name=name, quiet=True, wrap=True)
        self.add(words)
        return words

    def open(self, focus: QWidget) -> None:
        """Show the overlay and give ``focus`` the keys."""
        self._focus_before = QApplication.focusWidget()
        for watched in (self._window, self._status, self.panel):
            if watched is not None:
                watched.installEventFilter(self)
        self._place()
        self.renew()
        self.show()
        # Rows filled in before were measured without the style that they have within the panel.
        for rows in self.panel.findChildren(QAbstractItemView):
            rows.doItemsLayout()
        self.raise_()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)

    def return_to(self, widget: QWidget) -> None:
        """Have the focus go to ``widget`` afterwards."""
        self._focus_before = widget

    def dismiss(self) -> None:
        """Close the overlay and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        renew_below(self._window)
        # What had the focus may be gone, such as another overlay below this one that was dismissed first.
        if self._focus_before is not None and isValid(self._focus_before) and self._focus_before.isVisible():
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self._let_go_of_focus()
        self.closed.emit()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, Enter presses the button that has the focus; no key reaches what lies below."""
        focus = QApplication.focusWidget()
        presses = event.key() in ENTER_KEYS and not (self.isHidden() or event.isAutoRepeat())
        if event.key() == Qt.Key.Key_Escape and self._can_be_left:
            self.dismiss()
        elif presses and isinstance(focus, QPushButton) and self.isAncestorOf(focus):
            focus.click()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the panel leaves."""
        if self._can_be_left and not self.panel.geometry().contains(event.position().toPoint()):
            self.dismiss()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays within the panel."""
        stops = [
            widget
            for widget in self.panel.findChildren(QWidget)
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not stops:
            return False
        current = QApplication.focusWidget()
        at = stops.index(current) if current in stops else -1
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() in _RESHAPES and watched in {self._window, self._status} and not self.isHidden():
            self._place()
            self.renew()
        elif watched is self.panel and event.type() in _RESHAPES:
            self.renew()
        return False

    def _let_go_of_focus(self) -> None:
        """No key may reach what is hidden, as Qt lets them until it is deleted; see :mod:`reader.ui.app.focus`."""
        has_focus = QApplication.focusWidget()
        if has_focus is not None and self.isAncestorOf(has_focus):
            has_focus.clearFocus()

    def area(self) -> QRect:
        """What is covered of the window: all but its status line, which goes on telling what happens."""
        area = self._window.rect()
        if self._status is not None and not self._status.isHidden():
            top = self._status.mapTo(self._window, QPoint()).y()
            # Otherwise it is not laid out yet.
            if area.height() / 2 < top < area.height():
                area.setHeight(top)
        return area

    def _place(self) -> None:
        area = self.area()
        self.setGeometry(area)
        width = min(self._panel_width, area.width() - 2 * _LEAST_MARGIN)
        top = max(_LEAST_MARGIN, int(area.height() * _ABOVE))
        room = area.height() - top - _LEAST_MARGIN
        wanted = self._panel_height
        if wanted is None:
            hint = self.content.heightForWidth(width) if self.content.hasHeightForWidth() else -1
            wanted = hint if hint > 0 else self.panel.sizeHint().height()
        self.panel.setGeometry((area.width() - width) // 2, top, width, min(wanted, room))


def renew_below(window: QWidget) -> None:
    """What is shown in the window has changed: have the overlays over it show that, too."""
    for overlay in window.findChildren(Overlay, options=Qt.FindChildOption.FindDirectChildrenOnly):
        overlay.renew_soon()
