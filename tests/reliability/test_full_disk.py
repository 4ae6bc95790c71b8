"""A disk of 1 MiB: what was acknowledged stays readable, the rest is one clear sentence, and then it goes on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from tests.reliability.figures import record

ROOT = Path(__file__).parents[2]
_NAMESPACE = ["unshare", "--mount", "--map-root-user"]


def can_mount() -> bool:
    """Whether this user may mount something in a namespace of its own."""
    if shutil.which("unshare") is None:
        return False
    attempt = [*_NAMESPACE, "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]
    return subprocess.run(attempt, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if not can_mount():
        pytest.skip("this user may not mount a small disk")
    place = tmp_path_factory.mktemp("disk")
    outside = tmp_path_factory.mktemp("outside")
    done = subprocess.run(
        [*_NAMESPACE, sys.executable, "-m", "tests.reliability.small_disk", str(place), str(outside)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_a_full_disk_is_one_clear_sentence(told: dict[str, Any]) -> None:
    assert "no room left on the disk" in told["sentence"]
    assert not told["is_damage"]
    assert len(told["sentence"].splitlines()) == 1
    record("full disk", f"{told['acknowledged']} acknowledged notes readable on a full disk of 1 MiB")


def test_what_was_acknowledged_is_readable(told: dict[str, Any]) -> None:
    assert told["acknowledged"] > 0
    assert told["readable"]


def test_an_import_is_all_or_nothing(told: dict[str, Any]) -> None:
    assert told["papers_after_import"] == 20
    (sentence,) = told["import"]
    assert "room" in sentence or "space" in sentence.lower()


def test_a_backup_that_does_not_fit_is_told_and_leaves_nothing(told: dict[str, Any]) -> None:
    assert told["backup"] is not None
    assert told["left_over"] == []


def test_the_next_save_works_and_stays(told: dict[str, Any]) -> None:
    assert told["saved_later"]
    assert told["reopened"]
    assert told["findings"] == []
