"""A library that several processes have open: commands write beside the window, and later starts hand files over."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, suppress
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from reader.domain.annotations import NoteConflictError, TagNameError
from reader.domain.errors import LibraryBusyError, LibraryError
from reader.domain.papers import PaperState
from reader.domain.reports import ImportReport
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.copies.bundles import unpack_bundle
from reader.services.imports.turn import ImportTurn
from reader.services.process.handover import LARGEST_MESSAGE, PROTOCOL, STRANGE
from reader.services.process.lock import LibraryLock, LibraryUse, alone
from reader.services.process.ownership import claim_or_hand_over
from reader.services.process.runtime_folder import address_of, runtime_folder
from reader.services.process.sharing import SharedLibrary
from tests.patience import PATIENCE
from tests.services.other_process import OtherProcess
from tests.services.owning import LibraryThread, owned_library
from tests.services.support import clock, finish, listing_text
from tests.storage.test_long_steps import KILLED, Waiting

ROOT = Path(__file__).parents[2]
WRITES_WITHOUT_END = """
import sys
from pathlib import Path
from reader.domain.step_titles import UNTITLED
from reader.services.process.sharing import SharedLibrary
with SharedLibrary(Path(sys.argv[1]), program="lectern import") as library, library._store.step(UNTITLED):
    print("writing", flush=True)
    sys.stdin.read()
