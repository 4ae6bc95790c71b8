"""Annotating, queueing and undoing from the command line, run as scripts run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from reader.cli import cli
from reader.domain.papers import PaperState
from reader.domain.step_titles import StepKind
from reader.services import Library
from reader.services.library.files import DATABASE_NAME
from reader.storage.journal.journal import SYNC
from reader.storage.store import LibraryStore
from tests.services.support import finish, listing_text
from tests.storage.support import write

ROOT = Path(__file__).parents[1]
Lectern = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    listing = tmp_path / "day.txt"
    listing.write_text(listing_text("First Paper", "Second $\\alpha$ Paper", "Third Paper"), "utf-8")
    with Library(tmp_path / "library") as library:
        finish(library.imports.paths([listing]))
    return tmp_path / "library"


def run(folder: Path, *words: str, stdin: bytes | str | None = None) -> Result:
    """Run a command in this process: starting one for each takes long, and the entry is tested elsewhere."""
    return CliRunner().invoke(cli, ["--library", str(folder), *words], input=stdin)


@pytest.fixture
def lectern(folder: Path) -> Lectern:
    def lectern(*words: str, stdin: bytes | str | None = None, code: int = 0) -> str:
        result = run(folder, *words, stdin=stdin)
        assert result.exit_code == code, result.output
        return result.stderr if code else result.stdout

    return lectern


@pytest.fixture
def keys(lectern: Lectern) -> list[str]:
    return [paper["key"] for paper in lines(lectern("papers", "--json", "--sort", "title"))]


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def paper(lectern: Lectern, key: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(lectern("show", key, "--json"))
    return shown


def steps(lectern: Lectern) -> list[str]:
    return [step["title"] for step in lines(lectern("history", "--json"))]


def test_tags_are_put_on_and_taken_off_in_one_step(lectern: Lectern, keys: list[str]) -> None:
    assert lectern("tag", keys[0], keys[1], "+to-try", "+Method/Diffusion", "+to read") == (
        "Tagged 2 papers “to-try”, “Method/Diffusion”, “to read”\n"
    )
    assert lectern("tag", keys[0], keys[2], "+b", "-TO-TRY", "-never") == (
        "Tagged 2 papers “b” and untagged “TO-TRY”, “never”: “First Paper”\n"
    )
    assert paper(lectern, keys[0])["tags"] == ["b", "Method/Diffusion", "to read"]
    assert lectern("tag", keys[0], "+b") == "Nothing to change.\n"
    lectern("undo")
    assert paper(lectern, keys[0])["tags"] == ["Method/Diffusion", "to read", "to-try"]


@pytest.mark.parametrize("words", [[], ["+a"], ["KEY"], ["-a"]])
def test_tag_needs_papers_and_tags(lectern: Lectern, words: list[str]) -> None:
    assert "lectern tag KEY +to-try -old" in lectern("tag", *words, code=2)


def test_a_tag_may_look_like_an_option(lectern: Lectern, keys: list[str]) -> None:
    lectern("tag", keys[0], "+-json", "+-library", "+x")
    assert paper(lectern, keys[0])["tags"] == ["-json", "-library", "x"]
    lectern("tag", "--json", keys[0], "--library", "-x")
    assert paper(lectern, keys[0])["tags"] == []


def test_wrong_tags_and_keys_change_nothing(lectern: Lectern, keys: list[str]) -> None:
    before = steps(lectern)
    for words, sentence in (
        ([keys[0], "+fine", "+/wrong"], "may not start with"),
        ([keys[0], "+fine", "+"], "needs a name"),
        ([keys[0], "nosuchkey", "+fine"], "no paper with the key nosuchkey"),
        ([keys[0], f"+{'x' * 201}"], "at most 200 characters"),
    ):
        assert sentence in lectern("tag", *words, code=1)
    assert steps(lectern) == before
    assert lectern("tags") == ""


def test_tags_are_listed_with_counts(lectern: Lectern, keys: list[str]) -> None:
    lectern("tag", *keys, "+b")
    lectern("tag", keys[0], "+A")
    assert lines(lectern("tags", "--json")) == [
        {"name": "A", "papers": 1, "color": None, "description": "", "favorite": None},
        {"name": "b", "papers": 3, "color": None, "description": "", "favorite": None},
    ]
    assert [line.split() for line in lectern("tags").splitlines()] == [["1", "A"], ["3", "b"]]


def test_notes_are_set_appended_and_printed(lectern: Lectern, keys: list[str]) -> None:
    assert lectern("note", keys[0]) == ""
    assert lectern("note", keys[0], "--append", "One.") == "Note on “First Paper”\n"
    lectern("note", keys[0], "--append", "-", stdin="Two —\r\nlines.\r\n\r\n")
    assert lectern("note", keys[0]) == "One.\n\nTwo —\nlines.\n"
    lectern("note", keys[0], "--set", "-", stdin="\ufeffAll new.\n")
    assert paper(lectern, keys[0])["note"] == "All new."
    assert lectern("note", keys[0], "--set", "All new.") == "Nothing to change.\n"
    lectern("note", keys[0], "--set", "")
    assert lectern("note", keys[0]) == ""
    lectern("undo", "2")
    assert lectern("note", keys[0]) == "One.\n\nTwo —\nlines.\n"


def test_a_note_takes_utf_8_only_and_one_option(lectern: Lectern, keys: list[str]) -> None:
    assert "not in UTF-8" in lectern("note", keys[0], "--set", "-", stdin=b"caf\xe9", code=1)
    assert lectern("note", keys[0]) == ""
    assert "not both" in lectern("note", keys[0], "--set", "a", "--append", "b", code=2)


def test_states_follow_the_keys(lectern: Lectern, keys: list[str]) -> None:
    assert lectern("state", *keys[:2], "done") == "Done: 2 papers\n"
    assert [paper(lectern, key)["state"] for key in keys] == ["done", "done", "inbox"]
    assert lectern("state", keys[0], "done") == "Nothing to change.\n"
    for words in ([keys[0]], ["done"], [keys[0], "finished"]):
        lectern("state", *words, code=2)


def test_the_queue_is_filled_ordered_and_emptied(lectern: Lectern, keys: list[str]) -> None:
    def queued(*words: str) -> list[str]:
        found = lines(lectern("queue", "--json", *words))
        assert [each["position"] for each in found] == list(range(1, len(found) + 1))
        return [each["key"] for each in found]

    first, second, third = keys
    assert queued() == []
    assert lectern("queue", "add", third, first) == "Queued: 2 papers\n"
    assert queued("add", second) == [third, first, second]
    assert queued("move", second, first) == [second, first, third]
    assert queued("move", second, "--to", "bottom") == [first, third, second]
    assert queued("move", first, "--to", "2") == [third, first, second]
    assert lectern("queue").splitlines()[0].split()[:2] == ["1", third]
    assert lectern("queue", "remove", third) == "Taken out of the queue: “Third Paper”\n"
    assert paper(lectern, third)["state"] == "inbox"
    assert lectern("queue", "remove", third) == "Nothing to change.\n"
    lectern("undo", "4")
    assert queued() == [third, first, second]


@pytest.mark.parametrize(
    "words", [["add"], ["move"], ["drop", "KEY"], ["add", "KEY", "--to", "top"], ["move", "KEY", "--to", "0"],
              ["move", "KEY", "--to", "²"]],
)  # fmt: skip
def test_the_queue_says_what_it_takes(lectern: Lectern, words: list[str]) -> None:
    lectern("queue", *words, code=2)


def test_a_quote_is_highlighted_with_label_and_comment(lectern: Lectern, keys: list[str]) -> None:
    quote = "Our method  needs no DATA"
    assert lectern("highlight", keys[0], "--quote", quote, "--label", "method", "--comment", "Really?") == (
        "Highlighted “Our method needs no data” in “First Paper”\n"
    )
    found = paper(lectern, keys[0])["highlights"]
    assert [(each["exact"], each["label"], each["comment"]) for each in found] == [
        ("Our method needs no data", "Method", "Really?")
    ]
    assert paper(lectern, keys[0])["abstract"][found[0]["start"] : found[0]["end"]] == found[0]["exact"]
    assert lectern("highlight", keys[0], "--quote", quote, "--label", "Method") == "Nothing to change.\n"
    lectern("highlight", keys[0], "--quote", "-", "--label", "Method", "--comment", "Yes.", stdin=f"{quote}\n")
    assert [each["comment"] for each in paper(lectern, keys[0])["highlights"]] == ["Yes."]
    lectern("highlight", keys[1], "--quote", "subject of Second α")
    (shown,) = paper(lectern, keys[1])["highlights"]
    assert (shown["exact"], shown["label"]) == ("subject of Second $\\alpha$", "Claim")


def test_a_quote_that_is_nowhere_or_twice_is_refused(lectern: Lectern, keys: list[str]) -> None:
    assert "neither in the abstract nor in the title" in lectern(
        "highlight", keys[0], "--quote", "no such words", code=1
    )
    assert "stands in the abstract 2 times" in lectern("highlight", keys[0], "--quote", "First Paper", code=1)
    assert "no highlight label “Nonsense”" in lectern(
        "highlight", keys[0], "--quote", "Our method", "--label", "Nonsense", code=1
    )
    assert paper(lectern, keys[0])["highlights"] == []


def test_undo_redo_and_history(lectern: Lectern, keys: list[str]) -> None:
    lectern("tag", keys[0], "+a")
    lectern("state", keys[0], "done")
    assert steps(lectern) == ["Done: “First Paper”", "Tagged “a”: “First Paper”", "Imported day.txt"]
    assert lectern("undo") == "Undid: Done: “First Paper”\n"
    assert lectern("undo", "5") == "Undid: Tagged “a”: “First Paper”\nUndid: Imported day.txt\n"
    assert lectern("papers", "--json") == ""
    assert [step["undone"] for step in lines(lectern("history", "--json"))] == [True, True, True]
    assert "nothing to undo" in lectern("undo", code=1)
    assert lectern("redo", "2") == "Redid: Imported day.txt\nRedid: Tagged “a”: “First Paper”\n"
    assert (paper(lectern, keys[0])["tags"], paper(lectern, keys[0])["state"]) == (["a"], "inbox")
    lectern("redo")
    assert "nothing to redo" in lectern("redo", code=1)
    (done, _, imported) = lines(lectern("history", "--json"))
    assert set(done) == {"id", "title", "kind", "time", "count", "undone", "device"}
    assert lectern("undo", "--to", str(imported["id"])).count("Undid") == 2
    assert [line[0] for line in lectern("history").splitlines()] == ["-", "-", " "]
    assert len(lectern("history", "--limit", "1").splitlines()) == 1


def test_what_arrived_is_taken_back_by_its_number(lectern: Lectern, folder: Path, keys: list[str]) -> None:
    with LibraryStore(folder / DATABASE_NAME) as store:
        lectern("state", keys[0], "done")
        with store.step(StepKind.ARRIVED(device="Laptop", states=1, stars=1), SYNC):
            store.states.set([1], PaperState.READING)
            store.states.set_starred([1], True)
    arrived = lines(lectern("history", "--json"))[0]
    assert (arrived["kind"], arrived["device"]) == ("sync", "Laptop")
    assert lectern("undo").splitlines() == ["Undid: Done: “First Paper”", "1 paper stays, changed on Laptop."]
    assert lectern("undo", "--arrived", str(arrived["id"])) == "Took back from Laptop: 1 state, 1 star\n"
    assert (paper(lectern, keys[0])["state"], paper(lectern, keys[0])["starred"]) == ("done", False)
    assert "Nothing is left to take back" in lectern("undo", "--arrived", str(arrived["id"]), code=1)
    assert "No step 1 arrived" in lectern("undo", "--arrived", "1", code=1)
    lectern("undo", "--arrived", "1", "--to", "1", code=2)


def test_undoing_an_import_tells_who_stays(lectern: Lectern, folder: Path, keys: list[str]) -> None:
    """A paper that is annotated by a path that left no step, as after the step was dropped for its age."""
    with LibraryStore(folder / DATABASE_NAME) as store:
        write(store, "INSERT INTO states (paper_id, state) VALUES (1, 'done')")
    assert lectern("undo").splitlines() == [
        "Undid: Imported day.txt",
        "1 paper stays: it is annotated or part of another listing.",
    ]
    assert len(lines(lectern("papers", "--json"))) == 1


def test_whole_processes_share_one_history(folder: Path, lectern: Lectern, keys: list[str]) -> None:
    """As scripts run it: arguments, the standard input, output and exit codes of real processes."""
    environment = os.environ | {"LECTERN_LIBRARY": str(folder)}

    def process(*words: str, stdin: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *words],
            input=stdin, capture_output=True, text=True, encoding="utf-8", env=environment, cwd=ROOT, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done

    process("tag", keys[0], "+a", "-b")
    process("note", keys[0], "--set", "-", stdin="Naïve ∀\n")
    assert process("note", keys[0]).stdout == "Naïve ∀\n"
    assert steps(lectern)[:2] == ["Note on “First Paper”", "Tagged “a”: “First Paper”"]
    assert process("undo", "9").stdout.splitlines()[-1] == "Undid: Imported day.txt"
    nothing = process("undo", code=1)
    assert (nothing.stdout, nothing.stderr) == ("", "lectern: There is nothing to undo.\n")


@pytest.fixture(scope="module")
def documented() -> Iterator[str]:
    yield (ROOT / "docs/command-line.md").read_text("utf-8")


@pytest.mark.parametrize("command", ["tag", "tags", "note", "state", "queue", "highlight", "undo", "redo", "history"])
def test_every_command_and_option_is_documented(documented: str, command: str) -> None:
    headings = "\n".join(line for line in documented.splitlines() if line.startswith("## "))
    assert f"lectern {command}" in headings
    for parameter in cli.commands[command].params:
        assert all(name in headings for name in parameter.opts if name.startswith("--"))
