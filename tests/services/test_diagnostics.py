"""Faults are caught, logged and reported once, and nothing that anybody reads or writes gets into it."""

from __future__ import annotations

import gc
import logging
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.errors import NotFoundError
from reader.services import Library
from reader.services.process.diagnostics import CrashReport, Diagnostics, log_folder, report_on, signature_of
from tests.services.support import finish, listing_text
from tests.storage.test_topics import invented

ROOT = Path(__file__).parents[2]
SECRET = "Zymurgical Secrets of an Unpublished Paper"


@pytest.fixture
def reports() -> list[CrashReport]:
    return []


@pytest.fixture
def diagnostics(tmp_path: Path, reports: list[CrashReport]) -> Iterator[Diagnostics]:
    with Diagnostics(tmp_path / "logs", on_crash=reports.append) as started:
        yield started


def log_of(diagnostics: Diagnostics) -> str:
    return "".join(path.read_text("utf-8") for path in sorted(diagnostics.folder.glob("lectern.log*")))


def fail(text: str) -> None:
    raise ValueError(text)


def caught(text: str = SECRET) -> BaseException:
    try:
        fail(text)
    except ValueError as error:
        return error
    raise AssertionError


def test_a_fault_is_reported_once_and_counted(diagnostics: Diagnostics, reports: list[CrashReport]) -> None:
    for number in range(100):
        sys.excepthook(ValueError, caught(f"{SECRET} {number}"), None)
    (report,) = reports
    assert report.summary.startswith("ValueError")
    assert "in fail" in report.details
    assert re.findall(r"time (\d+)", log_of(diagnostics)) == ["1", "2", "4", "8", "16", "32", "64"]


def test_faults_at_other_places_are_others(diagnostics: Diagnostics) -> None:
    errors = []
    for provoke in (lambda: fail("a"), lambda: int("b"), lambda: {}["c"]):
        try:
            provoke()
        except Exception as error:
            errors.append(error)
    assert len({signature_of(error) for error in errors}) == 3
    assert signature_of(caught("a")) == signature_of(caught("b"))


def test_threads_and_finalizers_are_heard_of(diagnostics: Diagnostics, reports: list[CrashReport]) -> None:
    thread = threading.Thread(target=fail, args=(SECRET,))
    thread.start()
    thread.join()
    assert len(reports) == 1

    class Failing:
        def __del__(self) -> None:
            raise RuntimeError(SECRET)

    Failing()
    gc.collect()
    assert [report.summary.split()[0] for report in reports] == ["ValueError", "RuntimeError"]


def test_showing_a_report_may_fail(tmp_path: Path) -> None:
    with Diagnostics(tmp_path, on_crash=lambda report: fail("shown")) as diagnostics:
        sys.excepthook(ValueError, caught(), None)
        assert "could not be shown" in log_of(diagnostics)


def test_no_message_gets_into_log_or_report(diagnostics: Diagnostics, reports: list[CrashReport]) -> None:
    def chain() -> None:
        try:
            {}[SECRET]
        except KeyError as error:
            raise NotFoundError(f"There is no {SECRET}") from error

    provoked = [
        chain,
        lambda: Path(f"/{SECRET}").read_text(),
        lambda: SECRET.encode("ascii", "strict") + "é".encode("ascii"),
        lambda: sqlite3.connect(":memory:").execute(f"SELECT '{SECRET}' FROM nowhere"),
        lambda: exec(f"raise ExceptionGroup({SECRET!r}, [ValueError({SECRET!r})])"),
    ]
    for provoke in provoked:
        try:
            provoke()
        except BaseException as error:
            sys.excepthook(type(error), error, None)
    logging.getLogger("whoosh").warning("indexing %s", SECRET)
    logging.getLogger("reader.index").warning("an index was set aside", exc_info=caught())
    written = log_of(diagnostics) + "".join(report.details + report.summary for report in reports)
    assert len(reports) == len(provoked)
    assert "Secret" not in written.replace("SECRET", "")
    assert str(Path.home()) not in written
    assert "errno 2" in written
    assert "SQLITE_ERROR" in written
    assert "which led to" in written
    assert "withheld" in written


def test_a_library_at_work_leaves_no_text_of_papers(diagnostics: Diagnostics, tmp_path: Path) -> None:
    """Whatever is logged on the way, debugging included."""
    logging.getLogger("reader").setLevel(logging.DEBUG)
    try:
        with Library(tmp_path / "library") as library:
            finish(library.imports.text(listing_text(SECRET), SECRET))
            (tmp_path / f"{SECRET}.txt").write_bytes(b"\x80 no listing")
            finish(library.imports.paths([tmp_path / f"{SECRET}.txt"]))
            library.notes.save(1, SECRET, revision=None)
            library.tags.add([1], [SECRET])
            library._store.topics.store_first([invented(SECRET)])
            library.topics.rename(1, f"{SECRET} again")
            list(library.index.update())
            (next((tmp_path / "library" / "index").rglob("*.toc"))).write_bytes(b"damaged")
            library.search(SECRET)
    finally:
        logging.getLogger("reader").setLevel(logging.NOTSET)
    assert "Zymurgical" not in log_of(diagnostics)


def test_the_log_stays_small_and_private(diagnostics: Diagnostics) -> None:
    logger = logging.getLogger("reader.test")
    for number in range(60_000):
        logger.warning("line %d %s", number, "x" * 100)
    files = list(diagnostics.folder.iterdir())
    assert sum(path.stat().st_size for path in files) < 6 << 20
    assert len(files) == 6
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert stat.S_IMODE(diagnostics.folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_to_stops_nothing(tmp_path: Path, reports: list[CrashReport]) -> None:
    (tmp_path / "file").write_text("")
    with Diagnostics(tmp_path / "file" / "logs", on_crash=reports.append):
        sys.excepthook(ValueError, caught(), None)
    assert len(reports) == 1


def test_everything_is_given_back(tmp_path: Path) -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook, list(logging.getLogger().handlers))
    Diagnostics(tmp_path).stop()
    assert before == (sys.excepthook, threading.excepthook, sys.unraisablehook, logging.getLogger().handlers)


def test_interrupts_are_no_faults(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from reader.services.process.diagnostics import Diagnostics\n"
        f"Diagnostics(Path({str(tmp_path)!r}))\nraise KeyboardInterrupt"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "KeyboardInterrupt" in done.stderr
    assert (tmp_path / "lectern.log").read_text() == ""


@pytest.mark.skipif(os.name == "nt", reason="signals are a Unix matter")
def test_a_native_crash_leaves_its_stack(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from reader.services.process.diagnostics import Diagnostics\n"
        f"Diagnostics(Path({str(tmp_path)!r}))\nimport os; os.kill(os.getpid(), 11)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -11
    assert "Segmentation fault" in (tmp_path / "native.log").read_text()


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LECTERN_LOGS", str(tmp_path))
    assert log_folder() == tmp_path


def test_a_report_tells_versions(tmp_path: Path) -> None:
    details = report_on(caught(), "Qt 6").details
    assert re.match(r"Lectern \S+, Python 3\.\d+\.\d+\S*, SQLite 3\.\S+, .*, Qt 6\n", details)
