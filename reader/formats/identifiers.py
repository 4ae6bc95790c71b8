"""Plain lists of arXiv identifiers, DOIs or addresses of papers: one or several a line, maybe with a title beside.

``2401.00001``, ``arXiv:2401.00001v2``, ``- https://arxiv.org/abs/2401.00001``, ``10.1000/182 A Title``. Marks of lists
and commas are passed over; lines that begin with ``#`` or ``%`` or end in a colon are boilerplate; any other line is a
problem. Where no title stands beside an identifier, the paper is a stub (:mod:`reader.domain.stubs`) until another
listing completes it; such lists have the lowest content rank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from reader.domain.arxiv import arxiv_page_url, normalize_arxiv_id
from reader.domain.doi import doi_page_url, normalize_doi
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.domain.stubs import stub_title
from reader.formats.format import Format
from reader.formats.ledger import LineLedger
from reader.formats.text_decoder import Head, decode

NAME = "identifiers"

_MARK = re.compile(r"(?:[-*+•‣–—]|\(?\d{1,4}[.)\]](?!\d)|\[\d{1,4}\]|\[[ xX]\])\s+")
_LABEL = re.compile(r"\b(arxiv|doi)\s{0,3}:\s{0,3}(?=\S)", re.IGNORECASE)
_BARE = re.compile(r"(?:arXiv:|https?://arxiv\.org/abs/)?(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d{1,3})?")
_CATEGORY = re.compile(r"\[[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?\]")
_SEPARATOR = re.compile(r"[\s,;|]+")
_BESIDE = " \t-–—:|,;·"
_BRACKETS = "<>()[]\"'`.,;"
_COMMENTS = ("#", "%", "//", ";")
_PAPER_HOSTS = re.compile(
    r"(?:.*\.)?(?:openreview\.net|aclanthology\.org|mlr\.press|semanticscholar\.org|neurips\.cc|nips\.cc|jmlr\.org|"
    r"biorxiv\.org|medrxiv\.org|chemrxiv\.org|ssrn\.com|acm\.org|ieee\.org|springer\.com|nature\.com|science\.org|"
    r"sciencedirect\.com|wiley\.com|mdpi\.com|plos\.org|frontiersin\.org|thecvf\.com|aaai\.org|ijcai\.org|pnas\.org|"
    r"ncbi\.nlm\.nih\.gov|europepmc\.org|osf\.io|hal\.science|zenodo\.org|alphaxiv\.org)"
)
_LONGEST_LINE = 2_000
_LONGEST_TITLE = 400
_LOOKED_AT_FIRST = 5
_ALL, _MOST = 0.9, 0.8
_NOTHING = "This line has no arXiv identifier, DOI or web address."


@dataclass(frozen=True, slots=True)
class _Named:
    """What a piece of a line names: at least one of these."""

    arxiv_id: str | None = None
    doi: str | None = None
    url: str | None = None

    @property
    def is_certain(self) -> bool:
        """Whether it is surely a paper's."""
        if self.arxiv_id or self.doi:
            return True
        return _PAPER_HOSTS.fullmatch(urlsplit(self.url or "").hostname or "") is not None


def detect(head: Head) -> float:
    """How much a file looks like a list: nearly every line is an identifier or an address and not much else."""
    shown = [line.strip() for line in head.lines]
    lines = [line for line in shown if line and not _is_comment(line)]
    if not any(_read_line(line) for line in lines[:_LOOKED_AT_FIRST]):
        return 0.0
    read = [found for line in lines if (found := _read_line(line))]
    if len(read) < _MOST * len(lines):
        return 0.0
    if any(title for _, title in read) and any("**" in line or "](" in line for line in lines):
        return 0.0  # a digest's items, with Markdown in their titles
    named = [each for found, _ in read for each in found]
    if not all(each.is_certain for each in named) or (len(lines) == 1 and lines[0].strip().replace(".", "").isdigit()):
        return 0.5  # addresses of anything, or a number that happens to be one
    return _ALL if len(read) == len(lines) else 0.6


def parse(data: bytes) -> ParsedListing:
    """Read a list."""
    decoded = decode(data)
    lines = decoded.lines()
    ledger = LineLedger(lines)
    records: dict[_Named, ListingRecord] = {}
    repeated = 0
    for index, line in enumerate(lines):
        found = _read_line(line.strip())
        if found:
            ledger.record(index, index)
            named, title = found
            for each in named:
                if each in records:
                    repeated += 1
                else:
                    records[each] = _record(each, title, LineRange(index + 1, index + 1))
        elif _is_comment(line.strip()):
            ledger.boilerplate(index)
        elif line.strip():
            ledger.problem(index, index, _NOTHING)
    return ledger.listing(NAME, decoded, records.values(), repeated=repeated)


def _record(named: _Named, title: str, place: LineRange) -> ListingRecord:
    """The paper that a piece of a line names; a title belongs to the only one."""
    arxiv_id, doi = named.arxiv_id, named.doi
    page = arxiv_page_url(arxiv_id) if arxiv_id else doi_page_url(doi) if doi else named.url
    shown = title or stub_title(arxiv_id, doi, page)
    return ListingRecord(title=shown, abstract="", lines=place, arxiv_id=arxiv_id, doi=doi, url=page)


def _is_comment(line: str) -> bool:
    """Whether a line says something of the list: a comment, a heading, a rule."""
    return line.startswith(_COMMENTS) or (line.endswith(":") and len(line) <= 80) or not line.strip("-=_*~ ")


def _read_line(line: str) -> tuple[list[_Named], str] | None:
    """What a line names, and the title beside it (or an empty one); None where it is not a line of such a list."""
    bare = _BARE.fullmatch(line)
    if bare:  # most lines of most lists
        return [_Named(bare[1])], ""
    if len(line) > _LONGEST_LINE or not any(char.isdigit() or char == "/" for char in line):
        return None
    line = _LABEL.sub(lambda match: f"{match[1]}:", _MARK.sub("", line, count=1))
    pieces = [piece for piece in _SEPARATOR.split(line) if piece and not _CATEGORY.fullmatch(piece)]
    named = [_named(piece) for piece in pieces[:200]]
    if not pieces:
        return None
    if all(named):
        return [each for each in named if each], ""
    for place in (0, -1):
        only = named[place]
        if only is not None and only.is_certain and sum(each is not None for each in named) == 1:
            title = _without(line, pieces[place], last=place == -1)
            return ([only], title) if title else None
    return None


def _without(line: str, piece: str, *, last: bool) -> str:
    """The rest of a line as a title; empty if it does not look like a title."""
    before, _, after = line.rpartition(piece) if last else line.partition(piece)
    rest = " ".join(_CATEGORY.sub("", before + after).split()).strip(_BESIDE)
    return rest if len(rest) <= _LONGEST_TITLE and sum(char.isalpha() for char in rest) > 3 else ""


def _named(piece: str) -> _Named | None:
    """What a piece of a line names."""
    for text in (piece, piece.strip(_BRACKETS)):
        if arxiv_id := normalize_arxiv_id(text):
            return _Named(arxiv_id)
        if doi := normalize_doi(text):
            return _Named(doi=doi)
    bare = piece.strip(_BRACKETS)
    if bare.startswith("www.") and "/" in bare:
        return _named(f"https://{bare}")
    return _Named(url=bare) if bare.startswith(("http://", "https://")) and is_safe_url(bare) else None


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a list of identifiers",
    sign="a line is an arXiv identifier, a DOI or an address",
)
