"""A library that several processes have: commands write where the writer is."""

from __future__ import annotations

import inspect
import json
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from reader.domain.annotations import NoteConflictError, TagNameError
from reader.domain.changes import Change
from reader.domain.errors import LibraryBusyError, LibraryError, ReaderError
from reader.domain.papers import PaperState
from reader.domain.reports import ImportReport
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.process.json_values import ValueMismatchError, from_json
from reader.services.process.lock import LibraryLock
from reader.services.process.messages import GO, LARGEST_MESSAGE, PROTOCOL, Message, open_channel
from reader.services.process.operations import call_from_json, call_of, call_to_json, has_steps, method_of, operations
from reader.services.process.ownership import claim_or_hand_over
from reader.services.process.runtime_folder import address_of, runtime_folder
from reader.services.process.sharing import SharedLibrary
from tests.services.owning import LibraryThread, owned_library
from tests.services.support import clock, finish, listing_text

ALL = View(ViewKind.ALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library(tmp_path / "library", clock=clock) as library:
        finish(library.import_text(listing_text("First Paper", "Second Paper"), "a"))
    return tmp_path / "library"


# --- which methods are operations -------------------------------------------------------------------------------------


def names_in(hint: Any) -> set[str]:
    return {getattr(hint, "__name__", "")} | {name for part in get_args(hint) for name in names_in(part)}


def test_whatever_tells_a_change_is_an_operation() -> None:
    """By the hints themselves; the code goes by how they are written."""
    told = {"Change", "UndoneOperation", "SavedNote", "ImportReport", "IndexProgress"}
    public = [name for name in dir(Library) if not name.startswith("_") and inspect.isfunction(getattr(Library, name))]
    # Python before 3.12 cannot evaluate array[int].
    returned = {name: get_type_hints(getattr(Library, name), localns={"array": list})["return"] for name in public}
    assert {name for name in public if names_in(returned[name]) & told} <= operations()
    assert {"set_state", "undo", "notes.save", "import_paths", "update_index", "restore", "back_up"} <= operations()
    assert not operations() & {"papers", "search", "close", "statistics", "preview_tag_rename", "history"}
    assert {name for name in operations() if has_steps(name)} >= {"import_paths", "import_text", "update_index"}


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operations_types_can_be_sent(name: str) -> None:
    """A parameter or result of a type that has no JSON form would fail only once a window is open."""
    hints = get_type_hints(method_of(name))
    hints.pop("cancelled", None)
    for hint in hints.values():
        check_sendable(hint, set())


def check_sendable(hint: Any, seen: set[Any]) -> None:
    """Every type that occurs refuses what is not of it, instead of being unknown."""
    if get_origin(hint) is not Literal:
        for part in get_args(hint):
            if part is not Ellipsis:
                check_sendable(part, seen)
    if is_dataclass(hint) and hint not in seen:
        for field in get_type_hints(hint).values():
            check_sendable(field, {*seen, hint})
    if get_origin(hint) not in {Generator, Iterator}:
        with pytest.raises(ValueMismatchError):
            from_json(object(), hint)


# --- without a window -------------------------------------------------------------------------------------------------


def test_reading_needs_no_lock(folder: Path) -> None:
    lock = LibraryLock(folder)
    assert lock.try_acquire("another")
    with SharedLibrary(folder, wait=0) as shared:
        assert len(shared.paper_ids(ALL)) == 2
        assert shared.statistics().papers == 2
        assert len(shared.search("first").paper_ids) == 1
    lock.release()


def test_without_a_window_a_command_writes_itself_and_lets_go(folder: Path) -> None:
    with SharedLibrary(folder, clock=clock) as shared:
        ids = shared.paper_ids(ALL)
        change = shared.set_state(ids, PaperState.DONE)
        assert change.paper_ids == frozenset(ids)
        assert {paper.state for paper in shared.papers(ids)} == {PaperState.DONE}
        assert shared.undo() is not None
        assert not LibraryLock(folder).try_acquire("another")
    lock = LibraryLock(folder)
    assert lock.try_acquire("another")
    assert not lock.needs_check
    lock.release()


def test_a_command_makes_a_library_that_is_not_there(tmp_path: Path) -> None:
    with SharedLibrary(tmp_path / "new") as shared:
        assert len(shared.paper_ids(ALL)) == 0
        report = finish(shared.import_text(listing_text("Only Paper"), "b"))
        assert report.total("new") == 1
        assert len(shared.paper_ids(ALL)) == 1


def test_who_holds_the_lock_without_answering_is_named(folder: Path) -> None:
    lock = LibraryLock(folder)
    assert lock.try_acquire("lectern import")
    with SharedLibrary(folder, wait=0.2) as shared, pytest.raises(LibraryBusyError) as caught:
        shared.set_starred(shared.paper_ids(ALL), True)
    assert f"process {os.getpid()} (lectern import, since" in str(caught.value)
    with pytest.raises(LibraryBusyError, match=str(os.getpid())):
        claim_or_hand_over(folder, wait=0.2)
    lock.release()


# --- with a window ----------------------------------------------------------------------------------------------------


def test_operations_run_in_the_window_and_their_results_come_back(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        ids = shared.paper_ids(ALL)
        change = shared.tags.change(ids, add=["to-try"], remove=[])
        assert change == window.announced[-1]
        assert change.paper_ids == frozenset(ids)
        assert [tag.name for tag in shared.tags.all()] == ["to-try"]
        saved = shared.notes.save(ids[0], "A thought.", revision=None)
        assert shared.notes.of(ids[0]) == saved.note
        undone = shared.undo(2)
        assert undone is not None
        assert undone.titles == window.announced[-1].titles
        assert shared.tags.all() == []
        assert shared.undo_or_ask() is not None


def test_an_import_runs_in_the_window_with_its_progress(folder: Path, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(listing_text(f"Paper {number} of a Kind"), "utf-8")
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        steps = shared.import_paths([tmp_path / f"{number}.txt" for number in range(3)])
        progress = []
        while True:
            try:
                progress.append(next(steps))
            except StopIteration as end:
                report = end.value
                break
        assert isinstance(report, ImportReport)
        assert report == window.announced[-1]
        assert report.total("new") == 3
        assert progress[0].total == 3
        assert len(shared.paper_ids(ALL)) == 5


def test_an_import_given_up_by_its_command_ends_in_the_window(folder: Path, tmp_path: Path) -> None:
    paths = []
    for number in range(200):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(listing_text(*(f"Paper {number} {part}" for part in range(5))), "utf-8")
    with owned_library(folder) as (owner, window):
        with SharedLibrary(folder, wait=0) as shared:
            steps = shared.import_paths(paths)
            while next(steps).done == 0:
                pass
            steps.close()
        owner.serve(None)
        assert window.announced[-1].cancelled
        assert 0 < len(window.announced[-1].files) < 200


def test_what_the_user_got_wrong_comes_back_as_the_same_error(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        ids = shared.paper_ids(ALL)
        with pytest.raises(TagNameError, match="may not start with"):
            shared.tags.add(ids, ["/x"])
        shared.notes.save(ids[0], "One.", revision=0)
        with pytest.raises(NoteConflictError) as caught:
            shared.notes.save(ids[0], "Two.", revision=0)
        assert caught.value.current.text == "One."
        assert not any(isinstance(outcome, Exception) for outcome in window.announced)


def test_a_bug_in_the_window_is_told_without_its_text(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        window.library.set_starred = None
        with pytest.raises(ReaderError, match=r"should not have \(TypeError\)"):
            shared.set_starred(shared.paper_ids(ALL), True)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_large_arguments_and_results_go_through_a_private_file(folder: Path) -> None:
    text = "An invented thought. " * (LARGEST_MESSAGE // 8)
    with owned_library(folder) as _, SharedLibrary(folder, wait=0) as shared:
        paper_id = shared.paper_ids(ALL)[0]
        saved = shared.notes.save(paper_id, text, revision=None)
        assert saved.note.text == text
        assert shared.notes.of(paper_id).text == text
        assert list(runtime_folder().glob("payload-*")) == []


def test_restoring_runs_alone(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        backup = shared.back_up()
        shared.set_starred(shared.paper_ids(ALL), True)
        shared.restore(backup.path)
        assert window.alone == 1
        assert not any(paper.starred for paper in shared.papers(shared.paper_ids(ALL)))


def test_a_window_without_the_library_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.services.process.ownership._READY_SECONDS", 0.1)
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, SharedLibrary(folder, wait=0) as shared, pytest.raises(LibraryBusyError, match="not have this library"):
        shared.undo()


def test_operations_wait_for_the_window_to_open(folder: Path) -> None:
    import threading

    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, SharedLibrary(folder, wait=0) as shared, Library(folder) as library:
        receiver = LibraryThread(library)
        timer = threading.Timer(0.3, owner.serve, [receiver])
        timer.start()
        assert isinstance(shared.set_starred(shared.paper_ids(ALL), True), Change)
        timer.join()
        owner.serve(None)
        receiver.close()


def test_once_the_window_is_closed_a_command_writes_itself(folder: Path) -> None:
    with SharedLibrary(folder, wait=5) as shared:
        with owned_library(folder):
            assert shared.set_starred(shared.paper_ids(ALL), True)
        assert shared.set_starred(shared.paper_ids(ALL), False)


def test_what_an_export_leaves_is_written_by_the_window(folder: Path) -> None:
    with owned_library(folder) as _, SharedLibrary(folder, wait=0) as shared:
        given = shared._store.exports.give_citation_keys({"aaaaaaaa": iter(["smith2026", "smith2026a"])})
        assert given == {"aaaaaaaa": "smith2026"}
        assert shared._store.exports.citation_keys()["aaaaaaaa"] == "smith2026"


# --- handing over -----------------------------------------------------------------------------------------------------


def test_a_second_start_hands_its_files_over(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.txt"
    file.write_text(listing_text("Third Paper"), "utf-8")
    with owned_library(folder) as (_, window):
        assert claim_or_hand_over(folder, [file]) is None
        assert claim_or_hand_over(folder) is None
        assert window.opened == [(file,), ()]
        window.run(lambda: None)
        assert len(window.library.paper_ids(ALL)) == 3


def test_files_handed_over_before_the_window_stands_are_not_lost(folder: Path, tmp_path: Path) -> None:
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, Library(folder) as library:
        assert claim_or_hand_over(folder, [tmp_path / "a.txt"]) is None
        receiver = LibraryThread(library)
        owner.serve(receiver)
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


@pytest.mark.parametrize(
    "call",
    [
        None, [], {}, {"name": "undo"}, {"name": "__init__", "arguments": {}},
        {"name": "_close_files", "arguments": {}}, {"name": "close", "arguments": {}},
        {"name": "undo", "arguments": {"steps": "1"}},
        {"name": "undo", "arguments": {"self": 1}}, {"name": "set_starred", "arguments": {}},
        {"name": "import_paths", "arguments": {"paths": "/etc"}},
        {"name": "import_paths", "arguments": {"paths": ["/etc"], "cancelled": 1}},
        {"name": "set_state", "arguments": {"paper_ids": [1], "state": "exploded"}},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_operation_is_refused(folder: Path, call: Any) -> None:
    with owned_library(folder) as (_, window):
        answers = converse(folder, {"type": "call", "call": call})
        assert [answer["type"] for answer in answers] == ["accepted", "error"]
        assert window.announced == []


def test_another_versions_messages_are_refused_with_a_sentence(folder: Path) -> None:
    with owned_library(folder):
        (answer,) = converse(folder, {"protocol": PROTOCOL + 1, "type": "open", "files": []})
        assert "another version" in answer["error"]["sentence"]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 50_000, b'{"payload": "../../etc/passwd"}',
     b'{"payload": "payload-"}', b'{"payload": "payload-00"}', b"x" * (LARGEST_MESSAGE + 1)],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_message_ends_the_conversation_and_nothing_else(folder: Path, data: bytes) -> None:
    with owned_library(folder) as (_, window):
        channel = open_channel(address_of(folder))
        assert channel is not None
        with suppress(ConnectionError):  # what is too large may be refused before it is sent
            channel._connection.send_bytes(data)
        assert converse(folder, {"type": "ping"}) == [{"type": "pong", "pid": os.getpid()}]
        channel.close()
        assert window.announced == window.opened == []


def test_a_caller_who_does_not_wait_has_nothing_done(folder: Path) -> None:
    """Whoever gives up asks again, and the operation must then happen once."""
    with owned_library(folder) as (owner, window):
        channel = open_channel(address_of(folder))
        assert channel is not None
        call = call_to_json(call_of("set_starred", ([1], True), {}))
        channel.send({"protocol": PROTOCOL, "type": "call", "call": call})
        channel.close()
        assert converse(folder, {"type": "ping"})[0]["type"] == "pong"
        owner.serve(None)
        assert window.announced == []


def test_calls_survive_being_written_down(folder: Path) -> None:
    call = call_of("set_state", ([1, 2], PaperState.DONE), {})
    back = call_from_json(json.loads(json.dumps(call_to_json(call))))
    assert (back.name, list(back.arguments["paper_ids"]), back.arguments["state"]) == (
        "set_state",
        [1, 2],
        PaperState.DONE,
    )


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(LibraryError, match="cannot be written to"):
        claim_or_hand_over(tmp_path / "file")


def converse(folder: Path, message: Message) -> list[Message]:
    """Say one thing to the owner, agree to what it offers, and hear it out."""
    channel = open_channel(address_of(folder))
    assert channel is not None
    channel.send({"protocol": PROTOCOL, **message})
    heard = []
    while True:
        try:
            answer = channel.receive(5)
        except ReaderError:
            return heard
        assert answer is not None
        heard.append(answer)
        if answer["type"] == "accepted":
            channel.send({"type": GO})


# --- the end of a window ----------------------------------------------------------------------------------------------


def test_what_comes_as_a_window_ends_waits_for_the_library(folder: Path, tmp_path: Path) -> None:
    """Nobody is told that files are taken which nobody will import: the later start becomes the owner itself."""
    with owned_library(folder) as (owner, window):
        owner.end()
        with pytest.raises(LibraryBusyError):
            claim_or_hand_over(folder, [tmp_path / "late.txt"], wait=0.3)
        with SharedLibrary(folder, wait=0.3) as shared, pytest.raises(LibraryBusyError):
            shared.undo()
        assert window.opened == []
    heir = claim_or_hand_over(folder, [tmp_path / "late.txt"], wait=0.3)
    assert heir is not None
    heir.close()


def test_a_window_that_can_take_no_files_any_more_is_asked_again(folder: Path, tmp_path: Path) -> None:
    with owned_library(folder) as (_, window):
        refusals = []

        def refuse(files: object, activation: str) -> None:
            refusals.append(files)
            raise LibraryBusyError("The window is just being closed; try again.")

        window.open_files = refuse  # type: ignore[method-assign]
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


def test_a_rehearsal_is_one_piece_of_work(folder: Path, tmp_path: Path) -> None:
    """Its transaction is rolled back, so nothing of anybody else's may come between its steps."""
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(listing_text(f"Paper {number} of a Kind"), "utf-8")
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        runs = []
        run = window.run
        window.run = lambda work, *, alone=False: runs.append(1) or run(work, alone=alone)  # type: ignore[method-assign]
        report = finish(shared.import_paths([tmp_path / f"{number}.txt" for number in range(5)], dry_run=True))
        assert report.total("new") == 5
        assert len(runs) == 1
        assert len(shared.paper_ids(ALL)) == 2


def test_work_on_the_index_runs_beside_the_library(folder: Path) -> None:
    with owned_library(folder) as (_, window), SharedLibrary(folder, wait=0) as shared:
        window.run = None  # type: ignore[method-assign]
        assert list(shared.update_index())
        assert shared.index_state().pending == 0
