"""The library's lock: one holder, named, and never a dead one."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reader.domain.errors import LibraryError
from reader.services.process.lock import LibraryLock, retry

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from reader.services.process.lock import LibraryLock
lock = LibraryLock(Path(sys.argv[1]))
assert lock.try_acquire("lectern import")
print("held", flush=True)
sys.stdin.read()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until it is ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_only_one_holds_it(tmp_path: Path) -> None:
    first, second = LibraryLock(tmp_path), LibraryLock(tmp_path)
    assert first.try_acquire("a")
    assert first.try_acquire("a")
    assert not second.try_acquire("b")
    first.release()
    assert second.try_acquire("b")
    first.release()
    assert not first.try_acquire("a")
    second.release()


def test_another_process_is_named(tmp_path: Path) -> None:
    process = hold(tmp_path)
    try:
        lock = LibraryLock(tmp_path)
        assert not lock.try_acquire("a")
        assert re.search(rf"process {process.pid} \(lectern import, since 20\d\d-", str(lock.busy_error()))
    finally:
        end(process)


@pytest.mark.skipif(os.name == "nt", reason="signals are a Unix matter")
def test_a_dead_holder_blocks_nobody_and_leaves_word(tmp_path: Path) -> None:
    process = hold(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    lock = LibraryLock(tmp_path)
    assert lock.try_acquire("a")
    assert lock.needs_check
    lock.release()
    again = LibraryLock(tmp_path)
    assert again.try_acquire("b")
    assert again.needs_check, "a check that was not made is still due"
    again.mark_checked()
    again.release()
    assert lock.try_acquire("a")
    assert not lock.needs_check
    lock.release()


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', '{"pid": "x"}', '{"pid": 1}', "\0" * 100_000])
def test_a_lock_file_that_says_nothing_blocks_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "library.lock").write_text(text)
    lock = LibraryLock(tmp_path)
    assert lock.holder() is None
    assert "another process" in str(lock.busy_error())
    assert lock.try_acquire("a")
    assert lock.needs_check == bool(text)
    holder = lock.holder()
    assert holder is not None
    assert holder.pid == os.getpid()
    lock.release()
    assert (tmp_path / "library.lock").read_bytes() == (b"check" if text else b"")


@pytest.mark.skipif(os.name == "nt", reason="modes and links are a Unix matter")
def test_the_lock_file_is_private_and_no_link(tmp_path: Path) -> None:
    lock = LibraryLock(tmp_path / "new" / "library")
    assert lock.try_acquire("a")
    lock.announce("/run/somewhere.sock")
    assert json.loads(lock.path.read_text())["address"] == "/run/somewhere.sock"
    assert stat.S_IMODE(lock.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(lock.path.parent.stat().st_mode) == 0o700
    lock.release()
    target = tmp_path / "precious"
    target.write_text("precious")
    lock.path.unlink()
    lock.path.symlink_to(target)
    with pytest.raises(LibraryError, match="cannot be written to"):
        LibraryLock(lock.path.parent).try_acquire("b")
    assert target.read_text() == "precious"


def test_retrying_ends_with_an_answer_or_in_time() -> None:
    answers = iter([None, None, 7])
    assert retry(lambda: next(answers), 5) == 7
    assert retry(lambda: None, 0.05) is None
    assert retry(lambda: 1, 0) == 1


@pytest.mark.skipif(os.name == "nt", reason="resource limits are a Unix matter")
def test_a_disk_that_takes_nothing_is_one_sentence_and_leaves_no_lock(tmp_path: Path) -> None:
    import resource

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    held = LibraryLock(tmp_path / "held")
    assert held.try_acquire("a")
    held.needs_check = True
    lock = LibraryLock(tmp_path / "library")
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, usual[1]))
    try:
        with pytest.raises(LibraryError, match="cannot be written to: File too large"):
            lock.try_acquire("a")
        held.release()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert not lock.is_held
    assert not held.is_held
    for folder in ("library", "held"):
        again = LibraryLock(tmp_path / folder)
        assert again.try_acquire("b")
        again.release()
