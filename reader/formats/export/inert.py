r"""Imported text as Markdown that shows exactly that text and in which nothing is active.

Every character that CommonMark (https://spec.commonmark.org/0.31.2/#backslash-escapes), GitHub's extensions or
Obsidian (its help: "Basic formatting syntax", "Obsidian Flavored Markdown", "Internal links", "Tags") give a meaning
is escaped by a backslash, which all three document. What is escaped does not depend on where in a line a template
puts the text, so a value may stand at the start of a line, in a link's text or in a quotation. Escapes that no reader
needs are left out, because people read and edit the source: hyphens, dots and single percent signs stay as they are.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from reader.domain.links import find_links

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ACTIVE = re.compile(
    r"[\\`*\[\]<#|~^$_&%=:@.!](?:"  # what may be active; beginning with a set makes the search fast
    r"(?<=[\\`*\[\]<#|~^$])"  # code, emphasis, links, embeds, HTML, tags, headings, tables, strikes, block ids, maths
    r"|(?<=_)(?:(?<![A-Za-z0-9]_)|(?![A-Za-z0-9]))"  # emphasis; within a word it means nothing
    r"|(?<=&)(?=\#?\w{1,40};|\Z)"  # entities
    r"|(?<=[%=])(?:(?<=[%=]{2})|(?=[%=]|\Z))"  # comments and highlights, also across two values
    r"|(?<=:)(?:(?<=::)|(?=//|:))"  # bare addresses, in-line fields
    r"|(?<=@)(?=\w)"  # mail addresses
    r"|(?<=[wW]{3}\.)"  # addresses without a scheme
    r"|(?<=!)\Z"  # an image, where a link follows
    r")",
    re.ASCII,
)
_ACTIVE_START = re.compile(r"[>+\-%=:]|\d{1,9}(?=[.)](?:\s|\Z))")
"""What is active at the start of a text: quotations, lists, rules, headings by underlining, definitions."""
_PRIVATE_USE = range(0xF0000, 0xFFFFE)
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~/?#&+,;=%:-]+")
_MISTAKABLE = re.compile(r"%%|==|~~|::|\$")
_ADDRESS_CHARACTERS = ":/?#@&+,;=%~-._"
"""What stays as it is in the target of a link."""
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
_CODE_IN_LINE = re.compile(r"`+[^`]*`+")
_HTML_BLOCKS = (
    (re.compile(r" {0,3}<(script|pre|style|textarea)(?=[\s>]|\Z)", re.IGNORECASE), "</{}>"),
    (re.compile(r" {0,3}<!--"), "-->"),
    (re.compile(r" {0,3}<\?"), "?>"),
    (re.compile(r" {0,3}<!\[CDATA\["), "]]>"),
    (re.compile(r" {0,3}<![A-Za-z]"), ">"),
)
"""What opens a block of HTML that does not end at a blank line, and what closes it (CommonMark, "HTML blocks")."""


def plain_text(text: str) -> str:
    """Text that any file can hold: control characters but tab and line ends dropped, lone surrogates replaced."""
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """A text as one line: control characters dropped, every run of spaces and line ends of any kind one space."""
    return " ".join(plain_text(text).split())


def inert(text: str) -> str:
    """A text as one line of Markdown that shows just that text."""
    line = one_line(text)
    start = _ACTIVE_START.match(line)
    escaped = _ACTIVE.sub(r"\\\g<0>", line)
    if start is None or escaped.startswith("\\"):
        return escaped
    place = start.end() if start[0].isdigit() else 0
    return f"{escaped[:place]}\\{escaped[place:]}"


def inert_paragraphs(text: str) -> str:
    """A text as paragraphs, each as of :func:`inert_but_links`; blank lines in it part the paragraphs."""
    paragraphs = re.split(r"\n[ \t]*\n", plain_text(text).replace("\r\n", "\n").replace("\r", "\n"))
    return "\n\n".join(filter(None, map(inert_but_links, paragraphs)))


def inert_but_links(text: str) -> str:
    """A text as one line of Markdown that shows just that text; its web addresses are links, nothing else is active."""
    line = one_line(text)
    links = [(start, end, _link(line[start:end], address)) for start, end, address in find_links(line)]
    links = [found for found in links if found[2]]
    if not links:
        return inert(line)
    stand_in = unused_character(line)
    ends = [0, *(end for _, end, _ in links)]
    between = [line[end:start] for end, start in zip(ends, [*(start for start, _, _ in links), len(line)], strict=True)]
    first, *others = inert(stand_in.join(between)).split(stand_in)
    pieces = [first]
    for (_, _, link), following in zip(links, others, strict=True):
        pieces[-1] = f"{pieces[-1][:-1]}\\!" if pieces[-1].endswith("!") else pieces[-1]
        pieces += [link, following]
    return "".join(pieces)


def unused_character(text: str) -> str:
    """A character that means nothing and that a text does not have, to stand for something in it meanwhile."""
    return next(char for char in map(chr, _PRIVATE_USE) if char not in text)


def _link(shown: str, address: str) -> str:
    """An address as a link that shows what stood there; empty for one that Obsidian would find something else in."""
    if _MISTAKABLE.search(address):
        return ""
    if shown == address and _PLAIN_ADDRESS.fullmatch(address):
        return f"<{address}>"
    return f"[{inert(shown)}]({link_target(address)})"


def link_target(address: str) -> str:
    """An address as the target of a link, percent-encoded; nothing in it reads as an entity (``&amp;``)."""
    return quote(_ENTITY.sub("%26", address), safe=_ADDRESS_CHARACTERS)


def enclosed(markdown: str) -> str:
    """The user's own Markdown, made to end where it ends.

    Line ends become LF, blank lines around are dropped, and what the text leaves open and would swallow whatever
    follows in the file is closed: a code fence, a block of HTML, a comment (``%%`` or ``<!--``).
    """
    text = plain_text(markdown).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    while lines := text.split("\n"):
        if lines[0].strip() or len(lines) == 1:
            break
        text = "\n".join(lines[1:])
    fence = closing = ""
    comments = 0
    for line in lines:
        if fence:
            match = _FENCE.fullmatch(line)
            fence = "" if match and match[1].startswith(fence) and not match[2].strip() else fence
        elif closing:
            closing = "" if closing in line.lower() else closing
        else:
            fence, closing = _opened(line)
            comments += 0 if fence else _CODE_IN_LINE.sub("", line).count("%%")
    endings = [ending for ending in (fence or closing, "%%" if comments % 2 else "") if ending]
    return "\n".join([text, *endings])


def _opened(line: str) -> tuple[str, str]:
    """The code fence that a line opens, and the end of the block of HTML that it leaves open."""
    match = _FENCE.fullmatch(line)
    if match and not (match[1][0] == "`" and "`" in match[2]):
        return match[1], ""
    for opening, closing in _HTML_BLOCKS:
        html = opening.match(line)
        if html:
            closing = closing.format(*html.groups()).lower()
            return "", "" if closing in line[html.end() :].lower() else closing
    return "", ""
