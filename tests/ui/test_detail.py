"""The detail is a column to read in, and shows hostile text as the text it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextBlock, QTextDocument
from pytestqt.qtbot import QtBot

from reader.domain.bibliography import Publication
from reader.domain.papers import Highlight, Paper, PaperState, Sighting
from reader.domain.records import LineRange
from reader.services.library.highlights import TargetSpan
from reader.ui.app.browser import page_url
from reader.ui.app.window import MainWindow
from reader.ui.detail.document import Look, PaperWriter, prepared_text
from reader.ui.detail.view import DetailView
from reader.ui.highlights.tones import Tones
from reader.ui.look.themes import load_theme
from reader.ui.look.typography import COLUMN_CHARACTERS, LINE_HEIGHT, Typography
from tests.ui.conftest import World
from tests.ui.pressing import Hands

HOSTILE = [
    "<b>bold</b> &amp; <script>alert(1)</script>",
    '<img src="file:///etc/passwd"><img src=x onerror=alert(1)>',
    "<!-- comment --><style>*{color:red}</style>",
    "<a href='javascript:alert(1)'>click</a>",
    "\ufffc\ufdd0\ufdd1 object and frame characters",
    "&#0;&lt;table&gt;</qt><qt>",
]


@pytest.fixture
def paper(window: MainWindow) -> Paper:
    assert window.reader.paper is not None
    return window.reader.paper


@pytest.fixture
def view(qtbot: QtBot, themes: object) -> DetailView:
    view = DetailView(Look(load_theme("light"), Typography()))
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    return view


def blocks(document: QTextDocument) -> list[QTextBlock]:
    block, found = document.begin(), []
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


def abstract_blocks(view: DetailView) -> list[QTextBlock]:
    """The blocks set in the reading face and size."""
    font = Typography().reading()
    return [
        block
        for block in blocks(view.document())
        if block.text()
        and block.begin().fragment().charFormat().font().family() == font.family()
        and block.begin().fragment().charFormat().font().pointSizeF() == font.pointSizeF()
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_shown_as_text(view: DetailView, paper: Paper, text: str) -> None:
    hostile = replace(
        paper, title=text, abstract=text, authors=(text,), categories=(text,), tags=(text,),
        sightings=(Sighting(1, text, "2026-01-01", False, 1, LineRange(1, 2), None, None),),
    )  # fmt: skip
    view.show_paper(hostile)
    visible = text.translate({0xFFFC: " ", 0xFDD0: " ", 0xFDD1: " "})
    shown = " ".join(view.toPlainText().split())
    assert shown.count(" ".join(visible.split())) >= 4
    assert view.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl("x")) is not None
    assert all(not fragment.charFormat().isImageFormat() for fragment in _fragments(view.document()))


def _fragments(document: QTextDocument) -> list[object]:
    found = []
    for block in blocks(document):
        iterator = block.begin()
        while not iterator.atEnd():
            found.append(iterator.fragment())
            iterator += 1
    return found


@pytest.mark.parametrize("name", ["file:///etc/passwd", "https://example.org/x.png", "qrc:/x", "", "data:image/png,x"])
@pytest.mark.parametrize("kind", list(QTextDocument.ResourceType))
def test_every_resource_is_an_empty_picture(view: DetailView, name: str, kind: QTextDocument.ResourceType) -> None:
    picture = view.loadResource(kind.value, QUrl(name))
    assert isinstance(picture, QImage)
    assert (picture.width(), picture.height()) == (1, 1)


def test_no_link_is_opened_by_the_view_itself(view: DetailView) -> None:
    assert not view.openLinks()
    assert not view.openExternalLinks()
    view.setSource(QUrl("file:///etc/passwd"))
    assert "root" not in view.toPlainText()


def test_links_of_the_abstract_go_through_the_opener(
    window: MainWindow, hands: Hands, world: World, paper: Paper
) -> None:
    window.panes.detail.show_paper(replace(paper, abstract="Code: https://github.com/a/b. Or javascript:alert(1)"))
    links = {
        fragment.charFormat().anchorHref()
        for fragment in _fragments(window.panes.detail.document())
        if fragment.charFormat().isAnchor()
    }
    assert "https://github.com/a/b" in links
    assert not any("alert" in link for link in links)
    window.panes.detail.anchorClicked.emit(QUrl("https://github.com/a/b"))
    assert world.opened == ["https://github.com/a/b"]


def test_control_characters_go_and_bidi_controls_show(view: DetailView, paper: Paper) -> None:
    view.show_paper(replace(paper, abstract="a\x00b\x07c \u202egnp.exe\u202c end"))
    shown = view.toPlainText()
    assert "abc ⟨RLO⟩gnp.exe⟨PDF⟩ end" in shown
    assert not any(ord(char) < 32 and char != "\n" for char in shown)


def test_no_line_is_longer_than_ten_thousand_characters() -> None:
    text = prepared_text("x" * 50_000 + "\n" + "y " * 20_000)
    assert [len(line) for line in text.split("\n")] == [10_001, 10_001]
    assert len(prepared_text("line\n" * 1_000_000)) <= 100_001


def test_a_monstrous_abstract_is_shown_in_time(view: DetailView, paper: Paper) -> None:
    view.show_paper(replace(paper, title="t" * 100_000, abstract="word " * 4_000_000))
    assert len(view.toPlainText()) < 150_000


def test_lines_hold_at_most_75_characters(view: DetailView, window: MainWindow) -> None:
    longest = 0
    for width in (700, 1_000, 2_400):
        view.resize(width, 900)
        for paper in window.workspace.library.papers.read(range(1, 41)):
            view.show_paper(paper)
            view.document().documentLayout().documentSize()
            for block in abstract_blocks(view):
                longest = max([longest, *(len(line) for line in _lines(block) if line.isascii())])
    assert 65 <= longest <= COLUMN_CHARACTERS


def _lines(block: QTextBlock) -> list[str]:
    """A paragraph's lines as they are broken; those with formulas have much narrower characters than prose."""
    lines = [block.layout().lineAt(number) for number in range(block.layout().lineCount())]
    return [block.text()[line.textStart() : line.textStart() + line.textLength()].strip() for line in lines]


