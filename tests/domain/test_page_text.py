"""The running text of made-up pages: what is always so, and each rule of the method."""

from __future__ import annotations

import itertools
from array import array
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.page_text.assembly import NOWHERE
from reader.domain.page_text.characters import PageCharacters
from reader.domain.page_text.document import DocumentText
from reader.domain.page_text.lines import Kind
from reader.domain.page_text.marking import Marker
from tests.domain.page_text_making import HEIGHT, WIDTH, column, empty_page, write
from tests.examples import examples

QUICK = examples(60)
FILLER = ["the tide rises twice a day and it falls as often in", "every harbour of this coast, as all the keepers know"]


def sentences(*pages: PageCharacters) -> list[str]:
    return [each.text for each in DocumentText(pages).sentences if each.kind is Kind.BODY]


def filled() -> PageCharacters:
    page = empty_page()
    column(page, ["So " + FILLER[0], *FILLER, *FILLER, "without end."], 72, 700)
    return page


# --- what is always so ------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "tide",
        "moon",
        "The",
        "Fig.",
        "et",
        "al.",
        "[3]",
        "12",
        "sea-",
        "state-of-the-art",
        "x²",
        "(see",
        "e.g.",
        "We",
        "end.",
        "why?",
        "•",
        "¨a",
    ]
)
LINE = st.tuples(
    st.lists(WORDS, min_size=1, max_size=9).map(" ".join),
    st.integers(20, 560),
    st.integers(10, 780),
    st.sampled_from([7.0, 9.0, 10.0, 14.0]),
    st.booleans(),
    st.sampled_from([0, 0, 0, 0, 1, 4]),
)


@st.composite
def documents(draw: st.DrawFn) -> list[PageCharacters]:
    pages = []
    for number in range(draw(st.integers(1, 3))):
        page = empty_page(number)
        for text, x, y, size, bold, turn in draw(st.lists(LINE, max_size=12)):
            write(page, text, x, y, size, bold=bold, turn=turn, font=int(bold))
        pages.append(page)
    return pages


@given(documents())
@QUICK
def test_each_character_is_in_one_sentence_at_most(pages: list[PageCharacters]) -> None:
    found = DocumentText(pages)
    used = Counter(
        (sentence.flow.pages[offset], sentence.flow.indexes[offset])
        for sentence in found.sentences
        for offset in range(*sentence.span)
        if sentence.flow.indexes[offset] != NOWHERE
    )
    assert not [place for place, count in used.items() if count > 1]
    for flow in found.flows.values():
        assert len(flow.text) == len(flow.pages) == len(flow.indexes)


@given(documents())
@QUICK
def test_quads_lie_on_the_page(pages: list[PageCharacters]) -> None:
    found = DocumentText(pages)
    for sentence in found.sentences:
        quads = found.quads(sentence.flow, sentence.span)
        assert quads
        for number, quad in quads:
            assert number in found.pages
            assert all(0 <= x <= WIDTH for x in quad[::2])
            assert all(0 <= y <= HEIGHT for y in quad[1::2])


@given(documents())
@QUICK
def test_sentences_come_in_the_order_of_their_flows(pages: list[PageCharacters]) -> None:
    found = DocumentText(pages)
    for flow in found.flows.values():
        spans = [sentence.span for sentence in found.sentences if sentence.flow is flow]
        assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    paragraphs = [sentence.paragraph for sentence in found.sentences]
    assert paragraphs == sorted(paragraphs)


def moved(page: PageCharacters, x: float, y: float) -> PageCharacters:
    """The page with its origin elsewhere."""
    left, bottom, right, top = page.box
    return replace(
        page,
        box=(left + x, bottom + y, right + x, top + y),
        left=array("f", [each + x for each in page.left]),
        right=array("f", [each + x for each in page.right]),
        bottom=array("f", [each + y for each in page.bottom]),
        top=array("f", [each + y for each in page.top]),
    )


def turned_left(page: PageCharacters) -> PageCharacters:
    """The page as one whose text goes upwards, which a file shows upright by turning the page."""
    left, bottom, right, top = page.box
    return replace(
        page,
        box=(-top, left, -bottom, right),
        left=array("f", [-each for each in page.top]),
        right=array("f", [-each for each in page.bottom]),
        bottom=array("f", page.left),
        top=array("f", page.right),
        turn=bytearray((turn + 1) % 4 if turn < 4 else turn for turn in page.turn),
    )


