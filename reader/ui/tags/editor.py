"""The line in which papers are tagged: type a few letters, Enter; what the papers carry already stands above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from reader.domain.annotations import MAXIMUM_TAG_LENGTH, Tag, TagNameError, check_tag_name, fold_tag
from reader.services.latex_to_unicode import shown_line
from reader.services.library.tag_completion import complete_tags
from reader.services.library.tags import TagUse
from reader.ui.app.workspace import Outcome, Workspace
from reader.ui.commands.key_events import ENTER_KEYS, is_key_press
from reader.ui.commands.palette import PaletteItem, PaletteModel, palette_list
from reader.ui.detail.document import Look
from reader.ui.look.labels import plain_label, text_line
from reader.ui.look.style_sheet import restyle
from reader.ui.look.wording import counted, joined, told
from reader.ui.overlays.overlay import Overlay
from reader.ui.tags.chips import TagChips

_SHOWN = 8
_HINT = "Enter adds, Tab adds and stays, Ctrl+Enter adds as typed, Backspace removes the last tag"


class TagEditor(Overlay):
    """Puts tags on papers and takes them off; each is one step."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        paper_ids: Sequence[int],
        look: Look,
        tagged: Callable[[list[str], list[str]], None],
    ) -> None:
        """Opens at once; the tags are read meanwhile. ``tagged`` gets what was added and removed so far."""
        papers = "this paper" if len(paper_ids) == 1 else counted(len(paper_ids), "paper")
        super().__init__(window, f"Tags of {papers}", width=520, height=400)
        self._workspace = workspace
        self._paper_ids = list(paper_ids)
        self._tagged = tagged
        self._added: dict[str, str] = {}
        self._removed: dict[str, str] = {}
        self._tags: list[Tag] | None = None
        self._uses: list[TagUse] = []
        self._names: list[str] = []
        self._waiting: Callable[[], None] | None = None
        self._is_gone = False
        self.closed.connect(self._leave)
        self.add_heading(f"Tags of {papers}")
        self.carried = TagChips(look)
        self.edit = text_line("Tag", MAXIMUM_TAG_LENGTH, placeholder="Tag, or upper/lower")
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._complete)
        self.model = PaletteModel((), self)
        self.list = palette_list("Tags that fit", self.model, look)
        self.list.clicked.connect(self._add_clicked)
        self.complaint = plain_label(_HINT, quiet=True, wrap=True)
        self.add(self.carried, self.edit, self.list, self.complaint, grows=self.list)
        self.open(self.edit)
        self._read()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows choose a completion, Enter and Tab add, Backspace on nothing takes off."""
        if watched is self.edit and is_key_press(event):
            return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in ENTER_KEYS | {Qt.Key.Key_Tab}:
            self._when_read(partial(self._enter, as_typed=control, stay=key == Qt.Key.Key_Tab))
        elif key == Qt.Key.Key_Backspace and not self.edit.text() and not event.isAutoRepeat():
            self._when_read(self._remove_last)
        else:
            return False
        return True

    def _when_read(self, act: Callable[[], None]) -> None:
        """Do it now, or as soon as the tags are known."""
        if self._tags is None:
            self._waiting = act
        else:
            act()

    def _enter(self, *, as_typed: bool, stay: bool) -> None:
        typed, row = self.edit.text().strip(), self.list.currentIndex().row()
        if not typed and row < 0:
            if not stay:
                self.dismiss()
            return
        self._add(typed if as_typed or row < 0 else self._names[row], stay=stay)

    def _add_clicked(self, index: QModelIndex) -> None:
        self._add(self._names[index.row()], stay=True)

    def _add(self, name: str, *, stay: bool) -> None:
        try:
            name = check_tag_name(name)
        except TagNameError as error:
            self._complain(str(error))
            return
        self.edit.clear()
        self._tell(name, self._added, self._removed)
        self._change(partial(self._workspace.library.tags.add, self._paper_ids, [name]))
        if not stay:
            self.dismiss()

    def _remove_last(self) -> None:
        if self._uses:
            name = self._uses[-1].tag.name
            self._tell(name, self._removed, self._added)
            self._change(partial(self._workspace.library.tags.remove, self._paper_ids, [name]))

    def _tell(self, name: str, done: dict[str, str], undone: dict[str, str]) -> None:
        """Keep what was done last with a tag."""
        done[fold_tag(name)] = name
        undone.pop(fold_tag(name), None)
        self._tagged(list(self._added.values()), list(self._removed.values()))

    def _change(self, operation: Callable[[], Outcome]) -> None:
        self._tags = None
        self._workspace.perform(operation, said=told, then=self._changed, failed=self._read)

    def _changed(self, outcome: Outcome) -> None:
        self._read()

    def _leave(self) -> None:
        self._is_gone = True

    def _read(self) -> None:
        if self._is_gone:
            return
        library = self._workspace.library
        self._workspace.tasks.read(
            partial(_tags_and_uses, library.tags.all, library.tags.on, self._paper_ids), self._show
        )

    def _show(self, found: tuple[list[Tag], list[TagUse]]) -> None:
        if self._is_gone:
            return
        self._tags, uses = found
        known = [use.tag.id for use in self._uses]
        # What was there keeps its place, what has come stands at the end, to be the first that Backspace takes off.
        self._uses = sorted(uses, key=lambda use: known.index(use.tag.id) if use.tag.id in known else len(known))
        self.carried.show_uses(self._uses, len(self._paper_ids))
        self._complete(self.edit.text())
        act, self._waiting = self._waiting, None
        if act is not None:
            act()

    def _complete(self, typed: str) -> None:
        self._complain("")
        typed = typed.strip()
        on_all = {use.tag.name for use in self._uses if use.is_on_all}
        # What they carry is offered to nobody, but found: "dif" must not become a tag beside "diffusion".
        found = complete_tags(typed, self._tags or [], leave_out=() if typed else on_all, limit=_SHOWN)
        is_known = any(fold_tag(tag.name) == fold_tag(typed) for tag in self._tags or [])
        self._names = [tag.name for tag in found]
        items = [self._item(tag, is_there=tag.name in on_all) for tag in found]
        if typed and not is_known:
            self._names.append(typed)
            items.append(PaletteItem(f"New tag “{shown_line(typed, 80)}”", "", _chosen))
        self.model.show_found(items)
        if typed and items:
            begins = bool(found) and any(
                level.startswith(fold_tag(typed))
                for level in (fold_tag(found[0].name), *fold_tag(found[0].name).split("/"))
            )
            self._mark(0 if begins or is_known else len(items) - 1)

    @staticmethod
    def _item(tag: Tag, *, is_there: bool) -> PaletteItem:
        there = "already there" if is_there else counted(tag.paper_count, "paper")
        papers = joined((there, shown_line(tag.description, 80)))
        number = f"{tag.favorite}" if tag.favorite is not None else ""
        return PaletteItem(shown_line(tag.name, 80), papers, _chosen, keys=number, color=tag.color or "")

    def _mark(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row))

    def _step(self, by: int) -> None:
        row, last = self.list.currentIndex().row(), len(self._names) - 1
        self._mark(min(max(row + by if row >= 0 else (0 if by > 0 else last), 0), last))

    def _complain(self, sentence: str) -> None:
        self.complaint.setText(sentence or _HINT)
        restyle(self.complaint, error=bool(sentence))


def _chosen() -> None:
    """What is chosen is added by :class:`TagEditor` itself."""


def _tags_and_uses(
    tags: Callable[[], list[Tag]], tags_on: Callable[[Sequence[int]], list[TagUse]], paper_ids: Sequence[int]
) -> tuple[list[Tag], list[TagUse]]:
    """On a reader thread: every tag, and those of the papers."""
    return tags(), tags_on(paper_ids)
