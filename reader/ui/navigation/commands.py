"""Going places by key: papers, views, listings, focus reading, and the ladder back out."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt

from reader.domain.views import View, ViewKind
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Act, Acts


class OtherList(Protocol):
    """A list that may stand in the place of the papers', and then is what one moves in."""

    @property
    def is_shown(self) -> bool:
        """Whether it stands there now."""

    def step(self, by: int) -> None:
        """Go some rows down, or up."""

    def go_to_end(self, *, first: bool) -> None:
        """Go to the first row or the last."""

    def entered(self) -> None:
        """The paper of the current row is being read in the full width."""

    def back_out(self) -> bool:
        """Leave whatever can be left within it; False if nothing can."""


def _stay() -> None:
    """Nothing: there is nothing left to leave."""


class Moves(Part):
    """Commands that go somewhere; where the left pane has the focus, they move in it."""

    def __init__(self, context: Context) -> None:
        """Connects what is chosen in the left pane, too."""
        super().__init__(context)
        self.other: OtherList | None = None
        """The list that may stand in the place of the papers'."""
        self.outermost: Act = _stay
        """What backing out does where there is nothing left to back out of."""
        self._panes.sidebar.chosen.connect(self._open_chosen)
        self._panes.papers.activated_row.connect(self._enter_row)
        self._panes.detail.listing_chosen.connect(self._open_listing)

    def acts(self) -> Acts:
        """The commands carried out here."""
        views = {
            f"go.{name}": partial(self.open_view, kind)
            for name, kind in {
                "inbox": ViewKind.INBOX,
                "queue": ViewKind.QUEUE,
                "reading": ViewKind.READING,
                "done": ViewKind.DONE,
                "dismissed": ViewKind.DISMISSED,
                "buried": ViewKind.BURIED,
                "starred": ViewKind.STARRED,
                "all": ViewKind.ALL,
            }.items()
        }
        return views | {
            "go.next": partial(self._step, 1),
            "go.previous": partial(self._step, -1),
            "go.first": partial(self._go_to_end, first=True),
            "go.last": partial(self._go_to_end, first=False),
            "go.read_on": self._read_on,
            "go.read_back": self._reader.read_back,
            "go.older_listing": partial(self._go_to_neighbour, 1),
            "go.newer_listing": partial(self._go_to_neighbour, -1),
            "go.listings": self._go_to_listings,
            "go.escape": self.back_out,
            "paper.read": self.enter,
        }

    def open_view(self, kind: ViewKind) -> None:
        """Show a view and give its list the focus."""
        self._panes.set_focus_reading(False)
        self._navigator.open(View(kind))
        self._panes.pane.focus_list()

    def enter(self) -> None:
        """Go deeper: from the left pane into the view, from a folded line into its papers, from a paper to reading."""
        if self._panes.sidebar.hasFocus():
            self._panes.sidebar.choose_current()
        else:
            self._enter_row(self._panes.papers.current_row)

    def back_out(self) -> None:
        """One step up the ladder: focus reading, selection, search, the left pane, the notice, the sample."""
        panes = self._panes
        if panes.is_focus_reading:
            panes.set_focus_reading(False)
        elif self.other is not None and self.other.is_shown and self.other.back_out():
            return
        elif self._leaves_nothing():
            self.outermost()
            return
        if not panes.is_welcome_shown:
            panes.pane.focus_list()

    def _leaves_nothing(self) -> bool:
        """Take back a selection, a search, the focus from elsewhere or the notice; whether there was none of them."""
        panes = self._panes
        return not (
            panes.papers.clear_extra_selection()
            or panes.pane.search.dismiss()
            or not (panes.pane.list_has_focus or panes.is_welcome_shown)
            or panes.notice.dismiss()
        )

    def _enter_row(self, row: int) -> None:
        entries = self._panes.paper_model.entries
        fold = entries.fold(row) if row >= 0 else None
        if fold is not None:
            opens = not entries.is_unfolded(fold)
            self._panes.paper_model.set_unfolded(row, opens)
            if opens:
                self._panes.papers.show_below(row, len(fold.known_ids))
        elif entries.paper_id(row) is not None:
            self._reader.show_current_if_due()
            self._panes.set_focus_reading(True)
            if self.other is not None and self.other.is_shown:
                self.other.entered()

    def _read_on(self) -> None:
        """Scroll, and at the end go on: to the next unseen paper, or the next row of the other list."""
        if self.other is None or not self.other.is_shown:
            self._reader.read_on()
        elif not self._panes.detail.page_down():
            self.other.step(1)

    def _step(self, by: int) -> None:
        if self._panes.sidebar.hasFocus():
            self._panes.sidebar.step(by)
        elif self.other is not None and self.other.is_shown:
            self.other.step(by)
        elif by > 0:
            self._reader.next()
        else:
            self._reader.previous()

    def _go_to_end(self, *, first: bool) -> None:
        if self._panes.sidebar.hasFocus():
            self._panes.sidebar.go_to_end(first=first)
        elif self.other is not None and self.other.is_shown:
            self.other.go_to_end(first=first)
        elif first:
            self._reader.first()
        else:
            self._reader.last()

    def _go_to_neighbour(self, step: int) -> None:
        if not self._navigator.open_neighbour(step):
            self._say("No older listing" if step > 0 else "No newer listing")
        elif not self._panes.is_focus_reading:
            self._panes.pane.focus_list()

    def _go_to_listings(self) -> None:
        self._panes.set_focus_reading(False)
        if self._panes.sidebar.go_to_listings():
            self._panes.sidebar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._say("No listings yet")

    def _open_chosen(self, view: View) -> None:
        if view.kind is not ViewKind.SEARCH:
            self._navigator.open(view)
            self._panes.pane.focus_list()

    def _open_listing(self, listing_id: int) -> None:
        self._panes.set_focus_reading(False)
        self._navigator.open_listing(listing_id, self._panes.papers.current_paper_id)
