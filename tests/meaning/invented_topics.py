"""Papers about invented topics: each has words of its own, among common words that all papers share.

A topic has two synonyms that no paper uses both, and that the other words of the topic surround alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from reader.domain.meaning import PaperText
from reader.domain.stemmer import stem

TOPICS = 12
WORDS_OF_TOPIC = 40
COMMON_WORDS = 300
PER_TOPIC = 30
_ONSETS = "b bl br d dr f fl g gr k kl m n p pl r s sk st t tr v z"
_VOWELS = "aou"
_CODAS = "b d g k m n p rk t"


@dataclass(frozen=True, slots=True)
class InventedPaper:
    """A paper, the number of its topic and the synonym it uses; ``published`` is a day as ISO 8601 writes it."""

    topic: int
    title: str
    abstract: str
    synonym: str
    published: str

    @property
    def text(self) -> PaperText:
        """Title and abstract."""
        return PaperText(self.title, self.abstract)


@cache
def _words() -> tuple[str, ...]:
    """Nonsense words that look like English, none of which has the stem of another."""
    draw, found = Random(4), {}
    while len(found) < TOPICS * 2 * WORDS_OF_TOPIC + COMMON_WORDS:
        syllables = [draw.choice(_ONSETS.split()) + draw.choice(_VOWELS) for _ in range(2)]
        word = "".join(syllables) + draw.choice(_CODAS.split())
        if stem(word) == word:
            found.setdefault(word, None)
    return tuple(found)


def topic_words(topic: int) -> tuple[str, ...]:
    """The words of a topic; the first two are its synonyms."""
    return _words()[topic * WORDS_OF_TOPIC : (topic + 1) * WORDS_OF_TOPIC]


def common_words() -> tuple[str, ...]:
    """The words that papers of all topics use."""
    return _words()[-COMMON_WORDS:]


def invented_papers(
    topics: Iterable[int] = range(TOPICS), per_topic: int = PER_TOPIC, *, seed: int = 1, year: int = 2026
) -> list[InventedPaper]:
    """Papers of these topics (up to 24 are possible), topic by topic; another ``seed`` gives others."""
    return [_paper(topic, Random(f"{seed} {topic} {number}"), year) for topic in topics for number in range(per_topic)]


def _paper(topic: int, draw: Random, year: int) -> InventedPaper:
    own, common = topic_words(topic), common_words()
    synonym = own[draw.randrange(2)]
    told = draw.sample(own[2:], 12)
    words = [synonym, synonym, *told, *draw.choices(told, k=10), *draw.choices(common, k=50)]
    draw.shuffle(words)
    sentences = [" ".join(words[start : start + 10]).capitalize() + "." for start in range(0, len(words), 10)]
    title = " ".join([*draw.sample(told, 3), *draw.sample(common, 3)]).title()
    day = f"{year}-{draw.randrange(1, 13):02}-{draw.randrange(1, 28):02}"
    return InventedPaper(topic, title, " ".join(sentences), synonym, day)


def as_bibtex(papers: Sequence[InventedPaper]) -> str:
    """The papers as a file that Lectern imports."""
    entries = (
        f"@article{{paper{number},\n  title = {{{paper.title}}},\n  author = {{Bee, Ada}},\n"
        f"  date = {{{paper.published}}},\n  abstract = {{{paper.abstract}}}\n}}\n"
        for number, paper in enumerate(papers)
    )
    return "\n".join(entries)
