"""Starting without a screen, and ending without being asked nicely."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE, wait_until
from tests.services.support import listing_text

ROOT = Path(__file__).parents[2]


def start(library: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    without = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    without.pop("QT_QPA_PLATFORM", None)
    command = [sys.executable, str(ROOT / "main.py"), "--library", str(library), *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=without | environment
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a screen")
def test_without_a_screen_there_is_one_sentence(tmp_path: Path) -> None:
    process = start(tmp_path / "library")
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert errors.startswith("lectern: There is no screen")
    assert len(errors.splitlines()) == 1


def wait_for_state(library: Path) -> dict[str, object]:
    """What the window wrote down about itself, once it has."""
    wait_until((library / "window.json").exists)
    return dict(json.loads((library / "window.json").read_text()))


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_asked_to_end_it_closes_as_if_by_hand(tmp_path: Path, name: str) -> None:
    library = tmp_path / "library"
    import_listing(library, tmp_path)
    process = start(library, QT_QPA_PLATFORM="offscreen")
    assert wait_for_state(library)["paper_id"] is not None
    process.send_signal(signal.Signals[name])
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_killed_it_knows_where_one_was(tmp_path: Path) -> None:
    library = tmp_path / "library"
    import_listing(library, tmp_path)
    process = start(library, QT_QPA_PLATFORM="offscreen")
    state = wait_for_state(library)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert (state["view_kind"], type(state["paper_id"])) == ("inbox", int)


def import_listing(library: Path, folder: Path) -> None:
    page = folder / "page.txt"
    page.write_text(listing_text("First Paper", "Second Paper"), encoding="utf-8")
    command = [sys.executable, str(ROOT / "main.py"), "--library", str(library), "import", str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
