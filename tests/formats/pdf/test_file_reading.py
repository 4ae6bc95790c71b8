"""What is read from PDF files: annotations as different programs write them, and the text under them."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reader.domain.documents import AnnotationKind, FoundAnnotation, ReadDocument
from reader.formats.pdf.file_reading import read_pdf
from reader.formats.pdf.geometry import quads_of
from reader.formats.pdf.problems import PdfError, PdfProblem
from tests.formats.pdf.writing import SIZE, PdfMaker, Raw, Stream, Text, name, quad, utf16

PROSE = (
    "Tides rise twice a day, and they are measur-\n"
    "able with a state-\n"
    "of-the-art gauge near the coast.\n"
    "The moon pulls."
)
FIRST, SECOND, THIRD, FOURTH = 700, 686, 672, 658


def maker(**entries: Any) -> PdfMaker:
    made = PdfMaker()
    made.prose(PROSE, **entries)
    return made


def read(made: PdfMaker) -> ReadDocument:
    return read_pdf(made.made())


def only(made: PdfMaker) -> FoundAnnotation:
    (found,) = read(made).annotations
    return found


def highlighted(**entries: Any) -> FoundAnnotation:
    made = maker()
    made.annotate(0, "Highlight", [quad(72, FOURTH, 4, 8)], **entries)
    return only(made)


# --- the document -----------------------------------------------------------------------------------------------------


def test_a_document_tells_what_it_is() -> None:
    made = PdfMaker(Title=utf16("Tides — a survey"))
    made.prose(PROSE)
    made.prose("Second page")
    data = made.made()
    found = read_pdf(data)
    assert (found.sha256, found.size, found.page_count) == (hashlib.sha256(data).hexdigest(), len(data), 2)
    assert found.title == "Tides — a survey"
    assert found.first_page == PROSE
    text = "".join((PROSE + "Second page").split())
    assert found.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert found.annotations == ()
    assert found.left_out == {}


def test_annotations_and_metadata_leave_the_hash_of_the_text() -> None:
    plain = read(maker())
    made = maker()
    made.info = {"Title": "Another"}
    made.annotate(0, "Highlight", [quad(72, FIRST, 0, 5)], Contents="Tides")
    made.annotate(0, "FreeText", Rect=[10, 10, 90, 30], Contents="here")
    changed = read(made)
    assert changed.text_sha256 == plain.text_sha256
    assert changed.sha256 != plain.sha256


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", PdfProblem.NOT_A_PDF),
        (b"Tides rise twice a day.", PdfProblem.NOT_A_PDF),
        (b"%PDF-1.7\nand nothing more", PdfProblem.DAMAGED),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, problem: PdfProblem) -> None:
    with pytest.raises(PdfError) as caught:
        read_pdf(data)
    assert caught.value.problem is problem


# --- the text of marks ------------------------------------------------------------------------------------------------


def test_a_mark_over_lines_joins_them_and_the_words_broken_at_their_ends() -> None:
    made = maker()
    quads = [quad(72, FIRST, 37, 44), quad(72, SECOND, 0, 18), quad(72, THIRD, 0, 16)]
    made.annotate(0, "Highlight", quads)
    found = only(made)
    assert found.exact == "measurable with a state-of-the-art gauge"
    assert found.prefix == " rise twice a day, and they are "
    assert found.suffix == " near the coast. The moon pulls."
    assert len(found.place.quads) == 3


def test_a_mark_need_not_cover_the_hyphen_at_a_line_end() -> None:
    made = maker()
    made.annotate(0, "Highlight", [quad(72, FIRST, 37, 43), quad(72, SECOND, 0, 17), quad(72, THIRD, 0, 10)])
    assert only(made).exact == "measurable with a state-of-the-art"


def test_what_lies_between_two_quads_is_left_out() -> None:
    made = maker()
    made.annotate(0, "Highlight", [quad(72, FIRST, 0, 5), quad(72, FOURTH, 4, 8)])
    found = only(made)
    assert found.exact == "Tides moon"
    assert (found.prefix, found.suffix) == ("", " pulls.")


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 3, 1, 0), (2, 3, 0, 1), (0, 2, 3, 1), (3, 1, 0, 2)])
def test_corners_may_come_in_any_order(order: tuple[int, ...]) -> None:
    corners = quad(72, FOURTH, 4, 8)
    shuffled = [number for corner in order for number in corners[2 * corner : 2 * corner + 2]]
    made = maker()
    made.annotate(0, "Underline", [shuffled])
    found = only(made)
    assert found.exact == "moon"
    assert found.place.quads == (tuple(corners),)


numbers = st.floats(-2000, 2000).map(lambda number: round(number, 2) + 0.0)


@given(numbers, numbers, numbers, numbers, st.permutations(range(4)))
def test_every_order_of_corners_gives_the_same_quad(a: float, b: float, c: float, d: float, order: list[int]) -> None:
    (left, right), (bottom, top) = sorted((a, c)), sorted((b, d))
    assume(left < right and bottom < top)
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    given_numbers = [number for index in order for number in corners[index]]
    assert quads_of(given_numbers) == ((left, top, right, top, left, bottom, right, bottom),)


def test_a_mark_without_quads_has_a_rectangle() -> None:
    made = maker()
    left, top, right, *_, bottom = quad(72, FOURTH, 4, 8)
    made.annotate(0, "Highlight", Rect=[right, bottom, left, top])
    assert only(made).exact == "moon"


def test_a_deleted_mark_that_was_left_without_quads_is_none() -> None:
    made = maker()
    made.annotate(0, "Highlight", Rect=[-32768, -32768, 32768, 32768], QuadPoints=[])
    assert read(made).annotations == ()


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("box", [(0, 0, 612, 792), (50, 60, 500, 760), (-100, -50, 512, 742)])
def test_turned_and_cropped_pages_read_the_same(turn: int, box: tuple[int, ...]) -> None:
    upright, turned = maker(), maker(Rotate=turn, CropBox=list(box))
    for made in (upright, turned):
        made.annotate(0, "Highlight", [quad(72, FIRST, 37, 44), quad(72, SECOND, 0, 18)])
        made.annotate(0, "Text", Rect=[30, FOURTH - 2, 50, FOURTH + 18])
    one, other = read(upright), read(turned)
    assert [each.exact for each in other.annotations] == ["measurable with a state-", "The moon pulls."]
    assert [(each.exact, each.prefix, each.suffix, each.place.quads) for each in one.annotations] == [
        (each.exact, each.prefix, each.suffix, each.place.quads) for each in other.annotations
    ]
    assert one.text_sha256 == other.text_sha256


def test_a_stamp_in_the_margin_is_read_and_can_be_marked() -> None:
    made = PdfMaker()
    stamp = Text(30, 300, "arXiv:2401.01234v2  [cs.CL]  3 Jan 2024", turn=(0, 1, -1, 0))
    made.page(stamp, Text(72, 700, "Tides rise twice a day."))
    made.annotate(0, "Highlight", Rect=[20, 300, 40, 300 + 18 * 0.6 * SIZE])
    found = read(made)
    assert "arXiv:2401.01234v2" in found.first_page
    assert found.annotations[0].exact == "arXiv:2401.01234v2"


def test_characters_beyond_unicodes_first_plane_and_ligatures() -> None:
    made = PdfMaker()
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"3 beginbfchar <41> <d835dfd9> <42> <fb01> <43> <00660069> endbfchar\n"
        b"endcmap end end"
    )
    made.objects[made.font.number - 1]["ToUnicode"] = made.add(Stream(cmap))
    made.page(Text(72, 700, "xAx B C x"))
    made.annotate(0, "Highlight", [quad(72, 700, 0, 7)])
    found = read(made)
    assert found.annotations[0].exact == "x\U0001d7d9x fi fi"
    assert "\U0001d7d9" in found.first_page


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_all_kinds_of_text_marks_and_notes_are_read() -> None:
    made = maker()
    for subtype in ("Highlight", "Underline", "StrikeOut", "Squiggly"):
        made.annotate(0, subtype, [quad(72, FOURTH, 4, 8)], NM=subtype)
    for subtype in ("Text", "FreeText"):
        made.annotate(0, subtype, Rect=[200, FOURTH - 4, 220, FOURTH + 12], NM=subtype, Contents="Why?")
    found = {each.place.origin: each for each in read(made).annotations}
    assert {origin: each.place.kind.value for origin, each in found.items()} == {
        "Highlight": "highlight", "Underline": "underline", "StrikeOut": "strike-out", "Squiggly": "squiggly",
        "Text": "note", "FreeText": "free-text",
    }  # fmt: skip
    assert found["Text"].exact == found["FreeText"].exact == "The moon pulls."
    assert found["Text"].comment == "Why?"


def test_what_is_not_imported_is_counted_and_what_nobody_made_is_not() -> None:
    made = maker()
    for subtype in ("Ink", "Ink", "Stamp", "Square", "Circle", "Caret", "Link", "Widget", "Popup", "Novelty"):
        made.annotate(0, subtype, Rect=[10, 10, 20, 20])
    found = read(made)
    assert found.annotations == ()
    assert found.left_out == {"caret": 1, "circle": 1, "ink": 2, "other": 1, "square": 1, "stamp": 1}


def test_a_note_quotes_the_line_of_its_own_column_with_whole_words() -> None:
    made = PdfMaker()
    left = [Text(72, 700 - 14 * number, f"left {number} is measur-" if number == 1 else f"able {number}")
            for number in range(4)]  # fmt: skip
    made.page(*left, *(Text(330, 700 - 14 * number, f"right {number}") for number in range(4)))
    made.annotate(0, "Text", Rect=[40, 680, 60, 700], NM="a")
    made.annotate(0, "Text", Rect=[520, 666, 540, 686], NM="b")
    found = {each.place.origin: each.exact for each in read(made).annotations}
    assert found == {"a": "left 1 is measurable", "b": "right 2"}


def test_a_note_on_an_empty_part_of_a_page_does_not_quote_the_number_of_the_page() -> None:
    made = PdfMaker()
    for number, line in enumerate(("The moon pulls.", "Tides rise twice a day."), start=1):
        made.page(Text(72, 700, line), Text(300, 40, str(number)))
    made.annotate(1, "FreeText", Rect=[300, 100, 360, 120], Contents="mine")
    assert [each.exact for each in read(made).annotations] == ["Tides rise twice a day."]


def test_annotations_come_in_the_order_of_reading() -> None:
    made = maker()
    made.prose("Another page")
    made.annotate(1, "Highlight", [quad(72, 700, 0, 7)])
    made.annotate(0, "Highlight", [quad(72, FOURTH, 4, 8)])
    made.annotate(0, "Highlight", [quad(72, FIRST, 0, 5)])
    assert [(each.place.page, each.exact) for each in read(made).annotations] == [
        (0, "Tides"), (0, "moon"), (1, "Another"),
    ]  # fmt: skip


def two_columns() -> PdfMaker:
    made = PdfMaker()
    left = ["Tides rise twice a day on", "all the coasts that were", "looked at, which is impor-"]
    right = ["tant to know. Here the moon", "pulls the water, so that it", "rises again and again."]
    made.page(
        *(Text(72, 700 - 14 * number, line) for number, line in enumerate(left)),
        *(Text(330, 700 - 14 * number, line) for number, line in enumerate(right)),
    )
    return made


def test_annotations_in_two_columns_come_in_the_order_of_the_columns() -> None:
    made = two_columns()
    made.annotate(0, "Highlight", [quad(330, 700, 23, 27)])
    made.annotate(0, "Highlight", [quad(72, 672, 0, 6)])
    made.annotate(0, "Highlight", [quad(330, 672, 0, 5)])
    made.annotate(0, "Highlight", [quad(72, 700, 0, 5)])
    assert [each.exact for each in read(made).annotations] == ["Tides", "looked", "moon", "rises"]


def test_a_quote_over_a_column_break_is_whole() -> None:
    made = two_columns()
    made.annotate(0, "Highlight", [quad(330, 700, 0, 13), quad(72, 672, 11, 26)])
    found = only(made)
    assert found.exact == "which is important to know."
    assert found.prefix == "the coasts that were looked at, "
    assert found.suffix == " Here the moon pulls the water, "


def test_marks_on_a_page_without_text_have_none() -> None:
    made = PdfMaker()
    made.page()
    made.annotate(0, "Highlight", [quad(72, 700, 0, 7)], Contents="a scan")
    made.annotate(0, "Text", Rect=[1, 1, 2, 2])
    assert [(each.exact, each.prefix) for each in read(made).annotations] == [("", ""), ("", "")]


# --- colours, texts, times, ids ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "color"),
    [
        ([], None), ([0.5], "#808080"), ([1, 0.8313, 0], "#ffd400"), ([0, 0, 1, 0], "#ffff00"),
        ([0.2, 0, 0, 0.9], "#001919"), ([2, -1, 0], "#ff0000"), ([1, 0], None), ("yellow", None),
    ],
)  # fmt: skip
def test_colors(entry: Any, color: str | None) -> None:
    assert highlighted(C=entry).color == color


def test_an_annotation_without_color_has_none() -> None:
    assert highlighted().color is None


@pytest.mark.parametrize(
    ("contents", "comment"),
    [
        ("Why?", "Why?"),
        (b"\x84 caf\xe9 \x92", "— café ™"),  # PDFDocEncoding
        (utf16("Warum? 🌊 ψ"), "Warum? 🌊 ψ"),
        (b"\xff\xfe" + "little ψ".encode("utf-16-le"), "little ψ"),
        (b"\xef\xbb\xbf" + "eight ψ".encode(), "eight ψ"),
        (utf16("\x1ben-GB\x1bwith a language"), "with a language"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        (utf16("a\x00b\x07"), "ab"),
        (17, ""),
    ],
)
def test_comments_in_all_encodings(contents: Any, comment: str) -> None:
    assert highlighted(Contents=contents).comment == comment


def test_half_a_character_in_a_comment_can_be_stored() -> None:
    assert highlighted(Contents=b"\xfe\xff\xd8\x35\x00a").comment.encode().endswith(b"a")


def test_rich_text_counts_where_there_is_no_plain_one() -> None:
    rich = "<?xml version='1.0'?><body xmlns='about:x'><p>Is it <b>so</b> &lt; 3?</p><p>Yes.</p></body>"
    assert highlighted(RC=rich).comment == "Is it so < 3?\nYes."
    assert highlighted(RC=rich, Contents="plain").comment == "plain"


def test_a_comment_that_only_repeats_the_marked_text_is_none() -> None:
    assert highlighted(Contents="Moon").comment == ""
    assert highlighted(Contents="Moon?!").comment == ""
    assert highlighted(Contents="Moon, why").comment == "Moon, why"


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("D:20240131235958+01'30'", "2024-01-31T22:29:58Z"),
        ("D:20240131235958-0130", "2024-02-01T01:29:58Z"),
        ("D:20240131235958Z00'00'", "2024-01-31T23:59:58Z"),
        ("D:20240131235958", "2024-01-31T23:59:58Z"),
        ("20240131", "2024-01-31T00:00:00Z"),
        ("D:2024", "2024-01-01T00:00:00Z"),
        ("D:20240231", None), ("D:99991231235959-23'00'", None), ("Wed Jan 31", None), ("", None), ([1], None),
    ],
)  # fmt: skip
def test_times(date: Any, moment: str | None) -> None:
    found = highlighted(M=date, CreationDate="D:20200102030405Z")
    assert (found.changed, found.created) == (moment, "2020-01-02T03:04:05Z")


def test_authors_and_page_labels() -> None:
    made = maker()
    made.prose("Second")
    made.catalog["PageLabels"] = {"Nums": [0, {"S": name("r")}, 1, {"S": name("D"), "St": 117, "P": "A-"}]}
    made.annotate(0, "Highlight", [quad(72, FIRST, 0, 5)], T=utf16("Zoë"))
    made.annotate(1, "Highlight", [quad(72, 700, 0, 6)])
    found = read(made).annotations
    assert [(each.author, each.place.page, each.place.page_label) for each in found] == [
        ("Zoë", 0, "i"), ("", 1, "A-117"),
    ]  # fmt: skip
    assert highlighted().place.page_label == "1"


def test_ids_are_those_of_the_file_or_made_of_the_place() -> None:
    assert highlighted(NM="Zotero-ABCD2345").place.origin == "Zotero-ABCD2345"
    made = highlighted(Contents="one", C=[1, 1, 0]).place.origin
    assert made.startswith("place:")
    assert highlighted(Contents="another", M="D:2025").place.origin == made
    other = maker()
    other.annotate(0, "Underline", [quad(72, FOURTH, 4, 8)])
    assert only(other).place.origin != made


def test_ids_that_a_file_has_twice_are_told_apart() -> None:
    made = maker()
    for _ in range(3):
        made.annotate(0, "Highlight", [quad(72, FOURTH, 4, 8)], NM="same")
    assert [each.place.origin for each in read(made).annotations] == ["same", "same#2", "same#3"]


# --- talk -------------------------------------------------------------------------------------------------------------


def test_replies_belong_to_the_comment_of_what_they_reply_to() -> None:
    made = maker()
    root = made.annotate(0, "Highlight", [quad(72, FOURTH, 4, 8)], Contents="Why?", T="Ann")
    reply = made.annotate(0, "Text", Rect=[1, 1, 2, 2], Contents="Gravity.", T="Bo", IRT=root)
    made.annotate(0, "Text", Rect=[1, 1, 2, 2], Contents="I see.", T="Ann", IRT=reply, RT=name("R"))
    made.annotate(0, "Text", Rect=[1, 1, 2, 2], Contents="Accepted set by Bo", T="Bo", IRT=root, State="Accepted",
                  StateModel="Review")  # fmt: skip
    assert only(made).comment == "Why?\n\nBo: Gravity.\n\nI see."


def test_replies_in_a_circle_end() -> None:
    made = maker()
    one = made.annotate(0, "Text", Rect=[1, 1, 2, 2], Contents="one", NM="one")
    other = made.annotate(0, "Text", Rect=[1, 1, 2, 2], Contents="two", IRT=one)
    made.objects[one.number - 1]["IRT"] = other
    read(made)  # and says what it may


def test_a_replacement_is_a_struck_out_text_with_the_new_words() -> None:
    made = maker()
    caret = made.annotate(0, "Caret", Rect=[1, 1, 2, 2], Contents="sun")
    made.annotate(0, "StrikeOut", [quad(72, FOURTH, 4, 8)], IRT=caret, RT=name("Group"))
    found = read(made)
    assert [(each.place.kind, each.exact, each.comment) for each in found.annotations] == [
        (AnnotationKind.STRIKE_OUT, "moon", "sun")
    ]
    assert found.left_out == {"caret": 1}


# --- damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entries",
    [
        {"QuadPoints": [1, 2, 3]}, {"QuadPoints": ["a"] * 8}, {"QuadPoints": Raw(b"[1e99 0 0 0 0 0 0 0]")},
        {"QuadPoints": Raw(b"null")}, {"QuadPoints": Raw(b"999 0 R")}, {"Rect": ["x", 1, 2, 3], "QuadPoints": 7},
        {"Subtype": 7}, {"Subtype": Raw(b"[/Highlight]")}, {"C": Raw(b"[999 0 R 1 1]"), "QuadPoints": Raw(b"[[1]]")},
    ],
)  # fmt: skip
def test_a_damaged_annotation_does_not_take_the_others_along(entries: dict[str, Any]) -> None:
    made = maker()
    made.annotate(0, "Highlight", **({"Rect": [1, 1, 2, 2]} | entries))
    made.annotate(0, "Highlight", [quad(72, FOURTH, 4, 8)])
    made.pages[0]["Annots"] += [Raw(b"null"), Raw(b"998 0 R"), 7, "text"]
    assert "moon" in [each.exact for each in read(made).annotations]
