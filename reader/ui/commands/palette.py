"""The command palette: find what to do, or where to go, by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QWidget

from reader.ui.commands.key_events import ENTER_KEYS, is_key_press
from reader.ui.detail.document import Look
from reader.ui.look.labels import column_of, text_line
from reader.ui.look.row_list import Index, RowDelegate, RowModel
from reader.ui.look.themes import Theme
from reader.ui.look.typography import Typography
from reader.ui.overlays.overlay import Overlay

_SHOWN = 50
_SURE_SHOWN = 6
_LEAST_SCORE = 60
_SPREAD = 45
_QUERY_LIMIT = 100
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """Something to choose: what it is called, a word on it, its keys, and what choosing it does.

    ``color`` (``#rrggbb``) is shown as a dot before it. ``words`` are others that it is found by, and ``about`` says
    more of it; neither is shown. Only commands have them.
    """

    title: str
    note: str
    run: Callable[[], object]
    keys: str = ""
    enabled: bool = True
    color: str = ""
    words: str = ""
    about: str = ""


def matching(items: Sequence[PaletteItem], query: str) -> list[PaletteItem]:
    """The items a query may mean, the likeliest first; all of them, those that are possible now first, without one."""
    if not query.strip() or not items:
        return sorted(items, key=lambda item: not item.enabled)
    sure = _surely_meant(items, query)
    return [*sure, *([] if any(item.enabled for item in sure) else _likely(items, query, sure))][:_SHOWN]


def _surely_meant(items: Sequence[PaletteItem], query: str) -> list[PaletteItem]:
    """Items with every word typed: of those in the title first, then in other words for it, then in what it is about.

    What is possible now comes first, and commands before places.
    """
    begun = _beginnings(query)
    found = []
    for item in items:
        rank = next((rank for rank, text in enumerate(_texts(item)) if _begins_with(text, begun)), None)
        if rank is not None:
            found.append((not item.enabled, rank, not item.words, len(item.title), item))
    return [item for *_, item in sorted(found, key=lambda row: row[:4])]


def _texts(item: PaletteItem) -> tuple[str, ...]:
    """What an item is found by: each text holds the one before it."""
    if not item.words:
        return (item.title,)
    return item.title, f"{item.title} {item.words}", f"{item.title} {item.words} {item.about}"


def _likely(items: Sequence[PaletteItem], query: str, sure: Sequence[PaletteItem]) -> list[PaletteItem]:
    """Items with a title like what was typed, the likeliest first, without those that are ``sure``."""
    from rapidfuzz import fuzz, process, utils  # only here: it would be a part of every launch

    others = [item for item in items if item not in sure]
    titles = [item.title for item in others]
    scored = process.extract(
        query, titles, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=_LEAST_SCORE, limit=None
    )
    least = max((points for _, points, _ in scored), default=0) - _SPREAD
    ranked = [(not others[number].enabled, -points, number) for _, points, number in scored if points >= least]
    return [others[number] for *_, number in sorted(ranked)]


def _beginnings(query: str) -> list[str]:
    """The words of what was typed, as they stand at the beginning of a word of :func:`_spaced`."""
    return [f" {word}" for word in query.casefold().split()]


def _begins_with(title: str, beginnings: Sequence[str]) -> bool:
    """Whether every word typed begins a word of a title."""
    spaced = _spaced(title)
    return all(map(spaced.__contains__, beginnings))


@lru_cache(maxsize=4_096)
def _spaced(title: str) -> str:
    """A title's words, each after a space: asked of a thousand listings at every key."""
    return f" {' '.join(title.casefold().split())}"


class PaletteModel(RowModel):
    """The items that match what was typed; and others that were looked up for it, after those that surely match."""

    def __init__(self, items: Sequence[PaletteItem], parent: QObject | None = None) -> None:
        """Everything matches at first."""
        super().__init__(parent)
        self._items = tuple(items)
        self._query = ""
        self._found: list[PaletteItem] = []
        self._matching = matching(self._items, "")

    def find(self, query: str) -> None:
        """Show what matches ``query``."""
        self._show(query, self._found if query.strip() else [])

    def show_found(self, items: Sequence[PaletteItem]) -> None:
        """Show what was looked up; it stays until something else is."""
        self._show(self._query, list(items))

    def _show(self, query: str, found: list[PaletteItem]) -> None:
        self.beginResetModel()
        self._query, self._found = query, found
        items = matching(self._items, query)
        if found:
            first = self._before_papers(query, items)
            items = first + found + [item for item in items if item not in first]
        self._matching = items
        self.endResetModel()

    def _before_papers(self, query: str, items: Sequence[PaletteItem]) -> list[PaletteItem]:
        """What surely matches: every command that is called so, and a few places and commands that are about it."""
        begun = _beginnings(query)
        sure = [item for item in _surely_meant(items, query) if item.enabled]
        called = [item for item in sure if item.words and _begins_with(f"{item.title} {item.words}", begun)]
        few = [item for item in sure if item not in called][:_SURE_SHOWN]
        return [item for item in sure if item in called or item in few]

    def item(self, row: int) -> PaletteItem | None:
        """An item by its row; None if there is none."""
        return self._matching[row] if 0 <= row < len(self._matching) else None

    def count(self) -> int:
        """Return the number of matching items."""
        return len(self._matching)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return the title; with keys and note where it is spoken."""
        item = self._matching[row]
        return ", ".join(filter(None, (item.title, item.keys, item.note))) if spoken else item.title


class PaletteDelegate(RowDelegate):
    """Draws an item: title, note, and its keys at the right."""

    def __init__(self, theme: Theme, typography: Typography, parent: QObject | None = None) -> None:
        """Colours and sizes are those of the moment it opens."""
        super().__init__(parent)
        self.use(theme, typography)
        self.row_height = round(self._normal.height) + 14

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        item = model.item(index.row()) if isinstance(model, PaletteModel) else None
        if item is None:
            return
        texts, surfaces = self._theme.texts, self._theme.surfaces
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(surfaces.selected_focus)
            painter.drawRoundedRect(rect, 6, 6)
        baseline = rect.center().y() + self._normal.ascent / 2 - 1
        ink, quiet = (texts.text, texts.quiet) if item.enabled else (texts.faint, texts.faint)
        keys_left = rect.right() - 10 - self._small.width(item.keys)
        self._small.write(painter, ink, keys_left, baseline, item.keys)
        left, right = rect.left() + 10, keys_left - 14
        if item.color:
            left = self._paint_color(painter, left, rect.center().y(), item.color)
        left = self._normal.write(painter, ink, left, baseline, item.title, right - left) + 12
        if item.note and right - left > 40:
            self._small.write(painter, quiet, left, baseline, item.note, right - left)

    def _paint_color(self, painter: QPainter, left: float, middle: float, color: str) -> float:
        """A dot in a colour of the user's; returns where text goes on."""
        size = self._normal.ascent * 0.8
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawEllipse(QRectF(left, middle - size / 2, size, size))
        return left + size + 9


def palette_list(name: str, model: PaletteModel, look: Look) -> QListView:
    """A list of items below the line that keeps the keys; ``name`` is for screen readers."""
    made = QListView(uniformItemSizes=True)
    made.setAccessibleName(name)
    made.setModel(model)
    made.setItemDelegate(PaletteDelegate(look.theme, look.typography, made))
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made


class Finder(QWidget):
    """A line to type in, and below it the items that match; the keys stay in the line."""

    typed = Signal(str)
    """What was typed; results looked up for it are shown with :meth:`show_found`."""
    chosen = Signal(object)
    """Enter was pressed: the :class:`PaletteItem` that is marked; None where there is none."""

    def __init__(self, items: Sequence[PaletteItem], look: Look, *, name: str, hint: str) -> None:
        """``name`` says what is looked for, for screen readers; ``hint`` stands in the empty line."""
        super().__init__()
        self.edit = text_line(name, _QUERY_LIMIT, placeholder=hint)
        self.edit.installEventFilter(self)
        self.model = PaletteModel(items, self)
        self.list = palette_list(name, self.model, look)
        self.edit.textChanged.connect(self._find)
        self.setLayout(column_of(self.edit, self.list, spacing=10, grows=self.list))
        self.setFocusProxy(self.edit)
        self._find("")

    @property
    def item(self) -> PaletteItem | None:
        """The item that is marked."""
        return self.model.item(self.list.currentIndex().row())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and pages move in the list, Enter chooses."""
        if watched is self.edit and is_key_press(event):
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            key = event.key()
            if key == Qt.Key.Key_Down or (control and key in {Qt.Key.Key_N, Qt.Key.Key_J}):
                return self._step(1)
            if key == Qt.Key.Key_Up or (control and key in {Qt.Key.Key_P, Qt.Key.Key_K}):
                return self._step(-1)
            if key in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
                return self._step(8 if key == Qt.Key.Key_PageDown else -8)
            if key in ENTER_KEYS:
                self.chosen.emit(self.item)
                return True
        return super().eventFilter(watched, event)

    def show_found(self, items: Sequence[PaletteItem]) -> None:
        """Show what was looked up for the text, too; a row that the user moved to stays current."""
        row = self.list.currentIndex().row()
        chosen = self.model.item(row)
        self.model.show_found(items)
        rows = range(self.model.rowCount()) if row > 0 else ()
        self.list.setCurrentIndex(self.model.index(next((at for at in rows if self.model.item(at) is chosen), 0)))

    def _find(self, query: str) -> None:
        self.model.find(query)
        self.list.setCurrentIndex(self.model.index(0))
        self.typed.emit(query)

    def _step(self, by: int) -> bool:
        last = self.model.rowCount() - 1
        row = min(max(self.list.currentIndex().row() + by, 0), last)
        self.list.setCurrentIndex(self.model.index(row))
        return True


class Palette(Overlay):
    """Lists what can be done; typing narrows it, Enter does it."""

    def __init__(
        self,
        window: QWidget,
        items: Sequence[PaletteItem],
        look: Look,
        *,
        question: str = "",
    ) -> None:
        """Opens at once; ``question`` is what the items answer, where they are not commands."""
        super().__init__(window, "Commands", width=640, height=470)
        if question:
            self.setAccessibleName(question)
        hint = question or "What to do, or where to go"
        self.finder = Finder(items, look, name=question or "Find a command", hint=hint)
        self.edit, self.model, self.list = self.finder.edit, self.finder.model, self.finder.list
        self.typed, self.show_found = self.finder.typed, self.finder.show_found
        self.finder.chosen.connect(self._choose)
        self.list.clicked.connect(self._choose_clicked)
        self.add(self.finder, grows=self.finder)
        self.open(self.edit)

    def _choose(self, item: PaletteItem | None) -> None:
        if item is not None:
            self.dismiss()
            item.run()

    def _choose_clicked(self, index: QModelIndex) -> None:
        self._choose(self.model.item(index.row()))
