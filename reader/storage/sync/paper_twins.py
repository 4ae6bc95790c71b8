"""Twins: papers that arrive and are the same as others by the rule of identity, although their uids differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reader.domain.identity import Identity
from reader.domain.stubs import address_fold
from reader.storage.content import PaperContent
from reader.storage.identity import KnownPapers, content_identity
from reader.storage.sync.families import Work
from reader.storage.sync.paper_classes import PaperClass, classes_of, parted
from reader.storage.sync.paper_rows import next_paper, paper_cell
from reader.storage.sync.paper_values import content_of, renamed
from reader.storage.writer import text_list

_WITH_ARXIV = "SELECT arxiv_id, id FROM papers WHERE arxiv_id IN (SELECT value FROM json_each(?))"


def conflicts(work: Work, classes: Sequence[PaperClass]) -> list[PaperClass]:
    """Those classes that are here whose arXiv id another paper has."""
    wanting = [each for each in classes if each.rows and each.value.get("arxiv_id")]
    given = text_list(each.value["arxiv_id"] for each in wanting)
    found = dict(work.writer.execute(_WITH_ARXIV, (given,)).fetchall()) if wanting else {}
    return [each for each in wanting if found.get(each.value["arxiv_id"]) not in (None, *each.rows.values())]


class Twins:
    """Finds out which papers that arrive are the same as others, here or among those that arrive."""

    def __init__(self, work: Work, arriving: Sequence[PaperClass], conflicting: Sequence[PaperClass]) -> None:
        """``arriving`` have no rows; ``conflicting`` have rows, but arXiv ids that others have."""
        self._work = work
        self._arriving, self._conflicting = arriving, conflicting
        every = (*arriving, *conflicting)
        first = next_paper(work.writer)
        self._contents = {
            each.root: renamed(content_of(each.value), number, each.value["key"])
            for number, each in enumerate(every, start=first)
        }
        self._identities = {each.root: _identity(each, self._contents[each.root]) for each in every}
        self._known = KnownPapers(work.writer, list(self._identities.values()))
        self._parted = parted(work, [uid for each in every for uid in each.members])
        self._pointers: dict[str, str] = {}

    def join(self) -> list[str]:
        """Say of all twins that they are the same; their uids."""
        pairs = self._find()
        rows = {row for _, row in pairs}
        uids = self._work.uids_of("paper", rows)
        here = {uid: each for each in classes_of(self._work, uids.values()) for uid in each.members}
        others = {row: here[uid] for row, uid in uids.items() if uid in here}
        others |= {self._contents[each.root].id: each for each in self._arriving}
        apart = parted(self._work, {uid for each in others.values() for uid in each.members})
        classes = {each.root: each for each in (*others.values(), *self._conflicting)}
        for papers, row in pairs:
            if row in others and not apart.intersection(others[row].members):
                self._point(classes[self._kept(papers.root)], classes[self._kept(others[row].root)])
        for lesser, greater in self._pointers.items():
            self._work.write(paper_cell(lesser, "same"), greater)
        return [*self._pointers.keys(), *self._pointers.values()]

    def _find(self) -> list[tuple[PaperClass, int]]:
        """Classes with the rows of their twins: rows that are here, or those that others that arrive will have."""
        pairs = []
        for each in (*self._arriving, *self._conflicting):
            content = self._contents[each.root]
            if not self._parted.intersection(each.members):
                found = self._known.find(self._identities[each.root], content.abstract)
                if found is not None and found.id not in each.rows.values():
                    pairs.append((each, found.id))
                    continue
            if not each.rows:
                self._known.add(content)
        return pairs

    def _kept(self, root: str) -> str:
        while root in self._pointers:
            root = self._pointers[root]
        return root

    def _point(self, one: PaperClass, other: PaperClass) -> None:
        """Have the lesser of two classes point to the greater."""
        if one.root != other.root:
            greater, lesser = sorted((one, other), key=_precedence)
            self._pointers[lesser.root] = greater.root


def _precedence(papers: PaperClass) -> tuple[int, str, str]:
    """Of several classes the first is kept: what identifies it better, else what was seen first, else the smaller uid.

    A paper of which only the title is known may be found to be one of several by several devices. As it is the one that
    points, those do not become one.
    """
    value = papers.value
    facts = 4 * ("arxiv_id" in value) + 2 * ("doi" in value) + ("authors" in value and "published" in value)
    return -facts, value.get("first_seen", ""), papers.root


def _identity(papers: PaperClass, content: PaperContent) -> Identity:
    """A class's identity, as a record's that a listing shows."""
    identity = content_identity(content, papers.value.get("further_dois", ()))
    return replace(identity, address=address_fold(content.url))
