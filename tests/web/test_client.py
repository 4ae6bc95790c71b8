"""The manners of every request, shown by a real server and an injected clock."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from reader import __version__
from reader.domain.errors import FetchError, ReaderError, WorkCancelledError
from reader.web.answers import Answer, Validators, retry_after
from reader.web.client import Client, is_same_site, redirection
from reader.web.transfer import Limits
from tests.web.conftest import Clock
from tests.web.server import (
    CERTIFICATE,
    Fault,
    WebServer,
    bomb,
    cut,
    cut_chunks,
    drip,
    endless,
    hang,
    redirect,
    reset,
    status,
)  # fmt: skip

PAGE = "/feed.xml"


@pytest.fixture(autouse=True)
def page(server: WebServer) -> None:
    server.files[PAGE] = (b"<feed>" + b"text " * 500 + b"</feed>", "application/xml")


def get(client: Client, server: WebServer, path: str = PAGE, validators: Validators | None = None) -> Answer | None:
    return client.get(server.url + path, accept="application/xml", validators=validators or Validators())


def trouble(client: Client, server: WebServer, path: str = PAGE) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(client, server, path)
    assert server.url.split("/")[2] in str(caught.value)
    assert str(caught.value).endswith(".")
    return caught.value


def test_an_answer_is_whole_and_unpacked(client: Client, server: WebServer) -> None:
    answer = get(client, server)
    assert answer is not None and answer.content == server.files[PAGE][0]
    (seen,) = server.seen
    assert seen.headers["user-agent"].startswith(f"Lectern/{__version__} (+https://")
    assert (seen.headers["accept"], seen.headers["connection"]) == ("application/xml", "close")
    assert {"cookie", "referer", "authorization"}.isdisjoint(seen.headers)


def test_a_page_that_is_the_same_is_not_sent_again(client: Client, server: WebServer) -> None:
    first = get(client, server)
    assert first is not None and first.validators
    assert get(client, server, validators=first.validators) is None
    server.files[PAGE] = (b"<feed/>", "application/xml")
    changed = get(client, server, validators=first.validators)
    assert changed is not None and changed.content == b"<feed/>"
    assert [seen.is_conditional for seen in server.seen] == [False, True, True]


@pytest.mark.parametrize("headers", [{"etag": ""}, {"etag": '""'}, {"etag": "none"}, {"last-modified": "yesterday"}])
def test_nonsense_does_not_identify_a_version(headers: dict[str, str]) -> None:
    assert not Answer(200, headers, b"", "https://example.org/").validators


def test_an_answer_nobody_asked_a_condition_for_is_a_fault(client: Client, server: WebServer) -> None:
    server.faults.append(Fault(status(304)))
    assert "nothing has changed (304), although Lectern has no earlier copy" in str(trouble(client, server))
    assert len(server.seen) == 1


# --- waits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "seconds"),
    [("/rss/cs.CL", 3.0), ("/api/query?search_query=all:owls", 3.0), ("/list/cs.CL/new", 15.0),
     ("/abs/2509.10001", 15.0), ("/api/daily_papers?date=2025-09-18", 1.0)],
)  # fmt: skip
def test_waits_between_requests_are_kept(
    client: Client, server: WebServer, clock: Clock, path: str, seconds: float
) -> None:
    server.files |= {each.partition("?")[0]: (b"[]", "text/plain") for each in (path,)}
    get(client, server, path)
    assert clock.waited == 0
    for _ in range(2):
        get(client, server, path)
        assert clock.waited == seconds
    clock.now += seconds
    get(client, server, path)
    assert clock.waited == 0


def test_waits_are_shortened_on_this_machine_alone(
    client: Client, server: WebServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LECTERN_FETCH_DELAY", "0.25")
    for _ in range(3):
        get(client, server)
    assert clock.waited == 0.5
    server.faults.append(Fault(status(503), times=1))
    get(client, server)
    assert clock.waited == 0.75
    from reader.web.addresses import fetch_delay

    assert fetch_delay("https://huggingface.co/api/daily_papers") is None
    assert fetch_delay("http://localhost:8000/") is None
    monkeypatch.setenv("LECTERN_FETCH_DELAY", "soon")
    assert fetch_delay(server.url) is None


def test_one_request_at_a_time_from_a_host(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTERN_FETCH_DELAY", "0")
    running, most, lock = 0, 0, threading.Lock()

    def behave(handler: object, body: bytes) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.01)
        with lock:
            running -= 1
        status(200, body)(handler, body)  # type: ignore[arg-type]

    server.faults.append(Fault(behave))
    with Client() as client:
        threads = [threading.Thread(target=get, args=(client, server)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (most, len(server.seen)) == (1, 6)


def test_a_passing_fault_is_tried_again_after_growing_waits(client: Client, server: WebServer, clock: Clock) -> None:
    server.faults.append(Fault(status(503), times=2))
    assert get(client, server) is not None
    assert clock.waited == 2 + 4
    assert len(server.seen) == 3


def test_retry_after_is_obeyed(client: Client, server: WebServer, clock: Clock) -> None:
    server.faults.append(Fault(status(429, retry_after="9"), times=1))
    assert get(client, server) is not None
    assert clock.waited == 9


def test_a_long_retry_after_is_the_time_of_the_next_try(client: Client, server: WebServer, clock: Clock) -> None:
    server.faults.append(Fault(status(429, retry_after="120"), times=1))
    error = trouble(client, server)
    assert (error.retry_at, clock.waited, len(server.seen)) == (120, 0, 1)
    assert "asks for fewer requests (429)" in str(error)
    clock.now += 50
    again = trouble(client, server)
    assert (str(again), again.retry_at, len(server.seen)) == (str(error), 70, 1)
    clock.now += 60
    assert get(client, server) is not None
    assert clock.waited == 10


def test_retry_after_may_be_a_date() -> None:
    now = datetime(2025, 9, 18, 6, tzinfo=UTC)
    then = format_datetime(now + timedelta(minutes=3), usegmt=True)
    assert retry_after({"retry-after": then, "date": format_datetime(now, usegmt=True)}) == 180
    assert retry_after({"retry-after": format_datetime(now, usegmt=True)}) == 0
    assert retry_after({"retry-after": "999999999"}) == 7 * 24 * 3600
    assert retry_after({"retry-after": "soon"}) is retry_after({}) is None


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_what_does_not_pass_is_given_up_after_three_tries(
    client: Client, server: WebServer, clock: Clock, code: int
) -> None:
    server.faults.append(Fault(status(code)))
    error = trouble(client, server)
    assert str(error).endswith(f"({code}). Try again later.")
    assert (error.retry_at, len(server.seen), clock.waited) == (None, 3, 6)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 418])
def test_what_is_refused_is_not_tried_again(client: Client, server: WebServer, code: int) -> None:
    server.faults.append(Fault(status(code)))
    assert f"({code})" in str(trouble(client, server))
    assert len(server.seen) == 1


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [cut, cut_chunks, reset])
def test_a_cut_answer_is_no_answer(client: Client, server: WebServer, fault: object) -> None:
    server.faults.append(Fault(fault))  # type: ignore[arg-type]
    assert "breaks off" in (sentence := str(trouble(client, server))) or "broke" in sentence
    server.faults.clear()
    assert get(client, server) is not None


def test_a_large_answer_is_not_read(hasty: Client, server: WebServer) -> None:
    server.files[PAGE] = (b"x" * 20_001, "text/plain")
    assert "is larger than" in str(trouble(hasty, server))
    server.files[PAGE] = (b"x" * 20_000, "text/plain")
    assert get(hasty, server) is not None


@pytest.mark.parametrize("fault", [endless, bomb])
def test_an_endless_answer_ends_at_the_limit(client: Client, server: WebServer, fault: object) -> None:
    server.faults.append(Fault(fault))  # type: ignore[arg-type]
    assert "is larger than 64 MB" in str(trouble(client, server))
    assert len(server.seen) == 1


def test_a_slow_answer_ends_at_the_limit(hasty: Client, server: WebServer) -> None:
    for fault in (drip(server.stopping), hang(server.stopping)):
        server.faults[:] = [Fault(fault)]
        assert "did not answer within 0.3 seconds" in str(trouble(hasty, server))
    assert len(server.seen) == 2


def test_cancelling_ends_a_transfer_and_a_wait(server: WebServer, clock: Clock) -> None:
    server.faults.append(Fault(hang(server.stopping)))
    is_cancelled = threading.Event()
    with Client(cancelled=is_cancelled.is_set, sleep=clock.sleep, monotonic=clock.monotonic) as client:
        threading.Timer(0.1, is_cancelled.set).start()
        with pytest.raises(WorkCancelledError):
            get(client, server)
        server.faults.clear()
        with pytest.raises(WorkCancelledError):
            get(client, server)
    assert len(server.seen) == 1


def test_strange_packing_is_refused(client: Client, server: WebServer) -> None:
    server.faults.append(Fault(status(200, b"x", content_encoding="gzip, gzip")))
    assert "is damaged" in str(trouble(client, server))
    server.faults[:] = [Fault(status(200, b"no gzip", content_encoding="gzip"))]
    assert "is damaged" in str(trouble(client, server))


def test_a_host_that_is_not_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with WebServer() as gone:
        pass
    with pytest.raises(FetchError, match=r"refuses connections\. Check"):
        client.get(f"http://127.0.0.1:{gone.port}/", accept="*/*")

    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    with pytest.raises(FetchError, match=r"nowhere\.invalid was not found"):
        client.get("http://nowhere.invalid/?token=hush", accept="*/*")


def test_a_certificate_nobody_vouches_for(client: Client) -> None:
    with WebServer(is_secure=True) as server:
        server.files[PAGE] = (b"", "text/plain")
        assert "does not trust its certificate" in str(trouble(client, server))
        assert server.seen == []


def test_certificates_are_the_systems(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with WebServer(is_secure=True) as server:
        server.files[PAGE] = (b"safe", "text/plain")
        answer = get(client, server)
        assert answer is not None and answer.content == b"safe"
        server.faults.append(Fault(redirect(f"http://127.0.0.1:{server.port}{PAGE}")))
        assert "from a secure connection to an insecure one" in str(trouble(client, server))


# --- redirections and addresses ---------------------------------------------------------------------------------------


def test_redirections_are_followed_five_times(client: Client, server: WebServer) -> None:
    for number in range(5):
        server.faults.append(Fault(redirect(f"/{number + 1}" if number < 4 else PAGE), f"/{number}"))
    answer = get(client, server, "/0")
    assert answer is not None and answer.address == server.url + PAGE
    server.faults.append(Fault(redirect("/0"), "/start"))
    assert "without end" in str(trouble(client, server, "/start"))


def test_a_redirection_to_nowhere_is_told_from_one_without_end(client: Client, server: WebServer) -> None:
    server.faults.append(Fault(status(302)))
    assert "leads to another address without naming it" in str(trouble(client, server))
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("here", "location", "reason"),
    [
        ("https://example.org/a", "http://example.org/a", "insecure"),
        ("https://example.org/a", "file:///etc/passwd", "not one of the web"),
        ("http://example.org/a", "ftp://example.org/a", "not one of the web"),
        ("https://example.org/a", " ", "without naming it"),
        ("https://example.org/a", "https://other.example/a?key=hush", "leads to other.example. Subscribe"),
        ("https://example.org/a", "https://127.0.0.1/a", "leads to 127.0.0.1"),
        ("https://example.org/a", "https://exam ple/", "not one of the web"),
    ],
)
def test_redirections_that_are_not_followed(here: str, location: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason) as caught:
        redirection(here, location)
    assert "hush" not in str(caught.value)


def test_redirections_within_a_site_are_followed() -> None:
    assert redirection("http://example.org/a", "https://www.example.org/b#c") == "https://www.example.org/b"
    assert redirection("https://mia:hush@example.org/a", "/b") == "https://mia:hush@example.org/b"
    assert redirection("https://mia:hush@example.org/a", "https://www.example.org/b") == "https://www.example.org/b"
    assert not is_same_site("org", "example.org")
    assert not is_same_site("badexample.org", "example.org")


def test_secrets_go_to_the_server_and_into_no_message(client: Client, server: WebServer) -> None:
    address = server.url.replace("//", "//mia:hush@") + PAGE + "?token=hush"
    assert client.get(address, accept="*/*") is not None
    assert server.seen[0].headers["authorization"] == "Basic bWlhOmh1c2g="
    assert server.seen[0].query == {"token": "hush"}
    for fault in (status(404), status(503), cut, reset, redirect("http://other.example/?token=hush")):
        server.faults[:] = [Fault(fault)]
        with pytest.raises(FetchError) as caught:
            client.get(address, accept="*/*")
        assert "hush" not in str(caught.value)


@pytest.mark.parametrize("address", ["", "example.org", "ftp://example.org", "https://", "http://a b/", "http://[x/"])
def test_what_is_no_address_is_refused(client: Client, address: str) -> None:
    with pytest.raises(ReaderError, match="not an address of the web"):
        client.get(address, accept="*/*")


def test_a_proxy_gets_its_requests(client: Client, server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    target = "http://journal.example/feed.xml"
    server.files[target] = (b"<feed/>", "application/xml")
    answer = client.get(target, accept="*/*", proxy=server.url)
    assert answer is not None and answer.content == b"<feed/>"
    assert (server.seen[0].target, server.seen[0].headers["host"]) == (target, "journal.example")
    monkeypatch.setenv("http_proxy", server.url)
    assert client.get(target, accept="*/*") is not None
    assert server.seen[-1].target == target
    get(client, server)
    assert server.seen[-1].target == PAGE


def test_limits_are_those_that_were_promised() -> None:
    assert Limits() == Limits(bytes=64 * 1024**2, seconds=60.0, redirects=5)