@given(documents(), st.integers(-400, 400), st.integers(-400, 400))
@QUICK
def test_the_origin_of_a_page_changes_nothing(pages: list[PageCharacters], x: int, y: int) -> None:
    found, others = DocumentText(pages), DocumentText([moved(page, x, y) for page in pages])
    assert [each.text for each in found.sentences] == [each.text for each in others.sentences]
    for one, other in zip(found.sentences, others.sentences, strict=True):
        quads, shifted = found.quads(one.flow, one.span), others.quads(other.flow, other.span)
        for (_, quad), (_, moved_quad) in zip(quads, shifted, strict=True):
            assert moved_quad == pytest.approx(
                [value + (x, y)[place % 2] for place, value in enumerate(quad)], abs=0.02
            )


@given(documents())
@QUICK
def test_text_that_runs_upwards_on_the_whole_page_reads_the_same(pages: list[PageCharacters]) -> None:
    upright = [page for page in pages if Counter(page.turn).most_common(1)[:1] in ([], [(0, page.turn.count(0))])]
    found = DocumentText(upright)
    others = DocumentText([turned_left(page) for page in upright])
    if any(page.page_turn != 1 for page in others.pages.values()):
        return  # as much text at another angle: either may be upright
    assert [each.text for each in found.sentences] == [each.text for each in others.sentences]
    for one, other in zip(found.sentences, others.sentences, strict=True):
        boxes = [quad[4:8:3] + quad[2:4] for _, quad in found.quads(one.flow, one.span)]
        for box, (_, quad) in zip(boxes, others.quads(other.flow, other.span), strict=True):
            assert min(quad[1::2]) == pytest.approx(box[0], abs=0.02)


# --- lines, paragraphs, sentences -------------------------------------------------------------------------------------


def test_a_sentence_goes_on_over_columns_and_pages_whatever_stands_between() -> None:
    first, second = empty_page(0), empty_page(1)
    write(first, "Notes on Tides", 72, 760, 8)
    column(
        first,
        ["The keepers of the harbour wrote down each tide", *FILLER, "and this sentence goes on in the next"],
        72,
        700,
    )
    write(first, "1 A note stands below the column.", 72, 60, 7)
    column(first, ["column, where it has some more words, and on", *FILLER, "another page it comes to its"], 330, 700)
    write(first, "1", 300, 30, 8)
    write(second, "Notes on Tides", 72, 760, 8)
    write(second, "Figure 1: A caption is between them.", 72, 720)
    column(second, ["end. Here the next one begins, and it", *FILLER, "ends."], 72, 660)
    write(second, "2", 300, 30, 8)
    found = DocumentText([first, second])
    body = [each for each in found.sentences if each.kind is Kind.BODY]
    assert [each.text.split()[0] + "…" + each.text.split()[-1] for each in body] == ["The…end.", "Here…ends."]
    pages = [page for page, _ in found.quads(body[0].flow, body[0].span)]
    assert pages == [0] * 8 + [1]
    kinds = {each.text: each.kind for each in found.sentences}
    assert kinds["A note stands below the column."] is Kind.NOTE
    assert kinds["A caption is between them."] is Kind.CAPTION
    assert kinds["Notes on Tides"] is Kind.MARGIN
    assert kinds["2"] is Kind.MARGIN


def test_the_number_of_a_footnote_is_no_text_and_an_exponent_is() -> None:
    page = filled()
    x = write(page, "The value of n", 72, 580, ends=False)
    x = write(page, "2", x, 585, 6, ends=False)
    x = write(page, " grows.", x, 580, ends=False)
    x = write(page, "1", x, 585, 6, ends=False)
    x = write(page, " The other gauge", x, 580, ends=False)
    x = write(page, "2", x, 585, 6, ends=False)
    write(page, " does not.", x, 580)
    assert sentences(page)[-2:] == ["The value of n2 grows.", "The other gauge does not."]


def test_the_square_of_a_unit_is_text() -> None:
    page = filled()
    x = write(page, "It covers 12 km", 72, 580, ends=False)
    x = write(page, "2", x, 585, 6, ends=False)
    write(page, " of water.", x, 580)
    assert sentences(page)[-1] == "It covers 12 km2 of water."


@pytest.mark.parametrize("mark", ["[35]", "(1)", "(2031)"])
def test_a_reference_after_et_al_begins_no_sentence(mark: str) -> None:
    page = filled()
    write(page, f"It was shown by Ada et al. {mark} that the sea rises.", 72, 580)
    assert sentences(page)[-1] == f"It was shown by Ada et al. {mark} that the sea rises."


