"""Text copied from a PDF as a Markdown block quote: lines and hyphenated words joined, ligatures split."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from reader.domain.hyphenation import HYPHENS, keeps_hyphen, vocabulary_of

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u200b": None, "\ufeff": None}
)
# Characters that PDF viewers insert for a hyphen at a line end, with or without the line break.
_VIEWER_HYPHEN = re.compile("[\u0002\ufffe]\n?")
_LINE_END = re.compile("\r\n?|[\u000b\u0085\u2028\u2029]")
_CONTROL = re.compile("[\u0000-\u0008\u000e-\u001f\u007f-\u009f]")
_PAGE_NUMBER = re.compile(r"\d{1,4}")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
_BULLET = re.compile(r"[•▪◦‣●○■∙]\s*(?=\S)")
_STOPS = (".", "!", "?", ":", ".”", ".)", '."', "。")
_SPACELESS = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_BROKEN_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[/=?&%#_-]$")
_LONGEST_WORD = 100
_OPENING_MARKS = "([{\"'“‘"
_CLOSING_MARKS = ")]}\"'”’.,;:!?"

_ESCAPED = re.compile(
    r"[*`<]|\\(?=[!-/:-@\[-`{-~])|&(?=#?\w{1,31};)|(?<!\w)_|_(?!\w)|\[(?=\[)|(?<=\[)\[|\](?=[(\[])|~(?=~)"
)
_ESCAPED_AT_START = re.compile(r"(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>|={1,}\s*$|-{2,}\s*$)")
_NUMBER_AT_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def quote_block(text: str, known: str = "") -> str:
    """``text`` as a Markdown block quote (``> …``) without a final line end; empty if there is only white space.

    Lines are joined into paragraphs; a blank line or a bullet begins a new one. Words broken at a line end are joined.
    Their hyphen stays if the word is written with one, which is decided from the text itself, from ``known`` (such as
    the paper's title and abstract) and from common compounds. Text that Markdown would read as markup is escaped.
    """
    text = _cleaned(text)
    vocabulary = vocabulary_of(text, known)
    paragraphs = [paragraph for block in _blocks(text) for paragraph in _paragraphs(block, vocabulary)]
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        if number and not (paragraph.is_bullet and paragraphs[number - 1].is_bullet):
            lines.append(">")
        lines.append(f"> {'- ' if paragraph.is_bullet else ''}{_escaped(paragraph.text)}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph on one line."""

    text: str
    is_bullet: bool


def _cleaned(text: str) -> str:
    """The text with plain line ends, spaces, letters and hyphens; other control characters are dropped."""
    text = _VIEWER_HYPHEN.sub("-\n", _LINE_END.sub("\n", text).translate(LIGATURES))
    return _CONTROL.sub("", text)


def _blocks(text: str) -> Iterable[str]:
    """The pieces between blank lines; a page break in the middle of a sentence does not count."""
    pages = text.split("\f")
    joined: list[str] = []
    for number, page in enumerate(pages):
        lines = page.strip().split("\n")
        # A number alone at the edge of a page is the page number.
        if number and _PAGE_NUMBER.fullmatch(lines[0].strip()):
            del lines[0]
        if lines and number < len(pages) - 1 and _PAGE_NUMBER.fullmatch(lines[-1].strip()):
            del lines[-1]
        page = "\n".join(lines).strip()
        if page:
            joined += [page, "\n\n" if page.endswith(_STOPS) else "\n"]
    return _PARAGRAPH_END.split("".join(joined).strip())


def _paragraphs(block: str, vocabulary: Set[str]) -> list[_Paragraph]:
    """The paragraphs of a piece without blank lines; each bullet begins one."""
    groups: list[tuple[bool, list[str]]] = [(False, [])]
    for line in block.split("\n"):
        words = " ".join(line.split())
        bullet = _BULLET.match(words)
        if bullet:
            groups.append((True, [words[bullet.end() :]]))
        elif words:
            groups[-1][1].append(words)
    return [_Paragraph(_joined(lines, vocabulary), is_bullet) for is_bullet, lines in groups if lines]


def _joined(lines: list[str], vocabulary: Set[str]) -> str:
    """The lines joined; soft hyphens inside lines are dropped."""
    parts: list[str] = []
    before = ""
    for line in lines:
        word = line.rsplit(" ", 1)[-1]
        separator = " "
        if parts:
            last, separator = line_seam(before, line, vocabulary)
            parts[-1] = parts[-1][:-1] + last + separator
            before = before[:-1] + last
        parts.append(line)
        # A line with a single word may continue the word of the line before.
        before = (before + word if word == line and not separator else word)[-_LONGEST_WORD:]
    return "".join(parts).replace("\u00ad", "")


def line_seam(before: str, line: str, vocabulary: Set[str]) -> tuple[str, str]:
    """How a line whose last word is ``before`` joins the next one: what becomes of its last character, and a separator.

    The character is the same, another hyphen, or empty if it is a hyphen of the line break only. ``vocabulary`` is as
    for :func:`~reader.domain.hyphenation.keeps_hyphen`.
    """
    last = before[-1]
    if _BROKEN_ADDRESS.search(before) or (_SPACELESS.match(last) and _SPACELESS.match(line)):
        return last, ""
    if len(before) == 1 or before == "--":
        return last, " "
    if last in HYPHENS and before[-2] not in HYPHENS:
        return _hyphen_seam(before, *line.partition(" ")[::2], vocabulary)
    return last, "" if last in "—–/-" else " "


def _hyphen_seam(before: str, word: str, rest: str, vocabulary: Set[str]) -> tuple[str, str]:
    """The same for a last word with a hyphen at its end, before ``word`` and the ``rest`` of the next line."""
    last = before[-1].replace("\u00ad", "-")
    left = before[:-1].lstrip(_OPENING_MARKS)
    if word in ("and", "or") and rest and f"{left}{word}".lower() not in vocabulary:
        return last, " "
    return (last if keeps_hyphen(left, word.rstrip(_CLOSING_MARKS), vocabulary) else ""), ""


def _escaped(text: str) -> str:
    """A paragraph with Markdown markup, HTML tags and note links escaped."""
    text = _ESCAPED.sub(lambda match: f"\\{match[0]}", text)
    if _ESCAPED_AT_START.match(text):
        return f"\\{text}"
    return _NUMBER_AT_START.sub(r"\1\\\2", text, count=1) if _NUMBER_AT_START.match(text) else text
