"""A restart resumes at the exact paper; whatever is damaged of what was remembered is as if it were new."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from reader.domain.views import View, ViewKind
from reader.ui.themes import Scheme
from reader.ui.window import MainWindow
from reader.ui.window_state import WindowState, load_state, save_state
from tests.ui.conftest import WindowMaker
from tests.ui.pressing import Hands


def test_a_restart_resumes_at_the_exact_paper(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("[")
    hands.press(*"jjjjjjj")
    title, view = hands.title, window.navigator.view
    window.resize(760, 610)
    window.panes.splitter.setSizes([180, 270, 310])
    QApplication.processEvents()
    sizes = window.panes.splitter.sizes()
    hands.press("Ctrl++")
    window.close()
    again = open_window(folder)
    assert again.navigator.view == view
    assert again.reader.paper is not None
    assert again.reader.paper.title == title
    assert again.panes.papers.current_row == 7
    assert (again.width(), again.height()) == (760, 610)
    assert again.panes.splitter.sizes() == pytest.approx(sizes, abs=2)
    assert again.appearance.text_step == 1
    hands.window = again
    again.runner.run("view.default_size")


def test_a_paper_that_left_its_view_is_no_trouble(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("j", "d", "k")
    window.close()
    again = open_window(folder)
    assert again.navigator.view == View(ViewKind.INBOX)
    assert again.panes.paper_model.rowCount() == 39
    assert again.reader.paper is not None


def test_focus_reading_does_not_spoil_the_panes(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("Enter")
    window.close()
    again = open_window(folder)
    assert min(again.panes.splitter.sizes()) > 100


def test_the_state_file_is_the_user_s_alone(window: MainWindow, folder: Path) -> None:
    window.close()
    assert stat.S_IMODE((folder / "window.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"view_kind": 3}', "\x00" * 50, "[" * 100_000])
def test_damaged_state_is_as_new(tmp_path: Path, content: str) -> None:
    (tmp_path / "window.json").write_text(content)
    assert load_state(tmp_path) == WindowState()


def test_a_huge_state_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text(json.dumps({"view_kind": "done", "geometry": "x" * 2_000_000}))
    assert load_state(tmp_path) == WindowState()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*WindowState.__slots__, "else"]), JSON))
def test_any_state_makes_a_view(tmp_path: Path, content: dict[str, object]) -> None:
    (tmp_path / "window.json").write_text(json.dumps(content))
    state = load_state(tmp_path)
    assert isinstance(state.view, View)
    assert all(type(getattr(state, name)) is type(getattr(WindowState(), name)) for name in ("geometry", "text_step"))


@pytest.mark.parametrize(
    "state", [WindowState(geometry="bm90IGEgZ2VvbWV0cnk=", splitter=[0, 0, 0], paper_id=99_999, view_kind="listing",
                          listing_ids=[77], text_step=50)],
)  # fmt: skip
def test_nonsense_that_looks_right_does_no_harm(folder: Path, open_window: WindowMaker, state: WindowState) -> None:
    assert save_state(folder, state)
    window = open_window(folder)
    assert min(window.panes.splitter.sizes()) > 0
    assert window.navigator.view is not None
    window.runner.run("view.default_size")


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    assert not save_state(tmp_path / "missing", WindowState())


@pytest.mark.parametrize("scheme", ["view.theme_dark", "view.theme_light"])
def test_the_colours_are_remembered(window: MainWindow, folder: Path, scheme: str) -> None:
    window.runner.run(scheme)
    window.close()
    assert Scheme(load_state(folder).scheme) is window.appearance.scheme
    assert load_state(folder).scheme == scheme.removeprefix("view.theme_")
