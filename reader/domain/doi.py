"""DOIs: what a work's publisher identifies it by. Source of the form: https://www.doi.org/the-identifier/resources/handbook"""

from __future__ import annotations

import re
from urllib.parse import unquote

from reader.domain.arxiv import normalize_arxiv_id

_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_LABEL = re.compile(r"(?:doi|urn:doi|info:doi/)[\s:]{0,5}", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,3}/[^\s\"<>]{1,300}")


def normalize_doi(text: str) -> str | None:
    """The DOI in ``text`` (bare, ``doi:…``, or the address of its page) without label and address, or None.

    Upper and lower case stay as written; two DOIs are compared with :func:`fold_doi`. arXiv's own DOIs
    (``10.48550/arXiv.…``) are arXiv identifiers and give None here.
    """
    text = text.strip(" \t\r\n{}")
    without_address = _ADDRESS.sub("", _LABEL.sub("", text, count=1), count=1)
    if without_address != text and "%" in without_address:
        without_address = unquote(without_address)
    match = _DOI.fullmatch(without_address.rstrip(".,;"))
    return match[0] if match and normalize_arxiv_id(match[0]) is None else None


def fold_doi(doi: str) -> str:
    """A DOI as it is compared: without regard to upper and lower case (handbook, section 2.4)."""
    return doi.lower()


def doi_page_url(doi: str) -> str:
    """The address that leads to a DOI's work."""
    return f"https://doi.org/{doi}"
