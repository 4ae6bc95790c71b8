"""By what a library notices that it is a copy: the machine, and the place and file of its database.

Two libraries that number their writes under one device's name would take each other's for their own, and lose them.
A library whose fingerprint differs therefore goes on under a new name; a library that was merely moved gets one, too,
which costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path

_MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id", "/etc/hostid")
_MULTICAST = 1 << 40
_PATIENCE = 5


def fingerprint(database: Path) -> str:
    """The fingerprint of a library's database file, which exists."""
    seen = database.stat()
    born = getattr(seen, "st_birthtime_ns", None) or getattr(seen, "st_birthtime", None)
    parts = [machine_id(), os.path.normcase(database.resolve()), seen.st_ino, born]
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def machine_id() -> str:
    """What the system calls this machine, the same for all its users and programs; empty where it does not tell."""
    if sys.platform == "win32":
        return _windows_machine_id()
    if sys.platform == "darwin":
        return _mac_machine_id()
    for path in _MACHINE_IDS:
        with suppress(OSError):
            found = Path(path).read_bytes()[:64].decode("ascii", "replace").strip()
            if found and found != "uninitialized":
                return found
    return _network_address()


def _network_address() -> str:
    """The address of a network card; empty where Python would invent one, anew in each process."""
    node = uuid.getnode()
    return "" if node & _MULTICAST else f"{node:x}"


if sys.platform == "win32":
    import winreg

    def _windows_machine_id() -> str:
        with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        return _network_address()

else:

    def _windows_machine_id() -> str:
        return _network_address()


def _mac_machine_id() -> str:
    """The hardware's UUID, as ``ioreg`` prints it."""
    with suppress(OSError, subprocess.SubprocessError):
        asked = ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=_PATIENCE, check=True).stdout
        for line in said.splitlines():
            if "IOPlatformUUID" in line:
                return line.split('"')[-2]
    return _network_address()
