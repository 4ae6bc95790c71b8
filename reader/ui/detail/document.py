"""A paper as a text document, built with a cursor: nothing of its text is ever read as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from reader.domain.bibliography import Publication, published_in_venue
from reader.domain.doi import doi_page_url
from reader.domain.highlight_runs import in_quotes, place_remark
from reader.domain.links import find_links, is_safe_url
from reader.domain.papers import Highlight, Paper, Sighting
from reader.domain.query import TextField
from reader.domain.settings import Density
from reader.services.latex_to_unicode import shown_line, shown_text
from reader.ui.app.browser import page_url, pdf_url
from reader.ui.commands.key_mentions import first_keys, usual_keymap
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.highlights.tones import Tone, Tones
from reader.ui.look.themes import Theme
from reader.ui.look.typography import LINE_HEIGHT, Typography
from reader.ui.look.wording import (
    SEPARATOR,
    counted,
    document_name,
    joined,
    shown_date,
    shown_tag,
    shown_upvotes,
    verdict_words,
)
from reader.ui.tags.colors import TagColors, legible

LISTING_SCHEME = "lectern-listing"
COMMAND_SCHEME = "lectern-command"
PAPER_SCHEME = "lectern-paper"
HIGHLIGHT_SCHEME = "lectern-highlight"
CONFIRM_SCHEME = "lectern-confirm"
PAGE_SCHEME = "lectern-page"
DOCUMENT_SCHEME = "lectern-document"
_LINE_LIMIT = 10_000
_TEXT_LIMIT = 100_000
_NAMES_SHOWN = 24
_TIGHT = 1.35
_SIGHTINGS_SHOWN = 30
_HIGHLIGHTS_SHOWN = 200
_QUOTE_LIMIT = 600
_COMMENT_LIMIT = 4_000
_DOIS_SHOWN = 3
_INDENT = 16.0
STRUCTURAL = re.compile("[\ufffc\ufdd0\ufdd1]")
"""Characters that Qt's documents use for their own structure: embedded objects and frame borders."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a document is set in; ``density`` is for lists."""

    theme: Theme
    typography: Typography
    density: Density = Density.COMFORTABLE


def prepared_text(stored: str) -> str:
    """A stored text as a document shows it: LaTeX as Unicode, controls gone, no line longer than 10,000 characters."""
    return STRUCTURAL.sub(" ", shown_text(cut_text(stored)).text)


def cut_text(stored: str) -> str:
    """As much of a stored text as is shown: 10,000 characters of a line, 100,000 of all; an ellipsis for the rest."""
    if len(stored) <= _LINE_LIMIT:
        return stored
    cut = "\n".join(
        line if len(line) <= _LINE_LIMIT else f"{line[:_LINE_LIMIT]}…" for line in stored[:_TEXT_LIMIT].split("\n")
    )
    return f"{cut}…" if len(stored) > _TEXT_LIMIT else cut


def cut_pieces(stored: str) -> list[tuple[int, int, int]]:
    """What :func:`cut_text` leaves of each line: where it stands in the cut text, where in the stored one, how long."""
    if len(stored) <= _LINE_LIMIT:
        return [(0, 0, len(stored))]
    pieces, cut, start = [], 0, 0
    for line in stored[:_TEXT_LIMIT].split("\n"):
        length = min(len(line), _LINE_LIMIT)
        pieces.append((cut, start, length))
        cut += length + (len(line) > _LINE_LIMIT) + 1
        start += len(line) + 1
    return pieces


