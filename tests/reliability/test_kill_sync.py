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
SCENARIOS = ("publish", "apply", "heal", "compact", "join")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed processes are forks")


def run_kills(root: Path, scenario: str, count: int, how: str) -> dict[str, Any]:
    """What came of ``count`` kills in a scenario, 0 for one at each moment."""
    command = [sys.executable, "-m", "tests.reliability.sync_killer", str(root), scenario, str(count), how, "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["kills"] == (count or result["moments"])
    return result


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("scenario", "how"),
    [("publish", "power"), ("apply", "kill"), ("heal", "power"), ("compact", "kill"), ("join", "power")],
)
def test_nothing_is_lost_at_a_few_moments(tmp_path: Path, scenario: str, how: str) -> None:
    result = run_kills(tmp_path, scenario, 3, how)
    assert result["problems"] == []
    was, now = result["files"]
    has_worked = {"compact": now < was, "join": now == was}.get(scenario, now > was)
    assert has_worked, "it did what its name says"


@pytest.mark.timeout(300)
def test_without_healing_something_is_lost(tmp_path: Path) -> None:
    """So the test can fail: a device that never looks at its own files leaves the others without them."""
    assert len(run_kills(tmp_path, "heal", 2, "canary")["problems"]) == 2


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("how", ["kill", "power"])
def test_nothing_is_lost_at_any_moment(tmp_path: Path, how: str) -> None:
    kills, problems = 0, []
    for scenario in SCENARIOS:
        (tmp_path / scenario).mkdir()
        result = run_kills(tmp_path / scenario, scenario, 0, how)
        kills += result["kills"]
        problems += result["problems"]
    words = {"kill": "killed", "power": "killed, its files in the folder then lost or torn,"}[how]
    record("interrupted sync", f"{words} at each of {kills:,} moments: {len(problems)} lost something on any device")
    assert problems == []
