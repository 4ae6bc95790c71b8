"""The parts of a query as small buttons below the box; keys reach and remove them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from reader.domain.query import Chip
from reader.services.latex_to_unicode import shown_line
from reader.ui.commands.key_events import is_key_press
from reader.ui.look.flow_layout import FlowRow
from reader.ui.look.labels import button

_TEXT_LIMIT = 60
_REMOVING = {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}
_LEAVING = {Qt.Key.Key_Up, Qt.Key.Key_Escape}


class ChipRow(FlowRow):
    """The scope of the search and the parts of the query, on as many lines as needed."""

    removed = Signal(object)
    """The :class:`Chip` to take out of the query."""
    scope_toggled = Signal(bool)
    """Whether to search in the view only."""
    order_toggled = Signal(bool)
    """Whether the best match is to stand first, not the newest paper."""
    left = Signal()
    """The user wants to go back to the box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Shows no parts at first."""
        super().__init__(parent)
        self._chips: dict[QPushButton, Chip] = {}
        self.scope = self._made("in this view", "Search in this view only")
        self.scope.setCheckable(True)
        self.scope.toggled.connect(self.scope_toggled)
        self.order = self._made("best match first", "Best match first, titles before texts; otherwise the newest first")
        self.order.setCheckable(True)
        self.order.toggled.connect(self.order_toggled)
        self.order.hide()

    @property
    def buttons(self) -> list[QPushButton]:
        """The parts' buttons, in the order of the query."""
        return list(self._chips)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show the parts of a query; the focus stays at its place among them."""
        at = next((number for number, one in enumerate(self._chips) if one.hasFocus()), None)
        for one in self._chips:
            one.removeEventFilter(self)
            one.hide()
            one.deleteLater()
        self._chips = {}
        for chip in chips:
            text = shown_line(chip.text, _TEXT_LIMIT)
            made = self._made(f"{text}  ×", f"Remove {text} from the search")
            made.clicked.connect(self._clicked)
            self._chips[made] = chip
            made.show()
        self.place()
        if at is not None:
            stops = self.buttons or [self.scope]
            stops[min(at, len(stops) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_scope_offered(self, offered: bool) -> None:
        """Whether there is a view to search in that is not the whole library."""
        self.scope.setVisible(offered)
        self.place()

    def set_scope(self, checked: bool) -> None:
        """Show whether the search is within the view, without telling anyone."""
        self.scope.blockSignals(True)
        self.scope.setChecked(checked)
        self.scope.blockSignals(False)

    def set_order(self, by_relevance: bool, *, offered: bool) -> None:
        """Show whether the best match stands first, without telling anyone; and whether that can be chosen here."""
        self.order.blockSignals(True)
        self.order.setChecked(by_relevance)
        self.order.blockSignals(False)
        if offered == self.order.isHidden():
            self.order.setVisible(offered)
            self.place()

    def flowing(self) -> Sequence[QPushButton]:
        """The scope and the order, then the parts of the query."""
        return [one for one in (self.scope, self.order, *self._chips) if not one.isHidden()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move along, Backspace and Delete remove, Up and Esc go back to the box."""
        if not is_key_press(event):
            return super().eventFilter(watched, event)
        key = event.key()
        if key in _REMOVING and isinstance(watched, QPushButton) and watched in self._chips:
            watched.click()
        elif key in _LEAVING:
            self.left.emit()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._step(watched, 1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Space and isinstance(watched, QPushButton):
            watched.click()
        else:
            return super().eventFilter(watched, event)
        return True

    def _made(self, text: str, name: str) -> QPushButton:
        made: QPushButton = button(text, name=name)
        made.setParent(self)
        made.setProperty("chip", True)
        made.installEventFilter(self)
        return made

    def _step(self, watched: QObject, by: int) -> None:
        stops = self.flowing()
        at = next((number for number, one in enumerate(stops) if one is watched), 0) + by
        if 0 <= at < len(stops):
            stops[at].setFocus(Qt.FocusReason.OtherFocusReason)
        elif at < 0:
            self.left.emit()

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton) and sender in self._chips:
            self.removed.emit(self._chips[sender])
