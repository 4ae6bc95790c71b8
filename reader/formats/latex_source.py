r"""Conversion of LaTeX source in BibTeX files and arXiv's mails to the text that a person would have typed.

BibTeX is an encoding of text in LaTeX: braces protect capitals, ``\%`` means ``%``, ``{\"o}`` means ``ö``, ``--`` a
dash, ``~`` a space, and some exporters write a title's own LaTeX as ``\${\textbackslash}mathbb\{X\}\$``. Outside of
maths all that is undone, and commands that only say how text looks are dropped (``\emph{…}``, ``{\it …}``), so that a
paper has the same title here as on its page. Maths (``$…$``) and unknown commands with their arguments stay as found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from reader.formats.braces import closing_brace
from reader.formats.latex_symbols import (
    ACCENTS,
    LETTERS,
    SPACE_WORDS,
    SPACES,
    STYLES,
    SYMBOLS,
    UNSHOWN_ARGUMENTS,
    lowered,
    raised,
)


def _alternatives(names: dict[str, str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_ACCENT = r"\\(?P<accent>[`'^~\"=.]|[uvHcdbkrh](?![A-Za-z]))"
_SYMBOL = rf"\\(?P<symbol>{_alternatives(SYMBOLS)})(?![A-Za-z])(?:\{{\}}|\s?)"
_ACCENT_OR_SYMBOL = re.compile(rf"{_ACCENT}|{_SYMBOL}")
_DOUBLED = rf"(?<=[\w{{])\\(?=\\(?:[`'^~\"=.]\{{?[A-Za-z]|(?:{_alternatives(LETTERS)})\}}))"
_TOKEN = re.compile(
    rf"(?P<doubled>{_DOUBLED})|"
    r"(?P<maths>\$\$(?:[^$\\]|\\.)+\$\$|\$(?:[^$\\]|\\.)*\$|\\\((?:[^\\]|\\[^()]){0,1000}\\\))"
    rf"|{_ACCENT}|{_SYMBOL}"
    r"|\\(?P<escaped>[$%&#_{}])|\\(?P<spacing>[\\ ,;:>!/@\n\t-])|(?P<command>\\[A-Za-z]+\*?)"
    r"|(?P<open>\{)|(?P<close>\})|(?P<address>://[^\s{}\\]+)"
    r"|(?P<sign>-{2,}|``|''|[?!]`(?!`)|[`'~])",
    re.DOTALL,
)
_BEGINNING = re.compile(r"[\\${}:`'~?!-]")  # what a token may begin with; far faster to find than a token
_SIGNS = ("\\", "{", "}", "~", "`", "--", "''", "$<", "$>")
_BASE = re.compile(
    rf"\s{{0,3}}(?:(?P<open>\{{)|\\(?P<letter>{_alternatives(LETTERS)})(?![A-Za-z])(?:\{{\}}|\s?)"
    rf"|{_ACCENT}|(?P<bare>[^\W\d_]))"
)
_REST_OF_GROUP = re.compile(r"([^{}\\$]{0,40})\}")
_ALONE = {"=": "¯", ".": "˙"}
_SINGLE_SIGNS = {r"$\less$": "<", r"$\greater$": ">", r"$\lt$": "<", r"$\gt$": ">", "$<$": "<", "$>$": ">"}
_BLANKS = re.compile(r"\s*")
_DASHES = {2: "–", 3: "—"}
_DEEPEST_ACCENT = 3
_LONGEST_FORMULA = 1000


def decode_accents(text: str) -> str:
    r"""Accents, letters and signs written as commands become characters (``Hern\'andez``, ``\o``); the rest stays."""
    if "\\" not in text:
        return text
    pieces, end = [], 0
    while match := _ACCENT_OR_SYMBOL.search(text, end):
        character, after = _character(text, match)
        pieces += [text[end : match.start()], character]
        end = after
    return "".join([*pieces, text[end:]])


def decode_latex_source(text: str) -> str:
    """The text that LaTeX source stands for, maths kept as found; see the module's description."""
    return _Decoder(text).decode() if any(sign in text for sign in _SIGNS) else text


class _Kind(Enum):
    """What a pair of braces is: a bare group, an argument kept with its braces, one that changes, one not shown."""

    GROUP = 1
    KEPT = 2
    FRAME = 3
    UNSHOWN = 4


class _Group(NamedTuple):
    """An open brace: its kind, where its pieces begin, whose argument it is, and how many more are not shown."""

    kind: _Kind
    start: int
    command: str
    unshown_left: int


class _Decoder:
    """Reads one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[str] = []
        self._groups: list[_Group] = []
        self._command = ""  # the command whose argument may follow
        self._unshown = 0  # how many of its arguments are not shown
        self._opened_quote: int | None = None

    def decode(self) -> str:
        """The text, whole."""
        text, pieces, end, place = self._text, self._pieces, 0, 0
        while beginning := _BEGINNING.search(text, place):
            place = beginning.start()
            match = _TOKEN.match(text, place)
            if match is None:
                place += 1
                continue
            if place > end:
                pieces.append(text[end:place])
                self._command = ""
            end = place = self._take(match)
        pieces.append(text[end:])
        return "".join(pieces)

    def _take(self, match: re.Match[str]) -> int:
        """Add what a token stands for; where the next one may begin."""
        kind = match.lastgroup
        if kind == "open":
            self._open()
        elif kind == "close":
            self._close(self._text[match.end() : match.end() + 1])
        elif kind == "command":
            return self._take_command(match)
        else:
            self._command = ""
            if kind in {"accent", "symbol"}:
                character, end = _character(self._text, match)
                self._pieces.append(character)
                return end
            self._pieces.append(self._plain(match))
        return match.end()

    def _plain(self, match: re.Match[str]) -> str:
        """What a token stands for that is neither brace nor command nor letter."""
        if match["sign"]:
            return self._sign(match)
        if match["doubled"]:  # a backslash too many in a word: a program escaped the source once more (M{\\\\"u}ck)
            return ""
        if match["spacing"]:
            return SPACES[match["spacing"]]
        if match["maths"]:
            return _SINGLE_SIGNS.get(match[0], match[0])
        return match["escaped"] or match[0]

    def _sign(self, match: re.Match[str]) -> str:
        """What a sign of LaTeX's text stands for: dashes, quotation marks, a tie."""
        sign = match[0]
        before = self._text[max(match.start() - 1, 0) : match.start()]
        after = self._text[match.end() : match.end() + 1]
        if sign[0] == "-":
            return _DASHES.get(len(sign), sign)
        if sign == "~":
            means_about = after.isalnum() and before in {"", " ", "\n", "(", "="}
            return "~" if means_about or before == "/" else " "
        if sign in {"``", "''"}:
            return "“" if sign == "``" else "”"
        if sign[0] in "?!":
            return "¿" if sign[0] == "?" else "¡"
        return self._single_quote(sign, before, after)

    def _single_quote(self, sign: str, before: str, after: str) -> str:
        """A single quotation mark; an opening one counts once a closing one follows it."""
        if sign == "`":
            if not before.isalnum() and after.strip():
                self._opened_quote = len(self._pieces)
            return sign
        if self._opened_quote is None or after.isalnum() or before.isspace():
            return sign
        self._pieces[self._opened_quote] = "‘"
        self._opened_quote = None
        return "’"

    def _take_command(self, match: re.Match[str]) -> int:
        """A command in words: a style is dropped with the blanks behind it, an unknown one stays as found."""
        name, end = match[0].strip("\\*"), match.end()
        if name == "ensuremath" and (formula := _argument(self._text, end)):
            self._command = ""
            maths = f"${formula}$"
            self._pieces.append(_SINGLE_SIGNS.get(maths, maths))
            return end + len(formula) + len("{}")
        self._command, self._unshown = name, UNSHOWN_ARGUMENTS.get(name, 0)
        if name in SPACE_WORDS:
            self._pieces.append(" ")
        elif name not in STYLES and not self._unshown and name not in _FRAMES:
            self._pieces.append(match[0])
            return end
        return _BLANKS.match(self._text, end).end()  # type: ignore[union-attr]  # matches anywhere

    def _open(self) -> None:
        """The beginning of a group, or of an argument of the command before it."""
        command, kind = self._command, _Kind.GROUP
        if self._unshown:
            kind = _Kind.UNSHOWN
        elif command in _FRAMES:
            kind = _Kind.FRAME
        elif command and command not in STYLES and command not in UNSHOWN_ARGUMENTS:
            kind = _Kind.KEPT
        self._groups.append(_Group(kind, len(self._pieces), command, self._unshown - 1))
        if kind is _Kind.KEPT:
            self._pieces.append("{")
        self._command, self._unshown = "", 0

    def _close(self, after: str) -> None:
        """The end of a group or argument; a kept command that ended a group stays apart from what follows it."""
        group = self._groups.pop() if self._groups else _Group(_Kind.KEPT, 0, "", 0)
        ended_in, self._command = self._command, ""
        if group.kind is _Kind.KEPT:
            self._pieces.append("}")
            self._command = group.command
        elif group.kind is _Kind.FRAME:
            inner = "".join(self._pieces[group.start :])
            self._pieces[group.start :] = [_FRAMES[group.command](inner)]
        elif group.kind is _Kind.UNSHOWN:
            self._command, self._unshown = group.command, group.unshown_left
            del self._pieces[group.start :]
        elif ended_in and after.isalpha() and self._pieces[-1] == f"\\{ended_in}":
            self._pieces.append("{}")


def _argument(text: str, start: int) -> str:
    """What a command's braces hold, as found; empty where none follow, where they do not close, or around maths."""
    formula = text[start + 1 : max(0, closing_brace(text, start, start + _LONGEST_FORMULA))]
    return "" if "$" in formula else formula


def _quoted(text: str) -> str:
    return f"“{text}”"


_FRAMES: dict[str, Callable[[str], str]] = {
    "textsuperscript": raised,
    "textsubscript": lowered,
    "enquote": _quoted,
    "mkbibquote": _quoted,
}
"""What becomes of the text in the argument of a command."""


def _character(text: str, match: re.Match[str]) -> tuple[str, int]:
    """The character that an accent command or a symbol command stands for, and where the text goes on."""
    if match["symbol"]:
        return SYMBOLS[match["symbol"]], match.end()
    return _accented(text, match["accent"], match.end(), 0)


def _accented(text: str, accent: str, end: int, depth: int) -> tuple[str, int]:
    """A letter with its accent, and where the text goes on; without a letter the accent as a sign."""
    base, rest, after = _base(text, end, depth)
    if not base:
        alone = _ALONE.get(accent, accent if not accent.isalpha() else f"\\{accent}")
        return (alone, after if rest is not None else end)
    letter = unicodedata.normalize("NFC", base + ACCENTS[accent])
    is_escaped_quote = accent in "'\"" and len(letter) > len(base) and text[end : end + 1] == base
    return (accent + base if is_escaped_quote else letter) + (rest or ""), after


def _base(text: str, end: int, depth: int) -> tuple[str, str | None, int]:
    """The letter that an accent stands on, more of its group (None: there is no group), and where the text goes on."""
    match = _BASE.match(text, end)
    if match is None or depth > _DEEPEST_ACCENT:
        return "", None, end
    if match["open"]:
        base, rest, after = _base(text, match.end(), depth + 1)
        closing = _REST_OF_GROUP.match(text, after)
        if closing is None:
            return "", None, end
        return base, (rest or "") + closing[1].rstrip() if base else closing[1], closing.end()
    if match["letter"]:
        return {"i": "i", "j": "j"}.get(match["letter"], LETTERS[match["letter"]]), None, match.end()
    if match["accent"]:
        letter, after = _accented(text, match["accent"], match.end(), depth + 1)
        return letter, None, after
    return match["bare"], None, match.end()
