"""A paper as text to paste elsewhere: a citation, a line of Markdown. Pure."""

from __future__ import annotations

import re

from reader.domain.papers import Paper
from reader.services.typesetting import shown_line
from reader.ui.openers import page_url

_MARKDOWN_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_AUTHORS_NAMED = 6


def citation(paper: Paper) -> str:
    """Who, when, what and where on one line: ``Who (2024). Title. arXiv:2409.00001. https://…``."""
    who = _who(paper)
    year = f"{'~' if paper.published_guessed else ''}{paper.published[:4]}" if paper.published else ""
    title = shown_line(paper.title)
    parts = [f"{who} ({year})." if who and year else f"{who}." if who else f"({year})." if year else ""]
    parts.append(title if title.endswith((".", "?", "!")) else f"{title}.")
    parts.append(f"arXiv:{paper.arxiv_id}." if paper.arxiv_id else "")
    parts.append(page_url(paper) or "")
    return " ".join(part for part in parts if part)


def markdown(paper: Paper) -> str:
    """A line of Markdown: the title, linked if the paper's page is known, and who and when."""
    title = _escaped(shown_line(paper.title))
    address = page_url(paper)
    linked = f"[{title}](<{address}>)" if address else f"**{title}**"
    who = _escaped(_who(paper))
    when = f"{'~' if paper.published_guessed else ''}{paper.published}" if paper.published else ""
    facts = ", ".join(part for part in (who, when) if part)
    return f"{linked} ({facts})" if facts else linked


def _who(paper: Paper) -> str:
    names = [shown_line(name, 80) for name in paper.authors]
    if not names:
        return shown_line(paper.organization.name, 120) if paper.organization else ""
    if len(names) > _AUTHORS_NAMED:
        return f"{', '.join(names[:_AUTHORS_NAMED])} et al."
    return ", ".join(names)


def _escaped(text: str) -> str:
    return _MARKDOWN_MARKS.sub(r"\\\1", text)
