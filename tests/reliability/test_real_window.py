"""The real window, as a process without a screen: started several times at once, killed, and asked to end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.process.lock import LibraryLock, LibraryUse
from reader.services.process.runtime_folder import address_of
from reader.services.process.sharing import SharedLibrary
from reader.ui.launch import start_window
from tests.patience import PATIENCE, wait_until
from tests.reliability.figures import record
from tests.reliability.test_kill import Ledger

ROOT = Path(__file__).parents[2]
STARTERS = 4
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are a Unix matter")


def start(library: Path, *files: Path) -> subprocess.Popen[str]:
    """Start the window as a user does."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "LECTERN_LOGS": str(library.parent / "logs")}
    command = [sys.executable, str(ROOT / "main.py"), "--library", str(library), *map(str, files)]
    started = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _started.append(started)
    return started


_started: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def _nothing_is_left_running() -> Iterator[None]:
    yield
    while _started:
        process = _started.pop()
        if process.poll() is None:
            process.kill()
            process.communicate()


def wait_until_served(library: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a window has opened its library."""
    lock = LibraryLock(library)
    wait_until(lambda: process.poll() is not None or listens(lock, process.pid))
    wait_until(lambda: process.poll() is not None or is_in_use(library))
    assert process.poll() is None, process.communicate()[1]


def listens(lock: LibraryLock, pid: int) -> bool:
    """Whether a process has a library, has looked at it and listens."""
    holder = lock.holder()
    return holder is not None and holder.pid == pid and holder.address is not None


def is_in_use(library: Path) -> bool:
    """Whether somebody has a library open and may write."""
    if not (library / "library.db").exists():
        return False
    use = LibraryUse(library)
    try:
        return not use.try_alone()
    finally:
        use.leave()


def end(process: subprocess.Popen[str]) -> float:
    """Ask a window to end, nicely; how long it took."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    return time.monotonic() - begun


def page(path: Path, *titles: str) -> Path:
    """A page in the Markdown form, about which nothing is unsure, so that no window asks."""
    entries = []
    for number, title in enumerate(titles):
        link = f"https://huggingface.co/papers/26{zlib.crc32(path.name.encode()) % 90 + 10}.{number:05}"
        words = f"We write some sentences on {title} that are long enough for an abstract, as everybody will agree."
        entries.append(f"### [{title}]({link})\n\n[{words}]({link})\n")
    head = f"---\nurl: https://huggingface.co/papers?q={path.stem}\nretrieved: 2026-01-05\n---\n"
    path.write_text(head + "\n".join(entries))
    return path


# --- several starts ---------------------------------------------------------------------------------------------------


def race(folder: Path) -> float:
    """Four starts at once, each with a file; the seconds until all but one have ended."""
    folder.mkdir(parents=True)
    files = [page(folder / f"{number}.md", f"Paper of Starter {number}") for number in range(STARTERS)]
    starters = [start(folder / "library", file) for file in files]
    begun = time.monotonic()
    wait_until(lambda: sum(starter.poll() is not None for starter in starters) == STARTERS - 1)
    seconds = time.monotonic() - begun
    (owner,) = [starter for starter in starters if starter.poll() is None]
    for starter in starters:
        if starter is not owner:
            out, errors = starter.communicate()
            assert (starter.returncode, out, errors) == (0, "", "")
    with SharedLibrary(folder / "library", wait=PATIENCE) as library:
        wait_until(lambda: len(library.listings.all()) == STARTERS)
    assert LibraryLock(folder / "library").holder().pid == owner.pid
    end(owner)
    with Library(folder / "library") as library:
        assert {listing.name for listing in library.listings.all()} == {str(number) for number in range(STARTERS)}
        assert library.checks.run().is_sound
    return seconds


def run_races(folder: Path, count: int) -> None:
    slowest = max(race(folder / str(number)) for number in range(count))
    record("races", f"{count} of {count} races of {STARTERS} real windows had one owner and lost no file")
    record("races", f"slowest of these until the others had ended {slowest:.1f} s")


def test_four_windows_at_once_have_one_owner_and_lose_no_file(tmp_path: Path) -> None:
    run_races(tmp_path, 1)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_thirty_races_of_four_windows(tmp_path: Path) -> None:
    run_races(tmp_path, 30)


def hand_over(tmp_path: Path, times: int = 1) -> float:
    """A start that hands its file to the window that is open, and ends; the seconds from the start of its process.

    Of several starts the quickest counts: the machine may be busy with something else.
    """
    library, quickest = tmp_path / "library", PATIENCE
    window = start(library)
    wait_until_served(library, window)
    file = page(tmp_path / "second.md", "Handed Over")
    for _ in range(times):
        begun = time.monotonic()
        second = start(library, file)
        out, errors = second.communicate(timeout=PATIENCE)
        quickest = min(quickest, time.monotonic() - begun)
        assert (second.returncode, out, errors) == (0, "", "")
    with SharedLibrary(library) as shared:
        wait_until(lambda: len(shared.views.paper_ids(View(ViewKind.ALL))) == 1)
    end(window)
    return quickest


def test_a_second_window_hands_its_file_over(tmp_path: Path) -> None:
    hand_over(tmp_path)


@pytest.mark.soak
def test_a_second_window_hands_its_file_over_in_time(tmp_path: Path) -> None:
    seconds = hand_over(tmp_path, 3)
    record("hand-over", f"a second window handed its file over and ended after {seconds:.2f} s")
    assert seconds < 2


def test_another_library_s_window_is_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("LECTERN_LOGS", str(tmp_path / "logs"))
    assert start_window(tmp_path / "other")
    lock = LibraryLock(tmp_path / "other")
    wait_until(lambda: lock.holder() is not None and listens(lock, lock.holder().pid) and is_in_use(tmp_path / "other"))
    holder = lock.holder()
    assert holder is not None
    assert holder.pid != os.getpid()
    os.kill(holder.pid, signal.SIGTERM)
    wait_until(lambda: lock.path.read_bytes() == b"")


# --- killed -----------------------------------------------------------------------------------------------------------


def run_and_kill(folder: Path, seed: int, dice: random.Random) -> tuple[list[str], float]:
    """A window on which another process works, both killed at some moment; what that process said, and how long the
    start after the last kill took."""
    library = folder / "library"
    begun = time.monotonic()
    window = start(library)
    wait_until_served(library, window)
    seconds = time.monotonic() - begun
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.worker", str(folder), str(seed)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"

    def kill() -> None:
        window.kill()
        worker.kill()

    timer = threading.Timer(dice.uniform(0, 3), kill)
    timer.start()
    lines = worker.stdout.readlines()
    timer.join()
    worker.wait()
    worker.stdout.close()
    _, errors = window.communicate(timeout=PATIENCE)
    assert (window.returncode, errors) == (-signal.SIGKILL, "")
    return lines, seconds


def run_kills(folder: Path, kills: int, seed: int) -> None:
    dice, ledger, slowest = random.Random(seed), Ledger(), 0.0
    for number in range(kills):
        lines, seconds = run_and_kill(folder, seed * 1_000 + number, dice)
        slowest = max(slowest, seconds)
        ledger.read(lines)
        with SharedLibrary(folder / "library", wait=PATIENCE) as library:
            ledger.check(library)
    last = start(folder / "library")
    wait_until_served(folder / "library", last)
    end(last)
    with Library(folder / "library") as library:
        ledger.check(library)
        assert [found for found in library.checks.run().findings if not found.is_harmless] == []
    assert not LibraryLock(folder / "library").path.read_bytes()
    assert ledger.acknowledged > kills
    record("kill -9", f"{kills} kills of the real window, {ledger.acknowledged:,} acknowledged operations, 0 lost")
    record("kill -9", f"slowest start of a window after one {slowest:.2f} s, without a question")


def test_a_window_that_is_killed_starts_again_without_a_word(tmp_path: Path) -> None:
    run_kills(tmp_path, 2, seed=5)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_a_window_that_is_killed_a_hundred_times(tmp_path: Path) -> None:
    run_kills(tmp_path, 100, seed=13)


def test_a_killed_window_s_socket_and_lock_block_nobody(tmp_path: Path) -> None:
    library = tmp_path / "library"
    window = start(library)
    wait_until_served(library, window)
    window.kill()
    window.communicate(timeout=PATIENCE)
    assert Path(address_of(library)).exists()
    again = start(library)
    wait_until_served(library, again)
    end(again)


# --- ended ------------------------------------------------------------------------------------------------------------


def end_amid_building(tmp_path: Path) -> float:
    """Ask a window to end that builds its index in a child, which is then gone, too; how long the end took."""
    import psutil

    library = tmp_path / "library"
    with Library(library) as made:
        for _ in made.imports.paths(
            [page(tmp_path / f"{n}.md", *(f"Paper {n} {k}" for k in range(400))) for n in range(6)]
        ):
            pass
    window = start(library)
    wait_until_served(library, window)
    wait_until(lambda: any("spawn" in " ".join(child.cmdline()) for child in psutil.Process(window.pid).children()))
    time.sleep(1.0)
    children = psutil.Process(window.pid).children(recursive=True)
    seconds = end(window)
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    return seconds


def test_the_end_does_not_leave_the_building_of_the_index_behind(tmp_path: Path) -> None:
    end_amid_building(tmp_path)


@pytest.mark.soak
def test_the_end_does_not_wait_for_the_index(tmp_path: Path) -> None:
    seconds = end_amid_building(tmp_path)
    record("closing", f"closed after {seconds:.2f} s amid the building of the index")
    assert seconds < 4, "the child alone would have five seconds to end by itself, and a commit of any length"


# --- faults -----------------------------------------------------------------------------------------------------------

_FAULT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from reader.ui.app import window

begin = window.MainWindow.begin

def fail():
    raise ZeroDivisionError("Zymurgical Secrets")

def begin_and_fail(self, files=()):
    begin(self, files)
    for delay in (100, 200, 300):
        QTimer.singleShot(delay, fail)
    self.workspace.tasks.write(fail, print)
    QTimer.singleShot(900, look)

def look():
    from PySide6.QtWidgets import QApplication
    (shown,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, window.MainWindow)]
    print(shown.panes.notice.text.text())
    shown.runner.run("paper.star")
    QTimer.singleShot(500, shown.close)

window.MainWindow.begin = begin_and_fail
from reader.ui.launch import open_window
sys.exit(open_window(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
"""


def test_a_fault_ends_nothing_and_tells_no_secret(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with Library(library) as made:
        for _ in made.imports.paths([page(tmp_path / "a.md", "A Paper")]):
            pass
    done = subprocess.run(
        [sys.executable, "-c", _FAULT, str(library)],
        cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "LECTERN_LOGS": str(tmp_path / "logs")},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Internal error (ZeroDivisionError")
    log = (tmp_path / "logs" / "lectern.log").read_text()
    assert log.count("ZeroDivisionError\n") >= 2
    assert "Zymurgical" not in log + done.stdout
    with Library(library) as again:
        assert again.views.counts().starred == 1
