"""Letter labels for what is on screen (sentences, links), and what typing them means.

No label begins another one, so a label acts as soon as its last letter is typed. The letters under the fingers come
first, and only as many things as must have a second letter do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

LETTERS = "asdfjklghewioruqtypvnmcbxz"
"""The letters of labels, the easiest to reach first (home row, then above, then below)."""


def make_labels(count: int, letters: str = LETTERS) -> tuple[str, ...]:
    """``count`` labels, the shortest first; no label begins another one.

    Raises :class:`ValueError` if there are fewer than two different letters.
    """
    if len(set(letters)) != len(letters) or len(letters) < 2:
        raise ValueError("labels need at least two letters, all different")
    labels = list(letters)
    while len(labels) < count:
        # Every label lengthened makes room for one less than there are letters; the last are the hardest to reach.
        needed = min(len(labels), -(-(count - len(labels)) // (len(letters) - 1)))
        kept, lengthened = labels[:-needed], labels[-needed:]
        labels = kept + [label + letter for label in lengthened for letter in letters]
    return tuple(labels[: max(count, 0)])


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """What was chosen: the things numbered ``first`` to ``last`` (both included, from 0).

    ``shifted`` tells that a letter of the last label was a capital: a comment is wanted. ``is_range`` tells that two
    labels were typed; the first of them was chosen on its own before, as its letters were complete.
    """

    first: int
    last: int
    shifted: bool = False
    is_range: bool = False


@dataclass(frozen=True, slots=True)
class LabelTyping:
    """The state of typing labels; :meth:`typed` gives the next one. Holds no clock and no widget.

    ``pending`` holds the letters typed of a label so far. ``choice`` is what the last character completed, or None.
    ``refused`` tells that the last character fits no label (it is dropped). ``waits_for_end`` tells that ``-`` was
    typed after a label, so the next label ends a range.
    """

    labels: Sequence[str]
    pending: str = ""
    choice: LabelChoice | None = None
    refused: bool = False
    waits_for_end: bool = False
    _previous: int | None = None
    _shifted: bool = False

    def typed(self, char: str) -> LabelTyping:
        """The state after ``char``: a letter (a capital asks for a comment) or ``-`` after a label (begins a range)."""
        if char == "-":
            if self._previous is None or self.pending:
                return replace(self, choice=None, refused=True)
            return replace(self, choice=None, refused=False, waits_for_end=True)
        letters = self.pending + char.lower()
        shifted = self._shifted or char != char.lower()
        if letters in self.labels:
            return self._chosen(self.labels.index(letters), shifted)
        if any(label.startswith(letters) for label in self.labels):
            return replace(self, pending=letters, choice=None, refused=False, _shifted=shifted)
        return replace(self, choice=None, refused=True)

    def erased(self) -> LabelTyping:
        """The state after Backspace: one letter less, else no range begun."""
        waits = self.waits_for_end if self.pending else False
        pending = self.pending[:-1]
        return replace(
            self,
            pending=pending,
            choice=None,
            refused=False,
            waits_for_end=waits,
            _shifted=self._shifted and bool(pending),
        )

    def fitting(self) -> list[int]:
        """The numbers of the labels that what was typed may still become."""
        return [number for number, label in enumerate(self.labels) if label.startswith(self.pending)]

    def _chosen(self, number: int, shifted: bool) -> LabelTyping:
        """The state after a complete label."""
        start = self._previous if self.waits_for_end and self._previous is not None else number
        choice = LabelChoice(min(start, number), max(start, number), shifted, is_range=self.waits_for_end)
        return LabelTyping(self.labels, choice=choice, _previous=number)