def test_a_heading_that_runs_into_its_paragraph_is_a_sentence_of_its_own() -> None:
    page = filled()
    x = write(page, "Small harbours.", 72, 580, font=1, bold=True, ends=False)
    write(page, " They have no gauge at all.", x, 580)
    assert sentences(page)[-2:] == ["Small harbours.", "They have no gauge at all."]


def test_a_bold_word_at_the_beginning_is_no_heading() -> None:
    page = filled()
    x = write(page, "Lectern", 72, 580, font=1, bold=True, ends=False)
    write(page, " is the name of the desk.", x, 580)
    assert sentences(page)[-1] == "Lectern is the name of the desk."


@pytest.mark.parametrize("accent_first", [True, False])
def test_accents_that_are_glyphs_of_their_own_are_put_on_their_letters(accent_first: bool) -> None:
    page = filled()
    x = write(page, "It was F", 72, 580, ends=False)
    if accent_first:
        write(page, "¨", x, 580, ends=False)
        write(page, "arber who measured it.", x, 580)
    else:
        write(page, "arber who measured it.", x, 580)
        write(page, "¨", x, 580)
    assert sentences(page)[-1] == "It was Färber who measured it."


def test_hyphens_at_line_ends_go_where_only_the_line_needs_them() -> None:
    page = filled()
    column(
        page,
        ["The measurements of the tide are repro-", "ducible, as those of a self-", "supervised gauge are."],
        72,
        580,
    )
    assert (
        sentences(page)[-1] == "The measurements of the tide are reproducible, as those of a self-supervised gauge are."
    )


def test_what_is_not_shown_is_not_read() -> None:
    page = filled()
    write(page, "Crop marks and the like.", 700, 580)
    assert "Crop" not in " ".join(sentences(page))


def test_rows_of_short_cells_are_a_table() -> None:
    page = filled()
    for place, y in enumerate((560, 548, 536)):
        write(page, f"Gauge {place}", 72, y)
        write(page, f"{place}.5", 180, y)
        write(page, f"{place + 3}.7", 240, y)
    write(page, "The text goes on below the table.", 72, 500)
    found = DocumentText([page])
    assert {each.text for each in found.sentences if each.kind is Kind.TABLE} >= {"Gauge 1 1.5 4.7"}
    assert sentences(page)[-1] == "The text goes on below the table."


def test_each_reference_is_one_piece() -> None:
    page = filled()
    write(page, "References", 72, 560, 14, font=1, bold=True)
    column(
        page,
        ["[1] A. Ada. On tides. Annals of Tides, 3, 2031.", "[2] B. Bea. On the moon. In Proc. of Moons,", "2032."],
        72,
        540,
    )
    found = DocumentText([page])
    assert [each.text for each in found.sentences if each.kind is Kind.REFERENCE] == [
        "[1] A. Ada. On tides. Annals of Tides, 3, 2031.",
        "[2] B. Bea. On the moon. In Proc. of Moons, 2032.",
    ]


def test_a_document_without_text_has_none() -> None:
    found = DocumentText([empty_page()])
    assert found.sentences == []
    assert DocumentText([]).sentences == []


# --- marks ------------------------------------------------------------------------------------------------------------


@given(documents())
@QUICK
def test_the_text_under_a_sentences_quads_is_the_sentence(pages: list[PageCharacters]) -> None:
    """Where nothing lies upon something else, which made-up lines may."""
    page = empty_page()
    lines = [line for each in pages for line in each.text.split("\n") if line.strip()][:20]
    column(page, lines, 72, 700, leading=14)
    found = DocumentText([page])
    marker = Marker(found)
    for sentence in found.sentences:
        marked = marker.under(0, [quad for _, quad in found.quads(sentence.flow, sentence.span)])
        assert marked is not None
        assert marked.exact == sentence.text


def test_a_mark_over_a_column_break_is_whole() -> None:
    page = empty_page()
    column(page, ["The keepers of the harbour wrote down each tide", *FILLER, "and it was impor-"], 72, 700)
    write(page, "1 A note stands below the column.", 72, 60, 7)
    column(page, ["tant to all of them. They", *FILLER, "were proud of it."], 330, 700)
    found = DocumentText([page])
    sentence = next(each for each in found.sentences if each.kind is Kind.BODY)
    marked = Marker(found).under(0, [quad for _, quad in found.quads(sentence.flow, sentence.span)])
    assert marked is not None
    assert marked.exact.endswith("and it was important to all of them.")
    assert marked.suffix == " They the tide rises twice a day"
