"""Several starts at once, on one library: exactly one is the window, and no file is lost on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reader.domain.errors import LibraryBusyError
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.process.ownership import claim_or_hand_over
from reader.services.process.runtime_folder import address_of
from tests.patience import PATIENCE, wait_until
from tests.reliability.figures import record
from tests.services.support import listing_text
from tests.services.test_sharing import WRITES_WITHOUT_END

ROOT = Path(__file__).parents[2]
STARTERS = 4


def start(folder: Path, *files: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.starter", str(folder), *map(str, files)],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def race(folder: Path) -> float:
    """Four starts at once, each with a file of its own; the seconds until the last has handed its file over."""
    folder.mkdir()
    files = []
    for number in range(STARTERS):
        files.append(folder / f"{number}.txt")
        files[-1].write_text(listing_text(f"Paper of Starter {number}", f"Another of {number}"), "utf-8")
    begun = time.monotonic()
    starters = [start(folder / "library", file) for file in files]
    roles = [told(starter) for starter in starters]
    seconds = time.monotonic() - begun
    assert sorted(roles) == ["handed over"] * (STARTERS - 1) + ["owner"]
    owner = starters[roles.index("owner")]
    assert told(owner) == "open"
    imported = {told(owner) for _ in files}
    assert imported == {f"imported {file.name}" for file in files}
    for starter in starters:
        starter.communicate(timeout=PATIENCE)
        assert starter.returncode == 0
    with Library(folder / "library") as library:
        assert len(library.views.paper_ids(View(ViewKind.ALL))) == 2 * STARTERS
    return seconds


def test_four_starters_have_one_owner_and_lose_no_file(tmp_path: Path) -> None:
    for number in range(2):
        race(tmp_path / str(number))


@pytest.mark.soak
def test_thirty_races_of_four_starters(tmp_path: Path) -> None:
    slowest = max(race(tmp_path / str(number)) for number in range(30))
    record("races", f"30 of 30 races of {STARTERS} starters had one owner and lost no file")
    record("races", f"slowest start of four at once, with hand-over, {slowest:.1f} s")


def hand_over(tmp_path: Path) -> float:
    """A start that hands its file over; the seconds from the very start of its process, Python's included."""
    file = tmp_path / "day.txt"
    file.write_text(listing_text("Handed Over"), "utf-8")
    owner = start(tmp_path / "library")
    assert told(owner) == "owner"
    begun = time.monotonic()
    second = start(tmp_path / "library", file)
    assert told(second) == "handed over"
    seconds = time.monotonic() - begun
    assert {told(owner), told(owner)} == {"open", "imported day.txt"}
    for process in (second, owner):
        process.communicate(timeout=PATIENCE)
    return seconds


def test_a_second_start_hands_over(tmp_path: Path) -> None:
    hand_over(tmp_path)


@pytest.mark.soak
def test_a_second_start_hands_over_in_time(tmp_path: Path) -> None:
    seconds = hand_over(tmp_path)
    record("hand-over", f"a second start handed its file over after {seconds:.2f} s")
    assert seconds < 2


@pytest.mark.skipif(os.name == "nt", reason="signals are a Unix matter")
def test_a_killed_owner_blocks_nobody(tmp_path: Path) -> None:
    """Neither its lock nor its socket, which stays behind as a file."""
    owner = start(tmp_path / "library")
    assert told(owner) == "owner"
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    assert Path(address_of(tmp_path / "library")).exists()
    heir = start(tmp_path / "library")
    assert told(heir) == "owner"
    heir.communicate(timeout=PATIENCE)
    assert heir.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="signals are a Unix matter")
def test_a_window_that_hangs_keeps_no_command_from_writing(tmp_path: Path) -> None:
    owner = start(tmp_path / "library")
    assert told(owner) == "owner"
    assert told(owner) == "open"
    stop(owner)
    try:
        file = tmp_path / "day.txt"
        file.write_text(listing_text("Beside a Window"), "utf-8")
        done = command(tmp_path / "library", "import", str(file))
    finally:
        owner.send_signal(signal.SIGCONT)
        owner.communicate(timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")


def stop(process: subprocess.Popen[str]) -> None:
    """Have a process hang."""
    import psutil

    process.send_signal(signal.SIGSTOP)
    wait_until(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED)


def command(library: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command to its end."""
    return subprocess.run(
        [sys.executable, "main.py", "--library", str(library), *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@pytest.mark.soak  # it takes ten seconds to wait for ten seconds
@pytest.mark.skipif(os.name == "nt", reason="signals are a Unix matter")
def test_who_hangs_amid_writing_is_named_after_the_wait(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    Library(folder).close()
    writing = subprocess.Popen(
        [sys.executable, "-c", WRITES_WITHOUT_END, str(folder)],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert told(writing) == "writing"
    stop(writing)
    try:
        begun = time.monotonic()
        waiting = command(folder, "undo")
        seconds = time.monotonic() - begun
    finally:
        writing.send_signal(signal.SIGCONT)
        writing.communicate("", timeout=PATIENCE)
    assert waiting.returncode == 1
    assert f"process {writing.pid} (lectern import" in waiting.stderr
    assert 10 <= seconds < 20
    record("hand-over", f"a process that hangs amid writing is named after {seconds:.1f} s")


@pytest.mark.soak
@pytest.mark.skipif(os.name == "nt", reason="signals are a Unix matter")
def test_a_window_that_hangs_is_named_to_the_next_start(tmp_path: Path) -> None:
    owner = start(tmp_path / "library")
    assert told(owner) == "owner"
    stop(owner)
    try:
        begun = time.monotonic()
        with pytest.raises(LibraryBusyError, match=rf"process {owner.pid} \(the window"):
            claim_or_hand_over(tmp_path / "library", [tmp_path / "a.txt"])
        seconds = time.monotonic() - begun
    finally:
        owner.send_signal(signal.SIGCONT)
        owner.communicate(timeout=PATIENCE)
    assert 10 <= seconds < 20
