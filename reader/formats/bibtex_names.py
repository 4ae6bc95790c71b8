"""Author fields of BibTeX: ``Bee, Ann and van Dee, Cy and {The Team} and others``."""

from __future__ import annotations

from reader.formats.decoding import clean_text
from reader.formats.latex_source import decode_latex_source

_LONGEST_NAME = 400


def read_names(text: str) -> tuple[tuple[str, ...], int | None]:
    """The names in reading order (``Ann Bee``), and their number; None where "and others" leaves it open."""
    from bibtexparser.middlewares.names import split_multiple_persons_names

    written = [name.strip() for name in split_multiple_persons_names(text)]
    named = [name for name in written if name.strip("{} ").lower() not in {"", "others", "et al.", "et al"}]
    open_ended = len(named) < len([name for name in written if name])
    names = tuple(name for shown in named if (name := _in_reading_order(shown)))
    return names, None if open_ended or not names else len(names)


def _in_reading_order(name: str) -> str:
    """One name: given names, particle, family name, suffix; braces dropped and accents as letters."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    if len(name) <= _LONGEST_NAME:
        parts = parse_single_name_into_parts(name, strict=False)
        name = " ".join([*parts.first, *parts.von, *parts.last, *parts.jr])
    return " ".join(clean_text(decode_latex_source(name).replace("~", " ")).split())
