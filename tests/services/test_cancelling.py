"""Long work on a library that is given up changes nothing and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

import pytest

from reader.domain.errors import WorkCancelledError
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.copies.bundles import unpack_bundle
from tests.services.support import clock, finish, listing_text

ALL = View(ViewKind.ALL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library large enough for SQLite to ask whether to go on, and its bundle."""
    place = tmp_path_factory.mktemp("cancelling")
    with Library(place / "library", clock=clock) as library:
        for page in range(4):
            text = listing_text(*(f"Paper {number} on Page {page}" for number in range(400)))
            finish(library.imports.text(text, f"page {page}"))
        library.bundles.write(place / "library.lectern")
    return place


def after(times: int) -> Callable[[], bool]:
    """Says yes from the second time asked on, or later."""
    left = iter([False] * times)
    return lambda: next(left, True)


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))
    }


@pytest.mark.parametrize("times", [0, 1])
@pytest.mark.parametrize("what", ["backups.make", "backups.make_due", "bundles.write", "checks.run", "backups.preview"])
def test_reading_work_is_given_up(made: Path, tmp_path: Path, what: str, times: int) -> None:
    with Library(made / "library", clock=clock) as library:
        other = library.backups.make().path
        before = files_below(made)
        given = {"bundles.write": [tmp_path / "new.lectern"], "backups.preview": [other]}.get(what, [])
        with pytest.raises(WorkCancelledError):
            attrgetter(what)(library)(*given, cancelled=after(times))
        left = files_below(made) - before
        assert {name.split("-")[0] for name in left} <= {"library/backups/annotations"}, "that one was whole before"
        for path in left:
            (made / path).unlink()
        other.unlink()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("times", [0, 1, 100])
def test_taking_a_bundle_over_is_given_up_whole(made: Path, tmp_path: Path, times: int) -> None:
    with Library(tmp_path / "library", clock=clock) as library:
        with pytest.raises(WorkCancelledError):
            library.bundles.merge(made / "library.lectern", cancelled=after(times))
        assert len(library.views.paper_ids(ALL)) == 0
        assert library.history.steps(5) == []
        assert library.bundles.merge(made / "library.lectern").new == 1_600


@pytest.mark.parametrize("times", [0, 2])
def test_unpacking_a_bundle_is_given_up_whole(made: Path, tmp_path: Path, times: int) -> None:
    with pytest.raises(WorkCancelledError):
        unpack_bundle(made / "library.lectern", tmp_path / "new", cancelled=after(times))
    assert list(tmp_path.iterdir()) == []
    assert unpack_bundle(made / "library.lectern", tmp_path / "new").paper_count == 1_600
