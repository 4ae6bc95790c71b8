"""Invented text for the gold papers: sentences that are hard to find in a PDF, with the text that is right for each.

Sentences are put together from parts. They mean little, but they are broken at line ends, cite, point to footnotes and
contain formulas as those of papers do. Nothing is taken from a real paper.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

SUBJECTS = [
    "the tidal calendar",
    "our low-rank estimator",
    "a well-known harbour register",
    "the two-stage annotation protocol",
    "every lighthouse keeper",
    "the reconstructed shoreline",
    "a self-supervised cartographer",
    "the state-of-the-art ferry timetable",
    "this characterization of estuaries",
    "the long-term sedimentation record",
    "an uncalibrated barometer",
    "the hydrographic questionnaire",
    "a straightforward interpolation",
    "the municipal waterworks department",
    "an approximately stationary current",
    "the high-resolution bathymetry",
    "our reimplementation of the gauge",
    "the international navigation committee",
    "a disproportionately large sandbank",
    "the cross-sectional profile",
]
VERBS = [
    "outperforms",
    "misrepresents",
    "approximates",
    "contradicts",
    "complements",
    "overestimates",
    "anticipates",
    "characterizes",
    "corresponds to",
    "depends on",
    "is independent of",
    "converges towards",
    "generalizes to",
    "systematically underestimates",
    "interferes with",
    "was compared with",
    "redistributes",
]
OBJECTS = [
    "the observed water levels in shallow harbours",
    "most handwritten logbooks from the northern coast",
    "a carefully maintained collection of charts",
    "the recommendations of neighbouring municipalities",
    "previously unpublished measurements of salinity",
    "the decision-making of experienced pilots",
    "several million anonymized observations",
    "the temperature-dependent viscosity of brackish water",
    "an unexpectedly complicated arrangement of buoys",
    "the theoretical considerations of earlier surveys",
    "all non-trivial configurations of the breakwater",
    "a representative sample of fishing vessels",
    "the meteorological circumstances of each expedition",
    "unidentified underwater obstacles",
    "the simultaneous transportation of passengers and freight",
    "every undocumented modification of the quay",
]
TAILS = [
    "although the evidence remains circumstantial",
    "even under unfavourable atmospheric conditions",
    "because administrative responsibilities were never clarified",
    "without any noticeable deterioration",
    "whenever the instruments had been recalibrated beforehand",
    "as the accompanying documentation suggests",
    "which distinguishes it from conventional approaches",
    "at the expense of additional computation",
    "in three of the four investigated communities",
    "and the difference is statistically significant",
    "while the remaining parameters were kept constant",
    "so that no further correction is necessary",
]
OPENERS = [
    "However, ",
    "In contrast, ",
    "Moreover, ",
    "As expected, ",
    "In practice, ",
    "By construction, ",
    "Unfortunately, ",
    "Surprisingly, ",
    "",
    "",
    "",
    "",
    "",
]
NAMES = [
    "Färber",
    "Gödeke",
    "Dvořák",
    "Çelikel",
    "Åkerman",
    "Núñez",
    "Bélanger",
    "Müllner",
    "Šimek",
    "Højgaard",
    "Ibañez",
    "Lindström",
]
FORMULAS = (
    ("x_i", "xi"),
    ("n^2", "n2"),
    ("p < 0.05", "p < 0.05"),
    (r"\alpha = 0.5", "α = 0.5"),
    ("k_1 + k_2", "k1 + k2"),
    (r"f(x) = ax + b", "f(x) = ax + b"),
    ("R^2", "R2"),
    (r"\lambda", "λ"),
    ("t \\ge 3", "t ≥ 3"),
)


@dataclass
class Sentence:
    """A sentence in LaTeX and as it should be read; ``note`` is the text of a footnote to it."""

    latex: str
    text: str
    note: str = ""
    has_formula: bool = False


@dataclass
class Author:
    """Makes sentences, the same ones for the same seed."""

    seed: int
    _random: random.Random = field(init=False)
    _made: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def sentence(self) -> Sentence:
        """The next sentence; each kind comes in turn."""
        kinds: list[Callable[[], Sentence]] = [
            self._plain,
            self._citing,
            self._plain,
            self._formula,
            self._noted,
            self._plain,
            self._abbreviated,
            self._named,
            self._quoted,
            self._plain,
            self._numbers,
            self._citing_end,
            self._noted_word,
            self._plain,
        ]
        self._made += 1
        return kinds[self._made % len(kinds)]()

    def plain(self) -> Sentence:
        """A sentence without anything but words."""
        return self._plain()

    def title(self) -> str:
        """A heading of a few words."""
        words = self._random.choice(OBJECTS).split()[:4]
        while words[-1] in ("of", "the", "from", "in", "and"):
            words.pop()
        text = " ".join(words)
        return text[0].upper() + text[1:]

    def reference(self, number: int) -> str:
        """An entry of the list of references, without its number."""
        a, b = self._random.sample(NAMES, 2)
        place = f"Annals of Invented Tides {number + 3}, 1–{number + 12} (2031)"
        return f"{a}, A., {b}, C.: On {self._pick(OBJECTS)}. {place}"

    def _pick(self, parts: list[str]) -> str:
        return self._random.choice(parts)

    def _clause(self) -> str:
        return f"{self._pick(SUBJECTS)} {self._pick(VERBS)} {self._pick(OBJECTS)}"

    def _words(self) -> str:
        text = self._pick(OPENERS) + self._clause()
        if self._random.random() < 0.7:
            text += ", " + self._pick(TAILS)
        return text[0].upper() + text[1:]

    def _plain(self) -> Sentence:
        return _same(self._words() + ".")

    def _citing(self) -> Sentence:
        name, number = self._pick(NAMES), self._random.randrange(1, 12)
        return _same(f"{name} et al. [{number}] claim that {self._clause()}, {self._pick(TAILS)}.")

    def _citing_end(self) -> Sentence:
        first = self._random.randrange(1, 9)
        return _same(f"{self._words()} [{first}, {first + 2}].")

    def _formula(self) -> Sentence:
        latex, text = self._random.choice(FORMULAS)
        start, end = f"Whenever {self._pick(SUBJECTS)} has ", f", {self._clause()}."
        return Sentence(f"{_tex(start)}${latex}${_tex(end)}", start + text + end, has_formula=True)

    def _noted(self) -> Sentence:
        words = self._words() + "."
        note = self._plain().text
        return Sentence(_tex(words) + rf"\footnote{{{_tex(note)}}}", words, note)

    def _noted_word(self) -> Sentence:
        start, end = self._clause(), f", {self._pick(TAILS)}."
        start = start[0].upper() + start[1:]
        note = f"See also the work by {self._pick(NAMES)} and colleagues on {self._pick(OBJECTS)}."
        return Sentence(_tex(start) + rf"\footnote{{{_tex(note)}}}" + _tex(end), start + end, note)

    def _abbreviated(self) -> Sentence:
        middle = self._pick(["e.g., in Fig. 1", "i.e., the one in Sec. 3", "cf. Table 1", "see Eq. 2 and Fig. 1"])
        return _same(f"{self._words()} ({middle}).")

    def _named(self) -> Sentence:
        a, b = self._random.sample(NAMES, 2)
        return _same(f"According to {a} and {b}, {self._clause()}.")

    def _quoted(self) -> Sentence:
        return _same(f"The survey asks “does {self._pick(SUBJECTS)} matter?” and reports that {self._clause()}.")

    def _numbers(self) -> Sentence:
        share = self._random.randrange(10, 900) / 10
        return _same(f"In {share} % of 1,{self._random.randrange(100, 999)} cases, {self._clause()}.")


_ACCENTED = {
    "ä": r"\"a",
    "ö": r"\"o",
    "ü": r"\"u",
    "ř": r"\v{r}",
    "á": r"\'a",
    "Ç": r"\c{C}",
    "Å": r"\r{A}",
    "ú": r"\'u",
    "ñ": r"\~n",
    "é": r"\'e",
    "Š": r"\v{S}",
    "ø": r"\o{}",
    "“": "``",
    "”": "''",
    "%": r"\%",
    "–": "--",
}


def _tex(text: str) -> str:
    return "".join(_ACCENTED.get(char, char) for char in text)


tex = _tex


def _same(text: str) -> Sentence:
    return Sentence(_tex(text).replace(" %", "~%").replace(" \\%", "~\\%"), text)
