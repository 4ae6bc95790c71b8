"""Code in Markdown, compared with what a Markdown reader takes for code."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reader.domain.markdown_code import find_code
from tests.domain.hostile import HOSTILE_TEXT, REPEATED, assert_linear

READER = MarkdownIt("commonmark", {"html": False}).disable(
    ["html_block", "html_inline", "autolink", "link", "reference"]
)


def code_words_as_read(markdown: str) -> set[str]:
    """The words (w1, w2, …) that a Markdown reader takes for code, a fence's first line included."""

    def walk(tokens: list[Token]) -> str:
        return " ".join(
            f"{token.content} {token.info}"
            if token.type in ("code_inline", "fence", "code_block")
            else walk(token.children or [])
            for token in tokens
        )

    return set(re.findall(r"w\d+", walk(READER.parse(markdown))))


def code_words_as_found(markdown: str) -> set[str]:
    return {word for start, end in find_code(markdown) for word in re.findall(r"w\d+", markdown[start:end])}


def numbered(pieces: list[str]) -> str:
    """The pieces with a word of its own for each ``w``."""
    count = iter(range(1_000))
    return "".join(re.sub("w", lambda _: f"w{next(count)}", piece) for piece in pieces)


PLAIN = [
    "w",
    " w ",
    "`",
    "``",
    "```",
    "\\`",
    "\\",
    "\n",
    "\n\n",
    "\n```\n",
    "\n~~~\n",
    "\n````\n",
    "\n    w\n",
    "\n\n    w\n",
]
PLAIN += ["\n# w `", "\n\tw", "\n  ```\n"]
NESTED = [*PLAIN, "\n- w", "\n- `w", "\n1. w `w`", "\n> w", "\n> `w`", "\n> ```\n> w\n"]


@given(st.lists(st.sampled_from(PLAIN), max_size=12).map(numbered))
def test_code_outside_lists_and_quotes_is_what_a_reader_takes_for_code(markdown: str) -> None:
    assert code_words_as_found(markdown) == code_words_as_read(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "- a `w1` b\n- `w2\n- w3` c",
        "- item\n\n    w1 goes on\n\n- ```\n  w2\n  ```\n  w3",
        "> quote `w1`\n> ```\n> w2\n> ```\n> w3",
        "> ```\n> w1\n\nw2 after the quote",
        "1. one\n   ```\n   w1\n   ```\n2. w2 `w3`",
        "text\n    w1 is no code\n\n    w2 is",
        "# head `w1\nw2` w3",
        "```python\nw1 `w2\n```\n`w3`",
        "~~~\nw1\n```\nw2\n~~~\nw3",
        "```\nw1 never closed",
        "``w1 ` w2`` w3 ` w4",
        "\\`w1` w2 `w3`",
        "`` `w1` `` w2",
    ],
)
def test_code_in_lists_and_quotes(markdown: str) -> None:
    assert code_words_as_found(markdown) == code_words_as_read(markdown)


@given(HOSTILE_TEXT | st.lists(st.sampled_from(NESTED), max_size=15).map(numbered))
def test_spans_are_in_order_and_inside_the_text(markdown: str) -> None:
    end = 0
    for span in find_code(markdown):
        assert end <= span.start < span.end <= len(markdown)
        end = span.end


@pytest.mark.parametrize("piece", [*REPEATED, "- ", "\n    a", "`a``b", "> > ", "1. ", "\n> ```"])
def test_a_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    assert_linear(find_code, piece)
