"""The interface of a listing format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader.domain.records import ParsedListing
from reader.formats.text_decoder import Head

MAXIMUM_BYTES = 20 * 1024 * 1024
"""The largest file that is read."""


@dataclass(frozen=True, slots=True)
class Format:
    """One listing format.

    ``name`` is its stable name, shown to people and stored with a listing. ``detect(head)`` says how much the beginning
    of a file looks like this format, from 0 (not at all) through 0.5 (the shape fits, but nothing in the file names it)
    to 1 (it bears marks that nothing else has); it never raises. ``parse(data)`` reads a whole file; a file it finds no
    record in gives a listing without records, and one it cannot read at all raises
    :class:`reader.domain.errors.ParseError`.

    ``title`` is what people call the format ("BibTeX"), ``sign`` half a sentence that says what a paper in it begins
    with; both are for refusals.

    A module that needs a library which is slow to load imports it inside its ``parse``, not at its top, because every
    format is asked to ``detect`` every file.
    """

    name: str
    detect: Callable[[Head], float]
    parse: Callable[[bytes], ParsedListing]
    title: str = ""
    sign: str = ""
