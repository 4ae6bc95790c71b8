"""The subscriptions over the window: a line to add one, which says what it understood, and all with their state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from reader.domain.subscriptions import SubscriptionStatus
from reader.services.subscriptions.subscriptions import USUAL_EVERY
from reader.services.subscriptions.understanding import Understood, understand
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Workspace
from reader.ui.commands.key_chords import Key
from reader.ui.commands.key_events import ENTER_KEYS, key_of
from reader.ui.commands.runner import CommandRunner
from reader.ui.detail.document import Look
from reader.ui.look.labels import button, chip_button, column_of, limit_text, plain_label, row_of
from reader.ui.look.row_list import RowTable
from reader.ui.look.style_sheet import restyle
from reader.ui.look.wording import SEPARATOR, joined
from reader.ui.overlays.overlay import Overlay
from reader.ui.overlays.preview_sheet import complain
from reader.ui.subscriptions.rows import SubscriptionDelegate, SubscriptionModel
from reader.ui.subscriptions.statuses import SubscriptionStatuses
from reader.ui.subscriptions.wording import every_words, hosts_words, source_words, trouble_words

_LONGEST_LINE = 2_000
_BESIDE = 70
"""Pixels beside the text of a row."""
_HINT = "A category (cs.CL), a feed’s address, a page or a search, or words to search for"
_EXAMPLES = {
    "daily papers": "the papers of the day at Hugging Face",
    "cs.CL+cs.LG": "what arXiv announces in these categories",
    "https://example.org/feed.xml": "any RSS or Atom feed: journals, bioRxiv",
    "low-rank adaptation": "a search of Hugging Face’s papers, run again and again",
    "au:Lovelace AND cat:cs.LG": "a query of arXiv: author, category, title",
}
"""What can be typed, and what it means."""
_ROWS_KEYS: Mapping[Key, str] = {Key("Delete"): "subscription.remove", Key("e"): "subscription.every"}
_COMMANDS = (
    *("subscription.fetch", "view.sort_again", "go.rename", "edit.undo", "edit.redo"),
    *("go.next", "go.previous", "go.first", "go.last"),
)
_SHOWN_KEYS = {"subscription.fetch": "fetch", "view.sort_again": "fetch all", "go.rename": "rename"}
_INSTEAD = {"go.rename": "subscription.rename", "view.sort_again": "subscription.fetch_all"}
"""What keys of the window do here."""
_FILES = {"subscription.import": "From an OPML file…", "subscription.export": "Save as OPML…"}
_STEPS = {"go.next": 1, "go.previous": -1, "go.first": -1_000_000, "go.last": 1_000_000}


class SubscriptionSheet(Overlay):
    """Lists the subscriptions; what is done with the marked one are commands of the window."""

    added = Signal(object)
    """The user subscribes to what was :class:`Understood`."""
    chosen = Signal(int)
    """The papers of the subscription with this id are wanted."""

    def __init__(
        self, window: QWidget, workspace: Workspace, runner: CommandRunner, statuses: SubscriptionStatuses, look: Look
    ) -> None:
        """Opens at once; keys of the table run the window's commands."""
        super().__init__(window, "Subscriptions", width=820, height=600)
        self._workspace, self._runner, self._statuses = workspace, runner, statuses
        self._token = CancelToken()
        self._understood: Understood | None = None
        self._is_accepted = False
        self.heading = self.add_heading("Subscriptions")
        self._add_adding()
        self.model = SubscriptionModel(workspace.library.subscriptions.present, self)
        delegate = SubscriptionDelegate(look.theme, look.typography, self)
        self.table = RowTable("Subscriptions", self.model, delegate)
        self.table.installEventFilter(self)
        self.table.clicked.connect(self._show_marked)
        self.table.doubleClicked.connect(self._choose)
        self.table.current_changed.connect(self._show_marked)
        self.nothing = self._examples()
        self.marked = plain_label("", name="The marked subscription", error=True, wrap=True)
        self.hint = plain_label(_key_words(runner), quiet=True, wrap=True)
        for widget, stretch in ((self.table, 1), (self.nothing, 1), (self.marked, 0), (self.hint, 0)):
            self.content.addWidget(widget, stretch)
        self.content.addLayout(row_of(*self.files, None))
        statuses.arrived.connect(self.show_statuses)
        self.closed.connect(self._token_of_line)
        self.show_statuses(statuses.all)
        self.open(self.table if statuses.all else self.line)

    def _add_adding(self) -> None:
        """The line to add a subscription, and below it what it understood."""
        self.line = QLineEdit()
        self.line.setAccessibleName("What to subscribe to")
        self.line.setPlaceholderText(_HINT)
        limit_text(self.line, _LONGEST_LINE)
        self.line.textChanged.connect(self._ask)
        self.line.returnPressed.connect(self._accept)
        self.line.installEventFilter(self)
        self.add_button = button("Subscribe", self._accept, primary=True)
        self.add_button.setEnabled(False)
        self.preview = plain_label("", name="What this subscribes to", quiet=True, wrap=True)
        self.preview.setMinimumHeight(2 * self.preview.fontMetrics().lineSpacing())
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        row = row_of(self.line, self.add_button)
        row.setStretch(0, 1)
        self.content.addLayout(row)
        self.content.addWidget(self.preview)
        self.files = [chip_button(text, partial(self._runner.run, command)) for command, text in _FILES.items()]
        for each in self.files:
            each.setParent(self.panel)  # before the list, from which Tab leads back to the line

    def _examples(self) -> QWidget:
        """What stands in the place of no subscriptions: examples, each of which a click puts into the line."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for row, (example, meaning) in enumerate(_EXAMPLES.items()):
            chip = chip_button(example, partial(self._take_example, example))
            grid.addWidget(chip, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(plain_label(meaning, quiet=True, wrap=True), row, 1)
        words = plain_label("No subscriptions yet. Nothing is fetched until you add one. Examples:", wrap=True)
        page = QWidget()
        page.setLayout(column_of(words, 4, grid, None))
        return page

    def _take_example(self, example: str) -> None:
        self.line.setText(example)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def status(self) -> SubscriptionStatus | None:
        """The marked subscription."""
        return self.model.status(self.table.current_row)

    def show_statuses(self, statuses: Sequence[SubscriptionStatus]) -> None:
        """Show these subscriptions, the same one marked as before."""
        before = self.status
        self.model.show(statuses)
        row = self.model.row_of(before.subscription.id) if before is not None else None
        if statuses and self.table.current_row < 0:
            self._mark(row or 0)
        new = sum(each.new for each in statuses)
        self.heading.setText(joined(("Subscriptions", f"{new:,} new" if new else "")))
        self.table.setVisible(bool(statuses))
        self.hint.setVisible(bool(statuses))
        self.nothing.setVisible(not statuses)
        self.files[1].setVisible(bool(statuses))
        self._show_marked()

    def begin_add(self, example: str = "") -> None:
        """Go to the line to add a subscription; ``example`` stands there until something is typed."""
        self.line.setPlaceholderText(example or _HINT)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self, subscription_id: int) -> None:
        """Mark a subscription, if it is there."""
        row = self.model.row_of(subscription_id)
        if row is not None:
            self._mark(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the table; Down goes from the line to it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.table:
                return self._press(event)
            if watched is self.line and event.key() == Qt.Key.Key_Down and self.model.count():
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        """Handle a key in the table; returns whether it had a meaning here."""
        if event.key() in ENTER_KEYS:
            self._choose()
            return True
        if event.matches(QKeySequence.StandardKey.Paste):
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.line.paste()
            return True
        if event.key() == Qt.Key.Key_Up and self.table.current_row <= 0:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        key = key_of(event)
        command = next((each for each in _COMMANDS if key and (key,) in self._runner.chords(each)), None)
        command = command or (_ROWS_KEYS.get(key) if key else None)
        if command is None or event.isAutoRepeat():
            return command is not None or bool(event.text().isprintable() and event.text())
        if command in _STEPS:
            self._mark(min(max(self.table.current_row + _STEPS[command], 0), self.model.count() - 1))
        else:
            self._runner.run(_INSTEAD.get(command, command))
        return True

    def _mark(self, row: int) -> None:
        self.table.setCurrentIndex(self.model.index(row))

    def _choose(self) -> None:
        if (status := self.status) is not None:
            self.dismiss()
            self.chosen.emit(status.subscription.id)

    def _show_marked(self) -> None:
        """Below the table all of what is cut in a row: what went wrong, and what is fetched."""
        status = self.status
        text = trouble_words(status, self._workspace.library.subscriptions.present()) if status is not None else ""
        self.marked.setText(text)
        is_cut = self.fontMetrics().horizontalAdvance(text) > self.table.width() - _BESIDE
        self.marked.setVisible(is_cut)

    def _ask(self) -> None:
        """Ask what the line means, beside the window; nobody is called."""
        self._token_of_line()
        self._understood, self._is_accepted = None, False
        self.add_button.setEnabled(False)
        line = self.line.text().strip()
        if line:
            self._token = CancelToken()
            failed = partial(complain, self._workspace, partial(self._say, is_wrong=True))
            self._workspace.tasks.read(
                partial(understand, line), self._show_understood, failed=failed, token=self._token
            )
        else:
            self._say("")

    def _token_of_line(self) -> None:
        """What was asked about the line is no longer of interest."""
        self._token.cancel()

    def _show_understood(self, understood: Understood) -> None:
        if self.isHidden():
            return
        self._understood = understood
        self.add_button.setEnabled(True)
        words = source_words(understood.kind, understood.argument)
        self._say(
            f"{words}\n{hosts_words(understood.hosts)}, at once and then {every_words(USUAL_EVERY)}. Enter subscribes."
        )
        if self._is_accepted:
            self._accept()

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        self.preview.setText(text)
        restyle(self.preview, error=is_wrong, quiet=not is_wrong)

    def _accept(self) -> None:
        """Subscribe, now or as soon as the line is understood."""
        self._is_accepted = bool(self.line.text().strip())
        if self._understood is not None:
            understood = self._understood
            self.line.clear()
            self.added.emit(understood)


def _key_words(runner: CommandRunner) -> str:
    """The keys of the table in a line."""
    keys = [f"{runner.told_keys(command)} {word}" for command, word in _SHOWN_KEYS.items()]
    return SEPARATOR.join(["Enter papers", *keys, "e how often", "Delete unsubscribe", "Tab add", "Esc close"])
