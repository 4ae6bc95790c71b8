"""Invented papers with the shape of real ones, for benchmarks: no text of any paper, but its statistics.

Abstracts have some 224 words of which some 140 differ, word frequencies follow Zipf's law with a long tail (100,000
papers know more than 200,000 words), words come in families with shared endings, and beginnings are as unevenly
spread as in English, which is what makes prefixes costly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate

from reader.domain.selection import IndexedText

_FUNCTION_WORDS = """
the of and a to in we is for that with on this are as by our an from be which can it have model data these has not
method at or show such results both more based using their its learning approach propose new than also training
between however performance high each large into models while been they one two over state where most only different
methods task tasks but across through via first existing further under without well may when often how many
""".split()  # noqa: SIM905
_BEGINNINGS = "re con pre de in un pro com dis inter over trans sub multi auto non semi co ex im".split()  # noqa: SIM905
_ONSETS = "b c d f g h l m n p r s t v w st tr pr cl gr ch sp fl qu k j z x y".split()  # noqa: SIM905
_VOWELS = "a e i o u a e i o ea ou ai io".split()  # noqa: SIM905
_CODAS = ["", "", "", "n", "r", "s", "t", "l", "m", "nd", "st", "ct", "x"]
_ENDINGS = [
    "",
    "",
    "s",
    "ed",
    "ing",
    "ion",
    "ions",
    "al",
    "ive",
    "ity",
    "er",
    "ers",
    "ation",
    "ize",
    "ness",
    "able",
    "ly",
]
_VOCABULARY = 420_000
_EXPONENT = 1.1
_SHIFT = 3.0
_TAIL_FROM = 5_000  # texts show two regimes: nearly 1/rank for a language's own words, steeper for names and rarities
_TAIL_EXPONENT = 0.85


def _frequency(rank: int) -> float:
    """How often the word of a rank occurs, in proportion to others."""
    tail = (rank / _TAIL_FROM) ** -_TAIL_EXPONENT if rank > _TAIL_FROM else 1.0
    return tail * (rank + _SHIFT) ** -_EXPONENT


class ZipfPapers:
    """A source of invented papers; the same seed gives the same papers."""

    def __init__(self, seed: int = 7) -> None:
        """Make the vocabulary."""
        self._random = random.Random(seed)
        self.vocabulary = self._words()
        self._weights = [*accumulate(_frequency(rank) for rank in range(len(self.vocabulary)))]
        self._surnames = [self._root().capitalize() for _ in range(20_000)]

    def papers(self, count: int, first_id: int = 1) -> Iterator[IndexedText]:
        """``count`` papers, the newest (with the greatest id) first."""
        rng = self._random
        for number in range(first_id + count - 1, first_id - 1, -1):
            abstract = self._text(rng.randint(120, 330), topics=rng.randint(3, 8))
            title = " ".join(self._sample(rng.randint(5, 13))).capitalize()
            names = tuple(
                f"{rng.choice(self._surnames)} {rng.choice(self._surnames)}" for _ in range(rng.randint(1, 9))
            )
            yield IndexedText(number, title, abstract, names, ())

    def sample_words(self, count: int) -> list[str]:
        """Words as often as texts hold them, function words left out."""
        common = set(_FUNCTION_WORDS)
        found: list[str] = []
        while len(found) < count:
            found += [word for word in self._sample(count) if word not in common]
        return found[:count]

    def _sample(self, count: int) -> list[str]:
        return self._random.choices(self.vocabulary, cum_weights=self._weights, k=count)

    def _text(self, length: int, *, topics: int) -> str:
        """Sentences of sampled words; a few topic words come back again and again."""
        rng = self._random
        words = self._sample(length)
        chosen = self.sample_words(topics)
        for _ in range(length // 12):
            words[rng.randrange(length)] = rng.choice(chosen)
        sentences = []
        while words:
            cut = rng.randint(12, 30)
            sentences.append(" ".join(words[:cut]).capitalize() + ".")
            del words[:cut]
        return " ".join(sentences)

    def _root(self) -> str:
        rng = self._random
        beginning = rng.choice(_BEGINNINGS) if rng.random() < 0.35 else ""
        syllables = rng.choices((1, 2, 3), weights=(3, 6, 2))[0]
        return beginning + "".join(
            rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables)
        )

    def _words(self) -> list[str]:
        """Function words, then families of words in random order, and numbers among them."""
        rng = self._random
        known = dict.fromkeys(_FUNCTION_WORDS)
        pool: list[str] = []
        while len(known) + len(pool) < _VOCABULARY:
            if rng.random() < 0.04:
                pool.append(str(rng.randint(0, 9999)))
            root = self._root()
            pool += [root + ending for ending in set(rng.choices(_ENDINGS, k=rng.randint(1, 7)))]
        rng.shuffle(pool)
        known.update(dict.fromkeys(pool))
        return list(known)
