"""Whether a target is a library's: its header, and the key that opens its files.

Nothing follows from what is missing. A target without a header may be a folder whose files are still to arrive, or a
disk that is not attached; only who begins there, or moves there, makes one.
"""

from __future__ import annotations

from pathlib import Path

from reader.domain.errors import Fault, ReaderError, SyncFileError, SyncTargetMissingError
from reader.domain.sync import TargetHeader
from reader.domain.sync_targets import HEADER_NAME, Target
from reader.formats.sync_file import Seal
from reader.formats.target_header import decode_header

_MISSING = "The shared folder has a passphrase; enter it (“lectern sync --passphrase-file FILE”)."


def read_header(target: Target) -> TargetHeader | None:
    """A target's header; None if it has none.

    Raises :class:`SyncTargetMissingError` for one that has not arrived whole, and :class:`SyncFileError` for one that
    a newer version wrote, or that is none.
    """
    data = target.get(HEADER_NAME)
    if data is None:
        return None
    try:
        return decode_header(data)
    except SyncFileError as error:
        if error.fault is Fault.DAMAGED:
            raise SyncTargetMissingError(
                f"The file {HEADER_NAME} in {target.address} has not arrived completely; try again later."
            ) from error
        if error.fault is Fault.UNKNOWN:
            raise SyncFileError(
                error.fault,
                f"The file {HEADER_NAME} in {target.address} is not one that Lectern wrote; choose another folder.",
            ) from error
        raise


def require_header(target: Target, library: str) -> TargetHeader:
    """The header of the target that a library synchronises with; raises where it is missing, or another library's."""
    header = read_header(target)
    if header is None:
        target.files()  # says so if the whole target cannot be reached
        raise SyncTargetMissingError(
            f"There is no {HEADER_NAME} in {target.address}. If its files are still to arrive, or its disk is not "
            f"attached, try again later; to write everything there again, use “lectern sync --target {target.address}”."
        )
    if header.library != library:
        raise ReaderError(
            f"{target.address} now belongs to another library (“{header.name}”), so nothing was sent or received. "
            "Choose the right folder, or leave (“lectern sync --leave”) and join that one."
        )
    return header


def seal_of(folder: Path, header: TargetHeader, passphrase: str | None) -> tuple[Seal | None, bytes]:
    """What opens a target's files, and its key: from the ``passphrase``, or as this computer keeps it.

    None and no bytes where the files are not sealed. Raises :class:`ReaderError` for a passphrase that is missing or
    wrong. ``folder`` is the library's.
    """
    if not header.check:
        return None, b""
    from reader.services.sync.secrets import KeySeal, fits, kept_secrets, key_for

    key = key_for(header, passphrase) if passphrase else kept_secrets(folder, header.library).key
    if not key or not fits(header, key):
        raise ReaderError(_MISSING)
    return KeySeal(key), key


def kept_seal(folder: Path, library: str) -> Seal:
    """What opens a target's files, as this computer keeps it; raises :class:`ReaderError` if that is gone."""
    from reader.services.sync.secrets import KeySeal, kept_secrets

    key = kept_secrets(folder, library).key
    if not key:
        raise ReaderError(_MISSING)
    return KeySeal(key)
