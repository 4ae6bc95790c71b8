"""Authors as formats name them: in their parts, families first, several in one text, "and others" at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from reader.domain.bibliography import Name
from reader.domain.name_parts import name_in_parts
from reader.formats.entries import fold_lines
from reader.formats.latex_source import decode_accents

OTHERS = Name(literal="others")
"""Stands for authors that are not named."""
_AND_OTHERS = r"et[.\s]{1,3}al(?:ii|iae|ia)?"
_MORE = re.compile(rf"[\W_]*(?:(?:and|&)\s+)?(?:others|{_AND_OTHERS})[\W_]*|\.\.\.|…", re.IGNORECASE)
_MORE_AT_END = re.compile(rf"[\s,;]{{1,5}}(?:{_AND_OTHERS}|(?:and|&)\s+others|…|\.\.\.)[\s,;.]*$", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]{0,2}){1,5}")
_FAMILY_AND_INITIALS = re.compile(r"([^\W\d_][^,;.]{1,60})\s((?:[^\W\d_]\.[ -]?){1,5}|[A-Z]{1,3})\.?")
_COMPANY_OR_INITIALS = re.compile(r"([^\s,]+), ((?:[A-Z]\.){1,3})")
_AND = re.compile(r"\s(?:and|&)\s")
_NOT_SHOWN = re.compile(r"\(\s*(\d{1,6}) additional authors? not shown\s*\)")
_MAIL_SEPARATOR = re.compile(r",|;|\band\b(?!\s*\.)|&|(?<=[Cc]ollaboration):")
_MAIL_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|V|MD|M\.D|PhD|Ph\.D)\.?")
_LATEX_MARKS = str.maketrans({"{": None, "}": None, "~": " "})
_ET_AL = re.compile(r"et\.? al\.?|others")


def family_first(shown: str) -> Name:
    """A name written ``Bee, Ann`` or ``Dee, Cy, Jr.``; one without a comma is that of an organisation."""
    shown = fold_lines(shown)
    return name_in_parts(shown) if "," in shown.strip(" ,") else Name(literal=shown.strip(" ,"))


def is_initials(text: str) -> bool:
    """Whether given names are written as initials alone: ``A.``, ``J.-P.``, ``AB``."""
    return text.upper() == text and bool(_INITIALS.fullmatch(text))


def without_more(text: str) -> str:
    """A name without an "et al." at its end; empty if it says nothing else."""
    lower = text.lower()
    if "al" not in lower and "others" not in lower and "…" not in text and "..." not in text:
        return text
    return "" if _MORE.fullmatch(text.strip()) else _MORE_AT_END.sub("", text)


def author_fields(names: Iterable[Name]) -> dict[str, Any]:
    """The fields of a record that say who wrote it; a name like "et al." tells that there are more."""
    written = _persons_among_persons([name for name in names if str(name)])
    named = tuple(name for name in written if without_more(str(name)))
    more = len(named) < len(written)
    return {
        "authors": tuple(str(name) for name in named),
        "author_names": named,
        "author_count": None if more else len(named) or None,
        "more_authors": more,
    }


def _persons_among_persons(names: list[Name]) -> list[Name]:
    """The names, of which ``Bee, S.A.`` is not a company's where others are a family name and initials as well."""
    if not any(name.given and is_initials(name.given) for name in names):
        return names
    matches = [_COMPANY_OR_INITIALS.fullmatch(name.literal) for name in names]
    return [Name(match[1], match[2]) if match else name for name, match in zip(names, matches, strict=True)]


def split_creators(text: str) -> list[Name]:
    """The names in a text: parted by semicolons, by ``and``, or by commas.

    ``Bee, A., Cee, B.`` are two, and so are ``Bee A., Cee B.``.
    """
    text = fold_lines(text).strip(" ,;")
    shown = [part.strip() for part in text.split(";" if ";" in text else ",") if part.strip()]
    if initialled := _initialled(shown):
        return initialled
    if ";" in text:
        return list(map(name_in_parts, shown))
    parts = [part.strip() for piece in _AND.split(text) for part in piece.split(",") if part.strip()]
    pieces = [piece.strip(" ,") for piece in _AND.split(text) if piece.strip(" ,")]
    if len(parts) % 2 == 0 and parts and all(is_initials(part) for part in parts[1::2]):
        return [name_in_parts(f"{family}, {given}") for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if all(_is_family_first(piece) for piece in pieces):
        return list(map(name_in_parts, pieces))
    return list(map(name_in_parts, parts))


def _initialled(parts: list[str]) -> list[Name]:
    """Names of which every one is a family name with initials behind it (``Bee A.``, ``van der Cee BD``); else none."""
    matches = [_FAMILY_AND_INITIALS.fullmatch(part.rstrip(".") if part.endswith("..") else part) for part in parts]
    names = [name_in_parts(f"{match[1]}, {match[2]}") for match in matches if match is not None]
    return names if len(names) == len(parts) else []


def _is_family_first(text: str) -> bool:
    """Whether a text is one name, turned around by its one comma: the family name is a word, or has particles."""
    family, comma, given = text.partition(",")
    words = family.split()
    return bool(comma) and "," not in given and (len(words) == 1 or all(word[:1].islower() for word in words[:-1]))


def split_authors(text: str) -> tuple[tuple[str, ...], int | None]:
    """The names in a list of authors as arXiv's mails write it, and how many authors there are; None if unknown.

    Names are separated by commas and "and", accents become letters
    (https://info.arxiv.org/help/prep.html, authors).
    Parenthesised text is dropped; ``et al. (33 additional authors not shown)`` adds to the number only.
    """
    left_out = _NOT_SHOWN.search(text)
    names: list[str] = []
    open_ended = False
    for part in _MAIL_SEPARATOR.split(decode_accents(_without_parentheses(text))):
        name = " ".join(part.translate(_LATEX_MARKS).split())
        if _ET_AL.fullmatch(name):
            open_ended = True
        elif name and names and _MAIL_SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]} {name}"
        elif name:
            shown, et_al, _ = name.partition(" et al")
            names.append(shown)
            open_ended = open_ended or bool(et_al)
    if left_out:
        return tuple(names), len(names) + int(left_out[1])
    return tuple(names), None if open_ended or not names else len(names)


def _without_parentheses(text: str) -> str:
    """A text without anything in parentheses; an unclosed one extends to the end."""
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
