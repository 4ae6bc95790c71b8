"""BibTeX: one ``@misc`` per paper, the way arXiv itself and Zotero write preprints.

Source: https://www.bibtex.org/Format/ and https://info.arxiv.org/help/hypertex/bibstyles.html (``eprint``,
``archivePrefix``, ``primaryClass``).
"""

from __future__ import annotations

import re

from reader.domain.dates import MONTH_NAMES
from reader.domain.papers import Paper
from reader.formats.export.fields import paper_address, publication_year
from reader.formats.export.inert import one_line
from reader.formats.export.latex import latex_text

EXTENSION = ".bib"
INCOMPLETE = "incomplete"
"""The field that marks entries lacking what a bibliography needs, and names it; BibTeX passes over it."""
_PROTECTED = re.compile(r"(?<![\w\\{$])(?=[^\W_]*[^\W\d_][A-Z]|[A-Z][a-z]*\d)[^\W_]+(?![\w}$])")
_FORMULA = re.compile(r"(\$[^$]*\$|\\[A-Za-z]+(?:\{\})?)")


def bibtex_entry(paper: Paper, citation_key: str) -> str:
    """A paper as a BibTeX entry, without a line end behind it; also what copying as BibTeX copies."""
    fields = _fields(paper)
    lines = ",\n".join(
        f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items() if value
    )
    return f"@misc{{{citation_key},\n{lines},\n}}"


def missing_fields(paper: Paper) -> list[str]:
    """What a bibliography needs and the paper lacks."""
    return [
        name
        for name, value in (
            ("author", paper.authors),
            ("title", one_line(paper.title)),
            ("year", publication_year(paper)),
        )
        if not value
    ]


def _fields(paper: Paper) -> dict[str, str]:
    """An entry's fields in order; empty ones are left out."""
    return {
        "title": _protected(latex_text(paper.title)),
        "author": _authors(paper),
        "year": publication_year(paper) or "",
        "month": _month(paper),
        "eprint": paper.arxiv_id or "",
        "archivePrefix": "arXiv" if paper.arxiv_id else "",
        "primaryClass": latex_text(paper.categories[0]) if paper.arxiv_id and paper.categories else "",
        "organization": latex_text(paper.organization.name) if paper.organization else "",
        "url": _address(paper_address(paper) or ""),
        "keywords": ", ".join(latex_text(tag).replace(",", " ") for tag in paper.tags),
        "abstract": latex_text(paper.abstract),
        INCOMPLETE: ", ".join(missing_fields(paper)),
    }


def _authors(paper: Paper) -> str:
    """The names, joined by ``and``; one that holds ``and`` or a comma itself stays one name by braces."""
    names = []
    for author in paper.authors:
        name = latex_text(author)
        ambiguous = re.search(r"\band\b|,|\bothers\b", name, re.IGNORECASE)
        names.append(f"{{{name}}}" if ambiguous else name)
    if paper.authors and (paper.author_count or 0) > len(paper.authors):
        names.append("others")
    return " and ".join(filter(None, names))


def _month(paper: Paper) -> str:
    """BibTeX's own abbreviation of the month, which stands without braces."""
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
