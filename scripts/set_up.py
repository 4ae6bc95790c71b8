"""Make this checkout ready to run or to test: system libraries, the virtual environment ``.venv``, its packages.

``python3 scripts/set_up.py run`` (or ``test``) is what ``make run`` and ``make test`` begin with. Where nothing
changed since the last time it does nothing and takes well under a second; with ``--this-python`` an environment made
from another Python than the one that runs this is made again. It only needs the standard library, and its annotations
stand in quotes so that a Python that is too old still gets as far as being told so.

System packages are installed when run as root; anyone else is shown the one line that installs them. Everything that
can go wrong on a user's machine ends in a sentence and exit code 1, never in a traceback.
"""

import ctypes
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

OLDEST_PYTHON = (3, 11)
CHECKOUT = Path(__file__).resolve().parent.parent
STAMP_NAME = "lectern-set-up.json"
TOLD_NAME = "lectern-tools-lacking.txt"

OFFSCREEN_LIBRARIES = {
    # shared library: (Debian's package, Fedora's package)
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
}
"""What Qt's modules and its offscreen platform are linked to and a minimal system lacks."""

X11_LIBRARIES = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
"""What Qt's X11 platform needs on top, also where a Wayland session runs it through XWayland."""

TEST_TOOLS = {
    "strace": ("strace", "strace"),
    "syncthing": ("syncthing", "syncthing"),
    "rclone": ("rclone", "rclone"),
    "qpdf": ("qpdf", "qpdf"),
    "mutool": ("mupdf-tools", "mupdf"),
}
"""Programs that some tests use and are skipped without, by name; packages as above."""

THIS_PYTHON = [sys.version, os.path.realpath(sys.base_prefix)]
PYTHON_CHECK = "import json, os, sys; print(json.dumps([sys.version, os.path.realpath(sys.base_prefix)]))"
"""Prints THIS_PYTHON of the Python that runs it."""

QT_CHECK = """
import ctypes, os, sys
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QLibraryInfo
from PySide6.QtWidgets import QApplication
QApplication([])
for platform in sys.argv[1:]:
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    ctypes.CDLL(str(folder / "platforms" / f"libq{platform}.so"))
"""
"""Starts Qt without a screen and loads, but does not start, further platforms; fails where a library is missing."""


class SetUpError(Exception):
    """What the user has to do or to know; ``str(error)`` is all that is shown."""


def main(arguments: "list[str]") -> int:
    """Set up for ``run`` or ``test`` and return the exit code."""
    purpose = arguments[0] if arguments else ""
    if purpose not in ("run", "test") or arguments[1:] not in ([], ["--this-python"]):
        print("usage: set_up.py run|test [--this-python]", file=sys.stderr)
        return 2
    try:
        check_python(sys.version_info[:2])
        provide_system_packages(needed_libraries(purpose, sys.platform, os.environ))
        provide_environment(CHECKOUT, purpose, with_this_python="--this-python" in arguments)
        if purpose == "test" and sys.platform.startswith("linux"):
            provide_test_tools(CHECKOUT / ".venv", TEST_TOOLS)
    except SetUpError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def check_python(version: "tuple[int, ...]") -> None:
    """Refuse a Python older than Lectern supports."""
    if version < OLDEST_PYTHON:
        raise SetUpError(
            "Lectern needs Python {}.{} or newer, and this is {}.{}. Install a newer one, or name it: "
            "make run PYTHON=/path/to/python3".format(*OLDEST_PYTHON, *version)
        )


# --- system libraries ------------------------------------------------------------------------------------------------


def needed_libraries(
    purpose: str, platform: str, environment: "os._Environ[str] | dict[str, str]"
) -> "dict[str, tuple[str, str]]":
    """The shared libraries that Qt needs here and does not bring along; none outside Linux."""
    if not platform.startswith("linux"):
        return {}
    # Who chose another platform (offscreen, wayland, vnc) needs nothing of X11.
    on_x11 = purpose == "run" and environment.get("QT_QPA_PLATFORM", "xcb").startswith("xcb")
    return {**OFFSCREEN_LIBRARIES, **(X11_LIBRARIES if on_x11 else {})}


