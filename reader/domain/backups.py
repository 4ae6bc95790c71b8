"""Backups of a library's database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a library's database: where it is, when it was made (UTC), and how many papers it holds."""

    path: Path
    time: datetime
    paper_count: int
