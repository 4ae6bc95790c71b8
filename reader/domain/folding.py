r"""Title folding: the rule that decides whether two spellings are the same title.

Titles are NFKC-normalised and case-folded. LaTeX delimiters, braces and formatting commands are dropped, but arguments
and symbol names stay (``$\mathbb{USCD}$`` folds to ``uscd``, ``$\ell_p$`` to ``ell p``, and ``$\alpha$`` differs from
``$\beta$``). Everything else that is not a letter or digit becomes one space. Digits in a separate sub- or superscript
belong to the text before them: ``CO$_2$`` is "CO₂", which Unicode folds to "co2".
"""

from __future__ import annotations

import re
import unicodedata

_FORMATTING = (
    "mathbb|mathbf|mathcal|mathfrak|mathit|mathrm|mathsf|mathscr|mathtt|mathnormal|boldsymbol|bm|boldmath|pmb|"
    "textbf|textit|textrm|textsc|textsf|textsl|texttt|textnormal|textup|textmd|text|emph|underline|overline|"
    "operatorname|mbox|hbox|rm|bf|it|sf|tt|sc|em|ensuremath|displaystyle|textstyle|scriptstyle|scriptscriptstyle|"
    "left|right|bigl|bigr|big|Big|limits|nolimits|tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|"
    "huge|Huge|xspace|textsuperscript|textsubscript|ensuremath"
)
_FORMATTING_COMMAND = re.compile(rf"\\(?:{_FORMATTING})(?![A-Za-z])\*?")
_COMBINING = {"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307"}
_ACCENT_COMMAND = re.compile(r"""\\([`'^~"=.])\s*\{?\s*\\?([A-Za-z])\s*\}?""")
_SCRIPT_OF_DIGITS = re.compile(
    r"(?<=[A-Za-z0-9)}])\$\s?[_^]\s?\{?\s?(?:\\(?:text|textrm|mathrm|rm)\s?\{?)?\s?(\d{1,4})\s?\}{0,2}\s?\$"
)
_DELIMITER = re.compile(r"\\[()\[\]]|[${}]")
_NOT_LETTER_OR_DIGIT = re.compile(r"[^\w]|_")


def fold_title(text: str) -> str:
    """The folded form in which titles are compared. Empty if nothing is left; an empty form matches nothing."""
    return fold_text(_SCRIPT_OF_DIGITS.sub(r"\1", text) if "$" in text else text)


def fold_text(text: str) -> str:
    """A text folded for search, where every part of a formula is a separate word."""
    if "\\" in text or "$" in text or "{" in text or "}" in text:
        text = drop_latex(text)
    # Most texts are ASCII, which NFKC does not change; this is several times as fast.
    if text.isascii():
        return " ".join(_NOT_LETTER_OR_DIGIT.sub(" ", text.lower()).split())
    # Case folding can decompose characters again, so its result is normalised once more.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(char if _is_kept(char) else " " for char in text).split())


def drop_latex(text: str) -> str:
    """Drop LaTeX's delimiters, braces and formatting commands; accent commands become combining marks."""
    text = _ACCENT_COMMAND.sub(lambda match: match[2] + _COMBINING[match[1]], text)
    text = _FORMATTING_COMMAND.sub("", text)
    return _DELIMITER.sub("", text)


def _is_kept(char: str) -> bool:
    """Whether a character is a letter, a digit, or a mark on the letter before it."""
    # The characters left out are variation selectors, which only choose how a symbol looks.
    return char.isalnum() or (unicodedata.category(char)[0] == "M" and not "\ufe00" <= char <= "\ufe0f")
