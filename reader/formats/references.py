"""What stands inside other text: arXiv identifiers, dates as mails write them, names in either order."""

from __future__ import annotations

import re

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import MONTH_NAMES, PartialDate
from reader.domain.links import find_code_urls

_ARXIV_MARK = re.compile(
    r"(?:arxiv(?:\.org)?\s{0,3}:\s{0,3}|arxiv\.org/(?:abs|pdf|html)/|10\.48550/arxiv\.|huggingface\.co/papers/|\bcorr\s{1,3}abs/)"
    r"([\w.\-/]{6,60})",
    re.IGNORECASE,
)
_MAIL_DATE = re.compile(r"(?<!\d)(\d{1,2}) {1,3}([A-Z][a-z]{2})[a-z]{0,6}\.? {1,3}(\d{4}|\d{2})(?!\d)")
_MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, start=1)}
_FIRST_TWO_DIGIT_YEAR = 91  # arXiv began in 1991


def find_arxiv_id(text: str) -> str | None:
    """The first arXiv identifier that a text names as such (``arXiv:…``, an address, a DOI, ``CoRR abs/…``)."""
    for match in _ARXIV_MARK.finditer(text):
        found = normalize_arxiv_id(match[1].rstrip(".-/"))
        if found is not None:
            return found
    return None


def find_mail_date(text: str) -> PartialDate | None:
    """The first date written as in a mail (``Wed, 21 Jan 2026 …``; a year of two digits is of 1991 to 2090)."""
    for match in _MAIL_DATE.finditer(text):
        year = int(match[3])
        if len(match[3]) == 2:
            year += 1900 if year >= _FIRST_TWO_DIGIT_YEAR else 2000
        try:
            return PartialDate(year, _MONTHS.get(match[2]), int(match[1]))
        except ValueError:
            continue
    return None


def code_urls_beside(abstract: str, comment: str) -> tuple[str, ...]:
    """The links to code in an abstract and in the comment beside it; none where the comment has none.

    The abstract's own links are found when a record is stored, so they are looked for here only to come first.
    """
    return find_code_urls(f"{abstract}\n{comment}") if comment and find_code_urls(comment) else ()


def given_name_first(name: str) -> str:
    """A name in reading order: ``Bee, Ann`` becomes ``Ann Bee``, ``Dee, Cy, Jr.`` becomes ``Cy Dee Jr.``."""
    parts = [" ".join(part.split()) for part in name.split(",", maxsplit=2)]
    if len(parts) == 1:
        return parts[0]
    family, given, *suffix = parts
    return " ".join(part for part in (given, family, *suffix) if part)
