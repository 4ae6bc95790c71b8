"""The command ``sync``, run as scripts and people run it, by two machines with real listings of invented papers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from tests.services.support import listing_text

ROOT = Path(__file__).parents[1]
TITLES = ("Alpha of Trees", "Beta Masks", "Gamma Waves", "Delta Rivers", "Epsilon Stones")


class Machine:
    """A machine with a library, on which commands are run."""

    def __init__(self, root: Path, name: str) -> None:
        self.folder = root / name
        self.environment = os.environ | {"LECTERN_LIBRARY": str(self.folder), "HOME": str(root)}

    def begin(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=self.environment,
        )  # fmt: skip

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """Run a command; what it printed, or of one that failed what it said."""
        process = self.begin(*arguments)
        out, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, error + out
        assert "Traceback" not in error
        return error if code else out

    def json(self, *arguments: str | Path) -> Any:
        """Run a command that prints one object."""
        return json.loads(self.run(*arguments, "--json"))

    def papers(self) -> list[Any]:
        """All papers as the command line shows them."""
        return [json.loads(line) for line in self.run("papers", "--json").splitlines()]

    def keys(self) -> dict[str, str]:
        """The papers' keys by title."""
        return {paper["title"]: paper["key"] for paper in self.papers()}


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Machine, Machine, Path]:
    """A laptop that has imported a listing, a desktop, and the folder in which they are to meet."""
    laptop, desktop = Machine(tmp_path, "laptop"), Machine(tmp_path, "desktop")
    (tmp_path / "day.txt").write_text(listing_text(*TITLES), "utf-8")
    laptop.run("import", tmp_path / "day.txt", "--year", "2025")
    return laptop, desktop, tmp_path / "meeting"


def test_two_machines_become_equal(machines: tuple[Machine, Machine, Path]) -> None:
    laptop, desktop, folder = machines
    keys = laptop.keys()
    laptop.run("note", keys["Alpha of Trees"], "--set", "on the laptop")
    laptop.run("state", keys["Gamma Waves"], "done")
    preview = laptop.json("sync", "--target", folder, "--dry-run")
    assert (preview["joins"], preview["here"]["papers"], preview["here"]["notes"]) == (False, 5, 1)
    assert not folder.exists()
    assert laptop.json("sync", "--status") == {
        "device": None, "target": None, "pending_out": 0, "waiting": [], "kept_beside": [],
    }  # fmt: skip
    assert "“lectern sync --target FOLDER”" in laptop.run("sync", code=1)
    said = laptop.run("sync", "--target", folder, "--name", "Laptop")
    assert said.startswith(f"Begins in {folder}: 5 papers, 1 note and 0 tags will be written, about ")
    assert "Synchronised: sent" in said
    said = desktop.run("sync", "--target", folder, "--name", "Desktop")
    assert "of Laptop" in said and "From Laptop: 5 papers, 1 listing" in said
    assert desktop.papers() == laptop.papers()
    desktop.run("tag", keys["Beta Masks"], "+nlp")
    desktop.run("note", keys["Alpha of Trees"], "--append", "on the desktop")
    done = desktop.json("sync")
    assert (done["name"], done["set_up"], done["received"], done["kept_beside"]) == ("Desktop", None, 0, 0)
    assert done["sent"] >= 2
    done = laptop.json("sync")
    assert done["arrived"]["Desktop"]["notes"] == 1
    assert laptop.papers() == desktop.papers()
    assert json.loads(laptop.run("tags", "--json").splitlines()[0])["name"] == "nlp"
    assert "From Desktop: " in laptop.run("history", "--limit", "1")
    assert laptop.json("sync")["sent"] == 0


def test_what_is_kept_beside_is_listed_and_taken(machines: tuple[Machine, Machine, Path]) -> None:
    laptop, desktop, folder = machines
    key = laptop.keys()["Delta Rivers"]
    laptop.run("sync", "--target", folder, "--name", "Laptop")
    desktop.run("sync", "--target", folder, "--name", "Desktop")
    laptop.run("state", key, "done")
    desktop.run("state", key, "reading")
    laptop.run("sync")
    assert "Kept beside (1)" in desktop.run("sync")
    laptop.run("sync")
    status = laptop.json("sync", "--status")
    (kept,) = status["kept_beside"]
    assert (kept["key"], kept["field"], kept["device"]) == (key, "state", "Laptop")
    assert (kept["value"][0], kept["shown"][0]) == ("done", "reading")
    assert (status["target"], status["pending_out"], status["waiting"]) == (str(folder), 0, [])
    assert "beside: Done (Laptop" in laptop.run("sync", "--status")
    laptop.run("sync", "--take", kept["id"])
    assert "no longer kept beside" in laptop.run("sync", "--take", kept["id"], code=1)
    laptop.run("sync")
    desktop.run("sync")
    assert [paper["state"] for paper in desktop.papers() if paper["key"] == key] == ["done"]
    assert desktop.json("sync", "--status")["kept_beside"] == []


