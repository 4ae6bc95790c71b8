"""The passphrase of a target, and where its key is kept."""

from __future__ import annotations

import json
import stat
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.errors import Fault, LibraryError, ReaderError, SyncFileError
from reader.domain.sync import Cell, Pack, Segment, Write
from reader.formats.segments import decode_segment, encode_pack, encode_segment
from reader.formats.target_header import decode_header, encode_header
from reader.services import Library
from reader.services.sync import secrets
from reader.services.sync.secrets import KeySeal, Secrets, fits, keep_secrets, kept_secrets, key_for, sealed_header

KEY = bytes(range(32))


@given(st.binary(max_size=200), st.binary(max_size=50), st.integers(0, 300))
def test_only_the_same_key_and_the_same_words_about_it_open_what_was_sealed(data: bytes, about: bytes, at: int) -> None:
    seal = KeySeal(KEY)
    sealed = seal.seal(data, about)
    assert seal.open(sealed, about) == data
    assert seal.seal(data, about) == sealed
    assert len(sealed) == len(data) + 40
    changed = bytearray(sealed)
    changed[at % len(sealed)] ^= 1
    for other, bytes_, words in (
        (KeySeal(bytes(32)), sealed, about),
        (seal, sealed, about + b"x"),
        (seal, bytes(changed), about),
        (seal, sealed[:at], about),
    ):
        if (bytes_, words) != (sealed, about) or other is not seal:
            with pytest.raises(SyncFileError) as refused:
                other.open(bytes_, words)
            assert refused.value.fault is Fault.SEALED


def test_a_sealed_segment_tells_nothing_and_comes_back() -> None:
    segment = Segment("k3y", "Laptop", 1, 1, (Write(1, 1, {}, Cell("tag", "secret", "name"), "very secret"),))
    data = encode_segment(segment, KeySeal(KEY))
    assert b"secret" not in data
    assert b"Laptop" not in data
    assert decode_segment(data, KeySeal(KEY)) == segment


def test_equal_packs_stay_equal_files() -> None:
    pack = Pack.of([{"title": "Tide Tables"}])
    assert encode_pack(pack, KeySeal(KEY)) == encode_pack(pack, KeySeal(KEY))
    assert encode_pack(pack, KeySeal(KEY)) != encode_pack(pack, KeySeal(bytes(32)))


def test_a_passphrase_opens_its_folder_and_another_is_said_to_be_wrong() -> None:
    header, key = sealed_header("lib", "Papers", "tide über")
    header = decode_header(encode_header(header))
    assert key_for(header, "tide u\u0308ber") == key  # as another keyboard writes it
    assert fits(header, key)
    assert not fits(header, KEY)
    with pytest.raises(ReaderError, match="not the passphrase of the shared folder"):
        key_for(header, "Tide über")
    with pytest.raises(ReaderError, match="passphrase is empty"):
        key_for(header, "")
    assert sealed_header("lib", "Papers", "tide über")[1] != key


def test_a_header_whose_salt_is_no_salt_is_damaged() -> None:
    header = decode_header(b'{"lectern":"sync","version":1,"library":"ab","name":"","salt":"ab","check":""}')
    with pytest.raises(ReaderError, match=r"lectern\.json is damaged"):
        key_for(header, "tide")


def test_without_a_keyring_the_key_is_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    keep_secrets(tmp_path, "lib", key=KEY)
    keep_secrets(tmp_path, "lib", password="p")
    kept = tmp_path / secrets.SECRETS_NAME
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    keep_secrets(tmp_path, "lib", key=KEY)
    assert kept_secrets(tmp_path, "lib") == Secrets(KEY, "p")
    keep_secrets(tmp_path, "lib", password="")
    assert kept_secrets(tmp_path, "lib") == Secrets(KEY)
    assert kept_secrets(tmp_path, "other") == Secrets()
    secrets.forget_secrets(tmp_path, "lib")
    assert not kept.exists()
    assert kept_secrets(tmp_path, "lib") == Secrets()


def test_no_bundle_or_backup_takes_the_key_along(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        keep_secrets(library.folder, "lib", key=KEY)
        library.backups.make()
        library.bundles.write(tmp_path / "mine.lectern")
    with zipfile.ZipFile(tmp_path / "mine.lectern") as bundle:
        assert "library.db" in bundle.namelist()
        assert secrets.SECRETS_NAME not in bundle.namelist()
    copies = [path for path in (tmp_path / "library/backups").rglob("*") if path.is_file()]
    assert copies
    assert not [path for path in copies if KEY.hex().encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "content", ["", "[]", "null", '{"library":"lib"}', '{"library":"lib","key":"xy","password":""}']
)
def test_a_damaged_file_of_secrets_is_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / secrets.SECRETS_NAME).write_text(content)
    assert kept_secrets(tmp_path, "lib") == Secrets()


def test_nothing_to_keep_leaves_nothing(tmp_path: Path) -> None:
    keep_secrets(tmp_path, "lib")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_kept_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="could not be written"):
        keep_secrets(tmp_path / "missing", "lib", key=KEY)


class Ring(ModuleType):
    """A keyring that works; ``forgets`` makes it one that drops what it is given."""

    def __init__(self, *, forgets: bool = False) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}
        self.forgets = forgets

    def set_password(self, service: str, account: str, password: str) -> None:
        if not self.forgets:
            self.kept[service, account] = password

    def get_password(self, service: str, account: str) -> str | None:
        return self.kept.get((service, account))

    def delete_password(self, service: str, account: str) -> None:
        del self.kept[service, account]


def test_a_keyring_keeps_the_key_and_no_file_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Ring()
    monkeypatch.setitem(sys.modules, "keyring", ring)
    keep_secrets(tmp_path, "lib", key=KEY)
    assert list(tmp_path.iterdir()) == []
    assert kept_secrets(tmp_path, "lib") == Secrets(KEY)
    assert kept_secrets(tmp_path / "other", "lib") == Secrets()
    assert json.loads(next(iter(ring.kept.values())))["key"] == KEY.hex()
    secrets.forget_secrets(tmp_path, "lib")
    assert ring.kept == {}


def test_a_keyring_that_drops_everything_is_not_relied_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", Ring(forgets=True))
    keep_secrets(tmp_path, "lib", key=KEY)
    assert kept_secrets(tmp_path, "lib") == Secrets(KEY)
    assert (tmp_path / secrets.SECRETS_NAME).exists()
