"""The commands on tags: putting them on papers, going to them, and showing them everywhere in the window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt

from reader.domain.annotations import Tag
from reader.domain.changes import Change, Field
from reader.domain.step_titles import StepKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import told
from reader.ui.paper_actions.repeat import Repeating, Way
from reader.ui.tags.editor import TagEditor
from reader.ui.tags.management import TagChanging

_NAME_LIMIT = 22


class TagCommands(Part):
    """Tags of the selected papers, and of the library."""

    def __init__(self, context: Context, repeating: Repeating) -> None:
        """``repeating`` is told how to tag other papers alike, the context's runner what the favourites are called."""
        super().__init__(context)
        self._repeating = repeating
        self._changing = TagChanging(context)
        self._workspace.reading_all.connect(self._read_tags)
        self._workspace.changes_of(Field.TAGS, Field.PAPER_TAGS).connect(self._read_tags)

    def acts(self) -> Acts:
        """The commands carried out here."""
        favorites = {f"tag.favorite_{number}": partial(self._toggle_favorite, number) for number in range(1, 10)}
        return favorites | {
            "tag.edit": self.edit,
            "tag.clear_favorites": self._clear_favorites,
            "go.tags": self._go_to_tags,
        }

    def edit(self) -> None:
        """Open the line in which the papers are tagged; on a tag of the left pane, what can be done with that."""
        if self._panes.sidebar.hasFocus() and self._changing.open_menu():
            return
        ids = self._panes.papers.selected_paper_ids()
        TagEditor(self._window, self._workspace, ids, self._appearance.look, self._tagged)

    def _tagged(self, added: list[str], removed: list[str]) -> None:
        """What was done in the editor, all of it, can be done to other papers in one step."""
        self._repeating.remember(partial(self._change_like, added, removed))

    def _change_like(self, added: list[str], removed: list[str], ids: list[int]) -> None:
        self._workspace.perform(partial(self._library.tags.change, ids, add=added, remove=removed), said=told)

    def _toggle_favorite(self, number: int) -> None:
        way, ids = Way(), self._panes.papers.selected_paper_ids()
        self._workspace.perform(partial(_toggle_favorite, self._library, ids, number, way), said=told)
        self._repeating.remember(partial(self._favorite_like, number, way))

    def _favorite_like(self, number: int, way: Way, ids: list[int]) -> None:
        self._workspace.perform(partial(_set_favorite, self._library, ids, number, way), said=told)

    def _clear_favorites(self) -> None:
        self._clear_favorites_of(self._panes.papers.selected_paper_ids())
        self._repeating.remember(self._clear_favorites_of)

    def _clear_favorites_of(self, ids: list[int]) -> None:
        self._workspace.perform(partial(self._library.tags.clear_favorites, ids), said=told)

    def _go_to_tags(self) -> None:
        self._panes.set_focus_reading(False)
        if self._panes.sidebar.go_to_tags():
            self._panes.sidebar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._say("No tags yet: {tag.edit} adds one")

    def _read_tags(self) -> None:
        self._workspace.tasks.read(self._library.tags.all, self._show_tags)

    def _show_tags(self, tags: list[Tag]) -> None:
        self._changing.tags = tuple(tags)
        self._panes.sidebar_model.set_tags(tags)
        self._panes.set_tag_colors({tag.name: tag.color for tag in tags if tag.color})
        names = {tag.favorite: tag.name for tag in tags if tag.favorite is not None}
        for number in range(1, 10):
            name = shown_line(names[number], _NAME_LIMIT) if number in names else ""
            self._runner.set_title(f"tag.favorite_{number}", f"Favourite tag {number}: {name}" if name else "")


def _toggle_favorite(library: Library, ids: list[int], number: int, way: Way) -> Change:
    """On the library thread; which way it went is kept for when it is repeated."""
    change = library.tags.toggle_favorite(ids, number)
    way.on = change.title.kind is not StepKind.UNTAGGED
    return change


def _set_favorite(library: Library, ids: list[int], number: int, way: Way) -> Change:
    """On the library thread: as it went then."""
    names = [tag.name for tag in library.tags.favorites() if tag.favorite == number]
    return library.tags.add(ids, names) if way.on else library.tags.remove(ids, names)
