"""The windows of the tests of the user interface, for tests here that need one."""

from __future__ import annotations

from tests.ui.conftest import folder, hands, open_window, qtbot, sample_folder, themes, window, world

__all__ = ["folder", "hands", "open_window", "qtbot", "sample_folder", "themes", "window", "world"]
