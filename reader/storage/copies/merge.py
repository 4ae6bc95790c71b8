"""Taking over what another library held: listings, papers and annotations, into an empty library or beside its own.

What is here already stays: of two states the one here unless it is inbox, a note here with the other behind it, tags
and highlights of both. Taking over the same again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reader.domain.annotations import (
    HighlightLabel,
    MuteRule,
    SavedSearch,
    Tag,
    TagNameError,
    check_tag_name,
    fold_tag,
)
from reader.domain.identity import Identity, are_told_apart
from reader.domain.keys import KEY_LENGTH
from reader.domain.papers import Highlight, PaperState
from reader.domain.quote_placing import Placed, Quote, place_quote
from reader.domain.stubs import work_fold
from reader.domain.transfer import TransferItem, TransferListing, TransferPaper, TransferReport
from reader.storage.content import COLUMNS, GUESSED, PaperContent, absorb, as_json, names_as_json, publication_columns
from reader.storage.identity import KnownPapers, assign_keys, load_papers, stored_identities
from reader.storage.paper_content import keep_dois, place_columns, update_paper
from reader.storage.writer import Writer

_KEY = re.compile(rf"[a-z2-7]{{{KEY_LENGTH}}}")
_INSERT_PAPER = f"INSERT INTO papers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_INSERT_LISTING = """
INSERT INTO listings (sha256, name, name_given, format, rank, query, source_url, heading, heading_date, year,
    year_inferred, year_guessed, year_given, encoding, encoding_uncertain, file_name, source_modified, imported,
    account_unit, account_total, account_records, account_furniture, account_problems)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_HIGHEST_ID = 2**40
"""Ids beyond are not kept: SQLite gives none after the highest that a table ever had."""
_DEFAULT_COLOR = "#8a8f98"


