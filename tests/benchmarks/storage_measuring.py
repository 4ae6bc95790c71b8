"""A library of invented papers of real ones' size, for benchmarks of the storage.

Run as a program it imports them from one listing in a process of its own and prints papers, seconds and the peak of
its memory in megabytes: ``python -m tests.benchmarks.storage_measuring 100000 FOLDER``.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from reader.domain.dates import PartialDate
from reader.domain.papers import PaperState
from reader.domain.preparation import PreparedRecord
from reader.domain.selection import ALL_PAPERS
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, header, paper, titled

PAGE = 50
_SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo xu za chen stra plo gri".split()  # noqa: SIM905


def invented_records(count: int, seed: int = 7) -> Iterator[PreparedRecord]:
    """Records of papers that all differ, with abstracts of some 1,500 characters, half of them with arXiv ids."""
    dice = random.Random(seed)
    words = ["".join(dice.choices(_SYLLABLES, k=dice.randint(1, 4))) for _ in range(20_000)]
    for number in range(count):
        day = date(2024, 1, 1) + timedelta(days=dice.randrange(700))
        yield paper(
            f"{' '.join(dice.choices(words, k=8))} {number}",
            " ".join(dice.choices(words, k=190)),
            line=number * 8 + 1,
            published=PartialDate.from_date(day),
            comments=dice.randrange(60),
            upvotes=dice.randrange(300),
            author_count=dice.randint(1, 30),
            arxiv_id=f"{day:%y%m}.{number % 100_000:05}" if number % 2 else None,
        )


def import_as_one(store: LibraryStore, count: int) -> float:
    """Import so many papers as one listing; the seconds it took, making the records included."""
    operation = store.begin_operation(titled("import"), "import")
    start = time.perf_counter()
    store.listings.add(header("large"), invented_records(count), operation)
    return time.perf_counter() - start


def import_as_pages(store: LibraryStore, count: int) -> float:
    """Import so many papers as listings of 50, a transaction each; the seconds it took, making records excluded."""
    operation = store.begin_operation(titled("import"), "import")
    records, seconds = invented_records(count), 0.0
    for page in range(count // PAGE):
        batch = [next(records) for _ in range(PAGE)]
        day = date(2024, 1, 1) + timedelta(days=page % 700)
        start = time.perf_counter()
        store.listings.add(header(f"page {page}", day=day.isoformat()), batch, operation)
        seconds += time.perf_counter() - start
    return seconds


def annotate(store: LibraryStore) -> None:
    """Decide, see, star, mute, bury and tag a good part of the papers."""
    dice = random.Random(11)
    ids = list(store.papers.ids(ALL_PAPERS))
    tenth = len(ids) // 10
    for state in (PaperState.DONE, PaperState.DISMISSED, PaperState.QUEUED):
        store.states.set(dice.sample(ids, tenth), state)
    store.states.set_seen(dice.sample(ids, 4 * tenth))
    store.states.set_starred(dice.sample(ids, tenth // 3), True)
    store.mutes.set_papers(dice.sample(ids, tenth // 3))
    store.states.bury_until(dice.sample(ids, tenth // 20), datetime(2030, 1, 1, tzinfo=UTC))
    for number in range(50):
        store.tags.add(dice.sample(ids, tenth // 5), [f"tag {number}"])


def _peak_memory() -> float:
    """The most memory this process has held, in megabytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_048_576 if sys.platform == "darwin" else 1024)


def main(count: int, folder: Path) -> None:
    """Import in this process and print what it cost."""
    with LibraryStore(folder / "library.db", clock=TickingClock()) as store:
        seconds = import_as_one(store, count)
    print(count, round(seconds, 2), round(_peak_memory()))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
