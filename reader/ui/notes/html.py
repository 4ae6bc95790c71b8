"""A note as HTML that is safe to show: Markdown without HTML, then cleaned; links to papers as links of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from reader.services.library.note_links import ResolvedLink

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

PAPER_SCHEME = "lectern-paper"
_LONGEST = 200_000
_ENDLESS = re.compile(r"[!-\u05ff]{2001,}")
"""A word in letters that are written with spaces between words: Qt takes seconds for one of 200,000 characters."""
_SHOWN_OF_ENDLESS = 200
_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_NO_WORD = re.compile(r"[^\w\- ]")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~&-])")


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # only here: it would be a part of every launch

    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def documentation_html(markdown: str) -> str:
    """A page of our own documentation as HTML: with its pictures, and headings that links can lead to.

    A heading's anchor is its text in lower case with hyphens for what is neither letter nor digit, as GitHub has it.
    """
    import nh3
    from markdown_it.token import Token

    parser = _markdown()
    tokens = parser.parse(markdown)
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open":
            name = _NO_WORD.sub("", heading.content.lower()).strip().replace(" ", "-")
            anchor = Token("html_inline", "", 0, content=f'<a name="{name}"></a>')
            heading.children = [anchor, *(heading.children or [])]
    # Our pages are wrapped at a width that is not the window's.
    for token in tokens:
        for inner in token.children or []:
            if inner.type == "softbreak":
                inner.type, inner.content = "text", " "
    rendered = parser.renderer.render(tokens, parser.options, {})
    allowed = {"a": {"href", "name"}, "img": {"src", "alt"}}
    return nh3.clean(rendered, tags=_TAGS | {"img"}, attributes=allowed, link_rel=None)


def note_html(markdown: str, links: Iterable[ResolvedLink] = ()) -> str:
    """A note's text as HTML: no pictures, no styles, no addresses but of the web and of papers.

    A line that ends is a line that ends, as in the editors that notes are exported to.
    """
    import nh3

    for resolved in sorted(links, key=lambda each: -each.link.start):
        if resolved.paper is not None:
            shown = _MARKUP.sub(r"\\\1", resolved.link.shown)
            link = f"[{shown}]({PAPER_SCHEME}:{resolved.paper.id})"
            markdown = markdown[: resolved.link.start] + link + markdown[resolved.link.end :]
    markdown = _ENDLESS.sub(_shortened, markdown)
    return nh3.clean(
        _markdown().render(markdown[:_LONGEST]),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", PAPER_SCHEME},
        link_rel=None,
    )


def _shortened(word: re.Match[str]) -> str:
    return f"{word[0][:_SHOWN_OF_ENDLESS]}… ({len(word[0]):,} characters)"