"""
ALL = View(ViewKind.ALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library(tmp_path / "library", clock=clock) as library:
        finish(library.imports.text(listing_text("First Paper", "Second Paper"), "a"))
    return tmp_path / "library"


# --- without a window -------------------------------------------------------------------------------------------------


def test_reading_needs_no_lock(folder: Path) -> None:
    lock = LibraryLock(folder)
    assert lock.try_acquire("another")
    with SharedLibrary(folder, wait=0) as shared:
        assert len(shared.views.paper_ids(ALL)) == 2
        assert shared.statistics.totals().papers == 2
        assert len(shared.search("first").paper_ids) == 1
    lock.release()


def test_without_a_window_a_command_writes_itself_and_lets_go(folder: Path) -> None:
    with SharedLibrary(folder, clock=clock) as shared:
        ids = shared.views.paper_ids(ALL)
        change = shared.states.set(ids, PaperState.DONE)
        assert change.paper_ids == frozenset(ids)
        assert {paper.state for paper in shared.papers.read(ids)} == {PaperState.DONE}
        assert shared.history.undo() is not None
        assert not LibraryUse(folder).try_alone()
    assert LibraryUse(folder).try_alone()
    lock = LibraryLock(folder)
    assert lock.try_acquire("another")
    assert not lock.needs_check
    lock.release()


def test_a_command_makes_a_library_that_is_not_there(tmp_path: Path) -> None:
    with SharedLibrary(tmp_path / "new") as shared:
        assert len(shared.views.paper_ids(ALL)) == 0
        report = finish(shared.imports.text(listing_text("Only Paper"), "b"))
        assert report.total("new") == 1
        assert len(shared.views.paper_ids(ALL)) == 1


def test_who_has_the_library_alone_is_named(folder: Path) -> None:
    with alone(folder, "lectern restore"), SharedLibrary(folder, wait=0.2) as shared:
        with pytest.raises(LibraryBusyError) as caught:
            shared.states.set_starred(shared.views.paper_ids(ALL), True)
        assert f"process {os.getpid()} (lectern restore, since" in str(caught.value)
        with pytest.raises(LibraryBusyError, match=str(os.getpid())):
            claim_or_hand_over(folder, wait=0.2)


def test_who_is_writing_without_end_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.storage.connection._BUSY_TIMEOUT", 0.2)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES_WITHOUT_END, str(folder)],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    try:
        with SharedLibrary(folder) as shared, pytest.raises(LibraryBusyError) as caught:
            shared.states.set_starred(shared.views.paper_ids(ALL), True)
        assert f"process {process.pid} (lectern import, since" in str(caught.value)
    finally:
        process.communicate("")
    with SharedLibrary(folder) as shared:
        assert shared.states.set_starred(shared.views.paper_ids(ALL), True)


# --- with a window ----------------------------------------------------------------------------------------------------


def test_a_command_writes_beside_the_window(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        ids = shared.views.paper_ids(ALL)
        change = shared.tags.change(ids, add=["to-try"], remove=[])
        assert change.paper_ids == frozenset(ids)
        assert [tag.name for tag in window.library.tags.all()] == ["to-try"]
        saved = shared.notes.save(ids[0], "A thought.", revision=None)
        assert window.library.notes.of(ids[0]) == saved.note
        undone = window.library.history.undo(2)
        assert undone is not None
        assert len(undone.titles) == 2
        assert shared.tags.all() == []
        assert shared.history.undo_or_ask() is not None


def test_an_import_runs_beside_the_window_with_its_progress(folder: Path, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(listing_text(f"Paper {number} of a Kind"), "utf-8")
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        number = window.library.news.since(None).number
        steps = shared.imports.paths([tmp_path / f"{number}.txt" for number in range(3)])
        progress = []
        while True:
            try:
                progress.append(next(steps))
            except StopIteration as end:
                report = end.value
                break
        assert isinstance(report, ImportReport)
        assert (report.total("new"), progress[0].total) == (3, 3)
        told = window.library.news.since(number).items
        (step,) = {news.change.operation_id for news in told if news.step_kind == "import"}
        seen = window.library.imports.of_step(step)
        assert [file.listing_id for file in seen.files] == [file.listing_id for file in report.files]
        assert seen.total("new") == 3
        assert len(window.library.views.paper_ids(ALL)) == 5


def test_what_the_user_got_wrong_is_an_error_of_the_command_alone(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        ids = shared.views.paper_ids(ALL)
        with pytest.raises(TagNameError, match="may not start with"):
            shared.tags.add(ids, ["/x"])
        window.library.notes.save(ids[0], "One.", revision=0)
        with pytest.raises(NoteConflictError) as caught:
            shared.notes.save(ids[0], "Two.", revision=0)
        assert caught.value.current.text == "One."


def test_undoing_very_much_needs_the_library_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.services.library.history._MOST_BESIDE_OTHERS", 3)
    with SharedLibrary(folder) as shared:
        with owned_library(folder) as (_, window):
            with pytest.raises(LibraryBusyError, match="to itself"):
                shared.history.undo()
            assert window.library.history.undo(), "nobody else may write, since the command has not"
            assert len(shared.views.paper_ids(ALL)) == 0
            with pytest.raises(LibraryBusyError, match="to itself"):
                shared.history.go_to(1)
        assert shared.history.redo()
        assert len(shared.views.paper_ids(ALL)) == 2


@pytest.mark.parametrize("work", ["restore", "repair"])
def test_what_needs_the_library_alone_is_refused_beside_a_window(folder: Path, work: str) -> None:
    with owned_library(folder), SharedLibrary(folder, wait=0) as shared:
        backup = shared.backups.make()
        ids = shared.views.paper_ids(ALL)
        shared.states.set_starred(ids, True)
        with pytest.raises(LibraryBusyError, match=rf"to itself, and process {os.getpid()} \(the window"):
            shared.backups.restore(backup.path) if work == "restore" else shared.checks.repair()
        assert all(paper.starred for paper in shared.papers.read(ids))
        assert shared.states.set_starred(ids, False), "it goes on beside the window as before"


def test_a_window_s_restore_waits_for_commands(folder: Path) -> None:
    with owned_library(folder) as (_, window):
        backup = window.library.backups.make()
        with SharedLibrary(folder, wait=0) as shared:
            shared.states.set_starred(shared.views.paper_ids(ALL), True)
            with pytest.raises(LibraryBusyError, match="to itself"):
                window.library.backups.restore(backup.path)
        window.library.backups.restore(backup.path)
        assert not any(paper.starred for paper in window.library.papers.read(window.library.views.paper_ids(ALL)))


def test_an_older_library_is_not_brought_up_to_date_beside_a_window(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as connection, connection:
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0008_news'")
        connection.execute("DROP TABLE news")
        connection.execute("DROP TABLE unfinished")
    lock = LibraryLock(folder)
    assert lock.try_acquire("the window")
    with pytest.raises(LibraryBusyError, match=r"to itself, and process \d+ \(the window"):
        SharedLibrary(folder, wait=0.1)
    assert not (folder / "backups").exists()
    lock.release()
    with SharedLibrary(folder) as shared:
        assert len(shared.views.paper_ids(ALL)) == 2


def test_a_bundle_is_not_opened_where_a_window_is(folder: Path, tmp_path: Path) -> None:
    with SharedLibrary(folder) as shared:
        shared.bundles.write(tmp_path / "all.lectern")
    with owned_library(tmp_path / "empty"), pytest.raises(LibraryBusyError, match="to itself"):
        unpack_bundle(tmp_path / "all.lectern", tmp_path / "empty")
    unpack_bundle(tmp_path / "all.lectern", tmp_path / "empty")


def test_two_commands_write_at_once(folder: Path) -> None:
    with SharedLibrary(folder, wait=0) as first, SharedLibrary(folder, wait=0) as second:
        ids = first.views.paper_ids(ALL)
        assert first.states.set_starred(ids, True)
        assert second.tags.add(ids, ["both"])
        assert first.history.undo().titles == (second.history.steps(1)[0].title,)


def test_what_an_export_leaves_is_written_beside_the_window(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        given = shared._store.exports.give_citation_keys({"aaaaaaaa": iter(["smith2026", "smith2026a"])})
        assert given == {"aaaaaaaa": "smith2026"}
        assert window.library._store.exports.citation_keys()["aaaaaaaa"] == "smith2026"


# --- importing at once ------------------------------------------------------------------------------------------------


def test_imports_of_two_processes_wait_for_each_other(folder: Path) -> None:
    with OtherProcess(folder) as other, SharedLibrary(folder) as shared:
        other.do("from reader.services.imports.turn import ImportTurn; turn = ImportTurn(library.folder, 'another')")
        other.do("assert turn.try_acquire()")
        steps = shared.imports.text(listing_text("Third Paper"), "b")
        waited = [next(steps) for _ in range(5)]
        assert {step.done for step in waited} == {0}
        assert shared.states.set_starred(shared.views.paper_ids(ALL), True), "only imports wait for imports"
        other.do("turn.release()")
        assert finish(steps).total("new") == 1


def test_an_import_that_gives_no_sign_of_life_is_named(folder: Path) -> None:
    turn = ImportTurn(folder, "lectern import")
    assert turn.try_acquire()
    os.utime(folder / "library.import", (0, 0))
    with SharedLibrary(folder) as shared:
        with pytest.raises(LibraryBusyError, match=rf"process {os.getpid()} \(lectern import"):
            finish(shared.imports.text(listing_text("Third Paper"), "b"))
        turn.show_life()
        assert next(shared.imports.text(listing_text("Third Paper"), "b")).done == 0
    turn.release()


def test_waiting_to_import_can_be_given_up(folder: Path) -> None:
    turn = ImportTurn(folder, "lectern import")
    assert turn.try_acquire()
    with SharedLibrary(folder) as shared:
        report = finish(shared.imports.text(listing_text("Third Paper"), "b", cancelled=lambda: True))
        assert report.cancelled
        assert len(shared.views.paper_ids(ALL)) == 2
    turn.release()


def test_what_a_killed_import_left_is_gone_when_the_window_opens(folder: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder / "library.db")], cwd=ROOT, check=False, timeout=PATIENCE
    )
    assert killed.returncode == 9
    with SharedLibrary(folder) as shared:
        assert len(shared.views.paper_ids(ALL)) > 2
    with Library(folder) as library:
        assert len(library.views.paper_ids(ALL)) == 2
        assert library.checks.run().is_sound


def test_a_rehearsal_holds_up_nobody_who_writes(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on in a copy, and says the same."""
    monkeypatch.setattr("reader.storage.journal.journal._TURN_SECONDS", 0)
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(listing_text(f"Paper {number} of a Kind"), "utf-8")
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        ids = window.library.views.paper_ids(ALL)
        steps = shared.imports.paths([tmp_path / f"{number}.txt" for number in range(5)], dry_run=True)
        assert next(steps).done == 0
        waiting = Waiting(window.library._store, lambda: window.library.states.set_starred(ids, True))
        report = finish(steps)
        waiting.wait()
        assert (report.total("new"), report.dry_run) == (5, True)
        assert window.library.views.counts().starred == 2
        assert list(shared.views.paper_ids(ALL)) == list(ids)


