"""A great many windows and keys: memory stays as it is, and no thread, timer or widget is left."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.reliability.figures import record

ROOT = Path(__file__).parents[2]
Sample = dict[str, int]


@dataclass
class Told:
    """What a run measured, after the windows and between the keys."""

    windows: list[Sample]
    keys: list[Sample]
    messages: list[str]
    errors: list[str]


def endure(folder: Path, windows: int, keys: int) -> Told:
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.endurance", str(folder), str(windows), str(keys)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr[-4000:]
    told = Told(**json.loads(done.stdout.splitlines()[-1]))
    assert told.errors == []
    assert told.messages == []
    return told


def growth(samples: list[Sample], what: str, *, warm_after: float = 0.2) -> float:
    """By what share something grew from when all was warm to the end; the least of the last three counts."""
    begin = max(1, int(len(samples) * warm_after))
    return min(sample[what] for sample in samples[-3:]) / samples[begin][what] - 1


def check_nothing_is_left(told: Told) -> None:
    first, last = told.windows[1], told.windows[-1]
    for what in ("threads", "widgets", "windows", "timers", "objects"):
        assert last[what] <= first[what], f"{what}: {first[what]} after a few windows, {last[what]} at the end"
    assert last["windows"] == 0
    assert last["threads"] == 1
    end = told.keys[-1]
    for what in ("threads", "widgets", "windows", "timers"):
        assert end[what] <= last[what], f"{what} after the keys: {end[what]}, before them {last[what]}"


def test_windows_and_keys_leave_nothing(tmp_path: Path) -> None:
    told = endure(tmp_path, 4, 100)
    check_nothing_is_left(told)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_thousand_windows_and_ten_thousand_keys(tmp_path: Path) -> None:
    told = endure(tmp_path, 1_000, 10_000)
    check_nothing_is_left(told)
    by_windows, by_keys = growth(told.windows, "memory"), growth(told.keys[:-1], "memory")
    widgets = [sample["widgets"] for sample in told.keys[:-1]]
    record(
        "endurance",
        f"1,000 windows: memory {by_windows:+.1%}; 10,000 keys: memory {by_keys:+.1%}; "
        f"{told.keys[-1]['threads']} thread, {told.keys[-1]['windows']} windows left",
    )
    assert by_windows < 0.1
    assert by_keys < 0.1
    # What is shown differs from one moment to the next, so it is the most of then that counts.
    assert min(widgets[-5:]) <= max(widgets[: len(widgets) // 2])
