"""A library that is not synchronised pays nothing for it: no import, no thread, no word in the status line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from reader.ui.app.window import MainWindow
from reader.ui.sync.commands import SyncCommands
from reader.ui.sync.set_up_sheet import SetUpSheet
from tests.ui.conftest import WindowMaker, settle
from tests.ui.pressing import Hands

ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = """
import json, sys, threading
from pathlib import Path
if __name__ == "__main__":
    from PySide6.QtTest import QTest
    from reader.services import Library
    from reader.ui.app.application import make_application
    from reader.ui.app.environment import Environment
    from reader.ui.app.window import MainWindow
    from reader.ui.app.workspace import Workspace
    from reader.ui.look.themes import ThemeSwitch

    application = make_application(["lectern"])
    window = MainWindow(Workspace(Library(Path(sys.argv[1]))), ThemeSwitch(application), Environment())
    window.show()
    window.begin()
    while not window.workspace.tasks.is_idle:
        QTest.qWait(20)
    QTest.qWait(100)
    threads = [thread.name for thread in threading.enumerate()]
    window.close()
    print(json.dumps([sorted(sys.modules), threads]))
"""
_UNWANTED = ("watchfiles", "anyio", "zstandard", "nacl", "keyring", "fsspec", "reader.services.sync.")
_WINDOWS_OWN = {"reader.ui.sync.commands"}


def test_opening_a_window_imports_nothing_of_it_and_starts_no_thread(tmp_path: Path) -> None:
    script = tmp_path / "open.py"
    script.write_text(_SCRIPT, "utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(script), str(tmp_path / "library")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    modules, threads = json.loads(done.stdout.splitlines()[-1])
    assert "reader.ui.sync.commands" in modules  # the test looks at what it means
    assert [name for name in modules if name.startswith(_UNWANTED)] == []
    assert {name for name in modules if name.startswith("reader.ui.sync.")} == _WINDOWS_OWN
    assert [name for name in threads if name.startswith("sync")] == []


def test_nothing_is_shown_and_what_needs_it_says_what_to_do(window: MainWindow, hands: Hands) -> None:
    assert isinstance(window.sync, SyncCommands)
    assert window.sync.syncing is None
    window.runner.run("go.beside")
    assert hands.said == "Sync is not set up: “Sync: set up” sets it up"


def test_sync_now_sets_up_what_is_not(window: MainWindow) -> None:
    window.runner.run("sync.now")
    settle(window)
    assert window.findChild(SetUpSheet) is not None


def test_an_empty_library_offers_to_join_another_machine(open_window: WindowMaker, tmp_path: Path) -> None:
    window = open_window(tmp_path / "empty")
    settle(window)
    (made,) = [each for each in window.findChildren(QPushButton) if each.text() == "Sync: set up…"]
    assert made.isVisible()
    made.click()
    settle(window)
    assert window.findChild(SetUpSheet) is not None


@pytest.mark.parametrize("command", ["sync.open", "sync.now", "go.beside"])
def test_the_sample_is_not_synchronised(open_window: WindowMaker, folder: Path, command: str) -> None:
    window = open_window(folder, is_sample=True)
    window.runner.run(command)
    settle(window)
    assert window.panes.status.message.text().startswith("The sample is not synchronised")