# --- handing over -----------------------------------------------------------------------------------------------------


def test_a_second_start_hands_its_files_over(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.txt"
    file.write_text(listing_text("Third Paper"), "utf-8")
    with owned_library(folder) as (_, window):
        assert claim_or_hand_over(folder, [file]) is None
        assert claim_or_hand_over(folder) is None
        assert window.opened == [(file,), ()]
        window.run(lambda: None)
        assert len(window.library.views.paper_ids(ALL)) == 3


def test_files_handed_over_before_the_window_stands_are_not_lost(folder: Path, tmp_path: Path) -> None:
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, Library(folder) as library:
        assert claim_or_hand_over(folder, [tmp_path / "a.txt"]) is None
        receiver = LibraryThread(library)
        owner.serve(receiver.take)
        assert receiver.opened == [(tmp_path / "a.txt",)]
        owner.serve(None)
        receiver.close()


def test_a_library_of_any_path_can_be_owned(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a rather long name of a folder, é" * 3] * 3)
    with owned_library(deep) as (_, window):
        assert claim_or_hand_over(deep, [tmp_path]) is None
        assert window.opened == [(tmp_path,)]
    assert len(os.fsencode(address_of(deep))) <= 100


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix matter")
def test_socket_lock_and_folder_are_private(folder: Path) -> None:
    with owned_library(folder):
        assert stat.S_IMODE(Path(address_of(folder)).stat().st_mode) == 0o600
        assert stat.S_IMODE(runtime_folder().stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "library.lock").stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="links and modes are a Unix matter")
def test_a_runtime_folder_that_others_can_enter_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    open_to_all = tmp_path / "open"
    (open_to_all / "lectern").mkdir(parents=True)
    (open_to_all / "lectern").chmod(0o777)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(open_to_all))
    assert runtime_folder() != open_to_all / "lectern"
    linked = tmp_path / "linked"
    linked.mkdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (linked / "lectern").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(linked))
    assert runtime_folder() != linked / "lectern"


