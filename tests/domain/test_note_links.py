"""Links from notes to papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.folding import fold_title
from reader.domain.note_links import LinkedBy, NoteLink, find_note_links, note_link, unfinished_link
from tests.domain.hostile import HOSTILE_TEXT, REPEATED, assert_linear


def inner(markdown: str) -> list[str]:
    return [link.inner for link in find_note_links(markdown)]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("See [[On Trees]] and [[abcd2345]].", ["On Trees", "abcd2345"]),
        ("[[ spaced ]]", ["spaced"]),
        ("[[On Trees|them]]", ["On Trees|them"]),
        ("[[[Re] On Trees]] and [[[b]]]", ["[Re] On Trees", "[b]"]),
        ("[[On [Re] Trees]] [[Trees [again]]]", ["On [Re] Trees", "Trees [again]"]),
        ("[[one [[two]]", ["two"]),
        ("[[one]] two]]", ["one"]),
        ("[[]] [[ ]] [[never\nclosed]]", []),
        ("\\[[no]] and [\\[no]]", []),
        ("`[[code]]` and ``[[code ` ]]`` but [[text]]", ["text"]),
        ("```\n[[code]]\n```\n[[text]]", ["text"]),
        ("~~~\n[[code]]", []),
        ("text\n\n    [[code]]\n\n[[text]]", ["text"]),
        ("- item\n\n    [[in the item]]", ["in the item"]),
        ("> [[quoted]]\n# [[head]]", ["quoted", "head"]),
        ("[[with `code` inside]]", ["with `code` inside"]),
        ("[[not `closed]] here`]]", ["not `closed]] here`"]),
        ("[[" + "x" * 1_001 + "]]", []),
    ],
)
def test_links_are_found_outside_code(markdown: str, expected: list[str]) -> None:
    assert inner(markdown) == expected


def test_spans_hold_the_brackets() -> None:
    markdown = "é See [[ On Trees|them ]]!"
    (link,) = find_note_links(markdown)
    assert markdown[link.start : link.end] == "[[ On Trees|them ]]"
    assert link.shown == "them"
    assert NoteLink(0, 9, "plain").shown == "plain"


@pytest.mark.parametrize(
    ("text", "lookups"),
    [
        ("On $\\mathbb{Big}$ Trees?", [(LinkedBy.TITLE, "on big trees")]),
        ("abcd2345", [(LinkedBy.KEY, "abcd2345"), (LinkedBy.TITLE, "abcd2345")]),
        ("ABCD2345", [(LinkedBy.KEY, "abcd2345"), (LinkedBy.TITLE, "abcd2345")]),
        ("arXiv:2401.00001v2", [(LinkedBy.ARXIV_ID, "2401.00001"), (LinkedBy.TITLE, "arxiv 2401 00001v2")]),
        ("Trees|them", [(LinkedBy.TITLE, "trees them"), (LinkedBy.TITLE, "trees")]),
        ("abcd2345|On p(x|y)", [(LinkedBy.TITLE, "abcd2345 on p x y"), (LinkedBy.TITLE, "abcd2345 on p x")]),
        ("abcd2345|X", [(LinkedBy.TITLE, "abcd2345 x"), (LinkedBy.KEY, "abcd2345"), (LinkedBy.TITLE, "abcd2345")]),
        ("…", []),
    ],
)  # fmt: skip
def test_what_a_link_is_looked_up_by(text: str, lookups: list[tuple[LinkedBy, str]]) -> None:
    assert list(NoteLink(0, 0, text).lookups) == lookups


@pytest.mark.parametrize(
    ("title", "link"),
    [
        ("On Trees", "[[On Trees]]"),
        ("On  Trees\nand Nets", "[[On Trees and Nets]]"),
        ("[Re] On Trees", "[[[Re] On Trees]]"),
        ("On p(x|y)", "[[k2k2k2k2|On p(x y)]]"),
        ("abcd2345", "[[k2k2k2k2|abcd2345]]"),
        ("2401.00001", "[[k2k2k2k2|2401.00001]]"),
        ("…", "[[k2k2k2k2|…]]"),
        ("", "[[k2k2k2k2]]"),
        ("On `Trees` [big]", "[[On `Trees` [big]]]"),
    ],
)
def test_a_link_is_written_by_title_where_it_can_be(title: str, link: str) -> None:
    assert note_link(title, "k2k2k2k2") == link


@given(st.text(max_size=60) | HOSTILE_TEXT)
def test_a_written_link_reads_back_as_the_paper(title: str) -> None:
    markdown = note_link(title, "k2k2k2k2")
    (link,) = find_note_links(markdown)
    assert (link.start, link.end) == (0, len(markdown))
    kinds = dict(reversed(link.lookups))
    assert kinds.get(LinkedBy.KEY) == "k2k2k2k2" or link.lookups == ((LinkedBy.TITLE, fold_title(title)),)


@pytest.mark.parametrize(
    ("marked", "typed", "replaced"),
    [
        ("see [[On Tr^", "On Tr", "[[On Tr"),
        ("see [[^", "", "[["),
        ("see [[On ^Trees]] x", "On", "[[On Trees]]"),
        ("see [[On ^ and [[Nets]]", "On", "[[On "),
        ("see [[On Trees]]^", None, ""),
        ("see [[On\n^", None, ""),
        ("see [On^", None, ""),
        ("`[[On^`", None, ""),
        ("\\[[On^", None, ""),
        ("^[[On", None, ""),
    ],
)
def test_the_link_being_typed(marked: str, typed: str | None, replaced: str) -> None:
    cursor = marked.index("^")
    markdown = marked.replace("^", "")
    link = unfinished_link(markdown, cursor)
    if typed is None:
        assert link is None
    else:
        assert link is not None
        assert (link.typed, markdown[link.start : link.end]) == (typed, replaced)


@given(HOSTILE_TEXT, st.lists(st.sampled_from(["[[", "]]", "a", "|", "`"]), max_size=10))
def test_links_are_in_order_and_made_of_their_text(text: str, more: list[str]) -> None:
    markdown = "".join([text, *more])
    end = 0
    for link in find_note_links(markdown):
        assert link.start >= end
        piece = markdown[link.start : link.end]
        assert piece[2:-2].strip() == link.inner
        assert piece.startswith("[[")
        assert piece.endswith("]]")
        end = link.end


@pytest.mark.parametrize("piece", [*REPEATED, "[[a]", "[[a[", "[[a]]"])
def test_a_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    assert_linear(find_note_links, piece)
    assert_linear(lambda markdown: unfinished_link(markdown, len(markdown) - 9), piece)
