"""RIS: tagged lines, ``TY  - `` to ``ER  - ``, for Zotero, EndNote, Mendeley and others.

Source of the tags: https://en.wikipedia.org/wiki/RIS_(file_format) and the list that rispy keeps of them. Preprints
are ``UNPB``, unpublished work, which all of them know.
"""

from __future__ import annotations

from collections.abc import Iterator

from reader.domain.papers import Paper
from reader.formats.export.citation_keys import family_and_given
from reader.formats.export.fields import Show, paper_address, publication_year
from reader.formats.export.inert import one_line

EXTENSION = ".ris"


def ris_entry(paper: Paper, citation_key: str, show: Show = str) -> str:
    """A paper as a RIS entry, its last line end included."""
    return "".join(f"{tag}  - {value}\n" for tag, value in _tags(paper, citation_key, show)) + "ER  - \n"


def _tags(paper: Paper, citation_key: str, show: Show) -> Iterator[tuple[str, str]]:
    """An entry's tags in order, without empty ones; every value is one line."""
    day = (paper.published or "").split("-")
    year = publication_year(paper)
    doi = f"10.48550/arXiv.{paper.arxiv_id}" if paper.arxiv_id else ""
    tags = [
        ("TY", "UNPB"),
        ("ID", citation_key),
        ("TI", show(paper.title)),
        *(("AU", _inverted(show(author))) for author in paper.authors),
        ("PY", year or ""),
        ("DA", "/".join([*day, "", ""][:3]) + "/" if year else ""),
        ("AB", show(paper.abstract)),
        *(("KW", tag) for tag in paper.tags),
        ("PB", "arXiv" if paper.arxiv_id else ""),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        ("DO", doi),
        ("UR", paper_address(paper) or ""),
        *(("L2", address) for address in paper.code_urls),
        *(("N1", note) for note in _notes(paper, show)),
    ]
    for tag, value in tags:
        line = one_line(value)
        if line:
            yield tag, line


def _notes(paper: Paper, show: Show) -> Iterator[str]:
    """The user's note, and each highlight with its comment."""
    if paper.note:
        yield paper.note
    for highlight in paper.highlights:
        label = f"{highlight.label}: " if highlight.label else ""
        comment = f" — {highlight.comment}" if highlight.comment else ""
        yield f"{label}“{show(highlight.exact)}”{comment}"


def _inverted(name: str) -> str:
    """A name as RIS has it: family name, comma, the rest."""
    family, given = family_and_given(one_line(name))
    return f"{family}, {given}" if given else family
