"""Hostile texts in every widget, tip, message, menu and export: nothing that they name is opened, nobody is called.

Shown by the system's calls (strace), since Python's audit hook does not see what Qt opens. A careless program is
watched the same way first, to prove that the test can fail.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reader.domain.links import is_safe_url
from reader.services import Library
from reader.ui.app.browser import Opener, page_url, pdf_url
from tests.reliability.figures import record
from tests.reliability.hostile_texts import SHAPES, URLS, lay_canaries, listing, texts
from tests.reliability.window_tour import ALL
from tests.services.support import finish
from tests.ui.conftest import WindowMaker, World, settle

ROOT = Path(__file__).parents[2]
_WATCHED = "open,openat,openat2,creat,connect,sendto,execve,rename,renameat,renameat2,mkdir,mkdirat,symlink,symlinkat"
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


def can_trace(folder: Path) -> bool:
    """Whether strace is there and this user may trace a process."""
    if shutil.which("strace") is None:
        return False
    attempt = ["strace", "-f", "-o", str(folder / "attempt"), "true"]
    return subprocess.run(attempt, capture_output=True, check=False).returncode == 0


@dataclass
class Watched:
    """What a process and its children were seen to do."""

    told: dict[str, int]
    canaries: set[str] = field(default_factory=set)
    """Canaries opened."""
    calls: list[str] = field(default_factory=list)
    """Attempts to reach another machine, or this one by the network."""
    programs: set[str] = field(default_factory=set)
    """Programs started."""
    written: set[Path] = field(default_factory=set)
    """Files opened to be written."""


class Server:
    """A server that takes note of being called."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def watch(folder: Path, server: Server, kind: str, rounds: int = 1) -> Watched:
    """Let a process loose on hostile texts, and see what it does."""
    if not can_trace(folder):
        pytest.skip("strace is not there, or may not trace")
    canaries = folder / "canaries"
    lay_canaries(canaries, _PICTURE)
    hostile = texts(canaries, server.port)
    (folder / "home").mkdir()
    (folder / "work").mkdir()
    (folder / "work" / "listing.json").write_text(listing(hostile), "utf-8")
    done = subprocess.run(
        [
            *("strace", "-f", "--seccomp-bpf", "-qq", "-s", "400", "-e", f"trace={_WATCHED}", "-e", "signal=none"),
            *("-o", str(folder / "trace")),
            *(sys.executable, "-m", "tests.reliability.window_tour", str(folder / "work"), kind, str(rounds)),
        ],
        cwd=ROOT, input=json.dumps(hostile), capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder / "home"), "LANG": "C.UTF-8", "TMPDIR": str(folder / "work"),
             "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    watched = Watched(json.loads(done.stdout.splitlines()[-1]))
    for line in (folder / "trace").read_text("utf-8", "replace").splitlines():
        note(line, watched)
    return watched


def note(line: str, watched: Watched) -> None:
    """Take in one call."""
    path = _PATH.search(line)
    if "AF_INET" in line or "AF_NETLINK" in line:
        watched.calls.append(line)
    elif path is not None and "execve(" in line and " = 0" in line:
        watched.programs.add(path[1])
    elif path is not None and "connect(" not in line and "sendto(" not in line:
        if "canaries/canary-" in path[1]:
            watched.canaries.add(path[1])
        if "O_WRONLY" in line or "O_RDWR" in line or "O_CREAT" in line:
            watched.written.add(Path(path[1]))


def test_a_careless_program_is_found_out(tmp_path: Path, server: Server) -> None:
    watched = watch(tmp_path, server, "naive")
    assert len(watched.canaries) > 5, "pictures that labels load are seen"
    assert watched.calls, "and so is a call"
    assert server.calls == 1


def tour(folder: Path, server: Server, rounds: int) -> Watched:
    watched = watch(folder, server, "window", rounds)
    assert watched.told["papers"] >= len(SHAPES) == 60
    assert watched.told["overlays"] > 15
    assert watched.told["tips"] > 5
    assert watched.canaries == set()
    assert watched.calls == []
    assert server.calls == 0
    known = {Path(sys.executable).name, Path(sys.executable).resolve().name, "uname"}  # which Python's platform asks
    assert {Path(program).name for program in watched.programs} <= known, "no other program is started"
    outside = {path for path in watched.written if not is_own(path, folder)}
    assert outside == set()
    return watched


def is_own(path: Path, folder: Path) -> bool:
    """Whether something written belongs to the library, its exports or the process itself."""
    return not path.is_absolute() or path.is_relative_to(folder) or str(path).startswith(("/dev/", "/proc/"))


def test_hostile_texts_are_only_ever_shown(tmp_path: Path, server: Server) -> None:
    tour(tmp_path, server, 1)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_hostile_texts_on_many_papers(tmp_path: Path, server: Server) -> None:
    watched = tour(tmp_path, server, 6)
    told = watched.told
    record(
        "hostile texts",
        f"{len(SHAPES)} texts, {told['papers']} papers read, {told['commands']} commands, {told['overlays']} overlays, "
        f"{told['tips']:,} tool tips, {told['exports']} exports and commands: 0 files of theirs opened, 0 connections",
    )


def test_hostile_addresses_never_reach_the_browser(tmp_path: Path, open_window: WindowMaker, world: World) -> None:
    """Neither from the paper's fields, nor from its abstract, nor from a note."""
    assert len(URLS) == 30
    file = tmp_path / "listing.json"
    file.write_text(listing([f"See {url} or [this]({url}) or <{url}>." for url in URLS]), "utf-8")
    with Library(tmp_path / "library") as library:
        finish(library.imports.paths([file]))
        for number, paper_id in enumerate(library.views.paper_ids(ALL)):
            url = URLS[number]
            library.notes.save(paper_id, f"[link]({url}) <{url}> {url} ![]({url})", revision=None)
    window = open_window(tmp_path / "library")
    window.navigator.open(ALL)
    settle(window)
    for address in URLS:
        window.opening.open_address(address)
        window.panes.detail.link_chosen.emit(address)
        for command in ("paper.page", "paper.pdf", "paper.code", "note.edit", "note.preview"):
            window.runner.run(command)
            settle(window)
        window.runner.run("go.escape")
        window.runner.run("go.next")
        settle(window)
    assert all(is_safe_url(address) for address in world.opened)
    assert not set(world.opened) & set(URLS)
    hosts = {address.split("/")[2] for address in world.opened}
    assert hosts <= {"arxiv.org", "huggingface.co", "example.org"}
    for paper in window.workspace.library.papers.read(window.workspace.library.views.paper_ids(ALL)):
        for address in filter(None, (paper.url, page_url(paper), pdf_url(paper), *paper.code_urls)):
            assert address not in URLS
    given: list[str] = []
    opener = Opener(lambda address: bool(given.append(address)) or True)
    assert not any(opener.open(address) for address in URLS)
    assert given == []
    record("hostile addresses", f"{len(URLS)} of {len(URLS)} refused wherever they stand")
