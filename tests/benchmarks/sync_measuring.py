"""A library as a reader of some years has it, and what synchronising it costs.

Run as a program it makes the library in a folder, or measures in a process of its own, and prints figures as JSON:
``python -m tests.benchmarks.sync_measuring make 100000 FOLDER``, then ``… first FOLDER`` or ``… changes FOLDER``.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from reader.domain.dates import PartialDate
from reader.domain.papers import PaperState
from reader.domain.preparation import PreparedRecord
from reader.domain.selection import ALL_PAPERS
from reader.domain.sync import Json, PackRef, Segment
from reader.formats.segments import decode_pack, decode_segment, encode_pack, encode_segment
from reader.storage.store import LibraryStore
from tests.benchmarks.zipf import ZipfPapers
from tests.storage.support import TickingClock, header, paper, titled

Answer = TypeVar("Answer")

PAGE = 500
_LABELS = ("Claim", "Method", "Result", "Question")


def make_library(path: Path, count: int) -> None:
    """A library of so many papers: 75 % decided, 60 % tagged, 10 % with a note, and as many highlights as 20 %."""
    dice = random.Random(11)
    words = ZipfPapers(5).sample_words(200_000)
    percent = count // 100
    with LibraryStore(path, clock=TickingClock()) as store:
        operation = store.begin_operation(titled("import"), "import")
        records = _records(count)
        for page in range(count // PAGE):
            day = (date(2024, 1, 1) + timedelta(days=page % 700)).isoformat()
            store.listings.add(header(f"page {page}", day=day), [next(records) for _ in range(PAGE)], operation)
        ids = list(store.papers.ids(ALL_PAPERS))
        dice.shuffle(ids)
        shares = {PaperState.DISMISSED: 40, PaperState.DONE: 25, PaperState.READING: 9, PaperState.QUEUED: 1}
        start = 0
        for state, share in shares.items():
            store.states.set(ids[start : start + share * percent], state)
            start += share * percent
        store.states.set_seen(ids[: 80 * percent])
        store.states.set_starred(ids[60 * percent : 65 * percent], True)
        tagged = dice.sample(ids, 60 * percent)
        for number in range(100):
            more = dice.sample(tagged, len(tagged) // 200)
            store.tags.add(tagged[number::100] + more, [f"topic/{number}"])
        with store.transaction(store.begin_operation(titled("notes"))):
            for paper_id in dice.sample(ids, 10 * percent):
                store.notes.set(paper_id, _note(dice, words))
        with store.transaction(store.begin_operation(titled("highlights"))):
            for paper_id in dice.choices(ids, k=20 * percent):
                begin = dice.randrange(300)
                comment = " ".join(_some(dice, words, 6)) if dice.random() < 0.3 else ""
                store.highlights.add_span(
                    paper_id,
                    "abstract",
                    begin,
                    begin + dice.randint(40, 200),
                    label=dice.choice(_LABELS),
                    comment=comment,
                )


def _records(count: int) -> Iterator[PreparedRecord]:
    dice = random.Random(7)
    for number, item in enumerate(ZipfPapers(7).papers(count)):
        day = date(2024, 1, 1) + timedelta(days=dice.randrange(700))
        yield paper(
            f"{item.title} {number}",
            item.abstract,
            line=number * 8 + 1,
            published=PartialDate.from_date(day),
            comments=dice.randrange(60),
            upvotes=dice.randrange(300),
            arxiv_id=f"{day:%y%m}.{number % 100_000:05}" if number % 2 else None,
        )


def _note(dice: random.Random, words: Sequence[str]) -> str:
    paragraphs = max(1, dice.randint(30, 160) // 25)
    return "\n\n".join(" ".join(_some(dice, words, dice.randint(8, 40))) for _ in range(paragraphs))


def _some(dice: random.Random, words: Sequence[str], count: int) -> Sequence[str]:
    start = dice.randrange(len(words) - count)
    return words[start : start + count]


class Replica:
    """A library that synchronises through files in memory, as bytes."""

    def __init__(self, path: Path, name: str, *, begins: bool = True) -> None:
        """``name`` is the device's."""
        self.path, self.name = path, name
        self.store = LibraryStore(path, clock=TickingClock())
        if begins:
            self.store.sync.begin("lab", name, name, "memory", "")
        self.segments: list[bytes] = []
        self.packs: dict[str, bytes] = {}
        self.annotations = 0
        """The bytes of the segments without references to packs."""

    def publish(self) -> int:
        """Make files of what is new; their bytes."""
        me = self.store.sync.me()
        assert me is not None
        size = 0
        for packs, segment in self.store.sync.outgoing(me.published):
            for pack in packs:
                self.packs[pack.sha256] = encode_pack(pack)
                size += len(self.packs[pack.sha256])
            self.segments.append(encode_segment(segment))
            said = tuple(write for write in segment.writes if not isinstance(write.value, PackRef))
            self.annotations += len(encode_segment(replace(segment, writes=said)))
            size += len(self.segments[-1])
            self.store.sync.mark_published(segment.last)
        return size

    def take(self, other: Replica, start: int = 0) -> None:
        """Take in what another has published, from one of its segments on."""
        self.take_files(other.segments[start:], other.packs.__getitem__, recorded=True)

    def take_files(self, segments: Iterable[bytes], pack: Callable[[str], bytes], *, recorded: bool = False) -> None:
        """Take in segments; ``pack`` gives the bytes of one by its SHA-256."""
        read: dict[str, Sequence[Json]] = {}

        def rows(sha256: str) -> Sequence[Json]:
            if sha256 not in read:
                if len(read) > 2:
                    del read[next(iter(read))]
                read[sha256] = decode_pack(pack(sha256)).rows
            return read[sha256]

        for data in segments:
            segment: Segment = decode_segment(data)
            self.store.sync.apply(segment, rows, recorded=recorded)
        self.store.sync.take_packs(rows)

    def size(self) -> int:
        """The bytes of the database's pages that are in use."""
        pages = self.store.rows("PRAGMA page_count")[0][0] - self.store.rows("PRAGMA freelist_count")[0][0]
        return int(pages) * 4096