# --- hostile messages -------------------------------------------------------------------------------------------------


def test_another_versions_messages_are_refused_with_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with owned_library(folder) as (_, window):
        message = {"protocol": PROTOCOL + 1, "files": [], "activation": ""}
        assert converse(folder, json.dumps(message).encode()) == STRANGE
        monkeypatch.setattr("reader.services.process.handover.PROTOCOL", PROTOCOL)
        monkeypatch.setattr("reader.services.process.handover._ask", lambda *_: STRANGE)
        with pytest.raises(LibraryBusyError, match="another version"):
            claim_or_hand_over(folder)
        assert window.opened == []


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b"null", b"\xff\xfe", b"[" * 50_000, b"{}", b'{"protocol": 2}',
     b'{"protocol": 2, "files": 1, "activation": ""}', b'{"protocol": 2, "files": ["a\\u0000"], "activation": ""}',
     b'{"protocol": 2, "files": [7], "activation": ""}', b'{"protocol": 2, "files": ["a"], "activation": {}}'],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_message_is_refused(folder: Path, data: bytes) -> None:
    with owned_library(folder) as (_, window):
        assert converse(folder, data) == STRANGE
        assert window.opened == []
        assert claim_or_hand_over(folder) is None


@pytest.mark.parametrize("data", [b"", b"x" * (LARGEST_MESSAGE + 1)], ids=["nothing", "too much"])
def test_a_caller_who_says_nothing_or_too_much_keeps_nobody(folder: Path, data: bytes) -> None:
    with owned_library(folder) as (_, window):
        with Client(address_of(folder), family="AF_PIPE" if os.name == "nt" else "AF_UNIX") as connection:
            if data:
                with suppress(ConnectionError):  # it may be refused before it is sent
                    connection.send_bytes(data)
        assert claim_or_hand_over(folder) is None
        assert window.opened == [()]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LibraryError, match="cannot be written to"):
        claim_or_hand_over(tmp_path / "file")


