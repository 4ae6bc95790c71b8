"""A reader's taste in the space of one library: fitted to decisions, asked for orders and reasons by paper id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reader.domain.cancellation import Cancelled
from reader.domain.meaning import PaperText
from reader.domain.taste import Decision, Foretelling
from reader.meaning.arrays import Floats, Integers, Rows
from reader.meaning.foretelling import foretell
from reader.meaning.reasons import directions_of, weighty_words, word_parts
from reader.meaning.space import MeaningSpace
from reader.meaning.taste import Background, TasteFit, TasteModel

SCORE_DECIMALS = 6
"""Scores are rounded to so many decimals before they order papers; equal ones stand in the order of keys."""


class LibraryTaste:
    """A taste in a space. ``examples`` are texts by negative ids, which count as papers; one thread at a time."""

    def __init__(self, space: MeaningSpace, examples: Mapping[int, PaperText]) -> None:
        self.space, self.examples = space, examples
        mean, moment, _ = space.moments()
        self._background = Background(mean, moment, space.scale)
        numbers = sorted(examples)
        made = space.basis.rows([examples[number] for number in numbers]) if numbers else ()
        self._example_rows = dict(zip(numbers, made, strict=True))
        self._fit = TasteFit(self._background, self._rows)
        self._model: TasteModel = self._fit.fit(())
        self._decisions: list[Decision] = []
        self._forgotten: tuple[str, ...] = ()

    def learn(self, decisions: Sequence[Decision], forgotten: tuple[str, ...]) -> None:
        """Fit to decisions, as far as there are rows of them; ``forgotten`` words get no weight."""
        known = [each for each in decisions if self._is_known(each.paper_id)]
        if (known, forgotten) != (self._decisions, self._forgotten):
            self._model = self._fit.fit(known, directions_of(self.space.basis, forgotten))
            self._decisions, self._forgotten = known, forgotten

    def scores(self, paper_ids: Sequence[int]) -> list[float]:
        """The scores of papers, rounded; 0 for papers without a row."""
        found: list[float] = self._scores(self.space.located(paper_ids)).tolist()
        return found

    def order(self, paper_ids: Sequence[int]) -> list[int]:
        """Papers by score, then by key; those without a row stand in the middle."""
        places = self.space.located(paper_ids)
        order = np.lexsort((np.where(places >= 0, places, len(self.space)), -self._scores(places)))
        return [paper_ids[place] for place in order.tolist()]

    def parts(self, paper_id: int) -> tuple[float, float]:
        """A paper's scores by "always" and by "lately", of which its score is the mean."""
        return self._model.parts(self._rows([paper_id])[0])

    def paper_parts(self, paper_id: int) -> dict[int, float]:
        """The part of every decision in a paper's score, to which they sum."""
        return self._model.of_decisions(self._rows([paper_id])[0], self._rows)

    def word_parts(self, paper_id: int, text: PaperText) -> dict[str, float]:
        """The part of every word of a paper's text in its score, to which they sum."""
        return word_parts(self.space.basis, self._model, text, self._rows([paper_id])[0])

    def weighty_words(
        self, texts: Sequence[PaperText], limit: int
    ) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """The words of texts that speak most for a paper, and most against it."""
        return weighty_words(self.space.basis, self._model, texts, limit)

    def foretell(self, decisions: Sequence[Decision], cancelled: Cancelled) -> Foretelling | None:
        """How liked papers were foretold; any thread may ask for it meanwhile.

        Raises :class:`~reader.domain.errors.WorkCancelledError`.
        """
        known = [each for each in decisions if self._is_known(each.paper_id)]
        fit = TasteFit(self._background, self._rows)  # as the sums of the other are kept for the next decision
        return foretell(known, fit.fit, self.space.rows, self.space.place_of, cancelled)

    def _is_known(self, paper_id: int) -> bool:
        return paper_id in self.space.place_of or paper_id in self._example_rows

    def _scores(self, places: Integers) -> Floats:
        """The scores of papers by their places, rounded; 0 where that is -1."""
        scores, known = np.zeros(len(places)), places >= 0
        scores[known] = np.round(self._model.scores(self.space.rows[places[known]]), SCORE_DECIMALS)
        return scores

    def _rows(self, paper_ids: Sequence[int]) -> Rows:
        """The rows of papers and examples."""
        found = np.empty((len(paper_ids), self.space.rows.shape[1]), dtype=np.int8)
        own = [number for number, paper_id in enumerate(paper_ids) if paper_id > 0]
        found[own] = self.space.rows[[self.space.place_of[paper_ids[number]] for number in own]]
        for number, paper_id in enumerate(paper_ids):
            if paper_id < 0:
                found[number] = self._example_rows[paper_id]
        return found
