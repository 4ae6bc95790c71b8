"""Letter labels for things on screen (sentences, links), and the meaning of typed letters.

No label is the beginning of another, so a label acts as soon as its last letter is typed. The keys of the home row come
first, and only as many labels as necessary have a second letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

LETTERS = "asdfjklghewioruqtypvnmcbxz"
"""The letters of labels, the easiest to reach first (home row, then the row above, then below)."""


def make_labels(count: int, letters: str = LETTERS) -> tuple[str, ...]:
    """Make ``count`` labels, the shortest first; no label is the beginning of another.

    Raises :class:`ValueError` if there are fewer than two different letters.
    """
    if len(set(letters)) != len(letters) or len(letters) < 2:
        raise ValueError("labels need at least two letters, all different")
    labels = list(letters)
    while len(labels) < count:
        # Lengthening one label makes room for one label fewer than there are letters. The last ones are hardest to
        # reach, so they are lengthened first.
        needed = min(len(labels), -(-(count - len(labels)) // (len(letters) - 1)))
        kept, lengthened = labels[:-needed], labels[-needed:]
        labels = kept + [label + letter for label in lengthened for letter in letters]
    return tuple(labels[: max(count, 0)])


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """The chosen things, numbered ``first`` to ``last`` (both included, from 0).

    ``shifted`` is True if a letter of the last label was a capital, which asks for a comment. ``is_range`` is True if
    two labels were typed; the first of them was already reported as a choice of its own.
    """

    first: int
    last: int
    shifted: bool = False
    is_range: bool = False


@dataclass(frozen=True, slots=True)
class LabelTyping:
    """The state while labels are typed; :meth:`typed` gives the next state. It has no clock and no widget.

    ``pending`` holds the letters typed so far. ``choice`` is the choice that the last character completed, or None.
    ``refused`` is True if the last character fits no label (it is dropped). ``waits_for_end`` is True after a label and
    ``-``, so that the next label ends a range.
    """

    labels: Sequence[str]
    pending: str = ""
    choice: LabelChoice | None = None
    refused: bool = False
    waits_for_end: bool = False
    _previous: int | None = None
    _shifted: bool = False

    def typed(self, char: str) -> LabelTyping:
        """The state after ``char``: a letter (a capital asks for a comment), or ``-`` after a label (for a range)."""
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
        """The state after Backspace: one letter less, or no longer a range."""
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
        """The numbers of the labels that begin with the letters typed so far."""
        return [number for number, label in enumerate(self.labels) if label.startswith(self.pending)]

    def _chosen(self, number: int, shifted: bool) -> LabelTyping:
        """The state after a complete label."""
        start = self._previous if self.waits_for_end and self._previous is not None else number
        choice = LabelChoice(min(start, number), max(start, number), shifted, is_range=self.waits_for_end)
        return LabelTyping(self.labels, choice=choice, _previous=number)
