"""A real HTTP server on 127.0.0.1 that plays Hugging Face, arXiv, Crossref and feeds, with every fault on request.

``with WebServer() as server:`` serves what its dictionaries hold. ``server.environment()`` are the variables that send
Lectern here. Every request is in ``server.seen``; ``server.faults`` are the faults to come, the first that fits a path
is used up. Answers have an ``ETag`` and a ``Last-Modified``, and are 304 for a client that has them already.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.web import papers as shapes
from tests.web.papers import Invented

MODIFIED = "Thu, 18 Sep 2025 06:00:00 GMT"
CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""A certificate for 127.0.0.1 that no system trusts, with its key."""


@dataclass
class Seen:
    """A request: its path, its query, its headers (names in lower case), and the answer's status."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    target: str
    status: int = 0

    @property
    def is_conditional(self) -> bool:
        """Whether it asked only for another version."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


Behaviour = Callable[[BaseHTTPRequestHandler, bytes], None]
"""What a fault does instead of the answer: the handler, and the body that it would have had."""


@dataclass
class Fault:
    """A fault for the paths that begin so; for so many ``times``, or always."""

    behaviour: Behaviour
    path: str = "/"
    times: int | None = None


def status(code: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer with a status, and headers such as ``retry_after="120"``."""

    def behave(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-").title(), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def web_page(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Answer with a page for people, as a network that wants a sign-in does, validators included."""
    page = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
    status(200, page, content_type="text/html", etag='"sign-in"')(handler, b"")


def cut(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Promise the whole body, send half of it, and hang up."""
    _head(handler, str(len(body)))
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def cut_chunks(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Send half of the body as a chunk, and hang up without the end."""
    _head(handler, None)
    half = body[: len(body) // 2]
    handler.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
    handler.close_connection = True


def cut_unsaid(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """Send half of the body and hang up, without ever saying how long it is."""
    handler.protocol_version = "HTTP/1.0"
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Send the beginning of a list that never ends, as fast as it is read."""
    _head(handler, None)
    piece = b"[" + b" " * 65_535
    with suppress(OSError):
        while True:
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")


def bomb(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Send 80 MiB of blanks, packed into 80 kB."""
    packed = gzip.compress(b" " * (80 * 1024 * 1024))
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(packed)))
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(packed)


def reset(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Hang up without an answer."""
    handler.close_connection = True


def redirect(location: str, code: int = 302) -> Behaviour:
    """Lead to another address."""
    return status(code, location=location)


def drip(stop: threading.Event) -> Behaviour:
    """Send a byte of a body now and then, until ``stop`` (the server's ``stopping``)."""

    def behave(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        _head(handler, "15000")
        with suppress(OSError):
            while not stop.wait(0.02):
                handler.wfile.write(b" ")
                handler.wfile.flush()

    return behave


def hang(stop: threading.Event) -> Behaviour:
    """Send nothing at all, until ``stop``."""

    def behave(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        stop.wait()
        handler.close_connection = True

    return behave


def _head(handler: BaseHTTPRequestHandler, length: str | None) -> None:
    handler.send_response(200)
    handler.send_header("ETag", '"bad"')
    name, value = ("Transfer-Encoding", "chunked") if length is None else ("Content-Length", length)
    handler.send_header(name, value)
    handler.end_headers()


@dataclass
class WebServer:
    """The server and all that it holds; change it between requests as a real source changes."""

    pages: dict[str, list[Invented]] = field(default_factory=dict)
    """Daily Papers by page: ``2025-09-18``, ``2025-W38``, ``2025-09``. Other pages are empty."""
    searches: dict[str, list[Invented]] = field(default_factory=dict)
    """What Hugging Face's search finds for these words."""
    papers: dict[str, Invented] = field(default_factory=dict)
    """Single papers, by arXiv identifier: ``/api/papers/ID``, ``/abs/ID`` and ``id_list=``."""
    announced: dict[str, tuple[date, list[Invented]]] = field(default_factory=dict)
    """arXiv's daily feed by categories (``cs.CL+cs.LG``)."""
    listed: dict[str, tuple[date, list[Invented]]] = field(default_factory=dict)
    """arXiv's pages of new papers by category."""
    queries: dict[str, list[Invented]] = field(default_factory=dict)
    """What arXiv's API finds for a ``search_query``."""
    works: dict[str, Invented] = field(default_factory=dict)
    """Crossref's works by DOI (in lower case)."""
    work_searches: dict[str, list[Invented]] = field(default_factory=dict)
    """What Crossref finds for a ``query.bibliographic``, ``query.title`` or ``query``."""
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Other paths: content and type. A proxy's request is looked up by its whole address."""
    faults: list[Fault] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    has_validators: bool = True
    own_limit: int | None = None
    """The entries in an answer of Daily Papers, whatever is asked for."""
    is_secure: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        server = _Listener(self)
        if self.is_secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"{'https' if self.is_secure else 'http'}://127.0.0.1:{self.port}"

    def environment(self, delay: float | None = 0) -> dict[str, str]:
        """The environment variables that send every request here, with that delay (seconds) instead of all waits."""
        names = ("HF_ENDPOINT", "LECTERN_ARXIV_ENDPOINT", "LECTERN_CROSSREF_ENDPOINT", "LECTERN_FEED_PROXY")
        return dict.fromkeys(names, self.url) | ({} if delay is None else {"LECTERN_FETCH_DELAY": str(delay)})

    def paths(self) -> list[str]:
        """The paths of all requests so far."""
        return [each.path for each in self.seen]

    def answer(self, path: str, query: dict[str, str], target: str) -> tuple[bytes, str] | None:
        """The content and the type for a request; None where there is no such page."""
        if target in self.files or path in self.files:
            return self.files.get(target) or self.files[path]
        for begins, answer in _ROUTES.items():
            if path.startswith(begins):
                return answer(self, unquote(path[len(begins) :]), query)
        return None


def _daily(server: WebServer, _: str, query: dict[str, str]) -> tuple[bytes, str]:
    name = query.get("date") or query.get("week") or query.get("month") or ""
    limit, start = server.own_limit or int(query.get("limit", "50")), int(query.get("p", "0"))
    found = server.pages.get(name, [])[start * limit : (start + 1) * limit]
    return _json([shapes.hugging_face_entry(paper) for paper in found])


def _search(server: WebServer, _: str, query: dict[str, str]) -> tuple[bytes, str]:
    return _json([shapes.hugging_face_entry(paper) for paper in server.searches.get(query.get("q", ""), [])])


def _paper(server: WebServer, name: str, _: dict[str, str]) -> tuple[bytes, str] | None:
    paper = server.papers.get(name)
    return _json(shapes.hugging_face_paper(paper)) if paper else None


def _feed(server: WebServer, name: str, _: dict[str, str]) -> tuple[bytes, str]:
    day, found = server.announced.get(name, (date(2025, 9, 18), []))
    return shapes.arxiv_rss(name, day, found), "application/rss+xml"


def _listing(server: WebServer, name: str, _: dict[str, str]) -> tuple[bytes, str] | None:
    category = name.removesuffix("/new")
    if category not in server.listed:
        return None
    return shapes.arxiv_listing(category, *server.listed[category]), "text/html; charset=utf-8"


def _query(server: WebServer, _: str, query: dict[str, str]) -> tuple[bytes, str]:
    start, most = int(query.get("start", "0")), int(query.get("max_results", "10"))
    asked, identifiers = query.get("search_query", ""), query.get("id_list", "")
    found = server.queries.get(asked, [])
    if identifiers:
        found = [server.papers[each] for each in identifiers.split(",") if each in server.papers]
    return shapes.arxiv_atom(asked, found[start : start + most], len(found), start), "application/atom+xml"


def _abstract(server: WebServer, name: str, _: dict[str, str]) -> tuple[bytes, str] | None:
    paper = server.papers.get(name)
    return (shapes.arxiv_abstract_page(paper), "text/html; charset=utf-8") if paper else None


def _works(server: WebServer, name: str, query: dict[str, str]) -> tuple[bytes, str] | None:
    if name.strip("/"):
        work = server.works.get(name.strip("/").lower())
        return _json({"status": "ok", "message": shapes.crossref_work(work)}) if work else None
    if wanted := query.get("filter"):
        dois = [part.removeprefix("doi:").lower() for part in wanted.split(",")]
        found = [server.works[doi] for doi in dois if doi in server.works]
        message = {"total-results": len(found), "items": [shapes.crossref_work(work) for work in found]}
        return _json({"status": "ok", "message-type": "work-list", "message": message})
    asked = query.get("query.bibliographic") or query.get("query.title") or query.get("query") or ""
    items = [shapes.crossref_work(paper) for paper in server.work_searches.get(asked, [])]
    message = {"total-results": len(items), "items": items[: int(query.get("rows", "20"))]}
    return _json({"status": "ok", "message-type": "work-list", "message": message})


def _json(value: object) -> tuple[bytes, str]:
    return json.dumps(value).encode(), "application/json; charset=utf-8"


_ROUTES: dict[str, Callable[[WebServer, str, dict[str, str]], tuple[bytes, str] | None]] = {
    "/api/daily_papers": _daily,
    "/api/papers/search": _search,
    "/api/papers/": _paper,
    "/rss/": _feed,
    "/list/": _listing,
    "/api/query": _query,
    "/abs/": _abstract,
    "/works": _works,
}


class _Listener(ThreadingHTTPServer):
    """The socket; clients that hang up are no errors."""

    daemon_threads = True

    def __init__(self, web: WebServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web

    def handle_error(self, *_: object) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: _Listener

    def do_GET(self) -> None:
        web, parts = self.server.web, urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        web.seen.append(Seen(parts.path, query, headers, self.path))
        found = web.answer(parts.path, query, self.path)
        fault = next((each for each in web.faults if parts.path.startswith(each.path)), None)
        if fault is not None:
            self._use_up(fault)
            fault.behaviour(self, found[0] if found else b"")
        elif found is None:
            status(404)(self, b"")
        else:
            self._send(*found)

    def _use_up(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.server.web.faults.remove(fault)

    def _send(self, body: bytes, kind: str) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        has_validators = self.server.web.has_validators
        is_known = has_validators and self.headers.get("If-None-Match") == etag
        self.send_response(304 if is_known else 200)
        if has_validators:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", MODIFIED)
        packed = gzip.compress(body, mtime=0)
        if not is_known:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        if not is_known:
            self.wfile.write(packed)

    def send_response(self, code: int, message: str | None = None) -> None:
        self.server.web.seen[-1].status = code
        super().send_response(code, message)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def playing(patch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server to which every request of this process is sent, without waits."""
    with WebServer() as server:
        for name, value in server.environment().items():
            patch.setenv(name, value)
        yield server
