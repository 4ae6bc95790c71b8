r"""arXiv's daily mail: one entry after another between rules of dashes.

    \\
    arXiv:2601.15305 (*cross-listing*)
    Date: Wed, 21 Jan 2026 10:00:00 GMT   (215kb)

    Title: A title that goes on
      in a line indented by two blanks
    Authors: Ann Bee (1), Cy Dee (2) ((1) Somewhere, (2) Elsewhere)
    Categories: cs.LG stat.ML
    Comments: 12 pages
    \\
      The abstract, each of its paragraphs indented.
    \\ ( https://arxiv.org/abs/2601.15305 ,  215kb)

Sections end in rules (``%-%-%-`` before cross-lists, ``%%--%%--`` before replacements, ``%%%---%%%---`` at the end).
A replacement says ``replaced with revised version …`` for its date and has no abstract. Older mails write
``Paper: cs.LG/0501001``. Source of the format: https://info.arxiv.org/help/subscribe.html and arXiv's own readers of
its listing files (github.com/arXiv/arxiv-browse, ``fs_listings`` and ``parse_abs``).

Accounts for lines. Text before a mail's first entry (headers, the list of categories) and after the rule that
ends it is boilerplate; other text outside of entries is a problem, but for arXiv's closing words. So is an entry within
which the file ends, because its abstract may be cut off. A mail that was forwarded as a quotation (``> arXiv:…``) is
read without its marks. Titles and abstracts keep their LaTeX and lose their line breaks (``entries.fold_lines``);
accents in names become letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reader.domain.arxiv import arxiv_page_url, normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.entries import NO_TITLE, BrokenEntryError, fold_lines
from reader.formats.format import Format
from reader.formats.ledger import LineLedger
from reader.formats.loose_dates import find_mail_date
from reader.formats.mail_transport import decode_mail, is_encoded_mail
from reader.formats.mentions import code_urls_beside
from reader.formats.people import split_authors
from reader.formats.text_decoder import Head

_NAME = "arxiv-mail"
_QUOTED = r"(?:>[ \t]?){0,9}"
_OPENING = re.compile(rf"^{_QUOTED}\\\\[ \t]{{0,20}}\r?\n{_QUOTED}(?:arXiv:|Paper\b)", re.MULTILINE)
_QUOTE_MARKS = re.compile(r"(?:>[ \t]?){1,9}")
_CLOSING = re.compile(rf"^{_QUOTED}\\\\ \( ?https?://(?:www\.)?arxiv\.org/abs/", re.MULTILINE | re.IGNORECASE)
_IDENTIFIER = re.compile(r"(?:Paper[^:]{0,40}:|arXiv:)\s{0,9}(?:arXiv:)?(\S{1,100})")
_REVISED = re.compile(r"replaced with revised version|(?:figures|part) added|Date \(revised", re.IGNORECASE)
_PART_OF_ENTRY = re.compile(r"arXiv:\S|Paper(?: \(|:)|Title:|\\\\ ")
_MAIL_HEADER = re.compile(r"\s{0,3}(?:From|Date|Subject|To|Sent|Received|Return-Path|Delivered-To|Message-I[Dd])\b")
_DATE_HEADER = re.compile(r"\s{0,3}(?:Date|Sent|Subject):(.*)")
_RECEIVED = re.compile(r"\s{0,3}received from .{0,100}? to (.{0,100})")
_ENCODED = re.compile(r"\s{0,3}[A-Za-z0-9+/]{56,998}={0,2}\s{0,3}")
_FEWEST_ENCODED = 3
_CLOSING_WORDS = re.compile(
    r"\s{0,3}(?:For (?:subscribe|help|general|more)|Archives at|To (?:un)?subscribe|Send any comments|Use a web|"
    r"See https?:|https?://|-- ?$|You (?:are|have) rec|This (?:message|mail|is an)|Replacements?\b|Cross-?lists?\b|"
    r"New submissions\b|The (?:following|replacements|cross)\b)",
    re.IGNORECASE,
)
_RULE = re.compile(r"-{10,}|(?:%-){5,}%?|(?:%%--){3,}%{0,2}-{0,2}|(?:%%%---){3,}%{0,3}-{0,3}")
_END_RULE = re.compile(r"\s{0,3}(?:%%%---){3}")
_ENTRY_CLOSING = re.compile(r"\\\\\s{1,3}\(\s{0,3}(https?://[^\s,]{1,300})?")
_FIELD = re.compile(r"([A-Z][A-Za-z-]{1,20})\s{0,3}:(.*)")
_IDENTIFIER_LINE = re.compile(r"arXiv:|Paper\b")
_DATE_LINE = re.compile(r"Date\b|replaced with revised version|(?:figures|part) added", re.IGNORECASE)
_BAR = "\\\\"
_FIELDS_OF_ENTRIES = (
    "Title Authors Author Categories Comments Proxy Report-no ACM-class MSC-class Journal-ref DOI License From "
    "Subj-class Notes"
)
_FIELD_NAMES = frozenset(_FIELDS_OF_ENTRIES.split())


@dataclass(slots=True)
class _Block:
    """Non-blank lines outside of entries, the first at index ``first`` (counted from 0), the last at ``last``."""

    first: int
    last: int


@dataclass(slots=True)
class _Entry:
    r"""One entry: its metadata lines, its abstract's lines, and the address in its closing line.

    ``first`` and ``last`` are the indices of its lines. ``cut_off`` tells that the file ends within it.
    """

    first: int
    last: int
    metadata: list[str] = field(default_factory=list)
    abstract: list[str] = field(default_factory=list)
    url: str | None = None
    cut_off: bool = True

    @property
    def identifier_line(self) -> str:
        """The line that names the paper (``arXiv:…``, in older mails ``Paper: …``), or an empty one."""
        return next((line for line in self.metadata if _IDENTIFIER_LINE.match(line)), "")

    @property
    def date_line(self) -> str:
        """The line with the date, or that says that the paper was replaced; or an empty one."""
        return next((line for line in self.metadata if _DATE_LINE.match(line)), "")

    def text_of(self, *names: str) -> str:
        """A field's text with its continuation lines; empty where the entry lacks it.

        A line that begins no known field goes on with the one before it, even if it lost its indent on the way.
        """
        found: list[str] = []
        inside = False
        for line in self.metadata:
            match = _FIELD.match(line)
            if match and match[1] in _FIELD_NAMES:
                if found:
                    break
                inside = match[1] in names
                line = match[2]
            if inside:
                found.append(line)
        return "\n".join(found)


def _split(lines: list[str]) -> Iterator[_Entry | _Block]:
    """The entries of a mail and the blocks of lines outside of them, in order; rules and blank lines are left out."""
    shown = iter([(index, line) for index, line in enumerate(lines) if line.strip()])
    block: _Block | None = None
    for index, line in shown:
        is_bar = line.strip() == _BAR
        if not is_bar and not _is_rule(line):
            block = _Block(block.first if block else index, index)
            continue
        if block is not None:
            yield block
            block = None
        if is_bar:
            yield _read_entry(index, shown)
    if block is not None:
        yield block


def _is_rule(line: str) -> bool:
    """Whether a line is one of the mail's rules."""
    return _RULE.fullmatch(line.strip()) is not None


