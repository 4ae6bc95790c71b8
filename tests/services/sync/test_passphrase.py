"""A target with a passphrase: nobody reads it without, and nobody makes a library write into it in the open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError
from reader.services.sync.secrets import SECRETS_NAME
from tests.services.sync.machines import Machines, said, say

pytest.importorskip("nacl")
SECRET = "correct horse"


def test_only_who_has_the_passphrase_joins_and_reads(meeting: Machines) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    say(laptop, "ants")
    meeting.set_up("laptop", passphrase=SECRET)
    preview = desktop.sync.preview(str(meeting.folder))
    assert preview.is_sealed and preview.needs_passphrase and preview.there is None
    with pytest.raises(ReaderError, match="not the passphrase"):
        desktop.sync.preview(str(meeting.folder), "wrong horse")
    for wrong in (None, "wrong horse"):
        with pytest.raises(ReaderError, match="passphrase"):
            desktop.sync.join(str(meeting.folder), "desktop", wrong)
    assert not desktop.is_synced
    preview = desktop.sync.preview(str(meeting.folder), SECRET)
    assert preview.devices == ("laptop",)
    say(desktop, "bees")
    meeting.set_up("desktop", passphrase=SECRET)
    meeting.meet()
    assert set(said(laptop)) == set(said(desktop)) == {"ants", "bees"}
    assert not any(b"ants" in path.read_bytes() for path in meeting.folder.rglob("*") if path.is_file())
    status = desktop.sync.status()
    assert status is not None and status.is_sealed


def test_a_lost_key_is_asked_for_and_kept_again(meeting: Machines) -> None:
    (laptop,) = meeting.set_up("laptop", passphrase=SECRET)
    (laptop.folder / SECRETS_NAME).unlink()
    say(laptop, "ants")
    with pytest.raises(ReaderError, match="passphrase-file"):
        laptop.sync.run()
    assert laptop.sync.run(passphrase=SECRET).sent
    say(laptop, "bees")
    assert laptop.sync.run().sent


def test_a_header_without_seal_is_no_reason_to_write_in_the_open(meeting: Machines, tmp_path: Path) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    meeting.set_up("laptop", passphrase=SECRET)
    desktop.sync.begin(str(tmp_path / "open"), "desktop")
    header = (tmp_path / "open" / "lectern.json").read_text()
    ours = laptop._store.sync.me()
    theirs = desktop._store.sync.me()
    assert ours is not None and theirs is not None
    (meeting.folder / "lectern.json").write_text(header.replace(theirs.library, ours.library))
    say(laptop, "ants")
    before = meeting.files()
    with pytest.raises(ReaderError, match="no longer protected"):
        laptop.sync.run()
    assert meeting.files() == before


@pytest.mark.parametrize("passphrase", [None, SECRET])
def test_a_lost_header_is_written_again_as_it_was(meeting: Machines, passphrase: str | None) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop", passphrase=passphrase)
    say(laptop, "ants")
    meeting.meet()
    header = meeting.folder / "lectern.json"
    before = header.read_bytes()
    header.unlink()
    laptop.sync.move(str(meeting.folder))
    assert header.read_bytes() == before
    say(desktop, "bees")
    meeting.meet()
    assert set(said(laptop)) == set(said(desktop)) == {"ants", "bees"}


def test_a_new_folder_is_sealed_as_the_old_one_was(meeting: Machines, tmp_path: Path) -> None:
    (laptop,) = meeting.set_up("laptop", passphrase=SECRET)
    say(laptop, "ants")
    laptop.sync.move(str(tmp_path / "new"))
    laptop.sync.run()
    shutil.copytree(tmp_path / "new", meeting.folder, dirs_exist_ok=True)
    assert not any(b"ants" in path.read_bytes() for path in (tmp_path / "new").rglob("*.lecs"))
    (desktop,) = meeting.set_up("desktop", passphrase=SECRET)
    assert said(desktop) == {"ants": "title:ants"}
