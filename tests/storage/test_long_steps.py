"""Steps that last let others write in between, and still happen whole or not at all."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from reader.domain.errors import LibraryError
from reader.domain.preparation import PreparedRecord
from reader.domain.transfer import TransferItem
from reader.storage.file_lock import FileLock
from reader.storage.journal import journal
from reader.storage.listings import BATCH
from reader.storage.store import LibraryStore, RehearsalAwaitedError
from tests.patience import PATIENCE, wait_until
from tests.storage.support import add, check_derived, content, fill, header, paper, query, titled

ROOT = Path(__file__).parents[2]
MANY = 2 * BATCH + 100


@pytest.fixture(autouse=True)
def _every_step_lasts_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_TURN_SECONDS", 0)


@pytest.fixture
def other(store: LibraryStore) -> Iterator[LibraryStore]:
    """Another process's way to the library."""
    fill(store)
    with LibraryStore(store.path) as opened:
        yield opened


class Waiting:
    """Somebody who wants to write and waits for it."""

    def __init__(self, store: LibraryStore, work: Callable[[], object]) -> None:
        self._thread = threading.Thread(target=work)
        self._thread.start()
        gate = FileLock(store.path.with_name("library.writer"))

        def waits() -> bool:
            is_free = gate.try_acquire()
            gate.release()
            return not is_free

        wait_until(waits)

    def wait(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def papers(store: LibraryStore, work: Callable[[], object], count: int = MANY) -> Iterator[PreparedRecord]:
    """Papers of an import, in the middle of which somebody else comes to wait."""
    for number in range(count):
        if number == BATCH + 1:
            _waiting.append(Waiting(store, work))
        yield paper(f"Long {number}")


_waiting: list[Waiting] = []


@pytest.fixture(autouse=True)
def _nobody_waits_for_ever() -> Iterator[None]:
    yield
    while _waiting:
        _waiting.pop().wait()


def bring(store: LibraryStore, records: Iterator[PreparedRecord]) -> None:
    try:
        store.listings.add(header("long"), records, store.begin_operation(titled("import long"), "import"))
    finally:
        while _waiting:
            _waiting.pop().wait()


def test_who_waits_writes_in_between(store: LibraryStore, other: LibraryStore) -> None:
    seen = []

    def work() -> None:
        other.states.set_starred([1], True)
        seen.append(other.views.counts().all)

    bring(store, papers(store, work))
    assert seen == [5 + BATCH]
    assert store.views.counts().all == 5 + MANY
    assert [str(step.title) for step in store.history.steps()][1] == "import long"
    star, long = store.history.steps(2)
    assert (star.kind, long.change_count, long.undone) == ("edit", MANY, False)
    assert query(store, "SELECT count(*) FROM unfinished")[0][0] == 0
    check_derived(store)
    whole = content(store)
    assert store.history.undo(2) is not None
    assert store.views.counts().all == 5
    store.history.redo(2)
    assert content(store) == whole


def test_the_change_is_that_of_all_pieces(store: LibraryStore, other: LibraryStore) -> None:
    operation = store.begin_operation(titled("import long"), "import")
    work = partial(other.states.set_starred, [1], True)
    stored = store.listings.add(header("long"), papers(store, work), operation)
    assert (stored.new, len(stored.change.paper_ids)) == (MANY, MANY)
    assert stored.change.operation_id == operation.id


def test_papers_of_both_have_ids_of_their_own(store: LibraryStore, other: LibraryStore) -> None:
    bring(store, papers(store, lambda: add(other, "other", paper("From Elsewhere"))))
    assert store.views.counts().all == 5 + MANY + 1
    check_derived(store)


def test_what_fails_after_a_piece_is_taken_back(store: LibraryStore, other: LibraryStore) -> None:
    before = content(store)

    def failing() -> Iterator[PreparedRecord]:
        yield from papers(store, lambda: other.tags.add([1], ["kept"]), MANY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bring(store, failing())
    assert [tag.name for tag in store.tags.all()] == ["kept"]
    assert [step.kind for step in store.history.steps()] == ["edit", "import"]
    assert store.findings() == []
    store.history.undo()
    assert content(store) == before


def test_earlier_files_of_the_same_import_stay(store: LibraryStore, other: LibraryStore) -> None:
    operation = store.begin_operation(titled("import two"), "import")
    store.listings.add(header("first"), [paper("Of the First")], operation)

    def failing() -> Iterator[PreparedRecord]:
        yield from papers(store, lambda: other.states.set_starred([1], True))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.listings.add(header("long"), failing(), operation)
    assert store.views.counts().all == 6
    store.history.undo(2)
    assert store.views.counts().all == 5
    store.history.redo(2)
    assert store.views.counts().all == 6


def test_a_paper_that_was_annotated_meanwhile_stays(store: LibraryStore, other: LibraryStore) -> None:
    def failing() -> Iterator[PreparedRecord]:
        yield from papers(store, lambda: other.notes.set(10, "Mine."))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bring(store, failing())
    assert store.views.counts().all == 6
    assert store.notes.of(10).text == "Mine."
    assert store.findings() == []


def test_one_that_another_process_undoes_ends_with_a_sentence(store: LibraryStore, other: LibraryStore) -> None:
    before = content(store)
    with pytest.raises(LibraryError, match="undone by another process"):
        bring(store, papers(store, other.history.undo))
    assert content(store) == before
    assert query(store, "SELECT count(*) FROM unfinished")[0][0] == 0
    assert other.history.redo() is None, "a listing without its file must not come back"


def test_a_killed_one_is_taken_back_at_the_next_opening(store: LibraryStore, other: LibraryStore) -> None:
    before = content(store)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(store.path)], cwd=ROOT, check=False, timeout=PATIENCE)
    assert killed.returncode == 9
    assert store.views.counts().all == 5 + BATCH
    store.take_back_unfinished()
    assert [str(step.title) for step in store.history.steps(1)] != ["import long"]
    store.history.undo()
    assert content(store) == before
    assert store.findings() == []


