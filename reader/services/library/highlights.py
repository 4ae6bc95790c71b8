"""Highlights: by offsets of the stored text, by a quote, by sentences; their labels; and views of them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from reader.domain.annotations import HighlightLabel, PaperHighlight, check_color, fold_tag
from reader.domain.changes import Change, joined_title
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.highlight_runs import TARGETS
from reader.domain.papers import Highlight, Paper
from reader.domain.quote_placing import find_quote
from reader.domain.sentences import split_sentences
from reader.domain.spans import Span
from reader.services.latex_to_unicode import shown_text
from reader.services.library.part import LibraryPart

_EXCERPT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class TargetSpan:
    """A stretch of a paper's stored ``"title"`` or ``"abstract"``; ``end`` is not included."""

    target: str
    start: int
    end: int


def sentences_of(paper: Paper) -> list[TargetSpan]:
    """The sentences of a paper's title and abstract, in reading order: what letters are put on."""
    texts = {"title": paper.title, "abstract": paper.abstract}
    return [TargetSpan(target, *span) for target in TARGETS for span in split_sentences(texts[target])]


def spans_between(sentences: Sequence[TargetSpan], first: int, last: int) -> list[TargetSpan]:
    """From one sentence to another (numbers, both included): one span in each text that is touched."""
    chosen = sentences[first : last + 1]
    by_target = {target: [span for span in chosen if span.target == target] for target in TARGETS}
    return [TargetSpan(target, spans[0].start, spans[-1].end) for target, spans in by_target.items() if spans]


