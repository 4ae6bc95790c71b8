"""Author lists as arXiv's mails write them: separated by commas and "and", affiliations in parentheses.

Source of the conventions: https://info.arxiv.org/help/prep.html (authors).
"""

from __future__ import annotations

import re

from reader.formats.latex_source import decode_accents

_NOT_SHOWN = re.compile(r"\(\s*(\d{1,6}) additional authors? not shown\s*\)")
_SEPARATOR = re.compile(r",|;|\band\b(?!\s*\.)|&|(?<=[Cc]ollaboration):")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|V|MD|M\.D|PhD|Ph\.D)\.?")
_LATEX_MARKS = str.maketrans({"{": None, "}": None, "~": " "})
_ET_AL = re.compile(r"et\.? al\.?|others")


def split_authors(text: str) -> tuple[tuple[str, ...], int | None]:
    """The names in a list of authors, accents as letters, and how many authors there are; None if that is unknown.

    Parenthesised text is dropped; ``et al. (33 additional authors not shown)`` adds to the number only.
    """
    left_out = _NOT_SHOWN.search(text)
    names: list[str] = []
    open_ended = False
    for part in _SEPARATOR.split(decode_accents(_without_parentheses(text))):
        name = " ".join(part.translate(_LATEX_MARKS).split())
        if _ET_AL.fullmatch(name):
            open_ended = True
        elif name and names and _SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]} {name}"
        elif name:
            shown, et_al, _ = name.partition(" et al")
            names.append(shown)
            open_ended = open_ended or bool(et_al)
    if left_out:
        return tuple(names), len(names) + int(left_out[1])
    return tuple(names), None if open_ended or not names else len(names)


def _without_parentheses(text: str) -> str:
    """A text without what stands in parentheses; an unclosed one reaches to the end."""
    kept: list[str] = []
    depth = 0
    for piece in re.split(r"([()])", text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(piece)
    return " ".join(kept)
