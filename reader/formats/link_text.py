r"""Links in Markdown dumps: the text that a reader sees, the address behind it, and backslash escapes undone.

The dumps escape as Turndown does (https://github.com/mixmark-io/turndown): a backslash before ``\ ` * _ [ ]``
anywhere and before ``- + = # > ~`` or a list's number at a line's start. LaTeX like ``\%`` or ``\{`` stays as it is,
because such a converter escapes its backslash too. A line break inside a link is one or two backslashes, then the
line's end or blanks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from reader.formats.page import is_page_text, paper_id_of

_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*\)")
_IMAGE_PLACEHOLDER = re.compile(r"\[(?:图片|图像|圖片|画像|이미지|image|img)[^\[\]\n]{0,200}\](?!\()", re.IGNORECASE)
_IMAGE_LINE = re.compile(rf"(?:[-*•]\s+)?(?:{_IMAGE.pattern}|{_IMAGE_PLACEHOLDER.pattern})", re.IGNORECASE)
_BRACKETED = re.compile(r"^\[[^\[\]]*\](?!\()")
_INLINE = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+)\)")
_BREAK = re.compile(r"\\{1,2}[ \t]+")
_LINE_END = re.compile(r"\\{1,2}$")
_ESCAPE = re.compile(r"\\([\\`*_\[\]-])")
_ESCAPE_AT_START = re.compile(r"^(\s*)\\([+=#>~])")
_ESCAPED_NUMBER = re.compile(r"^(\s*\d{1,9})\\\.(?=\s)")
_HEADING = re.compile(r"#{1,6}\s")
_MOST_TITLE_LINES = 6
_LONGEST_PAGE_LINE = 500


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may stretch over several lines: its text, a part a line; its address; the last line it is on."""

    parts: tuple[str, ...]
    address: str
    last: int


def read_link(lines: Sequence[str], first: int, text: str) -> Link | None:
    """The link that begins with ``text`` (from its bracket on) in line ``first`` and ends at the end of a line.

    None if a line with another bracket at its beginning, a heading or the file's end comes before its end, so that no
    line is read twice.
    """
    parts: list[str] = []
    for index in range(first, len(lines)):
        if index > first:
            text = lines[index].strip()
            if text.startswith("[") or _HEADING.match(text):
                return None
        if (link := _end_link(parts, text, index)) is not None:
            return link
    return None


def read_title_link(lines: Sequence[str], first: int, text: str) -> Link | None:
    """The link to a paper's page that a heading's ``text`` is; it may go on over a few lines that may hold brackets."""
    parts: list[str] = []
    for index in range(first, min(len(lines), first + _MOST_TITLE_LINES)):
        if index > first:
            text = lines[index].strip()
            if not text or _HEADING.match(text):
                return None
        link = _end_link(parts, text, index)
        if link is not None and paper_id_of(link.address) is not None:
            return link
        if link is not None:
            parts.append(text if parts else text[1:])
    return None


def _end_link(parts: list[str], text: str, index: int) -> Link | None:
    """Add a line to a link's parts; the link, if it ends there."""
    text = text if parts else text[1:]
    place = text.rfind("](")
    if place < 0 or not text.endswith(")"):
        parts.append(text)
        return None
    address = re.split(r"\s", text[place + 2 : -1], maxsplit=1)[0]
    return Link((*parts, text[:place]), address, index)


def inline_links(line: str) -> list[tuple[str, str]]:
    """The links of a line that holds nothing else, as (text, address); empty if it holds anything else."""
    line = _IMAGE.sub("", line)
    if _INLINE.sub("", line).strip(" \t·|-*"):
        return []
    return _INLINE.findall(line)


@lru_cache(maxsize=1024)
def is_image(line: str) -> bool:
    """Whether a line is an image, or what a dump puts in its place, and nothing else; maybe an item of a list."""
    return _IMAGE_LINE.fullmatch(line) is not None


def without_images(text: str) -> str:
    """A text without its images and the words that some dumps put in their place."""
    text = _IMAGE.sub("", text)
    text = _BRACKETED.sub("", text.strip())
    return _IMAGE_PLACEHOLDER.sub("", text).strip()


def visible_text(text: str) -> str:
    """A line as a reader sees it: links as their text, no images, no heading or list mark."""
    text = _INLINE.sub(r"\1", _IMAGE_PLACEHOLDER.sub("", _IMAGE.sub("", text)))
    return text.strip().lstrip("#*-•[] ").strip()


def shows_page_text(line: str) -> bool:
    """Whether what a reader sees of a line is text of the page itself."""
    return len(line) <= _LONGEST_PAGE_LINE and _shows_page_text(line)


@lru_cache(maxsize=1024)
def _shows_page_text(line: str) -> bool:
    """The same for a short line; dumps repeat such lines by the hundred."""
    return is_page_text(visible_text(line))


def join_parts(parts: Sequence[str], *, escaped: bool) -> str:
    """The text of a link's lines: wrapped ones joined by single spaces, and escapes undone if the dump has them."""
    if escaped:
        parts = [_unescape(_LINE_END.sub("", part.strip())) for part in parts]
    return " ".join(stripped for part in parts if (stripped := part.strip()))


def _unescape(text: str) -> str:
    """Undo a line's breaks and escapes."""
    if "\\" not in text:
        return text
    text = _ESCAPED_NUMBER.sub(r"\1.", _ESCAPE_AT_START.sub(r"\1\2", _BREAK.sub(" ", text)))
    return _ESCAPE.sub(r"\1", text)
