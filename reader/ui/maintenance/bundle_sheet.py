"""What to do with a bundle: open it by itself, or take it over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from reader.services.copies.bundle_file import BundleSummary
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.labels import button, plain_label
from reader.ui.look.wording import counted, joined
from reader.ui.overlays.overlay import Overlay

_NAME_LIMIT = 100


class BundleSheet(Overlay):
    """Says what a bundle holds and offers what can be done with it; neither replaces anything."""

    def __init__(
        self, window: QWidget, summary: BundleSummary, *, separately: Callable[[], None], merge: Callable[[], None]
    ) -> None:
        """Opens at once."""
        super().__init__(window, "Open a bundle", width=560)
        self._choices = {"separately": separately, "merge": merge}
        self.add_heading("Open a bundle")
        made = shown_line(summary.made, 20).replace("T", " ")[:16]
        facts = (counted(summary.paper_count, "paper"), f"made {made}", f"Lectern {shown_line(summary.version, 20)}")
        self.content.addWidget(plain_label(shown_line(summary.path.name, _NAME_LIMIT), name="File"))
        self.facts = plain_label(joined(facts), name="What it holds", quiet=True)
        self.content.addWidget(self.facts)
        words = plain_label(
            "Opened by itself it is another library, in a window of its own. Taken over, what it has and this library "
            "lacks is added, as one step that undo takes back; nothing here is replaced.",
            quiet=True,
        )
        words.setWordWrap(True)
        self.content.addWidget(words)
        self.merge_button = button("Take it over")
        self.merge_button.clicked.connect(self._merge)
        self.open_button = button("Open it by itself…", primary=True)
        self.open_button.clicked.connect(self._open)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.merge_button)
        row.addWidget(self.open_button)
        self.content.addSpacing(6)
        self.content.addLayout(row)
        self.open(self.open_button)

    def _merge(self) -> None:
        self.dismiss()
        self._choices["merge"]()

    def _open(self) -> None:
        self.dismiss()
        self._choices["separately"]()
