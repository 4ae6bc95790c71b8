"""Any stretch of what is shown leads to what is stored, and back: whatever the texts hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from reader.domain.papers import Paper, PaperState
from reader.services.library.highlights import TargetSpan
from reader.ui.detail.document import Look, PaperWriter
from reader.ui.detail.places import TextPlaces
from reader.ui.highlights.tones import Tones
from reader.ui.look.themes import load_theme
from reader.ui.look.typography import Typography
from tests.examples import examples

PIECES = st.sampled_from(
    [
        *("word ", "a", " ", "  ", "\n", "\n\n", ". ", "😀", "é", "שלום ", "\u202e", "\x07", "\ufffc", "\t", "\r\n"),
        *(r"$\alpha \leq 2$", r"\emph{so}", r"\%", "``", "''", "$x^2$", r"$\mathbb{R}^d$", "https://a.org/b ", "<b>"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)
PAPER = Paper(
    id=1, key="k", title="", abstract="", authors=(), author_count=None, organization=None, published=None,
    published_guessed=False, arxiv_id=None, url=None, code_urls=(), project_url=None, keywords=(), categories=(),
    comments=None, upvotes=None, state=PaperState.INBOX, state_changed=None, starred=False, seen=False,
    buried_until=None, first_seen="2026-01-01T00:00:00Z",
)  # fmt: skip


@examples(120, HealthCheck.function_scoped_fixture)
@given(title=TEXTS, abstract=TEXTS, data=st.data())
def test_places_lead_there_and_back(qapp: object, title: str, abstract: str, data: st.DataObject) -> None:
    paper = replace(PAPER, title=title, abstract=abstract)
    document = QTextDocument()
    theme = load_theme("light")
    writer = PaperWriter(document, Look(theme, Typography()))
    writer.write(paper, Tones((), theme))
    places = TextPlaces(paper, writer.texts)
    end = document.characterCount()
    for target, stored in (("title", title), ("abstract", abstract)):
        start = data.draw(st.integers(0, len(stored)))
        stop = data.draw(st.integers(start, len(stored)))
        ranges = places.ranges(TargetSpan(target, start, stop))
        assert ranges == sorted(ranges)
        for low, high in ranges:
            assert 0 <= low < high < end
            (back,) = places.spans(low, high) or (None,)
            if back is not None:
                assert back.target == target
                assert 0 <= back.start < back.end <= len(stored)
                # What comes back is shown just there: conversions were taken whole already on the way out.
                assert all(low <= one and other <= high for one, other in places.ranges(back))
    low = data.draw(st.integers(0, end - 1))
    for span in places.spans(low, data.draw(st.integers(low, end - 1))):
        text = {"title": title, "abstract": abstract}[span.target][span.start : span.end]
        assert text == text.strip() != ""
