"""Mute rules by key: previewed, kept, always told in the inbox, switched off, changed, deleted, undone."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import Palette
from reader.ui.mute_rules.sheet import MutePreview, MuteSheet, preview_text
from tests.ui.pressing import Hands

Opened = TypeVar("Opened", bound=QWidget)


def _open(window: MainWindow, kind: type[Opened]) -> Opened:
    (found,) = [one for one in window.findChildren(kind) if one.isVisible()]
    return found


def _lines(window: MainWindow) -> list[str]:
    entries = window.panes.paper_model.entries
    folds = [entries.fold(row) for row in range(len(entries))]
    return [fold.known_line for fold in folds if fold is not None]


def _headings(window: MainWindow) -> list[tuple[str, str]]:
    entries = window.panes.paper_model.entries
    found = [entries.heading(row) for row in range(len(entries))]
    return [(heading.title, heading.facts) for heading in found if heading is not None]


def _mute(window: MainWindow, hands: Hands, query: str, name: str = "") -> None:
    window.runner.run("mute.add")
    hands.type(query)
    hands.press("Tab")
    hands.type(name)
    hands.press("Enter")


def test_what_is_searched_for_is_muted_after_a_look_at_it(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    muted = list(library.search("model").paper_ids)
    hands.press("/")
    hands.type("model")
    hands.settle()
    hands.press("Enter")
    window.runner.run("mute.add")
    hands.settle()
    sheet = _open(window, MuteSheet)
    assert sheet.query.text() == "model"
    lines = sheet.preview.text().split("\n")
    assert lines[0] == f"Would hide {len(muted)} of 40 now:"
    assert lines[1].removeprefix("·  ") == next(library.papers.read(muted)).title
    assert library.mutes.all() == []
    hands.press("Enter")
    assert [(rule.name, rule.query) for rule in library.mutes.all()] == [("model", "model")]
    hands.press("g i")
    assert window.panes.pane.facts.text() == f"{len(muted)} hidden by 1 rule  ·  {40 - len(muted)}"
    assert _lines(window) == [f"{len(muted)} hidden by 1 rule"]
    hands.press("u")
    assert _lines(window) == []
    assert window.panes.pane.facts.text() == "40"
    hands.press("Shift+U")
    assert _lines(window) == [f"{len(muted)} hidden by 1 rule"]


def test_the_line_in_the_inbox_unfolds_what_is_hidden(window: MainWindow, hands: Hands) -> None:
    _mute(window, hands, "model")
    hands.press("Shift+G")
    assert "mute rules keep" in window.panes.detail.toPlainText()
    rows = window.panes.paper_model.rowCount()
    hands.press("Enter")
    hidden = len(window.workspace.library.mutes.papers())
    assert window.panes.paper_model.rowCount() == rows + hidden
    hands.press("j", "e")
    assert hands.said.startswith("Done")
    hands.press("g i")
    assert _lines(window) == [f"{hidden - 1} hidden by 1 rule"]


def test_nothing_but_hidden_papers_leaves_the_line(window: MainWindow, hands: Hands) -> None:
    _mute(window, hands, "is:unseen")
    assert _lines(window) == ["40 hidden by 1 rule"]
    assert window.panes.papers.hasFocus()


def test_rules_stand_with_what_they_hide(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    _mute(window, hands, "model", "No models")
    _mute(window, hands, "learning -model")
    hands.press("g m")
    assert window.navigator.view == View(ViewKind.MUTED)
    counts = [len(ids) for _, ids in library.mutes.by_rule()]
    assert _headings(window) == [
        ("No models", f"hides {counts[0]} papers  ·  model"),
        ("learning -model", f"hides {counts[1]} papers"),
    ]
    window.runner.run("mute.toggle")
    hands.settle()
    assert _headings(window)[0] == ("No models", f"off: would hide {counts[0]} papers  ·  model")
    assert len(library.mutes.papers()) == counts[1]
    hands.press("u")
    assert [rule.enabled for rule in library.mutes.all()] == [True, True]
    window.runner.run("mute.delete")
    hands.settle()
    assert _headings(window) == [("learning -model", f"hides {counts[1]} papers")]
    hands.press("u")
    assert len(_headings(window)) == 2


def test_a_rule_is_changed_in_its_sheet(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    _mute(window, hands, "model", "No models")
    window.runner.run("mute.change")
    hands.settle()
    sheet = _open(window, MuteSheet)
    assert (sheet.query.text(), sheet.name.text()) == ("model", "No models")
    sheet.query.selectAll()
    hands.type("learning")
    hands.press("Enter")
    assert [(rule.name, rule.query) for rule in library.mutes.all()] == [("No models", "learning")]
    hands.press("u")
    assert library.mutes.all()[0].query == "model"


def test_among_several_rules_one_is_chosen(window: MainWindow, hands: Hands) -> None:
    window.runner.run("mute.delete")
    hands.settle()
    assert "No mute rules yet" in hands.said
    _mute(window, hands, "model")
    _mute(window, hands, "learning")
    window.runner.run("mute.delete")
    hands.settle()
    assert _open(window, Palette).edit.placeholderText() == "Delete which rule?"
    hands.type("lear")
    hands.press("Enter")
    assert [rule.query for rule in window.workspace.library.mutes.all()] == ["model"]


def test_a_rule_that_would_hide_everything_is_refused(window: MainWindow, hands: Hands) -> None:
    for query in ("", "sort:title"):
        window.runner.run("mute.add")
        hands.type(query)
        hands.press("Enter")
        sheet = _open(window, MuteSheet)
        assert "needs words or conditions" in sheet.preview.text()
        hands.press("Esc")
        hands.settle()
    assert window.workspace.library.mutes.all() == []


def test_a_rule_that_is_not_understood_is_refused_with_what_to_try(window: MainWindow, hands: Hands) -> None:
    window.runner.run("mute.add")
    hands.type("-is:unsen")
    hands.press("Enter")
    assert "Unknown value “unsen” for is:. Try is:unseen." in _open(window, MuteSheet).preview.text()
    assert window.workspace.library.mutes.all() == []


def test_preview_in_words() -> None:
    assert preview_text(MutePreview(0, 57, ())) == ("Would hide none of 57 now; later papers may match.")
    assert preview_text(MutePreview(3, 57, ("A", "B"))) == "Would hide 3 of 57 now:\n·  A\n·  B\nand 1 more"
