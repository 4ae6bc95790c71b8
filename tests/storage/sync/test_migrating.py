"""Libraries that synchronise when their tables change go on as if nothing had happened."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from reader.formats.segments import decode_pack, decode_segment
from reader.storage.sync.entities import _LOCALS
from reader.storage.sync.packed import packed, unpacked
from reader.storage.sync.values import uid_of_text
from reader.storage.sync_uids import stored_prefix, stored_uid, uid_of
from tests.storage.sync.content_support import check_equal, exchange
from tests.storage.sync.support import Replica

FIXTURES = Path(__file__).parent / "fixtures"


def test_a_library_of_before_goes_on_with_a_peer_that_was_not_migrated(
    tmp_path: Path, library: Callable[..., Replica]
) -> None:
    """The new library ``c`` learns by the same files what both have said, and shows the same."""
    said = json.loads((FIXTURES / "before_0015.json").read_text(encoding="utf-8"))
    segments = [decode_segment(base64.b64decode(each)) for each in said["segments"]]
    packs = {pack.sha256: pack.rows for pack in (decode_pack(base64.b64decode(each)) for each in said["packs"])}
    b = SimpleNamespace(name="b", segments=segments, packs=packs)
    (tmp_path / "a").mkdir()
    with closing(sqlite3.connect(tmp_path / "a" / "library.db")) as connection:
        connection.executescript((FIXTURES / "before_0015.sql").read_text(encoding="utf-8"))
    a, c = library("a", is_new=False), library("c")
    assert len(segments) > said["heard"]
    assert {each.field for each in a.store.sync.kept_beside()} == {"state"}
    a.publish()
    assert a.segments, "what was marked and saved before is said now"
    taken = [each for each in a.take(b) if each is not None]
    assert len(taken) == len(segments), "none waits for an earlier one"
    a.segments = [portion.segment for portion in a.store.sync.outgoing(0) if not a.packs.update(_rows(portion.packs))]
    c.take(b, a)
    c.store.sync.take_packs((b.packs | a.packs).get)
    exchange(a, c)
    contents = check_equal(a, c)
    assert [each.value for each in a.store.sync.kept_beside()] == [each.value for each in c.store.sync.kept_beside()]
    assert "Of a" in str(contents["notes"])
    assert "Of b" in str(contents["notes"])
    assert "topic/two" in str(contents["paper_tags"])
    assert a.store.rows("SELECT count(*) FROM listings WHERE sha256 = 'of a page'") == [(0,)]


def _rows(packs: object) -> dict[str, object]:
    return {pack.sha256: pack.rows for pack in packs}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "uid", [*map(uid_of_text, ("", "a", "b", "title:one")), "topic/0", "a" * 26, "a" * 25 + "b", "2501.00001", "é" * 26]
)
def test_a_uid_is_stored_so_that_it_can_be_told(uid: str) -> None:
    stored = stored_uid(uid)
    assert uid_of(stored) == uid
    assert isinstance(stored, bytes) == (len(uid) == 26 and uid[-1] in "aeimquy4" and uid.isascii())
    if isinstance(stored, bytes):
        assert stored_prefix(uid[:8]) == stored[:5]


@pytest.mark.parametrize("given", ["value", "stored_uid(value)"])
def test_rows_of_uids_are_found_by_the_uids(library: Callable[..., Replica], given: str) -> None:
    """Else each question goes through all entities of the kind, as SQLite chose for want of statistics."""
    plan = library("a").store.rows(f"EXPLAIN QUERY PLAN {_LOCALS.format(given)}", (0, "[]"))
    assert "(kind=? AND uid=?)" in plan[0][3]


def test_no_digest_begins_with_what_is_no_key() -> None:
    assert stored_prefix("abc") is None
    assert stored_prefix("abcdefg1") is None


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (None, 0),
        ("null", 4),
        ("1772366985", 4),
        ("-5", 2),
        ("12", 1),
        ("9" * 18, 8),
        ("9" * 19, 19),
        ('"12"', 4),
        ("[1772366985,0]", 5),
        ("[1772366985,1]", 5),
        ('["reading",1772366985,1]', 5),
        ('["lost",1772366985,1]', 21),
        ("[4294967296,0]", 14),
        ("[null,1]", 8),
        ("[1,2]", 5),
        ("[0,1]", 5),
        (json.dumps("long " * 100), None),
    ],
)
def test_a_value_is_stored_short_and_read_as_it_was(text: str | None, size: int | None) -> None:
    stored = packed(text)
    assert unpacked(stored) == text
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE one (value ANY) STRICT")
        connection.execute("INSERT INTO one VALUES (?)", (stored,))
        back = connection.execute("SELECT value FROM one").fetchone()[0]
        assert back == stored
        assert type(back) is type(stored)
    if size is not None and not isinstance(stored, int):
        assert len(stored or "") == size
