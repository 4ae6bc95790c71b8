"""What a mute rule is written in: its query, its name, and beforehand what it would hide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from reader.domain.errors import ReaderError
from reader.domain.query import MAXIMUM_LENGTH
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import button, limit_text, plain_label, row_of
from reader.ui.look.style_sheet import restyle
from reader.ui.look.wording import counted
from reader.ui.overlays.overlay import Overlay

_LONGEST_NAME = 200
_TITLES_SHOWN = 6
_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class MutePreview:
    """How many of the inbox's papers a rule would hide, of how many, and the titles of the first."""

    hidden: int
    total: int
    titles: tuple[str, ...]


class MuteSheet(Overlay):
    """Asks what to mute, and says what that would hide now. Enter keeps the rule, Esc leaves all as it is."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        heading: str,
        given: tuple[str, str],
        accepted: Callable[[str, str], None],
    ) -> None:
        """``given`` are a query and a name to begin with; ``accepted`` gets both. Opens at once."""
        super().__init__(window, heading, width=600)
        self._workspace = workspace
        self._accepted = accepted
        self._token = CancelToken()
        self._is_known = self._is_wanted = False
        self.add_heading(heading)
        self.content.addWidget(plain_label("Papers found by this search stay out of the inbox:", quiet=True))
        self.query = self._line("What to mute", given[0], MAXIMUM_LENGTH)
        self.query.textChanged.connect(self._preview)
        self.name = self._line("Name of the rule", given[1], _LONGEST_NAME)
        self.name.setPlaceholderText("Name (optional)")
        self.preview = plain_label("Counting…", name="What this would hide", wrap=True)
        self.preview.setMinimumHeight((_TITLES_SHOWN + 2) * self.preview.fontMetrics().lineSpacing())
        self.content.addWidget(self.preview)
        self.do_button = button("Mute", primary=True)
        self.do_button.clicked.connect(self._accept)
        self.leave_button = button("Cancel")
        self.leave_button.clicked.connect(self.dismiss)
        self.content.addLayout(row_of(None, self.leave_button, self.do_button))
        self.closed.connect(self._forget)
        self.open(self.query)
        self._preview()

    def _line(self, name: str, text: str, limit: int) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(name)
        limit_text(edit, limit)
        edit.setText(text)
        edit.returnPressed.connect(self._accept)
        self.content.addWidget(edit)
        return edit

    def _preview(self) -> None:
        self._token.cancel()
        self._token = CancelToken()
        self._is_known = self._is_wanted = False
        look = partial(_look, self._workspace.library, self.query.text())
        self._workspace.tasks.read(look, self._show, failed=self._complain, token=self._token)

    def _forget(self) -> None:
        self._token.cancel()

    def _show(self, preview: MutePreview) -> None:
        if self.isHidden():
            return
        self._is_known = True
        self._say(preview_text(preview))
        if self._is_wanted:
            self._accept()

    def _complain(self, error: Exception) -> None:
        if isinstance(error, ReaderError):
            self._say(str(error), is_wrong=True)
        else:
            self._workspace.report_failure(error)

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        self.preview.setText(text)
        restyle(self.preview, error=is_wrong)
        self._place()

    def _accept(self) -> None:
        """Keep the rule, once it was said what it hides."""
        if self.isHidden():
            return
        self._is_wanted = True
        if self._is_known:
            self.dismiss()
            query = self.query.text().strip()
            self._accepted(query, self.name.text().strip() or query[:_LONGEST_NAME])


def preview_text(preview: MutePreview) -> str:
    """What a rule would hide, in words."""
    if not preview.hidden:
        return f"Would hide none of {preview.total:,} now; later papers may match."
    lines = [f"Would hide {preview.hidden:,} of {preview.total:,} now:"]
    lines += [f"·  {title}" for title in preview.titles]
    more = preview.hidden - len(preview.titles)
    return "\n".join([*lines, f"and {counted(more, 'more', 'more')}"] if more else lines)


def _look(library: Library, query: str) -> MutePreview:
    """On a reader thread: what a rule with this query would hide."""
    found = library.mutes.preview(query)
    titles = tuple(shown_line(row.title, _TITLE_LIMIT) for row in library.papers.rows(found[:_TITLES_SHOWN]))
    return MutePreview(len(found), library.views.counts().inbox + len(library.mutes.papers()), titles)