class Highlighting(LibraryPart):
    """All that can be done with highlights. A change is one undoable step; an empty label is the first one."""

    def highlights_of(self, paper_id: int) -> list[Highlight]:
        """A paper's highlights in reading order, the unplaced ones of each text last."""
        return [found.highlight for found in self._store.annotated.highlights([paper_id])]

    def highlights(
        self, *, label: str | None = None, within: Sequence[int] | None = None, unplaced: bool = False
    ) -> list[PaperHighlight]:
        """Highlights across the library, the newest first, or paper by paper in the order of ``within`` (paper ids).

        Only those of a label, or only those that could no longer be placed, if asked for.
        """
        found = self._store.annotated.highlights(within)
        if label is not None:
            wanted = fold_tag(label.strip())
            found = [each for each in found if fold_tag(each.highlight.label) == wanted]
        return [each for each in found if each.highlight.start is None] if unplaced else found

    def highlighted_papers(self) -> array[int]:
        """The papers that have highlights, the one highlighted last first."""
        return self._store.annotated.highlighted_papers()

    def add_highlights(
        self, paper_id: int, spans: Sequence[TargetSpan], *, label: str = "", comment: str = "", replacing: int = 0
    ) -> tuple[list[int], Change]:
        """Highlight spans of a paper, one highlight each, in one step; their ids.

        ``replacing`` is the id of a highlight that goes in the same step: choosing "b-d" by labels chooses "b" first.
        """
        ids = []
        with self._store.operation("") as operation:
            titles = []
            if replacing:
                self._store.delete_highlight(replacing)
            for span in spans:
                highlight_id, change = self._add_highlight(paper_id, span, label, comment)
                ids.append(highlight_id)
                titles.append(change.title)
            operation.title = joined_title(titles)
        return ids, operation.change

    def toggle_highlight(self, paper_id: int, span: TargetSpan, *, label: str = "") -> tuple[int | None, Change]:
        """Highlight a span; one of just this span is taken off, or given ``label`` if it has another. Its id, if any.

        With an empty label any highlight of the span is taken off.
        """
        present = self._highlights_at(paper_id, span)
        if not present:
            ids, change = self.add_highlights(paper_id, [span], label=label)
            return ids[0], change
        same = [each for each in present if not label or fold_tag(each.label) == fold_tag(label.strip())]
        if same:
            return None, self.delete_highlight(same[0].id)
        return present[0].id, self.update_highlight(present[0].id, label=label)

    def highlight_quote(self, paper_id: int, quote: str, *, label: str = "", comment: str = "") -> Change:
        """Highlight what a person quotes of the abstract, else of the title; nothing if that is there already.

        With a comment, that of a highlight that is there is replaced. Raises :class:`ReaderError` where the quote does
        not stand there, or more than once.
        """
        label = label.strip() or self.highlight_labels()[0].name
        with self._store.operation("") as operation:
            span = self._find_quote(paper_id, quote)
            present = self._highlights_at(paper_id, span)
            same = next((each for each in present if fold_tag(each.label) == fold_tag(label)), None)
            if same is None:
                _, change = self._add_highlight(paper_id, span, label, comment)
            else:
                change = self._store.update_highlight(same.id, comment=comment.strip() or None)
            operation.title = change.title
        return operation.change

    def update_highlight(self, highlight_id: int, *, label: str | None = None, comment: str | None = None) -> Change:
        """Change a highlight's label, comment or both.

        With neither, where it was placed by likeness is confirmed; any change does that, too.
        """
        return self._store.update_highlight(highlight_id, label=label, comment=comment)

    def delete_highlight(self, highlight_id: int) -> Change:
        """Delete a highlight."""
        return self._store.delete_highlight(highlight_id)

    # Labels

    def highlight_labels(self) -> list[HighlightLabel]:
        """The labels in their order."""
        return self._store.highlight_labels()

    def add_highlight_label(self, name: str, color: str) -> Change:
        """Add a label at the end."""
        return self._store.add_highlight_label(name, check_color(color))

    def update_highlight_label(self, label_id: int, *, name: str | None = None, color: str | None = None) -> Change:
        """Rename or recolour a label; its highlights follow."""
        checked = None if color is None else check_color(color)
        return self._store.update_highlight_label(label_id, name=name, color=checked)

    def delete_highlight_label(self, label_id: int) -> Change:
        """Delete a label that no highlight has; the last one stays."""
        return self._store.delete_highlight_label(label_id)

    def _add_highlight(self, paper_id: int, span: TargetSpan, label: str, comment: str) -> tuple[int, Change]:
        """Highlight one span."""
        return self._store.add_highlight(
            paper_id, span.target, span.start, span.end, label=label, comment=comment.strip()
        )

    def _highlights_at(self, paper_id: int, span: TargetSpan) -> list[Highlight]:
        """The highlights of just this span."""
        every = self.highlights_of(paper_id)
        return [each for each in every if each.start is not None and _span_of(each) == span]

    def _find_quote(self, paper_id: int, quote: str) -> TargetSpan:
        """The one place of a quote in a paper."""
        paper = next(self._store.papers((paper_id,)), None)
        if paper is None:
            raise NotFoundError("This paper is no longer in the library.")
        shown = quote if len(quote) <= _EXCERPT_LENGTH else quote[: _EXCERPT_LENGTH - 1] + "…"
        for target, text in (("abstract", paper.abstract), ("title", paper.title)):
            places = _places(text, quote)
            if len(places) > 1:
                raise ReaderError(f"“{shown}” stands in the {target} {len(places)} times; quote more of its sentence.")
            if places:
                return TargetSpan(target, *places[0])
        raise ReaderError(f"“{shown}” stands neither in the abstract nor in the title of {paper.key}.")


def _span_of(highlight: Highlight) -> TargetSpan:
    """Where a placed highlight stands."""
    return TargetSpan(highlight.target, highlight.start or 0, highlight.end or 0)


def _places(text: str, quote: str) -> list[Span]:
    """Where a quote stands in a stored text; if nowhere, where it stands in what is shown of it, LaTeX as Unicode."""
    places = find_quote(text, quote)
    if places:
        return places
    shown = shown_text(text)
    return [Span(*shown.stored_range(*place)) for place in find_quote(shown.text, quote)]
