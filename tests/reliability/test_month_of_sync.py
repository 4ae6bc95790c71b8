"""A month of use by three devices, several hundred runs a day, leaves few and small files in the folder they share."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.reliability.figures import record
from tests.services.sync.machines import machines
from tests.services.sync.test_compaction import check_size, live_along

_DAYS, _RUNS = 30, 300


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_month_leaves_few_files(tmp_path: Path) -> None:
    with machines(tmp_path) as meeting:
        started = time.process_time()
        live_along(meeting, days=_DAYS, runs=_RUNS)
        each = (time.process_time() - started) / (_DAYS * _RUNS)
        most, size, live = check_size(meeting)
    record(
        "month of sync",
        f"{_DAYS * _RUNS:,} runs of 3 devices in {_DAYS} days: at most {most} files a device, {size / 1000:.0f} kB for "
        f"{live / 1000:.0f} kB of writes that stand, {each * 1000:.0f} ms of processor time for a change and its run",
    )
