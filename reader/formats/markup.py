"""HTML inside other text: publishers' titles and abstracts hold tags and entities, some of them encoded twice.

Only tags that such texts really have are taken as tags, and a pair's opening tag only together with its closing one, so
that ``x < y`` and “the <b> element” stay. Source of the tags: Crossref's "face markup", JATS and MathML
(https://www.crossref.org/documentation/schema-library/markup-guide-metadata-segments/face-markup/).
"""

from __future__ import annotations

import html
import re

from reader.formats.entries import fold_lines
from reader.formats.latex_symbols import raised
from reader.formats.text_decoder import clean_text

_FACES = (
    "i|b|u|s|em|strong|sub|sup|inf|ovl|scp|sc|tt|font|span|small|big|italic|bold|underline|monospace|roman|sans-serif|"
    "strike|mark|a|code|q|cite|abbr|small-caps|styled-content|named-content|ext-link|xref|nobr"
)
_BLOCKS = "p|div|br|hr|title|sec|section|list|list-item|ul|ol|li|h[1-6]|label|abstract|blockquote|break"
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_COMMENT = re.compile(r"<!--[^<>]{0,500}-->")
_CDATA = ("<![CDATA[", "]]>")
_MATHS_TAG = re.compile(r"</?(?:mml|m):[A-Za-z]{1,20}(?:\s[^<>]{0,400})?/?>|</?math(?:\s[^<>]{0,400})?>")
_BLOCK_TAG = re.compile(rf"</?(?:jats:)?(?:{_BLOCKS})(?:\s[^<>]{{0,400}})?\s?/?>", re.IGNORECASE)
_FACE_TAG = re.compile(rf"<(?P<closing>/?)(?:jats:)?(?P<name>{_FACES})(?:\s[^<>]{{0,400}})?>", re.IGNORECASE)
_TIMES_ENCODED = 3
_DEEPEST = 8


def without_markup(text: str) -> str:
    """A text without the HTML in it: entities decoded, tags dropped; blocks are parted by a space.

    A superscript of digits stays one (``10³`` is not 103), a subscript becomes plain, as chemists type it (``CO2``).
    """
    if "&" in text:
        text = clean_text(_decoded(text))
    if "<" not in text:
        return text
    if _CDATA[0] in text:
        text = text.replace(_CDATA[0], "").replace(_CDATA[1], "")
    text = _MATHS_TAG.sub("", _COMMENT.sub("", text))
    text = _without_faces(text)
    return _BLOCK_TAG.sub(" ", text) if _is_paired(text) else text


def unmarked_line(text: str) -> str:
    """A text without markup, on one line (:func:`~reader.formats.entries.fold_lines`)."""
    return fold_lines(without_markup(text))


def _decoded(text: str) -> str:
    """A text with its entities decoded, which may have been encoded more than once."""
    for _ in range(_TIMES_ENCODED):
        decoded = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        if decoded == text:
            break
        text = decoded
    return text


def _is_paired(text: str) -> bool:
    """Whether a text has tags of blocks as markup has them: one that closes, or a line break."""
    tags = (match[0].lower() for match in _BLOCK_TAG.finditer(text))
    return any(tag.startswith(("</", "<br")) or tag.endswith("/>") for tag in tags)


def _without_faces(text: str) -> str:
    """A text without the tags that come in pairs; one alone stays."""
    pieces: list[str] = []
    open_tags: list[tuple[str, int]] = []
    end = 0
    for match in _FACE_TAG.finditer(text):
        pieces.append(text[end : match.start()])
        name, end = match["name"].lower(), match.end()
        pieces.append(match[0])
        if not match["closing"]:
            open_tags.append((name, len(pieces) - 1))
        elif any(name == opened for opened, _ in open_tags[-_DEEPEST:]):
            while (opening := open_tags.pop())[0] != name:
                pass
            inner = "".join(pieces[opening[1] + 1 : -1])
            pieces[opening[1] :] = [raised(inner) if name == "sup" else inner]
    pieces.append(text[end:])
    return "".join(pieces)
