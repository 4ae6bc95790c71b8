"""The three panes and what is around them, laid out; no command is carried out here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from reader.domain.papers import PaperRow
from reader.domain.query import Marker
from reader.ui.detail.document import Look
from reader.ui.detail.view import DetailView
from reader.ui.look.labels import column_of
from reader.ui.notes.pane import NotePane
from reader.ui.papers.delegate import PaperDelegate
from reader.ui.papers.model import PaperListModel
from reader.ui.papers.pane import PapersPane
from reader.ui.papers.view import PaperListView
from reader.ui.shell.notice import Notice
from reader.ui.shell.status_line import StatusLine
from reader.ui.shell.welcome import WelcomePage
from reader.ui.sidebar.model import SidebarModel
from reader.ui.sidebar.view import SidebarDelegate, SidebarView
from reader.ui.tags.colors import TagColors
from reader.ui.taste.view import ReasonsLine

_LEFT_SHARE, _LEAST_LEFT, _MOST_LEFT = 0.16, 186, 300
_PAPERS_SHARE, _MOST_PAPERS = 0.4, 760
_LEAST_DETAIL = 300
_LEAST_PAPERS = 240
_NARROWEST_LEFT = 150


class Panes(QWidget):
    """Views, papers and detail side by side, a notice above them and the status line below; or the welcome page."""

    def __init__(
        self, read_rows: Callable[[Sequence[int]], list[PaperRow]], run: Callable[[str], None], look: Look
    ) -> None:
        """``read_rows`` reads papers' rows, ``run`` runs a command by its id."""
        super().__init__()
        theme, typography = look.theme, look.typography
        self.sidebar_model = SidebarModel(self)
        self._sidebar_delegate = SidebarDelegate(theme, typography, self)
        self.sidebar = SidebarView(self.sidebar_model, self._sidebar_delegate)
        self.paper_model = PaperListModel(read_rows, self)
        self._paper_delegate = PaperDelegate(theme, typography, self)
        self.papers = PaperListView(self.paper_model, self._paper_delegate)
        self.pane = PapersPane(self.papers)
        self.detail = DetailView(look)
        self.note = NotePane(look)
        self.right = QSplitter(Qt.Orientation.Vertical)
        self.reasons = ReasonsLine()
        self.notice = Notice()
        self.status = StatusLine()
        self.welcome = WelcomePage(run)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()

    def _lay_out(self) -> None:
        self.right.setHandleWidth(1)
        self.right.setChildrenCollapsible(False)
        for part, share in ((self.detail, 3), (self.note, 2)):
            self.right.addWidget(part)
            self.right.setStretchFactor(self.right.count() - 1, share)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        reading = QWidget()
        reading.setLayout(column_of(self.reasons, self.right, spacing=0, grows=self.right))
        for number, pane in enumerate((self.sidebar, self.pane, reading)):
            self.splitter.addWidget(pane)
            self.splitter.setStretchFactor(number, number)
        self.pane.setMinimumWidth(_LEAST_PAPERS)
        self.detail.setMinimumWidth(_LEAST_DETAIL)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.splitter)
        self.pages.addWidget(self.welcome)
        self.setLayout(column_of(self.notice, self.pages, self.status, spacing=0, grows=self.pages))

    def set_look(self, look: Look) -> None:
        """Use other colours or sizes everywhere; needed once in the window, whose style would undo fonts set before."""
        self._sidebar_delegate.set_look(look.theme, look.typography)
        self._paper_delegate.set_look(look.theme, look.typography, look.density)
        self.sidebar.setMinimumWidth(max(_NARROWEST_LEFT, self._sidebar_delegate.least_width))
        self.sidebar.doItemsLayout()
        self.papers.set_row_height(self._paper_delegate.row_height)
        self.papers.viewport().update()
        self.detail.set_look(look)
        self.note.set_look(look)
        self.pane.title.setFont(look.typography.heading())
        self.pane.facts.setFont(look.typography.small())
        self.pane.foot.setFont(look.typography.small())
        self.reasons.setFont(look.typography.small())
        self.welcome.set_title_font(look.typography.title())

    def set_marker(self, marker: Marker | None) -> None:
        """Mark what was searched for in titles and texts; None marks nothing."""
        self._paper_delegate.set_marker(marker)
        self.papers.viewport().update()
        self.detail.set_marker(marker)

    def set_tag_colors(self, colors: TagColors) -> None:
        """Show tags in these colours."""
        self._paper_delegate.set_tag_colors(colors)
        self.papers.viewport().update()
        self.detail.set_tag_colors(colors)

    def spread(self, width: int) -> None:
        """Share out a width among the panes as is good for reading."""
        left = min(max(int(_LEFT_SHARE * width), _LEAST_LEFT), _MOST_LEFT)
        papers = min(int(_PAPERS_SHARE * (width - left)), _MOST_PAPERS)
        self.splitter.setSizes([left, papers, width - left - papers])

    @property
    def is_welcome_shown(self) -> bool:
        """Whether the library is empty and says how to begin."""
        return self.pages.currentWidget() is self.welcome

    def show_welcome(self, shown: bool) -> None:
        """Show how to begin, or the papers."""
        if shown == self.is_welcome_shown:
            return
        self.pages.setCurrentWidget(self.welcome if shown else self.splitter)
        self.focus_shown()

    @property
    def is_focus_reading(self) -> bool:
        """Whether the detail stands alone."""
        return self.pane.isHidden()

    def set_focus_reading(self, alone: bool) -> None:
        """Show the detail alone, or all panes."""
        if alone == self.is_focus_reading:
            return
        self.detail.set_alone(alone)
        self.sidebar.setHidden(alone)
        self.pane.setHidden(alone)
        self.focus_shown()

    def focus_shown(self) -> None:
        """Give the focus to the list, or to the welcome page or the detail where that stands alone."""
        if self.is_welcome_shown:
            self.welcome.focus_first()
        elif self.is_focus_reading:
            self.detail.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.pane.focus_list()
