"""Citations for the copy commands, as plain text and as Markdown; :mod:`.bibtex` makes BibTeX."""

from __future__ import annotations

from reader.domain.papers import Paper
from reader.formats.export.fields import Show, byline, paper_address, publication_year, published_in
from reader.formats.export.inert import inert, one_line
from reader.formats.export.templates import markdown_address


def citation_text(paper: Paper, show: Show = str) -> str:
    """A citation as plain text on one line: who, title, where, when, address; what is unknown is left out."""
    title = one_line(show(paper.title))
    parts = [
        byline(paper, show),
        f"“{title}”" if title else "",
        published_in(paper, show),
        f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        publication_year(paper) or "",
        paper_address(paper) or "",
    ]
    return ". ".join(part.rstrip(".") for part in parts if part)


def citation_markdown(paper: Paper, show: Show = str) -> str:
    """A citation as inert Markdown on one line: the title as a link to the paper, who, when."""
    title = inert(show(paper.title)) or paper.key
    address = markdown_address(paper_address(paper))
    about = inert(
        ", ".join(
            part for part in (byline(paper, show), published_in(paper, show), publication_year(paper) or "") if part
        )
    )
    link = f"[{title}]({address})" if address else title
    return f"{link} — {about}" if about else link
