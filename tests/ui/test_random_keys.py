"""Any keys in any order: no exception, no word from Qt, and a library that is as consistent as before."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from reader.domain.papers import PaperState
from reader.ui.commands import default_bindings
from reader.ui.keys import Key, Modifier
from reader.ui.overlays.overlay import Overlay
from reader.ui.window import MainWindow
from tests.ui.pressing import Hands

_LEAVES = {"window.close", "view.full_screen"}
_STRAY = [
    Key("Tab"),
    Key("Tab", Modifier.SHIFT),
    Key("PgDown"),
    Key("PgUp"),
    Key("x"),
    Key("9"),
    Key("F5"),
    Key("Left"),
]
_SHIFT_DOWN = [Key("Down", Modifier.SHIFT), Key("Up", Modifier.SHIFT), Key("a", Modifier.CTRL)]


@pytest.mark.parametrize("seed", range(4))
def test_random_keys(window: MainWindow, hands: Hands, seed: int) -> None:
    rng = random.Random(seed)
    window.runner._acts["window.close"] = lambda: None  # the palette may hit upon it
    QGuiApplication.clipboard().setText("2601.0" + str(1_000 + seed))
    chords = [chord for chord, command in default_bindings() if command not in _LEAVES]
    keys = [*(key for chord in chords for key in chord), *_STRAY, *_SHIFT_DOWN]
    for number in range(400):
        hands.strike(rng.choice(keys))
        if number % 7 == 0:
            QApplication.processEvents()
        if number % 50 == 0:
            hands.settle()
    hands.settle()
    for overlay in window.findChildren(Overlay):
        overlay.dismiss()
    counts = window.workspace.library.view_counts()
    assert counts.all == 40
    states = [paper.state for paper in window.workspace.library.papers(range(1, 41))]
    assert counts.done == states.count(PaperState.DONE)
    assert counts.dismissed == states.count(PaperState.DISMISSED)
    assert counts.queued == states.count(PaperState.QUEUED)
    window.runner.run("view.default_size")
    while window.workspace.library.undo() is not None:
        pass
    # Undo took back even the import, but papers that were seen by reading on are kept with what was said of them.
    assert window.workspace.library.view_counts().done == 0
