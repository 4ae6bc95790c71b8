"""What synchronising a library of 100,000 papers costs (``LECTERN_BENCHMARK_PAPERS`` sets another number).

Each figure is measured in a process of its own, in processor time, so that its memory is its own too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

PAPERS = os.environ.get("LECTERN_BENCHMARK_PAPERS", "100000")
ROOT = Path(__file__).parents[2]


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.sync_measuring", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif(os.name == "nt", reason="the peak is asked of Unix")
def test_synchronising(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    _run("make", PAPERS, str(tmp_path))

    def run() -> dict[str, float]:
        first: dict[str, float] = json.loads(_run("first", str(tmp_path)))
        changes: dict[str, float] = json.loads(_run("changes", str(tmp_path)))
        return first | changes

    benchmark.extra_info.update(benchmark.pedantic(run, rounds=1))