def is_loadable(library: str) -> bool:
    """Whether the system's loader finds a shared library, wherever it looks."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def provide_system_packages(libraries: "dict[str, tuple[str, str]]") -> None:
    """Install the system packages that are missing, or say which line does.

    Raises SetUpError where this user may not install, the system's package tool is not known, or it failed.
    """
    missing = [library for library in libraries if not is_loadable(library)]
    no_venv = importlib.util.find_spec("ensurepip") is None
    if not missing and not no_venv:
        return
    commands = install_commands([libraries[library] for library in missing], no_venv=no_venv)
    what = "This system lacks " + enumerate_briefly(["Python's venv module"] * no_venv + missing)
    if not commands:
        raise SetUpError(f"{what}. Install what provides them with the system's package tool.")
    if os.geteuid() != 0:
        line = " && ".join("sudo " + " ".join(shlex.quote(word) for word in command) for command in commands)
        raise SetUpError(f"{what}. This line installs what is needed:\n\n    {line}")
    print(f"{what}; installing", flush=True)
    for command in commands:
        run_quietly(command)
    still_missing = [library for library in missing if not is_loadable(library)]
    if still_missing:
        raise SetUpError(f"Installed, but still not found: {', '.join(still_missing)}.")


def provide_test_tools(folder: Path, tools: "dict[str, tuple[str, str]]") -> None:
    """Install what some tests want and need not have; where that fails, say so and go on.

    Tried and told once for each environment in ``folder``: without a network every attempt takes its time.
    """
    missing = sorted(tool for tool in tools if shutil.which(tool) is None)
    told = folder / TOLD_NAME
    if not missing or (told.exists() and told.read_text(encoding="utf-8").split() == missing):
        return
    names = enumerate_briefly(missing)
    if os.geteuid() == 0 and install_commands([], no_venv=False):
        print(f"Some tests use {names}; installing", flush=True)
        for number, tool in enumerate(missing):  # one by one: a system may offer some of them only
            commands = install_commands([tools[tool]], no_venv=False)
            try:
                for command in commands[-1:] if number else commands:
                    run_quietly(command)
            except SetUpError as error:
                print(error, flush=True)
    missing = [tool for tool in missing if shutil.which(tool) is None]
    if missing:
        print(f"This system lacks {enumerate_briefly(missing)}; the tests that use it are skipped", flush=True)
        told.write_text("\n".join(missing), encoding="utf-8")


def install_commands(packages: "list[tuple[str, str]]", *, no_venv: bool) -> "list[list[str]]":
    """The commands that install packages with this system's package tool; none where it is neither apt nor dnf."""
    # Fedora's Python has venv built in; Debian's keeps it in a package named after the version.
    venv_package = "python{}.{}-venv".format(*sys.version_info[:2])
    if shutil.which("apt-get"):
        names = [venv_package] * no_venv + sorted({debian for debian, _ in packages})
        # A fresh system or container has no package lists yet.
        return [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *names]]
    if shutil.which("dnf"):
        names = ["python3-libs"] * no_venv + sorted({fedora for _, fedora in packages})
        return [["dnf", "install", "-y", *names]]
    return []


def enumerate_briefly(names: "list[str]") -> str:
    """The first few of several names, and how many more there are."""
    few = 4
    return ", ".join(names[:few]) + (f" and {len(names) - few} more" if len(names) > few else "")


def run_quietly(command: "list[str]") -> None:
    """Run a package tool without questions; its output is shown only if it fails."""
    done = subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        raise SetUpError(f"{done.stdout.strip()}\n\nThis failed: {' '.join(command)}")


# --- the virtual environment -----------------------------------------------------------------------------------------


