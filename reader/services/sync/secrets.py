"""The passphrase of a target: from it comes the key that seals the files, which this computer keeps.

The key is derived by Argon2id, so that trying passphrases takes time and memory. Files are sealed by
XChaCha20-Poly1305 with a nonce that is a keyed hash of what is sealed: equal packs stay equal files, and a nonce never
serves two contents.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl import bindings, exceptions, pwhash

from reader.domain.errors import Fault, LibraryError, ReaderError, SyncFileError
from reader.domain.sync import TargetHeader
from reader.files import recall, remember

SECRETS_NAME = "sync-secrets.json"
"""The file beside ``library.db`` that keeps the key where the system has no keyring. It is never copied along."""

_SERVICE = "Lectern"
_SALT_SIZE, _KEY_SIZE, _NONCE_SIZE = 16, 32, 24
_ROUNDS, _MEMORY = 3, 64 << 20  # RFC 9106's second choice, for machines with little memory


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a computer keeps of a target: the key, and the password in its address; empty where there is none."""

    key: bytes = b""
    password: str = ""


class KeySeal:
    """Seals and opens files with a key; see :class:`reader.formats.sync_file.Seal`."""

    def __init__(self, key: bytes) -> None:
        self._key, self._nonce_key = _derived(key, b"seal", _KEY_SIZE), _derived(key, b"nonce", _KEY_SIZE)

    def seal(self, data: bytes, about: bytes) -> bytes:
        """The data, unreadable without the key; equal data give equal bytes."""
        named = len(about).to_bytes(8, "big") + about
        nonce = hashlib.blake2b(named + data, key=self._nonce_key, digest_size=_NONCE_SIZE).digest()
        return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(data, about, nonce, self._key)

    def open(self, data: bytes, about: bytes) -> bytes:
        """What was sealed with this key and ``about``; raises :class:`SyncFileError` for anything else."""
        nonce, sealed = data[:_NONCE_SIZE], data[_NONCE_SIZE:]
        try:
            return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, about, nonce, self._key)
        except (exceptions.CryptoError, ValueError):
            raise SyncFileError(
                Fault.SEALED, "A file in the folder is sealed with another passphrase, so it is ignored."
            ) from None


def sealed_header(library: str, name: str, passphrase: str) -> tuple[TargetHeader, bytes]:
    """The header of a new target that has a passphrase, and the key."""
    salt = os.urandom(_SALT_SIZE)
    key = _key(passphrase, salt)
    return TargetHeader(library, name, salt, _check(key)), key


def key_for(header: TargetHeader, passphrase: str) -> bytes:
    """The key of a target; raises :class:`ReaderError` for a wrong passphrase. Takes about a second."""
    if len(header.salt) != _SALT_SIZE:
        raise ReaderError("The folder's lectern.json is damaged; no passphrase fits it. Restore it from a copy.")
    key = _key(passphrase, header.salt)
    if not fits(header, key):
        raise ReaderError("This is not the passphrase of the shared folder; enter the one it was set up with.")
    return key


def fits(header: TargetHeader, key: bytes) -> bool:
    """Whether a key is that of a target."""
    return hmac.compare_digest(_check(key), header.check)


def keep_secrets(folder: Path, library: str, *, key: bytes = b"", password: str | None = None) -> None:
    """Keep what opens a target in the system's keyring, or else in a private file of the library's ``folder``.

    What is not given stays as it is kept. ``library`` is the id in the target's header. Raises :class:`LibraryError`
    where neither can be written.
    """
    before = kept_secrets(folder, library)
    secrets = Secrets(key or before.key, before.password if password is None else password)
    if secrets == before:
        return
    kept = {"library": library, "key": secrets.key.hex(), "password": secrets.password}
    forget_secrets(folder, library)
    if _keep_in_keyring(_account(folder, library), kept):
        return
    if not remember(folder / SECRETS_NAME, kept):
        raise LibraryError(f"The key could not be written to {folder / SECRETS_NAME}; check the folder's permissions.")


def kept_secrets(folder: Path, library: str) -> Secrets:
    """What :func:`keep_secrets` kept; empty if that is gone, so that the passphrase has to be entered again."""
    for kept in (_kept_in_keyring(_account(folder, library)), recall(folder / SECRETS_NAME)):
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            if kept["library"] == library:
                return Secrets(bytes.fromhex(kept["key"]), str(kept["password"]))
    return Secrets()


def forget_secrets(folder: Path, library: str) -> None:
    """Forget what opens a target, on this computer."""
    ring = _keyring()
    with suppress(Exception):  # a keyring's own errors, which are of many kinds, or none there
        ring.delete_password(_SERVICE, _account(folder, library))
    with suppress(OSError):
        (folder / SECRETS_NAME).unlink(missing_ok=True)


def _key(passphrase: str, salt: bytes) -> bytes:
    if not passphrase:
        raise ReaderError("The passphrase is empty; enter one, or synchronise without.")
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return pwhash.argon2id.kdf(_KEY_SIZE, text, salt, opslimit=_ROUNDS, memlimit=_MEMORY)


def _check(key: bytes) -> bytes:
    return _derived(key, b"check", _KEY_SIZE)


def _derived(key: bytes, purpose: bytes, size: int) -> bytes:
    return hashlib.blake2b(key=key, person=purpose, digest_size=size).digest()


def _account(folder: Path, library: str) -> str:
    """Under what the keyring keeps a library's secrets: two libraries of one target may be on one computer."""
    place = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]
    return f"{library} {place}"


def _keyring() -> Any:
    """The system's keyring; None without the optional package."""
    try:
        import keyring
    except Exception:  # broken installations raise other errors as well
        return None
    return keyring


def _keep_in_keyring(account: str, kept: dict[str, str]) -> bool:

    ring = _keyring()
    with suppress(Exception):  # as in forget_secrets
        ring.set_password(_SERVICE, account, json.dumps(kept))
        return bool(_kept_in_keyring(account) == kept)
    return False


def _kept_in_keyring(account: str) -> Any:

    ring = _keyring()
    with suppress(Exception):  # as in forget_secrets
        return json.loads(ring.get_password(_SERVICE, account))
    return None
