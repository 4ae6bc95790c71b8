"""Several names in one text: as feeds, spreadsheets and metadata write them."""

from __future__ import annotations

import re

from reader.domain.bibliography import Name
from reader.domain.name_parts import name_in_parts
from reader.formats.entries import fold_lines

_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}")
_FAMILY_AND_INITIALS = re.compile(r"([^\W\d_][^,;.]{1,60})\s((?:[^\W\d_]\.[ -]?){1,5}|[A-Z]{1,3})\.?")
_AND = re.compile(r"\s(?:and|&)\s")


def split_creators(text: str) -> list[Name]:
    """The names in a text: parted by semicolons, by ``and``, or by commas.

    ``Bee, A., Cee, B.`` are two, and so are ``Bee A., Cee B.``.
    """
    text = fold_lines(text).strip(" ,;")
    shown = [part.strip() for part in text.split(";" if ";" in text else ",") if part.strip()]
    if initialled := _initialled(shown):
        return initialled
    if ";" in text:
        return [_name(part) for part in shown]
    parts = [part.strip() for piece in _AND.split(text) for part in piece.split(",") if part.strip()]
    pieces = [piece.strip(" ,") for piece in _AND.split(text) if piece.strip(" ,")]
    if len(parts) % 2 == 0 and parts and all(_is_initials(part) for part in parts[1::2]):
        return [_name(f"{family}, {given}") for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if all(_is_family_first(piece) for piece in pieces):
        return [_name(piece) for piece in pieces]
    return [_name(part) for part in parts]


def _initialled(parts: list[str]) -> list[Name]:
    """Names of which every one is a family name with initials behind it (``Bee A.``, ``van der Cee BD``); else none."""
    matches = [_FAMILY_AND_INITIALS.fullmatch(part.rstrip(".") if part.endswith("..") else part) for part in parts]
    names = [name_in_parts(f"{match[1]}, {match[2]}") for match in matches if match is not None]
    return names if len(names) == len(parts) else []


def _name(text: str) -> Name:
    """One name in its parts."""
    return name_in_parts(text.strip())


def _is_initials(text: str) -> bool:
    """Whether a text is given names written as initials."""
    return text.upper() == text and _INITIALS.fullmatch(text) is not None


def _is_family_first(text: str) -> bool:
    """Whether a text is one name, turned around by its one comma: the family name is a word, or has particles."""
    family, comma, given = text.partition(",")
    words = family.split()
    return bool(comma) and "," not in given and (len(words) == 1 or all(word[:1].islower() for word in words[:-1]))
