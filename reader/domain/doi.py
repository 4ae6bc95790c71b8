"""DOIs, which identify works. The format is described in https://www.doi.org/the-identifier/resources/handbook"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import quote, unquote

from reader.domain.arxiv import normalize_arxiv_id

_LABEL = re.compile(r"(?:(?:urn:|info:)?doi[\s:/]{1,5}){0,2}", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_SMALL_LETTERS = str.maketrans(ascii_uppercase, ascii_lowercase)
_SAFE_IN_ADDRESS = "/:;()._-,~!*'@$&+="
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,3}/[^\s\"<>]{1,300}")


def normalize_doi(text: str) -> str | None:
    """The DOI in ``text`` (bare, ``doi:…``, or the address of its page) without label and address, or None.

    Case is kept; compare DOIs with :func:`fold_doi`. arXiv's own DOIs (``10.48550/arXiv.…``) give None, because they
    are arXiv identifiers.
    """
    text = _without_beginning(_LABEL, text.strip(" \t\r\n{}"))
    doi = _without_beginning(_ADDRESS, text)
    if doi != text:
        # Only addresses are percent-encoded; a bare DOI may contain “%” itself.
        doi = _without_beginning(_LABEL, unquote(doi))
    match = _DOI.fullmatch(doi.rstrip(".,;"))
    return match[0] if match and normalize_arxiv_id(match[0]) is None else None


def fold_doi(doi: str) -> str:
    """The form in which DOIs are compared: without regard to the case of ASCII letters (handbook, section 2.4)."""
    return doi.translate(_SMALL_LETTERS)  # the same as SQLite's lower(), which the index of DOIs uses


def doi_page_url(doi: str) -> str:
    """The address of a DOI's page, with characters that have a meaning in addresses encoded (handbook, section 3.8)."""
    return f"https://doi.org/{quote(doi, safe=_SAFE_IN_ADDRESS)}"


def _without_beginning(pattern: re.Pattern[str], text: str) -> str:
    """The text without a match of the pattern at its beginning."""
    match = pattern.match(text)
    return text[match.end() :] if match else text
