"""Digests in Markdown that somebody wrote: headings, items of lists or rows of tables, each of which links a paper.

``## [A Title](https://arxiv.org/abs/…)``, ``- **A Title** [[paper](…)] [[code](…)]``, ``| A Title | [arXiv](…) |``, or
a title with the link on a line below it. What belongs to a title reaches to the next heading, to the next item that is
not further in, or in a list to a blank line. What links no paper is boilerplate; where several papers are linked and
not each has a title, it is a problem. Titles are somebody's notes: such lists have the lowest content rank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from reader.domain.arxiv import arxiv_page_url, normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.links import find_code_urls
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.domain.stubs import stub_title
from reader.formats import address_lines, markdown, trending
from reader.formats.format import Format
from reader.formats.ledger import LineLedger
from reader.formats.people import author_fields, split_creators
from reader.formats.text_decoder import Head, decode

NAME = "digest"

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"(\s{0,24})(?:[-*+•]|\(?\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?(\S.*)")
_LINK = re.compile(
    r"\[(?:\[(?=[^\[\]]{0,500}\]\]\())?([^\[\]]{0,500})\]{1,2}\(<?(https?://[^\s()<>]{1,1000})>?(?:\s[^()]{0,200})?\)"
)
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\s]{0,1000}\)")
_ADDRESS = re.compile(r"https?://[^\s()<>\[\]|\"'`]{1,1000}")
_PAPER = re.compile(
    r"https?://(?:www\.|export\.)?(?:arxiv\.org/(?:abs|pdf|html)|huggingface\.co/papers|hf\.co/papers|"
    r"alphaxiv\.org/abs|ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html))/(\S{4,60})",
    re.IGNORECASE,
)
_GENERIC_WORDS = (
    "paper|papers|arxiv|pdf|link|abs|abstract|html|arxiv page|arxiv link|hf|hugging face|huggingface|here|paper link|"
    "paper page|read|read more|read paper|source|url|preprint|full text|hf page|hf paper|project|view|details|"
    "📄|🔗|📝|📃"
)
_GENERIC = frozenset(_GENERIC_WORDS.split("|"))
_LABEL = re.compile(
    r"\W{0,4}(authors?|paper|links?|arxiv|pdf|code|url|source|abstract|summary|tl;?dr|date|published|project|github)"
    r"\W{0,3}:\W{0,3}(.*)",
    re.IGNORECASE,
)
_BOLD = re.compile(r"\*\*([^*]{3,400})\*\*|__([^_]{3,400})__")
_ITALIC = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]{2,400})\1(?![\w*])")
_DATE_BEFORE = re.compile(r"^[\[(]?\d{4}(?:[./-]\d{1,2}){0,2}[\])]?[\s:–—-]*")
_NUMBER_BEFORE = re.compile(r"^\(?\d{1,3}[.)]\s+")
_VENUE_BEFORE = re.compile(
    r"^[\[(](?:\*[^\[\]()*]{1,60}\*|_[^\[\]()_]{1,60}_|[^\[\]()]{0,50}?\d\d[^\[\]()]{0,20})[\])][\s:–—-]*"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPTY_BRACKETS = re.compile(r"[\[(]\s*[\])]")
_ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_ROW = re.compile(r"\s{0,3}\|.*\|\s*")
_TABLE_RULE = re.compile(r"[|:\s-]+")
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_TITLE_COLUMNS = ("title", "paper title", "name", "work", "paper", "papers")
_AUTHOR_COLUMNS = ("authors", "author")
_AROUND = " \t:|,;·-–—*_`#>"
_SEVERAL = "This links several papers, but not each has a title."
_FEW, _SOME, _CERTAIN = 0.2, 0.5, 0.85


@dataclass(slots=True)
class _Item:
    """A title, maybe, and the lines that belong to it; ``depth`` is a list item's indent, -1 for headings.

    Of ``prose`` only what is bold or a link is a title.
    """

    head: str
    depth: int
    lines: list[int]
    body: list[str] = field(default_factory=list)
    prose: bool = False

    def text(self) -> str:
        """All its lines."""
        return "\n".join([self.head, *self.body])


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return line.lstrip().startswith("|") and _ROW.fullmatch(line) is not None


class _Table:
    """A table (GitHub's: https://github.github.com/gfm/#tables-extension-) whose rows are read one by one."""

    def __init__(self) -> None:
        self._columns: list[str] | None = None

    def read(self, line: str) -> tuple[str, str, str]:
        """A row's title and authors, as far as its columns tell them, and all its text; empty for heading and rule."""
        if _TABLE_RULE.fullmatch(line):
            return "", "", ""
        cells = [cell.strip() for cell in _CELL_BREAK.split(line.strip()[1:-1])]
        if self._columns is None:
            self._columns = [cell.strip("*_ ").lower() for cell in cells]
            if "://" not in line:
                return "", "", ""
        by_column = dict(zip(self._columns, cells, strict=False))
        title = next((by_column[name] for name in _TITLE_COLUMNS if name in by_column), "")
        if not title or ("://" in title and "](" not in title):
            title = max((cell for cell in cells if "://" not in cell), key=_letters, default="")
        authors = next((by_column[name] for name in _AUTHOR_COLUMNS if name in by_column), "")
        return title, authors, line


def _letters(cell: str) -> int:
    """How many letters a cell has."""
    return sum(char.isalpha() for char in cell)


class _Reader:
    """Reads a digest's lines once."""

    def __init__(self, lines: list[str]) -> None:
        self.ledger = LineLedger(lines)
        self.records: list[ListingRecord] = []
        self.repeated = 0
        self._known: set[str] = set()
        self._lines = lines
        self._item: _Item | None = None
        self._table = _Table()
        self._after_blank = False

    def read(self) -> None:
        """Read all lines."""
        for index, whole in enumerate(self._lines):
            line = _IMAGE.sub("", whole) if "![" in whole else whole
            if line.strip():
                self._take(index, line)
            else:
                self._table = _Table()
            self._after_blank = not line.strip()
        self._end()

    def _take(self, index: int, line: str) -> None:
        """Read a line by what it is."""
        item = self._item
        heading, entry = _HEADING.fullmatch(line.strip()), _ITEM.fullmatch(line.rstrip())
        if heading:
            self._begin(_Item(_NUMBER_BEFORE.sub("", heading[2]), -1, [index]))
        elif _is_row(line):
            self._end()
            self._take_row(index, line)
        elif entry and not self._belongs(entry):
            self._begin(_Item(entry[2], len(entry[1]), [index]))
        elif item is not None and (entry or item.depth < 0 or line[:1].isspace() or not self._after_blank):
            item.lines.append(index)
            item.body.append(entry[2] if entry else line.strip())
        else:
            self._end()
            self._begin(_Item(line.strip(), 0, [index], prose=True))

    def _belongs(self, entry: re.Match[str]) -> bool:
        """Whether an item of a list belongs to the open one: it is further in, a label, or a link without a title."""
        item = self._item
        if item is None:
            return False
        if item.depth >= 0:
            return len(entry[1]) > item.depth
        is_link = "](" in entry[2] and not _title_of(entry[2]) and not any(_papers(entry[2]).values())
        return _LABEL.fullmatch(entry[2]) is not None or (is_link and not _papers(item.text()))

    def _take_row(self, index: int, line: str) -> None:
        """Read a row of a table."""
        title, authors, text = self._table.read(line)
        papers = _papers(text)
        if not papers:
            self.ledger.boilerplate(index)
            return
        linked = next((shown for shown in papers.values() if shown), "")
        shown = linked or (title if not _ADDRESS.search(title) else "")
        self._close(_Item(text, 0, [index], prose=True), papers, _clean(shown), authors)

    def _begin(self, item: _Item) -> None:
        """Open an item."""
        self._end()
        self._item = item

    def _end(self) -> None:
        """Close the open item."""
        item, self._item = self._item, None
        if item is None:
            return
        papers = _papers(item.head) or _papers(item.text())
        if papers:
            self._close(item, papers, "", "")
        else:
            for index in item.lines:
                self.ledger.boilerplate(index)

    def _close(self, item: _Item, papers: dict[str, str], title: str, authors: str) -> None:
        """Make records of an item that links papers."""
        lines = LineRange(item.lines[0] + 1, item.lines[-1] + 1)
        if len(papers) > 1 and not all(papers.values()):
            self.ledger.problem(item.lines[0], item.lines[-1], _SEVERAL)
            return
        self.ledger.record_lines(item.lines)
        for arxiv_id, shown in papers.items():
            if arxiv_id in self._known:
                self.repeated += 1
                continue
            self._known.add(arxiv_id)
            if len(papers) > 1:
                self.records.append(_record(arxiv_id, shown, lines))
            else:
                title = title or shown or _title_of(item.head, prose=item.prose)
                self.records.append(_record(arxiv_id, title, lines, item, authors))


def _record(arxiv_id: str, title: str, lines: LineRange, item: _Item | None = None, authors: str = "") -> ListingRecord:
    """A paper that a digest links."""
    page = arxiv_page_url(arxiv_id)
    text = item.text() if item else ""
    labels = {match[1].lower(): match[2] for line in (item.body if item else ()) if (match := _LABEL.fullmatch(line))}
    names = authors or labels.get("authors") or labels.get("author") or ""
    return ListingRecord(
        title=title or stub_title(arxiv_id, None, page),
        abstract=_clean(labels.get("abstract", "")),
        lines=lines,
        arxiv_id=arxiv_id,
        url=page,
        code_urls=find_code_urls(text) if text.count("://") > 1 else (),
        **author_fields(split_creators(_clean(names)) if names else ()),
    )


def _papers(text: str) -> dict[str, str]:
    """The papers that a text links, each with the title that its link says, or with an empty one."""
    found: dict[str, str] = {}
    if "://" not in text:
        return found
    for match in _LINK.finditer(text):
        if arxiv_id := _arxiv_id(match[2]):
            shown = _clean(match[1])
            is_title = shown.strip("[]. ").lower() not in _GENERIC and not normalize_arxiv_id(shown)
            found[arxiv_id] = found.get(arxiv_id) or (shown if is_title and not _ADDRESS.match(shown) else "")
    for match in _ADDRESS.finditer(text):
        if arxiv_id := _arxiv_id(match[0]):
            found.setdefault(arxiv_id, "")
    return found


@lru_cache(maxsize=4096)
def _arxiv_id(address: str) -> str | None:
    """The arXiv identifier in the address of a paper's page."""
    match = _PAPER.match(address)
    return normalize_arxiv_id(match[1].rstrip(".,;:)")) if match else None


def _title_of(line: str, *, prose: bool = False) -> str:
    """The title in a line beside its links: the bold text, else the text before links and names in italics."""
    if _LABEL.fullmatch(line):
        return ""
    rest = _ADDRESS.sub(" ", _LINK.sub(" ", line))
    rest = _DATE_BEFORE.sub("", rest.strip())
    bold = _BOLD.search(rest)
    if bold:
        return _clean(bold[1] or bold[2])
    if prose:
        return ""
    rest = _VENUE_BEFORE.sub("", rest)
    italic = _ITALIC.search(rest)
    first = _clean(rest[: italic.start()] if italic else rest)
    title = _clean(_DATE_BEFORE.sub("", first)) or _clean(rest)
    return title if sum(char.isalpha() for char in title) > 3 and title.lower() not in _GENERIC else ""


def _clean(text: str) -> str:
    """A text without Markdown's marks around it."""
    text = _EMPTY_BRACKETS.sub("", _LINK.sub(r"\1", text)).replace("**", "").replace("__", "")
    text = _ITALIC.sub(r"\2", text)
    return " ".join(_ESCAPE.sub(r"\1", text).split()).strip(_AROUND)


def detect(head: Head) -> float:
    """High where headings, items or rows link papers of arXiv's or Hugging Face's; 0 for dumps of the site's pages."""
    lines = [line.strip() for line in head.lines]
    if not any("arxiv.org/" in line or "/papers/" in line for line in lines):
        return 0.0
    if markdown.detect(head) > _SOME or trending.detect(head) >= _SOME or address_lines.detect(head):
        return 0.0
    items = [line for line in lines if _HEADING.fullmatch(line) or _ITEM.fullmatch(line) or _is_row(line)]
    linking = sum(bool(_papers(line)) for line in items)
    reader = _Reader(lines)
    reader.read()
    papers = len(reader.records)
    titled = sum(record.title != stub_title(record.arxiv_id, None, None) for record in reader.records)
    if not items or not papers or papers < _FEW * len(items) or titled < _SOME * papers:
        return 0.0  # also for lists of addresses alone, which are read as such
    is_clear = papers > 1 and max(papers, linking) >= _SOME * len(items)
    return _CERTAIN if is_clear else _SOME


def parse(data: bytes) -> ParsedListing:
    """Read a digest."""
    decoded = decode(data)
    lines = decoded.lines()
    reader = _Reader(lines)
    reader.read()
    return reader.ledger.listing(NAME, decoded, reader.records, heading=_heading(lines), repeated=reader.repeated)


def _heading(lines: list[str]) -> PartialDate | None:
    """The day in the first heading."""
    first = next((line for line in lines if line.startswith("#")), "")
    found = _ISO_DATE.search(first)
    return PartialDate.parse_iso(found[0]) if found else None


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a digest in Markdown",
    sign="a paper is a heading, an item or a row that links arXiv or Hugging Face's papers",
)
