"""Tags: on papers, of the library, and completing their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from reader.domain.annotations import Tag, check_color, check_tag_name, fold_tag
from reader.domain.changes import Change, joined_title
from reader.domain.errors import NotFoundError
from reader.services.library.part import LibraryPart
from reader.services.library.tag_completion import complete_tags


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


class Tagging(LibraryPart):
    """All that can be done with tags. Names are compared case-folded; every change is one undoable step."""

    def tags(self) -> list[Tag]:
        """Every tag by name, with the number of papers that carry it."""
        return self._store.tags()

    def tag_named(self, name: str) -> Tag:
        """The tag of a name; :class:`NotFoundError` if there is none."""
        wanted = fold_tag(name.strip())
        for tag in self.tags():
            if fold_tag(tag.name) == wanted:
                return tag
        raise NotFoundError(f"There is no tag “{name}”.")

    def tags_on(self, paper_ids: Collection[int]) -> list[TagUse]:
        """The tags of a selection, those that all its papers share first, then those on most of them."""
        ids = set(paper_ids)
        counts = self._store.annotated.tag_counts(ids)
        tags = {tag.name: tag for tag in self.tags()} if counts else {}
        uses = [TagUse(tags[name], count, count == len(ids)) for name, count in counts.items() if name in tags]
        return sorted(uses, key=lambda use: -use.count)

    def complete_tag(self, typed: str, *, leave_out: Iterable[str] = (), limit: int = 12) -> list[Tag]:
        """The tags that ``typed`` may mean, the likeliest first; without it, favourites and the most used."""
        return complete_tags(typed, self.tags(), leave_out=leave_out, limit=limit)

    # On papers

    def add_tags(self, paper_ids: Sequence[int], names: Sequence[str]) -> Change:
        """Put tags on papers, made where they do not exist.

        Raises :class:`~reader.domain.annotations.TagNameError`.
        """
        return self._store.add_tags(paper_ids, names)

    def remove_tags(self, paper_ids: Sequence[int], names: Sequence[str]) -> Change:
        """Take tags off papers."""
        return self._store.remove_tags(paper_ids, names)

    def change_tags(self, paper_ids: Sequence[int], *, add: Sequence[str], remove: Sequence[str]) -> Change:
        """Put tags on papers and take others off, in one step. A tag named for both is put on."""
        added = {fold_tag(name.strip()) for name in add}
        remove = [name for name in remove if fold_tag(name.strip()) not in added]
        with self._store.operation("") as operation:
            changes = [
                self._store.add_tags(paper_ids, add) if add else Change(""),
                self._store.remove_tags(paper_ids, remove) if remove else Change(""),
            ]
            operation.title = joined_title([change.title for change in changes if change])
        return operation.change

    def toggle_tag(self, paper_ids: Sequence[int], name: str) -> Change:
        """Put a tag on papers, or take it off if all of them carry it."""
        on_all = {fold_tag(use.tag.name) for use in self.tags_on(paper_ids) if use.is_on_all}
        change = self.remove_tags if fold_tag(name.strip()) in on_all else self.add_tags
        return change(paper_ids, [name])

    # Favourites

    def favorite_tags(self) -> list[Tag]:
        """The favourite tags by their number."""
        favorites = {tag.favorite: tag for tag in self.tags() if tag.favorite is not None}
        return [favorites[number] for number in sorted(favorites)]

    def toggle_favorite_tag(self, paper_ids: Sequence[int], number: int) -> Change:
        """Put the favourite tag of a number on papers, or take it off if all carry it.

        Raises :class:`NotFoundError` where no tag has the number.
        """
        for tag in self.favorite_tags():
            if tag.favorite == number:
                return self.toggle_tag(paper_ids, tag.name)
        raise NotFoundError(f"No tag has the number {number}; give one this number first.")

    def clear_favorite_tags(self, paper_ids: Sequence[int]) -> Change:
        """Take all favourite tags off papers."""
        return self._store.remove_tags(paper_ids, [tag.name for tag in self.favorite_tags()])

    # Of the library

    def preview_tag_rename(self, name: str, new_name: str) -> list[TagRename]:
        """What :meth:`rename_tag` would do to the tag and to those below it; raises as that does."""
        tag, new_name = self.tag_named(name), check_tag_name(new_name)
        tags = {fold_tag(other.name): other for other in self.tags()}
        fold, depth = fold_tag(tag.name), tag.name.count("/") + 1
        renames = []
        for other_fold, other in tags.items():
            if other_fold == fold or other_fold.startswith(f"{fold}/"):
                renamed = "/".join([new_name, *other.name.split("/")[depth:]])
                joined = tags.get(fold_tag(renamed))
                renames.append(TagRename(other, renamed, joined if joined is not other else None))
        return renames

    def rename_tag(self, name: str, new_name: str) -> Change:
        """Rename a tag and those below it, joined with tags that have the new names.

        Raises :class:`~reader.domain.annotations.TagNameError`, and :class:`NotFoundError` for a tag there is not.
        """
        return self._store.rename_tag(name, new_name)

    def merge_tags(self, name: str, into: str) -> Change:
        """Put a tag's papers under another tag and delete the first; what is below it moves along."""
        return self._store.merge_tags(name, into)

    def delete_tag(self, name: str) -> Change:
        """Delete a tag from the library; tags below it stay."""
        return self._store.delete_tag(name)

    def set_tag_color(self, name: str, color: str | None) -> Change:
        """Give a tag a colour (``#rrggbb``), or none."""
        return self._store.set_tag_color(name, None if color is None else check_color(color))

    def set_tag_description(self, name: str, description: str) -> Change:
        """Say what a tag is for."""
        return self._store.set_tag_description(name, description)

    def set_favorite_tag(self, name: str, number: int | None) -> Change:
        """Put a tag under a number from 1 to 9, which any other tag then loses, or under none."""
        return self._store.set_favorite_tag(name, number)
