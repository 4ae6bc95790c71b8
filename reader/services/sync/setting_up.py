"""Beginning in a target, or joining the libraries that meet there; what that would do is said before."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reader.domain.errors import ReaderError, SyncFileError
from reader.domain.sync import TargetHeader
from reader.domain.sync_reports import SyncFigures, SyncPreview
from reader.domain.sync_targets import HEADER_NAME, Target
from reader.formats.target_header import decode_header, encode_header
from reader.services.sync.fingerprint import fingerprint
from reader.services.sync.header import read_header, seal_of
from reader.services.sync.meeting import Meeting
from reader.services.sync.targets import require_parent, target_at
from reader.storage.store import LibraryStore

_PAPER_BYTES, _NOTE_BYTES = 800, 500
"""About how large a paper with its decisions, and a note, are in a target."""


def new_id() -> str:
    """A name that no other device and no other library has."""
    return secrets.token_hex(8)


@contextmanager
def opened(address: str, folder: Path, library: str = "") -> Iterator[Target]:
    """A target, for the library in ``folder``; raises :class:`ReaderError` for what cannot be one.

    The password of an address is that in it, else the one that this computer keeps for ``library``.
    """
    password = ""
    if library and "://" in address:
        from reader.services.sync.secrets import kept_secrets

        password = kept_secrets(folder, library).password
    target = target_at(address, folder, password)
    try:
        yield target
    finally:
        target.close()


def preview(store: LibraryStore, target: Target, passphrase: str | None) -> SyncPreview:
    """What setting up with a target would do; nothing is written."""
    folder = store.path.parent
    header = _header_or_none(target)
    here = _figures_here(store)
    if header is None:
        return SyncPreview(False, folder.name, here, SyncFigures())
    is_sealed = bool(header.check)
    if is_sealed and not passphrase:
        return SyncPreview(True, header.name, here, is_sealed=True, needs_passphrase=True)
    seal, _ = seal_of(folder, header, passphrase)
    there, devices = _figures_there(Meeting(target, seal))
    return SyncPreview(True, header.name, here, there, devices, is_sealed)


def begin(store: LibraryStore, target: Target, name: str, passphrase: str | None) -> TargetHeader:
    """Begin in a target that has no header; its header. Raises :class:`ReaderError` if it has one."""
    folder, library = store.path.parent, new_id()
    if _header_or_none(target) is not None:
        raise ReaderError(f"{target.address} is in use for synchronising already; join it instead.")
    header, key = _new_header(library, folder.name, passphrase)
    if decode_header(target.begin(encode_header(header))).library != library:
        raise ReaderError(f"Another device has just begun in {target.address}; join it instead.")
    return _set_up(store, target, header, name, key)


def join(store: LibraryStore, target: Target, name: str, passphrase: str | None) -> TargetHeader:
    """Join what is in a target; its header. Raises :class:`ReaderError` if nothing is there."""
    header = _header_or_none(target)
    if header is None:
        raise ReaderError(
            f"There is nothing to join in {target.address}: it has no {HEADER_NAME}; begin there instead."
        )
    _, key = seal_of(store.path.parent, header, passphrase)
    return _set_up(store, target, header, name, key)


def move(
    store: LibraryStore, target: Target, library: str, passphrase: str | None, known: TargetHeader | None
) -> TargetHeader:
    """Synchronise with another target from now on: a copy of the present one, or one that is empty; its header.

    Into an empty one every device writes all that it said under its present name. The present target may be given as
    well, whose header is ``known``, and is written again if it was lost.
    Raises :class:`ReaderError` for another library's.
    """
    folder = store.path.parent
    header = read_header(target)
    if header is None:
        made, _ = _header_again(target, known, folder, library, passphrase)
        header = decode_header(target.begin(encode_header(made)))
    if header.library != library:
        raise ReaderError(
            f"{target.address} belongs to another library (“{header.name}”). Choose another folder, or leave the "
            "present one (“lectern sync --leave”) and join that."
        )
    _, key = seal_of(folder, header, passphrase)
    keep(folder, library, key, target.password if target.is_remote else None)
    store.sync.set_target(target.address)
    return header


def _header_again(
    target: Target, known: TargetHeader | None, folder: Path, library: str, passphrase: str | None
) -> tuple[TargetHeader, bytes]:
    """The header for a target without one: the known one, unless an empty target is to have another passphrase."""
    if known is None or (passphrase and not _is_in_use(target) and not _fits(known, passphrase)):
        return _new_header(library, folder.name, passphrase)
    return known, b""


def _fits(header: TargetHeader, passphrase: str) -> bool:
    """Whether a passphrase is that of a header."""
    from reader.services.sync.secrets import key_for

    try:
        return bool(header.check and key_for(header, passphrase))
    except ReaderError:
        return False


def _set_up(store: LibraryStore, target: Target, header: TargetHeader, name: str, key: bytes) -> TargetHeader:
    folder = store.path.parent
    keep(folder, header.library, key, target.password if target.is_remote else None)
    store.sync_files.forget_all()
    store.sync.begin(header.library, new_id(), name, target.address, fingerprint(store.path), from_tables=True)
    return header


def _new_header(library: str, name: str, passphrase: str | None) -> tuple[TargetHeader, bytes]:
    if not passphrase:
        return TargetHeader(library, name), b""
    from reader.services.sync.secrets import sealed_header

    return sealed_header(library, name, passphrase)


def keep(folder: Path, library: str, key: bytes, password: str | None = None) -> None:
    """Keep a target's key and password on this computer, for the library in ``folder``.

    Without a password the one that is kept stays; an empty one takes its place, so that no other host is ever sent it.
    """
    if key or password is not None:
        from reader.services.sync.secrets import keep_secrets

        keep_secrets(folder, library, key=key, password=password)


def _header_or_none(target: Target) -> TargetHeader | None:
    """A target's header; None for a target that is empty, or a folder still to be made.

    Raises :class:`ReaderError` for one with files of devices that has none: it may still arrive.
    """
    header = read_header(target)
    if header is None and _is_in_use(target):
        raise ReaderError(
            f"{target.address} has files of devices but no {HEADER_NAME}, which may still be on its way. Wait for it, "
            "or choose an empty folder."
        )
    return header


def _is_in_use(target: Target) -> bool:
    """Whether a target has files of devices; a folder that is still to be made has none, if it can be made."""
    if target.is_remote or Path(target.address).exists():
        return bool(target.files())
    require_parent(Path(target.address))
    return False


def _figures_here(store: LibraryStore) -> SyncFigures:
    totals = store.statistics.totals()
    return SyncFigures(
        totals.papers, totals.notes, totals.papers * _PAPER_BYTES + totals.notes * _NOTE_BYTES, totals.tags
    )


def _figures_there(meeting: Meeting) -> tuple[SyncFigures, tuple[str, ...]]:
    """How much a target has, and the names of its devices; files that cannot be read now are left out."""
    listing = meeting.listing()
    papers: set[str] = set()
    notes: set[str] = set()
    tags: set[str] = set()
    names: dict[str, tuple[int, str]] = {}
    for name in listing.segments:
        data = meeting.target.get(name)
        if data is None:
            continue
        try:
            segment = meeting.segment(data)
        except SyncFileError:
            continue
        names[segment.device] = max(names.get(segment.device, (0, "")), (segment.last, segment.name))
        for write in segment.writes:
            if write.cell.kind == "paper" and write.cell.field == "content":
                papers.add(write.cell.uid)
            elif write.cell.kind == "paper" and write.cell.field == "note":
                notes.add(write.cell.uid)
            elif write.cell.kind == "tag":
                tags.add(write.cell.uid)
    size = sum(each.size for files in (listing.segments, listing.packs) for each in files.values())
    return SyncFigures(len(papers), len(notes), size, len(tags)), tuple(sorted(name for _, name in names.values()))