def timed(act: Callable[[], Answer]) -> tuple[float, Answer]:
    """The processor time that something takes, in seconds, and its answer."""
    start = time.process_time()
    answer = act()
    return time.process_time() - start, answer


def measure_first(folder: Path) -> dict[str, float]:
    """The first upload of the library in a folder, and its download by an empty one, each in a process of its own."""
    shutil.copy(folder / "library.db", folder / "a.db")
    LibraryStore(folder / "a.db").close()  # one of an older version is brought up to date before anything is measured
    return {**_of_its_own("upload", folder), **_of_its_own("download", folder)}


def _of_its_own(what: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", __spec__.name, what, str(folder)]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def measure_upload(folder: Path) -> dict[str, float]:
    """The first upload; its files are left in the folder, and are not counted as memory."""
    a = Replica(folder / "a.db", "a", begins=False)
    size, memory = a.size(), peak_memory()
    begun, _ = timed(lambda: a.store.sync.begin("lab", "a", "a", "memory", ""))
    flushed, writes = timed(a.store.sync.flush)
    published, _ = timed(a.publish)
    files = {"segments": sum(map(len, a.segments)) / 1e6, "packs": sum(map(len, a.packs.values())) / 1e6}
    figures: dict[str, float] = {
        "library MB": size / 1e6,
        "begin s": begun,
        "flush s": flushed,
        "publish s": published,
        "writes": writes,
        "segments": len(a.segments),
        "packs": len(a.packs),
        "segments MB": files["segments"],
        "annotations MB": a.annotations / 1e6,
        "packs MB": files["packs"],
        "growth %": 100 * (a.size() - size) / size,
        "memory of the upload MB": peak_memory() - memory - sum(files.values()),
    }
    a.store.close()
    shutil.rmtree(folder / "files", ignore_errors=True)
    (folder / "files").mkdir()
    for number, data in enumerate(a.segments):
        (folder / "files" / f"{number:06}.lecs").write_bytes(data)
    for sha256, data in a.packs.items():
        (folder / "files" / sha256).write_bytes(data)
    return figures


def measure_download(folder: Path) -> dict[str, float]:
    """What :func:`measure_upload` left, taken in by an empty library."""
    (folder / "b.db").unlink(missing_ok=True)
    b = Replica(folder / "b.db", "b")
    memory = peak_memory()
    segments = (each.read_bytes() for each in sorted((folder / "files").glob("*.lecs")))
    seconds, _ = timed(lambda: b.take_files(segments, lambda sha256: (folder / "files" / sha256).read_bytes()))
    figures = {
        "download s": seconds,
        "memory of the download MB": peak_memory() - memory,
        "download, library MB": b.size() / 1e6,
    }
    b.store.close()
    return figures


def measure_changes(folder: Path) -> dict[str, float]:
    """One change there and back, and a thousand on each of three, after :func:`measure_first`."""
    shutil.copy(folder / "b.db", folder / "c.db")
    a, b = (Replica(folder / f"{name}.db", name, begins=False) for name in "ab")
    ids = list(b.store.papers.ids(ALL_PAPERS))
    keys = dict(a.store.rows("SELECT key, id FROM papers"))
    there = {row[0]: keys[row[1]] for row in b.store.rows("SELECT id, key FROM papers")}
    out, into, sizes = [], [], []
    for number, paper_id in enumerate(ids[:40]):
        one, other = (a, b) if number % 2 else (b, a)
        one.store.states.set_starred([there[paper_id] if one is a else paper_id], number % 3 > 0)
        start = len(one.segments)
        seconds, _ = timed(one.store.sync.flush)
        more, size = timed(one.publish)
        out.append(seconds + more)
        sizes.append(size)
        into.append(timed(lambda other=other, one=one, start=start: other.take(one, start))[0])  # type: ignore[misc]
    figures: dict[str, float] = {
        "one change out ms": 1000 * _median(out),
        "one change in ms": 1000 * _median(into),
        "one change B": _median(sizes),
        **_measure_wide(a, b),
    }
    for each in (a, b):
        each.segments.clear()
    dice = random.Random(5)
    hot = dice.sample(ids, 400)
    for each in (a, b):
        for number in range(1000):
            paper_id = dice.choice(hot)
            _operate(each.store, there[paper_id] if each is a else paper_id, dice, f"{each.name}{number}")
        seconds, _ = timed(each.store.sync.flush)
        more, size = timed(each.publish)
        figures[f"1,000 operations out s ({each.name})"] = seconds + more
        figures[f"1,000 operations kB ({each.name})"] = size / 1000
    figures["1,000 operations in s (a)"] = timed(lambda: a.take(b))[0]
    figures["1,000 operations in s (b)"] = timed(lambda: b.take(a))[0]
    figures["kept beside"] = len(b.store.sync.kept_beside())
    figures["asking what is kept beside ms"] = 1000 * timed(b.store.sync.kept_beside)[0]
    for each in (a, b):
        each.store.close()
    return figures


def _measure_wide(a: Replica, b: Replica) -> dict[str, float]:
    """Changes that touch more than what is said: a paper is moved to the top of the queue, and a tag made."""
    figures: dict[str, float] = {}
    order = [row[0] for row in a.store.rows("SELECT paper_id FROM queue ORDER BY position, paper_id")]
    changes: dict[str, Callable[[int], object]] = {
        "to the top of the queue": lambda number: a.store.queue.move_to([order[-number]], 1),
        "a new tag": lambda number: a.store.tags.add([order[number]], [f"new/{number}"]),
    }
    for name, change in changes.items():
        out, into = [], []
        for number in range(1, 10):
            change(number)
            start = len(a.segments)
            out.append(timed(a.store.sync.flush)[0] + timed(a.publish)[0])
            into.append(timed(lambda start=start: b.take(a, start))[0])  # type: ignore[misc]
        figures |= {f"{name} out ms": 1000 * _median(out), f"{name} in ms": 1000 * _median(into)}
    return figures


def _operate(store: LibraryStore, paper_id: int, dice: random.Random, mark: str) -> None:
    kind = dice.random()
    if kind < 0.35:
        store.states.set([paper_id], dice.choice(list(PaperState)))
    elif kind < 0.45:
        store.states.set_starred([paper_id], dice.random() < 0.6)
    elif kind < 0.65:
        store.tags.add([paper_id], [f"topic/{dice.randrange(80)}"])
    elif kind < 0.75:
        store.tags.remove([paper_id], [f"topic/{dice.randrange(80)}"])
    elif kind < 0.88:
        note = store.notes.of(paper_id)
        store.notes.set(paper_id, f"{note.text}\nline {mark}", note.revision)
    else:
        start = dice.randrange(200)
        store.highlights.add_span(paper_id, "abstract", start, start + 30, label="Claim", comment=mark)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def peak_memory() -> float:
    """The most memory this process has held, in megabytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_048_576 if sys.platform == "darwin" else 1024)


def main(what: str, *given: str) -> None:
    """Make a library, or measure and print figures as JSON."""
    measures = {"first": measure_first, "changes": measure_changes}
    measures |= {"upload": measure_upload, "download": measure_download}
    if what == "make":
        make_library(Path(given[1]) / "library.db", int(given[0]))
    else:
        print(json.dumps({name: round(value, 2) for name, value in measures[what](Path(given[0])).items()}, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
