"""One highlight at a time: gone to by key, to change its label, comment on it, or remove it."""

from __future__ import annotations

from reader.domain.highlight_runs import paper_order, place_remark
from reader.domain.papers import Highlight, Paper
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.commands.key_mentions import spelled
from reader.ui.highlights.modes import Mode, Tools


class FocusedHighlight(Mode):
    """A highlight that keys act on; every key it does not need goes on to the window's commands."""

    def __init__(self, tools: Tools, highlight: Highlight) -> None:
        """The highlight is one of the paper that is shown."""
        super().__init__(tools)
        self._highlight = highlight

    @property
    def highlight_id(self) -> int:
        """The highlight where the user is."""
        return self._highlight.id

    @property
    def label(self) -> str:
        """Its label."""
        return self._highlight.label

    @property
    def hint(self) -> str:
        """Which of how many, and what the keys do."""
        paper = self._view.paper
        ids = [each.id for each in highlights_in_order(paper)] if paper is not None else []
        place = f"{ids.index(self.highlight_id) + 1} of {len(ids)}  ·  " if self.highlight_id in ids else ""
        remark = place_remark(self._highlight)
        edits = "Enter edits"
        if self._highlight.place is not None:
            edits = spelled("Enter opens  ·  {highlight.edit} edits", self._view.keymap)
        return f"{place}{f'{remark}  ·  ' if remark else ''}{edits}  ·  Tab label  ·  Del removes  ·  Esc"

    def press(self, key: Key, *, held: bool = False) -> bool:
        """Edit (in a document: open its page), remove, change the label, leave."""
        is_tab = key.name == "Tab" and key.is_bare
        if not is_tab and key not in {Key("Esc"), Key("Enter"), Key("Delete")}:
            return False
        if held:
            return True
        if is_tab:
            by = -1 if key.modifiers & Modifier.SHIFT else 1
            self._tools.actions.set_label(self.highlight_id, self._tools.labels.after(self.label, by))
        elif key == Key("Enter") and self._highlight.place is not None:
            self._tools.open_page(self._highlight)
        elif key == Key("Enter"):
            self._tools.edit(self.highlight_id)
        elif key == Key("Delete"):
            self._tools.actions.delete(self.highlight_id)
        else:
            self._tools.leave()
        return True

    def rewritten(self, paper: Paper | None) -> bool:
        """It may have changed, or be gone."""
        found = find_highlight(paper, self.highlight_id)
        if found is not None:
            self._highlight = found
        return found is not None


def highlights_in_order(paper: Paper) -> list[Highlight]:
    """A paper's highlights as keys go through them: as the paper is read, then those that could not be placed."""
    return paper_order(paper.highlights)


def find_highlight(paper: Paper | None, highlight_id: int | None) -> Highlight | None:
    """A paper's highlight by its id; None if there is none."""
    every = paper.highlights if paper is not None else ()
    return next((each for each in every if each.id == highlight_id), None)