def test_two_processes_at_once_both_end_well(machines: tuple[Machine, Machine, Path]) -> None:
    laptop, desktop, folder = machines
    laptop.run("sync", "--target", folder)
    laptop.run("tag", laptop.keys()["Beta Masks"], "+nlp")
    both = [laptop.begin("sync", "--json") for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sorted(json.loads(out)["sent"] for out, _ in told)[0] == 0
    desktop.run("sync", "--target", folder)
    assert desktop.papers() == laptop.papers()


def test_a_sync_that_is_killed_loses_nothing(machines: tuple[Machine, Machine, Path]) -> None:
    laptop, desktop, folder = machines
    laptop.run("sync", "--target", folder)
    desktop.run("sync", "--target", folder)
    keys = laptop.keys()
    for number, title in enumerate(TITLES[:3]):
        laptop.run("note", keys[title], "--set", f"note {number}")
        process = laptop.begin("sync")
        time.sleep(0.3 * number)
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.communicate()
    for machine in (laptop, desktop, laptop):
        machine.run("sync")
    assert desktop.papers() == laptop.papers()
    notes = {paper["title"]: paper["note"] for paper in desktop.papers()}
    assert [notes[title] for title in TITLES[:3]] == ["note 0", "note 1", "note 2"]
    assert len(list((folder / "devices").iterdir())) <= 2


def test_the_passphrase_comes_from_a_file_or_the_environment(
    machines: tuple[Machine, Machine, Path], tmp_path: Path
) -> None:
    pytest.importorskip("nacl")
    laptop, desktop, folder = machines
    (tmp_path / "secret").write_text("correct horse\n", "utf-8")
    (tmp_path / "wrong").write_text("wrong horse\n", "utf-8")
    laptop.run("sync", "--target", folder, "--passphrase-file", tmp_path / "secret")
    assert "passphrase" in desktop.run("sync", "--target", folder, code=1)
    assert "not the passphrase" in desktop.run(
        "sync", "--target", folder, "--passphrase-file", tmp_path / "wrong", code=1
    )
    assert "no passphrase" in desktop.run("sync", "--target", folder, "--passphrase-file", os.devnull, code=1)
    desktop.environment["LECTERN_SYNC_PASSPHRASE"] = "correct horse"
    desktop.run("sync", "--target", folder)
    del desktop.environment["LECTERN_SYNC_PASSPHRASE"]
    desktop.run("tag", desktop.keys()["Beta Masks"], "+nlp")
    desktop.run("sync")
    laptop.run("sync")
    assert laptop.papers() == desktop.papers()
    assert laptop.json("sync", "--status")["sealed"]


def test_leaving_and_mistakes(machines: tuple[Machine, Machine, Path]) -> None:
    laptop, _, folder = machines
    laptop.run("sync", "--target", folder)
    assert "Use one of" in laptop.run("sync", "--status", "--leave", code=2)
    assert "--json is for --status" in laptop.run("sync", "--leave", "--json", code=2)
    assert "--dry-run needs --target" in laptop.run("sync", "--dry-run", code=2)
    assert "Goes on in" in laptop.run("sync", "--target", folder.with_name("other"), "--dry-run")
    assert "if it is a copy" in laptop.run("sync", "--target", folder, "--dry-run")
    assert laptop.json("sync", "--name", "Tablet")["name"] == "Tablet"
    assert laptop.json("sync", "--status")["target"] == str(folder)
    (folder / "lectern.json").rename(folder / "away")
    assert "lectern.json" in laptop.run("sync", code=1)
    assert "lectern.json" in laptop.json("sync", "--status")["trouble"]
    laptop.run("sync", "--target", folder)
    before = laptop.papers()
    assert "Not synchronised any more" in laptop.run("sync", "--leave")
    assert laptop.papers() == before and laptop.json("sync", "--status")["device"] is None
    assert "not synchronised yet" in laptop.run("sync", "--leave", code=1)


def test_other_commands_import_nothing_of_it(machines: tuple[Machine, Machine, Path]) -> None:
    laptop, _, folder = machines
    script = (
        "import sys; sys.argv = ['lectern', *sys.argv[1:]]\n"
        "from reader.cli import cli\n"
        "try: cli()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith(('zstandard', 'nacl', 'reader.services.sync.'))])"
    )
    key = laptop.keys()["Beta Masks"]

    def imported(*arguments: str) -> str:
        command = [sys.executable, "-c", script, *arguments]
        environment = laptop.environment | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, cwd=ROOT)
        return done.stdout.splitlines()[-1]

    for arguments in (("papers",), ("tag", key, "+nlp"), ("sync", "--status")):
        assert imported(*arguments) == "[]"
    laptop.run("sync", "--target", folder)
    assert imported("papers") == imported("tag", key, "+cv") == "[]"
    assert "zstandard" in imported("sync")
