"""How programs that show PDF files are told which page to open: command lines only, nothing is started here.

Pages count from 1 in all of them. The options are those of the programs' own manual pages and wikis: okular(1),
evince(1) (GNOME's Papers kept its options), atril(1), ``xreader --help``, zathura(1), sioyek(1), mupdf(1), qpdfview(1).
Browsers take the page as a fragment of the file's address (RFC 8118).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reader.domain.errors import ReaderError

FILE, PAGE = "{file}", "{page}"
_ADDRESS = "{address}"
_BY_INDEX = f"--page-index={PAGE} {FILE}"
_BY_FRAGMENT = f"{_ADDRESS}#page={PAGE}"
_COMMANDS: Mapping[str, str] = {
    "okular": f"okular --page {PAGE} {FILE}",
    "evince": f"evince {_BY_INDEX}",
    "gnome.papers": f"papers {_BY_INDEX}",
    "atril": f"atril {_BY_INDEX}",
    "xreader": f"xreader {_BY_INDEX}",
    "zathura": f"zathura --page={PAGE} {FILE}",
    "sioyek": f"sioyek --page {PAGE} {FILE}",
    "mupdf": f"mupdf {FILE} {PAGE}",
    "qpdfview": f"qpdfview --unique {FILE}#{PAGE}",
    "firefox-esr": f"firefox-esr {_BY_FRAGMENT}",
    "firefox": f"firefox {_BY_FRAGMENT}",
    "google-chrome": f"google-chrome {_BY_FRAGMENT}",
    "chromium": f"chromium {_BY_FRAGMENT}",
}
"""Commands by what the name of the program's desktop entry has in it; the first that fits is meant."""


def known_command(desktop_entry: str) -> str | None:
    """The command of the program with a desktop entry of this name (``org.kde.okular.desktop``); None if unknown."""
    name = desktop_entry.casefold()
    return next((command for known, command in _COMMANDS.items() if known in name), None)


def command_line(command: str, file: Path, page: int) -> list[str]:
    """The program and the arguments that ``command`` is for an absolute path and a page (from 1).

    Words are split at white space, as a shell does outside and inside of quotes; nothing else has a meaning in it, so
    that paths of Windows stay as they are. Raises :class:`ReaderError` for quotes without an end, for no program, and
    for a command that does not name the file.
    """
    values = {FILE: str(file), PAGE: str(page), _ADDRESS: file.as_uri()}
    return [_filled(word, values) for word in _words(command)]


def check_command(command: str) -> None:
    """Raise :class:`ReaderError` for what :func:`command_line` refuses."""
    _words(command)


def _words(command: str) -> list[str]:
    import shlex  # only here: it would be a part of every launch

    lexer = shlex.shlex(command, posix=True)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", ""
    try:
        words = list(lexer)
    except ValueError:
        raise ReaderError("The command for PDF files has a quote without an end.") from None
    if not words or not words[0] or not any(FILE in word or _ADDRESS in word for word in words[1:]):
        raise ReaderError(f"The command for PDF files must name a program and {FILE}, such as: okular -p {PAGE} {FILE}")
    return words


def _filled(word: str, values: Mapping[str, str]) -> str:
    """A word with its places filled in; what is filled in is not looked at again."""
    pieces, rest = [], word
    while rest:
        at, place = min(((rest.find(place), place) for place in values if place in rest), default=(len(rest), ""))
        pieces += [rest[:at], values.get(place, "")]
        rest = rest[at + len(place) :]
    return "".join(pieces)
