"""Why a paper has its place in the order "for you": words and decisions with their parts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from reader.domain.taste import Reasons
from reader.services.latex_to_unicode import shown_line
from reader.ui.detail.document import Look
from reader.ui.look.labels import ElidingLabel, plain_label
from reader.ui.look.wording import OUTSIDE
from reader.ui.overlays.overlay import Overlay
from reader.ui.taste.rows import PartRow, PartTable
from reader.ui.taste.wording import because, others_of_papers, paper_text, score_text, shown_part, word_parts

_WORDS_SHOWN, _PAPERS_SHOWN = 6, 8
_TITLE_LIMIT = 300


class ReasonsSheet(Overlay):
    """The reasons for one paper's place, whose parts add up to its score; Enter opens a paper that is one of them."""

    def __init__(
        self,
        window: QWidget,
        look: Look,
        title: str,
        reasons: Reasons,
        *,
        is_outside: bool,
        opened: Callable[[int], None],
    ) -> None:
        """``title`` is the paper's; ``opened`` gets the id of a paper to open. Opens at once."""
        super().__init__(window, "Why this paper is here", width=720, height=600)
        self._opened = opened
        self.add_heading("Why this paper is here")
        self.add(ElidingLabel("Paper", shown_line(title, _TITLE_LIMIT), quiet=True))
        self.outside = self.add_words(
            f"◇ {OUTSIDE}: every tenth place has such a paper, so that you do not only see more of the same."
        )
        self.outside.setVisible(is_outside)
        self.because = plain_label(because(reasons), name="The decisions that matter most", wrap=True)
        self.add(self.because)
        self.score = self.add_words(score_text(reasons))
        self.table = PartTable("Reasons", look)
        self.add(self.table, grows=self.table)
        self.add(plain_label("Enter opens a paper that you decided about  ·  Esc closes", quiet=True))
        self.table.show_rows(_rows(reasons))
        self.table.chosen.connect(self._open)
        self.open(self.table)

    def _open(self) -> None:
        row = self.table.current
        if row is not None and row.paper_id is not None:
            self.dismiss()
            self._opened(row.paper_id)


def _rows(reasons: Reasons) -> list[PartRow]:
    """The words, then the decisions, each with a heading."""
    words = [PartRow(label, part) for label, part in word_parts(reasons, _WORDS_SHOWN)]
    papers = [PartRow(paper_text(each), each.part, each.paper_id) for each in reasons.papers[:_PAPERS_SHOWN]]
    papers += [PartRow(label, part) for label, part in others_of_papers(reasons, _PAPERS_SHOWN)]
    whole = shown_part(reasons.score)
    return [PartRow(f"By its words: {whole}"), *words, PartRow(f"By your decisions: {whole}"), *papers]