def provide_environment(checkout: Path, purpose: str, *, with_this_python: bool = False) -> None:
    """Bring ``.venv`` up to date with pyproject.toml; a broken one, or one of a moved checkout, is made anew.

    One made from another Python than this one is as good, unless it has to be ``with_this_python``.
    """
    folder = checkout / ".venv"
    stamp = read_stamp(folder)
    extras = set(stamp.get("extras", [])) | ({"dev"} if purpose == "test" else set())
    version = environment_version(folder)
    moved = stamp.get("checkout", str(checkout)) != str(checkout)
    unfit = moved or version is None or (with_this_python and python_behind(folder) != THIS_PYTHON)
    if not unfit and stamp and stamp == expected_stamp(checkout, extras, str(version)):
        return
    if unfit or stamp.get("python", version) != version:
        print(f"Creating {folder} with Python {sys.version.split()[0]}", flush=True)
        make_environment(folder)
        version = environment_version(folder)
    (folder / STAMP_NAME).unlink(missing_ok=True)
    install_packages(checkout, folder, extras)
    check_qt(folder, purpose)
    (folder / STAMP_NAME).write_text(json.dumps(expected_stamp(checkout, extras, str(version))), encoding="utf-8")


def expected_stamp(checkout: Path, extras: "set[str]", version: str) -> "dict[str, Any]":
    """What an up-to-date environment's stamp says; any difference means there is something to do."""
    digest = hashlib.sha256((checkout / "pyproject.toml").read_bytes()).hexdigest()
    return {"checkout": str(checkout), "python": version, "pyproject": digest, "extras": sorted(extras)}


def read_stamp(folder: Path) -> "dict[str, Any]":
    """The environment's stamp, empty where it has none that can be read."""
    try:
        stamp = json.loads((folder / STAMP_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def environment_python(folder: Path) -> Path:
    """The interpreter of the environment in ``folder``."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment_version(folder: Path) -> "str | None":
    """The version of an environment's Python, or None where that does not run, is too old or has no pip."""
    check = (
        "import importlib.util, sys; print(sys.version.split()[0]);"
        f"sys.exit(sys.version_info < {OLDEST_PYTHON} or importlib.util.find_spec('pip') is None)"
    )
    try:
        done = subprocess.run([str(environment_python(folder)), "-I", "-c", check], stdout=subprocess.PIPE, text=True)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def python_behind(folder: Path) -> "list[str]":
    """The Python an environment was made from: its version with its build, and where it is installed; else empty."""
    try:
        done = subprocess.run(
            [str(environment_python(folder)), "-I", "-c", PYTHON_CHECK], stdout=subprocess.PIPE, text=True
        )
        return [str(part) for part in json.loads(done.stdout)]
    except (OSError, ValueError):
        return []


def make_environment(folder: Path) -> None:
    """Make a new, empty environment in place of whatever is in ``folder``."""
    # Inside a virtual environment (it may be the very one that goes) the Python it was made from.
    python = getattr(sys, "_base_executable", None) or sys.executable
    try:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise SetUpError(f"{folder} is broken and cannot be deleted: {error}") from error
    done = subprocess.run(
        [python, "-m", "venv", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode != 0 or environment_version(folder) is None:
        raise SetUpError(f"{done.stdout.strip()}\n\n{python} could not make a virtual environment in {folder}.")


def install_packages(checkout: Path, folder: Path, extras: "set[str]") -> None:
    """Install Lectern from this checkout (as it is, without a copy) with what it depends on."""
    target = f".[{','.join(sorted(extras))}]" if extras else "."
    print("Installing the packages Lectern uses; the first time this takes a minute or two", flush=True)
    pip = [str(environment_python(folder)), "-m", "pip", "install", "--disable-pip-version-check"]
    # Progress is for who watches; a log is better off without.
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    if subprocess.run([*pip, *quiet, "--editable", target], cwd=checkout).returncode != 0:
        raise SetUpError("The packages could not be installed; the lines above say why. Then repeat the command.")


def check_qt(folder: Path, purpose: str) -> None:
    """See that Qt starts, so that a library no table knows of is named here and not by a crash later."""
    needs_x11 = "libxcb-cursor.so.0" in needed_libraries(purpose, sys.platform, os.environ)
    done = subprocess.run(
        [str(environment_python(folder)), "-c", QT_CHECK, *(["xcb"] if needs_x11 else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        reason = done.stdout.strip().splitlines()[-1:] or [f"it ended with code {done.returncode}"]
        raise SetUpError(f"Qt does not start on this system: {reason[0]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
