r"""LaTeX source as BibTeX files and arXiv's mails hold it, to the text that a person would have typed.

BibTeX is an encoding of text in LaTeX: braces protect capitals, ``\%`` means ``%``, ``{\"o}`` means ``ö``, and some
exporters write a title's own LaTeX as ``\${\textbackslash}mathbb\{X\}\$``. Outside of maths all that is undone, so
that a paper has the same title here as on its page. Maths (``$…$``) and other commands with their arguments
(``\emph{…}``) are LaTeX in the text itself and stay as found.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENT = (
    r"\\(?P<accent>[`'^~\"=.]|[uvHcdbkr](?![A-Za-z]))\s{0,3}"
    r"(?:\{\s{0,3}(?P<braced>\\[ij](?![A-Za-z])|[A-Za-z])\s{0,3}\}|(?P<bare>\\[ij](?![A-Za-z])|[A-Za-z]))"
)
_SYMBOL = (
    r"\\(?P<symbol>ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j|dh|DH|th|TH|dj|DJ|ng|NG|textbackslash|textasciitilde|"
    r"textasciicircum|textless|textgreater|textbar|textbraceleft|textbraceright|"
    r"textquotesingle|textquotedblleft|textquotedblright|textendash|"
    r"textemdash|textellipsis|ldots|dots)(?![A-Za-z])(?:\{\}|\ ?)"
)
_ACCENT_OR_SYMBOL = re.compile(rf"{_ACCENT}|{_SYMBOL}")
_TOKEN = re.compile(
    rf"(?P<maths>\$(?:[^$\\]|\\.)*\$)|{_ACCENT}|{_SYMBOL}"
    r"|\\(?P<escaped>[$%&#_{}])|(?P<command>\\[A-Za-z]+\*?)|(?P<open>\{)|(?P<close>\})",
    re.DOTALL,
)
_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    '"': "\u0308",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "d": "\u0323",
    "b": "\u0331",
    "k": "\u0328",
    "r": "\u030a",
}
_SYMBOLS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textquotesingle": "'",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textendash": "–",
    "textemdash": "—",
    "textellipsis": "…",
    "ldots": "…",
    "dots": "…",
}


def decode_accents(text: str) -> str:
    r"""Accents and letters written as commands become letters (``Hern\'andez``, ``\o``); the rest stays."""
    if "\\" not in text:
        return text
    return _ACCENT_OR_SYMBOL.sub(_letter, text)


def decode_latex_source(text: str) -> str:
    """The text that LaTeX source stands for, maths and commands kept as found; see the module's description."""
    if not any(char in text for char in "\\{}"):
        return text
    pieces: list[str] = []
    kept: list[bool] = []  # per open brace, whether it is an argument's
    argument_may_follow = False
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            pieces.append(text[end : match.start()])
            argument_may_follow = False
        end = match.end()
        if match["open"]:
            kept.append(argument_may_follow)
            pieces.append("{" if argument_may_follow else "")
            argument_may_follow = False
        elif match["close"]:
            argument_may_follow = kept.pop() if kept else True
            pieces.append("}" if argument_may_follow else "")
        else:
            pieces.append(_decoded(match))
            argument_may_follow = match["command"] is not None
    pieces.append(text[end:])
    return "".join(pieces)


def _decoded(match: re.Match[str]) -> str:
    """What a token that is no brace stands for."""
    if match["accent"] or match["symbol"]:
        return _letter(match)
    return match["escaped"] or match[0]


def _letter(match: re.Match[str]) -> str:
    """The letter that an accent command or a symbol command stands for."""
    if match["symbol"]:
        return _SYMBOLS[match["symbol"]]
    base = (match["braced"] or match["bare"]).lstrip("\\")
    return unicodedata.normalize("NFC", base + _COMBINING[match["accent"]])
