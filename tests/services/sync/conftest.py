"""Machines that meet in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.sync.machines import Machines, machines


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Machines]:
    with machines(tmp_path) as made:
        yield made
