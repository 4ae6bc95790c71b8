"""One run of synchronising: who am I, what has been lost, out with what is new, in with what came, fewer files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reader.domain.cancellation import Cancelled
from reader.domain.errors import SyncTargetMissingError
from reader.domain.sync import Arrived, Device
from reader.domain.sync_reports import SyncPhase, SyncProgress
from reader.services.sync.identity import check_fingerprint, check_strangers
from reader.services.sync.incoming import Incoming
from reader.services.sync.meeting import Listing, Meeting
from reader.services.sync.outgoing import Outgoing
from reader.services.sync.own_files import MOST_FILES
from reader.services.sync.seen import Looked, Seen
from reader.storage.store import LibraryStore

_SELDOM = 1_000
"""Of how many own writes one has to be new before it is looked again whether many no longer stand."""

Report = Callable[[SyncProgress], object]


class MuchToReadError(Exception):
    """There is so much to do that who may not wait had better let another process do it; nothing was done yet.

    Others wrote much, or this is the first run of a version that shows something otherwise.
    """


@dataclass(slots=True)
class Done:
    """What a run did so far."""

    sent: int = 0
    received: int = 0
    arrived: list[tuple[str, Arrived]] = field(default_factory=list)
    """What came, by the names of devices for people; an empty name is that of large values that came late."""
    troubles: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Memory:
    """What a process remembers from one run to the next, so that it looks only once at what does not change."""

    looked: Looked = field(default_factory=set)
    weighed: Looked = field(default_factory=set)
    """Files that made a run too much already, so that they do so only once."""
    packs: frozenset[str] = frozenset()
    """The packs that were in the target."""
    sound_packs: set[str] = field(default_factory=set)
    """Those that need no look: whole ones, and others' own."""
    compacted: int = 0
    """The own writes that were published when it was looked whether own files are to be replaced."""


class Run:
    """A run; its parts are for one thread, one after the other."""

    def __init__(
        self, store: LibraryStore, meeting: Meeting, memory: Memory, report: Report, cancelled: Cancelled
    ) -> None:
        """``memory`` is that of the runs before, in this process."""
        self._store, self._meeting, self._memory = store, meeting, memory
        self._report, self._cancelled = report, cancelled
        self.done = Done()

    def go(self, *, out_only: bool, reads: bool, most: int | None = None) -> None:
        """Do it; what cannot be written keeps nothing from coming in, and is a trouble.

        With ``out_only`` nothing is received and no file replaced. Without ``reads`` what others wrote is left alone.
        Raises :class:`SyncTargetMissingError` if the target is not there, and :class:`MuchToReadError` before anything
        is done if more than ``most`` bytes of others are to be read, or all is to be shown anew.
        """
        check_fingerprint(self._store)
        if reads and not out_only:
            self._catch_up(at_once=most is None)
        listing, seen = self._look(only_own=out_only, most=most if reads else None)
        if check_strangers(self._store, self._meeting, seen):
            listing, seen = self._look(only_own=out_only)
        outgoing = Outgoing(self._store, self._meeting, listing, seen)
        is_written = self._write(outgoing, out_only=out_only)
        if out_only or not reads:
            return
        self._take(listing, seen)
        if is_written and not self._cancelled():
            if self._store.sync.pending():
                is_written = self._write(outgoing, out_only=out_only)
            self._report(SyncProgress(SyncPhase.TIDYING))
            if is_written and self._may_compact(seen):
                self._trying(outgoing.compact)
                self._memory.compacted = self._me().published

    def _catch_up(self, *, at_once: bool) -> None:
        """Show everything anew after an update that shows something otherwise: so all updated devices show the same."""
        if self._store.sync.is_behind():
            if not at_once:
                raise MuchToReadError
            self.done.arrived.append(("", self._store.sync.render_all()))

    def _may_compact(self, seen: Seen) -> bool:
        """Whether to look for writes that no longer stand: it takes the longer, and is of use the later, the more."""
        published = self._me().published
        more = abs(published - self._memory.compacted)
        return more >= published // _SELDOM or len(seen.own()) >= MOST_FILES

    def _look(self, *, only_own: bool, most: int | None = None) -> tuple[Listing, Seen]:
        self._report(SyncProgress(SyncPhase.LOOKING))
        listing = self._meeting.listing()
        seen = Seen(self._meeting, self._store.sync_files, self._me().device, self._memory.looked)
        if most is not None and not only_own and seen.weigh(listing, self._memory.weighed) > most:
            raise MuchToReadError
        seen.look(listing, self._see(SyncPhase.LOOKING), only_own=only_own)
        self.done.troubles = sorted(set(seen.refusals))
        return listing, seen

    def _write(self, outgoing: Outgoing, *, out_only: bool) -> bool:
        """Heal and publish; whether all of it could be written."""
        return self._trying(lambda: self._publish(outgoing, out_only=out_only))

    def _publish(self, outgoing: Outgoing, *, out_only: bool) -> None:
        self._report(SyncProgress(SyncPhase.COLLECTING))
        outgoing.heal(self._me().published)
        if not out_only and (not self._store.sync.pending() or outgoing.misses_packs(self._memory.packs)):
            outgoing.heal_packs(self._memory.sound_packs)  # beside a change there is no time for it
            self._memory.packs = outgoing.packs
        self._store.sync.flush()
        me = self._me()
        see = self._see(SyncPhase.SENDING)
        total = me.number - me.published
        reached = outgoing.publish(me.published, lambda number: see(number - me.published, total), self._cancelled)
        self.done.sent += reached - me.published

    def _take(self, listing: Listing, seen: Seen) -> None:
        incoming = Incoming(self._store, self._meeting, listing, seen)
        incoming.take(
            lambda name, arrived: self.done.arrived.append((name, arrived)),
            self._see(SyncPhase.RECEIVING),
            self._cancelled,
        )
        self.done.received += incoming.received
        self.done.troubles.extend(sorted(set(incoming.refusals)))

    def _trying(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except SyncTargetMissingError as error:
            self.done.troubles.append(str(error))
            return False
        return True

    def _see(self, phase: SyncPhase) -> Callable[[int, int], None]:
        return lambda done, total: self._see_one(phase, done, total)

    def _see_one(self, phase: SyncPhase, done: int, total: int) -> None:
        self._report(SyncProgress(phase, done, total))

    def _me(self) -> Device:
        me = self._store.sync.me()
        assert me is not None
        return me
