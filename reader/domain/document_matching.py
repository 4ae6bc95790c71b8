"""Which paper of a library a document is, by what its first page, its metadata and its file's name say.

arXiv prints the identifier with the version and the category into the margin of page 1, as in "arXiv:1706.03762v5
[cs.CL] 6 Dec 2017" (https://info.arxiv.org/help/arxiv_identifier.html); other identifiers on that page may be those of
works that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.documents import ReadDocument
from reader.domain.doi import fold_doi, normalize_doi
from reader.domain.folding import fold_title
from reader.domain.title_likeness import are_near

_STAMP = re.compile(r"\barXiv:\s{0,3}(\S{7,40}?)(?:v\d{1,3})?\s{0,3}\[[a-z-]{2,12}(?:\.[A-Za-z-]{2,8})?\]")
_ARXIV_ID = re.compile(r"(?<![\w./])(?:[a-z-]{2,12}(?:\.[A-Z]{2})?[/_])?\d{4}\.?\d{3,5}(?:v\d{1,3})?(?![\w/])")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]{1,300}")
_BEGINNING = 3_000
"""So many letters from the top of page 1 the title stands; further down, titles are those of cited works."""
_TOP_LINES = 12
_TITLE_LINES = 4
"""Among so many lines at the top of page 1 the title is up to so many, which hold nothing else."""
_LEAST_LETTERS = 16
_LEAST_WORDS = 3


class Certainty(Enum):
    """How sure it is that a document is a paper."""

    SURE = auto()
    """One paper by an identifier that the document gives itself or, without one, by its title in lines of its own."""
    LIKELY = auto()
    """One paper's title stands in the text at the top of page 1, or an identifier somewhere on it; ask."""
    NONE = auto()
    """No paper, or several; ask."""


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """By what a document can be recognised.

    ``own_arxiv_ids`` are those in the margin and in the file's name, ``arxiv_ids`` and ``dois`` all on page 1, DOIs
    folded. ``beginning`` is the folded text of the top of page 1 without spaces, since words are broken there in places
    that are not told, and ``headings`` what may be the title in it; ``title`` is the folded one of the metadata.
    """

    own_arxiv_ids: tuple[str, ...]
    arxiv_ids: tuple[str, ...]
    dois: tuple[str, ...]
    title: str
    beginning: str
    headings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that a document may be; ``title`` is its folded title."""

    paper_id: int
    title: str
    arxiv_id: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """The papers that a document may be, the likeliest first. If the certainty is not NONE, the first is the one."""

    certainty: Certainty
    paper_ids: tuple[int, ...]


def document_names(read: ReadDocument, file_name: str) -> DocumentNames:
    """What a document says of itself. ``file_name`` is the name of its file, with or without an ending."""
    page = read.first_page
    stem = re.sub(r"\.pdf$", "", file_name, flags=re.IGNORECASE)
    stamps = _known(match[1] for match in _STAMP.finditer(page))
    return DocumentNames(
        own_arxiv_ids=stamps or _known(match[0].replace("_", "/") for match in _ARXIV_ID.finditer(stem)),
        arxiv_ids=_known(match[0] for match in _ARXIV_ID.finditer(page)),
        dois=_distinct(fold_doi(doi) for match in _DOI.finditer(page) if (doi := normalize_doi(match[0]))),
        title=fold_title(read.title),
        beginning=_squeezed(page[:_BEGINNING]),
        headings=_headings(page[:_BEGINNING]),
    )


def match_document(names: DocumentNames, candidates: Iterable[Candidate]) -> DocumentMatch:
    """Which of some papers a document is; papers with nothing in common with it may be among them."""
    own: list[int] = []
    named: list[int] = []
    titled: list[int] = []
    headed: list[int] = []
    for paper in candidates:
        doi = fold_doi(paper.doi) if paper.doi else None
        if paper.arxiv_id in names.own_arxiv_ids or (doi in names.dois and len(names.dois) == 1):
            own.append(paper.paper_id)
        elif _is_titled(names, paper.title):
            titled.append(paper.paper_id)
            headed += [paper.paper_id] if _is_headed(names, paper) else []
        elif paper.arxiv_id in names.arxiv_ids or doi in names.dois:
            named.append(paper.paper_id)
    found = tuple(own + titled + named)
    if len(own) == 1 or (not own and len(titled) == 1 and titled[0] in headed):
        return DocumentMatch(Certainty.SURE, found)
    is_one = len(titled) == 1 or len(found) == 1
    return DocumentMatch(Certainty.LIKELY if is_one and not own else Certainty.NONE, found)


def _headings(page: str) -> frozenset[str]:
    """What may be the title: up to so many neighbouring lines at the top, folded, without spaces."""
    lines = [line for line in page.splitlines() if line.strip()][:_TOP_LINES]
    lengths = range(1, _TITLE_LINES + 1)
    return frozenset(
        _squeezed(" ".join(lines[start : start + count])) for start in range(len(lines)) for count in lengths
    )


def _squeezed(text: str) -> str:
    return fold_title(text).replace(" ", "")


def _is_headed(names: DocumentNames, paper: Candidate) -> bool:
    """Whether a document has a paper's title over it, and no identifier in its margin that is another's."""
    is_another = paper.arxiv_id is not None and names.own_arxiv_ids != ()
    return not is_another and not _is_short(paper.title) and paper.title.replace(" ", "") in names.headings


def _is_short(title: str) -> bool:
    return len(title) < _LEAST_LETTERS or title.count(" ") < _LEAST_WORDS - 1


def _is_titled(names: DocumentNames, title: str) -> bool:
    if _is_short(title):
        return title != "" and title == names.title
    return title.replace(" ", "") in names.beginning or (names.title != "" and are_near(title, names.title))


def _known(texts: Iterable[str]) -> tuple[str, ...]:
    """The arXiv identifiers among some texts, without versions."""
    return _distinct(arxiv_id for text in texts if (arxiv_id := normalize_arxiv_id(text)))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
