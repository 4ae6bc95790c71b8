"""Pieces of text that trip splitters, for properties of any text and for linear time; all written for this purpose."""

import time
from collections.abc import Callable

from hypothesis import strategies as st

# fmt: off
MARKS = [
    ". ", "? ", "...", "…", "\n\n", "e.g.", "et al.", "U.S.", "(", ")", "[12]", "“", "”", '"', "''", "``", "$",
    "\\(", "\\)", "\\emph{", "}", "Fig. ", "1) ", "。", "\n- ", "We ", "J. ", "a", "-", "'", "https://", "x.y/",
    "\u00a0", "\u2028", "\r\n",
]
REPEATED = [
    ". ", ".", "?!", "(", "a. (", "$", "$a", "\\(", "\\[a", '"', '"a ', "``", "“", "1. ", "e.g. ", "\n", "\n ", "\r\n",
    ".\n", "a\n\n", "。", ").", "[1", "\\a", "A. ", "a.", "*", "\\emph{", "[1, ", " ", "{", ".\n- ", "a.$", "a-", "a'",
    "_", "https://", "www.", "[[", "]]", "[[a", "`", "``a`", "\n```\n", "- ", "> ", "-\n", "a-\nb", "\f", "\u00ad",
    "~~~\n", "\\", "\\\\(",
]
# fmt: on
HOSTILE_TEXT = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=4)), max_size=40).map("".join)


def repeated(piece: str, length: int = 200_000) -> str:
    """About ``length`` characters of nothing but ``piece``."""
    return piece * (length // len(piece))


def assert_linear(work: Callable[[str], object], piece: str) -> None:
    """Let ``work`` do a long text of nothing but ``piece`` in far less time than squares would take.

    A second is ample, a quadratic step takes half a minute and more; ten leave room for coverage and busy machines.
    """
    text = repeated(piece)
    started = time.process_time()
    work(text)
    assert time.process_time() - started < 10
