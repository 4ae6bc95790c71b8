"""Highlights: by offsets of the stored text, by a quote, by sentences; their labels; and views of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reader.domain.annotations import PaperHighlight, fold_tag
from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.highlight_runs import TARGETS
from reader.domain.papers import Highlight, Paper
from reader.domain.quote_placing import find_quote
from reader.domain.sentences import split_sentences
from reader.domain.spans import Span
from reader.domain.step_titles import UNTITLED, StepTitle
from reader.services.latex_to_unicode import shown_text
from reader.services.library.annotation_lists import AnnotationIds, found_highlights
from reader.services.search.searcher import Searcher
from reader.storage.highlights import StoredHighlights
from reader.storage.store import LibraryStore
from reader.storage.subject import changing, step

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


class Highlights(StoredHighlights):
    """All that can be done with highlights. A change is one undoable step; an empty label is the first one."""

    def __init__(self, store: LibraryStore, searcher: Searcher) -> None:
        super().__init__(store)
        self._searcher = searcher

    def of(self, paper_id: int) -> list[Highlight]:
        """A paper's highlights in reading order, the unplaced ones of each text last."""
        return [found.highlight for found in self.with_papers([paper_id])]

    def all(
        self, *, label: str | None = None, within: Sequence[int] | None = None, unplaced: bool = False
    ) -> list[PaperHighlight]:
        """Highlights across the library, the newest first, or paper by paper in the order of ``within`` (paper ids).

        Only those of a label, or only those that could no longer be placed, if asked for.
        """
        found = self.with_papers(within)
        if label is not None:
            wanted = fold_tag(label.strip())
            found = [each for each in found if fold_tag(each.highlight.label) == wanted]
        return [each for each in found if each.highlight.is_unplaced] if unplaced else found

    def search(self, query: str = "", *, label: str = "", cancelled: Cancelled = never) -> AnnotationIds:
        """The highlights that a query means, of a label if one is given (by name), the newest first.

        Stops early, with what was found so far, once ``cancelled`` says so.
        """
        return found_highlights(self._store, self._searcher, query, label, cancelled)

    @changing
    def add(
        self, paper_id: int, spans: Sequence[TargetSpan], *, label: str = "", comment: str = "", replacing: int = 0
    ) -> tuple[list[int], Change]:
        """Highlight spans of a paper, one highlight each, in one step; their ids.

        ``replacing`` is the id of a highlight that goes in the same step: choosing "b-d" by labels chooses "b" first.
        """
        with self._store.step() as taken:
            if replacing:
                self.delete(replacing)
            added = [self._add(paper_id, span, label, comment) for span in spans]
            taken.title = sum((change.title for _, change in added), UNTITLED)
        return [highlight_id for highlight_id, _ in added], taken.change

    @changing
    def toggle(self, paper_id: int, span: TargetSpan, *, label: str = "") -> tuple[int | None, Change]:
        """Highlight a span; one of just this span is taken off, or given ``label`` if it has another. Its id, if any.

        With an empty label any highlight of the span is taken off.
        """
        present = self._at(paper_id, span)
        if not present:
            ids, change = self.add(paper_id, [span], label=label)
            return ids[0], change
        same = [each for each in present if not label or fold_tag(each.label) == fold_tag(label.strip())]
        if same:
            return None, self.delete(same[0].id)
        return present[0].id, self.update(present[0].id, label=label)

    @step
    def add_quote(self, paper_id: int, quote: str, *, label: str = "", comment: str = "") -> StepTitle:
        """Highlight what a person quotes of the abstract, else of the title; nothing if that is there already.

        With a comment, that of a highlight that is there is replaced. Raises :class:`ReaderError` where the quote does
        not stand there, or more than once.
        """
        label = label.strip() or self._store.labels.all()[0].name
        span = self._find_quote(paper_id, quote)
        same = next((each for each in self._at(paper_id, span) if fold_tag(each.label) == fold_tag(label)), None)
        if same is None:
            return self._add(paper_id, span, label, comment)[1].title
        return self.update(same.id, comment=comment.strip() or None).title

    def _add(self, paper_id: int, span: TargetSpan, label: str, comment: str) -> tuple[int, Change]:
        """Highlight one span."""
        return self.add_span(paper_id, span.target, span.start, span.end, label=label, comment=comment.strip())

    def _at(self, paper_id: int, span: TargetSpan) -> list[Highlight]:
        """The highlights of just this span."""
        every = self.of(paper_id)
        return [each for each in every if each.start is not None and _span_of(each) == span]

    def _find_quote(self, paper_id: int, quote: str) -> TargetSpan:
        """The one place of a quote in a paper."""
        paper = next(self._store.papers.read((paper_id,)), None)
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
