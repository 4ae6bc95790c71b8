"""How an address of :mod:`reader.web.sync_target` is connected to. Imports what that needs only to connect.

Certificates are checked against the system's, as everywhere; the keys of SSH hosts against the user's known ones.
"""

from __future__ import annotations

import netrc
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

_SSH_PORT = 22
_TLS = {"https", "webdavs", "davs"}


@dataclass(frozen=True, slots=True)
class Connection:
    """fsspec's file ``system``, and the path of the target in it.

    ``has_folders`` is False where names merely contain slashes; ``renames`` where a file that was cut off would stay.
    """

    system: Any
    root: str
    close: Callable[[], object]
    has_folders: bool = True
    renames: bool = False


@dataclass(frozen=True, slots=True)
class Connecting:
    """What connects, and the errors that it and its file system raise."""

    connect: Callable[[], Connection]
    errors: tuple[type[Exception], ...]


def connecting(address: str, password: str, patience: float) -> Connecting:
    """How to connect to an address of a known kind; ``patience`` is in seconds."""
    parts = urlsplit(address)
    if parts.scheme == "s3":
        from botocore.exceptions import BotoCoreError, ClientError
        from fsspec.exceptions import FSTimeoutError

        return Connecting(lambda: _s3(parts, password, patience), (OSError, BotoCoreError, ClientError, FSTimeoutError))
    if parts.scheme in ("sftp", "ssh"):
        import asyncssh
        from fsspec.exceptions import FSTimeoutError

        return Connecting(lambda: _sftp(parts, password, patience), (OSError, asyncssh.Error, FSTimeoutError))
    import httpx
    from webdav4.client import ClientError as WebdavError

    return Connecting(
        lambda: _webdav(parts, password, patience), (OSError, httpx.HTTPError, httpx.InvalidURL, WebdavError)
    )


def _webdav(parts: SplitResult, password: str, patience: float) -> Connection:
    from webdav4.fsspec import WebdavFileSystem

    scheme = "https" if parts.scheme in _TLS else "http"
    place = quote(unquote(parts.path.rstrip("/")))
    system = WebdavFileSystem(
        f"{scheme}://{parts.netloc.rpartition('@')[2]}/",
        auth=_web_user(parts, password),
        timeout=patience,
        verify=_system_trust(),
        skip_instance_cache=True,
    )
    return Connection(system, unquote(place).strip("/"), system.client.http.close)


def _web_user(parts: SplitResult, password: str) -> tuple[str, str] | None:
    """User and password for WebDAV: those given, else those that ``~/.netrc`` has for the host."""
    user = unquote(parts.username or "")
    if not (user and password):
        with suppress(OSError, netrc.NetrcParseError):
            if found := netrc.netrc().authenticators(parts.hostname or ""):
                return user or found[0], found[2]
    return (user, password) if user else None


def _s3(parts: SplitResult, password: str, patience: float) -> Connection:
    from aiobotocore.httpsession import AIOHTTPSession
    from s3fs import S3FileSystem

    class Session(AIOHTTPSession):  # type: ignore[misc, unused-ignore]
        """Checks certificates against the system's."""

        def _get_ssl_context(self) -> ssl.SSLContext:
            return _system_trust()

    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    limits = {"connect_timeout": patience, "read_timeout": patience, "retries": {"max_attempts": 2}}
    system = S3FileSystem(
        key=unquote(parts.username) if parts.username and password else None,
        secret=password or None,
        endpoint_url=query.get("endpoint"),
        client_kwargs={"region_name": query["region"]} if "region" in query else {},
        config_kwargs={**limits, "http_session_cls": Session},
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    root = f"{parts.netloc.rpartition('@')[2]}/{unquote(parts.path).strip('/')}".rstrip("/")

    def close() -> None:
        if system._s3 is not None:  # connected
            system.close_session(system.loop, system._s3)

    return Connection(system, root, close, has_folders=False)


def _sftp(parts: SplitResult, password: str, patience: float) -> Connection:
    from sshfs import SSHFileSystem

    system = SSHFileSystem(
        parts.hostname,
        port=parts.port or _SSH_PORT,
        **({"username": unquote(parts.username)} if parts.username else {}),
        **({"password": password} if password else {}),
        known_hosts=(),  # the user's; without this, sshfs trusts every host
        connect_timeout=patience,
        timeout=patience,
        skip_instance_cache=True,
    )
    root = unquote(parts.path).rstrip("/")
    root = root.removeprefix("/~/") if root.startswith("/~/") else root
    return Connection(system, root, lambda: system._finalize(system.loop, system._pool, system._stack), renames=True)


def _system_trust() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
