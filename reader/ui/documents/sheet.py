"""What is asked about a PDF before it is attached: which paper it is, and what the colours in it mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from reader.domain.annotations import HighlightLabel
from reader.domain.documents import ColorChoice
from reader.domain.papers import PaperRow
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Workspace
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.commands.palette import Finder, PaletteItem
from reader.ui.detail.document import Look
from reader.ui.documents.files import Question
from reader.ui.look.labels import button, column_of, plain_label, row_of
from reader.ui.look.wording import counted, row_facts
from reader.ui.navigation.jump import papers_with
from reader.ui.overlays.overlay import Overlay
from reader.ui.settings.controls import Choice
from reader.ui.settings.library_pages import Swatch

_TITLE_LIMIT = 200
_LABEL_LIMIT = 30
_LIST_HEIGHT = 190
_ROWS_SHOWN, _ROWS_BELOW_PAPERS = 5, 3
"""So many colours are in sight at once, by themselves and where the paper is asked for, too."""
_COUNT_WIDTH = 130


class AttachSheet(Overlay):
    """Asks which paper a file is and what its colours mean. Enter accepts all that is marked, Esc leaves the file."""

    def __init__(
        self, window: QWidget, workspace: Workspace, look: Look, question: Question, labels: Sequence[HighlightLabel]
    ) -> None:
        """``labels`` are those that a colour may mean. Opens at once."""
        title = "Which paper is this PDF?" if question.doubt else "What do the colours in this PDF mean?"
        super().__init__(window, title, width=680)
        self._workspace = workspace
        self._token = CancelToken()
        self.answer: tuple[int, dict[str, str]] | None = None
        """The paper's id, and the label's name of each colour that was asked about; None unless it was accepted."""
        self._known = question.candidates[0].paper_id if not question.doubt else None
        self._labels = [label.name for label in labels]
        self.choices: dict[str, Choice] = {}
        """What each colour means, by colour."""
        self._chosen = {each.color: each.nearest for each in question.colors}
        self.finder: Finder | None = None
        self.add_heading(title)
        self.add_words(f"“{question.file}”  ·  {question.facts}", name="The file")
        if question.doubt:
            self._add_papers(question, look)
        if question.colors:
            self._add_colors(question)
        self.attach_button = button("Attach", self._accept, primary=True)
        self.leave_button = button("None of these" if question.doubt else "Cancel", self.dismiss)
        hint = plain_label("Enter attaches  ·  Esc leaves the file alone", quiet=True)
        self.add(row_of(hint, None, self.leave_button, self.attach_button))
        self.closed.connect(self._stop_looking_up)
        first = next(iter(self.choices.values()), None)
        self.open(self.finder.edit if self.finder is not None else first or self.attach_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter attaches, also from a colour; on a button it presses that."""
        if event.key() in ENTER_KEYS and not event.isAutoRepeat() and not self.leave_button.hasFocus():
            self._accept()
            event.accept()
        else:
            super().keyPressEvent(event)

    # Which paper

    def _add_papers(self, question: Question, look: Look) -> None:
        self.add(plain_label(question.doubt, name="Why it is asked", wrap=True))
        items = [self._item(each.paper_id, each.title, each.note) for each in question.candidates]
        self.finder = Finder(items, look, name="Paper", hint="Another paper: words of its title")
        self.finder.setFixedHeight(_LIST_HEIGHT)
        self.finder.typed.connect(self._look_up)
        self.finder.chosen.connect(self._accept)
        self.finder.list.doubleClicked.connect(self._accept)
        self.add(self.finder)

    def _item(self, paper_id: int, title: str, note: str) -> PaletteItem:
        return PaletteItem(shown_line(title, _TITLE_LIMIT), note, partial(self._attach, paper_id))

    def _look_up(self, text: str) -> None:
        """Any paper can be meant, if it is found by its words."""
        self._token.cancel()
        self._token = CancelToken()
        find = partial(papers_with, self._workspace.library, text, self._token)
        self._workspace.tasks.read(find, self._found, token=self._token)

    def _found(self, rows: Sequence[PaperRow]) -> None:
        """Show them, those with all words in the title first: a search finds words anywhere."""
        if self.finder is not None:
            words = self.finder.edit.text().casefold().split()
            ordered = sorted(rows, key=lambda row: not all(word in row.title.casefold() for word in words))
            self.finder.show_found([self._item(row.id, row.title, row_facts(row)) for row in ordered])

    def _stop_looking_up(self) -> None:
        self._token.cancel()

    # What colours mean

    def _add_colors(self, question: Question) -> None:
        if question.doubt:
            self.add(plain_label("What its colours mean", strong=True))
        self.add_words("Highlights get these labels. Later files with the same colours ask nothing.")
        rows = QWidget()
        rows.setLayout(column_of(*map(self._color_row, question.colors), spacing=6))
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(rows)
        height = next(iter(self.choices.values())).sizeHint().height() + 6
        most = _ROWS_BELOW_PAPERS if question.doubt else _ROWS_SHOWN
        area.setFixedHeight(height * min(len(question.colors), most) + 4)
        self.add(area)

    def _color_row(self, color: ColorChoice) -> QWidget:
        count = plain_label(counted(color.count, "annotation"))
        count.setFixedWidth(_COUNT_WIDTH)
        names = [(name, shown_line(name, _LABEL_LIMIT)) for name in self._labels]
        choice = Choice(names, f"Label of {counted(color.count, 'annotation')} in {color.color}")
        choice.show_value(color.nearest)
        choice.chosen.connect(partial(self._choose, color.color))
        self.choices[color.color] = choice
        row = QWidget()
        row.setLayout(row_of(Swatch(color.color), count, choice, spacing=10, grows=choice))
        return row

    def _choose(self, color: str, label: str) -> None:
        self._chosen[color] = label

    # Accepting

    def _accept(self) -> None:
        item = self.finder.item if self.finder is not None else None
        if item is not None:
            item.run()
        elif self._known is not None:
            self._attach(self._known)

    def _attach(self, paper_id: int) -> None:
        if not self.isHidden():
            self.answer = paper_id, self._chosen
            self.dismiss()
