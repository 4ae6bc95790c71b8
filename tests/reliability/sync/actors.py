"""A device of the machine: a library, its copy of the shared folder, a clock that is wrong, and all a person can do."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import PaperSort, SortBy
from reader.domain.subscriptions import SubscriptionKind
from reader.services import Library
from reader.services.library.files import DATABASE_NAME
from reader.services.library.highlights import TargetSpan
from reader.storage.sync import registry
from tests.documents import found, read_of
from tests.reliability.sync import tables
from tests.services.annotating import all_ids
from tests.services.support import finish

TAGS = [f"topic/{number}" for number in range(8)] + [f"new {number}" for number in range(8)] + ["NLP", "nlp/Long"]


CLOCK_ROW = -1
"""The row of ``sync_fields`` that triggers take the time from: bundles accept no table of the tests' own."""


class WrongClock:
    """The moment of the machine, some hours off."""

    def __init__(self, machine: list[datetime], hours: int) -> None:
        self.machine, self.skew = machine, timedelta(hours=hours)

    def __call__(self) -> datetime:
        return self.machine[0] + self.skew


class Actor:
    """One device. ``do`` carries out an operation by name; ``REMOVING`` ones may take away what was said."""

    def __init__(self, place: Path, name: str, clock: WrongClock, listings: list[tuple[str, str]]) -> None:
        self.place, self.name, self.clock, self.listings = place, name, clock, listings
        self.folder, self.target = place / "library", place / "shared"
        self.target.mkdir(parents=True)
        self.counts: Counter[str] = Counter()
        self.said: Counter[str] | None = None
        """What :meth:`tokens` found last; None if the library has changed since."""
        self.is_old = False
        """Whether its program is of an older version, which knows nothing of saved searches."""
        self.database: sqlite3.Connection | None = None
        """Beside the library's own, for the clock and for :meth:`tokens`; None until it is needed."""
        self.library = self.open()

    def open(self) -> Library:
        """The library, in which triggers ask the machine's clock."""
        with self.program():
            library = Library(self.folder, clock=self.clock)
        self.tell_time()
        self.said = None
        return library

    def tell_time(self) -> None:
        """Bring the clock up to date that the triggers ask."""
        now = int(self.clock().timestamp() * 1000)
        with self.connected() as connection:
            connection.execute("INSERT OR REPLACE INTO sync_fields (id, name) VALUES (?, ?)", (CLOCK_ROW, str(now)))

    def connected(self) -> sqlite3.Connection:
        """A connection of the tests' own, which commits what a ``with`` does; it is kept, as opening one takes long."""
        if self.database is None:
            self.database = sqlite3.connect(self.path, timeout=30)
            self.database.execute("PRAGMA synchronous = OFF")
        return self.database

    def disconnect(self) -> None:
        """Before another file takes the database's place."""
        if self.database is not None:
            self.database.close()
        self.database = None

    def close(self) -> None:
        """Close the library; :meth:`open` makes another."""
        self.disconnect()
        self.library.close()

    @property
    def path(self) -> Path:
        return self.folder / DATABASE_NAME

    def reopen(self) -> None:
        self.close()
        self.library = self.open()

    @property
    def device(self) -> str:
        """The name under which the library numbers what it says."""
        status = self.library.sync.status()
        return status.device if status is not None else ""

    @contextmanager
    def program(self) -> Iterator[None]:
        """The families of cells that this device's program knows."""
        if not self.is_old:
            yield
            return
        cached = (registry.family_of_mark, registry.family_of, registry.is_large, registry.maker_of)
        with pytest.MonkeyPatch.context() as patch:
            known = tuple(family for family in registry.FAMILIES if "saved_searches" not in family.tables)
            patch.setattr(registry, "FAMILIES", known)
            for function in cached:
                function.cache_clear()
            yield
        for function in cached:
            function.cache_clear()

    def update(self) -> None:
        """The device gets the present version of the program."""
        self.close()
        self.is_old = False
        self.library = self.open()

    def sync(self) -> None:
        self.said = None
        with self.program():
            self.library.sync.run()

    def copied(self) -> None:
        """The library is a copy of another's now: it has to be told its own copy of the shared folder."""
        if self.library.sync.status() is None:
            self.library.sync.join(str(self.target), self.name)
        else:
            self.library.sync.move(str(self.target))

    def tokens(self) -> Counter[str]:
        return tables.tokens(self.connected())

    def do(self, name: str, dice: random.Random, token: str) -> None:
        """Carry out an operation; what the library refuses is no fault."""
        if self.is_old and name == "edit_searches":
            return
        self.tell_time()
        try:
            with self.program():
                OPERATIONS[name](self, dice, token)
            self.counts[name] += 1
        except ReaderError:
            self.counts["refused"] += 1

    def papers(self, dice: random.Random, most: int = 4) -> list[int]:
        """Some papers, mostly one; of the oldest, so that devices meet."""
        ids = all_ids(self.library)
        return dice.sample(ids, min(len(ids), dice.choice([1, 1, 1, 2, most])))

    def one(self, dice: random.Random) -> int:
        ids = all_ids(self.library)
        if not ids:
            raise ReaderError("There is no paper yet.")
        return dice.choice(ids[: max(8, len(ids) // 2)])


# Annotating


def decide(a: Actor, dice: random.Random, token: str) -> None:
    a.library.states.set(a.papers(dice), dice.choice(list(PaperState)))


def decide_many(a: Actor, dice: random.Random, token: str) -> None:
    a.library.states.set(a.papers(dice, 25), dice.choice(list(PaperState)), at_once=True)


def star(a: Actor, dice: random.Random, token: str) -> None:
    a.library.states.set_starred(a.papers(dice), dice.random() < 0.6)


def see(a: Actor, dice: random.Random, token: str) -> None:
    a.library.states.set_seen(a.papers(dice), dice.random() < 0.8, automatic=dice.random() < 0.5)


def snooze(a: Actor, dice: random.Random, token: str) -> None:
    if dice.random() < 0.7:
        a.library.states.bury(a.papers(dice), f"{dice.randint(1, 40)}d")
    else:
        a.library.states.unbury(a.papers(dice))


def tag(a: Actor, dice: random.Random, token: str) -> None:
    a.library.tags.add(a.papers(dice), [dice.choice(TAGS)])


def tag_for_good(a: Actor, dice: random.Random, token: str) -> None:
    a.library.tags.add([a.one(dice)], [f"keep {token}"])


def untag(a: Actor, dice: random.Random, token: str) -> None:
    a.library.tags.remove(a.papers(dice), [dice.choice(TAGS)])


def rename_tag(a: Actor, dice: random.Random, token: str) -> None:
    a.library.tags.rename(dice.choice(TAGS), dice.choice([*TAGS, f"renamed {token[:2]}"]))


def merge_tags(a: Actor, dice: random.Random, token: str) -> None:
    a.library.tags.merge(dice.choice(TAGS), dice.choice(TAGS))


def delete_tag(a: Actor, dice: random.Random, token: str) -> None:
    a.library.tags.delete(dice.choice(TAGS))


def edit_tag(a: Actor, dice: random.Random, token: str) -> None:
    name, tags = dice.choice(TAGS), a.library.tags
    dice.choice(
        [
            lambda: tags.set_color(name, f"#{dice.randrange(1 << 24):06x}"),
            lambda: tags.set_description(name, f"About {token}"),
            lambda: tags.set_favorite(name, dice.choice([None, 1, 2, 3])),
        ]
    )()


def write_note(a: Actor, dice: random.Random, token: str) -> None:
    paper = a.one(dice)
    note = a.library.notes.of(paper)
    lines = note.text.split("\n") if note.text else []
    if lines and dice.random() < 0.15:  # words are added to a paragraph that is there
        at = dice.randrange(len(lines))
        lines[at] = f"{lines[at]} n{token};".strip()
    else:
        lines.insert(dice.randint(0, len(lines)), f"n{token}; says {a.name}")
    a.library.notes.save(paper, "\n".join(lines), revision=note.revision, visit=token if dice.random() < 0.3 else None)


def append_note(a: Actor, dice: random.Random, token: str) -> None:
    a.library.notes.append(a.one(dice), f"n{token}; added by {a.name}")


def restore_note(a: Actor, dice: random.Random, token: str) -> None:
    paper = a.one(dice)
    kept = a.library.notes.revisions(paper)
    if kept:
        now = a.library.notes.of(paper).revision
        a.library.notes.restore(paper, dice.choice(kept).revision, instead_of=now)


def delete_note(a: Actor, dice: random.Random, token: str) -> None:
    paper = a.one(dice)
    a.library.notes.save(paper, "", revision=a.library.notes.of(paper).revision)


def highlight(a: Actor, dice: random.Random, token: str) -> None:
    paper = a.one(dice)
    start = dice.randrange(0, 20)
    label = dice.choice(a.library.labels.all()).name
    target = "abstract" if len(a.library.papers.get(paper).abstract) > 60 else "title"
    a.library.highlights.add(paper, [TargetSpan(target, start, start + 4)], label=label, comment=f"h{token};")


def edit_highlight(a: Actor, dice: random.Random, token: str) -> None:
    every = a.library.highlights.all()
    if every:
        label = dice.choice(a.library.labels.all()).name
        a.library.highlights.update(dice.choice(every).highlight.id, label=label)


def delete_highlight(a: Actor, dice: random.Random, token: str) -> None:
    every = a.library.highlights.all()
    if every:
        a.library.highlights.delete(dice.choice(every).highlight.id)


def attach(a: Actor, dice: random.Random, token: str) -> None:
    """Attach one of several saves of a paper's only PDF; no file is needed."""
    paper = a.one(dice)
    title = a.library.papers.get(paper).title
    pages = sorted(dice.sample(range(5), dice.randrange(5)))
    read = read_of(f"{title} {pages}", *(found(f"{title} {page}", page=page) for page in pages), text=title)
    a.library.documents.add(paper, read, f"{a.place}/{read.sha256}.pdf", labels={}, is_stored=False)


def detach(a: Actor, dice: random.Random, token: str) -> None:
    papers = [paper for paper in all_ids(a.library) if a.library.documents.of(paper)]
    if papers:
        paper = dice.choice(papers)
        a.library.documents.detach(paper, dice.choice(a.library.documents.of(paper)).id)


def edit_labels(a: Actor, dice: random.Random, token: str) -> None:
    labels = a.library.labels
    name, last = dice.choice(["Idea", "Doubt", "Proof"]), labels.all()[-1].id
    dice.choice(
        [
            lambda: labels.add(name, "#123456"),
            lambda: labels.update(last, name=name, color=f"#{dice.randrange(1 << 24):06x}"),
            lambda: labels.delete(last),
        ]
    )()


def order_queue(a: Actor, dice: random.Random, token: str) -> None:
    queue, papers = a.library.queue, a.papers(dice)
    queued = list(queue.ids())
    some = dice.sample(queued, min(len(queued), 2)) if queued else papers
    dice.choice(
        [
            lambda: queue.add(papers),
            lambda: queue.move(some, dice.randint(-6, 6)),
            lambda: queue.arrange(some, dice.randint(1, 9)),
            lambda: queue.move_to_top(some),
            lambda: queue.remove(papers),
            queue.take_next,
            lambda: queue.sort(PaperSort(SortBy.TITLE, reverse=dice.random() < 0.5)) if dice.random() < 0.2 else None,
        ]
    )()


# Searches, rules, subscriptions


def edit_searches(a: Actor, dice: random.Random, token: str) -> None:
    from dataclasses import replace

    searches = a.library.searches
    every = searches.all()
    some = dice.choice(every) if every else None
    name = f"search {dice.randrange(6)}"
    dice.choice(
        [
            lambda: searches.add(name, f"title:{name}", number=dice.choice([None, 1, 2, 3])),
            lambda: some and searches.update(replace(some, name=name, number=dice.choice([None, 1, 2]))),
            lambda: some and searches.delete(some.id),
            lambda: searches.order(dice.sample([each.id for each in every], len(every))),
        ]
    )()


def edit_rules(a: Actor, dice: random.Random, token: str) -> None:
    from dataclasses import replace

    mutes = a.library.mutes
    every = mutes.all()
    some = dice.choice(every) if every else None
    name = f"rule {dice.randrange(5)}"
    dice.choice(
        [
            lambda: mutes.add(name, f"title:{dice.randrange(30)}"),
            lambda: some and mutes.update(replace(some, name=name, enabled=dice.random() < 0.5)),
            lambda: some and mutes.delete(some.id),
        ]
    )()


def edit_subscriptions(a: Actor, dice: random.Random, token: str) -> None:
    subscriptions = a.library.subscriptions
    every = subscriptions.all()
    some = dice.choice(every) if every else None
    dice.choice(
        [
            lambda: subscriptions.add(SubscriptionKind.ARXIV, dice.choice(["cs.CL", "cs.LG", "math.PR"])),
            lambda: some and subscriptions.rename(some.id, f"source {dice.randrange(4)}"),
            lambda: some and subscriptions.set_every(some.id, dice.choice([12, 24, 48])),
            lambda: some and subscriptions.remove(some.id),
        ]
    )()


# Papers and listings


def bring(a: Actor, dice: random.Random, token: str) -> None:
    text, name = dice.choice(a.listings)
    finish(a.library.imports.text(text, name, seen=dice.random() < 0.2))


def edit_listing(a: Actor, dice: random.Random, token: str) -> None:
    every = a.library.listings.all()
    if every:
        listing = dice.choice(every).id
        if dice.random() < 0.5:
            a.library.listings.rename(listing, f"named {token}")
        else:
            a.library.listings.set_year(listing, dice.choice([2023, 2024, 2025]))


def remove_listing(a: Actor, dice: random.Random, token: str) -> None:
    every = a.library.listings.all()
    if len(every) > 2:
        a.library.listings.remove(dice.choice(every).id)


def merge_papers(a: Actor, dice: random.Random, token: str) -> None:
    ids = all_ids(a.library)
    if len(ids) > 1:
        a.library.papers.merge(*dice.sample(ids, 2))


def split_papers(a: Actor, dice: random.Random, token: str) -> None:
    keys = [key for paper in a.library.papers.read(all_ids(a.library)) for key in paper.aliases]
    if keys:
        a.library.papers.split(dice.choice(keys))


def name_paper(a: Actor, dice: random.Random, token: str) -> None:
    a.library.papers.set_arxiv_id(a.one(dice), f"2502.{dice.randrange(40):05}")


# Steps, and what becomes of libraries


def undo(a: Actor, dice: random.Random, token: str) -> None:
    a.library.history.undo(dice.randint(1, 3))


def redo(a: Actor, dice: random.Random, token: str) -> None:
    a.library.history.redo(dice.randint(1, 2))


def undo_one(a: Actor, dice: random.Random, token: str) -> None:
    steps = a.library.history.steps(20, undone=False)
    if steps:
        a.library.history.undo_this(dice.choice(steps).id)


def back_up(a: Actor, dice: random.Random, token: str) -> None:
    a.library.backups.make()


def reopen(a: Actor, dice: random.Random, token: str) -> None:
    a.reopen()


Operation = Callable[[Actor, random.Random, str], Any]
WEIGHTS: dict[Operation, float] = {
    decide: 12, decide_many: 1, star: 4, see: 5, snooze: 3, tag: 10, tag_for_good: 4, untag: 4, rename_tag: 1.5,
    merge_tags: 0.6, delete_tag: 0.6, edit_tag: 2.5, write_note: 14, append_note: 3, restore_note: 1, delete_note: 0.4,
    highlight: 8, edit_highlight: 3, delete_highlight: 2, edit_labels: 1, attach: 3, detach: 0.5, order_queue: 8,
    edit_searches: 2, edit_rules: 1, edit_subscriptions: 1, bring: 5, edit_listing: 1, remove_listing: 0.8,
    merge_papers: 1.6, split_papers: 1, name_paper: 0.7, undo: 6, redo: 2, undo_one: 1, back_up: 0.3, reopen: 0.4,
}  # fmt: skip
OPERATIONS = {operation.__name__: operation for operation in WEIGHTS}
REMOVING = {"restore_note", "delete_note", "delete_highlight", "undo", "redo", "undo_one"}
"""Operations by which a person takes away notes, highlights or tags."""
