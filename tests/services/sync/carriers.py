"""Real programs that carry files between machines, on ports that are free; skipped by name where missing."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.patience import PATIENCE, a_moment, wait_until

_WSGIDAV = """
import sys
from cheroot.wsgi import Server
from wsgidav.wsgidav_app import WsgiDAVApp

app = WsgiDAVApp({
    "provider_mapping": {"/dav": sys.argv[1]},
    "simple_dc": {"user_mapping": {"*": {"anna": {"password": "tide"}}}},
    "logging": {"enable": False},
})
server = Server(("127.0.0.1", 0), app)
server.prepare()
print("serving", server.bind_addr[1], flush=True)
server.serve()
"""
_SFTP = """
import asyncio, sys, asyncssh

class Anna(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True
    def validate_password(self, user, password):
        return (user, password) == ("anna", "tide")

class Files(asyncssh.SFTPServer):
    def __init__(self, channel):
        super().__init__(channel, chroot=sys.argv[1])

async def serve():
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen("127.0.0.1", 0, server_factory=Anna, server_host_keys=[key], sftp_factory=Files)
    print("serving", server.get_port(), key.export_public_key().decode().strip(), flush=True)
    await server.wait_closed()

asyncio.run(serve())
"""


def needs_program(name: str) -> None:
    """Skip the test where a program is missing."""
    if shutil.which(name) is None:
        pytest.skip(f"needs the program {name}")


@contextmanager
def serving(command: Sequence[str | Path], says: str) -> Iterator[re.Match[str]]:
    """A server that is running, and where its output matched; it is ended afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if found := re.search(says, line):
                break
        else:
            raise AssertionError(f"{command[0]} did not start: {''.join(said)}")
        # Read on, so that a server that says much is never held up by a full pipe.
        reader = threading.Thread(target=process.stdout.read)
        reader.start()
        yield found
    finally:
        process.terminate()
        process.wait(PATIENCE)
        if said and "reader" in locals():
            reader.join()
        process.stdout.close()


@contextmanager
def rclone_webdav(folder: Path) -> Iterator[str]:
    """rclone's WebDAV server for a folder; its address, without user and password (anna, tide)."""
    needs_program("rclone")
    command = ["rclone", "serve", "webdav", folder, "--addr", "127.0.0.1:0", "--config", folder.parent / "none"]
    with serving([*command, "--user", "anna", "--pass", "tide"], r"started on \[?http://127\.0\.0\.1:(\d+)") as found:
        yield f"http://127.0.0.1:{found[1]}/"


@contextmanager
def wsgidav(folder: Path) -> Iterator[str]:
    """WsgiDAV for a folder, likewise."""
    with serving([sys.executable, "-c", _WSGIDAV, folder], r"serving (\d+)") as found:
        yield f"http://127.0.0.1:{found[1]}/dav/"


@contextmanager
def s3() -> Iterator[str]:
    """An S3 server without buckets, at this endpoint."""
    program = Path(sys.executable).with_name("moto_server")
    with serving([program, "-p", "0", "-H", "127.0.0.1"], r"Running on (http://127\.0\.0\.1:\d+)") as found:
        yield found[1]


def make_bucket(endpoint: str, name: str) -> None:
    """A bucket, which Lectern never makes."""
    from s3fs import S3FileSystem

    system = S3FileSystem(key="anna", secret="tide", endpoint_url=endpoint, skip_instance_cache=True)
    system.mkdir(name)
    system.close_session(system.loop, system._s3)


@contextmanager
def sftp(folder: Path) -> Iterator[tuple[int, str]]:
    """An SFTP server for a folder (anna, tide): its port, and its line for a file of known hosts."""
    with serving([sys.executable, "-c", _SFTP, folder], r"serving (\d+) (.+)") as found:
        yield int(found[1]), f"[127.0.0.1]:{found[1]} {found[2]}\n"


@contextmanager
def syncthing(folders: Sequence[Path], homes: Path) -> Iterator[None]:
    """Syncthing processes, one for each folder, which keep the folders in step."""
    needs_program("syncthing")
    ids = [_identified(homes / folder.name) for folder in folders]
    ports = _free_ports(len(folders))
    for folder, port in zip(folders, ports, strict=True):
        (folder / ".stfolder").mkdir(parents=True, exist_ok=True)
        _configure(homes / folder.name / "config.xml", folder, port, dict(zip(ids, ports, strict=True)))
    processes = [
        subprocess.Popen(
            ["syncthing", "serve", f"--home={homes / folder.name}", "--no-browser", "--no-restart"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for folder in folders
    ]
    try:
        yield
        assert [process.poll() for process in processes] == [None] * len(processes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE)


def rclone_copy(source: Path, address: str, *, back: bool) -> None:
    """What a timer of ``rclone copy --immutable`` does with a folder and a WebDAV server, in one direction."""
    remote = f":webdav,url='{address}',user=anna,pass='{_obscured('tide')}':"
    pair = [remote, str(source)] if back else [str(source), remote]
    command = ["rclone", "copy", "--immutable", "--config", str(source.parent / "none"), *pair]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def copied(source: Path, place: Path) -> None:
    """What a person does with a USB stick: copy a folder over another, and let nothing be replaced."""
    for path in sorted(source.rglob("*")):
        there = place / path.relative_to(source)
        if path.is_dir():
            there.mkdir(parents=True, exist_ok=True)
        elif not there.exists():
            shutil.copy2(path, there)


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another program does."""
    wait_until(holds, a_moment)


def _identified(home: Path) -> str:
    """Make the home of a Syncthing process; its device's id."""
    done = subprocess.run(["syncthing", "generate", f"--home={home}"], capture_output=True, text=True)
    found = re.search(r"(?:[A-Z0-9]{7}-){7}[A-Z0-9]{7}", done.stdout + done.stderr)
    assert found, done.stderr
    return found[0]


def _configure(config: Path, folder: Path, port: int, devices: dict[str, int]) -> None:
    """Let a Syncthing process talk to the devices on this machine, and to nothing else."""
    tree = ElementTree.parse(config)
    root = tree.getroot()
    for old in (*root.findall("folder"), *root.findall("device")):
        root.remove(old)
    kept = ElementTree.SubElement(
        root, "folder", id="lectern", path=str(folder), type="sendreceive", rescanIntervalS="60",
        fsWatcherEnabled="true", fsWatcherDelayS="1",
    )  # fmt: skip
    for device, there in devices.items():
        ElementTree.SubElement(kept, "device", id=device)
        known = ElementTree.SubElement(root, "device", id=device, name=f"port {there}", compression="metadata")
        ElementTree.SubElement(known, "address").text = f"tcp://127.0.0.1:{there}"
    options = root.find("options")
    assert options is not None
    wanted = {
        "listenAddress": f"tcp://127.0.0.1:{port}", "globalAnnounceEnabled": "false", "localAnnounceEnabled": "false",
        "relaysEnabled": "false", "natEnabled": "false", "urAccepted": "-1", "startBrowser": "false",
        "crashReportingEnabled": "false", "autoUpgradeIntervalH": "0", "reconnectionIntervalS": "5",
    }  # fmt: skip
    for name, value in wanted.items():
        for old in options.findall(name):
            options.remove(old)
        ElementTree.SubElement(options, name).text = value
    shown = root.find("gui")
    assert shown is not None
    shown.set("enabled", "false")
    tree.write(config)


def _free_ports(count: int) -> list[int]:
    """Ports on which nobody listens now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            with suppress(OSError):
                each.close()


def _obscured(password: str) -> str:
    """A password as rclone takes it."""
    return subprocess.run(["rclone", "obscure", password], capture_output=True, text=True, check=True).stdout.strip()
