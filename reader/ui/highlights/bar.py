"""The bar at the foot of a paper while keys mean highlighting: what they do, and in which label's colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from reader.ui.commands.key_chords import Key
from reader.ui.commands.key_events import is_key_press, key_of
from reader.ui.detail.document import Look
from reader.ui.detail.view import DetailView
from reader.ui.highlights.layer import draw_chip
from reader.ui.highlights.tones import Tone
from reader.ui.look.labels import plain_label, row_of

_MARGIN = 14
_BELOW = 8
_AROUND = 60
# The focus comes back by itself after these.
_PASSING = frozenset(
    {
        Qt.FocusReason.PopupFocusReason,
        Qt.FocusReason.ActiveWindowFocusReason,
        Qt.FocusReason.MenuBarFocusReason,
    }
)


class _Chip(QWidget):
    """A label's initial in its colours."""

    def __init__(self) -> None:
        super().__init__()
        self._tone: Tone | None = None
        self._look: Look | None = None

    def show_tone(self, tone: Tone, look: Look) -> None:
        self._tone, self._look = tone, look
        size = round(QFontMetricsF(look.typography.interface()).height()) + 2
        self.setFixedSize(size, size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tone is not None and self._look is not None:
            colors = (self._tone.ground, self._tone.ink, self._look.theme.texts.text)
            font = QFont(self._look.typography.small())
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                draw_chip(painter, QRectF(self.rect()), self._tone.initial, font, colors)


class HighlightBar(QFrame):
    """Has the focus while a mode of highlighting is on, and hands over its keys."""

    pressed = Signal(object)
    """A :class:`Key` was pressed; its taker sets :attr:`taken`."""
    left = Signal()
    """The user went elsewhere: the focus is gone for good."""

    def __init__(self, over: DetailView) -> None:
        """Stands at the foot of ``over``, which makes room for it; hidden until :meth:`open`."""
        super().__init__(over)
        self._over = over
        self.setObjectName("hint")
        self.setAccessibleName("Highlighting")
        self.taken = False
        self.is_held = False
        """Whether the key that is handed over comes again because it is held."""
        self.chip = _Chip()
        self.label = plain_label("", name="Label of highlights")
        self.hint = plain_label("", name="What the keys do", quiet=True, wrap=True)
        parts = self.chip, self.label, 6, self.hint
        self.setLayout(row_of(*parts, spacing=8, margins=(12, 8, 14, 8), grows=self.hint))
        self.hide()
        over.installEventFilter(self)

    def open(self) -> None:
        """Show the bar and take the keys."""
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show()
        self._place()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_quietly(self) -> None:
        """Hide without a word."""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._over.make_room_below(0)

    def tell(self, tone: Tone, hint: str, look: Look) -> None:
        """Show a label and what the keys do; a screen reader hears it as the bar's name."""
        self.chip.show_tone(tone, look)
        self.label.setText(tone.name)
        self.label.setFont(look.typography.strong())
        self.hint.setText(hint)
        self.hint.setFont(look.typography.small())
        self.setAccessibleName(f"Highlighting: {tone.name}. {hint}")
        if self.isVisible():
            self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the key over; what nobody takes goes on to the window's commands."""
        key = key_of(event)
        self.taken, self.is_held = False, event.isAutoRepeat()
        if key is not None:
            self.pressed.emit(key)
        event.setAccepted(self.taken)

    def event(self, event: QEvent) -> bool:
        """Tab is a key like any other here."""
        if is_key_press(event):
            self.keyPressEvent(event)
            return event.isAccepted()
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the user went elsewhere, unless the focus will come back."""
        super().focusOutEvent(event)
        if event.reason() not in _PASSING and self.isVisible():
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what it stands over."""
        if event.type() == QEvent.Type.Resize and watched is self.parent() and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        area = self._over.rect()
        words = self.hint.fontMetrics().horizontalAdvance(self.hint.text())
        rest = self.chip.width() + self.label.sizeHint().width() + _AROUND
        width = min(rest + words + 8, area.width() - 2 * _MARGIN)
        lines = self.hint.heightForWidth(max(width - rest, 40))
        height = max(lines, self.chip.height()) + 18
        self.setGeometry((area.width() - width) // 2, area.height() - height - _BELOW, width, height)
        self._over.make_room_below(height + 2 * _BELOW)


def is_letter(key: Key) -> bool:
    """Whether a key types a letter (with Shift at most)."""
    return len(key.name) == 1 and key.name.isalpha() and key.is_bare
