"""Parsing listing files, large ones in a child process.

Parsing is pure Python and would hold the interpreter's lock for as long as it takes, which a window notices; so large
files are parsed by a child, which sends the prepared records back a few hundred at a time (unpickling holds the lock,
too). The child is started with ``spawn``: it must not inherit the threads and locks of a window.
"""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection
from types import TracebackType

from reader.domain.errors import ParseError, ReaderError
from reader.domain.preparation import ListingHeader, PreparedRecord, prepare_header, prepare_records
from reader.formats.registry import parse_detected
from reader.services.imports.source_archive import IncomingFile

INLINE_BYTES = 256 * 1024
"""Files up to this size are parsed at once: starting a child takes longer than reading them."""
_CHUNK_RECORDS = 200


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A parsed file: its header, whether its format is certain, how many records it has and folded, and the records.

    ``own`` counts the records left out because they are exports of the library's own papers.
    """

    header: ListingHeader
    format_certain: bool
    record_count: int
    repeated: int
    records: Iterator[PreparedRecord]
    own: int = 0


class ListingParser:
    """Parses the files of one import; a context manager, because it may own a child process."""

    def __init__(self, *, today: date, year: int | None = None) -> None:
        """``today`` bounds guessed years; ``year``, where given, is the year of every page."""
        self._today = today
        self._year = year
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> ListingParser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def parse(self, incoming: IncomingFile) -> PreparedFile:
        """Parse one file; raises :class:`ParseError` if it is no listing.

        The records must be taken before the next file is parsed.
        """
        if incoming.content.stat().st_size <= INLINE_BYTES:
            return _prepare(incoming, today=self._today, year=self._year)
        return self._parse_in_child(incoming)

    def close(self) -> None:
        """End the child process, whatever it is doing."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.terminate()
            self._process.join()
            self._process.close()
            self._process = None

    def _parse_in_child(self, incoming: IncomingFile) -> PreparedFile:
        connection = self._connect()
        connection.send((incoming, self._today, self._year))
        answer = self._receive(connection, incoming)
        if isinstance(answer, str):
            raise ParseError(answer)
        assert isinstance(answer, PreparedFile)
        return replace(answer, records=self._receive_records(connection, incoming))

    def _connect(self) -> Connection:
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), name="lectern-parser", daemon=True)
            self._process.start()
            theirs.close()
        return self._connection

    def _receive(self, connection: Connection, incoming: IncomingFile) -> object:
        try:
            return pickle.loads(connection.recv_bytes())
        except (EOFError, OSError) as error:
            self.close()
            sentence = f"{incoming.file_name} could not be read: reading it ended abruptly; try it again by itself."
            raise ReaderError(sentence) from error

    def _receive_records(self, connection: Connection, incoming: IncomingFile) -> Iterator[PreparedRecord]:
        while chunk := self._receive(connection, incoming):
            assert isinstance(chunk, list)
            yield from chunk


def _prepare(incoming: IncomingFile, *, today: date, year: int | None) -> PreparedFile:
    """Parse and prepare one file in this process."""
    parsed, detection = parse_detected(incoming.content.read_bytes(), incoming.file_name)
    header = prepare_header(
        parsed,
        sha256=incoming.sha256,
        file_name=incoming.file_name,
        stem=incoming.stem,
        modified=incoming.modified,
        today=today,
        year=year,
    )
    records = prepare_records(parsed, header)
    return PreparedFile(header, detection.certain, len(parsed.records), parsed.repeated, records)


def _serve(connection: Connection) -> None:
    """The child: answer each request with a header (or a sentence) and the records in chunks, an empty one at last."""
    while True:
        try:
            incoming, today, year = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            prepared = _prepare(incoming, today=today, year=year)
        except ReaderError as error:
            connection.send_bytes(pickle.dumps(str(error)))
            continue
        connection.send_bytes(pickle.dumps(replace(prepared, records=iter(()))))
        chunk: list[PreparedRecord] = []
        for record in prepared.records:
            chunk.append(record)
            if len(chunk) == _CHUNK_RECORDS:
                connection.send_bytes(pickle.dumps(chunk))
                chunk = []
        if chunk:
            connection.send_bytes(pickle.dumps(chunk))
        connection.send_bytes(pickle.dumps([]))