KILLED = """
import os, sys
from pathlib import Path
from reader.storage.journal import journal
from reader.storage.store import LibraryStore
from tests.storage.test_long_steps import bring, papers

journal._TURN_SECONDS = 0
store, other = (LibraryStore(Path(sys.argv[1])) for _ in range(2))

def until_killed():
    yield from papers(store, lambda: other.states.set_starred([1], True))
    os._exit(9)

bring(store, until_killed())
"""


def test_a_rehearsal_gives_way_to_who_waits(store: LibraryStore, other: LibraryStore) -> None:
    before = content(store)
    records = papers(store, lambda: other.states.set_starred([1], True))
    operation = store.begin_operation(titled("import long"), "import")
    with pytest.raises(RehearsalAwaitedError), store.rehearsal(operation):
        store.listings.add(header("long"), records, operation)
    wait_until(lambda: store.views.counts().starred == 1)
    assert store.views.counts().all == 5
    store.history.undo()
    assert content(store) == before


def test_where_nobody_waits_it_is_one_transaction(store: LibraryStore) -> None:
    seen = []

    def records() -> Iterator[PreparedRecord]:
        for number in range(MANY):
            if number == 2 * BATCH:
                seen.append(query(store, "SELECT count(*) FROM papers")[0][0])
            yield paper(f"Long {number}")

    bring(store, records())
    assert seen == [0]


def test_a_transfer_lets_others_write_as_well(store: LibraryStore, other: LibraryStore, tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "source.db") as source:
        ids = fill(source, 50, "elsewhere")
        source.tags.add(ids, ["taken"])
        items = [*source.transfers.items(), *source.transfers.papers(ids)]

    def given(fails: bool) -> Iterator[TransferItem]:
        for number, item in enumerate(items):
            if number == 20:
                _waiting.append(Waiting(store, partial(other.tags.add, [1], ["own"])))
            yield item
        if fails:
            raise ZeroDivisionError

    before = content(store)
    with pytest.raises(ZeroDivisionError):
        store.transfers.take_over(given(True), store.begin_operation(titled("merge"), "merge"))
    _waiting.pop().wait()
    assert [tag.name for tag in store.tags.all()] == ["own"]
    store.history.undo()
    assert content(store) == before
    operation = store.begin_operation(titled("merge"), "merge")
    assert store.transfers.take_over(given(False), operation).new == 50
    assert len(operation.change.paper_ids) == 50
    assert sorted(tag.name for tag in store.tags.all()) == ["own", "taken"]
    assert store.findings() == []
