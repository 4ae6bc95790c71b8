"""The services that are asked about single papers, by the names that are shown; light to import, and calls nobody."""

from __future__ import annotations

from enum import StrEnum

from reader.web.addresses import arxiv_api, crossref, host_of, hugging_face


class Service(StrEnum):
    """The services, by the names that are shown."""

    HUGGING_FACE = "Hugging Face"
    ARXIV = "arXiv"
    CROSSREF = "Crossref"


_ADDRESSES = {Service.HUGGING_FACE: hugging_face, Service.ARXIV: arxiv_api, Service.CROSSREF: crossref}


def host_called(service: Service) -> str:
    """The host that is called for a service."""
    return host_of(_ADDRESSES[service]("/"))
