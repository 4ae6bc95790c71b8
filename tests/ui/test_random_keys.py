"""Any keys in any order: no exception, no word from Qt, and a library that is as consistent as before.

Ten runs of a thousand keys each, with fixed seeds: commands' keys whole and torn apart, keys that no command has, and
letters that end up wherever the focus is just then: lines, notes, comments, overlays.
"""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from reader.domain.papers import PaperState
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.commands.table import COMMANDS
from reader.ui.overlays.overlay import Overlay
from tests.ui.pressing import Hands

_EVENTS = 1_000
_LEAVES = {"window.close", "view.full_screen"}
_STRAY = [
    *map(Key, ("Tab", "PgDown", "PgUp", "Left", "Right", "F5", "Backspace", "Insert", "z", "é", "-", "(", "$")),
    Key("Tab", Modifier.SHIFT),
    Key("Enter", Modifier.CTRL),
    Key("Enter", Modifier.SHIFT),
    *(Key(name, Modifier.SHIFT) for name in ("Down", "Up", "Left", "Right", "End")),
    *(Key(name, Modifier.CTRL) for name in ("a", "x", "Delete", "Backspace", "Home")),
]
# What is typed: words that the palette, the tags, the search and the questions make something of, and nonsense.
_TYPED = (
    "tag:rl",
    "is:unseen sparse",
    '"',
    "[[ma",
    "note",
    "3d",
    "2024",
    "mute",
    "sort",
    "merge",
    "settings",
    "é\u0301𝕏",
)


class _Monkey:
    """Strikes keys at random, a run of it the same for the same seed."""

    def __init__(self, hands: Hands, seed: int) -> None:
        self._hands = hands
        self._rng = random.Random(seed)
        self._chords = [chord for row in COMMANDS if row.id not in _LEAVES for chord in row.chords]
        self._keys = [*(key for chord in self._chords for key in chord), *_STRAY]
        self.struck = 0

    def run(self) -> None:
        while self.struck < _EVENTS:
            kind = self._rng.random()
            if kind < 0.4:
                self._strike(self._rng.choice(self._keys))
            elif kind < 0.8:
                for key in self._rng.choice(self._chords):
                    self._strike(key)
            elif kind < 0.9:
                self._type(self._rng.choice(_TYPED))
            else:
                self._strike(self._rng.choice((Key("Esc"), Key("Enter"), Key("j"))))

    def _strike(self, key: Key) -> None:
        self._hands.strike(key)
        self.struck += 1
        if self.struck % 7 == 0:
            QApplication.processEvents()
        if self.struck % 100 == 0:
            self._hands.settle()
            focus = QApplication.focusWidget()
            assert focus is not None, "nobody has the focus"
            assert focus.isVisible()

    def _type(self, text: str) -> None:
        self._hands.type(text)
        self.struck += len(text)
        QApplication.processEvents()


@pytest.mark.parametrize("seed", range(10))
def test_random_keys(window: MainWindow, hands: Hands, seed: int) -> None:
    window.runner._acts["window.close"] = lambda: None  # the palette may hit upon it
    QGuiApplication.clipboard().setText("2601.0" + str(1_000 + seed))
    _Monkey(hands, seed).run()
    hands.settle()
    for overlay in window.findChildren(Overlay):
        overlay.dismiss()
    window.notes.flush()
    hands.settle()
    library = window.workspace.library
    _is_consistent(library)
    all_before = library.views.counts().all
    while library.history.undo() is not None:
        pass
    _is_consistent(library)
    # Undo took back even the import, but papers that were seen by reading on are kept with what was said of them.
    counts = library.views.counts()
    assert counts.done == counts.dismissed == counts.queued == counts.reading == counts.starred == 0
    while library.history.redo() is not None:
        pass
    _is_consistent(library)
    # Fewer than the import brought if it was undone by key and a later step ended redo.
    assert library.views.counts().all == all_before


def _is_consistent(library: Library) -> None:
    """Nothing for a repair to do, and the counts of the left pane are those of the papers themselves."""
    library.tidy()  # as the window does once all is quiet: a file whose import was undone for good is still there
    assert library.checks.run().findings == ()
    counts = library.views.counts()
    papers = list(library.papers.read(range(1, 60)))
    states = [paper.state for paper in papers]
    assert counts.all == len(papers)
    assert counts.done == states.count(PaperState.DONE)
    assert counts.dismissed == states.count(PaperState.DISMISSED)
    assert counts.queued == states.count(PaperState.QUEUED) == len(library.queue.ids())
    assert counts.reading == states.count(PaperState.READING)
    assert counts.starred == sum(paper.starred for paper in papers)
