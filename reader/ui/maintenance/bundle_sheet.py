"""What to do with a bundle: open it separately, or merge it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from reader.services.copies.bundle_file import BundleSummary
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.labels import button, plain_label, row_of
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
        self._separately, self._merge = separately, merge
        self.add_heading("Open a bundle")
        made = shown_line(summary.made, 20).replace("T", " ")[:16]
        facts = (counted(summary.paper_count, "paper"), f"made {made}", f"Lectern {shown_line(summary.version, 20)}")
        self.content.addWidget(plain_label(shown_line(summary.path.name, _NAME_LIMIT), name="File"))
        self.facts = self.add_words(joined(facts), name="What it holds")
        self.add_words(
            "“Open separately” makes another library of it, in its own window. “Merge” adds what this library lacks, "
            "as one step that can be undone. Neither replaces anything."
        )
        self.merge_button = button("Merge", self._choose_merge)
        self.open_button = button("Open separately…", self._choose_separately, primary=True)
        self.content.addSpacing(6)
        self.content.addLayout(row_of(None, self.merge_button, self.open_button))
        self.open(self.open_button)

    def _choose_merge(self) -> None:
        self.dismiss()
        self._merge()

    def _choose_separately(self) -> None:
        self.dismiss()
        self._separately()
