r"""LaTeX shown as Unicode, with a map between shown and stored offsets.

Text is stored as found; only what is shown is converted: ``$…$`` and ``\(…\)`` wholly, and a few known commands
outside of them. Whole abstracts are never given to the LaTeX reader, which would take a percent sign for the start of
a comment and lose the rest of the line. Which dollars delimit maths follows Pandoc's rule (its manual,
``tex_math_dollars``): no space just inside them, no digit right after the closing one; so ``$5 and $6`` stays money.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzTABDEGHIJKLMNOPRUVW*′",
        ("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ*′"),
        strict=True,
    )
)
_SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_UPRIGHT = r"\\(?:textrm|textnormal|text|mathrm)"
_SCRIPT = re.compile(rf"([_^])\s*(?:\{{{_UPRIGHT}\{{([^{{}}]*)\}}\}}|\{{([^{{}}]*)\}}|(\\[A-Za-z]+|[^\s{{}}\\$]))")
_SHOWN_SCRIPT = re.compile("([\ue000\ue001])([^\ue000-\ue002]*)\ue002")
_OPERATOR = re.compile(r"(\\(?:log|ln|exp|min|max|sup|inf|sin|cos|tan|arg|det|dim|gcd|lim|Pr))\s+(?=[\w(\\])")
_ABBREVIATIONS = {"eg": "e.g.", "ie": "i.e.", "etal": "et al.", "wrt": "w.r.t."}
"""Commands that the style files of conferences define and that abstracts are copied with."""
_SYMBOL = (
    r"\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma"
    r"|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|ell|times|approx|leq|geq|le"
    r"|ge|neq|pm|sim|rightarrow|to|infty|ldots|dots|cdot|textendash|textemdash|textquotesingle)(?![A-Za-z])"
)
_MARKUP = re.compile(
    r"\$\$(?P<display>(?:[^$\\\n]|\\.){1,400}?)\$\$"
    r"|\$(?![\s$])(?P<dollars>(?:[^$\\\n]|\\.){1,400}?)(?<![\s\\])\$(?!\d)"
    r"|\\\((?P<parentheses>(?:[^\\\n]|\\(?!\))){1,400}?)\\\)"
    r"|\\(?:textbf|textit|texttt|textsc|textrm|textsf|emph|underline|url|mbox|text)\{(?P<argument>[^{}\n]{0,400})\}"
    r"|\{\\(?:bf|it|em|tt|sc|rm|sf)\s+(?P<group>[^{}\n]{0,400})\}"
    r"|(?P<escaped>\\[%&_#${}])"
    rf"|(?P<symbol>\{{{_SYMBOL}\}}|{_SYMBOL}(?:\{{\}})?)"
    rf"|\\(?P<abbreviation>{'|'.join(_ABBREVIATIONS)})(?![A-Za-z])(?:\{{\}})?\.?"
    # Accents, in the forms that nothing else is mistaken for: escaped quotes of other languages look like "o and 's.
    r"|(?P<braced>\{\\[\"'`^~=.]\s?\\?[A-Za-z]\}|\\[\"'`^~=.cvuHkr]\{\\?[A-Za-z]\})"
    r"|(?<=[^\W\d_])(?P<accented>\\(?:[\"^~][aeiouyAEIOUYnN]|'[aeiouycnz]|`[aeiouAEIOU]))"
    r"|(?P<letter>\{\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)\}|\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L)\{\})"
    r"|(?P<opening>``)|(?P<closing>'')"
)
_ACCENTS = dict(
    zip("\"'`^~=.cvuHkr", "\u0308\u0301\u0300\u0302\u0303\u0304\u0307\u0327\u030c\u0306\u030b\u0328\u030a", strict=True)
)
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
            "L": "Ł", "i": "ı", "j": "ȷ"}  # fmt: skip
_BIDI_MARKS = {
    "\u200e": "⟨LRM⟩", "\u200f": "⟨RLM⟩", "\u061c": "⟨ALM⟩",
    "\u202a": "⟨LRE⟩", "\u202b": "⟨RLE⟩", "\u202c": "⟨PDF⟩", "\u202d": "⟨LRO⟩", "\u202e": "⟨RLO⟩",
    "\u2066": "⟨LRI⟩", "\u2067": "⟨RLI⟩", "\u2068": "⟨FSI⟩", "\u2069": "⟨PDI⟩",
}  # fmt: skip
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of shown text and the run of stored text it stands for (offsets in characters, ends excluded).

    Runs of equal length map character by character, others only as a whole.
    """

    shown_start: int
    shown_end: int
    stored_start: int
    stored_end: int

    @property
    def is_verbatim(self) -> bool:
        """Whether the run is shown as it is stored."""
        return self.shown_end - self.shown_start == self.stored_end - self.stored_start


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as it is shown; ``segments`` cover it from start to end, in order."""

    text: str
    segments: tuple[Segment, ...]

    def stored_range(self, start: int, end: int) -> tuple[int, int]:
        """The stored span that a shown span stands for, widened to whole conversions; (s, s) for an empty span."""
        if start >= end:
            return (at := self._stored(start, upper=False)), at
        return self._stored(start, upper=False), self._stored(end, upper=True)

    def shown_range(self, start: int, end: int) -> tuple[int, int]:
        """The shown span that a stored span appears as, widened to whole conversions; (s, s) for an empty span."""
        if start >= end:
            return (at := self._shown(start, upper=False)), at
        return self._shown(start, upper=False), self._shown(end, upper=True)

    def _stored(self, offset: int, *, upper: bool) -> int:
        for part in self.segments:
            if part.shown_start <= offset < part.shown_end or (upper and part.shown_start < offset <= part.shown_end):
                if part.is_verbatim:
                    return part.stored_start + offset - part.shown_start
                return part.stored_end if upper and offset > part.shown_start else part.stored_start
        return self.segments[-1].stored_end if self.segments and offset > 0 else 0

    def _shown(self, offset: int, *, upper: bool) -> int:
        for part in self.segments:
            inside = part.stored_start <= offset < part.stored_end
            if inside or (upper and part.stored_start < offset <= part.stored_end):
                if part.is_verbatim:
                    return part.shown_start + offset - part.stored_start
                return part.shown_end if upper and offset > part.stored_start else part.shown_start
        return self.segments[-1].shown_end if self.segments and offset > 0 else 0


@lru_cache(maxsize=2_048)
def shown_text(stored: str) -> ShownText:
    """What to show for a stored text: maths as Unicode, control characters dropped, bidi controls as visible marks."""
    pieces: list[str] = []
    segments: list[Segment] = []
    position = shown = 0

    def add(piece: str, stored_start: int, stored_end: int) -> None:
        nonlocal shown
        if piece or stored_end > stored_start:
            segments.append(Segment(shown, shown + len(piece), stored_start, stored_end))
            pieces.append(piece)
            shown += len(piece)

    for start, end, replacement in _replacements(stored):
        if start > position:
            add(stored[position:start], position, start)
        add(replacement, start, end)
        position = end
    if position < len(stored):
        add(stored[position:], position, len(stored))
    return ShownText("".join(pieces), tuple(segments))


def shown_line(stored: str, limit: int = 10_000) -> str:
    """A stored text as one line of at most ``limit`` characters, cut with an ellipsis."""
    line = " ".join(shown_text(stored[: limit * 2]).text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def shown_source(stored: str, limit: int = 10_000) -> str:
    """A text to be seen as it is written, LaTeX and Markdown and all, but for control characters; cut at ``limit``."""
    shown = _without_controls(stored[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _replacements(stored: str) -> list[tuple[int, int, str]]:
    """What is not shown as stored: (start, end, shown), in order and apart."""
    found = []
    if "\\" in stored or "$" in stored or "``" in stored or "''" in stored:
        for match in _MARKUP.finditer(stored):
            replacement = _shown_markup(match)
            if replacement is not None:
                found.append((match.start(), match.end(), _without_controls(replacement)))
    taken = [(start, end) for start, end, _ in found]
    found += [
        (match.start(), match.end(), _BIDI_MARKS.get(match[0], ""))
        for match in _UNSHOWN.finditer(stored)
        if not any(start <= match.start() < end for start, end in taken)
    ]
    return sorted(found)


def _shown_markup(match: re.Match[str]) -> str | None:
    """The Unicode for one piece of LaTeX; None to leave it as it is."""
    group = match.lastgroup
    if group in {"display", "dollars", "parentheses", "symbol"}:
        return _shown_maths(match[group])
    if group in {"argument", "group"}:
        return match[group]
    if group == "abbreviation":
        return _ABBREVIATIONS[match[group]]
    if group == "escaped":
        return match[0][1]
    if group in {"braced", "accented"}:
        return _accented(match[0])
    if group == "letter":
        return _LETTERS[re.sub(r"[{}\\]", "", match[0])]
    return "“" if group == "opening" else "”"


def _accented(source: str) -> str | None:
    """The letter with its accent as one character; None where Unicode has none."""
    accent, letter = list(re.sub(r"[{}\\\s]", "", source))
    composed = unicodedata.normalize("NFC", letter + _ACCENTS[accent])
    return composed if len(composed) == 1 else None


def _shown_maths(source: str) -> str | None:
    """Unicode for the inside of a formula; None where the LaTeX reader cannot make sense of it."""
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    marked = _OPERATOR.sub(r"\1{} ", source)
    for _ in range(4):
        marked, count = _SCRIPT.subn(_marked_script, marked)
        if not count:
            break
    try:
        text = LatexNodes2Text(math_mode="text").latex_to_text(marked, tolerant_parsing=True)
    except (LatexWalkerError, ValueError, IndexError, KeyError, RecursionError):
        return None
    for _ in range(4):
        text, count = _SHOWN_SCRIPT.subn(_shown_script, text)
        if not count:
            break
    text = " ".join(re.sub("[\ue000-\ue002]", "", text).split())
    return text or None


def _marked_script(match: re.Match[str]) -> str:
    """A script between private-use marks, which the LaTeX reader passes through (it would take ``^`` for its own)."""
    mark = "\ue000" if match[1] == "^" else "\ue001"
    return f"{mark}{match[2] or match[3] or match[4] or ''}\ue002"


def _shown_script(match: re.Match[str]) -> str:
    """A subscript or superscript in Unicode where every character has one, else with its mark and parentheses."""
    kind, inside = "^" if match[1] == "\ue000" else "_", match[2].strip()
    scripts = _SUPERSCRIPTS if kind == "^" else _SUBSCRIPTS
    if inside and all(char in scripts for char in inside):
        return "".join(scripts[char] for char in inside)
    if kind == "^" and inside in {"∘", "°"}:
        return "°"
    return f"{kind}{inside}" if len(inside) <= 1 else f"{kind}({inside})"


def _without_controls(text: str) -> str:
    """A converted text with control characters dropped and bidi controls marked."""
    return _UNSHOWN.sub(lambda match: _BIDI_MARKS.get(match[0], ""), text)