def converse(folder: Path, message: bytes) -> bytes:
    """Say one thing to the owner and hear it out."""
    with Client(address_of(folder), family="AF_PIPE" if os.name == "nt" else "AF_UNIX") as connection:
        connection.send_bytes(message)
        assert connection.poll(PATIENCE)
        return connection.recv_bytes()


# --- the end of a window ----------------------------------------------------------------------------------------------


def test_what_comes_as_a_window_ends_waits_for_the_library(folder: Path, tmp_path: Path) -> None:
    """Nobody is told that files are taken which nobody will import: the later start becomes the owner itself."""
    with owned_library(folder) as (owner, window):
        owner.end()
        with pytest.raises(LibraryBusyError):
            claim_or_hand_over(folder, [tmp_path / "late.txt"], wait=0.3)
        assert window.opened == []
    heir = claim_or_hand_over(folder, [tmp_path / "late.txt"], wait=0.3)
    assert heir is not None
    heir.close()


def test_a_window_that_can_take_no_files_any_more_is_asked_again(folder: Path, tmp_path: Path) -> None:
    with owned_library(folder) as (owner, _):
        refusals = []

        def refuse(files: object, activation: str) -> bool:
            refusals.append(files)
            return False

        owner.serve(refuse)
        with pytest.raises(LibraryBusyError):
            claim_or_hand_over(folder, [tmp_path / "late.txt"], wait=0.3)
        assert len(refusals) > 1


def test_a_damaged_library_is_owned_only_by_who_asks_for_that(folder: Path) -> None:
    (folder / "library.db").write_bytes(b"no database" * 100)
    with pytest.raises(LibraryError, match="damaged or no library"):
        claim_or_hand_over(folder)
    owner = claim_or_hand_over(folder, take_damaged=True)
    assert owner is not None
    with owner:
        assert "damaged or no library" in str(owner.damage)
        assert claim_or_hand_over(folder) is None, "what comes meanwhile waits for the library to be mended"
        owner.mark_checked()
        assert owner.damage is None


def test_a_rehearsal_leaves_nothing_and_takes_nothing_back(folder: Path, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(listing_text(f"Paper {number} of a Kind"), "utf-8")
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        ids = window.library.views.paper_ids(ALL)
        report = finish(shared.imports.paths([tmp_path / f"{number}.txt" for number in range(5)], dry_run=True))
        assert report.total("new") == 5
        assert window.library.states.set_starred(ids, True)
        assert list(shared.views.paper_ids(ALL)) == list(ids)


def test_the_index_is_made_anew_beside_the_window(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        assert len(window.library.search("first").paper_ids) == 1
        assert list(shared.index.update(rebuild=True))
        assert shared.index.state().pending == 0
        assert window.library.index.state() == shared.index.state()
        window.library.notes.save(window.library.views.paper_ids(ALL)[0], "A zymurgical thought.", revision=None)
        assert list(window.library.index.update()) == [], "so little is learned without a word"
        assert len(shared.search("zymurgical").paper_ids) == 1
