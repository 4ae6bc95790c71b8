"""Links between notes: which papers they mean, which notes link to a paper, and completing one being typed.

A link names a paper by its key (a merged paper's old one too), its arXiv id, or its title, present or former. Where
several papers have one title, the oldest is meant; links that Lectern writes are then made by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reader.domain.annotations import PaperTitle
from reader.domain.errors import NotFoundError
from reader.domain.folding import fold_title
from reader.domain.note_links import LinkedBy, NoteLink, find_note_links, note_link, note_link_by_key
from reader.storage.note_links import StoredNoteLinks

_EXCERPT_LENGTH = 160
Lookup = tuple[LinkedBy, str]


@dataclass(frozen=True, slots=True)
class ResolvedLink:
    """A link in a note and the paper it means; None if it means none."""

    link: NoteLink
    paper: PaperTitle | None


@dataclass(frozen=True, slots=True)
class Backlink:
    """A paper whose note links to the one asked about, and the line in which it does so first."""

    paper: PaperTitle
    excerpt: str


class NoteLinks(StoredNoteLinks):
    """All that can be done with links between notes."""

    def resolve(self, text: str) -> list[ResolvedLink]:
        """The links of a note's text, in order, with the papers they mean."""
        links = find_note_links(text)
        named = self._named_by(links)
        ids = [meant_paper(link, named) for link in links]
        titles = self._store.papers.titles([paper_id for paper_id in ids if paper_id is not None])
        return [
            ResolvedLink(link, None if paper_id is None else titles.get(paper_id))
            for link, paper_id in zip(links, ids, strict=True)
        ]

    def backlinks(self, paper_id: int) -> list[Backlink]:
        """The papers whose notes link to this one, those whose note was changed last first."""
        names = self.names_of(paper_id)
        candidates = []
        for note in self._store.notes.all("[["):
            links = [link for link in find_note_links(note.text) if not names.isdisjoint(link.lookups)]
            if links and note.paper.id != paper_id:
                candidates.append((note, links))
        named = self._named_by(link for _, links in candidates for link in links)
        found = []
        for note, links in candidates:
            meant = next((link for link in links if meant_paper(link, named) == paper_id), None)
            if meant is not None:
                found.append(Backlink(note.paper, _line_around(note.text, meant)))
        return found

    def complete(self, typed: str, *, limit: int = 20) -> list[PaperTitle]:
        """The papers that a link being typed may mean: by key or arXiv id, then by parts of the title's words."""
        lookups = NoteLink(0, 0, typed.strip()).lookups
        exact = [lookup for lookup in lookups if lookup[0] is not LinkedBy.TITLE]
        ids = [*self.papers_named(exact).values()] if exact else []
        titles = self._store.papers.titles(ids)
        by_words = self.titles_holding(fold_title(typed).split(), limit)
        return list({paper.id: paper for paper in (*titles.values(), *by_words)}.values())[:limit]

    def link_to(self, paper_id: int) -> str:
        """The link to write to a paper: by its title, or by its key where the title means another paper."""
        paper = self._store.papers.titles([paper_id]).get(paper_id)
        if paper is None:
            raise NotFoundError("This paper is no longer in the library.")
        link = note_link(paper.title, paper.key)
        (resolved,) = self.resolve(link)
        return link if resolved.paper == paper else note_link_by_key(paper.title, paper.key)

    def _named_by(self, links: Iterable[NoteLink]) -> dict[Lookup, int]:
        """The papers that some links may name, by what they are looked up by."""
        return self.papers_named({lookup for link in links for lookup in link.lookups})


def meant_paper(link: NoteLink, named: Mapping[Lookup, int]) -> int | None:
    """The paper a link means: that of the first of its names that is one."""
    return next((named[lookup] for lookup in link.lookups if lookup in named), None)


def _line_around(text: str, link: NoteLink) -> str:
    """The line that a link stands in, or as much of it around the link as an excerpt holds."""
    start = text.rfind("\n", 0, link.start) + 1
    end = text.find("\n", link.end)
    line = text[start : end if end >= 0 else len(text)]
    if len(line) <= _EXCERPT_LENGTH:
        return line.strip()
    room = max(0, _EXCERPT_LENGTH - (link.end - link.start)) // 2
    first, last = max(0, link.start - start - room), link.end - start + room
    return f"{'…' if first else ''}{line[first:last].strip()}{'…' if last < len(line) else ''}"
