"""The log, and reports of faults: what happened and where, and never what anybody reads or writes.

Titles, notes, tags and file names turn up in the messages of exceptions, so of an exception its type and the lines of
our code are kept and its message is not, unless the system wrote it (``errno``, SQLite's code). Other packages' log
messages are withheld for the same reason. What a report holds can be pasted into a public bug tracker as it is.

For a window: :class:`Diagnostics` at the very start, ``on_crash`` shows what it is given (each fault once), ``stop`` at
the end. Exceptions that Python itself would only print (in threads, in ``__del__``) arrive there, too.
"""

from __future__ import annotations

import faulthandler
import hashlib
import logging
import os
import platform
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import platformdirs

import reader
from reader import __version__
from reader.storage.connection import SQLITE_VERSION

ENVIRONMENT_VARIABLE = "LECTERN_LOGS"
LOG_NAME, NATIVE_NAME = "lectern.log", "native.log"
_LOG_BYTES, _LOG_FILES = 1 << 20, 4
_DEEPEST, _MOST_FRAMES = 5, 40
_PACKAGE = "reader"
_ROOT = Path(reader.__file__).resolve().parents[1]

_log = logging.getLogger(f"{_PACKAGE}.diagnostics")


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A fault of ours: ``summary`` is a line to show, ``details`` the text to copy; ``signature`` is its place."""

    signature: str
    summary: str
    details: str


class Diagnostics:
    """The log of this process and what catches its faults; one at a time."""

    def __init__(
        self, folder: Path | None = None, *, on_crash: Callable[[CrashReport], None] | None = None, about: str = ""
    ) -> None:
        """Begin to log into ``folder`` (by default the user's) and to catch what nobody else does.

        ``on_crash`` is called on the thread that failed. ``about`` joins the reports' first lines (Qt's version).
        """
        self.folder = folder or log_folder()
        self._on_crash = on_crash
        self._about = about
        self._seen: Counter[str] = Counter()
        self._native: IO[str] | None = None
        self._handler = self._open_log()
        logging.getLogger().addHandler(self._handler)
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        sys.unraisablehook = self._caught_unraisable

    def stop(self) -> None:
        """Give everything back as it was."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        if self._native is not None:
            faulthandler.disable()
            self._native.close()
            self._native = None

    def __enter__(self) -> Diagnostics:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def record(self, error: BaseException) -> CrashReport | None:
        """Log a fault and return its report; None if it was reported before, as a fault in painting is all the time."""
        signature = signature_of(error)
        self._seen[signature] += 1
        count = self._seen[signature]
        if count & (count - 1) == 0:
            _log.error("fault %s, time %d", signature, count, exc_info=error)
        return report_on(error, self._about) if count == 1 else None

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            self._hooks[0](kind, error, trace)
            return
        self._tell(error)

    def _caught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None and not isinstance(caught.exc_value, SystemExit):
            self._tell(caught.exc_value)

    def _caught_unraisable(self, caught: Any) -> None:
        if caught.exc_value is not None:
            self._tell(caught.exc_value)

    def _tell(self, error: BaseException) -> None:
        """Record a fault and show it; showing it must not fail in turn."""
        report = self.record(error)
        if report is None:
            return
        if self._on_crash is None:
            with suppress(OSError, AttributeError):  # there is no console behind a window of its own
                sys.stderr.write(report.details)
            return
        try:
            self._on_crash(report)
        except Exception as failure:
            _log.error("a report could not be shown", exc_info=failure)

    def _open_log(self) -> logging.Handler:
        """The rotating log; where none can be written, nothing is."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handler: logging.Handler = _PrivateLog(self.folder / LOG_NAME)
            self._native = open(self.folder / NATIVE_NAME, "a", encoding="utf-8", opener=_open_private)  # noqa: SIM115
            faulthandler.enable(self._native)
        except OSError:
            handler = logging.NullHandler()
        handler.setFormatter(_DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        return handler


class _PrivateLog(RotatingFileHandler):
    """A log that only this user can read, never larger than some MB; a full disk does not stop the program."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8")

    def _open(self) -> Any:
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=_open_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Do without the line."""


class _DiscreetFormatter(logging.Formatter):
    """Writes our own messages, of others just that there was one, and of exceptions no messages."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as lines."""
        if record.name.split(".")[0] != _PACKAGE:
            record = logging.makeLogRecord(vars(record) | {"msg": "(withheld)", "args": (), "stack_info": None})
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """An exception's type and the way to it."""
        return "".join(_lines_of(ei[1]))


def log_folder() -> Path:
    """Where logs are kept: ``LECTERN_LOGS``, else the user's folder for logs."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_log_path("lectern", appauthor=False))


def report_on(error: BaseException, about: str = "") -> CrashReport:
    """The report on a fault."""
    frame = _last_own_frame(error)
    place = f" in {frame.name}" if frame is not None else ""
    versions = f"Lectern {__version__}, Python {platform.python_version()}, SQLite {SQLITE_VERSION}, {_system()}"
    details = "".join([f"{versions}{f', {about}' if about else ''}\n", *_lines_of(error)])
    return CrashReport(signature_of(error), f"{type(error).__name__}{place}", details)


def signature_of(error: BaseException) -> str:
    """A short text that is the same for the same fault: its type and the way through our code."""
    digest = hashlib.sha256(type(error).__name__.encode())
    for frame in traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]:
        digest.update(f"{_shown_path(frame.filename)}:{frame.name}:{frame.lineno}".encode())
    return digest.hexdigest()[:12]


def _lines_of(error: BaseException, depth: int = 0) -> list[str]:
    """A traceback's lines, of causes before effects, without messages."""
    lines: list[str] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and depth < _DEEPEST:
        lines += [*_lines_of(cause, depth + 1), "which led to\n"]
    for frame in traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]:
        path = _shown_path(frame.filename)
        is_own = path.startswith(f"{_PACKAGE}/")
        lines.append(f"  {path}:{frame.lineno} in {frame.name}{f': {frame.line}' if is_own else ''}\n")
    if isinstance(error, BaseExceptionGroup) and depth < _DEEPEST:
        for part in error.exceptions[:_DEEPEST]:
            lines += _lines_of(part, depth + 1)
    return [*lines, f"{type(error).__name__}{_safe_message(error)}\n"]


def _safe_message(error: BaseException) -> str:
    """Of what the system says, the part that names nothing of the user's."""
    if isinstance(error, OSError) and error.errno is not None:
        return f": errno {error.errno}, {os.strerror(error.errno)}"
    code = getattr(error, "sqlite_errorname", None)
    return f": {code}" if isinstance(code, str) else ""


def _shown_path(path: str) -> str:
    """A file's path within the package, or its last parts: no user's name, no folder of theirs."""
    place = Path(path)
    with suppress(ValueError, OSError):
        return place.resolve().relative_to(_ROOT).as_posix()
    return "/".join(place.parts[-2:])


def _last_own_frame(error: BaseException) -> traceback.FrameSummary | None:
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if _shown_path(frame.filename).startswith(f"{_PACKAGE}/")
    ]
    return own[-1] if own else None


def _system() -> str:
    return f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}"


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
