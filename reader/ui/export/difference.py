"""The difference view: what an export would change in a file, as plain text with coloured lines."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFontDatabase, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from reader.services.export.plan import PlannedFile
from reader.services.latex_to_unicode import shown_source
from reader.ui.look.themes import Theme

_LINES_SHOWN = 1_500
_LONGEST_LINE = 2_000
_FILE_NAMES = 2
"""Lines at the top of a unified difference that only name the files."""


def shown_difference(file: PlannedFile) -> str:
    """A file's difference as displayable text; slow for long files."""
    lines = file.difference().splitlines()[_FILE_NAMES:]
    shown = [shown_source(line, _LONGEST_LINE) for line in lines[:_LINES_SHOWN]]
    if len(lines) > _LINES_SHOWN:
        shown.append(f"… and {len(lines) - _LINES_SHOWN:,} lines more")
    return "\n".join(shown)


class DifferenceView(QPlainTextEdit):
    """A read-only view of a difference as plain text."""

    def __init__(self, theme: Theme) -> None:
        """Empty at first."""
        super().__init__()
        self.setAccessibleName("What would change")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._colours = _Colours(self, theme)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._colours.set_theme(theme)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages, with a little overlap."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * max(bar.pageStep() - 2, 1))


class _Colours(QSyntaxHighlighter):
    """Colours lines by their first character."""

    def __init__(self, view: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(view.document())
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        colours = {"+": theme.marks.done, "-": theme.texts.error, "@": theme.texts.faint, "…": theme.texts.faint}
        self._formats = {first: _coloured(colour) for first, colour in colours.items()}
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        found = self._formats.get(text[:1])
        if found is not None:
            self.setFormat(0, 2 * len(text), found)  # counted in UTF-16 code units, of which there may be twice as many


def _coloured(colour: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colour)
    return made
