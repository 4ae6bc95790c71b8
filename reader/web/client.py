"""The manners of every request: turns, waits, conditions, redirections and second tries."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Self
from urllib.parse import urljoin, urlunsplit

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import FetchError, ReaderError, WorkCancelledError
from reader.web.addresses import fetch_delay, gap_of, host_of, is_loopback, split_address, turn_of
from reader.web.answers import LONGEST_RETRY, NO_VALIDATORS, Answer, PassingError, Validators, refuse
from reader.web.transfer import Limits, Transfer

LONGEST_WAIT = 20.0
"""The longest wait, in seconds, for a second try at once; where a server asks for more, the request fails."""
_PAUSES = (2.0, 4.0)
_SLICE = 0.5
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})


class Client:
    """Fetches addresses, one at a time from each host, with a pause after each.

    ``sleep`` and ``monotonic`` (both in seconds) are the clock of all waits; ``cancelled`` is asked during waits and
    transfers. Close it after use. May be used by several threads.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        cancelled: Cancelled = never,
        limits: Limits | None = None,
    ) -> None:
        self._sleep, self._monotonic, self._cancelled = sleep, monotonic, cancelled
        self._limits = limits or Limits()
        self._transfer = Transfer(self._limits, cancelled)
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._ended: dict[str, float] = {}
        self._held: dict[str, tuple[float, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transfer.close()

    def hold(self, host: str, seconds: float, sentence: str) -> None:
        """Send a host no request for some time, as it asked for; it is named as :func:`turn_of` names it.

        A time longer than any that is obeyed comes from a clock that was wrong, and counts as nothing.
        """
        if 0 < seconds <= LONGEST_RETRY:
            self._held[host] = (self._monotonic() + seconds, sentence)

    def held(self) -> dict[str, tuple[float, str]]:
        """The hosts that want no request: for how many seconds, and the sentence that said so."""
        now = self._monotonic()
        return {host: (until - now, sentence) for host, (until, sentence) in list(self._held.items()) if until > now}

    def get(
        self, address: str, *, accept: str, validators: Validators = NO_VALIDATORS, proxy: str | None = None
    ) -> Answer | None:
        """The answer of an address; None if its server says that ``validators`` still describe it.

        ``accept`` names the wanted types of content. Raises :class:`FetchError` for everything but a whole success, and
        :class:`WorkCancelledError` once cancelled.
        """
        headers = {"Accept": accept, **validators.headers()}
        for pause in _PAUSES:
            try:
                return self._follow(address, headers, proxy)
            except PassingError as error:
                wait = max(pause, error.retry_at or 0.0)
                if wait > LONGEST_WAIT:
                    raise
                self._wait(wait, proxy or address)
        return self._follow(address, headers, proxy)

    def _follow(self, address: str, headers: dict[str, str], proxy: str | None) -> Answer | None:
        """The answer of an address, or of the one that it leads to."""
        here = address
        for _ in range(self._limits.redirects + 1):
            answer = self._take_turn(here, headers, proxy)
            if answer.status not in _REDIRECTIONS:
                if answer.status == 304 and len(headers) > 1:
                    return None
                self._check(answer, here)
                return answer
            here = redirection(here, answer.headers.get("location", ""))
        raise FetchError(f"{host_of(address)} leads from one address to the next without end. Check the address.")

    def _take_turn(self, address: str, headers: dict[str, str], proxy: str | None) -> Answer:
        """Send one request when its host's turn has come and its pause is over."""
        turn = turn_of(address)
        with self._turns[turn]:
            self._refuse_held(turn, proxy or address)
            if turn in self._ended:
                due = self._ended[turn] + gap_of(address)
                self._wait(max(due - self._monotonic(), 0.0), proxy or address)
            try:
                return self._transfer.send(address, headers, proxy)
            finally:
                self._ended[turn] = self._monotonic()

    def _check(self, answer: Answer, address: str) -> None:
        """Raise for an answer that is no success, and remember for how long its server wants no request."""
        try:
            refuse(answer, host_of(address))
        except FetchError as error:
            self.hold(turn_of(address), error.retry_at or 0.0, str(error))
            raise

    def _refuse_held(self, turn: str, called: str) -> None:
        """Raise again what a server said that wants no request for a longer time."""
        until, sentence = self._held.get(turn, (0.0, ""))
        rest = until - self._monotonic()
        if sentence and rest > 0 and fetch_delay(called) is None:
            if rest > LONGEST_WAIT:
                raise FetchError(sentence, rest)
            self._wait(rest, called)

    def _wait(self, seconds: float, called: str) -> None:
        """Wait, unless ``called`` is on this machine and the wait is replaced; raises once cancelled."""
        delay = fetch_delay(called)
        rest = seconds if delay is None else min(delay, seconds) if seconds == 0 else delay
        while rest > 0 and not self._cancelled():
            self._sleep(min(rest, _SLICE))
            rest -= _SLICE
        if self._cancelled():
            raise WorkCancelledError


def redirection(here: str, location: str) -> str:
    """The address that a redirection leads to.

    Raises :class:`FetchError` where it leads to another host, since no host is called that was not shown before, from
    https to another scheme, or nowhere.
    """
    host = host_of(here)
    if not location.strip():
        raise FetchError(f"{host} leads to another address without naming it. Try again later.")
    try:
        there = urljoin(here, location.strip())
        parts, before = split_address(there), split_address(here)
    except (ReaderError, ValueError) as error:
        raise FetchError(f"{host} leads to an address that is not one of the web. Check the address.") from error
    if before.scheme == "https" and parts.scheme != "https":
        raise FetchError(f"{host} leads from a secure connection to an insecure one, which Lectern does not follow.")
    if not is_same_site(before.hostname or "", parts.hostname or "") or is_loopback(here) != is_loopback(there):
        raise FetchError(f"{host} leads to {host_of(there)}. Subscribe to that address if you trust it.")
    if parts.username is None and before.username is not None and host_of(there) == host:
        parts = parts._replace(netloc=f"{before.netloc.rpartition('@')[0]}@{parts.netloc}")
    return urlunsplit(parts._replace(fragment=""))


def is_same_site(one: str, other: str) -> bool:
    """Whether two hosts are one, or one is within the other's name (``www.example.org`` and ``example.org``)."""
    longer, shorter = sorted((one.lower(), other.lower()), key=len, reverse=True)
    return longer == shorter or (longer.endswith(f".{shorter}") and "." in shorter)
