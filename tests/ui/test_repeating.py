"""The full stop does the last operation again on other papers; Shift+A sees everything above."""

from __future__ import annotations

from reader.domain.papers import PaperState
from reader.ui.app.window import MainWindow
from tests.ui.pressing import Hands


def _ids(window: MainWindow, count: int) -> list[int]:
    entries = window.panes.paper_model.entries
    return [entries.paper_id(row) or 0 for row in range(count)]


def _states(window: MainWindow, ids: list[int]) -> list[PaperState]:
    return [paper.state for paper in window.workspace.library.papers.read(ids)]


def test_a_star_is_put_on_again_and_not_toggled(window: MainWindow, hands: Hands) -> None:
    ids = _ids(window, 2)
    hands.press("s", "j", ".", ".")
    assert [paper.starred for paper in window.workspace.library.papers.read(ids)] == [True, True]
    hands.press("u")
    assert [paper.starred for paper in window.workspace.library.papers.read(ids)] == [True, False]


def test_a_star_is_taken_off_again(window: MainWindow, hands: Hands) -> None:
    ids = _ids(window, 2)
    window.workspace.library.states.set_starred(ids, True)
    hands.press("s", "j", ".")
    assert [paper.starred for paper in window.workspace.library.papers.read(ids)] == [False, False]


def test_a_verdict_is_repeated_and_goes_on(window: MainWindow, hands: Hands) -> None:
    ids = _ids(window, 4)
    hands.press("d", ".", ".")
    assert _states(window, ids) == [PaperState.DISMISSED] * 3 + [PaperState.INBOX]
    assert window.panes.papers.current_paper_id == ids[3]


def test_queueing_and_taking_out_are_repeated(window: MainWindow, hands: Hands) -> None:
    ids = _ids(window, 3)
    hands.press("a", "j", ".")
    assert list(window.workspace.library.queue.ids()) == ids[:2]
    hands.press("a", "k", ".", "j", "j", ".")
    assert list(window.workspace.library.queue.ids()) == []
    assert _states(window, ids) == [PaperState.INBOX] * 3


def test_a_visit_to_the_tags_is_repeated_on_a_selection_as_one_step(window: MainWindow, hands: Hands) -> None:
    ids = _ids(window, 4)
    hands.press("t")
    for name in ("alpha", "beta", "gone"):
        hands.type(name)
        hands.press("Tab")
    hands.press("Backspace", "Esc", "j", "x", "j", "x", ".")
    tags = [set(paper.tags) for paper in window.workspace.library.papers.read(ids)]
    assert tags == [{"alpha", "beta"}] * 3 + [set()]
    hands.press("u")
    assert [paper.tags for paper in window.workspace.library.papers.read(ids[1:])] == [(), (), ()]


def test_favourites_and_hiding_are_repeated(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    ids = _ids(window, 4)
    library.tags.add([ids[3]], ["rl"])
    library.tags.set_favorite("rl", 4)
    hands.press("4", "j", ".")
    assert [paper.tags for paper in library.papers.read(ids[:2])] == [("rl",), ("rl",)]
    hands.press("0", "k", ".")
    assert [paper.tags for paper in library.papers.read(ids[:2])] == [(), ()]
    hands.press("b", ".")
    hidden = [paper.buried_until is not None for paper in library.papers.read(ids)]
    assert hidden == [True, True, False, False]


def test_seen_is_repeated(window: MainWindow, hands: Hands) -> None:
    ids = _ids(window, 3)
    hands.press("m", ".")
    assert [paper.seen for paper in window.workspace.library.papers.read(ids)] == [True, True, False]


def test_there_may_be_nothing_to_repeat(window: MainWindow, hands: Hands) -> None:
    hands.press(".")
    assert hands.said.startswith("Nothing to repeat yet")


def test_everything_above_is_seen_in_one_step(window: MainWindow, hands: Hands) -> None:
    ids = _ids(window, 5)
    window.workspace.library.states.set_seen(ids[:1], True)
    hands.press("j", "j", "j", "Shift+A")
    seen = [paper.seen for paper in window.workspace.library.papers.read(ids)]
    assert seen == [True, True, True, False, False]
    assert hands.said == "Marked seen: 2 papers  ·  u undoes"
    hands.press("Shift+A")
    assert hands.said == "Every paper above is already seen"
    hands.press("u")
    assert [paper.seen for paper in window.workspace.library.papers.read(ids)] == [True] + [False] * 4
