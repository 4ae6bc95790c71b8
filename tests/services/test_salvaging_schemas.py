"""Salvage reads every released schema: what an earlier version wrote is saved from it, and from its backups."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from reader.domain.transfer import TransferPaper
from reader.services.copies.salvage import salvage
from reader.storage.store import LibraryStore
from tests.services.support import clock
from tests.storage.test_migrating import FIXTURES, load


def everything(database: Path) -> tuple[list[object], dict[str, TransferPaper]]:
    """What an up to date library holds as values, but for what differs between libraries and when tags were made."""
    with LibraryStore(database, clock=clock) as store:
        ids = range(1, 100)
        items = [item for item in store.transfers.items() if not hasattr(item, "id")]
        return items, {
            paper.key: replace(paper, highlights=tuple(replace(each, id=0) for each in paper.highlights))
            for paper in store.transfers.papers(ids)
        }


@pytest.mark.parametrize("script", FIXTURES, ids=lambda script: script.stem)
@pytest.mark.parametrize("from_backup", [False, True])
def test_everything_of_an_older_schema_is_saved(script: Path, from_backup: bool, tmp_path: Path) -> None:
    folder, present = tmp_path / "library", tmp_path / "present.db"
    folder.mkdir()
    load(script, folder / "library.db")
    shutil.copyfile(folder / "library.db", present)
    if from_backup:
        (folder / "backups").mkdir()
        (folder / "library.db").rename(folder / "backups" / "daily-20260301T120000Z.db")
        (folder / "library.db").write_bytes(b"\xa5" * 50_000)
    before = everything(present)
    report = salvage(folder, clock)
    assert (report.saved, report.from_backups) == ((0, len(before[1])) if from_backup else (len(before[1]), 0))
    after = everything(folder / "library.db")
    assert after == before
