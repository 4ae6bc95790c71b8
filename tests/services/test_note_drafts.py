"""Drafts of notes: late ones do not bring back what was saved, damaged files are passed over."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reader.services.library.note_drafts import FOLDER, NoteDraft, NoteDrafts


def _draft(text: str, key: str = "abcdefgh", written: str = "2026-04-02T08:00:00Z") -> NoteDraft:
    return NoteDraft(key, text, 3, written)


def test_a_draft_is_kept_replaced_and_dropped(tmp_path: Path) -> None:
    drafts = NoteDrafts(tmp_path)
    assert drafts.all() == []
    assert drafts.keep(_draft("one"), 1)
    assert drafts.keep(_draft("one and two"), 2)
    assert NoteDrafts(tmp_path).all() == [_draft("one and two")]
    drafts.drop("abcdefgh", 2)
    assert drafts.all() == []
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_draft_written_late_does_not_bring_back_what_was_saved(tmp_path: Path) -> None:
    drafts = NoteDrafts(tmp_path)
    drafts.drop("abcdefgh", 5)
    assert drafts.keep(_draft("older"), 4)
    assert drafts.all() == []
    drafts.keep(_draft("newer"), 6)
    drafts.keep(_draft("overtaken"), 6 - 1)
    drafts.drop("abcdefgh", 5)
    assert drafts.all() == [_draft("newer")]


def test_the_last_written_come_first_and_damaged_files_are_passed_over(tmp_path: Path) -> None:
    drafts = NoteDrafts(tmp_path)
    drafts.keep(_draft("early", "aaaa", "2026-04-01T08:00:00Z"), 1)
    drafts.keep(_draft("late", "bbbb", "2026-04-02T08:00:00Z"), 2)
    folder = tmp_path / FOLDER
    (folder / "cccc.json").write_text("{")
    (folder / "dddd.json").write_text(json.dumps({"key": "dddd", "text": 5, "revision": 0, "written": ""}))
    (folder / "eeee.json").write_text(json.dumps({"key": "other", "text": "", "revision": 0, "written": ""}))
    (folder / "ffff.json").write_text("[" * 100_000)
    (folder / "gggg.json").write_text("[]")
    assert [draft.text for draft in drafts.all()] == ["late", "early"]


@pytest.mark.parametrize("key", ["../../up", "", "a/b", "x" * 41])
def test_a_name_that_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        NoteDrafts(tmp_path / "library").keep(_draft("text", key), 1)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_told_and_the_old_draft_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = NoteDrafts(tmp_path)
    drafts.keep(_draft("one"), 1)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert not drafts.keep(_draft("two"), 2)
    assert drafts.all() == [_draft("one")]
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["abcdefgh.json"]
