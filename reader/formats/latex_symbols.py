"""Tables of LaTeX's commands for letters, signs and spaces outside of maths.

Source: "The Comprehensive LaTeX Symbol List" (https://ctan.org/pkg/comprehensive), the tables of text symbols.
"""

from __future__ import annotations

ACCENTS = {
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
    "h": "\u0309",
}
"""The combining mark of every accent command."""

LETTERS = {
    "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "ng": "ŋ", "NG": "Ŋ", "ij": "ĳ", "IJ": "Ĳ",
}  # fmt: skip
"""Letters, which may bear an accent."""

SYMBOLS = LETTERS | {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">",
    "textbar": "|", "textbraceleft": "{", "textbraceright": "}", "textunderscore": "_", "textdollar": "$",
    "textquotesingle": "'", "textquotedbl": '"', "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "quotesinglbase": "‚", "quotedblbase": "„",
    "guillemotleft": "«", "guillemotright": "»", "guillemetleft": "«", "guillemetright": "»", "guilsinglleft": "‹",
    "guilsinglright": "›", "glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»", "flq": "‹",
    "frq": "›", "lq": "‘", "rq": "’", "textasciigrave": "`", "textasciiacute": "´", "textasciidieresis": "¨",
    "textasciimacron": "¯", "textendash": "–", "textemdash": "—", "textellipsis": "…", "ldots": "…", "dots": "…",
    "textbullet": "•", "textperiodcentered": "·", "textsection": "§", "S": "§", "textparagraph": "¶", "P": "¶",
    "textdagger": "†", "dag": "†", "textdaggerdbl": "‡", "ddag": "‡", "textbardbl": "‖", "textbrokenbar": "¦",
    "texttrademark": "™", "textregistered": "®", "textcopyright": "©", "copyright": "©", "textservicemark": "℠",
    "textsterling": "£", "pounds": "£", "texteuro": "€", "euro": "€", "EUR": "€", "textyen": "¥", "textcent": "¢",
    "textdegree": "°", "textcelsius": "℃", "textmu": "µ", "textohm": "Ω", "textmho": "℧", "textnumero": "№",
    "texttimes": "×", "textdiv": "÷", "textpm": "±", "textminus": "−", "textlnot": "¬", "textperthousand": "‰",
    "textpertenthousand": "‱", "textfractionsolidus": "⁄", "textonehalf": "½", "textonequarter": "¼",
    "textthreequarters": "¾", "textonesuperior": "¹", "texttwosuperior": "²", "textthreesuperior": "³",
    "textordfeminine": "ª", "textordmasculine": "º", "textexclamdown": "¡", "textquestiondown": "¿",
    "textleftarrow": "←", "textrightarrow": "→", "textuparrow": "↑", "textdownarrow": "↓", "textlangle": "⟨",
    "textrangle": "⟩", "textestimated": "℮", "textreferencemark": "※", "textmusicalnote": "♪", "textcurrency": "¤",
    "textvisiblespace": "␣", "slash": "/", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e",
    "XeTeX": "XeTeX",
}  # fmt: skip
"""Commands that stand for letters or signs."""

SPACES = {
    "\\": " ", " ": " ", ",": " ", ";": " ", ":": " ", ">": " ", "!": "", "/": "", "@": "", "-": "", "\n": " ",
    "\t": " ",
}  # fmt: skip
"""Commands of one sign that stand for a space or for none."""

SPACE_WORDS = frozenset(
    {"space", "quad", "qquad", "enspace", "thinspace", "newline", "linebreak", "nobreakspace", "par"}
)
"""Commands in words that stand for a space."""

STYLES = frozenset(
    [
        "emph",
        "textbf",
        "textit",
        "texttt",
        "textsc",
        "textrm",
        "textsf",
        "textsl",
        "textup",
        "textmd",
        "textnormal",
        "text",
        "underline",
        "uline",
        "mbox",
        "hbox",
        "fbox",
        "textlf",
        "MakeUppercase",
        "MakeLowercase",
        "uppercase",
        "lowercase",
        "NoCaseChange",
        "ensuremath",
        "texorpdfstring",
        "foreignlanguage",
        "bibstring",
        "mkbibemph",
        "mkbibquote",
        "mkbibbold",
        "mkbibitalic",
        "href",
        "url",
        "path",
        "nolinkurl",
        "it",
        "em",
        "sc",
        "bf",
        "rm",
        "sf",
        "tt",
        "sl",
        "normalfont",
        "itshape",
        "slshape",
        "scshape",
        "upshape",
        "bfseries",
        "mdseries",
        "rmfamily",
        "sffamily",
        "ttfamily",
        "tiny",
        "scriptsize",
        "footnotesize",
        "small",
        "normalsize",
        "large",
        "Large",
        "LARGE",
        "huge",
        "Huge",
        "protect",
        "relax",
        "ignorespaces",
        "boldmath",
        "unboldmath",
        "xspace",
        "string",
        "nolinebreak",
        "nobreak",
        "allowbreak",
        "sloppy",
        "raggedright",
        "newblock",
        "leavevmode",
        "null",
    ]
)
"""Commands that only tell how their argument, or what follows, looks; the text is what they hold."""

UNSHOWN_ARGUMENTS = {
    "href": 1,
    "foreignlanguage": 1,
    "noopsort": 1,
    "SortNoop": 1,
    "vphantom": 1,
    "hspace": 1,
    "label": 1,
}
"""How many arguments at first are not shown."""

SUPERSCRIPTS = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
SUBSCRIPTS = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


def raised(text: str) -> str:
    """A superscript as Unicode has it, or the text itself where it has none."""
    return _in_script(text, SUPERSCRIPTS)


def lowered(text: str) -> str:
    """A subscript as Unicode has it, or the text itself where it has none."""
    return _in_script(text, SUBSCRIPTS)


def _in_script(text: str, script: dict[str, str]) -> str:
    if all(char in script for char in text):
        return "".join(script[char] for char in text)
    return text
