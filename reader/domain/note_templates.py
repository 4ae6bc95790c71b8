"""Note templates: text in which ``{title}``, ``{authors}`` and other names stand for a paper's fields.

Nothing in a template is evaluated. A field is just a name between braces, and inserted values are not scanned again, so
neither a template nor a paper's text can reach anything else.
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
"""The field names that a template may use."""


def fill_template(template: str, paper: Paper, today: date) -> str:
    """Fill a template with a paper's fields; missing fields become empty.

    ``today`` fills ``{today}`` as ISO 8601. Every value is put on one line. Braces around other text stay as they are.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] == "today":
            return today.isoformat()
        field = _FIELDS.get(match[1])
        return match[0] if field is None else " ".join((field(paper) or "").split())

    return _FIELD.sub(value, template)