def test_lines_are_one_and_a_half_times_their_size_apart(view: DetailView, paper: Paper) -> None:
    view.show_paper(paper)
    view.document().documentLayout().documentSize()
    layout = abstract_blocks(view)[0].layout()
    apart = layout.lineAt(2).y() - layout.lineAt(1).y()
    size = Typography().reading().pointSizeF() * view.logicalDpiY() / 72
    assert apart == pytest.approx(LINE_HEIGHT * size, rel=0.04)


def test_text_sizes_change_and_keep_the_place(window: MainWindow, hands: Hands) -> None:
    before = window.appearance.look.typography.reading_size
    hands.press("Ctrl++", "Ctrl+=")
    assert window.appearance.look.typography.reading_size > before
    sizes = {fragment.charFormat().font().pointSizeF() for fragment in _fragments(window.panes.detail.document())}
    assert window.appearance.look.typography.reading_size in sizes
    hands.press("Ctrl+-", "Ctrl+-", "Ctrl+-")
    assert window.appearance.look.typography.reading_size < before
    hands.press("Ctrl+0")
    assert window.appearance.look.typography.reading_size == before


def test_text_sizes_have_an_end() -> None:
    sizes = [Typography(step).reading_size for step in range(-20, 20)]
    assert sizes == sorted(sizes)
    assert Typography(-99).smaller().reading_size == sizes[0]
    assert Typography(99).larger().reading_size == sizes[-1]


def test_latex_is_shown_as_unicode(view: DetailView, paper: Paper) -> None:
    view.show_paper(replace(paper, title=r"On $\ell_2$ Norms", abstract=r"We bound $\alpha \leq \beta$ by 5%."))
    assert "On ℓ₂ Norms" in view.toPlainText()
    assert "α" in view.toPlainText()
    assert "5%." in view.toPlainText()