class TakingOver:
    """One transfer being taken over, in one transaction; :attr:`report` counts."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.report = TransferReport()
        self._listings: dict[str, int] = {}
        self._labels: dict[str, int] = {}
        self._tags: dict[str, int] = {}
        self._queued: list[tuple[int, int]] = []
        self._last_highlight = self._number("SELECT seq FROM sqlite_sequence WHERE name = 'highlights'")

    def take(self, items: Iterable[TransferItem]) -> None:
        """Take over some values; what papers refer to must have come before them."""
        for item in items:
            if isinstance(item, TransferPaper):
                self._take_paper(item)
            elif isinstance(item, TransferListing):
                self._take_listing(item)
            elif isinstance(item, Tag):
                self._take_tag(item)
            elif isinstance(item, HighlightLabel):
                self._label_id(item.name, item.color)
            elif isinstance(item, SavedSearch):
                self._take_search(item)
            else:
                self._take_rule(item)

    def finish(self) -> TransferReport:
        """Put queued papers at the end of the queue in their order; what was done."""
        last = self._number("SELECT max(position) FROM queue")
        for place, (_, paper_id) in enumerate(sorted(self._queued), start=last + 1):
            self._writer.execute("INSERT OR IGNORE INTO queue (paper_id, position) VALUES (?, ?)", (paper_id, place))
        return self.report

    def _number(self, sql: str, *parameters: object) -> int:
        row = self._writer.execute(sql, parameters).fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    # Listings, tags, labels, searches, rules

    def _take_listing(self, listing: TransferListing) -> None:
        """A listing that is here already keeps its own sightings."""
        if self._number("SELECT id FROM listings WHERE sha256 = ?", listing.sha256):
            return
        account = listing.account
        cursor = self._writer.execute(
            _INSERT_LISTING,
            (
                *(listing.sha256, listing.name, int(listing.name_given), listing.format, listing.rank, listing.query),
                *(listing.source_url, listing.heading, listing.heading_date, listing.year),
                *(int(listing.year_inferred), int(listing.year_guessed), int(listing.year_given), listing.encoding),
                *(int(listing.encoding_uncertain), listing.file_name, listing.source_modified, listing.imported),
                *(account.unit.value, account.total, account.records, account.boilerplate, account.problems),
            ),
        )
        assert cursor.lastrowid is not None
        self._listings[listing.sha256] = cursor.lastrowid
        self.report.listings += 1
        self._writer.executemany(
            "INSERT INTO listing_problems (listing_id, first_line, last_line, reason, text) VALUES (?, ?, ?, ?, ?)",
            [
                (cursor.lastrowid, item.lines.first, item.lines.last, item.reason, item.text)
                for item in listing.problems
            ],
        )

    def _take_tag(self, tag: Tag) -> None:
        """A tag's colour, description and number, where it has none here."""
        tag_id = self._tag_id(tag.name)
        if tag_id is None:
            return
        self._writer.execute(
            "UPDATE tags SET color = coalesce(color, :color), "
            "description = CASE description WHEN '' THEN :description ELSE description END WHERE id = :id "
            "AND (color IS NULL AND :color IS NOT NULL OR description = '' AND :description <> '')",
            {"color": tag.color, "description": tag.description, "id": tag_id},
        )
        if tag.favorite is not None and 1 <= tag.favorite <= 9:
            self._writer.execute(
                "UPDATE tags SET favorite = :number WHERE id = :id AND favorite IS NULL "
                "AND NOT EXISTS (SELECT 1 FROM tags WHERE favorite = :number)",
                {"number": tag.favorite, "id": tag_id},
            )

    def _tag_id(self, name: str) -> int | None:
        """A tag's id, made where needed; None for a name that no tag may have."""
        try:
            name = check_tag_name(name)
        except TagNameError:
            return None
        fold = fold_tag(name)
        if fold not in self._tags:
            known = self._number("SELECT id FROM tags WHERE fold = ?", fold)
            if not known:
                sql = "INSERT INTO tags (name, fold, created) VALUES (?, ?, ?)"
                known = self._writer.execute(sql, (name, fold, self._writer.now)).lastrowid or 0
            self._tags[fold] = known
        return self._tags[fold]

    def _label_id(self, name: str, color: str = _DEFAULT_COLOR) -> int:
        """A highlight label's id, made where needed."""
        name = " ".join(name.split())[:60] or "Highlight"
        fold = fold_tag(name)
        if fold not in self._labels:
            known = self._number("SELECT id FROM highlight_labels WHERE fold = ?", fold)
            if not known:
                sql = (
                    "INSERT INTO highlight_labels (name, fold, color, position) "
                    "SELECT ?, ?, ?, coalesce(max(position), 0) + 1 FROM highlight_labels"
                )
                known = self._writer.execute(sql, (name, fold, color)).lastrowid or 0
            self._labels[fold] = known
        return self._labels[fold]

    def _take_search(self, search: SavedSearch) -> None:
        if not self._number("SELECT id FROM saved_searches WHERE name = ? AND query = ?", search.name, search.query):
            self._writer.execute(
                "INSERT INTO saved_searches (name, query, sort, position, number) "
                "SELECT :name, :query, :sort, coalesce(max(position), 0) + 1, "
                "CASE WHEN sum(number = :number) THEN NULL ELSE :number END FROM saved_searches",
                {"name": search.name, "query": search.query, "sort": search.sort, "number": search.number},
            )

    def _take_rule(self, rule: MuteRule) -> None:
        if not self._number("SELECT id FROM mute_rules WHERE name = ? AND query = ?", rule.name, rule.query):
            sql = "INSERT INTO mute_rules (name, query, enabled) VALUES (?, ?, ?)"
            self._writer.execute(sql, (rule.name, rule.query, int(rule.enabled)))

    # Papers

    def _take_paper(self, paper: TransferPaper) -> None:
        """A paper with its annotations; one that is here already takes what it lacks."""
        self.report.papers += 1
        before = self._number("SELECT max(id) FROM journal")
        paper_id = self._find(paper)
        is_new = paper_id == 0
        if is_new:
            paper_id = self._insert(paper)
        else:
            self._absorb(paper, paper_id)
        self._take_aliases(paper, paper_id)
        self._take_sightings(paper, paper_id)
        self._take_state(paper, paper_id)
        self._take_tags(paper, paper_id)
        self._take_note(paper, paper_id)
        if paper.highlights:
            content = load_papers(self._writer, (paper_id,))[paper_id]
            for highlight in paper.highlights:
                former = paper.title if highlight.target == "title" else paper.abstract
                self._take_highlight(highlight, content, former)
        self.report.paper_ids.add(paper_id)
        changed = self._number("SELECT max(id) FROM journal") > before
        if is_new:
            self.report.new += 1
        elif changed:
            self.report.updated += 1
        else:
            self.report.known += 1

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

    def _content(self, paper: TransferPaper, paper_id: int) -> PaperContent:
        """A paper's row."""
        organization = paper.organization
        first = self._listings.get(paper.first_listing or "")
        return PaperContent(
            id=paper_id,
            key=paper.key,
            arxiv_id=paper.arxiv_id,
            title=paper.title,
            title_fold=work_fold(paper.title, paper.arxiv_id, paper.doi, paper.url),
            published=paper.published,
            published_certainty=paper.published_certainty,
            sort_date=paper.sort_date,
            first_seen=paper.first_seen,
            first_listing_id=first,
            comments=paper.comments,
            upvotes=paper.upvotes,
            counts_date=paper.counts_date,
            content_rank=paper.content_rank,
            content_date=paper.content_date,
            author_count=paper.author_count,
            organization_account=organization.account if organization else None,
            organization_name=organization.name if organization else None,
            url=paper.url,
            project_url=paper.project_url,
            code_urls=as_json(paper.code_urls),
            keywords=as_json(paper.keywords),
            categories=as_json(paper.categories),
            authors=as_json(paper.authors),
            author_names=names_as_json(paper.author_names),
            more_authors=int(paper.more_authors),
            doi=paper.doi,
            **publication_columns(paper.publication),
            abstract=paper.abstract,
        )

    def _insert(self, paper: TransferPaper) -> int:
        """A paper that is not here, under its own key if that is one."""
        sql = (
            "SELECT max(coalesce((SELECT max(id) FROM papers), 0), "
            "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'papers'), 0)) + 1"
        )
        content = self._content(paper, self._number(sql))
        taken = "SELECT 1 FROM papers WHERE key = ? UNION ALL SELECT 1 FROM paper_aliases WHERE key = ?"
        if not _KEY.fullmatch(content.key) or self._number(taken, content.key, content.key):
            assign_keys(self._writer, [content])
        self._writer.execute(_INSERT_PAPER, content.values())
        for table, column, values in (
            ("former_titles", "title_fold", paper.former_titles),
            ("further_dois", "doi", paper.further_dois),
        ):
            sql = f"INSERT INTO {table} (paper_id, {column}) VALUES (?, ?)"
            self._writer.executemany(sql, [(content.id, value) for value in values])
        return content.id

    def _absorb(self, paper: TransferPaper, paper_id: int) -> None:
        """Give a paper that is here what the other knows better."""
        kept = load_papers(self._writer, (paper_id,))[paper_id]
        stored = kept.values()
        other = self._content(paper, paper_id)
        if kept.arxiv_id is None and self._number("SELECT id FROM papers WHERE arxiv_id = ?", other.arxiv_id):
            other.arxiv_id = None
        absorb(kept, other)
        update_paper(self._writer, kept, stored)
        keep_dois(self._writer, kept, [doi for doi in (paper.doi, *paper.further_dois) if doi])

    def _take_aliases(self, paper: TransferPaper, paper_id: int) -> None:
        """Every key that led to the paper leads to it here, and its citation key stays its own."""
        for key in (paper.key, *paper.aliases):
            if _KEY.fullmatch(key):
                self._writer.execute(
                    "INSERT INTO paper_aliases (key, paper_id) SELECT :key, :paper WHERE NOT EXISTS "
                    "(SELECT 1 FROM papers WHERE key = :key UNION ALL SELECT 1 FROM paper_aliases WHERE key = :key)",
                    {"key": key, "paper": paper_id},
                )
        if paper.citation_key:
            self._writer.execute(
                "INSERT OR IGNORE INTO citation_keys (paper_key, citation_key) SELECT key, ? FROM papers WHERE id = ?",
                (paper.citation_key, paper_id),
            )

    def _take_sightings(self, paper: TransferPaper, paper_id: int) -> None:
        """Where it was seen, of listings that came with this transfer."""
        self._writer.executemany(
            "INSERT INTO sightings (listing_id, position, paper_id, first_line, last_line, comments, upvotes, "
            "submitted_by, published_shown) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(self._listings[seen.listing], seen.position, paper_id, seen.lines.first, seen.lines.last),
                    *(seen.comments, seen.upvotes, seen.submitted_by, seen.published_shown),
                )
                for seen in paper.sightings
                if seen.listing in self._listings
            ],
        )

    # Annotations

    def _take_state(self, paper: TransferPaper, paper_id: int) -> None:
        """State, star, burial and having been seen; the state here stays unless it is inbox."""
        if paper.seen_at is not None:
            imported = paper.imported_as_seen
            if imported is None:
                imported = paper.seen_at == paper.first_seen
            sql = "INSERT OR IGNORE INTO seen (paper_id, seen_at, imported) VALUES (?, ?, ?)"
            self._writer.execute(sql, (paper_id, paper.seen_at, int(imported)))
        given = (paper.state, paper.state_changed, paper.starred, paper.starred_changed, paper.buried_until)
        if given == (PaperState.INBOX, None, False, None, None):
            return
        values = (given[0].value, given[1], int(given[2]), *given[3:])
        row = self._writer.execute("SELECT state, starred FROM states WHERE paper_id = ?", (paper_id,)).fetchone()
        if row is None:
            sql = (
                "INSERT INTO states (state, changed, starred, starred_changed, buried_until, paper_id) "
                "VALUES (?, ?, ?, ?, ?, ?)"
            )
            self._writer.execute(sql, (*values, paper_id))
        else:
            if row[0] == PaperState.INBOX.value and values[0] != row[0]:
                sql = "UPDATE states SET state = ?, changed = ? WHERE paper_id = ?"
                self._writer.execute(sql, (*values[:2], paper_id))
            if values[2] and not row[1]:
                sql = "UPDATE states SET starred = 1, starred_changed = ? WHERE paper_id = ?"
                self._writer.execute(sql, (values[3], paper_id))
        state = self._writer.execute("SELECT state FROM states WHERE paper_id = ?", (paper_id,)).fetchone()[0]
        if state == PaperState.QUEUED.value:
            self._queued.append((paper.queue_position or 2**40, paper_id))

    def _take_tags(self, paper: TransferPaper, paper_id: int) -> None:
        rows = [(paper_id, tag_id, self._writer.now) for name in paper.tags if (tag_id := self._tag_id(name))]
        self._writer.executemany("INSERT OR IGNORE INTO paper_tags (paper_id, tag_id, created) VALUES (?, ?, ?)", rows)

    def _take_note(self, paper: TransferPaper, paper_id: int) -> None:
        """A note; behind the one that is here, unless that contains it."""
        note = paper.note
        if note is None or not note.text.strip():
            return
        sql = "SELECT text, created FROM notes WHERE paper_id = ?"
        row = self._writer.execute(sql, (paper_id,)).fetchone()
        if row is not None and note.text.strip() in row[0]:
            return
        text = note.text if row is None else f"{row[0].rstrip()}\n\n---\n\n{note.text.lstrip()}"
        changed = note.changed if row is None else self._writer.now
        sql = "INSERT INTO note_revisions (paper_key, text, created) SELECT key, ?, ? FROM papers WHERE id = ?"
        revision = self._writer.execute(sql, (text, changed, paper_id)).lastrowid
        if row is None:
            sql = "INSERT INTO notes (paper_id, text, revision, created, changed) VALUES (?, ?, ?, ?, ?)"
            self._writer.execute(sql, (paper_id, text, revision, note.created, changed))
        else:
            sql = "UPDATE notes SET text = ?, revision = ?, changed = ? WHERE paper_id = ?"
            self._writer.execute(sql, (text, revision, changed, paper_id))

    def _take_highlight(self, highlight: Highlight, paper: PaperContent, former: str) -> None:
        """A highlight, under its own id if no highlight ever had that here; unplaced where the text is another."""
        if highlight.target not in {"title", "abstract"}:
            return
        label = self._label_id(highlight.label)
        same = (
            "SELECT id FROM highlights WHERE paper_id = ? AND target = ? AND exact = ? AND created = ? "
            "AND +label_id = ?"  # the plus keeps SQLite from searching by label, of which there are few
        )
        if self._number(same, paper.id, highlight.target, highlight.exact, highlight.created, label):
            return
        place = self._place(highlight, getattr(paper, highlight.target), former)
        self._writer.execute(
            'INSERT INTO highlights (id, paper_id, target, start, "end", exact, prefix, suffix, approximate, '
            "label_id, comment, created, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(self._free_id(highlight.id), paper.id, highlight.target),
                *(*place[:2], highlight.exact, *place[2:], label, highlight.comment),
                *(highlight.created, highlight.changed),
            ),
        )

    def _place(self, highlight: Highlight, text: str, former: str) -> tuple[int | str | None, ...]:
        """Where a highlight of the text ``former`` stands in this one, as stored."""
        quote = Quote(highlight.exact, highlight.prefix, highlight.suffix, highlight.start, highlight.end)
        placed = place_quote(text, quote)
        if placed is None and text == former and highlight.start is not None and highlight.end is not None:
            placed = Placed(highlight.start, highlight.end, highlight.approximate)
        elif placed is None:
            placed = place_quote(text, quote, former)
        return place_columns(text, placed) or (None, None, highlight.prefix, highlight.suffix, 0)

    def _free_id(self, highlight_id: int) -> int | None:
        """A highlight's id if none here ever had it (undo may bring deleted ones back); None for a new one."""
        if not self._last_highlight < highlight_id <= _HIGHEST_ID:
            return None
        taken = self._number("SELECT id FROM highlights WHERE id = ?", highlight_id)
        return None if taken else highlight_id
