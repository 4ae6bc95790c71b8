"""What a mute rule is written in: its query, its name, and beforehand what it would hide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from reader.domain.query import MAXIMUM_LENGTH
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import plain_label
from reader.ui.look.wording import counted
from reader.ui.overlays.preview_sheet import PreviewSheet

_LONGEST_NAME = 200
_TITLES_SHOWN = 6
_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class MutePreview:
    """How many of the inbox's papers a rule would hide, of how many, and the titles of the first."""

    hidden: int
    total: int
    titles: tuple[str, ...]


class MuteSheet(PreviewSheet):
    """The question what to mute, with what that would hide now."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        heading: str,
        given: tuple[str, str],
        accepted: Callable[[str, str], None],
    ) -> None:
        """``given`` are a query and a name to begin with; ``accepted`` gets both. Opens at once."""
        super().__init__(window, workspace, heading, width=600)
        self._accepted = accepted
        self.add(plain_label("Papers found by this search stay out of the inbox:", quiet=True))
        self.query = self.add_line("What to mute", given[0], MAXIMUM_LENGTH)
        self.query.textChanged.connect(self.renew_preview)
        self.name = self.add_line("Name of the rule", given[1], _LONGEST_NAME)
        self.name.setPlaceholderText("Name (optional)")
        self.add_preview("What this would hide", _TITLES_SHOWN + 2, "Mute")
        self.open(self.query)
        self.renew_preview()

    def look(self) -> Callable[[], MutePreview]:
        """Look for what the query hides."""
        return partial(_look, self._workspace.library, self.query.text())

    def previewed(self, found: MutePreview) -> str:
        """Say what the rule would hide."""
        return preview_text(found)

    def accept(self) -> None:
        """Keep the rule; without a name it is called by its query."""
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
