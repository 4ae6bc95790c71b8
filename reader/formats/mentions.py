"""arXiv identifiers, DOIs and links to code that are mentioned in other text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.doi import normalize_doi
from reader.domain.links import find_code_urls

_ARXIV_MARK = re.compile(
    r"(?:arxiv(?:\.org)?\s{0,3}:\s{0,3}|arxiv\.org/(?:abs|pdf|html)/|10\.48550/arxiv\.|huggingface\.co/papers/|\bcorr\s{1,3}abs/)"
    r"([\w.\-/]{6,60})",
    re.IGNORECASE,
)
_BARE_ARXIV_ID = re.compile(
    r"(?<![\w.])(?:abs/)?(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]{2,10}/\d{7})(?:v\d{1,3})?(?![\w.]\w)"
)
_VENUE_IS_ARXIV = re.compile(r"\b(?:arxiv|corr)\b|computing research repository", re.IGNORECASE)
_NAMES_ITSELF = re.compile(
    r"(?:(?:e-?)?prints?|preprint|available|online|url|link|pdf|and|also|at|as|on|from|in|via|\W){0,9}"
    r"(?:arxiv|https?://(?:\w{1,9}\.)?arxiv)",
    re.IGNORECASE,
)
_ARXIV_CLASS = re.compile(r"\[([a-z]{2,10}(?:-[a-z]{2,4})?(?:\.[A-Za-z-]{2,10})?)\]")
_DOI_MARK = re.compile(r"(?:\bdoi\s{0,3}[:=]?\s{0,3}|doi\.org/)(10\.\d{4,9}/[^\s\"<>{},;]{1,300})", re.IGNORECASE)


def find_arxiv_id(text: str) -> str | None:
    """The first arXiv identifier that a text names as such (``arXiv:…``, an address, a DOI, ``CoRR abs/…``)."""
    for match in _ARXIV_MARK.finditer(text):
        found = normalize_arxiv_id(match[1].rstrip(".-/"))
        if found is not None:
            return found
    return None


def find_arxiv_id_of_work(venues: Iterable[str], numbers: Iterable[str], notes: Iterable[str]) -> str | None:
    """The arXiv identifier in a bibliography's other fields.

    Where a venue is arXiv or CoRR, it may stand bare among the ``numbers`` (volume, number, pages …) or in the venue
    itself; elsewhere only behind "abs/". A note counts only if it does not speak of another work.
    """
    venue = " ".join(venues)
    is_arxiv = bool(_VENUE_IS_ARXIV.search(venue))
    for text in [*numbers, *([venue] if is_arxiv else [])]:
        match = _BARE_ARXIV_ID.search(text) if is_arxiv or "abs/" in text else None
        if match and (is_arxiv or match[0].startswith("abs/")):
            return normalize_arxiv_id(match[1])
    found = (find_arxiv_id(note) for note in notes if _NAMES_ITSELF.match(note))
    return next((identifier for identifier in found if identifier), None)


def find_arxiv_class(text: str) -> str | None:
    """The class that stands in brackets behind an arXiv identifier (``arXiv:2405.00001 [cs.CL]``)."""
    match = _ARXIV_CLASS.search(text)
    return match[1] if match else None


def find_doi(text: str) -> str | None:
    """The first DOI that a text names as such (``doi:10…``, an address of doi.org); arXiv's own DOIs do not count."""
    for match in _DOI_MARK.finditer(text):
        named = match[1]
        while named.endswith((".", ")")) and (named[-1] == "." or named.count("(") < named.count(")")):
            named = named[:-1]
        if doi := normalize_doi(match[0][: match[0].index("10.")] + named):
            return doi
    return None


def code_urls_beside(abstract: str, comment: str) -> tuple[str, ...]:
    """The links to code in an abstract and in the comment beside it; none where the comment has none.

    The abstract's own links are found when a record is stored, so they are looked for here only to come first.
    """
    return find_code_urls(f"{abstract}\n{comment}") if comment and find_code_urls(comment) else ()
