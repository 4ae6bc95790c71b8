"""What can be done with a tag of the library: rename, merge, delete, colour, describe, number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from reader.domain.annotations import Tag, check_tag_name
from reader.domain.views import View, ViewKind
from reader.services.latex_to_unicode import shown_line
from reader.services.library.tags import TagRename
from reader.ui.app.context import Context
from reader.ui.app.workspace import Outcome
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Act, Acts
from reader.ui.look.wording import counted, joined, told
from reader.ui.overlays.prompt import check_digit
from reader.ui.tags.color_choice import ColorChoosing
from reader.ui.tags.colors import SUGGESTED


class TagChanging(ColorChoosing):
    """Changes the tag that is marked in the left pane, or shown; where there is none, it asks which."""

    def __init__(self, context: Context) -> None:
        """Questions open over the context's window."""
        super().__init__(context)
        self.tags: tuple[Tag, ...] = ()
        """Every tag, as last read."""

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "tag.rename": partial(self._with_tag, "Rename which tag?", self._ask_name),
            "tag.merge": partial(self._with_tag, "Merge which tag?", self._ask_target),
            "tag.delete": partial(self._with_tag, "Delete which tag?", self._delete),
            "tag.color": partial(self._with_tag, "Colour of which tag?", self._ask_color_of),
            "tag.describe": partial(self._with_tag, "Describe which tag?", self._ask_description),
            "tag.number": partial(self._with_tag, "Number of which tag?", self._ask_number),
        }

    def open_menu(self) -> bool:
        """Offer what can be done with the tag marked in the left pane; False if none is."""
        tag = self._tag_here()
        if tag is None:
            return False
        name = shown_line(tag.name, 80)
        below = sum(other.name.startswith(f"{tag.name}/") for other in self.tags)
        papers = counted(tag.paper_count, "paper")
        self._ask_which(
            f"Change the tag “{name}”",
            [
                PaletteItem(
                    "Rename…", f"and {counted(below, 'tag')} below it" if below else "", partial(self._ask_name, tag)
                ),
                PaletteItem("Merge…", "Put its papers under another tag", partial(self._ask_target, tag)),
                PaletteItem("Colour…", _color_name(tag.color), partial(self._ask_color_of, tag), color=tag.color or ""),
                PaletteItem("Describe…", shown_line(tag.description, 100), partial(self._ask_description, tag)),
                PaletteItem("Number…", f"{tag.favorite or 'none'}", partial(self._ask_number, tag)),
                PaletteItem(
                    "Delete", f"from {papers}; {self._runner.told_keys('edit.undo')} undoes", partial(self._delete, tag)
                ),
            ],
        )
        return True

    def _with_tag(self, question: str, act: Callable[[Tag], None]) -> None:
        """Act on the tag that is marked or shown; where there is none, ask which."""
        tag = self._tag_here()
        if tag is not None:
            act(tag)
        elif self.tags:
            self._choose(question, [(tag, partial(act, tag)) for tag in self.tags])
        else:
            self._say("No tags yet: {tag.edit} adds one")

    def _tag_here(self) -> Tag | None:
        panes = self._panes
        row = panes.sidebar_model.row(panes.sidebar.currentIndex().row()) if panes.sidebar.hasFocus() else None
        view = row.view if row is not None else self._navigator.view
        if view is None or view.kind is not ViewKind.TAG:
            return None
        return next((tag for tag in self.tags if tag.name == view.tag), None)

    def _choose(self, question: str, tags: Sequence[tuple[Tag, Act]]) -> None:
        self._ask_which(
            question,
            [
                PaletteItem(
                    shown_line(tag.name, 100),
                    joined((counted(tag.paper_count, "paper"), shown_line(tag.description, 100))),
                    act,
                    keys=str(tag.favorite or ""),
                )
                for tag, act in tags
            ],
        )

    def _ask_name(self, tag: Tag) -> None:
        hint = "Tags below it are renamed, too; the name of another tag merges the two"
        renamed = partial(self._preview_rename, tag)
        self._ask(f"Rename “{shown_line(tag.name, 80)}”", tag.name, renamed, check=check_tag_name, hint=hint)

    def _preview_rename(self, tag: Tag, name: str) -> None:
        preview = partial(self._library.tags.preview_rename, tag.name, name)
        self._workspace.tasks.write(preview, partial(self._confirm_rename, tag, name))

    def _confirm_rename(self, tag: Tag, name: str, renames: list[TagRename]) -> None:
        rename = partial(self._rename, tag, name)
        joins = [each for each in renames if each.joins is not None]
        if not joins:
            rename()
            return
        papers = sum(each.tag.paper_count for each in joins)
        into = joins[0].joins.name if joins[0].joins is not None else name
        words = f"Merge into “{shown_line(into, 80)}”" + (f" and {len(joins) - 1:,} more" if len(joins) > 1 else "")
        self._ask_which(
            f"“{shown_line(name, 80)}” already exists",
            [
                PaletteItem(words, f"{counted(papers, 'paper')} to move", rename),
                PaletteItem("Cancel", "", _leave),
            ],
        )

    def _rename(self, tag: Tag, name: str) -> None:
        self._change_tag(tag, partial(self._library.tags.rename, tag.name, name), check_tag_name(name))

    def _ask_target(self, tag: Tag) -> None:
        others = [other for other in self.tags if other.id != tag.id]
        if not others:
            self._say("No other tag to merge into")
            return
        question = f"Merge “{shown_line(tag.name, 60)}” ({counted(tag.paper_count, 'paper')}) into …"
        self._choose(question, [(other, partial(self._merge, tag, other)) for other in others])

    def _merge(self, tag: Tag, into: Tag) -> None:
        self._change_tag(tag, partial(self._library.tags.merge, tag.name, into.name), into.name)

    def _delete(self, tag: Tag) -> None:
        self._change_tag(tag, partial(self._library.tags.delete, tag.name), None)

    def _ask_color_of(self, tag: Tag) -> None:
        chosen = partial(self._set_color, tag)
        self._ask_color(shown_line(tag.name, 80), tag.color or "", chosen, can_be_none=True)

    def _set_color(self, tag: Tag, color: str) -> None:
        self._workspace.perform(partial(self._library.tags.set_color, tag.name, color or None), said=told)

    def _ask_description(self, tag: Tag) -> None:
        self._ask(f"Description of “{shown_line(tag.name, 80)}”", tag.description, partial(self._describe, tag))

    def _describe(self, tag: Tag, text: str) -> None:
        self._workspace.perform(partial(self._library.tags.set_description, tag.name, text), said=told)

    def _ask_number(self, tag: Tag) -> None:
        question, number = f"Number for “{shown_line(tag.name, 80)}”", str(tag.favorite or "")
        hint = "A digit from 1 to 9. Leave empty to remove the number."
        self._ask(question, number, partial(self._set_number, tag), check=check_digit, hint=hint)

    def _set_number(self, tag: Tag, number: str) -> None:
        change = partial(self._library.tags.set_favorite, tag.name, int(number) if number else None)
        self._workspace.perform(change, said=told)

    def _change_tag(self, tag: Tag, change: Callable[[], Outcome], goes_to: str | None) -> None:
        if goes_to is not None:
            self._panes.sidebar.expect_tag(tag.name, goes_to)
        self._workspace.perform(change, said=told, then=partial(self._follow, tag.name, goes_to))

    def _follow(self, name: str, goes_to: str | None, outcome: Outcome) -> None:
        """The view of a tag that is gone gives way to the tag it became, or to all papers."""
        view = self._navigator.view
        if outcome and view is not None and view.kind is ViewKind.TAG and f"{view.tag}/".startswith(f"{name}/"):
            below = view.tag[len(name) :]
            self._navigator.open(View(ViewKind.TAG, tag=goes_to + below) if goes_to else View(ViewKind.ALL))


def _color_name(color: str | None) -> str:
    return next((name for name, one in SUGGESTED.items() if one == color), color or "none")


def _leave() -> None:
    """Nothing is to be done."""
