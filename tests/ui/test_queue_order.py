"""The queue's order: by the mouse, while a search is shown, and as another process changes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame

from reader.domain.papers import PaperState
from reader.domain.views import ViewKind
from reader.ui.app.window import MainWindow
from tests.ui.pressing import Hands, named


def _shown(window: MainWindow) -> list[int]:
    entries = window.panes.paper_model.entries
    return [entries.paper_id(row) or 0 for row in range(len(entries))]


def _queue(window: MainWindow) -> list[int]:
    return list(window.workspace.library.queue.ids())


@pytest.fixture
def five(window: MainWindow, hands: Hands) -> list[int]:
    """Five queued papers, and the queue open."""
    ids = _shown(window)[:5]
    window.workspace.library.states.set(ids, PaperState.QUEUED)
    hands.press("g q", "g g")
    hands.settle()
    assert _shown(window) == ids
    return ids


class Mouse:
    """A mouse over the paper list."""

    def __init__(self, hands: Hands) -> None:
        self._papers = hands.window.panes.papers
        self._hands = hands

    def row(self, row: int, share: float = 0.5) -> QPoint:
        """A point of a row, ``share`` of its height down."""
        rect = self._papers.visualRect(self._papers.papers().index(row))
        return QPoint(rect.center().x(), int(rect.top() + share * rect.height()))

    def send(self, kind: QEvent.Type, at: QPoint) -> None:
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        viewport = self._papers.viewport()
        where = QPointF(at)
        event = QMouseEvent(
            kind, where, QPointF(viewport.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(viewport, event)

    def drag(self, start: QPoint, end: QPoint, *, let_go: bool = True) -> None:
        self.send(QEvent.Type.MouseButtonPress, start)
        for step in range(1, 5):
            self.send(QEvent.Type.MouseMove, start + (end - start) * (step / 4))
        if let_go:
            self.let_go(end)

    def let_go(self, at: QPoint) -> None:
        self.send(QEvent.Type.MouseButtonRelease, at)
        self._hands.settle()


@pytest.fixture
def mouse(hands: Hands) -> Mouse:
    return Mouse(hands)


def test_a_paper_is_dragged_down_and_up_each_one_step(
    window: MainWindow, hands: Hands, five: list[int], mouse: Mouse
) -> None:
    one, two, three, four, last = five
    mouse.drag(mouse.row(0), mouse.row(2, 0.8))
    assert _shown(window) == _queue(window) == [two, three, one, four, last]
    assert window.panes.papers.current_paper_id == one
    mouse.drag(mouse.row(4), mouse.row(0, 0.2))
    assert _queue(window) == [last, two, three, one, four]
    hands.press("u")
    assert hands.said.startswith("Undid: Moved in the queue: “")
    assert _shown(window) == [two, three, one, four, last]
    hands.press("u")
    assert _shown(window) == five


def test_a_paper_is_dragged_to_the_end(window: MainWindow, hands: Hands, five: list[int], mouse: Mouse) -> None:
    below = QPoint(100, mouse.row(4).y() + 3 * window.panes.papers.rowHeight(0) // 2)
    mouse.drag(mouse.row(1), below)
    assert _queue(window) == [five[0], *five[2:], five[1]]


def test_selected_papers_are_dragged_together(window: MainWindow, hands: Hands, five: list[int], mouse: Mouse) -> None:
    one, two, three, four, last = five
    hands.press("x", "j", "j", "x")
    assert window.panes.papers.selected_paper_ids() == [one, three]
    mouse.drag(mouse.row(2), mouse.row(3, 0.9))
    assert _shown(window) == [two, four, one, three, last]
    assert window.panes.papers.selected_paper_ids() == [one, three]
    hands.press("u")
    assert _queue(window) == five


def test_a_click_on_a_selected_row_selects_it_alone(
    window: MainWindow, hands: Hands, five: list[int], mouse: Mouse
) -> None:
    hands.press("x", "j", "x")
    mouse.drag(mouse.row(0), mouse.row(0))
    assert window.panes.papers.selected_paper_ids() == [five[0]]
    assert _queue(window) == five


def test_a_line_shows_where_papers_go_and_esc_leaves_them(
    window: MainWindow, hands: Hands, five: list[int], mouse: Mouse
) -> None:
    line = window.panes.papers.viewport().findChild(QFrame, "drop_line")
    assert isinstance(line, QFrame)
    mouse.drag(mouse.row(0), mouse.row(2, 0.8), let_go=False)
    assert line.isVisible()
    assert abs(line.geometry().center().y() - mouse.row(3, 0.0).y()) <= 2
    hands.press("e")
    assert window.workspace.library.views.counts().done == 0, "there are no keys while one drags"
    hands.press("Esc")
    assert not line.isVisible()
    mouse.let_go(mouse.row(2, 0.8))
    assert _queue(window) == five
    hands.press("e")
    assert window.workspace.library.views.counts().done == 1


def test_papers_decided_meanwhile_do_not_count(window: MainWindow, hands: Hands, five: list[int], mouse: Mouse) -> None:
    """They still stand in the view, but no longer in the queue."""
    _, two, three, four, last = five
    hands.press("e")
    mouse.drag(mouse.row(4), mouse.row(2, 0.1))
    assert _queue(window) == [two, last, three, four]


def test_dropping_a_paper_where_it_was_is_no_step(
    window: MainWindow, hands: Hands, five: list[int], mouse: Mouse
) -> None:
    mouse.drag(mouse.row(1), mouse.row(2, 0.3))
    assert hands.said == "Queue order unchanged"


def test_in_other_views_the_mouse_selects(window: MainWindow, hands: Hands, five: list[int], mouse: Mouse) -> None:
    hands.press("g a")
    mouse.drag(mouse.row(0), mouse.row(2))
    assert len(window.panes.papers.selected_paper_ids()) == 3
    assert _queue(window) == five


def test_papers_move_while_a_search_is_shown(window: MainWindow, hands: Hands, five: list[int]) -> None:
    """The search stays, and the queue behind it has the new order once one is back."""
    title = window.workspace.library.papers.get(five[2]).title
    hands.press("/")
    hands.type(" ".join(title.split()[:4]))
    hands.settle()
    hands.press("Enter")
    assert window.panes.papers.current_paper_id == five[2]
    hands.press("Shift+K")
    assert window.navigator.is_finding
    assert _queue(window) == [five[0], five[2], five[1], *five[3:]]
    assert hands.said == f"Moved up the queue: {named(hands)}  ·  u undoes"
    window.runner.run("queue.top")
    hands.settle()
    assert _queue(window)[0] == five[2]
    assert window.navigator.is_finding
    hands.press("Esc")
    hands.qtbot.waitUntil(lambda: _shown(window) == _queue(window))
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.QUEUE


def test_undo_of_a_move_leaves_a_search_as_it_is(window: MainWindow, hands: Hands, five: list[int]) -> None:
    hands.press("Shift+J", "/")
    hands.type("the")
    hands.settle()
    hands.press("Enter")
    hands.press("u")
    assert window.navigator.is_finding
    assert _queue(window) == five


def test_another_process_s_order_shows(window: MainWindow, hands: Hands, five: list[int]) -> None:
    """As an open window is told of what a command does: through :meth:`Workspace.announce`."""
    hands.press("j")
    change = window.workspace.library.queue.move_to_bottom(five[:1])
    window.workspace.announce(change)
    hands.settle()
    assert _shown(window) == [*five[1:], five[0]]
    assert window.panes.papers.current_paper_id == five[1]
    more = window.workspace.library.queue.add([next(iter(set(range(1, 41)) - set(five)))])
    window.workspace.announce(more)
    hands.settle()
    assert len(_shown(window)) == 6


def test_a_paper_that_left_the_queue_stays_in_sight(window: MainWindow, hands: Hands, five: list[int]) -> None:
    change = window.workspace.library.states.set(five[1:2], PaperState.DONE)
    window.workspace.announce(change)
    hands.settle()
    assert _shown(window) == five
