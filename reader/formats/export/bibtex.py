"""BibTeX: one entry per paper, of the type it came with; a preprint is ``@misc``, as arXiv itself and Zotero write it.

Source: https://www.bibtex.org/Format/ and https://info.arxiv.org/help/hypertex/bibstyles.html (``eprint``,
``archivePrefix``, ``primaryClass``).
"""

from __future__ import annotations

import re
from dataclasses import asdict

from reader.domain.bibliography import page_ranges
from reader.domain.dates import MONTH_NAMES
from reader.domain.doi import fold_doi, normalize_doi
from reader.domain.papers import Paper
from reader.formats.export.fields import Show, paper_address, publication_year
from reader.formats.export.inert import one_line
from reader.formats.export.latex import latex_text
from reader.formats.export.people import bibtex_authors
from reader.formats.export.works import PREPRINT, Work, work_of

EXTENSION = ".bib"
INCOMPLETE = "incomplete"
"""The field that marks entries lacking what a bibliography needs, and names it; BibTeX passes over it."""
_PROTECTED = re.compile(r"(?<![\w\\{$])(?=[^\W_]*[^\W\d_][A-Z]|[A-Z][a-z]*\d)[^\W_]+(?![\w}$])")
_FORMULA = re.compile(r"(\$[^$]*\$|\\[A-Za-z]+(?:\{\})?)")


def bibtex_entry(paper: Paper, citation_key: str, show: Show = str) -> str:
    """A paper as a BibTeX entry, without a final line end; the copy command copies the same."""
    work = work_of(paper)
    fields = _fields(paper, work, show)
    lines = ",\n".join(
        f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value
    )
    return f"@{work.entry_type}{{{citation_key},\n{lines},\n}}"


def missing_fields(paper: Paper) -> list[str]:
    """Names of fields that bibliographies require and the paper lacks."""
    return [
        name
        for name, value in (
            ("author", paper.authors),
            ("title", one_line(paper.title)),
            ("year", publication_year(paper)),
        )
        if not value
    ]


def _fields(paper: Paper, work: Work, show: Show) -> dict[str, str]:
    """An entry's fields in order; empty ones are left out."""
    known = {name: latex_text(value or "", show) for name, value in asdict(paper.publication).items()}
    is_on_arxiv_only = paper.arxiv_id is not None and work is PREPRINT and known["publisher"] == "arXiv"
    return {
        "title": _protected(latex_text(paper.title, show)),
        "author": bibtex_authors(paper, show),
        work.venue: known["venue"],
        "year": publication_year(paper) or "",
        "month": _month(paper),
        "volume": known["volume"],
        "number": known["number"],
        "pages": page_ranges(known["pages"], "--"),
        "organization": latex_text(paper.organization.name, show) if paper.organization else "",
        work.issuer: "" if is_on_arxiv_only else known["publisher"],
        "doi": _address(one_line(paper.doi or "")),
        "eprint": paper.arxiv_id or "",
        "archivePrefix": "arXiv" if paper.arxiv_id else "",
        "primaryClass": latex_text(paper.categories[0]) if paper.arxiv_id and paper.categories else "",
        "url": _address(_own_address(paper)),
        "keywords": ", ".join(latex_text(tag, show).replace(",", " ") for tag in paper.tags),
        "abstract": latex_text(paper.abstract, show),
        INCOMPLETE: ", ".join(missing_fields(paper)),
    }


def _own_address(paper: Paper) -> str:
    """The paper's address, unless it is its DOI's page, which styles derive from the DOI."""
    address = paper_address(paper) or ""
    return "" if paper.doi and fold_doi(normalize_doi(address) or "") == fold_doi(paper.doi) else address


def _month(paper: Paper) -> str:
    """BibTeX's abbreviation of the month, which is written without braces."""
    month = (paper.published or "")[5:7]
    return MONTH_NAMES[int(month) - 1].lower() if month.isdigit() and 1 <= int(month) <= 12 else ""


def _protected(title: str) -> str:
    """A title with words like LoRA and GPT4 in braces, because many styles write titles in lower case."""
    pieces = _FORMULA.split(title)
    pieces[::2] = [_PROTECTED.sub(r"{\g<0>}", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _address(address: str) -> str:
    r"""An address for ``\url``, which needs no escaping; braces and backslashes, which would break it, are encoded."""
    return "".join(f"%{ord(char):02X}" if char in "{}\\" else char for char in address)
