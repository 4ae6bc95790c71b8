"""``lectern backup``, ``restore``, ``bundle`` and ``check``, as people and scripts call them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from reader.cli import cli
from tests.services.support import listing_text


class Lectern:
    """Runs commands on one library, in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str | Path, code: int = 0) -> Result:
        done = CliRunner().invoke(cli, ["--library", str(self.folder), *map(str, words)])
        assert done.exit_code == code, done.output + repr(done.exception)
        return done

    def json(self, *words: str | Path, code: int = 0) -> Any:
        return json.loads(self(*words, "--json", code=code).stdout.splitlines()[-1])


@pytest.fixture
def lectern(tmp_path: Path) -> Lectern:
    run = Lectern(tmp_path / "library")
    (tmp_path / "day.txt").write_text(listing_text("First Paper", "Second Paper"), "utf-8")
    run("import", tmp_path / "day.txt")
    return run


def keys(lectern: Lectern) -> list[str]:
    return [json.loads(line)["key"] for line in lectern("papers", "--json").stdout.splitlines()]


def test_back_up_preview_and_restore(lectern: Lectern) -> None:
    made = lectern.json("backup")
    assert (made["kind"], made["papers"]) == ("backup", 2)
    lectern("tag", keys(lectern)[0], "+x")
    preview = lectern.json("restore", "newest", "--preview")
    assert not preview["same"]
    assert [found["what"] for found in preview["differences"] if found["only_here"]] == ["tags on papers"]
    assert "tags on papers: 1 would go" in lectern("restore", "newest", "--preview").stdout
    outcome = lectern.json("restore", Path(made["path"]).name)
    assert Path(outcome["kept"]).exists()
    assert lectern("tags").stdout == ""
    assert lectern("restore", made["path"], "--preview").stdout.startswith("Identical to the library now")
    listed = [json.loads(line) for line in lectern("backup", "--list", "--json").stdout.splitlines()]
    assert sorted(found["kind"] for found in listed) == ["backup", "before-restore"]
    assert "2 papers" in lectern("backup", "--list").stdout


def test_back_up_and_restore_annotations(lectern: Lectern) -> None:
    lectern("tag", keys(lectern)[0], "+x")
    made = lectern.json("backup", "--annotations")
    assert (made["kind"], made["papers"]) == ("annotations", 1)
    lectern("undo")
    lectern("restore", made["path"])
    assert "1  x" in lectern("tags").stdout
    assert "Undid: Restored annotations of 20" in lectern("undo").stdout


def test_restoring_what_is_not_there_or_none(lectern: Lectern, tmp_path: Path) -> None:
    assert "There are no backups" in lectern("restore", "newest", code=1).stderr
    (tmp_path / "letter.txt").write_text("no backup")
    for words in (["restore", "newest"], ["restore", "nothing.db"], ["restore", tmp_path / "letter.txt"]):
        lectern(*words, code=1)
    assert len(keys(lectern)) == 2


def test_a_bundle_goes_to_another_machine_and_into_a_library(lectern: Lectern, tmp_path: Path) -> None:
    lectern("tag", keys(lectern)[0], "+x")
    assert lectern.json("bundle", tmp_path / "mine.lectern")["paper_count"] == 2
    elsewhere = Lectern(tmp_path / "elsewhere")
    assert "2 papers" in elsewhere("bundle", "--open", tmp_path / "mine.lectern").stdout
    assert "1  x" in elsewhere("tags").stdout
    elsewhere("bundle", "--open", tmp_path / "mine.lectern", code=1)
    elsewhere("bundle", "--open", tmp_path / "mine.lectern", tmp_path / "third")
    other = Lectern(tmp_path / "other")
    assert other.json("bundle", "--merge", tmp_path / "mine.lectern")["new"] == 2
    assert "Merged the bundle" in other("undo").stdout
    lectern("bundle", "--open", "--merge", tmp_path / "mine.lectern", code=2)
    lectern("bundle", tmp_path / "mine.lectern", code=1)


def test_check_says_that_all_is_well_or_what_is_not(lectern: Lectern) -> None:
    assert lectern("check").stdout == "No problems found.\n"
    assert lectern.json("check")["sound"] is True
    source = next(lectern.folder.glob("sources/??/*"))
    source.chmod(0o644)
    found = lectern.json("check", code=1)
    assert [finding["aspect"] for finding in found["findings"]] == ["permissions"]
    assert "--repair" in lectern("check", code=1).stdout
    assert lectern.json("check", "--repair")["findings"][0]["repaired"] is True
    assert lectern.json("check")["findings"] == []


@pytest.mark.parametrize("damage", ["whole", "part"])
def test_a_damaged_library_is_told_and_mended(lectern: Lectern, damage: str) -> None:
    before = keys(lectern)
    lectern("backup")
    database = lectern.folder / "library.db"
    data = bytearray(database.read_bytes())
    start = 0 if damage == "whole" else 3 * 4096
    data[start : start + 12 * 4096] = b"\xa5" * len(data[start : start + 12 * 4096])
    database.write_bytes(bytes(data))
    checked = lectern("check", code=1)
    assert "damaged" in checked.stdout
    assert "lectern check --repair" in checked.stderr
    assert "lectern restore" in checked.stderr
    mended = lectern.json("check", "--repair")
    assert mended["sound"] is True
    assert sorted(keys(lectern)) == sorted(before)
    (kept,) = lectern.folder.glob("aside/damaged-*/library.db")
    assert kept.read_bytes() == bytes(data)


def test_a_backup_replaces_a_library_that_cannot_be_opened(lectern: Lectern) -> None:
    before = keys(lectern)
    lectern("backup")
    (lectern.folder / "library.db").write_bytes(b"")
    told = lectern("papers", code=1)
    assert "lost its database" in told.stderr
    lectern("restore", "newest")
    assert keys(lectern) == before
