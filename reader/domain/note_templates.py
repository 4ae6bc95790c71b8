"""Templates of notes: a paper's fields in place of ``{title}``, ``{authors}`` and the like.

Nothing of a template is evaluated: a field is a name between braces and nothing else, and what a field brings in is
not looked at again, so neither a template nor a paper's text can reach anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from reader.domain.arxiv import arxiv_page_url
from reader.domain.papers import Paper

_FIELD = re.compile(r"\{([a-z_]{1,30})\}")
_FIELDS: dict[str, Callable[[Paper], str | None]] = {
    "title": lambda paper: paper.title,
    "authors": lambda paper: ", ".join(paper.authors),
    "published": lambda paper: paper.published,
    "arxiv_id": lambda paper: paper.arxiv_id,
    "url": lambda paper: paper.url or (arxiv_page_url(paper.arxiv_id) if paper.arxiv_id else None),
    "key": lambda paper: paper.key,
    "tags": lambda paper: ", ".join(paper.tags),
}

TEMPLATE_FIELDS = (*_FIELDS, "today")
"""The names that may stand between braces."""


def fill_template(template: str, paper: Paper, today: date) -> str:
    """The template with the paper's fields in place of their names; what the paper lacks becomes nothing.

    ``today`` fills ``{today}`` as ISO 8601. Values stand on one line. Braces around anything else stay as they are.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] == "today":
            return today.isoformat()
        field = _FIELDS.get(match[1])
        return match[0] if field is None else " ".join((field(paper) or "").split())

    return _FIELD.sub(value, template)
