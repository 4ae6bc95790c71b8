"""The one writer of transferred values: listings, papers and annotations, into an empty library or an existing one.

What is here already stays: of two states the one here unless it is inbox, a note here with the other appended, tags and
highlights of both. Taking over the same again changes nothing.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import astuple, replace
from typing import Any

from reader.domain.annotations import (
    HighlightLabel,
    MuteRule,
    SavedSearch,
    Tag,
    TagNameError,
    check_tag_name,
    fold_tag,
)
from reader.domain.documents import DocumentPlace
from reader.domain.identity import Identity, are_told_apart
from reader.domain.keys import KEY_LENGTH
from reader.domain.papers import Highlight, PaperState
from reader.domain.quote_placing import Quote
from reader.domain.stubs import work_fold
from reader.domain.subscriptions import Subscription
from reader.domain.transfer import TransferItem, TransferListing, TransferPaper, TransferReport
from reader.storage.content import COLUMNS, GUESSED, PaperContent, publication_columns
from reader.storage.copies.page_merge import JoinedPage, join_page, join_sighting, page_here
from reader.storage.copies.rows import ACCOUNT_COLUMNS, LISTING_COLUMNS, PAGE_COLUMNS, row_of
from reader.storage.documents import LINKED, SAME_ORIGIN, know_document, place_columns
from reader.storage.highlight_anchors import place_again
from reader.storage.highlights import MAXIMUM_LABEL_LENGTH
from reader.storage.identity import KnownPapers, assign_keys, load_papers, stored_identities
from reader.storage.notes import read_note
from reader.storage.pages import insert_fetch
from reader.storage.paper_content import absorb_row, keep_dois, update_paper
from reader.storage.subscriptions import take_subscription
from reader.storage.writer import Writer

_KEY = re.compile(rf"[a-z2-7]{{{KEY_LENGTH}}}")
_STATE = """
INSERT INTO states (paper_id, state, changed, starred, starred_changed, buried_until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (paper_id) DO UPDATE SET
    state = iif(state = 'inbox', excluded.state, state),
    changed = iif(state = 'inbox' AND excluded.state <> 'inbox', excluded.changed, changed),
    starred = max(starred, excluded.starred),
    starred_changed = iif(excluded.starred > starred, excluded.starred_changed, starred_changed)
WHERE state = 'inbox' AND excluded.state <> 'inbox' OR excluded.starred > starred
"""
_NOTE = """
INSERT INTO notes (paper_id, text, revision, created, changed) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (paper_id) DO UPDATE SET text = excluded.text, revision = excluded.revision, changed = excluded.changed
"""
_TAG = """
UPDATE tags SET color = coalesce(color, :color), description = iif(description = '', :description, description)
WHERE id = :id AND (color IS NULL AND :color IS NOT NULL OR description = '' AND :description <> '')
"""
_FAVORITE = """
UPDATE tags SET favorite = :favorite
WHERE id = :id AND favorite IS NULL AND NOT EXISTS (SELECT 1 FROM tags WHERE favorite = :favorite)
"""
_ALIAS = """
INSERT INTO paper_aliases (key, paper_id) SELECT :key, :paper
WHERE NOT EXISTS (SELECT 1 FROM papers WHERE key = :key UNION ALL SELECT 1 FROM paper_aliases WHERE key = :key)
"""
_CITATION_KEY = "INSERT OR IGNORE INTO citation_keys (paper_key, citation_key) SELECT key, ? FROM papers WHERE id = ?"
_SAME_HIGHLIGHT = (
    "SELECT id FROM highlights WHERE paper_id = ? AND target = ? AND exact = ? AND created = ? "
    "AND +label_id = ?"  # the plus keeps SQLite from searching by label, of which there are few
)
_SAME_IN_DOCUMENT = (
    "SELECT id FROM highlights WHERE paper_id = ? AND document_id = ? AND page = ? AND origin = ? AND exact = ?"
)
_QUAD_NUMBERS = 8
_SIGHTING_COLUMNS = ("comments", "upvotes", "submitted_by", "published_shown", "since")
_HIGHEST_ID = 2**40
"""Ids beyond are not kept: SQLite gives none after the highest that a table ever had."""
_DEFAULT_COLOR = "#8a8f98"


_LAST_HIGHLIGHT = "SELECT seq FROM sqlite_sequence WHERE name = 'highlights'"


class TakingOver:
    """One transfer being taken over, in one step; :attr:`report` counts."""

    def __init__(self, writer: Writer, breathe: Callable[[], bool]) -> None:
        """``breathe`` lets other processes write, and tells whether they did."""
        self._writer, self._breathe = writer, breathe
        self.report = TransferReport()
        self._listings: dict[str, int] = {}
        self._joined: dict[str, JoinedPage] = {}
        self._named: dict[tuple[str, str], int] = {}
        self._queued: list[tuple[int, int]] = []
        self._last_highlight = self._number(_LAST_HIGHLIGHT)
        self._takers: dict[type, Callable[[Any], object]] = {
            TransferPaper: self._take_paper,
            TransferListing: self._take_listing,
            Tag: self._take_tag,
            HighlightLabel: lambda label: self._label_id(label.name, label.color),
            SavedSearch: self._take_search,
            MuteRule: self._take_rule,
            Subscription: lambda given: take_subscription(self._writer, given),
        }

    def take(self, items: Iterable[TransferItem]) -> None:
        """Take over some values; what papers refer to must have come before them."""
        for item in items:
            if self._breathe():
                self._named.clear()
                self._last_highlight = self._number(_LAST_HIGHLIGHT)
            self._takers[type(item)](item)

    def take_fitting(self, items: Iterable[TransferItem]) -> list[TransferItem]:
        """The same for values of a damaged library: those that the tables refuse are left out and returned."""
        refused = []
        for item in items:
            try:
                with self._writer.db.atomic():
                    self.take([item])
            except sqlite3.IntegrityError:
                refused.append(item)
                self._named.clear()  # what was made for it is gone again
        return refused

    def finish(self) -> TransferReport:
        """Put queued papers at the end of the queue in their order; what was done."""
        for place, (_, paper_id) in enumerate(sorted(self._queued), start=1 + self._last("queue")):
            self._writer.insert("queue", {"paper_id": paper_id, "position": place}, conflict="OR IGNORE")
        return self.report

    def _number(self, sql: str, *parameters: object) -> int:
        row = self._writer.execute(sql, parameters).fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def _last(self, table: str) -> int:
        """The last position in a table that has an order."""
        return self._number(f"SELECT max(position) FROM {table}")

    # Listings, tags, labels, searches, rules

    def _take_listing(self, listing: TransferListing) -> None:
        """A listing that is here already keeps its own sightings; those of a page are joined with them."""
        here = page_here(self._writer, listing.page, listing.sha256)
        if here is not None:
            joined = join_page(self._writer, listing, here)
            if joined is not None:
                self._listings[listing.sha256], self._joined[listing.sha256] = here, joined
            return
        account = dict(zip(ACCOUNT_COLUMNS, astuple(listing.account), strict=True))
        page = dict(zip(PAGE_COLUMNS, astuple(listing.page), strict=True)) if listing.page else {}
        listing_id = self._writer.insert("listings", row_of(listing, LISTING_COLUMNS) | account | page)
        self._listings[listing.sha256] = listing_id
        self.report.listings += 1
        for fetch in listing.fetches:
            insert_fetch(self._writer, listing_id, fetch.sha256, fetch.fetched)
        for problem in listing.problems:
            lines = {"listing_id": listing_id, "first_line": problem.lines.first, "last_line": problem.lines.last}
            self._writer.insert("listing_problems", lines | row_of(problem, ("reason", "text")))

    def _take_tag(self, tag: Tag) -> None:
        """A tag's colour, description and number, where it has none here."""
        tag_id = self._tag_id(tag.name)
        if tag_id is not None:
            values = row_of(tag, ("color", "description", "favorite")) | {"id": tag_id}
            self._writer.execute(_TAG, values)
            if tag.favorite in range(1, 10):
                self._writer.execute(_FAVORITE, values)

    def _tag_id(self, name: str) -> int | None:
        """A tag's id, made where needed; None for a name that no tag may have."""
        try:
            return self._id_of_name("tags", check_tag_name(name), created=self._writer.now)
        except TagNameError:
            return None

    def _label_id(self, name: str, color: str = _DEFAULT_COLOR) -> int:
        """A highlight label's id, made where needed, at the end."""
        name = " ".join(name.split())[:MAXIMUM_LABEL_LENGTH] or "Highlight"
        return self._id_of_name("highlight_labels", name, color=color, position=1 + self._last("highlight_labels"))

    def _id_of_name(self, table: str, name: str, **new: object) -> int:
        """The id of the tag or label that has a name, made with ``new`` where there is none."""
        fold = fold_tag(name)
        if (table, fold) not in self._named:
            known = self._number(f"SELECT id FROM {table} WHERE fold = ?", fold)
            self._named[table, fold] = known or self._writer.insert(table, {"name": name, "fold": fold, **new})
        return self._named[table, fold]

    def _take_search(self, search: SavedSearch) -> None:
        """A saved search that is not here, at the end, with its number unless that is taken."""
        if not self._number("SELECT id FROM saved_searches WHERE name = ? AND query = ?", search.name, search.query):
            row = row_of(search, ("name", "query", "sort", "number")) | {"position": 1 + self._last("saved_searches")}
            if self._number("SELECT id FROM saved_searches WHERE number = ?", search.number):
                row["number"] = None
            self._writer.insert("saved_searches", row)

    def _take_rule(self, rule: MuteRule) -> None:
        """A mute rule that is not here."""
        if not self._number("SELECT id FROM mute_rules WHERE name = ? AND query = ?", rule.name, rule.query):
            self._writer.insert("mute_rules", row_of(rule, ("name", "query", "enabled")))

    # Papers

    def _take_paper(self, paper: TransferPaper) -> None:
        """A paper with its annotations; one that is here already takes what it lacks."""
        report = self.report
        before = self._number("SELECT max(id) FROM journal")
        known = self._find(paper)
        paper_id = known or self._insert(paper)
        if known:
            self._absorb(paper, known)
        for take in (
            *(self._take_aliases, self._take_sightings, self._take_state, self._take_tags, self._take_note),
            self._take_documents,
        ):
            take(paper, paper_id)
        if paper.highlights:
            content = load_papers(self._writer, (paper_id,))[paper_id]
            for highlight in paper.highlights:
                former = paper.title if highlight.target == "title" else paper.abstract
                self._take_highlight(highlight, content, former)
        changed = self._number("SELECT max(id) FROM journal") > before
        report.paper_ids.add(paper_id)
        report.papers += 1
        report.new += not known
        report.updated += bool(known) and changed
        report.known += bool(known) and not changed

    def _find(self, paper: TransferPaper) -> int:
        """The paper that is here already, by its key or the rule of identity; else 0."""
        published = paper.published if paper.published_certainty > GUESSED else None
        dois = (paper.doi, *paper.further_dois)
        fold = work_fold(paper.title, paper.arxiv_id, paper.doi, paper.url)
        identity = Identity.of(fold, paper.arxiv_id, dois, paper.authors, published)
        for key in (paper.key, *paper.aliases):
            known = self._of_key(key, identity, was_joined=bool(paper.aliases))
            if known:
                return known
        found = KnownPapers(self._writer, [identity]).find(identity, paper.abstract)
        return found.id if found else 0

    def _of_key(self, key: str, identity: Identity, *, was_joined: bool) -> int:
        """The paper with a key, unless it is another work: keys made from titles are those of all of that title.

        Papers that were joined, here or there, stay so whatever their content says now.
        """
        known = self._number("SELECT id FROM papers WHERE key = ?", key)
        alias = "SELECT paper_id FROM paper_aliases WHERE key = ? UNION ALL SELECT paper_id FROM paper_aliases WHERE "
        joined = self._number(f"{alias} paper_id = ? LIMIT 1", key, known)
        if joined or was_joined or not known:
            return joined or known
        here = stored_identities(self._writer, (known,))[known]
        return 0 if are_told_apart(identity, here) else known

    def _content(self, paper: TransferPaper, paper_id: int = 0) -> PaperContent:
        """A paper's row."""
        organization = paper.organization
        row = row_of(paper, COLUMNS) | {
            "id": paper_id,
            "title_fold": work_fold(paper.title, paper.arxiv_id, paper.doi, paper.url),
            "first_listing_id": self._listings.get(paper.first_listing or ""),
            "organization_account": organization and organization.account,
            "organization_name": organization and organization.name,
            "more_authors": int(paper.more_authors),
        }
        return PaperContent(**row | publication_columns(paper.publication))

    def _insert(self, paper: TransferPaper) -> int:
        """A paper that is not here, under its own key if that is one."""
        content = self._content(paper)
        taken = "SELECT 1 FROM papers WHERE key = ? UNION ALL SELECT 1 FROM paper_aliases WHERE key = ?"
        if not _KEY.fullmatch(content.key) or self._number(taken, content.key, content.key):
            assign_keys(self._writer, [content])
        paper_id = self._writer.insert("papers", dict(zip(COLUMNS[1:], content.values()[1:], strict=True)))
        for table, column, values in (
            ("former_titles", "title_fold", paper.former_titles),
            ("further_dois", "doi", paper.further_dois),
        ):
            for value in values:
                self._writer.insert(table, {"paper_id": paper_id, column: value})
        return paper_id

    def _absorb(self, paper: TransferPaper, paper_id: int) -> None:
        """Give a paper that is here what the other has in better form."""
        kept = load_papers(self._writer, (paper_id,))[paper_id]
        stored = kept.values()
        other = self._content(paper, paper_id)
        if kept.arxiv_id is None and self._number("SELECT id FROM papers WHERE arxiv_id = ?", other.arxiv_id):
            other.arxiv_id = None
        absorb_row(self._writer, kept, other)
        update_paper(self._writer, kept, stored)
        keep_dois(self._writer, kept, [doi for doi in (paper.doi, *paper.further_dois) if doi])

    def _take_aliases(self, paper: TransferPaper, paper_id: int) -> None:
        """Make every key that led to the paper lead to it here; its citation key is kept."""
        for key in filter(_KEY.fullmatch, (paper.key, *paper.aliases)):
            self._writer.execute(_ALIAS, {"key": key, "paper": paper_id})
        if paper.citation_key:
            self._writer.execute(_CITATION_KEY, (paper.citation_key, paper_id))

    def _take_sightings(self, paper: TransferPaper, paper_id: int) -> None:
        """Where it was seen, of listings that came with this transfer."""
        for seen in paper.sightings:
            if seen.listing in self._listings:
                earlier = tuple(each for each in paper.earlier if each.listing == seen.listing)
                joined = self._joined.get(seen.listing)
                if joined is not None:
                    if join_sighting(self._writer, joined, paper_id, seen, earlier):
                        continue
                    seen = replace(seen, since=seen.since or joined.first_day)
                place = {"listing_id": self._listings[seen.listing], "position": seen.position, "paper_id": paper_id}
                lines = {"first_line": seen.lines.first, "last_line": seen.lines.last}
                self._writer.insert("sightings", place | lines | row_of(seen, _SIGHTING_COLUMNS))
                for each in earlier:
                    at = {"listing_id": place["listing_id"], "paper_id": paper_id}
                    row = row_of(each, ("day", "position", "comments", "upvotes"))
                    self._writer.insert("earlier_sightings", at | row)

    # Annotations

    def _take_state(self, paper: TransferPaper, paper_id: int) -> None:
        """State, star, burial and having been seen; the state here stays unless it is inbox."""
        if paper.seen_at is not None:
            imported = paper.seen_at == paper.first_seen if paper.imported_as_seen is None else paper.imported_as_seen
            seen = {"paper_id": paper_id, "seen_at": paper.seen_at, "imported": imported}
            self._writer.insert("seen", seen, conflict="OR IGNORE")
        given = (paper.state, paper.state_changed, paper.starred, paper.starred_changed, paper.buried_until)
        if given != (PaperState.INBOX, None, False, None, None):
            self._writer.execute(_STATE, (paper_id, *given))
            if self._number("SELECT state = 'queued' FROM states WHERE paper_id = ?", paper_id):
                self._queued.append((paper.queue_position or 2**40, paper_id))

    def _take_tags(self, paper: TransferPaper, paper_id: int) -> None:
        for tag_id in filter(None, map(self._tag_id, paper.tags)):
            row = {"paper_id": paper_id, "tag_id": tag_id, "created": self._writer.now}
            self._writer.insert("paper_tags", row, conflict="OR IGNORE")

    def _take_note(self, paper: TransferPaper, paper_id: int) -> None:
        """A note, appended to the one that is here unless that contains it."""
        note, here = paper.note, read_note(self._writer.db.conn, paper_id)
        if note is None or not note.text.strip() or note.text.strip() in here.text:
            return
        text, changed = note.text, note.changed
        if here.revision:
            text, changed = f"{here.text.rstrip()}\n\n---\n\n{note.text.lstrip()}", self._writer.now
        sql = "INSERT INTO note_revisions (paper_key, text, created) SELECT key, ?, ? FROM papers WHERE id = ?"
        revision = self._writer.execute(sql, (text, changed, paper_id)).lastrowid
        self._writer.execute(_NOTE, (paper_id, text, revision, note.created, changed))

    def _take_documents(self, paper: TransferPaper, paper_id: int) -> None:
        """The documents that it has, without their files."""
        for document in paper.documents:
            document_id = know_document(self._writer, document)
            row = {"paper_id": paper_id, "document_id": document_id, "attached": document.attached}
            self._writer.insert("paper_documents", row, conflict="OR IGNORE")

    def _take_highlight(self, highlight: Highlight, paper: PaperContent, former: str) -> None:
        """A highlight, under its own id if no highlight ever had that here; unplaced where the text is another."""
        if highlight.place is not None and highlight.target == "document":
            self._take_in_document(highlight, highlight.place, paper.id)
        if highlight.target not in {"title", "abstract"}:
            return
        label = self._label_id(highlight.label)
        same = (paper.id, highlight.target, highlight.exact, highlight.created, label)
        if not self._number(_SAME_HIGHLIGHT, *same):
            quote = Quote(highlight.exact, highlight.prefix, highlight.suffix, highlight.start, highlight.end)
            place = place_again(getattr(paper, highlight.target), quote, former, approximate=highlight.approximate)
            row = row_of(highlight, ("target", "exact", "comment", "created", "changed"))
            row |= dict(zip(("start", "end", "prefix", "suffix", "approximate"), place, strict=True))
            row |= {"id": self._free_id(highlight.id), "paper_id": paper.id, "label_id": label}
            self._writer.insert("highlights", row)

    def _take_in_document(self, highlight: Highlight, place: DocumentPlace, paper_id: int) -> None:
        """A highlight in a document, of which no file need be here; its origin tells it from others of the text."""
        quads = tuple(quad for quad in place.quads if len(quad) == _QUAD_NUMBERS)
        columns = place_columns(self._writer, replace(place, quads=quads))
        given = {"paper": paper_id, "document": columns["document_id"], "origin": place.origin}
        if self._writer.execute(SAME_ORIGIN, given).fetchone():
            return
        if self._number(_SAME_IN_DOCUMENT, paper_id, columns["document_id"], place.page, place.origin, highlight.exact):
            return
        if self._writer.execute(LINKED, given).fetchone() is None:
            link = {"paper_id": paper_id, "document_id": columns["document_id"], "attached": highlight.created}
            self._writer.insert("paper_documents", link)
        row = row_of(highlight, ("exact", "prefix", "suffix", "comment", "created", "changed")) | columns
        row |= {"id": self._free_id(highlight.id), "label_id": self._label_id(highlight.label), "paper_id": paper_id}
        self._writer.insert("highlights", row)

    def _free_id(self, highlight_id: int) -> int | None:
        """A highlight's id if none here ever had it (undo may bring deleted ones back); None for a new one."""
        if not self._last_highlight < highlight_id <= _HIGHEST_ID:
            return None
        taken = self._number("SELECT id FROM highlights WHERE id = ?", highlight_id)
        return None if taken else highlight_id
