"""Names of topics: the words and pairs of words that tell the papers of one from those of the others.

Source of the measure: c-TF-IDF (M. Grootendorst, "BERTopic", 2022), here over the share of a topic's most central
papers that have a term. Counting the whole library would take too long and say hardly more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import log

from reader.domain.stemmer import stem
from reader.domain.words import SpannedText, word_spans

PAPERS_READ = 60
"""The number of a topic's most central papers that its name is made of."""
_WORDS = 3
_CANDIDATES = 120
_PAIR_WEIGHT = 1.35
_LEAST_PAPERS = 3
_LEAST_LETTERS = 2
_EMPTY_TEXT = """
    achieve achieves achieving available code com conduct demonstrate demonstrates demonstrating existing experimental
    experiments extensive find findings github http https improve improved improvement improvements improves improving
    introduce introduces novel org outperform outperforms outperforming paper papers performance present presents
    propose proposed proposes published recent recently release released result results show showing shown shows
    significant significantly state superior work works www
"""
"""What papers of every topic say of themselves; no name is made of them."""
_JOINED = re.compile(r"[ \t\n\-‐‑–/]+")
_STOP_TEXT = """
    a about above across after all also among an and any are as at based be been before being between both but by
    can could do does during each either et al etc even every few first for from further given had has have having hence
    how however i if in into is it its itself just less like many may might more most much must new not of often on one
    only onto or other our out over own per rather s same second several should since so some such t than that the their
    them then there these they this those three through thus to too toward towards two under until up upon use used
    using various very via was we well were what when where whether which while who whose why will with within without
    would yet you your
"""
_BRIDGES = frozenset({"of", "in", "for", "to"})
"""Stop words that may stand within a pair."""
_STOP_WORDS, _EMPTY_WORDS = frozenset(_STOP_TEXT.split()), frozenset(_EMPTY_TEXT.split())
Term = tuple[str, ...]
"""The stem of a word, or those of two neighbours."""


class TopicTerms:
    """The terms of several topics, counted once, from which names are made."""

    def __init__(self, texts: Sequence[Sequence[tuple[str, str]]]) -> None:
        """``texts`` are titles and abstracts of each topic's most central papers."""
        self._papers = [len(papers) for papers in texts]
        self._counted = [_count(papers) for papers in texts]
        self._everywhere: Counter[Term] = Counter()
        for (terms, _), papers in zip(self._counted, self._papers, strict=True):
            for term, count in terms.items():
                self._everywhere[term] += count / papers  # type: ignore[assignment]

    def names(self, topics: Iterable[int] | None = None, taken: Iterable[str] = ()) -> dict[int, tuple[str, ...]]:
        """For each of the topics (by default all) up to three words, as its papers mostly write them.

        No two of these names share a word, plural or singular, and none has one of the names that are ``taken``.
        """
        wanted = list(range(len(self._papers)) if topics is None else topics)
        ranked = [(score, topic, term) for topic in wanted for score, term in self._candidates(topic)]
        ranked.sort(key=lambda each: (-each[0], each[1], each[2]))
        chosen: dict[int, list[Term]] = {topic: [] for topic in wanted}
        stems = stems_of(taken)
        # The best term goes to the topic that it suits, so that a large topic does not take the words of a small one.
        for _, topic, term in ranked:
            if len(chosen[topic]) < _WORDS and stems.isdisjoint(term):
                chosen[topic].append(term)
                stems.update(term)
        return {
            topic: tuple(_written(self._counted[topic][1][term]) for term in terms) for topic, terms in chosen.items()
        }

    def _candidates(self, topic: int) -> list[tuple[float, Term]]:
        """The best terms of a topic with their scores."""
        papers, least = self._papers[topic], min(_LEAST_PAPERS, self._papers[topic])
        scored = [
            (self._score(count / papers, term), term)
            for term, count in self._counted[topic][0].items()
            if count >= least
        ]
        return sorted(scored, key=lambda each: (-each[0], each[1]))[:_CANDIDATES]

    def _score(self, share: float, term: Term) -> float:
        """How well a term tells a topic: the share of papers that have it, above that of others, times its rarity."""
        topics, shares = len(self._papers), self._everywhere[term]
        elsewhere = (shares - share) / max(topics - 1, 1)
        weight = _PAIR_WEIGHT if len(term) == 2 else 1.0
        return round((share - elsewhere) * log(1 + topics / shares) * weight, 9)


def stems_of(names: Iterable[str]) -> set[str]:
    """The stems of the words in names, without stop words."""
    return {stem(word) for name in names for word, _, _ in word_spans(name) if word not in _STOP_WORDS}


def _count(papers: Sequence[tuple[str, str]]) -> tuple[Counter[Term], dict[Term, Counter[str]]]:
    """The number of papers that have each term, and how often it is written how."""
    counts: Counter[Term] = Counter()
    written: dict[Term, Counter[str]] = {}
    for title, abstract in papers:
        found: set[Term] = set()
        for text in (title, abstract):
            for term, source in _terms(text):
                found.add(term)
                written.setdefault(term, Counter())[source] += 1
        counts.update(found)
    return counts, written


def _terms(text: str) -> Iterator[tuple[Term, str]]:
    """The words of a text, and pairs of neighbours between which there is at most one stop word (chain of thought)."""
    before: SpannedText | None = None
    end = 0
    for span in word_spans(text):
        word, start, stop = span
        is_joined = end == 0 or bool(_JOINED.fullmatch(text, end, start))
        end = stop
        if not is_joined:
            before = None
        if word in _STOP_WORDS:
            # Of two stop words in a row the second parts the neighbours.
            is_bridge = before is not None and word in _BRIDGES and not text[before[2] : start].strip()
            before = before if is_bridge else None
            continue
        if len(word) >= _LEAST_LETTERS and not word.isdecimal() and word not in _EMPTY_WORDS:
            yield (stem(word),), text[start:stop]
            if before is not None and stem(before[0]) != stem(word):
                yield (stem(before[0]), stem(word)), text[before[1] : stop]
            before = span
        else:
            before = None


def _written(sources: Counter[str]) -> str:
    """How a term is mostly written; in lower case unless it has capitals within (LLMs, RLVR)."""
    forms: Counter[str] = Counter()
    for source, count in sources.items():
        words = " ".join(source.split()).split(" ")
        forms[" ".join(word if any(map(str.isupper, word[1:])) else word.lower() for word in words)] += count
    return min(forms, key=lambda form: (-forms[form], form))
