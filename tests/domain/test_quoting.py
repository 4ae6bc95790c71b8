"""Text copied out of PDFs, as Markdown block quotes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reader.domain.quotation import quote_block
from tests.domain.hostile import HOSTILE_TEXT, REPEATED, assert_linear


@pytest.mark.parametrize(
    ("pasted", "quoted"),
    [
        ("Trees grow\nin rows.", "Trees grow in rows."),
        ("  Trees \t grow\r\nin\rrows.\n", "Trees grow in rows."),
        ("An exam-\nple here", "An example here"),
        ("An exam\u00ad\nple of soft hy\u00adphens", "An example of soft hyphens"),
        ("An exam\u2010\nple", "An example"),
        ("An exam\u0002ple or an exam\ufffe\nple", "An example or an example"),
        ("the state-of-the-\nart", "the state-of-the-art"),
        ("the state-of-\nthe-art", "the state-of-the-art"),
        ("the state-of-\nthe-\nart", "the state-of-the-art"),
        ("the state-\nof-the-art", "the state-of-the-art"),
        ("end-\nto-end and out-\nof-domain", "end-to-end and out-of-domain"),
        ("self-\nsupervised, zero-\nshot, well-\nknown", "self-supervised, zero-shot, well-known"),
        ("a self-super-\nvised one", "a self-supervised one"),
        ("few-\ner self-\nish fish", "fewer selfish fish"),
        ("GPT-\n4, Yi-\n1.5 and BERT-\nBase", "GPT-4, Yi-1.5 and BERT-Base"),
        ("LLM-\nbased k-\nmeans", "LLM-based k-means"),
        ("INTRO-\nDUCTION", "INTRODUCTION"),
        ("real-\nistic real-\ntime", "realistic real-time"),
        ("data-\nset data-\ndriven", "dataset data-driven"),
        ("inde-\npendent, in-\ndependent, co-\nefficient", "independent, independent, coefficient"),
        ("short-\nand long-term", "short- and long-term"),
        ("a maj-\nor one, as major ones are", "a major one, as major ones are"),
        ("pages 10–\n12, one—\ntwo and/\nor", "pages 10–12, one—two and/or"),
        ("one -\ntwo --\nthree –\nfour", "one - two -- three – four"),
        ("see https://example.org/\na-b?c=\nd now", "see https://example.org/a-b?c=d now"),
        ("eﬃcient ﬂow ﬁts oﬀ", "efficient flow fits off"),
        ("深層\n学習 is\n深い", "深層学習 is 深い"),
        ("page ends\n12\n\f\ngoes on", "page ends goes on"),
        ("page ends hy-\n\f13\nphenated", "page ends hyphenated"),
        ("nul\u0000 bell\u0007 bom\ufeff nbsp\u00a0end", "nul bell bom nbsp end"),
    ],
)
def test_lines_and_broken_words_are_joined(pasted: str, quoted: str) -> None:
    assert quote_block(pasted) == f"> {quoted}"


def test_words_around_decide_before_rules_do() -> None:
    assert quote_block("a non-\nlinear tree") == "> a nonlinear tree"
    assert quote_block("a non-\nlinear tree; non-linear ones") == "> a non-linear tree; non-linear ones"
    assert quote_block("a non-\nlinear tree", known="On Non-Linear Trees") == "> a non-linear tree"
    assert quote_block("tree-\nbased", known="All is treebased here") == "> treebased"


def test_paragraphs_and_bullets_stay_apart() -> None:
    pasted = "One\nends.\n\nTwo\n \n\nThree:\n• first\nline\n• second\n\nAfter.\n\fNext page."
    lines = ["> One ends.", ">", "> Two", ">", "> Three:", ">", "> - first line", "> - second", ">", "> After."]
    assert quote_block(pasted).split("\n") == [*lines, ">", "> Next page."]


@pytest.mark.parametrize("pasted", ["", " \n\t", "\f\f", "\u00ad\u200b"])
def test_white_space_gives_nothing(pasted: str) -> None:
    assert quote_block(pasted).strip("> \n") == ""


def rendered(markdown: str) -> tuple[list[str], str]:
    """The kinds of blocks, and the plain text, that a Markdown reader finds."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(markdown)
    inline = [token for token in tokens if token.type == "inline"]
    children = [child for token in inline for child in token.children or []]
    assert {child.type for child in children} <= {"text", "text_special"}
    return [token.type for token in tokens if token.nesting == 1], "".join(child.content for child in children)


MARKUP = st.lists(
    st.sampled_from([*"#>-+=*_`~[]()!\\&<|:;. \t19ab", "&amp;", "&#35;", "<b>", "[[", "]]", "1.", "1)", "---", "a_b"]),
    max_size=20,
).map("".join)


@given(MARKUP)
def test_a_quote_reads_as_what_was_pasted(text: str) -> None:
    expected = " ".join(text.split())
    blocks, shown = rendered(quote_block(text))
    assert shown == expected
    assert blocks == (["blockquote_open", "paragraph_open"] if expected else [])


@pytest.mark.parametrize("text", ["[[Some title]]", "see [[a]] and [[[b]]]"])
def test_a_quote_holds_no_note_links(text: str) -> None:
    assert "[[" not in quote_block(text)


@given(HOSTILE_TEXT, st.text(max_size=20))
def test_nothing_but_hyphens_and_page_numbers_is_lost(text: str, known: str) -> None:
    text = text.replace("\f", " ")
    quoted = quote_block(text, known)
    assert all(line == ">" or line.startswith("> ") for line in quoted.split("\n") if quoted)
    kept = [char for char in quoted if char.isalnum()]
    assert kept == [char for char in _without_ligatures(text) if char.isalnum()]


def _without_ligatures(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", char) if "\ufb00" <= char <= "\ufb06" else char for char in text)


@pytest.mark.parametrize("piece", REPEATED)
def test_a_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    assert_linear(lambda text: quote_block(text, known=text), piece)


def test_a_line_of_hyphens_that_ends_in_one_takes_no_more_than_linear_time() -> None:
    assert_linear(lambda text: quote_block(text + "\n", known=text + "\n"), "a-")
