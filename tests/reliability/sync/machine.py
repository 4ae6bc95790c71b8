"""Three libraries that annotate at random, meet through a folder now and then, and in the end must say the same.

A run is made from a seed. What happens to the libraries, too, is part of it: backups restored, libraries copied to
another machine by bundle or by hand, and a device that knows less than the others for a while.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.services.copies.bundles import unpack_bundle
from reader.services.sync import identity, setting_up
from reader.storage.schema import JOURNALLED
from reader.storage.store import LibraryStore
from reader.storage.sync import capture
from reader.storage.sync.families import NOW, Watch
from tests.reliability.sync import tables
from tests.reliability.sync.actors import CLOCK_ROW, REMOVING, WEIGHTS, Actor, WrongClock
from tests.reliability.sync.cloud import Cloud
from tests.reliability.sync.works import COUNT, listings
from tests.services.annotating import all_ids

SKEWS = (0, -7, 30)
"""The hours by which the devices' clocks are wrong."""
ROUNDS = 6
"""How often everything is carried at the end: what arrives can lead to writes that have to travel as well."""


@dataclass
class Outcome:
    """What a run found; it went well if ``faults`` is empty."""

    seed: int
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        named = ", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))
        return "\n  ".join([f"seed {self.seed}: {'FAULTS' if self.faults else 'well'} ({named})", *self.faults])


@dataclass(frozen=True)
class Setting:
    """What a run is like: how likely something happens to a library at a meeting, how many papers there are, and
    whether what is done is printed."""

    events: float = 0.04
    works: int = COUNT
    relays: float = 0.0
    """How likely a device hears at a meeting what a second said of a third's word, before that word itself."""
    trace: bool = False


