"""``kill -9`` in the midst of synchronising, and disks that forget what was written: nothing is lost on any device."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.figures import record

ROOT = Path(__file__).parents[2]
SCENARIOS = ("flush", "publish", "apply", "heal", "compact", "join")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed processes are forks")


def run_kills(root: Path, scenario: str, count: int, how: str) -> dict[str, Any]:
    """What came of ``count`` kills or cuts in a scenario, 0 for all that there are."""
    command = [sys.executable, "-m", "tests.reliability.sync_killer", str(root), scenario, str(count), how, "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["tried"] == (count or result["tried"]) > 0
    return result


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("scenario", "how"),
    [
        ("flush", "disk"),
        ("publish", "power"),
        ("apply", "kill"),
        ("heal", "power"),
        ("compact", "disk"),
        ("join", "power"),
    ],
)
def test_nothing_is_lost_at_a_few_moments(tmp_path: Path, scenario: str, how: str) -> None:
    result = run_kills(tmp_path / scenario, scenario, 3, how)
    assert result["problems"] == []
    was, now = result["files"]
    has_worked = {"compact": now < was, "join": now == was, "flush": now == was}.get(scenario, now > was)
    assert has_worked, "it did what its name says"


@pytest.mark.timeout(300)
def test_without_healing_something_is_lost(tmp_path: Path) -> None:
    """So the test can fail: a device that never looks at its own files leaves the others without them."""
    assert len(run_kills(tmp_path / "heal", "heal", 2, "canary")["problems"]) == 2


@pytest.mark.timeout(300)
def test_a_disk_that_lies_loses_something(tmp_path: Path) -> None:
    """So the images can show a loss: a disk that never syncs the folder, and a device that does not look after it."""
    assert run_kills(tmp_path / "publish", "publish", 6, "lying")["problems"]


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("how", ["kill", "power", "disk"])
def test_nothing_is_lost_at_any_moment(tmp_path: Path, how: str) -> None:
    tried, problems = 0, []
    for scenario in SCENARIOS:
        result = run_kills(tmp_path / scenario, scenario, 0, how)
        tried += result["tried"]
        problems += result["problems"]
    words = {
        "kill": f"killed at each of {tried:,} moments",
        "power": f"killed at each of {tried:,}, its files in the folder then lost or torn",
        "disk": f"{tried:,} images of its disk from before and after each sync of it",
    }[how]
    record("interrupted sync", f"{words}: {len(problems)} lost something on any device")
    assert problems == []