class PaperWriter:
    """Writes one paper into an empty document."""

    def __init__(
        self, document: QTextDocument, look: Look, tag_colors: TagColors | None = None, keymap: Keymap | None = None
    ) -> None:
        """``document`` is cleared by :meth:`write`; ``keymap`` has the keys to name, else the usual ones."""
        self._document = document
        self._look, self._font = look, look.typography.interface()
        self._tag_colors = tag_colors or {}
        self._keymap = keymap or usual_keymap()
        self._cursor = QTextCursor(document)
        self.texts: list[tuple[int, str, TextField]] = []
        """The paper's own texts that were written: each with its place in the document, in Qt's units."""
        self.highlight_rows: dict[int, tuple[int, int]] = {}
        """Where the list of highlights names each, by id: from and to, in Qt's units."""
        self._verdict = (0, 0)

    def write(self, paper: Paper, tones: Tones) -> None:
        """Write title, people, facts, links, abstract, highlights in the ``tones`` of their labels, and sightings."""
        self._document.clear()
        self._cursor = QTextCursor(self._document)
        self._cursor.beginEditBlock()
        self._write_head(paper)
        self._write_abstract(paper)
        self._write_highlights([each for each in paper.highlights if each.place is None], tones)
        self._write_documents(paper, tones)
        self._write_sightings(paper.sightings)
        self._cursor.endEditBlock()

    def rewrite_verdict(self, paper: Paper) -> None:
        """Write the line with the verdict again, of the same paper; all else moves and stays as it is."""
        start, end = self._verdict
        self._cursor.beginEditBlock()
        self._cursor.setPosition(start)
        self._cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._cursor.removeSelectedText()
        self._write_verdict(paper)
        self._cursor.endEditBlock()
        by = self._verdict[1] - end
        self.texts = [(at + by if at >= end else at, text, field) for at, text, field in self.texts]
        self.highlight_rows = {each: (first + by, last + by) for each, (first, last) in self.highlight_rows.items()}

    def write_alike(self, paper: Paper, others: Sequence[Paper]) -> None:
        """Add, below all else, papers that may be this one, and that others were joined with it."""
        if not (others or paper.aliases):
            return
        self._cursor = QTextCursor(self._document)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._cursor.beginEditBlock()
        self._heading("Also listed as" if others else "Merged")
        for other in others:
            self._block(5)
            title = shown_line(STRUCTURAL.sub(" ", other.title), _QUOTE_LIMIT)
            self._text(title, href=f"{PAPER_SCHEME}:{other.id}")
            seen = f"in {counted(len(other.sightings), 'listing')}" if other.sightings else ""
            facts = joined((shown_date(other.published, guessed=other.published_guessed), seen))
            self._text(f"{SEPARATOR}{facts}" if facts else "")
        for words, wanted, command in (
            ("Merge…", bool(others), "paper.merge"),
            (f"Separate {counted(len(paper.aliases), 'merged paper')}", bool(paper.aliases), "paper.split"),
        ):
            if wanted:
                self._block(5)
                self._text(words, href=f"{COMMAND_SCHEME}:{command}")
        self._cursor.endEditBlock()

    def write_message(self, title: str, lines: tuple[str, ...] = ()) -> None:
        """Write a few quiet words instead of a paper."""
        self._document.clear()
        self._cursor = QTextCursor(self._document)
        self._block(60, self._look.typography.title())
        self._text(title, self._look.typography.title())
        for line in lines:
            self._block(10, line_height=LINE_HEIGHT)
            self._text(line)

    def _write_head(self, paper: Paper) -> None:
        typography, texts = self._look.typography, self._look.theme.texts
        self._block(0, typography.title(), 1.28)
        title = shown_line(STRUCTURAL.sub(" ", paper.title))
        self.texts.append((self._cursor.position(), title, TextField.TITLE))
        self._text(title, typography.title(), texts.text)
        people = _people(paper)
        if people:
            self._block(12)
            self._text(people, color=texts.text)
        facts = joined(
            (
                shown_date(paper.published, guessed=paper.published_guessed),
                counted(paper.comments, "comment") if paper.comments else "",
                shown_upvotes(paper.upvotes, paper.momentum),
                f"arXiv {paper.arxiv_id}" if paper.arxiv_id else "",
                ", ".join(shown_line(category, 40) for category in paper.categories[:6]),
            )
        )
        if facts:
            self._block(4)
            self._text(facts)
        self._write_publication(paper)
        self._write_links(paper)
        self._write_verdict(paper)

    def _write_publication(self, paper: Paper) -> None:
        """Where it was published, and its DOIs as links; nothing where neither is known."""
        publication = paper.publication
        shown = {field: shown_line(value, 200) if value else None for field, value in asdict(publication).items()}
        where = published_in_venue(Publication(**shown)) or shown["publisher"] or ""
        dois = [doi for doi in (paper.doi, *paper.further_dois[:_DOIS_SHOWN]) if doi]
        if not (where or dois):
            return
        self._block(4)
        self._text(STRUCTURAL.sub(" ", where))
        for number, doi in enumerate(dois):
            self._text(SEPARATOR if where or number else "")
            address = doi_page_url(doi)
            label = f"DOI {shown_line(STRUCTURAL.sub(' ', doi), 120)}"
            self._text(label, href=address if is_safe_url(address) else "")

    def _write_links(self, paper: Paper) -> None:
        links = [("Paper page" if page_url(paper) else "Search for the title", "paper.page")]
        links += [("PDF", "paper.pdf")] if pdf_url(paper) or paper.documents else []
        links += [("Code", "paper.code")] if paper.code_urls else []
        small, faint = self._look.typography.small(), self._look.theme.texts.faint
        self._block(10)
        for number, (label, command) in enumerate(links):
            self._text("     " if number else "")
            self._text(label, href=f"{COMMAND_SCHEME}:{command}")
            self._text(f"  {first_keys(command, self._keymap)}", small, faint)

    def _write_verdict(self, paper: Paper) -> None:
        words, start = verdict_of(paper), self._cursor.position()
        if words or paper.tags:
            font, theme = self._look.typography.strong(), self._look.theme
            self._block(10, font)
            self._text(joined(words), font)
            for number, tag in enumerate(paper.tags):
                color = self._tag_colors.get(tag)
                self._text(SEPARATOR if words or number else "", font)
                self._text(shown_tag(tag), font, legible(color, theme) if color else None)
        self._verdict = start, self._cursor.position()

    def _write_abstract(self, paper: Paper) -> None:
        typography, texts = self._look.typography, self._look.theme.texts
        paragraphs = [line.strip() for line in prepared_text(paper.abstract).split("\n")]
        paragraphs = [paragraph for paragraph in paragraphs if paragraph]
        if not paragraphs:
            self._block(26, typography.reading(), LINE_HEIGHT)
            self._text("No abstract in the listing.", typography.reading(), texts.faint)
        for number, paragraph in enumerate(paragraphs):
            self._block(12 if number else 26, typography.reading(), LINE_HEIGHT)
            self.texts.append((self._cursor.position(), paragraph, TextField.ABSTRACT))
            self._linked(paragraph, typography.reading(), texts.text)

    def _write_highlights(self, highlights: Sequence[Highlight], tones: Tones) -> None:
        """The highlights of title and abstract; those whose words are no longer in the text say so."""
        if highlights:
            self._heading("Highlights")
            self._write_rows(highlights, tones)

    def _write_documents(self, paper: Paper, tones: Tones) -> None:
        """The PDF files that are attached, and the highlights in them with their pages."""
        highlights = [each for each in paper.highlights if each.place is not None]
        if not (paper.documents or highlights):
            return
        self._heading("In the PDF" if highlights else "PDF")
        small, faint = self._look.typography.small(), self._look.theme.texts.faint
        for number, document in enumerate(paper.documents):
            self._block(5)
            self._text(STRUCTURAL.sub(" ", document_name(document)), href=f"{DOCUMENT_SCHEME}:{document.id}")
            self._text("" if number else f"  {first_keys('paper.pdf', self._keymap)}", small, faint)
            self._text(f"{SEPARATOR}{counted(document.page_count, 'page')}")
        self._write_rows(highlights, tones)

    def _write_rows(self, highlights: Sequence[Highlight], tones: Tones) -> None:
        """Highlights with their comments, each in a row."""
        for highlight in highlights[:_HIGHLIGHTS_SHOWN]:
            self._block(9)
            start = self._cursor.position()
            self._write_quote(highlight, tones.of(highlight.label))
            for line in prepared_text(highlight.comment[:_COMMENT_LIMIT]).split("\n") if highlight.comment else ():
                self._block(2, indent=_INDENT)
                self._text(line)
            self.highlight_rows[highlight.id] = (start, self._cursor.position())
        if len(highlights) > _HIGHLIGHTS_SHOWN:
            self._block(9)
            self._text(f"and {len(highlights) - _HIGHLIGHTS_SHOWN:,} more")

    def _write_quote(self, highlight: Highlight, tone: Tone) -> None:
        """A highlight's label and quote. What is in a document is marked here as it is there, after its page."""
        strong, texts, place = self._look.typography.strong(), self._look.theme.texts, highlight.place
        if place is not None:
            self._text(place.cited_page.replace(" ", "\u00a0"), href=f"{PAGE_SCHEME}:{highlight.id}")
            self._text("  ")
        self._text(f"{shown_line(highlight.label, 60)}  ", strong, tone.ink)
        quote = in_quotes(shown_line(STRUCTURAL.sub(" ", highlight.exact), _QUOTE_LIMIT))
        ground = tone.ground if place is not None else None
        self._text(quote, color=texts.text, href=f"{HIGHLIGHT_SCHEME}:{highlight.id}", ground=ground)
        if place is None:
            self._text(f"  {place_remark(highlight)}")
        if highlight.approximate:
            self._text("     ")
            self._text("Keep\u00a0it\u00a0there", href=f"{CONFIRM_SCHEME}:{highlight.id}")

    def _write_sightings(self, sightings: tuple[Sighting, ...]) -> None:
        if not sightings:
            return
        self._heading("Seen in")
        for sighting in sightings[:_SIGHTINGS_SHOWN]:
            self._block(5)
            self._text(shown_line(sighting.listing, 120), href=f"{LISTING_SCHEME}:{sighting.listing_id}")
            facts = joined(
                (
                    shown_date(sighting.heading_date, guessed=sighting.heading_date_guessed),
                    f"no. {sighting.position:,}",
                    counted(sighting.comments, "comment") if sighting.comments else "",
                    counted(sighting.upvotes, "upvote") if sighting.upvotes else "",
                )
            )
            self._text(f"  ·  {facts}")
        if len(sightings) > _SIGHTINGS_SHOWN:
            self._block(5)
            self._text(f"and {len(sightings) - _SIGHTINGS_SHOWN:,} more listings")

    def _heading(self, text: str) -> None:
        """Begin a section below the abstract."""
        self._block(34, self._look.typography.strong())
        self._text(text, self._look.typography.strong())

    def _linked(self, text: str, font: QFont, color: QColor) -> None:
        """A text whose addresses can be opened."""
        position = 0
        for start, end, address in find_links(text):
            self._text(text[position:start], font, color)
            self._text(text[start:end], font, href=address)
            position = end
        self._text(text[position:], font, color)

    def _block(
        self, space_above: float, font: QFont | None = None, line_height: float = _TIGHT, *, indent: float = 0
    ) -> None:
        """Begin a paragraph, its lines ``line_height`` times the size of ``font`` apart (None: the interface's)."""
        block = QTextBlockFormat()
        block.setTopMargin(space_above)
        block.setLeftMargin(indent)
        # Not in proportion: Qt would take it of the face's own spacing, anything from 1.1 to 1.4 times its size.
        size = (font or self._font).pointSizeF() * QGuiApplication.primaryScreen().logicalDotsPerInchY() / 72
        block.setLineHeight(line_height * size, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        if self._document.isEmpty() and not self._cursor.position():
            self._cursor.setBlockFormat(block)
        else:
            self._cursor.insertBlock(block)

    def _text(
        self,
        text: str,
        font: QFont | None = None,
        color: QColor | None = None,
        *,
        href: str = "",
        ground: QColor | None = None,
    ) -> None:
        """Write a text: in the interface's font and quiet, or as a link, where nothing else is asked for."""
        texts = self._look.theme.texts
        style = QTextCharFormat()
        style.setFont(font or self._font)
        style.setForeground(color or (texts.accent if href else texts.quiet))
        if ground is not None:
            style.setBackground(ground)
        if href:
            style.setAnchor(True)
            style.setAnchorHref(href)
        self._cursor.insertText(text, style)


def verdict_of(paper: Paper) -> list[str]:
    """What was decided about a paper, in words."""
    words = verdict_words(paper.state, paper.buried_until if paper.is_buried else None)
    return [*words, "Starred"] if paper.starred else words


def _people(paper: Paper) -> str:
    """Everyone who is named, or how many there are, and the organisation."""
    names = [shown_line(name, 80) for name in paper.authors]
    who = ", ".join(names[:_NAMES_SHOWN])
    count = max(paper.author_count or 0, len(names))
    if names and paper.more_authors and count <= len(names) <= _NAMES_SHOWN:
        who += " and others"
    elif names and count > min(len(names), _NAMES_SHOWN):
        who += f" and {count - min(len(names), _NAMES_SHOWN):,} more"
    elif not names and count:
        who = counted(count, "author")
    organization = shown_line(paper.organization.name, 120) if paper.organization else ""
    return joined((organization, who))