class Machine:
    """The devices, the cloud between them, and what was said and not taken back."""

    def __init__(self, seed: int, operations: int, root: Path, setting: Setting) -> None:
        self.dice, self.operations, self.root, self.events = random.Random(seed), operations, root, setting.events
        self.outcome = Outcome(seed)
        self.now = [datetime(2026, 11, 1, 12, tzinfo=UTC)]
        self.trace, self.relays = setting.trace, setting.relays
        texts = listings(self.dice, 8 + operations // 25, setting.works)
        self.actors = [
            Actor(root / f"device{number}", name, WrongClock(self.now, hours), texts)
            for number, (name, hours) in enumerate(zip(("Ada", "Bo", "Cy"), SKEWS, strict=True))
        ]
        self.cloud = Cloud([actor.target for actor in self.actors], self.dice)
        self.standing: set[str] = set()
        self.taken_back: set[str] = set()
        self.made = 0
        self.copies = 0

    def run(self) -> Outcome:
        try:
            self.begin()
            done = [0] * len(self.actors)
            while min(done) < self.operations:
                at = self.dice.randrange(len(self.actors))
                if self.dice.random() < self.meeting:
                    self.meet(self.actors[at])
                elif self.actors[at].is_old and done[at] > self.operations // 2:
                    self.actors[at].update()
                elif done[at] < self.operations:
                    done[at] += 1
                    self.operate(self.actors[at])
            self.end()
        finally:
            for actor in self.actors:
                actor.close()
        for part in [actor.counts for actor in self.actors] + [self.cloud.counts]:
            self.outcome.counts += part
        return self.outcome

    @property
    def meeting(self) -> float:
        """How likely a device synchronises instead of doing something; more often in short runs."""
        return 0.04 if self.operations > 200 else 0.12

    def begin(self) -> None:
        """One device begins with a library that has something; the others join, one with papers of its own."""
        first, *others = self.actors
        for actor in (first, others[0]):
            for _ in range(4):
                self.step(actor, "bring")
            for _ in range(10):
                self.operate(actor)
        first.library.sync.begin(str(first.target), first.name)
        first.sync()
        self.cloud.deliver(everything=True)
        if self.events and self.dice.random() < 0.5:
            others[1].close()
            others[1].is_old = True
            others[1].library = others[1].open()
            self.outcome.counts["older versions"] += 1
        for actor in others:
            with actor.program():
                actor.library.sync.join(str(actor.target), actor.name)
            actor.sync()

    def operate(self, actor: Actor) -> None:
        names = [operation.__name__ for operation in WEIGHTS]
        self.step(actor, self.dice.choices(names, list(WEIGHTS.values()))[0])

    def step(self, actor: Actor, name: str) -> None:
        """One operation, and what became of what people had said."""
        self.now[0] += timedelta(seconds=self.dice.choice([1, 1, 5, 60, 3600]))
        self.made += 1
        before = actor.said if actor.said is not None else actor.tokens()
        actor.do(name, self.dice, f"{self.made}")
        after = actor.tokens()
        if self.trace:
            print(self.made, actor.name, name, sorted((after - before).keys()), sorted((before - after).keys()))
        actor.said = after
        self.standing |= after.keys() - before.keys()
        gone = before.keys() - after.keys()
        if name in REMOVING:
            # Of two that say the same, each may be taken back by another person.
            self.taken_back |= (before - after).keys()
        # What somebody took back may stand where papers were joined since, and go when they are taken apart.
        elif gone - self.taken_back:
            words = sorted(gone - self.taken_back)
            self.outcome.faults.append(f"{name} of {actor.name} (step {self.made}) took away {words}")

    def meet(self, actor: Actor) -> None:
        """The cloud carries something, a device synchronises, and at times something happens to its library."""
        self.now[0] += timedelta(seconds=self.dice.randrange(600))
        self.cloud.deliver()
        if self.dice.random() < 0.1:
            self.cloud.damage([each.device for each in self.actors])
        if self.trace:
            print(self.made, actor.name, "synchronises")
        actor.sync()
        self.outcome.counts["syncs"] += 1
        self.outcome.faults += [f"{actor.name} (step {self.made}): {fault}" for fault in tables.broken(actor.path)]
        if self.relays and self.dice.random() < self.relays:
            self.relay()
        if self.dice.random() < self.events:
            event = self.dice.choice([self.restore, self.clone_by_bundle, self.clone_by_hand])
            if self.trace:
                print(self.made, actor.name, event.__name__)
            event(actor)
            self.outcome.counts[event.__name__] += 1

    # What happens to libraries

    def settle(self, actor: Actor) -> None:
        """Everything a device has is in the others' hands: what happens to its library next takes nothing away."""
        for _ in range(2):
            self.cloud.deliver(everything=True)
            for each in self.actors:
                each.sync()

    def relay(self) -> None:
        """Three devices decide about one paper in turn; each hears only the one before it, the first only the last."""
        self.settle(self.actors[0])
        order = self.dice.sample(range(len(self.actors)), len(self.actors))
        keys = [set(self.keys(actor)) for actor in self.actors]
        common = sorted(set.intersection(*keys))
        if not common:
            return
        key = self.dice.choice(common)
        states = (PaperState.READING, PaperState.QUEUED, PaperState.DISMISSED)
        for at, after, state in zip(order, [*order[1:], order[0]], states, strict=True):
            actor = self.actors[at]
            self.now[0] += timedelta(seconds=60)
            actor.tell_time()
            with actor.program():
                actor.library.states.set([self.keys(actor)[key]], state)
            actor.sync()
            self.cloud.deliver(only=(at, after))
            self.actors[after].sync()
        self.outcome.counts["relays"] += 1

    @staticmethod
    def keys(actor: Actor) -> dict[str, int]:
        """The papers of a library by their keys."""
        return {paper.key: paper.id for paper in actor.library.papers.read(all_ids(actor.library))}

    def restore(self, actor: Actor) -> None:
        """A backup is restored: what was said since comes back from the folder."""
        backups = actor.library.backups.all()
        if backups:
            self.settle(actor)
            actor.disconnect()
            actor.library.backups.restore(self.dice.choice(backups).path)
            actor.copied()

    def clone_by_bundle(self, actor: Actor) -> None:
        """Another device's library is made anew from a bundle of this one, and goes on as a device of its own."""
        other = self.dice.choice([each for each in self.actors if each is not actor])
        self.settle(other)
        self.copies += 1
        bundle = self.root / f"{self.copies}.lectern"
        actor.library.bundles.write(bundle)
        other.close()
        shutil.rmtree(other.folder)
        unpack_bundle(bundle, other.folder)
        other.library = other.open()
        other.copied()

    def clone_by_hand(self, actor: Actor) -> None:
        """Another device's library is a copy of this one's folder, as of a disk that was copied."""
        other = self.dice.choice([each for each in self.actors if each is not actor])
        self.settle(other)
        actor.close()
        other.close()
        shutil.rmtree(other.folder)
        shutil.copytree(actor.folder, other.folder)
        actor.library, other.library = actor.open(), other.open()
        other.copied()

    # The end

    def end(self) -> None:
        """Everything is carried until nothing is left to say; then all libraries are compared."""
        for _ in range(ROUNDS):
            self.cloud.deliver(everything=True)
            for actor in self.actors:
                actor.sync()
        faults = self.outcome.faults
        for actor in self.actors:
            status = actor.library.sync.status()
            if status is None or status.pending_out or status.waiting:
                faults.append(f"{actor.name} is not through: {status}")
            faults += [f"{actor.name}: {fault}" for fault in tables.broken(actor.path)]
        names = [table.name for table in JOURNALLED]
        contents = [tables.tables(actor.path, names) for actor in self.actors]
        faults += [
            fault for actor, content in zip(self.actors, contents, strict=True) for fault in _behind(actor, content)
        ]
        for actor, content in zip(self.actors[1:], contents[1:], strict=True):
            for table, rows in tables.differences(contents[0], content).items():
                faults.append(f"{self.actors[0].name} and {actor.name} differ in {table}:")
                faults += [f"    {row}" for row in rows[:12]]
        for actor in self.actors:
            missing = self.standing - self.taken_back - actor.tokens().keys()
            if missing:
                faults.append(f"{actor.name} has lost {sorted(missing)}")
        self.outcome.counts["said"] = len(self.standing)
        self.outcome.counts["taken back"] = len(self.taken_back)


def _behind(actor: Actor, content: tables.Tables) -> list[str]:
    """What writing everything anew changes in a library with this content; it must be nothing."""
    actor.close()
    with closing(LibraryStore(actor.path, clock=actor.clock)) as store:
        store.sync.render_all()
    actor.library = actor.open()
    changed = tables.differences(content, tables.tables(actor.path, [table.name for table in JOURNALLED]))
    return [f"{actor.name} is behind in {name}: {row}" for name, rows in changed.items() for row in rows[:4]]


@contextmanager
def replayable(dice: random.Random) -> Iterator[None]:
    """Names of devices come from the dice and times of marks from the machine's clock, so a seed tells a whole run."""

    def new_id() -> str:
        return f"{dice.getrandbits(64):016x}"

    def trigger(watch: Watch) -> str:
        return plain(watch).replace(NOW, f"(SELECT CAST(name AS INTEGER) FROM sync_fields WHERE id = {CLOCK_ROW})")

    plain = capture._trigger
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(setting_up, "new_id", new_id)
        patch.setattr(identity, "new_id", new_id)
        patch.setattr(capture, "_trigger", trigger)
        yield


def run(seed: int, operations: int, setting: Setting = Setting()) -> Outcome:
    """One run in a folder of its own, which is kept if it found faults and is to be traced."""
    with ExitStack() as stack:
        root = Path(tempfile.mkdtemp(prefix="lectern-sync-"))
        stack.callback(lambda: shutil.rmtree(root, ignore_errors=True))
        stack.enter_context(replayable(random.Random(seed)))
        outcome = Machine(seed, operations, root, setting).run()
        if setting.trace and outcome.faults:
            stack.pop_all()
            print("kept in", root)
        return outcome
