"""Links between the papers of a library in the notes of a vault.

In Lectern a link names a paper; in a vault it must name a file to work. A paper without a note in the vault is linked
to by its web page. See ``docs/decisions/0032-links-name-files-in-a-vault.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from reader.domain.folding import fold_title
from reader.domain.note_links import NoteLink, find_note_links
from reader.domain.papers import Paper
from reader.formats.export.note_links import LinkTarget, vault_link
from reader.formats.export.profiles import Profile
from reader.services.export.source import show
from reader.services.library.note_links import Lookup, meant_paper
from reader.storage.note_links import StoredNoteLinks

Targets = Callable[[int], LinkTarget | None]


class VaultLinks:
    """The links between papers in notes and comments, read once when this is created."""

    def __init__(self, stored: StoredNoteLinks) -> None:
        found = [(paper_id, find_note_links(text)) for paper_id, text in stored.linking_texts()]
        lookups = {lookup for _, links in found for link in links for lookup in link.lookups}
        self._named: Mapping[Lookup, int] = stored.papers_named(lookups) if lookups else {}
        self._linked: dict[int, set[int]] = {}
        for paper_id, links in found:
            meant = {meant_paper(link, self._named) for link in links}
            self._linked.setdefault(paper_id, set()).update(linked for linked in meant if linked is not None)

    @property
    def linked_ids(self) -> set[int]:
        """The ids of papers that others link to."""
        return {linked for ids in self._linked.values() for linked in ids}

    def digest(self, paper_id: int, targets: Targets) -> str:
        """A hash of the targets of a paper's links; empty without links."""
        linked = sorted(self._linked.get(paper_id, ()))
        if not linked:
            return ""
        return hashlib.sha256(repr([targets(other) for other in linked]).encode()).hexdigest()[:16]

    def written_for(self, paper: Paper, targets: Targets, profile: Profile, path: str) -> Paper:
        """A paper whose note and comments have their links written as in a note at ``path``."""

        def written(text: str) -> str:
            return self._written(text, targets, profile, path) if "[[" in text else text

        highlights = tuple(replace(mark, comment=written(mark.comment)) for mark in paper.highlights)
        return replace(paper, note=written(paper.note), highlights=highlights)

    def _written(self, text: str, targets: Targets, profile: Profile, path: str) -> str:
        pieces = []
        position = 0
        for link in find_note_links(text):
            paper_id = meant_paper(link, self._named)
            target = targets(paper_id) if paper_id is not None else None
            if target is not None:
                words = show(_words(link, target))
                pieces += [text[position : link.start], vault_link(words, target, profile, path)]
                position = link.end
        return "".join([*pieces, text[position:]])


def _words(link: NoteLink, target: LinkTarget) -> str:
    """The text of a link: the words after its ``|``, unless they belong to the title; otherwise the title."""
    is_title = fold_title(link.inner) == fold_title(target.title)
    return link.shown if "|" in link.inner and not is_title else target.title
