"""The addresses of the services that are called, and how long to wait between two requests to one of them.

Environment variables point elsewhere, for mirrors and tests: ``HF_ENDPOINT`` (which Hugging Face's own library obeys,
too), ``LECTERN_ARXIV_ENDPOINT`` (for ``rss.arxiv.org``, ``export.arxiv.org`` and ``arxiv.org`` at once),
``LECTERN_CROSSREF_ENDPOINT``, and ``LECTERN_FEED_PROXY``, an HTTP proxy for feeds alone; a proxy at 127.0.0.1 gets
whole addresses also of https, instead of a request for a tunnel. ``LECTERN_FETCH_DELAY`` is the number of seconds that
replaces every wait between requests to 127.0.0.1, and to no other host.

Sources of the waits: arXiv's terms of use for its APIs, one request in three seconds over one connection
(https://info.arxiv.org/help/api/tou.html), and the ``Crawl-delay: 15`` of https://arxiv.org/robots.txt, which allows
``/list`` and ``/abs``.
"""

from __future__ import annotations

import os
import re
from urllib.parse import SplitResult, urlsplit

from reader.domain.errors import ReaderError

LOOPBACK = "127.0.0.1"
ARXIV_API_GAP = 3.0
ARXIV_PAGE_GAP = 15.0
POLITE_GAP = 1.0
_DEFAULT_PORTS = {"http": 80, "https": 443}


def hugging_face(path: str) -> str:
    """An address at Hugging Face; ``path`` begins with a slash."""
    return _endpoint("HF_ENDPOINT", "https://huggingface.co") + path


def arxiv_feed(path: str) -> str:
    """An address at arXiv's server of daily feeds."""
    return _endpoint("LECTERN_ARXIV_ENDPOINT", "https://rss.arxiv.org") + path


def arxiv_api(path: str) -> str:
    """An address at arXiv's server for programs."""
    return _endpoint("LECTERN_ARXIV_ENDPOINT", "https://export.arxiv.org") + path


def arxiv_page(path: str) -> str:
    """An address of arXiv's website."""
    return _endpoint("LECTERN_ARXIV_ENDPOINT", "https://arxiv.org") + path


def crossref(path: str) -> str:
    """An address at Crossref."""
    return _endpoint("LECTERN_CROSSREF_ENDPOINT", "https://api.crossref.org") + path


def feed_proxy() -> str | None:
    """The proxy that feeds are fetched through; None where there is none."""
    return os.environ.get("LECTERN_FEED_PROXY", "").strip().rstrip("/") or None


def split_address(address: str) -> SplitResult:
    """An address in its parts; raises :class:`ReaderError` if it is none of the web."""
    try:
        parts = urlsplit(address)
        is_understood = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_understood = False
    if not is_understood or parts.scheme not in _DEFAULT_PORTS or re.search(r"[\s\x00-\x1f\x7f\\]", address):
        raise ReaderError("That is not an address of the web; it should begin with https://.")
    return parts


def host_of(address: str) -> str:
    """The host of an address as shown to people, with its port where that is unusual."""
    parts = split_address(address)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = parts.port is None or parts.port == _DEFAULT_PORTS[parts.scheme]
    return host if usual else f"{host}:{parts.port}"


def is_loopback(address: str) -> bool:
    """Whether an address is on this machine, as 127.0.0.1."""
    return split_address(address).hostname == LOOPBACK


def turn_of(address: str) -> str:
    """The name under which requests take turns: the host, and arXiv's hosts together."""
    host = host_of(address)
    return "arxiv.org" if host == "arxiv.org" or host.endswith(".arxiv.org") else host


def gap_of(address: str) -> float:
    """The seconds to wait after one request and before the request of this address."""
    if any(address.startswith(arxiv_page(path)) for path in ("/list/", "/abs/")):
        return ARXIV_PAGE_GAP
    if any(address.startswith(base) for base in (arxiv_api("/api/query"), arxiv_feed("/rss/"))):
        return ARXIV_API_GAP
    return POLITE_GAP


def fetch_delay(address: str) -> float | None:
    """The seconds that replace every wait for this address; None where waits are kept."""
    try:
        delay = float(os.environ.get("LECTERN_FETCH_DELAY", ""))
    except ValueError:
        return None
    return delay if 0 <= delay < float("inf") and is_loopback(address) else None


def _endpoint(variable: str, usual: str) -> str:
    """The endpoint that a variable names, else the usual one; without a slash at its end."""
    endpoint = os.environ.get(variable, "").strip().rstrip("/") or usual
    try:
        split_address(endpoint)
    except ReaderError as error:
        raise ReaderError(f"{variable} is not an address of the web; correct or remove it.") from error
    return endpoint
