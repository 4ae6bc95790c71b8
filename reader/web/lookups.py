"""Questions about single papers, by identifier or title, to Hugging Face, arXiv and Crossref.

Sources: ``/api/papers/ID`` and ``/api/papers/search?q=`` of https://huggingface.co/.well-known/openapi.json; arXiv's
``/api/query`` with ``id_list``, or ``search_query=ti:"…"`` (https://info.arxiv.org/help/api/user-manual.html), which
gives 10 entries unless ``max_results`` says otherwise; Crossref's ``/works/DOI``, and ``/works`` with ``filter=doi:…``
or ``query.bibliographic`` (https://www.crossref.org/documentation/retrieve-metadata/rest-api/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from reader.domain.errors import ParseError
from reader.domain.folding import fold_text
from reader.domain.records import ParsedListing
from reader.formats import api, arxiv_atom, csl_json
from reader.web.addresses import arxiv_api, crossref, host_of, hugging_face
from reader.web.answers import Answer, MissingError, damaged_error, is_web_page, web_page_error
from reader.web.client import Client
from reader.web.services import Service

MOST_IDS, MOST_DOIS = 100, 40
"""The most identifiers that one request may name; DOIs are long, and an address should stay below 4,000 characters."""
_ANSWERS = 20
_LONGEST_QUERY = 300
_ATOM, _JSON = "application/atom+xml", "application/json"


_FORMATS = {Service.HUGGING_FACE: api.FORMAT, Service.ARXIV: arxiv_atom.FORMAT, Service.CROSSREF: csl_json.FORMAT}


@dataclass(frozen=True, slots=True)
class Found:
    """What a service answered: its bytes, and the host they came from; empty if it knows nothing."""

    service: Service
    host: str
    content: bytes = b""


def read_found(found: Found) -> ParsedListing | None:
    """The records in an answer; None if it is empty. Pure, so that it can run in a child process.

    Raises :class:`FetchError` for an answer that is damaged or no answer of the service.
    """
    if not found.content:
        return None
    try:
        return _FORMATS[found.service].parse(found.content)
    except ParseError as error:
        raise damaged_error(found.host) from error


class Lookups:
    """Asks the services; every method raises :class:`FetchError` where one does not answer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def paper(self, arxiv_id: str) -> Found:
        """The paper with an arXiv identifier at Hugging Face, which knows code and project pages."""
        return self._ask(Service.HUGGING_FACE, hugging_face(f"/api/papers/{quote(arxiv_id, safe='')}"), _JSON)

    def papers(self, arxiv_ids: Sequence[str]) -> Found:
        """The papers with these identifiers at arXiv, :data:`MOST_IDS` at most."""
        query = urlencode({"id_list": ",".join(arxiv_ids), "max_results": len(arxiv_ids)}, safe=",/")
        return self._ask(Service.ARXIV, arxiv_api(f"/api/query?{query}"), _ATOM)

    def works(self, dois: Sequence[str]) -> Found:
        """The works with these DOIs at Crossref, :data:`MOST_DOIS` at most; a DOI with a comma only alone."""
        if len(dois) == 1:
            return self._ask(Service.CROSSREF, crossref(f"/works/{quote(dois[0], safe='/')}"), _JSON)
        query = urlencode({"filter": ",".join(f"doi:{doi}" for doi in dois), "rows": len(dois)}, safe=",:/")
        return self._ask(Service.CROSSREF, crossref(f"/works?{query}"), _JSON)

    def titled(self, service: Service, title: str) -> Found:
        """What a service finds for a title, as it is shown (without LaTeX)."""
        title = title[:_LONGEST_QUERY]
        if service is Service.HUGGING_FACE:
            return self._ask(service, hugging_face(f"/api/papers/search?{urlencode({'q': title})}"), _JSON)
        if service is Service.ARXIV:
            query = urlencode({"search_query": f'ti:"{fold_text(title)}"', "max_results": _ANSWERS}, safe=":")
            return self._ask(service, arxiv_api(f"/api/query?{query}"), _ATOM)
        query = urlencode({"query.bibliographic": title, "rows": _ANSWERS})
        return self._ask(service, crossref(f"/works?{query}"), _JSON)

    def _ask(self, service: Service, address: str, accept: str) -> Found:
        """The answer of an address, whatever is in it."""
        try:
            answer = self._client.get(address, accept=accept)
        except MissingError:
            return Found(service, host_of(address))
        assert isinstance(answer, Answer)
        if is_web_page(answer.content):
            raise web_page_error(host_of(address))
        if not answer.content.strip():
            raise damaged_error(host_of(address))
        return Found(service, host_of(address), answer.content)
