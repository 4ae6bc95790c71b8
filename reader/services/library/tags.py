"""Tags: on papers, of the library, and completing their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from reader.domain.annotations import Tag, check_tag_name, fold_tag
from reader.domain.changes import Change
from reader.domain.errors import NotFoundError
from reader.domain.step_titles import UNTITLED, StepTitle
from reader.services.library.tag_completion import complete_tags
from reader.storage.subject import changing, step
from reader.storage.tags import StoredTags


@dataclass(frozen=True, slots=True)
class TagUse:
    """A tag on a selection: ``count`` of its papers carry it, or all of them."""

    tag: Tag
    count: int
    is_on_all: bool


@dataclass(frozen=True, slots=True)
class TagRename:
    """What renaming one tag would do; ``joins`` is the tag it would become one with, if there is one of the name."""

    tag: Tag
    new_name: str
    joins: Tag | None


class Tags(StoredTags):
    """All that can be done with tags. Names are compared case-folded; every change is one undoable step."""

    def named(self, name: str) -> Tag:
        """The tag of a name; :class:`NotFoundError` if there is none."""
        wanted = fold_tag(name.strip())
        for tag in self.all():
            if fold_tag(tag.name) == wanted:
                return tag
        raise NotFoundError(f"There is no tag “{name}”.")

    def on(self, paper_ids: Collection[int]) -> list[TagUse]:
        """The tags of a selection, those that all its papers share first, then those on most of them."""
        ids = set(paper_ids)
        counts = self.counts_on(ids)
        tags = {tag.name: tag for tag in self.all()} if counts else {}
        uses = [TagUse(tags[name], count, count == len(ids)) for name, count in counts.items() if name in tags]
        return sorted(uses, key=lambda use: -use.count)

    def complete(self, typed: str, *, leave_out: Iterable[str] = (), limit: int = 12) -> list[Tag]:
        """The tags that ``typed`` may mean, the likeliest first; without it, favourites and the most used."""
        return complete_tags(typed, self.all(), leave_out=leave_out, limit=limit)

    # On papers

    @step
    def change(self, paper_ids: Sequence[int], *, add: Sequence[str], remove: Sequence[str]) -> StepTitle:
        """Put tags on papers and take others off, in one step. A tag named for both is put on."""
        added = {fold_tag(name.strip()) for name in add}
        remove = [name for name in remove if fold_tag(name.strip()) not in added]
        changes = [self.add(paper_ids, add)] if add else []
        if remove:
            changes.append(self.remove(paper_ids, remove))
        return sum((change.title for change in changes if change), UNTITLED)

    @changing
    def toggle(self, paper_ids: Sequence[int], name: str) -> Change:
        """Put a tag on papers, or take it off if all of them carry it."""
        on_all = {fold_tag(use.tag.name) for use in self.on(paper_ids) if use.is_on_all}
        change = self.remove if fold_tag(name.strip()) in on_all else self.add
        return change(paper_ids, [name])

    # Favourites

    def favorites(self) -> list[Tag]:
        """The favourite tags by their number."""
        favorites = {tag.favorite: tag for tag in self.all() if tag.favorite is not None}
        return [favorites[number] for number in sorted(favorites)]

    @changing
    def toggle_favorite(self, paper_ids: Sequence[int], number: int) -> Change:
        """Put the favourite tag of a number on papers, or take it off if all carry it.

        Raises :class:`NotFoundError` where no tag has the number.
        """
        for tag in self.favorites():
            if tag.favorite == number:
                return self.toggle(paper_ids, tag.name)
        raise NotFoundError(f"No tag has the number {number}; give one this number first.")

    @changing
    def clear_favorites(self, paper_ids: Sequence[int]) -> Change:
        """Take all favourite tags off papers."""
        return self.remove(paper_ids, [tag.name for tag in self.favorites()])

    # Of the library

    def preview_rename(self, name: str, new_name: str) -> list[TagRename]:
        """What :meth:`rename` would do to the tag and to those below it; raises as that does."""
        tag, new_name = self.named(name), check_tag_name(new_name)
        tags = {fold_tag(other.name): other for other in self.all()}
        fold, depth = fold_tag(tag.name), tag.name.count("/") + 1
        renames = []
        for other_fold, other in tags.items():
            if other_fold == fold or other_fold.startswith(f"{fold}/"):
                renamed = "/".join([new_name, *other.name.split("/")[depth:]])
                joined = tags.get(fold_tag(renamed))
                renames.append(TagRename(other, renamed, joined if joined is not other else None))
        return renames
