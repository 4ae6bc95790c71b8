"""Write the fixture of a library that synchronises, as SQL, and of what its peer says, as files.

Run once before the tables of synchronising change, and commit what it writes:

    python -m tests.storage.sync.make_fixture tests/storage/sync/fixtures before_0015
"""

from __future__ import annotations

import base64
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from reader.domain.papers import PaperState
from reader.domain.sync import Pack
from reader.formats.segments import encode_pack, encode_segment
from tests.storage.support import add, paper
from tests.storage.sync.content_support import exchange, page
from tests.storage.sync.support import Replica

LONG = "A sentence that is rather long, so that all of it is not stored as it is. " * 4


def live(a: Replica, b: Replica) -> int:
    """Have two libraries say all kinds of things, meet, and go on; how many segments of ``b`` its peer has heard."""
    both = [paper(f"On subject {number}", arxiv_id=f"2501.0000{number}") for number in range(4)]
    add(a.store, "page", *both, paper("Of a only"))
    add(b.store, "page", *both, paper("Of b only"))
    mine = page(a, "2026-03-01", paper("Shown on a page"), paper("Shown as well"), sha256="of a page")
    a.store.states.set_seen([1, 2, 3])
    a.store.states.set([1], PaperState.QUEUED)
    a.store.tags.add([1, 2], ["topic/one", "abcdefghijklmnopqrstuvwxyza"[:26]])
    a.store.notes.set(1, LONG)
    a.store.highlights.add_span(1, "abstract", 0, 5, label="Claim", comment="12")
    a.store.searches.add("Mine", "tag:topic", number=1)
    b.store.states.bury_until([4], datetime(2030, 1, 1, tzinfo=UTC))
    exchange(a, b)
    a.store.states.set([1, 2], PaperState.READING)
    b.store.states.set([1, 2], PaperState.DONE)
    b.store.notes.set(1, f"{LONG}\nand more", b.store.notes.of(1).revision)
    b.store.papers.merge(3, 4)
    exchange(a, b)
    heard = len(b.segments)
    a.store.listings.remove(mine)
    a.store.tags.remove([1], ["topic/one"])
    a.store.notes.set(2, "Of a")
    b.store.tags.add([1, 2], ["topic/two"])
    b.store.notes.set(2, "Of b")
    b.store.states.set_starred([1], True)
    b.publish()
    return heard


def main(folder: Path, name: str) -> None:
    """Write the fixture."""
    with tempfile.TemporaryDirectory() as temporary:
        a, b = (Replica(Path(temporary), each) for each in "ab")
        heard = live(a, b)
        a.store.close()
        b.store.close()
        with closing(sqlite3.connect(Path(temporary) / "a" / "library.db")) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            lines = [f"PRAGMA application_id={application};", *connection.iterdump()]
    (folder / f"{name}.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = {
        "heard": heard,
        "segments": [_text(encode_segment(each)) for each in b.segments],
        "packs": [_text(encode_pack(Pack.of(rows))) for rows in b.packs.values()],
    }
    (folder / f"{name}.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