def test_what_is_missing_is_left_out(view: DetailView, paper: Paper) -> None:
    bare = replace(
        paper, abstract="", authors=(), author_count=None, organization=None, published=None, comments=None,
        upvotes=None, code_urls=(), sightings=(),
    )  # fmt: skip
    view.show_paper(bare)
    assert view.toPlainText().splitlines()[1:] == ["Search for the title  o", "No abstract in the listing."]


def test_the_doi_and_where_it_was_published_are_told(window: MainWindow, world: World, paper: Paper) -> None:
    publication = Publication("Annals of {\\em Counting}", "12", "3", "45--67", "Madeup Press")
    published = replace(
        paper, organization=None, authors=("Ida Elm",), author_count=None, more_authors=True, arxiv_id=None, url=None,
        publication=publication, doi="10.5555/Tide#1", further_dois=("10.5555/other",),
    )  # fmt: skip
    detail = window.panes.detail
    detail.show_paper(published)
    shown = detail.toPlainText().splitlines()
    assert shown[1] == "Ida Elm and others"
    assert "Annals of Counting 12(3), pp. 45–67  ·  DOI 10.5555/Tide#1  ·  DOI 10.5555/other" in shown
    assert any(line.startswith("Paper page") for line in shown)
    links = [fragment.charFormat().anchorHref() for fragment in _fragments(detail.document())]
    assert "https://doi.org/10.5555/Tide%231" in links
    detail.anchorClicked.emit(QUrl("https://doi.org/10.5555/Tide%231"))
    assert world.opened == ["https://doi.org/10.5555/Tide%231"]
    assert page_url(published) == "https://doi.org/10.5555/Tide%231"
    assert page_url(replace(published, url="https://example.org/p")) == "https://example.org/p"
    detail.show_paper(replace(published, publication=Publication(publisher="Madeup Press"), doi=None, further_dois=()))
    assert "Madeup Press" in detail.toPlainText().splitlines()


def test_the_writer_writes_over_what_was_there(paper: Paper, qapp: object) -> None:
    document = QTextDocument()
    writer = PaperWriter(document, Look(load_theme("dark"), Typography()))
    writer.write(paper, Tones((), load_theme("dark")))
    writer.write_message("Nothing", ("at all",))
    assert document.toPlainText() == "Nothing\nat all"


def test_what_is_decided_is_written_again_as_if_all_were(view: DetailView, paper: Paper, qtbot: QtBot) -> None:
    """Only that line is written; the document and the places in it are those of a paper written whole."""
    quote = paper.abstract[:20]
    mark = Highlight(1, "abstract", 0, 20, quote, "", "", "Claim", "A comment.", "", "")
    marked = replace(paper, highlights=(mark,), tags=("rl", "to-read"))
    until = "2031-01-02T00:00:00Z"
    decided = [
        replace(marked, starred=True),
        replace(marked, starred=True, state=PaperState.DISMISSED),
        replace(marked, seen=True),
        replace(marked, tags=()),
        replace(marked, tags=(), buried_until=until, is_buried=True),
        replace(marked, tags=(), state=PaperState.READING, queue_position=3),
        replace(marked, tags=()),
    ]
    view.show_paper(marked)
    whole = DetailView(view.look)
    qtbot.addWidget(whole)
    whole.resize(view.size())
    whole.show()
    for each in decided:
        view.show_paper(each)
        whole.show_message("")
        whole.show_paper(each)
        assert view.paper == each
        assert view.document().toHtml() == whole.document().toHtml()
        span = TargetSpan("abstract", 0, 20)
        assert view.places.ranges(span) == whole.places.ranges(span) != []
        assert view.highlight_rows == whole.highlight_rows != {}


def test_a_decision_leaves_the_rest_of_the_document_alone(view: DetailView, paper: Paper) -> None:
    view.show_paper(paper)
    changed: list[tuple[int, int, int]] = []
    view.document().contentsChange.connect(lambda *given: changed.append(given))
    view.show_paper(replace(paper, seen=True))
    assert changed == []
    view.show_paper(replace(paper, seen=True, starred=True))
    assert sum(added for _, _, added in changed) < 30
