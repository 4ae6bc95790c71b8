"""Records that may be a paper's, to be taken one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QStringListModel
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from reader.domain.completion import Offer
from reader.domain.reports import PaperCompletion
from reader.services.latex_to_unicode import shown_line
from reader.services.reports.completion import offer_facts
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.look.labels import button, plain_label, row_of
from reader.ui.look.wording import counted
from reader.ui.overlays.overlay import Overlay

_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer and the paper that it is for."""

    paper: PaperCompletion
    offer: Offer


class OffersSheet(Overlay):
    """Lists offers; below them what is known of the marked one. Enter takes it and goes on to the next paper's."""

    def __init__(
        self, window: QWidget, papers: Iterable[PaperCompletion], *, taken: Callable[[PaperCompletion, Offer], None]
    ) -> None:
        """``taken`` gets what the user takes; the paper's other offers go with it. Opens at once."""
        super().__init__(window, "Offers", width=720, height=480)
        self.rows = [OfferRow(paper, offer) for paper in papers for offer in paper.offers]
        self._taken = taken
        self.heading = self.add_heading("")
        self.add_words(
            "These records may belong to your papers. Take those that do; each is a step that can be undone."
        )
        self._labels = QStringListModel(self)
        self.list = QListView()
        self.list.setAccessibleName("Offers")
        self.list.setModel(self._labels)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setUniformItemSizes(True)
        self.list.doubleClicked.connect(self._take)
        self.list.selectionModel().currentChanged.connect(self._show_marked)
        self.facts = plain_label("", name="The marked offer", wrap=True)
        self.facts.setMinimumHeight(5 * self.facts.fontMetrics().lineSpacing())
        self.take_button = button("Take", self._take, primary=True)
        self.content.addWidget(self.list, 1)
        self.content.addWidget(self.facts)
        self.content.addLayout(row_of(None, button("Close", self.dismiss), self.take_button))
        self._fill(0)
        self.open(self.list)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes what is marked."""
        if event.key() in ENTER_KEYS and self.list.hasFocus():
            self._take()
        else:
            super().keyPressEvent(event)

    def _fill(self, row: int) -> None:
        """List what is left, a row of it marked."""
        papers = {each.paper.key for each in self.rows}
        self.heading.setText(f"Offers for {counted(len(papers), 'paper')}")
        self._labels.setStringList([shown_line(each.offer.candidate.titled.title, _TITLE_LIMIT) for each in self.rows])
        self.list.setCurrentIndex(self._labels.index(min(row, len(self.rows) - 1), 0))
        self._show_marked()

    def _show_marked(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self.rows):
            marked = self.rows[row]
            paper = f"For “{shown_line(marked.paper.title, _TITLE_LIMIT)}”"
            self.facts.setText(f"{paper}\n{offer_facts(marked.offer)}\n{marked.offer.reason}.")

    def _take(self) -> None:
        row = self.list.currentIndex().row()
        if not 0 <= row < len(self.rows):
            return
        marked = self.rows[row]
        self._taken(marked.paper, marked.offer)
        self.rows = [each for each in self.rows if each.paper.key != marked.paper.key]
        if self.rows:
            self._fill(row)
        else:
            self.dismiss()
