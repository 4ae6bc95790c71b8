"""The services that are asked for records, and what became of those that are in trouble."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from types import TracebackType

from reader.domain.completion import Candidate
from reader.domain.errors import FetchError, ReaderError
from reader.domain.records import ParsedListing
from reader.services.completion.candidates import candidates_in
from reader.services.imports.parser import INLINE_BYTES
from reader.web.answers import PassingError
from reader.web.client import Client
from reader.web.lookups import MOST_DOIS, MOST_IDS, Found, Lookups, read_found
from reader.web.services import Service, host_called

_MOST_FAILURES = 3
"""The failures in a row after which a service is no longer asked, even if each might be the fault of a question."""


class Sources:
    """Asks services for records; a context manager, because it may own a child process.

    A service in trouble is not asked again: its questions are answered with None, and ``troubles`` says why, once.
    """

    def __init__(self, client: Client, today: date) -> None:
        """``today`` bounds the years of records."""
        self._today = today
        self._lookups = Lookups(client)
        self._failures: defaultdict[Service, int] = defaultdict(int)
        self._child: ProcessPoolExecutor | None = None
        self.troubles: dict[Service, str] = {}

    def __enter__(self) -> Sources:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.shutdown(wait=False, cancel_futures=True)

    def host(self, service: Service) -> str:
        """The host that is called for a service."""
        return host_called(service)

    def paper(self, arxiv_id: str) -> list[Candidate] | None:
        """The record of an arXiv identifier at Hugging Face."""
        return self._ask(Service.HUGGING_FACE, lambda: self._lookups.paper(arxiv_id))

    def papers(self, arxiv_ids: Sequence[str]) -> list[Candidate] | None:
        """The records of some arXiv identifiers at arXiv."""
        return self._ask(Service.ARXIV, lambda: self._lookups.papers(arxiv_ids))

    def works(self, dois: Sequence[str]) -> list[Candidate] | None:
        """The records of some DOIs at Crossref."""
        return self._ask(Service.CROSSREF, lambda: self._lookups.works(dois))

    def titled(self, service: Service, title: str) -> list[Candidate] | None:
        """What a service finds for a title."""
        return self._ask(service, lambda: self._lookups.titled(service, title))

    def _ask(self, service: Service, question: Callable[[], Found]) -> list[Candidate] | None:
        """The records of an answer; None if the service gives none."""
        if self._is_given_up(service):
            return None
        try:
            parsed = self._read(question())
        except FetchError as error:
            self.troubles.setdefault(service, str(error))
            self._failures[service] += _MOST_FAILURES if isinstance(error, PassingError) else 1
            return None
        self._failures[service] = 0
        return list(candidates_in(parsed, service.value, self._today)) if parsed else []

    def _is_given_up(self, service: Service) -> bool:
        return self._failures[service] >= _MOST_FAILURES

    def _read(self, found: Found) -> ParsedListing | None:
        """What is in an answer; a large one is read by a child, since that would hold the interpreter's lock."""
        if len(found.content) <= INLINE_BYTES:
            return read_found(found)
        if self._child is None:
            self._child = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        try:
            return self._child.submit(read_found, found).result()
        except ReaderError:
            raise
        except Exception as error:
            self._child = None
            raise FetchError(f"The answer of {found.host} could not be read. Try again later.") from error


__all__ = ["MOST_DOIS", "MOST_IDS", "Service", "Sources"]
