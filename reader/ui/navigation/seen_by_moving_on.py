"""Marking papers as seen without a key: a paper that was looked at for long enough is seen once it is moved on from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from reader.domain.settings import Reading
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.detail.view import DetailView
from reader.ui.overlays.overlay import Overlay
from reader.ui.papers.view import PaperListView

_PASSED_SECONDS = 0.3
"""What was shown for less was scrolled past, whatever the settings say."""


class Attention(QObject):
    """A stopwatch that stands still while the focus is in a line to type in or in an overlay."""

    def __init__(self, clock: Callable[[], float], parent: QObject) -> None:
        """``clock`` counts seconds. Begins at 0, running."""
        super().__init__(parent)
        self._clock = clock
        self._spent = 0.0
        self._since: float | None = clock()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def restart(self) -> None:
        """Begin at 0 again, with another paper."""
        self._spent = 0.0
        self._since = None if self.is_elsewhere else self._clock()

    @property
    def seconds(self) -> float:
        """For how long the paper was looked at."""
        return self._spent + (self._clock() - self._since if self._since is not None else 0.0)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the user is typing a search or busy in an overlay, and looks at no paper."""
        return _is_elsewhere(QApplication.focusWidget())

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if _is_elsewhere(new):
            self._spent, self._since = self.seconds, None
        elif self._since is None:
            self._since = self._clock()


class SeenMarker(QObject):
    """Marks the paper that is shown as seen, by its being left or by time, as the settings have it."""

    def __init__(
        self, workspace: Workspace, papers: PaperListView, detail: DetailView, clock: Callable[[], float]
    ) -> None:
        """``clock`` counts seconds."""
        super().__init__(workspace)
        self._workspace, self._papers, self._detail = workspace, papers, detail
        self._rules = Reading()
        self._attention = Attention(clock, self)
        self._is_list_left = False
        # The paper shown that is not to be marked (again): marked already, or said to be unseen.
        self._not_to_mark: int | None = None
        # Where a paper counts as seen by itself, and not by moving on.
        self._in_time = make_timer(self, self._mark)
        # Leaving a paper with its list is not moving on from it.
        papers.papers().modelAboutToBeReset.connect(self._leave_list)
        papers.current_changed.connect(self._current_changed)

    def use(self, rules: Reading) -> None:
        """Mark by these rules from now on."""
        self._rules = rules
        self._wait()

    def begin(self) -> None:
        """Another paper is shown."""
        self._attention.restart()
        self._not_to_mark = None
        self._wait()

    def leave_unseen(self, paper_ids: Collection[int]) -> None:
        """Do not mark the paper shown if it is among these: the user said that they are not seen."""
        if self._detail.paper is not None and self._detail.paper.id in paper_ids:
            self._not_to_mark = self._detail.paper.id
            self._in_time.stop()

    def move_on(self) -> None:
        """Mark the paper shown if another one is current now."""
        paper = self._detail.paper
        if self._rules.seen_on_moving_on and paper is not None and paper.id != self._papers.current_paper_id:
            self._mark()
        self._is_list_left = False

    def _current_changed(self) -> None:
        """Mark at once what was left: what the next key undoes may lead back to it before another paper is shown."""
        if not (self._attention.is_elsewhere or self._is_list_left):
            self.move_on()

    def _leave_list(self) -> None:
        self._is_list_left = True

    @property
    def _least_seconds(self) -> float:
        """For how long a paper has to be looked at."""
        return max(self._rules.seen_after_seconds, _PASSED_SECONDS)

    def _wait(self) -> None:
        self._in_time.stop()
        if not self._rules.seen_on_moving_on and self._detail.paper is not None:
            self._in_time.start(round(1_000 * self._least_seconds))

    def _mark(self) -> None:
        """Mark the paper shown if it was looked at for long enough; what was scrolled past is not."""
        paper = self._detail.paper
        if paper is None or paper.seen or paper.id == self._not_to_mark:
            return
        if self._attention.is_elsewhere or self._is_list_left:
            self._wait()
            return
        if self._rules.seen_on_moving_on and self._attention.seconds < self._least_seconds:
            return
        self._not_to_mark = paper.id
        self._papers.papers().expect({paper.id}, seen=True)
        mark = partial(self._workspace.library.states.set_seen, [paper.id], True, automatic=True)
        self._workspace.perform(mark)


def _is_elsewhere(widget: QWidget | None) -> bool:
    if isinstance(widget, QLineEdit):
        return True
    while widget is not None:
        if isinstance(widget, Overlay):
            return True
        widget = widget.parentWidget()
    return False
