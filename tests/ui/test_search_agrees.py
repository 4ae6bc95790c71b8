"""The window and the command line find the same papers: any text, well-formed or not, typed into the box."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, example, given
from hypothesis import strategies as st

from reader.cli import cli
from reader.domain.papers import PaperState
from reader.services.process.sharing import SharedLibrary
from reader.ui.app.window import MainWindow
from tests.examples import examples
from tests.ui.conftest import TODAY, settle
from tests.ui.pressing import Hands

_WORDS = (
    "model models diff diffusion agent reason video the of a learning image-text gpt-4 train* modle~ "
    '"large language" “of the” "vision tr"* naïve'
)
_CONDITIONS = (
    "is:unseen is:unread is:read is:starred in:done state:dismissed in:inbox in:queue is:buried #rl #=rl "
    "tag:rl -#ml has:note has:tags date:2025 year:2025 year:2024..2026 date:<30d added:<7d seen:today comments:>3 "
    "upvotes:..50 authors:>4 from:chen author:li title:model org:lab listing:sample arxiv:2501.00001 label:claim"
)
_ILL_FORMED = (
    "is:odd is:un in:nowhere has: date:last-week date:soon year:2025-13 comments:>abc sort:size sort: title: from: "
    'tag: label:"" # … ! ( ) (( )) " “ - * ~ : colour:red autor:li OR AND NOT title:( note:( -( '
)
_SORTS = "sort:title sort:date sort:relevance sort:added"
_pieces = st.sampled_from((_WORDS + " ").split(" ")) | st.sampled_from(_CONDITIONS.split(" "))
_pieces |= st.sampled_from(_ILL_FORMED.split(" ")) | st.sampled_from(_SORTS.split(" "))
_joining = st.sampled_from([" ", " ", " ", " OR ", " AND ", " -", "", "  "])
_queries = st.lists(st.tuples(_pieces, _joining), min_size=1, max_size=6).map(
    lambda pairs: "".join(map("".join, pairs))
)
_texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)


@pytest.fixture
def varied(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window whose papers differ in all that can be asked for; the command line has the window's clock."""
    library = window.workspace.library
    library.states.set_starred([1, 2, 3], True)
    library.tags.add([2, 3, 4], ["rl"])
    library.tags.add([5, 6], ["ml/vision"])
    library.states.set([7, 8], PaperState.DONE)
    library.states.set([9, 10, 11], PaperState.DISMISSED)
    library.states.set_seen([1, 5, 9], True)
    for _ in library.index.update():
        pass
    monkeypatch.setitem(SharedLibrary.__init__.__kwdefaults__, "clock", lambda: TODAY)
    settle(window)
    return window


def _in_window(window: MainWindow, query: str) -> list[int]:
    """What the box finds, told from papers that only have any of the words."""
    window.panes.pane.search.set_text(query)
    settle(window)
    text = window.panes.pane.facts.text()
    shown = [row for row in window.panes.paper_model.entries.rows if row > 0]
    return shown[: int(text.partition(" of ")[0].replace(",", ""))]


def _on_command_line(window: MainWindow, query: str) -> tuple[list[str], str]:
    """The keys of the papers found, and what is said on the error stream."""
    told = CliRunner().invoke(cli, ["--library", str(window.workspace.library.folder), "papers", "--json", "--", query])
    assert told.exit_code == 0, told.output
    return [json.loads(line)["key"] for line in told.stdout.splitlines()], told.stderr


@given(_queries | _texts)
@example("is:unread")
@example("is:unred")
@example("date:last-week")
@example("comments:>abc")
@example("model OR is:odd")
@example("!")
@examples(200, HealthCheck.function_scoped_fixture)
def test_random_queries_find_the_same(varied: MainWindow, query: str) -> None:
    """With a blank at the end, that is: it ends the last word, which otherwise may go on while it is typed.

    So many are tried that ``make soak`` tries two thousand.
    """
    assume(query.strip())
    varied.runner.run("go.find")
    found = varied.workspace.library.papers.read(_in_window(varied, f"{query.strip()} "))
    keys, said = _on_command_line(varied, query)
    assert sorted(paper.key for paper in found) == sorted(keys)
    sentences = varied.panes.pane.search.words.text().splitlines()
    assert all(sentence in said for sentence in sentences if sentence.startswith("Unknown value"))


@pytest.mark.parametrize(
    "query", ["is:odd", "-is:odd", "date:last-week", "comments:>abc", "is:odd OR model", "title:", "!"]
)
def test_nothing_is_decided_by_what_is_not_understood(window: MainWindow, hands: Hands, query: str) -> None:
    library = window.workspace.library
    before = library.statistics.totals()
    hands.press("/")
    hands.type(query)
    hands.press("Down")
    hands.press("* a", "d")
    assert library.statistics.totals().states == before.states
    assert window.panes.pane.facts.text() == "0 of 40"
    words = window.panes.pane.search.words.text()
    assert words or query == "title:"


def test_a_blank_ends_the_last_word(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    hands.press("/")
    hands.type("mode")
    hands.settle()
    going_on = set(_in_window(window, "mode"))
    assert going_on == set(library.search("mode", typing=True).paper_ids)
    hands.type(" ")
    hands.settle()
    assert set(_in_window(window, "mode ")) == set(library.search("mode").paper_ids) < going_on


def test_an_unknown_value_is_said_alike_in_both(varied: MainWindow) -> None:
    varied.runner.run("go.find")
    assert _in_window(varied, "is:unsen") == []
    sentence = "Unknown value “unsen” for is:. Try is:unseen."
    assert sentence in varied.panes.pane.search.words.text()
    assert "Did you mean “is:unseen”? Enter searches for it." in varied.panes.pane.search.words.text()
    keys, said = _on_command_line(varied, "is:unsen")
    assert keys == []
    assert said == f"lectern: {sentence}\nlectern: Nothing found. Did you mean “is:unseen”?\n"


def test_characters_beyond_the_first_plane_are_searched_for_as_on_the_command_line(varied: MainWindow) -> None:
    """Qt counts them twice: a box of 500 units took half of what the command line takes."""
    varied.runner.run("go.find")
    query = "\U0001f600" * 400 + " is:starred"
    assert len(_in_window(varied, f"{query} ")) == len(_on_command_line(varied, query)[0]) == 3
