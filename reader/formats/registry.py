"""The listing formats: which one a file is in, and reading it.

To add a format, write a module with a ``FORMAT`` (:class:`reader.formats.format.Format`) and add it to
the modules below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, ParsedListing, Problem
from reader.formats import (
    address_lines,
    api,
    arxiv_atom,
    arxiv_mail,
    arxiv_page,
    bibtex,
    csl_json,
    digest,
    endnote_xml,
    enw,
    html,
    identifiers,
    lectern_note,
    markdown,
    nbib,
    numbered_links,
    paper_json,
    plain,
    ris,
    table,
    trending,
)
from reader.formats.format import MAXIMUM_BYTES, Format
from reader.formats.text_decoder import Head, is_binary

_MODULES = (
    plain,
    markdown,
    address_lines,
    numbered_links,
    trending,
    html,
    api,
    arxiv_mail,
    arxiv_atom,
    bibtex,
    ris,
    csl_json,
    paper_json,
    lectern_note,
    arxiv_page,
    identifiers,
    digest,
    table,
    nbib,
    endnote_xml,
    enw,
)
FORMATS: tuple[Format, ...] = tuple(module.FORMAT for module in _MODULES)
"""Every format, in the order in which equal scores are decided."""

_POSSIBLE = 0.3
_CERTAIN = 0.8
_CLEAR_LEAD = 0.15
_EXPECTED = (
    "expected a saved Daily Papers page (text, Markdown, HTML or JSON), an arXiv mail, feed or page, a bibliography "
    "(BibTeX, RIS, CSL-JSON, CSV, PubMed, EndNote), or a list of identifiers or links"
)


@dataclass(frozen=True, slots=True)
class Detection:
    """Which format a file is in, its score (0 to 1), and whether that is certain enough to import without asking."""

    format: Format
    score: float
    certain: bool


def detect(data: bytes, name: str) -> Detection:
    """Tell the format of a file; raises :class:`ParseError` if it is empty, binary, too large or in none."""
    return _candidates(data, name)[0]


def parse(data: bytes, name: str) -> ParsedListing:
    """Read a listing file in the format that fits best; raises :class:`ParseError` if none does."""
    return parse_detected(data, name)[0]


def parse_detected(data: bytes, name: str) -> tuple[ParsedListing, Detection]:
    """Read a listing file, and say in which format and how certain that is.

    Where the best-scoring format finds no record, the next one that fits is tried, and is then not certain. Neither is
    a format that makes problems of more than half of the file; if it was not certain to begin with, the file is not a
    listing.
    Raises :class:`ParseError` if no format finds a record.
    """
    refusal: ParseError | None = None
    for detection in _candidates(data, name):
        try:
            listing = detection.format.parse(data)
        except ParseError as error:
            refusal = refusal or error
            continue
        is_understood = 2 * listing.account.problems <= listing.account.total
        if listing.records and (is_understood or detection.score >= _CERTAIN):
            return listing, replace(detection, certain=detection.certain and is_understood)
        refusal = refusal or _refusal(listing, detection.format, name)
    assert refusal is not None
    raise refusal


def _refusal(listing: ParsedListing, format_: Format, name: str) -> ParseError:
    """Why a file that a format read is not a listing: what its first problem says, else what it lacks."""
    title = format_.title or format_.name
    if listing.records:
        return ParseError(f"{name} is not a listing Lectern recognises: most of it is something else; {_EXPECTED}.")
    if listing.problems:
        reason = _with_place(listing.problems[0], listing.account.unit)
        return ParseError(f"{name} looks like {title}, but no paper in it can be read: {reason}.")
    sign = f"; {format_.sign}" if format_.sign else ""
    return ParseError(f"{name} looks like {title}, but there is no paper in it{sign}.")


def _with_place(problem: Problem, unit: AccountUnit) -> str:
    """A problem's reason as the end of a sentence, with its place unless the reason tells it."""
    reason = problem.reason.rstrip(".")
    if not re.match(r"[A-Z]{2}", reason):  # a tag such as TY
        reason = reason[:1].lower() + reason[1:]
    if re.search(r"\blines? \d", reason):
        return reason
    first, last = problem.lines.first, problem.lines.last
    kind = "line" if unit is AccountUnit.LINES else "entry"
    return f"{reason} ({kind} {first})" if first == last else f"{reason} ({kind}s {first} to {last})"


def _candidates(data: bytes, name: str) -> list[Detection]:
    """The formats that a file may be in, best first; only the best can be certain, by its score and its lead."""
    _refuse_unreadable(data, name)
    head = Head(data, name)
    scored = sorted(((format_.detect(head), format_) for format_ in FORMATS), key=lambda pair: -pair[0])
    scored = [(score, format_) for score, format_ in scored if score >= _POSSIBLE]
    if not scored:
        raise ParseError(f"{name} is not a listing Lectern recognises; {_EXPECTED}.")
    best = scored[0][0]
    runner_up = scored[1][0] if len(scored) > 1 else 0.0
    certain = best >= _CERTAIN and best - runner_up >= _CLEAR_LEAD
    return [Detection(format_, score, certain and place == 0) for place, (score, format_) in enumerate(scored)]


def _refuse_unreadable(data: bytes, name: str) -> None:
    """Raise for what no format reads."""
    if len(data) > MAXIMUM_BYTES:
        raise ParseError(
            f"{name} is larger than {MAXIMUM_BYTES // 1024**2} MB; split it, or import the days one by one."
        )
    if is_binary(data):
        raise ParseError(f"{name} is a binary file, not text; {_EXPECTED}.")
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\f\v"):
        raise ParseError(f"{name} is empty.")
