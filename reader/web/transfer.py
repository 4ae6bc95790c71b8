"""One request and its whole answer, within limits of size and time.

The request runs on a thread of its own and the caller waits for it, because nothing else ends the wait for a server
that sends a byte now and then: the timeouts of sockets begin again with each byte, and looking up a name has none. A
transfer that is given up ends at its next byte, or with the program.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from reader import HOMEPAGE, __version__
from reader.domain.cancellation import Cancelled
from reader.domain.errors import FetchError, WorkCancelledError
from reader.web.addresses import host_of, is_loopback, split_address
from reader.web.answers import Answer, PassingError, damaged_error

if TYPE_CHECKING:
    import requests

USER_AGENT = f"Lectern/{__version__} (+{HOMEPAGE})"
_CHUNK = 16_384
_CONNECT_SECONDS, _SILENCE_SECONDS = 15.0, 30.0
_LOOK = 0.05
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of an answer: its size in bytes, packed and unpacked, its seconds in all, and its redirections."""

    bytes: int = 64 * 1024 * 1024
    seconds: float = 60.0
    redirects: int = 5


class Transfer:
    """Sends requests, each of which follows no redirection and knows no cookies, no ``.netrc`` and no cache."""

    def __init__(self, limits: Limits, cancelled: Cancelled) -> None:
        self._limits = limits
        self._cancelled = cancelled
        self._sessions: dict[str | None, requests.Session] = {}

    def close(self) -> None:
        """Close the connections."""
        while self._sessions:
            self._sessions.popitem()[1].close()

    def send(self, address: str, headers: Mapping[str, str], proxy: str | None) -> Answer:
        """The answer of one address.

        Raises :class:`FetchError` where there is none within the limits, :class:`WorkCancelledError` once cancelled.
        """
        mirror = proxy if proxy and is_loopback(proxy) else None
        session = self._session(mirror)
        request = _Request(session, address, headers, None if mirror else proxy, self._limits.bytes)
        return self._await(request, host_of(address))

    def _session(self, mirror: str | None) -> requests.Session:
        """The connections of this client, or those to a server that stands for others."""
        if mirror not in self._sessions:
            from reader.web.connections import new_session

            self._sessions[mirror] = new_session(USER_AGENT, mirror)
        return self._sessions[mirror]

    def _await(self, request: _Request, host: str) -> Answer:
        """What a request gives, waited for as long as the limit allows."""
        threading.Thread(target=request.run, name="lectern-fetch", daemon=True).start()
        deadline = time.monotonic() + self._limits.seconds
        while not request.done.wait(_LOOK):
            if self._cancelled():
                request.given_up = True
                raise WorkCancelledError
            if time.monotonic() > deadline:
                request.given_up = True
                raise FetchError(f"{host} did not answer within {self._limits.seconds:g} seconds. Try again later.")
        if request.error is not None:
            raise request.error
        assert request.answer is not None
        return request.answer


class _Request:
    """A request while it runs; ``done`` is set once there is an ``answer`` or an ``error``."""

    def __init__(
        self, session: requests.Session, address: str, headers: Mapping[str, str], proxy: str | None, most: int
    ) -> None:
        self._session, self._address, self._headers = session, address, headers
        self._proxy, self._most = proxy, most
        self._host = host_of(address)
        self.done = threading.Event()
        self.given_up = False
        self.answer: Answer | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Fetch the answer; never raises."""
        try:
            self.answer = self._fetch()
        except FetchError as error:
            self.error = error
        except Exception as error:  # whatever the libraries raise on a hostile answer becomes one sentence
            self.error = failure(error, self._host)
        # A server that was asked to close may not have done so yet; the next request would meet a connection that ends.
        self._session.close()
        self.done.set()

    def _fetch(self) -> Answer:
        with self._session.get(
            self._address,
            headers=self._headers,
            stream=True,
            allow_redirects=False,
            timeout=(_CONNECT_SECONDS, _SILENCE_SECONDS),
            proxies=self._proxies(),
            auth=_credentials(self._address),
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            content = b"" if response.is_redirect or response.status_code == 304 else self._body(response, headers)
            return Answer(response.status_code, headers, content, self._address)

    def _body(self, response: requests.Response, headers: Mapping[str, str]) -> bytes:
        """The whole body, unpacked."""
        if headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
            raise damaged_error(self._host)
        length = headers.get("content-length", "")
        self._refuse_more(int(length) if length.isdecimal() else 0)
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            self._refuse_more(len(body))
            if self.given_up:
                break
        if length.isdecimal() and "transfer-encoding" not in headers and response.raw.tell() < int(length):
            raise _cut_error(self._host)
        return bytes(body)

    def _refuse_more(self, size: int) -> None:
        if size > self._most:
            raise FetchError(
                f"The answer of {self._host} is larger than {self._most // 1024**2} MB, so it was not read. "
                "Check the address."
            )

    def _proxies(self) -> dict[str, str]:
        """The proxies of this request: the one it was given, else the system's; none for this machine."""
        if self._proxy is not None:
            return {"http": self._proxy, "https": self._proxy}
        if is_loopback(self._address):
            return {}
        from requests.utils import get_environ_proxies

        return dict(get_environ_proxies(self._address, no_proxy=None))


def failure(error: BaseException, host: str) -> FetchError:
    """The sentence for what a library raised; it names the host alone, because an address may hold a secret."""
    from requests import exceptions

    if isinstance(error, exceptions.ProxyError):
        return PassingError(f"The proxy does not lead to {host}. Check the proxy in the system's network settings.")
    if _has(error, ssl.SSLError) or isinstance(error, exceptions.SSLError):
        return FetchError(f"The connection to {host} is not secure: this system does not trust its certificate.")
    if _has(error, socket.gaierror):
        return PassingError(f"{host} was not found. Check the network and the address.")
    if _has(error, ConnectionRefusedError):
        return PassingError(f"{host} refuses connections. Check the address, or try again later.")
    if isinstance(error, exceptions.Timeout) or "timed out" in str(error):
        return FetchError(f"{host} did not answer in time. Try again later.")
    if isinstance(error, exceptions.ChunkedEncodingError):
        return _cut_error(host)
    if isinstance(error, exceptions.ContentDecodingError):
        return damaged_error(host)
    if isinstance(error, exceptions.ConnectionError):
        return PassingError(f"The connection to {host} broke. Check the network, or try again later.")
    return FetchError(f"{host} gave no answer that can be read. Check the address.")


def _cut_error(host: str) -> PassingError:
    return PassingError(f"The answer of {host} breaks off, so nothing of it was kept. Try again later.")


def _has(error: BaseException | None, kind: type[BaseException]) -> bool:
    """Whether an error was caused by one of that kind, however deep; libraries also put causes into arguments."""
    seen: set[int] = set()
    rest: list[Any] = [error]
    while rest:
        each = rest.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            if isinstance(each, kind):
                return True
            rest += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return False


def _credentials(address: str) -> tuple[str, str] | None:
    """The user and the password in an address."""
    parts = split_address(address)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
