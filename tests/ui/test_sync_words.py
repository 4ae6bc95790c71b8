"""Synchronising in words: what setting up does, how things stand, and what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reader.domain.changes import Change
from reader.domain.sync import WaitingFor
from reader.domain.sync_reports import SyncFigures, SyncPreview, SyncReport, SyncStatus
from reader.ui.sync.wording import last_words, names_words, preview_words, report_words, status_word

NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)  # a Thursday
STATUS = SyncStatus("d1", "Laptop", "/shared")
HERE = SyncFigures(12_431, 812, 9_100_000)


def word(status: SyncStatus, *, is_running: bool = False, is_missing: bool = False, trouble: str = "") -> str:
    return status_word(status, NOW, is_running=is_running, is_missing=is_missing, trouble=trouble)


def test_a_shared_folder_is_begun_with_what_is_here() -> None:
    preview = SyncPreview(joins=False, name="", here=HERE)
    assert preview_words(preview) == "Begins a shared folder: 12,431 papers, 812 notes, about 9 MB."


def test_who_joins_is_told_who_is_there_and_what_both_have() -> None:
    there = SyncFigures(11_902, 1, 700_000)
    preview = SyncPreview(True, "Anna’s papers", SyncFigures(540, 12), there, ("Laptop", "Desktop"))
    assert preview_words(preview) == (
        "Joins “Anna’s papers” (Laptop, Desktop): 11,902 papers, 1 note, 700 kB there; 540 papers, 12 notes here. "
        "Both get what the other has; nothing is removed."
    )


def test_a_missing_passphrase_is_asked_for() -> None:
    preview = SyncPreview(True, "Anna’s papers", HERE, None, ("Laptop",), is_sealed=True, needs_passphrase=True)
    assert preview_words(preview) == "“Anna’s papers” (Laptop) is protected by a passphrase. Type it to join."


def test_many_devices_are_counted() -> None:
    assert names_words(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"


def test_the_status_line_has_one_word_while_all_is_well() -> None:
    assert word(STATUS) == "Synced"
    assert word(STATUS, is_running=True) == "Syncing…"
    assert word(replace(STATUS, pending_out=3)) == "Sync: 3 to send"


def test_what_is_missing_is_named() -> None:
    assert word(STATUS, is_missing=True, trouble="There is no such folder.") == "Sync: folder missing"
    assert word(replace(STATUS, is_remote=True), is_missing=True, trouble="x") == "Sync: no connection"
    assert word(STATUS, trouble="The passphrase is wrong.") == "Sync: problem"


@pytest.mark.parametrize(
    ("hours", "files", "said"),
    [
        (23, 1, ""),
        (24, 1, "waiting for a file from Laptop since yesterday"),
        (48, 2, "waiting for 2 files from Laptop since Tuesday"),
        (24 * 8, 1, "waiting for a file from Laptop since Mar 25"),
    ],
)
def test_files_are_awaited_in_silence_for_a_day(hours: int, files: int, said: str) -> None:
    since = (NOW - timedelta(hours=hours)).isoformat()
    status = replace(STATUS, waiting=(WaitingFor("Laptop", files, since),), kept_beside=3)
    assert word(status) == "  ·  ".join(filter(None, ("Synced", "kept beside (3)", said)))


def test_the_last_run_is_told_where_the_user_is() -> None:
    assert last_words(STATUS, NOW) == "not yet"
    assert last_words(replace(STATUS, last="2026-04-02T08:12:00+00:00"), NOW) == "today 08:12"
    assert last_words(replace(STATUS, last="2026-04-01T08:12:00+00:00"), NOW) == "yesterday 08:12"


def test_who_asked_is_told_what_came_of_it() -> None:
    assert report_words(SyncReport(Change())) == "Synced: nothing new"
    assert report_words(SyncReport(Change(), sent=1, received=2)) == "Synced: sent 1 change, received 2 changes"
