"""Building in a child process, because pure-Python work would delay the window's own thread.

The child is spawned (never forked, because there are threads) and runs at low priority. The pipe it reports into also
tells it to stop; if its parent dies, the pipe breaks and it stops as well. It may be killed at any time.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from reader.domain.cancellation import Cancelled
from reader.domain.errors import ReaderError
from reader.domain.selection import IndexPart
from reader.index.builder import BuildProgress, BuildStage, build_part, compact_part, refresh_part
from reader.index.evaluation import SourceFailure
from reader.index.files import raise_unless_damage
from reader.index.home import IndexHome

_LOW_PRIORITY = 10
_CANCEL = "cancel"
_POLL_SECONDS = 0.2
_PATIENCE = 0.3
"""Seconds that a child has to end by itself. One that is amid a commit is killed: it is gone on with next time, and
nobody should wait for that when the window is closed."""


@dataclass(frozen=True, slots=True)
class TextFactory:
    """The source of the child's texts: ``module:function``, called with a part and the arguments (which are pickled).

    As a job's ``factory`` the function gives the part's texts, newest first. As its ``changes`` it gives pairs of texts
    and of paper ids to remove, a few thousand at most in each pair.
    """

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def call(self, part: IndexPart) -> Iterable[Any]:
        """Call the function; errors of its own are marked, to tell them from those of the index."""
        module, _, name = self.function.partition(":")
        try:
            yield from getattr(importlib.import_module(module), name)(part, **self.arguments)
        except Exception as error:
            raise SourceFailure(error) from error


@dataclass(frozen=True, slots=True)
class BuildJob:
    """A job for the child on the index in ``folder``, part by part: bring in changes, build, compact.

    ``changes`` gives batches of changed texts and of papers to remove, which are brought in first. ``factory`` gives
    all texts; those not in the index yet are added. Without it the index is compacted if that pays.
    """

    folder: Path
    factory: TextFactory | None = None
    changes: TextFactory | None = None
    parts: tuple[IndexPart, ...] = tuple(IndexPart)


class BuildError(ReaderError):
    """Building failed in the child; committed work is kept."""


class RunningBuild:
    """A running child, as its parent sees it. Use it from one thread."""

    def __init__(self, job: Any, run: Callable[[Any, Connection], None] | None = None) -> None:
        """Start the child with a :class:`BuildJob`, or with a job that the function ``run`` of a module does.

        Such a function is given the job and a connection, and passes its progress to :func:`report_progress`.
        """
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=run or run_job, args=(job, theirs), daemon=True, name="index building")
        self._process.start()
        theirs.close()
        self._finished = False

    @property
    def is_running(self) -> bool:
        """Whether more progress may come."""
        return not self._finished

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._process.pid

    def progress(self, timeout: float = 0.0) -> list[Any]:
        """The child's reports since the last call, waiting up to ``timeout`` seconds for the first.

        Raises :class:`BuildError` if the child failed or was killed.
        """
        found: list[Any] = []
        while not self._finished and self._connection.poll(0.0 if found else timeout):
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                self._end()
                raise BuildError("Building the search index was interrupted; it continues next time.") from None
            if message is None:
                self._end()
            elif isinstance(message, str):
                self._end()
                raise BuildError(message)
            else:
                found.append(message)
        return found

    def follow(self, cancelled: Cancelled) -> Generator[Any, None, None]:
        """The child's reports until it ends; once ``cancelled``, it is stopped at once. Raises as :meth:`progress`."""
        try:
            while self.is_running:
                yield from self.progress(timeout=_POLL_SECONDS)
                if cancelled():
                    self.close(_PATIENCE)
        finally:
            self.close()

    def cancel(self) -> None:
        """Ask the child to stop after its next commit; it then reports that it was cancelled."""
        if not self._finished:
            try:
                self._connection.send(_CANCEL)
            except OSError:
                return

    def close(self, timeout: float = 5.0) -> None:
        """Stop the child: ask, then kill. Committed work is kept."""
        if self._finished:
            return
        self.cancel()
        self._process.join(timeout)
        if self._process.is_alive():
            self._process.kill()
        self._end()

    def _end(self) -> None:
        if not self._finished:
            self._finished = True
            self._connection.close()
            self._process.join()
            self._process.close()


def run_job(job: BuildJob, connection: Connection) -> None:
    """Do a job and report into ``connection``."""
    report_progress(connection, _progress(job, connection), "Building the search index failed")


def report_progress(connection: Connection, progress: Iterable[Any], failure: str) -> None:
    """Work through ``progress`` in a child and report it; at the end None or, after a failure, a sentence."""
    _be_modest()
    try:
        for step in progress:
            connection.send(step)
        connection.send(None)
    except (BrokenPipeError, EOFError, ConnectionError):
        return
    except ReaderError as error:
        connection.send(str(error))
    except Exception as error:
        connection.send(f"{failure} ({type(error).__name__}: {error}).")
    finally:
        connection.close()


def _progress(job: BuildJob, connection: Connection) -> Iterable[BuildProgress]:
    """Work through the parts; an index that turns out to be damaged is set aside once and rebuilt."""
    home = IndexHome(job.folder)
    cancelled = connection.poll
    attempts = 2
    while attempts:
        attempts -= 1
        instance = home.instance
        try:
            for part in job.parts:
                for progress in _part_progress(job, home, part, cancelled):
                    yield progress
                    if progress.stage is BuildStage.CANCELLED:
                        return
            return
        except SourceFailure as failure:
            raise failure.error from None
        except ConnectionError:
            raise
        except Exception as error:
            raise_unless_damage(error, job.folder)
            if not attempts or job.factory is None or home.instance.name != instance.name:
                raise
            home.start_anew()


def _part_progress(job: BuildJob, home: IndexHome, part: IndexPart, cancelled: Any) -> Iterable[BuildProgress]:
    factory = job.factory
    if job.changes is not None:
        yield from refresh_part(home, part, job.changes.call(part), cancelled=cancelled)
    if factory is None:
        yield from compact_part(home, part, cancelled=cancelled, thorough=False)
    else:
        yield from build_part(home, part, lambda: factory.call(part), cancelled=cancelled)


def _be_modest() -> None:
    """Lower the priority, and disable garbage collection, because building creates no reference cycles."""
    gc.disable()
    if hasattr(os, "nice"):
        os.nice(_LOW_PRIORITY)
