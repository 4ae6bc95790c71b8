"""The kept texts of a note, to look at and to take back: when each was saved, and what differs from the text of now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import SequenceMatcher

from PySide6.QtGui import QColor, QKeyEvent, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from reader.domain.annotations import NoteRevision
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.detail.document import Look
from reader.ui.look.labels import plain_label, read_only_text, row_of
from reader.ui.look.wording import counted, joined
from reader.ui.notes.editor import wrap_mode
from reader.ui.overlays.overlay import Overlay

_LIST_WIDTH = 240
_MOST_COMPARED = 3_000
"""Texts of more lines than this are shown as they are: comparing them would take its time."""

Line = tuple[str, str]
"""A line, and whether it stands in both texts (``" "``), in the earlier one (``"+"``) or in that of now (``"-"``)."""


def compared(earlier: str, now: str) -> list[Line]:
    """An earlier text line by line, with what of the text of now it lacks between its lines."""
    old, new = earlier.splitlines(), now.splitlines()
    if len(old) + len(new) > _MOST_COMPARED:
        return [(line, " ") for line in old]
    lines: list[Line] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, new, old, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [(line, " ") for line in old[j1:j2]]
        else:
            lines += [(line, "-") for line in new[i1:i2]]
            lines += [(line, "+") for line in old[j1:j2]]
    return lines


class RevisionSheet(Overlay):
    """Lists the texts, the newest first; Enter takes the marked one back."""

    def __init__(
        self, window: QWidget, revisions: Sequence[NoteRevision], look: Look, chosen: Callable[[str], None]
    ) -> None:
        """``revisions`` are at least one, the newest first; ``chosen`` gets the text to take back."""
        super().__init__(window, "Earlier texts of the note", width=920, height=560)
        self._revisions = tuple(revisions)
        self._look = look
        self._chosen = chosen
        self._now = next((each for each in revisions if not each.refused), revisions[0])
        self.add_heading("Earlier texts of the note")
        hint = "Enter restores a text  ·  + only in that text  ·  − only in the current note"
        self.add(plain_label(hint, quiet=True))
        self.list = QListWidget()
        self.list.setAccessibleName("Texts, the newest first")
        self.list.setFixedWidth(_LIST_WIDTH)
        for each in revisions:
            self.list.addItem(QListWidgetItem(self._line(each)))
        self.text = read_only_text("The text")
        self.text.setFont(look.typography.reading())
        self.text.document().setDocumentMargin(10)
        self.list.currentRowChanged.connect(self._show)
        self.list.itemActivated.connect(self._take)
        both = row_of(self.list, self.text, spacing=14, grows=self.text)
        self.add(both, grows=both)
        self.list.setCurrentRow(0)
        self.open(self.list)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the marked text back, wherever the focus is."""
        if event.key() in ENTER_KEYS and not self.isHidden():
            self._take()
        super().keyPressEvent(event)

    def _line(self, revision: NoteRevision) -> str:
        when = f"{datetime.fromisoformat(revision.created).astimezone():%Y-%m-%d %H:%M:%S}"
        what = "not saved over a newer text" if revision.refused else counted(len(revision.text.split()), "word")
        now = "current note" if revision is self._now else ""
        return f"{when}\n{joined((now, what if revision.text else 'empty'))}"

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._revisions):
            return
        self.text.clear()
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        revision = self._revisions[row]
        self.text.setWordWrapMode(wrap_mode(revision.text + "\n" + self._now.text))
        lines = compared(revision.text, self._now.text)
        for number, (line, kind) in enumerate(lines or [("(empty)", "-")]):
            if number:
                cursor.insertBlock()
            self._set_kind(cursor, kind)
            cursor.insertText(line if kind == " " else f"{'+' if kind == '+' else '−'} {line}")
        cursor.endEditBlock()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _set_kind(self, cursor: QTextCursor, kind: str) -> None:
        """How a line stands to the text of now shows by its sign, its ground and its ink."""
        theme = self._look.theme
        style, block = QTextCharFormat(), QTextBlockFormat()
        style.setForeground({" ": theme.texts.text, "+": theme.texts.text, "-": theme.texts.faint}[kind])
        style.setFontStrikeOut(kind == "-")
        if kind == "+":
            ground = QColor(theme.marks.done)
            ground.setAlpha(46)
            block.setBackground(ground)
        cursor.setBlockFormat(block)
        cursor.setCharFormat(style)

    def _take(self, item: QListWidgetItem | None = None) -> None:
        row = self.list.currentRow()
        self.dismiss()
        if 0 <= row < len(self._revisions):
            self._chosen(self._revisions[row].text)
