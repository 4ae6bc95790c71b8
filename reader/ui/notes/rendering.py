"""A note as HTML that is safe to show: Markdown without HTML, then cleaned; links to papers as links of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from reader.services.note_linking import ResolvedLink

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

PAPER_SCHEME = "lectern-paper"
_LONGEST = 200_000
_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~&-])")


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # only here: it would be a part of every launch

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def note_html(markdown: str, links: Iterable[ResolvedLink] = ()) -> str:
    """A note's text as HTML: no pictures, no styles, no addresses but of the web and of papers."""
    import nh3

    for resolved in sorted(links, key=lambda each: -each.link.start):
        if resolved.paper is not None:
            shown = _MARKUP.sub(r"\\\1", resolved.link.shown)
            link = f"[{shown}]({PAPER_SCHEME}:{resolved.paper.id})"
            markdown = markdown[: resolved.link.start] + link + markdown[resolved.link.end :]
    return nh3.clean(
        _markdown().render(markdown[:_LONGEST]),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", PAPER_SCHEME},
        link_rel=None,
    )
