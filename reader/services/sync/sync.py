"""Synchronising a library with others: devices meet in a folder or at an address, and none is ever waited for."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import Fault, ReaderError, SyncFileError
from reader.domain.sync import Device, KeptBeside, TargetHeader
from reader.domain.sync_reports import SyncPreview, SyncReport, SyncStatus
from reader.domain.sync_targets import Target
from reader.files import recall, remember
from reader.formats.sync_file import Seal
from reader.formats.target_header import decode_header, encode_header
from reader.services.library.files import SYNC_STATE_NAME
from reader.services.library.mutes import Mutes
from reader.services.sync import setting_up
from reader.services.sync.header import kept_seal, require_header, seal_of
from reader.services.sync.meeting import Meeting
from reader.services.sync.run import Done, Memory, Report, Run
from reader.services.sync.turn import SyncTurn
from reader.storage.store import LibraryStore
from reader.storage.subject import changing

WAIT = 10.0
"""The seconds that a run waits for another process that synchronises the library."""
_LAST_KEPT = 50
"""The seconds after which the end of a run without news is kept."""


def usual_name() -> str:
    """What this device is called unless a person names it: the machine's name in its network."""
    return socket.gethostname().partition(".")[0] or "Lectern"


class Sync:
    """All that can be done about synchronising. Nothing is read or written in a target unless asked."""

    def __init__(self, store: LibraryStore, mutes: Mutes) -> None:
        self._store, self._mutes = store, mutes
        self._folder = store.path.parent
        self._memory = Memory()

    # Looking

    def status(self) -> SyncStatus | None:
        """How things stand, without a look at the target; None for a library that is not synchronised."""
        me = self._store.sync.me()
        if me is None:
            return None
        state = self._state()
        names = {each.device: each.name for each in self._store.sync.devices() if each.device != me.device}
        return SyncStatus(
            device=me.device,
            name=me.name,
            target=me.target,
            pending_out=self._store.sync.pending(),
            kept_beside=len(self._store.sync.kept_beside()),
            waiting=tuple(self._store.sync.waiting()),
            devices=tuple(sorted(names.values())),
            last=state.get("last"),
            trouble=str(state.get("trouble", "")),
            is_remote="://" in me.target,
            is_sealed=bool(state.get("is_sealed")),
        )

    def preview(self, target: str, passphrase: str | None = None) -> SyncPreview:
        """What setting up with a target would do; nothing is written.

        Raises :class:`ReaderError` for what cannot be a target, and a wrong passphrase.
        """
        with setting_up.opened(target, self._folder) as opened:
            return setting_up.preview(self._store, opened, passphrase)

    def kept_beside(self) -> Sequence[KeptBeside]:
        """The values that are not shown because another device said something else at the same time."""
        return self._store.sync.kept_beside()

    # Changing

    @changing
    def take(self, kept_id: str) -> Change:
        """Show a value that is kept beside; raises :class:`~reader.domain.errors.NotFoundError` if it is gone."""
        return self._store.sync.take(kept_id)

    @changing
    def keep_shown(self, kept_id: str) -> Change:
        """Settle on what is shown, so that nothing is kept beside; raises as :meth:`take`."""
        return self._store.sync.keep_shown(kept_id)

    def begin(self, target: str, name: str = "", passphrase: str | None = None) -> None:
        """Synchronise with a target in which nobody does yet; :meth:`run` then writes into it.

        ``name`` is what others call this device. Raises :class:`ReaderError` if the target is in use, or cannot be one.
        """
        self._set_up(setting_up.begin, target, name, passphrase)

    def join(self, target: str, name: str = "", passphrase: str | None = None) -> None:
        """Synchronise with those who meet in a target; raises :class:`ReaderError` if nobody does."""
        self._set_up(setting_up.join, target, name, passphrase)

    def move(self, target: str, passphrase: str | None = None) -> None:
        """Synchronise with another target from now on, which is empty or a copy of the present one.

        Also for the present one, where its files were lost. Raises :class:`ReaderError` for another library's.
        """
        with self._turn(WAIT), setting_up.opened(target, self._folder) as opened:
            header = setting_up.move(self._store, opened, self._me().library, passphrase, self._header())
            self._memory = Memory()
            self._note(**_of_header(header))

    def rename(self, name: str) -> None:
        """Let others call this device otherwise, from the next change on that they get."""
        with self._turn(WAIT):
            self._me()
            self._store.sync.set_name(name.strip() or usual_name())

    def leave(self) -> None:
        """Synchronise no more. What others have of this device stays there, and all stays here."""
        with self._turn(WAIT):
            me = self._me()
            self._store.sync.end()
            self._store.sync_files.forget_all()
            if self._state().get("is_sealed") or "://" in me.target:
                from reader.services.sync.secrets import forget_secrets

                forget_secrets(self._folder, me.library)
            with suppress(OSError):
                (self._folder / SYNC_STATE_NAME).unlink(missing_ok=True)

    def run(
        self,
        report: Report = lambda _: None,
        cancelled: Cancelled = never,
        *,
        out_only: bool = False,
        passphrase: str | None = None,
        most: int | None = None,
    ) -> SyncReport:
        """Send what is new here and receive what came, as far as both are possible now.

        With ``out_only``, for who has little time, nothing is received, and nobody is waited for. The ``passphrase`` is
        needed only where this computer does not keep its key any more. For any thread.
        Raises :class:`~reader.domain.errors.LibraryBusyError` if another process synchronises,
        :class:`~reader.domain.errors.SyncTargetMissingError` if the target cannot be reached, and :class:`ReaderError`
        if it is not that of this library. With ``most``, raises :class:`~reader.services.sync.run.MuchToReadError`
        before anything is done if others wrote more than as many bytes since the last run.
        """
        with self._turn(0.0 if out_only else WAIT):
            me = self._me()
            try:
                done = self._run(me, report, cancelled, out_only, passphrase, most)
            except ReaderError as error:
                self._note(trouble=str(error))
                raise
            if not cancelled() and not out_only:
                self._note_end(done)
        return self._reported(done, cancelled())

    def _run(
        self,
        me: Device,
        report: Report,
        cancelled: Cancelled,
        out_only: bool,
        passphrase: str | None,
        most: int | None,
    ) -> Done:
        with setting_up.opened(me.target, self._folder, me.library) as target:
            seal, trouble = self._seal(target, me, passphrase)
            run = Run(self._store, Meeting(target, seal), self._memory, report, cancelled)
            run.go(out_only=out_only, reads=not trouble, most=most)
            if trouble:
                run.done.troubles.append(trouble)
            return run.done

    def _seal(self, target: Target, me: Device, passphrase: str | None) -> tuple[Seal | None, str]:
        """What opens the target's files; and a sentence if a newer version made it, so that it is not to be read."""
        was_sealed = bool(self._state().get("is_sealed"))
        try:
            header = require_header(target, me.library)
        except SyncFileError as error:
            if error.fault is not Fault.NEWER:
                raise
            return kept_seal(self._folder, me.library) if was_sealed else None, str(error)
        seal = self._opened(header, passphrase)
        if was_sealed and seal is None:
            raise ReaderError(
                f"The files in {target.address} are no longer protected by the passphrase, so nothing was sent. "
                "Ask who uses it; leave and join again to go on without a passphrase."
            )
        self._note(**_of_header(header))
        return seal, ""

    def _opened(self, header: TargetHeader, passphrase: str | None) -> Seal | None:
        """What opens the target's files: by the key that is kept, else by the passphrase, whose key is kept then."""
        try:
            return seal_of(self._folder, header, None)[0]
        except ReaderError:
            if not passphrase:
                raise
        seal, key = seal_of(self._folder, header, passphrase)
        setting_up.keep(self._folder, header.library, key)
        return seal

    def _set_up(self, work: Callable[..., TargetHeader], target: str, name: str, passphrase: str | None) -> None:
        with self._turn(WAIT):
            if (me := self._store.sync.me()) is not None:
                raise ReaderError(f"The library is synchronised with {me.target} already; leave that first.")
            with setting_up.opened(target, self._folder) as opened:
                header = work(self._store, opened, name.strip() or usual_name(), passphrase)
            self._memory = Memory()
            self._note(**_of_header(header), last=None, trouble="")

    def _me(self) -> Device:
        me = self._store.sync.me()
        if me is None:
            raise ReaderError("The library is not synchronised yet; “lectern sync --target FOLDER” sets that up.")
        return me

    @contextmanager
    def _turn(self, wait: float) -> Iterator[None]:
        turn = SyncTurn(self._folder, self._store.program)
        turn.acquire(wait)
        try:
            yield
        finally:
            turn.release()

    def _state(self) -> dict[str, Any]:
        found = recall(self._folder / SYNC_STATE_NAME)
        return found if isinstance(found, dict) else {}

    def _header(self) -> TargetHeader | None:
        """The target's header when it was last read."""
        with suppress(SyncFileError):
            return decode_header(str(self._state().get("header", "")).encode())
        return None

    def _note_end(self, done: Done) -> None:
        """Keep when a run ended and with what trouble; of runs without news not every one."""
        trouble, now = " ".join(done.troubles), self._store.now()
        is_news = bool(done.sent or done.received or trouble or self._state().get("trouble"))
        last = str(self._state().get("last") or "")
        if is_news or not last or _seconds_between(last, now) > _LAST_KEPT:
            self._note(trouble=trouble, **({} if trouble else {"last": now}))

    def _note(self, **parts: object) -> None:
        state = self._state()
        if any(state.get(name) != value for name, value in parts.items()):
            remember(self._folder / SYNC_STATE_NAME, state | parts)

    def _reported(self, done: Done, cancelled: bool) -> SyncReport:
        counts: dict[str, dict[str, int]] = {}
        change = Change()
        for name, arrived in done.arrived:
            change = arrived.change.joined_with(change)
            kinds = counts.setdefault(name, {})
            for kind, number in arrived.counts.items():
                if number:
                    kinds[kind] = kinds.get(kind, 0) + number
        return SyncReport(
            replace(self._mutes.after(change), is_own=False),
            done.sent,
            done.received,
            arrived={name: kinds for name, kinds in counts.items() if kinds},
            troubles=tuple(done.troubles),
            waiting=tuple(self._store.sync.waiting()),
            cancelled=cancelled,
        )


def _seconds_between(earlier: str, later: str) -> float:
    return abs((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds())


def _of_header(header: TargetHeader) -> dict[str, object]:
    """What the state keeps of a target's header, from which a lost one is written again."""
    return {"is_sealed": bool(header.check), "header": encode_header(header).decode()}
