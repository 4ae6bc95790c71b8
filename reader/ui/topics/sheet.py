"""The map over the window: the topics in a list or on a picture, and beside them what is known of the marked one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from reader.domain.annotations import PaperTitle
from reader.domain.topics import Topic, TopicMap
from reader.ui.commands.key_chords import Key
from reader.ui.commands.key_events import ENTER_KEYS, key_of
from reader.ui.commands.runner import CommandRunner
from reader.ui.detail.document import Look
from reader.ui.look.labels import heading_label, plain_label, row_of
from reader.ui.look.row_list import RowTable
from reader.ui.look.wording import SEPARATOR
from reader.ui.overlays.overlay import Overlay
from reader.ui.topics.details import TopicDetails
from reader.ui.topics.picture import TopicPicture
from reader.ui.topics.rows import TopicDelegate, TopicModel
from reader.ui.topics.wording import summary

_WIDTH = 1180
_LEAST_WITH_DETAILS = 780
_COMMANDS: Mapping[Key, str] = {
    Key("s"): "topic.split",
    Key("m"): "topic.merge",
    Key("r"): "topic.update",
}
_SHARED = ("go.rename", "edit.undo", "edit.redo")
_STEPS = {"go.next": 1, "go.previous": -1, "go.first": -1_000_000, "go.last": 1_000_000}
_SWITCH = Key("p")


class MapSheet(Overlay):
    """Shows the topics; what is done with the marked one are commands of the window."""

    chosen = Signal(object)
    """The papers of this :class:`Topic` are wanted."""

    def __init__(self, window: QWidget, runner: CommandRunner, look: Look) -> None:
        """Opens at once, with words in the place of topics until they are there."""
        super().__init__(window, "Map", width=_WIDTH, height=10_000)
        self._runner = runner
        self.facts = plain_label("", name="The map in a line", quiet=True)
        head = row_of(heading_label("Map"), 8, self.facts, None)
        head.setAlignment(self.facts, Qt.AlignmentFlag.AlignBottom)
        self.model = TopicModel(self)
        self.table = RowTable("Topics", self.model, TopicDelegate(look.theme, look.typography, self))
        self.picture = TopicPicture(look)
        self.missing = plain_label("", name="Why there is no map", quiet=True, wrap=True)
        self.missing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.missing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages = QStackedWidget()
        for page in (self.missing, self.table, self.picture):
            self._pages.addWidget(page)
            page.installEventFilter(self)
        self.details = TopicDetails(look)
        self.hint = plain_label("", quiet=True, wrap=True)
        self.add(head, row_of(self._pages, self.details, spacing=14, grows=self._pages), self.hint)
        self.content.setStretch(1, 1)
        self.table.current_changed.connect(self._follow_table)
        self.table.doubleClicked.connect(self._choose)
        self.picture.marked.connect(self._mark)
        self.picture.chosen.connect(self._choose)
        self.say("")
        self.open(self.missing)

    @property
    def topic(self) -> Topic | None:
        """The marked topic."""
        return self.model.topic(self.table.current_row)

    @property
    def is_picture(self) -> bool:
        """Whether the picture is shown instead of the list."""
        return self._pages.currentWidget() is self.picture

    def say(self, words: str) -> None:
        """Show words instead of topics: what is missing, or under way."""
        self.missing.setText(words)
        self.facts.setText("")
        self._turn_to(self.missing)
        self.details.hide()
        self.hint.setText("Esc close")

    def show_map(self, found: TopicMap, titles: Mapping[int, PaperTitle], wanted: int | None = None) -> None:
        """Show topics: the one with the id ``wanted`` marked, else the same as before."""
        before = wanted if wanted is not None else (self.topic.id if self.topic is not None else None)
        self.model.show(found, titles)
        self.facts.setText(summary(found))
        row = self.model.row_of(before)
        self._mark(row if row is not None else max(0, min(self.table.current_row, self.model.count() - 1)))
        self.picture.show_map(found, self.table.current_row)
        if self._pages.currentWidget() is self.missing:
            self._turn_to(self.table)
        self._show_keys()
        self._fit()
        self._follow_table()

    def toggle_picture(self) -> None:
        """Show the picture, or the list again."""
        if self.model.count():
            self._turn_to(self.table if self.is_picture else self.picture)
            self._show_keys()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list and the picture."""
        pages = (self.table, self.picture, self.missing)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched in pages:
            return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        """Handle a key; returns whether it had a meaning here."""
        if event.key() in ENTER_KEYS:
            self._choose()
            return True
        key = key_of(event)
        if key == _SWITCH:
            self.toggle_picture()
            return True
        step = next((each for each in _STEPS if key and (key,) in self._runner.chords(each)), None)
        if step is not None and not self.is_picture:
            self._mark(min(max(self.table.current_row + _STEPS[step], 0), self.model.count() - 1))
            return True
        command = next((each for each in _SHARED if key and (key,) in self._runner.chords(each)), None)
        command = command or (_COMMANDS.get(key) if key else None)
        if command is not None and not event.isAutoRepeat() and self.model.count():
            self._runner.run("topic.rename" if command == "go.rename" else command)
            return True
        return False

    def resizeEvent(self, event: object) -> None:
        """Leave the details out where there is no room for them."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _place(self) -> None:
        """Use the window's height except for equal margins above and below."""
        super()._place()
        area, panel = self.area(), self.panel.geometry()
        margin = max(20, round(area.height() * 0.04))
        self.panel.setGeometry(panel.left(), margin, panel.width(), area.height() - 2 * margin)
        self._fit()

    def _fit(self) -> None:
        has_room = self.panel.width() >= _LEAST_WITH_DETAILS
        self.details.setVisible(has_room and self.model.count() > 0)

    def _turn_to(self, page: QWidget) -> None:
        before = self._pages.currentWidget()
        self._pages.setCurrentWidget(page)
        if before is not page and not self.isHidden():
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self, row: int) -> None:
        self.table.setCurrentIndex(self.model.index(row))

    def _follow_table(self) -> None:
        """Tell of the marked topic, in the picture and beside it."""
        if self.picture.current != self.table.current_row:
            self.picture.mark(self.table.current_row)
        topic = self.topic
        titles = self.model.central_titles(topic) if topic is not None else []
        self.details.show_topic(topic, self.model.map.placed, titles)

    def _choose(self) -> None:
        topic = self.topic
        if topic is not None:
            self.dismiss()
            self.chosen.emit(topic)

    def _show_keys(self) -> None:
        """The keys in a line."""
        rename = self._runner.told_keys("go.rename")
        walk = "Arrows walk" if self.is_picture else ""
        other = "p list" if self.is_picture else "p picture"
        keys = [walk, "Enter papers", other, f"{rename} rename", "s split", "m merge", "r update", "Esc close"]
        self.hint.setText(SEPARATOR.join(key for key in keys if key))