def _is_end_rule(line: str) -> bool:
    """Whether a line is the rule after a mail's last entry."""
    return _END_RULE.match(line) is not None


def _read_entry(first: int, following: Iterator[tuple[int, str]]) -> _Entry:
    """The entry whose opening bar is line ``first``, up to its closing line or the rule that ends it."""
    entry = _Entry(first, first)
    part = entry.metadata
    for index, line in following:
        if _is_rule(line):
            entry.cut_off = False
            break
        entry.last = index
        is_bar = line.strip() == _BAR
        closing = _ENTRY_CLOSING.match(line)
        if closing or (is_bar and part is entry.abstract):
            entry.url = closing[1] if closing else None
            entry.cut_off = False
            break
        if is_bar:
            part = entry.abstract
        else:
            part.append(line)
    return entry


def detect(head: Head) -> float:
    """How much a file looks like arXiv's mail: an entry's first lines, or its last; or an encoded mail of arXiv's."""
    has_rule = "\\\\" in head.text
    if has_rule and _OPENING.search(head.text):
        return 1.0
    if is_encoded_mail(head.data):
        return 0.9 if "arxiv" in head.text.lower() else 0.5
    return 0.8 if has_rule and _CLOSING.search(head.text) else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a mail (or several, one after another); a file without an entry gives a listing without records."""
    decoded = decode_mail(data)
    lines = _unquoted(decoded.lines())
    ledger = LineLedger(lines)
    records: list[ListingRecord] = []
    between_mails, header_ends, following = True, len(lines), 0
    for part in _split(lines):
        if isinstance(part, _Entry):
            between_mails, header_ends = False, min(header_ends, part.first)
            records += _take_entry(part, ledger)
        else:
            ended = any(map(_is_end_rule, lines[following : part.first]))
            between_mails = between_mails or ended or _MAIL_HEADER.match(lines[part.first]) is not None
            _take_block(part, lines, ledger, between_mails=between_mails)
        following = part.last + 1
    for index, line in enumerate(lines):
        if not ledger.is_claimed(index) and _is_rule(line):
            ledger.boilerplate(index)
    return ledger.listing(_NAME, decoded, records, heading=_heading(lines[:header_ends]))


def _unquoted(lines: list[str]) -> list[str]:
    """The lines without the marks that a mail program puts before those of a mail it forwards or answers (``> ``).

    Lines that follow each other lose them where an entry of arXiv's begins among them, others keep them.
    """
    shown, start = list(lines), 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].startswith(">"):
            end += 1
        if end > start:
            plain = [_QUOTE_MARKS.sub("", line, count=1) for line in lines[start:end]]
            if any(
                line.startswith(("arXiv:", "Paper")) and plain[number - 1].strip() == "\\\\"
                for number, line in enumerate(plain)
                if number
            ):
                shown[start:end] = plain
        start = max(end, start + 1)
    return shown


def _take_entry(entry: _Entry, ledger: LineLedger) -> list[ListingRecord]:
    """An entry as one record, or none and a problem; its lines are claimed."""
    try:
        record = _record(entry)
    except BrokenEntryError as broken:
        ledger.problem(entry.first, entry.last, str(broken))
        return []
    ledger.record(entry.first, entry.last)
    return [record]


def _record(entry: _Entry) -> ListingRecord:
    """An entry as a record; raises :class:`BrokenEntryError`."""
    if entry.cut_off:
        raise BrokenEntryError("The file ends within this entry, so its abstract may be cut off.")
    identifier = _IDENTIFIER.match(entry.identifier_line)
    arxiv_id = normalize_arxiv_id(identifier[1]) if identifier else None
    if arxiv_id is None:
        raise BrokenEntryError("The entry has no arXiv identifier.")
    title = fold_lines(entry.text_of("Title"))
    if not title:
        raise BrokenEntryError(NO_TITLE)
    authors, author_count = split_authors(fold_lines(entry.text_of("Authors", "Author")))
    abstract = fold_lines("\n".join(entry.abstract))
    is_revised = _REVISED.match(entry.date_line) is not None
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=LineRange(entry.first + 1, entry.last + 1),
        authors=authors,
        author_count=author_count,
        published=None if is_revised else find_mail_date(entry.date_line),
        arxiv_id=arxiv_id,
        url=entry.url if entry.url and is_safe_url(entry.url) else arxiv_page_url(arxiv_id),
        code_urls=code_urls_beside(abstract, fold_lines(entry.text_of("Comments"))),
        categories=tuple(dict.fromkeys(entry.text_of("Categories").split())),
        is_revision=is_revised and not abstract,
    )


def _take_block(block: _Block, lines: list[str], ledger: LineLedger, *, between_mails: bool) -> None:
    """Claim lines outside of entries: boilerplate before, after or between mails, else a problem."""
    inside = [line for line in lines[block.first : block.last + 1] if line.strip()]
    is_part_of_entry = any(_PART_OF_ENTRY.match(line) for line in inside)
    if sum(_ENCODED.fullmatch(line) is not None for line in inside) >= _FEWEST_ENCODED:
        ledger.problem(block.first, block.last, "This part of the mail is encoded and could not be decoded.")
        return
    if (between_mails and not is_part_of_entry) or all(_CLOSING_WORDS.match(line) for line in inside):
        for index in range(block.first, block.last + 1):
            ledger.boilerplate(index)
    elif is_part_of_entry:
        ledger.problem(block.first, block.last, "This is part of an entry that lacks its opening line.")
    else:
        ledger.problem(block.first, block.last, "This text is outside any entry.")


def _heading(header: list[str]) -> PartialDate | None:
    """The day of the mail: its Date or Subject header, else the end of the days it was received in."""
    for pattern in (_DATE_HEADER, _RECEIVED):
        for line in reversed(header):  # of a mail that was forwarded, arXiv's own date stands below
            match = pattern.match(line)
            found = find_mail_date(match[1]) if match else None
            if found is not None:
                return found
    return None


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="an arXiv mail",
    sign="a paper stands between two lines of two backslashes and has “arXiv:” and “Title:”",
)
