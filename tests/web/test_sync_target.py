"""Addresses at which libraries meet, over real servers: WebDAV by two of them, S3, SFTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError, SyncTargetMissingError
from reader.web.sync_target import RemoteTarget, remote_target
from tests.services.sync import carriers
from tests.web.server import WebServer


@dataclass
class Place:
    """A server's address for a target, with its password; where its files lie, if that is a folder."""

    address: str
    password: str
    folder: Path | None = None


@pytest.fixture(autouse=True)
def nobody_s_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the home nor the variables of whoever runs the tests."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "NETRC", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (tmp_path / "home").mkdir()


@pytest.fixture(params=["rclone", "wsgidav", "s3", "sftp"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Each kind of server in turn."""
    folder = tmp_path / "served"
    folder.mkdir()
    if request.param == "s3":
        with carriers.s3() as endpoint:
            carriers.make_bucket(endpoint, "lab")
            yield Place(f"s3://anna@lab/papers/of mine?endpoint={endpoint}&region=us-east-1", "tide")
    elif request.param == "sftp":
        with carriers.sftp(folder) as (port, known):
            know_host(tmp_path, known)
            yield Place(f"sftp://anna@127.0.0.1:{port}/papers/of mine", "tide", folder / "papers/of mine")
    else:
        with (carriers.rclone_webdav if request.param == "rclone" else carriers.wsgidav)(folder) as address:
            address = address.replace("//", "//anna@")
            yield Place(f"{address}papers/of%20mine", "tide", folder / "papers/of mine")


@pytest.fixture
def target(place: Place) -> Iterator[RemoteTarget]:
    target = remote_target(place.address, place.password)
    yield target
    target.close()


@contextmanager
def answering(status: int) -> Iterator[str]:
    """The address of a server that answers every request with this status."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_OPTIONS = do_PROPFIND = do_MKCOL = do_PUT = do_GET = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/dav"
        server.shutdown()
        thread.join()


def know_host(home: Path, line: str) -> None:
    (home / "home/.ssh").mkdir()
    (home / "home/.ssh/known_hosts").write_text(line)


def test_what_is_put_at_an_address_is_there_for_another_device(place: Place, target: RemoteTarget) -> None:
    assert target.files() == []
    assert target.get("lectern.json") is None
    assert target.begin(b"{}") == b"{}"
    assert target.begin(b"{another}") == b"{}"
    assert target.files() == []
    large = bytes(range(256)) * 15_000
    target.put("packs/ab.lecp", large)
    target.put("devices/k3y/000000000001-2.lecs", b"segment")
    target.put("devices/k3y/.hidden.lecs", b"x")

    other = remote_target(place.address, place.password)
    listed = other.files()
    assert [(file.name, file.size) for file in listed] == [
        ("devices/k3y/000000000001-2.lecs", 7),
        ("packs/ab.lecp", len(large)),
    ]
    assert all(file.mark for file in listed)
    assert [other.get(file.name) for file in listed] == [b"segment", large]
    assert other.get("packs/cd.lecp") is None
    assert other.get("devices/q9x/1.lecs") is None
    assert other.files() == listed
    with pytest.raises(ValueError, match="devices/k3y"):
        other.delete("q9x", listed[0].name)
    other.delete("k3y", listed[0].name)
    other.delete("k3y", listed[0].name)
    assert other.files() == listed[1:]
    other.close()
    assert "tide" not in target.address
    if place.folder:
        assert (place.folder / "packs/ab.lecp").read_bytes() == large


@pytest.mark.parametrize("place", ["rclone", "wsgidav", "sftp"], indirect=True)  # that S3 server accepts every one
def test_a_wrong_password_is_said(place: Place) -> None:
    target = remote_target(place.address, "wrong")
    for act in (target.files, lambda: target.begin(b"{}"), lambda: target.put("packs/a", b"")):
        with pytest.raises(SyncTargetMissingError, match="does not accept the user name or the password"):
            act()
    target.close()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x", "s3://anna@lab/x?endpoint=http://127.0.0.1:9", "sftp://127.0.0.1:9/x"]
)
def test_a_server_that_is_not_there_is_said(address: str) -> None:
    target = remote_target(address, "tide", patience=5)
    with pytest.raises(SyncTargetMissingError, match="cannot be reached"):
        target.files()
    target.delete("k3y", "devices/k3y/1.lecs")  # another time
    target.close()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "does not accept the user name"),
        (403, "does not allow this"),
        (405, "does not offer WebDAV"),
        (413, "does not accept a file of this size"),
        (423, "is locked"),
        (429, "asks for a pause"),
        (507, "has no room left"),
        (500, r"reports a fault of its own \(500\)"),
    ],
)
def test_what_a_server_answers_becomes_a_sentence(status: int, sentence: str) -> None:
    with answering(status) as address:
        target = remote_target(address)
        with pytest.raises(SyncTargetMissingError, match=sentence) as said:
            target.put("packs/ab.lecp", b"x")
        target.close()
    assert str(said.value).startswith(("127.0.0.1 ", "A file on 127.0.0.1 "))


def test_a_certificate_that_the_system_does_not_trust_is_refused() -> None:
    with WebServer(is_secure=True) as server:
        target = remote_target(f"https://127.0.0.1:{server.port}/dav")
        with pytest.raises(SyncTargetMissingError, match=r"certificate of 127\.0\.0\.1 is not trusted"):
            target.files()
        target.close()


def test_a_host_whose_key_is_not_known_is_refused(tmp_path: Path) -> None:
    """sshfs would trust it."""
    (tmp_path / "served").mkdir()
    with carriers.sftp(tmp_path / "served") as (port, _):
        target = remote_target(f"sftp://anna@127.0.0.1:{port}/papers", "tide")
        with pytest.raises(SyncTargetMissingError, match=r"key of 127\.0\.0\.1 is not known here"):
            target.begin(b"{}")
        target.close()
    assert list((tmp_path / "served").iterdir()) == []


def test_a_password_is_found_where_the_system_s_programs_keep_theirs(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "home/.netrc").write_text("machine 127.0.0.1 login anna password tide\n")
    (tmp_path / "home/.netrc").chmod(0o600)
    with carriers.wsgidav(tmp_path / "served") as address:
        target = remote_target(address)
        target.begin(b"{}")
        target.close()
    (tmp_path / "home/.aws").mkdir()
    (tmp_path / "home/.aws/credentials").write_text(
        "[default]\naws_access_key_id = anna\naws_secret_access_key = tide\n"
    )
    with carriers.s3() as endpoint:
        carriers.make_bucket(endpoint, "lab")
        target = remote_target(f"s3://lab/papers?endpoint={endpoint}&region=us-east-1")
        target.begin(b"{}")
        target.close()


def test_a_bucket_is_never_made() -> None:
    with carriers.s3() as endpoint:
        target = remote_target(f"s3://anna@lab/papers?endpoint={endpoint}&region=us-east-1", "tide")
        with pytest.raises(SyncTargetMissingError, match="lab has no such folder"):
            target.begin(b"{}")
        target.close()


def test_a_missing_extra_is_said_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ReaderError, match=r"pip install 'lectern\[remote\]'"):
        remote_target("https://cloud.example.org/dav")
