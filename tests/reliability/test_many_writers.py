"""Several processes on one library: the window shows what others do, and nothing of what anybody does is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from reader.domain.papers import Paper
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from tests.patience import wait_until
from tests.reliability.figures import record
from tests.services.other_process import OtherProcess
from tests.services.support import finish, listing_text
from tests.storage.support import ASIDE, read_tables
from tests.ui.conftest import settle
from tests.ui.pressing import Hands

ALL = View(ViewKind.ALL)
_STEPS = (
    "for number in range({count}): library.tags.add([1 + number % 3], ['{name}/' + str(number)]) if number % 3 "
    "else library.notes.append(1, '{name}{count} ' + str(number))"
)

# --- nothing is lost --------------------------------------------------------------------------------------------------


def write_at_once(folder: Path, count: int) -> None:
    """Two processes each make so many steps at once; all of them are there, sound, and can be undone."""
    with Library(folder) as library:
        finish(library.imports.text(listing_text("First", "Second", "Third"), "page"))
        before = read_tables(folder / "library.db", leave_out=ASIDE)
    with OtherProcess(folder) as one, OtherProcess(folder) as other:
        one.begin(_STEPS.format(count=count, name="one"))
        other.begin(_STEPS.format(count=count, name="other"))
        one.wait()
        other.wait()
    with Library(folder) as library:
        assert len(library.history.steps(None)) == 2 * count + 1
        tags = {tag.name for tag in library.tags.all()}
        lines = set(library.notes.of(1).text.split("\n\n"))
        for name in ("one", "other"):
            assert {f"{name}/{number}" for number in range(count) if number % 3} <= tags
            assert {f"{name}{count} {number}" for number in range(0, count, 3)} <= lines
        assert library.checks.run().findings == ()
        undone = library.history.undo(2 * count)
        assert undone is not None
        assert len(undone.titles) == 2 * count
        assert read_tables(folder / "library.db", leave_out=ASIDE) == before


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    write_at_once(tmp_path / "library", 30)


@pytest.mark.soak
def test_two_processes_that_write_very_much_lose_nothing(tmp_path: Path) -> None:
    write_at_once(tmp_path / "library", 150)
    record("news", "2 processes wrote 150 steps each at once: 0 lost, 0 findings, all undone")


# --- all is shown -----------------------------------------------------------------------------------------------------


def see(window: MainWindow, holds: Callable[[], bool]) -> float:
    """Wait for the window to show something; the seconds that it took."""
    begun = time.monotonic()

    def work() -> None:
        QApplication.processEvents()
        time.sleep(0.001)

    wait_until(holds, work)
    return time.monotonic() - begun


def shown_one_by_one(window: MainWindow, other: OtherProcess) -> Iterator[float]:
    """Everything that another process can do to a paper, each as it comes to be shown; the seconds it took."""
    reader, pane, papers = window.reader, window.panes.note, window.panes.paper_model
    paper_id = window.panes.papers.current_paper_id
    below = papers.paper(2)
    assert below is not None

    def paper() -> Paper:
        assert reader.paper is not None
        assert reader.paper.id == paper_id
        return reader.paper

    other.do(f"library.states.set_starred([{paper_id}], True)")
    yield see(window, lambda: paper().starred)
    other.do("library.history.undo()")
    yield see(window, lambda: not paper().starred)
    other.do("library.history.redo()")
    yield see(window, lambda: paper().starred)
    other.do(f"library.notes.save({paper_id}, 'Begun.', revision=None, visit='one')")
    yield see(window, lambda: pane.view.toPlainText().startswith("Begun."))
    other.do(f"library.notes.save({paper_id}, 'Begun. And extended.', revision=None, visit='one')")
    yield see(window, lambda: "And extended." in pane.view.toPlainText())
    other.do(f"library.states.set_seen([{below.id}], True, automatic=True)")
    yield see(
        window, lambda: any(row is not None and row.id == below.id and row.seen for row in map(papers.paper, range(6)))
    )


def test_what_another_process_does_is_shown_and_taken_back(window: MainWindow, hands: Hands, folder: Path) -> None:
    library = window.workspace.library
    with OtherProcess(folder) as other:
        assert len(list(shown_one_by_one(window, other))) == 6
    settle(window)
    note, star = library.history.steps(2)
    assert (note.kind, star.undone) == ("note", False)
    hands.press("u")
    assert window.reader.paper is not None
    assert (window.reader.paper.note, window.reader.paper.starred) == ("", True), "both saves were one step"
    hands.press("u")
    assert not window.reader.paper.starred
    assert [step.undone for step in library.history.steps(2)] == [True, True]


def test_what_is_typed_and_what_another_process_saves_are_both_there(
    window: MainWindow, hands: Hands, folder: Path
) -> None:
    library, paper_id = window.workspace.library, window.panes.papers.current_paper_id
    assert paper_id is not None
    hands.press("n")
    hands.type("Typed here.")
    with OtherProcess(folder) as other:
        other.do(f"library.notes.save({paper_id}, 'Set there.', revision=None)")
    see(window, lambda: "Set there." in window.panes.note.editor.toPlainText())
    hands.type(" And on.")
    see(window, lambda: "And on." in library.notes.of(paper_id).text)
    saved = library.notes.of(paper_id).text
    assert "Typed here." in saved
    assert "Set there." in saved


def test_a_window_goes_on_beside_another_s_import(window: MainWindow, hands: Hands, folder: Path) -> None:
    library = window.workspace.library
    before = library.views.counts().all
    paper_id = window.panes.papers.current_paper_id
    page = "finish(library.imports.text(listing_text(*(f'{page} of {n}' for n in range(200))), str(page)))"
    stars = 0
    with OtherProcess(folder) as other:
        other.begin(f"for page in range(8): {page}")
        while library.views.counts().all < before + 1_600:
            window.workspace.perform(partial(library.states.set_starred, [paper_id], stars % 2 == 0))
            settle(window)
            stars += 1
        other.wait()
    assert len([step for step in library.history.steps(None) if step.kind == "edit"]) == stars
    see(window, lambda: "1 file: 200 new papers" in window.panes.notice.text.text())
    assert library.checks.run().is_sound


@pytest.mark.soak
def test_what_another_process_does_is_shown_in_time(window: MainWindow, folder: Path) -> None:
    with OtherProcess(folder) as other:
        slowest = max(shown_one_by_one(window, other))
    record("news", f"a window showed what another process did, undid, redid and extended after {slowest:.2f} s at most")
    assert slowest < 0.5
