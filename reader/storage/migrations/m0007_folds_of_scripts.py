r"""Titles with digits in a sub- or superscript (``CO$_2$``) are folded like Unicode's "CO₂".

The folding is a frozen copy from the time of this step. The original text of former titles is no longer known, so they
keep their folds.
"""

from __future__ import annotations

import re
import unicodedata

from sqlite_utils import Database

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


def upgrade(db: Database) -> None:
    """Fold such titles again."""
    rows = db.execute("SELECT id, title FROM papers WHERE title LIKE '%$%'").fetchall()
    for paper_id, title in rows:
        if _SCRIPT_OF_DIGITS.search(title):
            fold = _fold(_SCRIPT_OF_DIGITS.sub(r"\1", title))
            db.execute("UPDATE papers SET title_fold = ? WHERE id = ?", (fold, paper_id))


def _fold(text: str) -> str:
    if "\\" in text or "$" in text or "{" in text or "}" in text:
        text = _drop_latex(text)
    if text.isascii():
        return " ".join(_NOT_LETTER_OR_DIGIT.sub(" ", text.lower()).split())
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(char if _is_kept(char) else " " for char in text).split())


def _drop_latex(text: str) -> str:
    text = _ACCENT_COMMAND.sub(lambda match: match[2] + _COMBINING[match[1]], text)
    text = _FORMATTING_COMMAND.sub("", text)
    return _DELIMITER.sub("", text)


def _is_kept(char: str) -> bool:
    """Whether a character is a letter, a digit, or a mark on the letter before it."""
    return char.isalnum() or (unicodedata.category(char)[0] == "M" and not "\ufe00" <= char <= "\ufe0f")
