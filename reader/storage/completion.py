"""Completing of papers with records that were found elsewhere, by content rank, without a listing or a sighting."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reader.domain.identity import are_told_apart
from reader.domain.preparation import PreparedRecord
from reader.domain.step_titles import UNTITLED, StepKind
from reader.storage.content import COLUMNS, Source, merge_content
from reader.storage.identity import KnownPapers, load_papers, stored_identities
from reader.storage.journal.journal import OperationHandle
from reader.storage.paper_content import keep_dois, update_paper
from reader.storage.paper_merge import merge_papers
from reader.storage.subject import Subject, changing
from reader.storage.sync.separation import say_all
from reader.storage.writer import Writer

_FIELDS = {
    "organization_name": "organization",
    **{
        column: column
        for column in (
            *("title", "abstract", "authors", "published", "arxiv_id", "doi", "url", "project_url", "code_urls"),
            *("keywords", "categories", "venue", "volume", "number", "pages", "publisher", "entry_type"),
        )
    },
}
"""The fields that are reported as changed, by column, with the names that ``lectern papers --json`` has."""


@dataclass(frozen=True, slots=True)
class StoredCompletion:
    """What a record changed of a paper: the names of the fields, and the key of another paper that it was merged with.

    ``paper_id`` is the paper's id afterwards. ``is_told_apart`` is True if another paper, with the key ``other``, has
    the record's identifier and is a different work; then nothing was changed.
    """

    paper_id: int
    fields: tuple[str, ...] = ()
    other: str = ""
    is_told_apart: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether anything changed that a reader sees."""
        return not self.is_told_apart and bool(self.fields or self.other)


class _RehearsalOver(Exception):  # noqa: N818 - no error: it ends a dry run by rolling its transaction back
    """The end of a dry run."""


class StoredCompletions(Subject):
    """The completing of papers."""

    @changing
    def add(
        self, paper_id: int, prepared: PreparedRecord, rank: int, operation: OperationHandle, completed: frozenset[int]
    ) -> StoredCompletion:
        """Merge a record into a paper, as a part of a step that has ``completed`` other papers so far.

        A paper that has the record's identifier is merged with it. A missing paper changes nothing.
        """
        with self._store.transaction(operation):
            stored = _complete(self._writer, paper_id, prepared, rank)
            if stored.has_changed:
                names = self._writer.name_papers({*completed, stored.paper_id})
                operation.title = StepKind.COMPLETED(papers=names)
        return stored

    def rehearse(self, paper_id: int, prepared: PreparedRecord, rank: int) -> StoredCompletion:
        """What :meth:`add` would change."""
        stored = StoredCompletion(paper_id)
        try:
            with self._store.rehearsal(self._store.begin_operation(UNTITLED)):
                stored = _complete(self._writer, paper_id, prepared, rank)
                raise _RehearsalOver
        except _RehearsalOver:
            return stored


def _complete(writer: Writer, paper_id: int, prepared: PreparedRecord, rank: int) -> StoredCompletion:
    """Merge a record into a paper, and another paper with the record's identifier into the older of the two."""
    papers = load_papers(writer, [paper_id])
    if not papers:
        return StoredCompletion(paper_id)
    paper, before = papers[paper_id], papers[paper_id].values()
    sought = replace(prepared.identity, fold="", address="")
    other, key = KnownPapers(writer, [sought]).find(sought, ""), ""
    if other is not None and other.id != paper_id:
        if are_told_apart(*stored_identities(writer, [paper_id, other.id]).values()):
            return StoredCompletion(paper_id, other=other.key, is_told_apart=True)
        say_all(writer)
        older, younger = sorted((paper_id, other.id))
        merge_papers(writer, older, younger)
        key, paper = other.key, load_papers(writer, [older])[older]
    stored = paper.values()
    source = Source(0, rank, writer.now[:10], writer.now)
    # What nobody sees (the rank and day of the source) is no reason for a step.
    if merge_content(paper, _without_figures(prepared, has_abstract=bool(paper.abstract)), source):
        update_paper(writer, paper, stored)
        keep_dois(writer, paper, [prepared.record.doi] if prepared.record.doi else [])
    changes = zip(COLUMNS, before, paper.values(), strict=True)
    fields = tuple(_FIELDS[column] for column, old, new in changes if old != new and column in _FIELDS)
    return StoredCompletion(paper.id, fields, key)


def _without_figures(prepared: PreparedRecord, *, has_abstract: bool) -> PreparedRecord:
    """A record without its counts, which belong to sightings, and without its abstract if the paper has one."""
    abstract = "" if has_abstract else prepared.record.abstract
    return replace(
        prepared, record=replace(prepared.record, comments=None, upvotes=None, submitted_by=None, abstract=abstract)
    )
