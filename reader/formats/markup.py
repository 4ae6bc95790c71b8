"""Titles and abstracts that publishers' records give as HTML or JATS: the text that a reader sees.

Crossref, PubMed, Zotero and publishers' pages write ``<i>…</i>``, ``<sub>2</sub>``, ``<jats:p>…</jats:p>`` and
``&amp;`` into plain fields. Only the elements of running text are taken for markup, so that ``a < b`` stays.
"""

from __future__ import annotations

import re
from html import unescape

_INLINE = "i|b|em|strong|u|s|sub|sup|sc|scp|tt|code|span|a|inf|bold|italic|monospace|underline|sans-serif|ext-link|xref"
_BLOCK = "p|br|div|sec|title|list|list-item|ul|ol|li|h[1-6]|abstract|abstracttext"
_ATTRIBUTES = r"(?:\s[^<>=]{1,60}=[^<>]{0,500})?\s{0,3}/?"
_INLINE_TAG = re.compile(rf"</?(?:jats:)?(?:{_INLINE}){_ATTRIBUTES}>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:jats:)?(?:{_BLOCK}){_ATTRIBUTES}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def without_markup(text: str) -> str:
    """A text without its tags, its entities as the characters they stand for; paragraphs are parted by a space."""
    if "<" in text:
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))
    return _ENTITY.sub(lambda match: unescape(match[0]), text) if "&" in text else text
