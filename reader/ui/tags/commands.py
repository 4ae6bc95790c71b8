"""The commands on tags: putting them on papers, going to them, and renaming, joining, deleting them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from reader.domain.annotations import Tag, check_color, check_tag_name
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.tagging import TagRename
from reader.services.typesetting import shown_line
from reader.ui.appearance import Appearance
from reader.ui.command_runner import Act
from reader.ui.navigation import ViewNavigator
from reader.ui.overlays.palette import Palette, PaletteItem
from reader.ui.overlays.prompt import Prompt
from reader.ui.panes import Panes
from reader.ui.repeating import Repeating, Way
from reader.ui.tags.editor import TagEditor
from reader.ui.wording import counted, joined
from reader.ui.workspace import Outcome, Workspace

_UNDO_HINT = "  ·  u undoes"


class TagCommands(QObject):
    """Tags of the selected papers, and of the library."""

    def __init__(
        self,
        workspace: Workspace,
        panes: Panes,
        navigator: ViewNavigator,
        appearance: Appearance,
        repeating: Repeating,
        window: QWidget,
    ) -> None:
        """Keeps the left pane's tags up to date, too; ``repeating`` is told how to tag other papers alike."""
        super().__init__(workspace)
        self._workspace = workspace
        self._library = workspace.library
        self._panes = panes
        self._navigator = navigator
        self._appearance = appearance
        self._repeating = repeating
        self._window = window
        self._tags: tuple[Tag, ...] = ()
        workspace.counts_read.connect(self._read_tags)

    def acts(self) -> dict[str, Act]:
        """The commands carried out here."""
        favorites = {f"tag.favorite_{number}": partial(self._toggle_favorite, number) for number in range(1, 10)}
        return favorites | {
            "tag.edit": self.edit,
            "tag.clear_favorites": self._clear_favorites,
            "go.tags": self._go_to_tags,
            "tag.rename": partial(self._with_tag, "Rename which tag?", self._ask_name),
            "tag.merge": partial(self._with_tag, "Merge which tag?", self._ask_target),
            "tag.delete": partial(self._with_tag, "Delete which tag?", self._delete),
            "tag.color": partial(self._with_tag, "Colour of which tag?", self._ask_color),
            "tag.describe": partial(self._with_tag, "Describe which tag?", self._ask_description),
            "tag.number": partial(self._with_tag, "Number for which tag?", self._ask_number),
        }

    def edit(self) -> None:
        """Open the line in which the papers are tagged."""
        TagEditor(self._window, self._workspace, self._panes.papers.selected_paper_ids(), self._tagged)

    def _tagged(self, added: list[str], removed: list[str]) -> None:
        """What was done in the editor, all of it, can be done to other papers in one step."""
        self._repeating.remember(partial(self._change_like, added, removed))

    def _change_like(self, added: list[str], removed: list[str], ids: list[int]) -> None:
        self._workspace.perform(partial(self._library.change_tags, ids, add=added, remove=removed), said=_titled)

    def _toggle_favorite(self, number: int) -> None:
        way, ids = Way(), self._panes.papers.selected_paper_ids()
        self._workspace.perform(partial(_toggle_favorite, self._library, ids, number, way), said=_titled)
        self._repeating.remember(partial(self._favorite_like, number, way))

    def _favorite_like(self, number: int, way: Way, ids: list[int]) -> None:
        self._workspace.perform(partial(_set_favorite, self._library, ids, number, way), said=_titled)

    def _clear_favorites(self) -> None:
        self._clear_favorites_of(self._panes.papers.selected_paper_ids())
        self._repeating.remember(self._clear_favorites_of)

    def _clear_favorites_of(self, ids: list[int]) -> None:
        self._workspace.perform(partial(self._library.clear_favorite_tags, ids), said=_titled)

    def _go_to_tags(self) -> None:
        self._panes.set_focus_reading(False)
        if self._panes.sidebar.go_to_tags():
            self._panes.sidebar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._workspace.said.emit("No tags yet: t adds the first")

    # The tag to act on

    def _with_tag(self, question: str, act: Callable[[Tag], None]) -> None:
        """Act on the tag that is marked or shown; where there is none, ask which."""
        tag = self._tag_here()
        if tag is not None:
            act(tag)
        elif self._tags:
            self._choose(question, [(tag, partial(act, tag)) for tag in self._tags])
        else:
            self._workspace.said.emit("No tags yet: t adds the first")

    def _tag_here(self) -> Tag | None:
        panes = self._panes
        row = panes.sidebar_model.row(panes.sidebar.currentIndex().row()) if panes.sidebar.hasFocus() else None
        view = row.view if row is not None else self._navigator.view
        if view is None or view.kind is not ViewKind.TAG:
            return None
        return next((tag for tag in self._tags if tag.name == view.tag), None)

    def _choose(self, question: str, tags: Sequence[tuple[Tag, Act]]) -> None:
        self._offer(
            question,
            [
                PaletteItem(
                    shown_line(tag.name, 100),
                    joined((counted(tag.paper_count, "paper"), shown_line(tag.description, 100))),
                    str(tag.favorite or ""),
                    act,
                )
                for tag, act in tags
            ],
        )

    def _offer(self, question: str, items: Sequence[PaletteItem]) -> None:
        look = self._appearance.look
        palette = Palette(self._window, items, look.theme, look.typography)
        palette.setAccessibleName(question)
        palette.edit.setAccessibleName(question)
        palette.edit.setPlaceholderText(question)

    # What can be done with it

    def _ask_name(self, tag: Tag) -> None:
        Prompt(
            self._window,
            f"Rename “{shown_line(tag.name, 80)}”",
            tag.name,
            check=partial(_complaint, check_tag_name),
            answered=partial(self._preview_rename, tag),
            hint="Tags below it move along; a name that another tag has joins the two",
        )

    def _preview_rename(self, tag: Tag, name: str) -> None:
        preview = partial(self._library.preview_tag_rename, tag.name, name)
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
        self._offer(
            f"“{shown_line(name, 80)}” is there already",
            [
                PaletteItem(words, f"{counted(papers, 'paper')} to move", "", rename),
                PaletteItem("Leave it", "", "", _leave),
            ],
        )

    def _rename(self, tag: Tag, name: str) -> None:
        self._change_tag(tag, partial(self._library.rename_tag, tag.name, name), check_tag_name(name))

    def _ask_target(self, tag: Tag) -> None:
        others = [other for other in self._tags if other.id != tag.id]
        if not others:
            self._workspace.said.emit("There is no other tag to merge it into")
            return
        question = f"Merge “{shown_line(tag.name, 60)}” ({counted(tag.paper_count, 'paper')}) into …"
        self._choose(question, [(other, partial(self._merge, tag, other)) for other in others])

    def _merge(self, tag: Tag, into: Tag) -> None:
        self._change_tag(tag, partial(self._library.merge_tags, tag.name, into.name), into.name)

    def _delete(self, tag: Tag) -> None:
        self._change_tag(tag, partial(self._library.delete_tag, tag.name), None)

    def _ask_color(self, tag: Tag) -> None:
        Prompt(
            self._window,
            f"Colour of “{shown_line(tag.name, 80)}”",
            tag.color or "",
            check=partial(_complaint, _check_color_or_none),
            answered=partial(self._set_color, tag),
            hint="Such as #6c99bb; nothing takes the colour away",
        )

    def _set_color(self, tag: Tag, color: str) -> None:
        self._workspace.perform(partial(self._library.set_tag_color, tag.name, color or None), said=_titled)

    def _ask_description(self, tag: Tag) -> None:
        Prompt(
            self._window,
            f"What “{shown_line(tag.name, 80)}” is for",
            tag.description,
            check=_anything,
            answered=partial(self._describe, tag),
        )

    def _describe(self, tag: Tag, text: str) -> None:
        self._workspace.perform(partial(self._library.set_tag_description, tag.name, text), said=_titled)

    def _ask_number(self, tag: Tag) -> None:
        Prompt(
            self._window,
            f"Number for “{shown_line(tag.name, 80)}”",
            str(tag.favorite or ""),
            check=_number_complaint,
            answered=partial(self._set_number, tag),
            hint="1 to 9: that key then puts it on and takes it off. Nothing takes the number away",
        )

    def _set_number(self, tag: Tag, number: str) -> None:
        change = partial(self._library.set_favorite_tag, tag.name, int(number) if number else None)
        self._workspace.perform(change, said=_titled)

    def _change_tag(self, tag: Tag, change: Callable[[], Outcome], goes_to: str | None) -> None:
        self._workspace.perform(change, said=_titled, then=partial(self._follow, tag.name, goes_to))

    def _follow(self, name: str, goes_to: str | None, outcome: Outcome) -> None:
        """The view of a tag that is gone gives way to the tag it became, or to all papers."""
        view = self._navigator.view
        if outcome and view is not None and view.kind is ViewKind.TAG and f"{view.tag}/".startswith(f"{name}/"):
            below = view.tag[len(name) :]
            self._navigator.open(View(ViewKind.TAG, tag=goes_to + below) if goes_to else View(ViewKind.ALL))

    def _read_tags(self) -> None:
        self._workspace.tasks.read(self._library.tags, self._show_tags)

    def _show_tags(self, tags: list[Tag]) -> None:
        self._tags = tuple(tags)
        self._panes.sidebar_model.set_tags(tags)


def _toggle_favorite(library: Library, ids: list[int], number: int, way: Way) -> Change:
    """On the library thread; which way it went is kept for when it is repeated."""
    change = library.toggle_favorite_tag(ids, number)
    way.on = not change.title.startswith("untag")
    return change


def _set_favorite(library: Library, ids: list[int], number: int, way: Way) -> Change:
    """On the library thread: as it went then."""
    names = [tag.name for tag in library.favorite_tags() if tag.favorite == number]
    return library.add_tags(ids, names) if way.on else library.remove_tags(ids, names)


def _titled(change: object) -> str:
    title = str(getattr(change, "title", ""))
    return f"{title[:1].upper()}{title[1:]}{_UNDO_HINT}"


def _complaint(check: Callable[[str], object], text: str) -> str:
    try:
        check(text)
    except ReaderError as error:
        return str(error)
    return ""


def _check_color_or_none(color: str) -> None:
    if color.strip():
        check_color(color)


def _number_complaint(text: str) -> str:
    return "" if text in {"", *"123456789"} else "A number from 1 to 9, please."


def _anything(text: str) -> str:
    return ""


def _leave() -> None:
    """Nothing is to be done."""
