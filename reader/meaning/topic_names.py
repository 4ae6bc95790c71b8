"""Names of topics: the words and pairs of words that tell the papers of one from those of the others.

Source of the measure: c-TF-IDF (M. Grootendorst, "BERTopic", 2022), here over the share of a topic's most central
papers that have a term. Counting the whole library would take too long and say hardly more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from math import log

from reader.domain.stemmer import stem
from reader.domain.words import search_words, word_spans

PAPERS_READ = 60
"""The number of a topic's most central papers that its name is made of."""
_WORDS = 3
_CANDIDATES = 120
_PAIR_WEIGHT = 1.35
_LEAST_PAPERS = 3
_LEAST_LETTERS = 2
_EMPTY_TEXT = """
    achieve achieves achieving art available code com conduct demonstrate demonstrates demonstrating existing
    experimental experiments extensive find findings github http https improve improved improvement improvements
    improves improving introduce introduces novel org outperform outperforms outperforming paper papers performance
    present presents propose proposed proposes published recent recently release released result results show showing
    shown shows significant significantly state superior work works www
"""
"""What papers of every topic say of themselves; no name is made of them."""
_TOKEN = re.compile(r"[a-z0-9]+|[^\sa-z0-9\-/]")
"""A word, or a mark that parts neighbours."""
_LATEX = re.compile(r"[\\${}]")
_GAP, _BRIDGE = "", " "
"""What stands for words that are in no name: others, and those that may stand within a pair."""
_FORMS_SEEN = 12
"""So many places of a term show how it is mostly written."""
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
_STOP_WORDS, _EMPTY_WORDS = frozenset(_STOP_TEXT.split()), frozenset(_EMPTY_TEXT.split())
Term = tuple[str, ...]
"""The stem of a word, or those of two neighbours."""


class _Stems(dict[str, str]):
    """The stems of words, each looked up once."""

    def __missing__(self, word: str) -> str:
        """Find the stem of a word, or what stands for it."""
        if word in _STOP_WORDS:
            found = _BRIDGE if word in _BRIDGES else _GAP
        elif len(word) < _LEAST_LETTERS or word.isdecimal() or word in _EMPTY_WORDS:
            found = _GAP
        else:
            found = stem(word)
        self[word] = found
        return found


class TopicTerms:
    """The terms of several topics, counted once, from which names are made."""

    def __init__(self, texts: Sequence[Sequence[tuple[str, str]]]) -> None:
        """``texts`` are titles and abstracts of each topic's most central papers."""
        self._texts = texts
        self._stems = _Stems()
        self._counts = [self._count(papers) for papers in texts]
        self._everywhere: dict[Term, float] = {}
        for counts, papers in zip(self._counts, texts, strict=True):
            for term, count in counts.items():
                self._everywhere[term] = self._everywhere.get(term, 0.0) + count / len(papers)

    def names(self, topics: Iterable[int] | None = None, taken: Iterable[str] = ()) -> dict[int, tuple[str, ...]]:
        """For each of the topics (by default all) up to three words, as its papers mostly write them.

        No two of these names share a word, plural or singular, and none has one of the names that are ``taken``.
        """
        wanted = list(range(len(self._texts)) if topics is None else topics)
        ranked = [(score, topic, term) for topic in wanted for score, term in self._candidates(topic)]
        ranked.sort(key=lambda each: (-each[0], each[1], each[2]))
        chosen: dict[int, list[Term]] = {topic: [] for topic in wanted}
        stems = stems_of(taken)
        # The best term goes to the topic that it suits, so that a large topic does not take the words of a small one.
        for _, topic, term in ranked:
            if len(chosen[topic]) < _WORDS and stems.isdisjoint(term):
                chosen[topic].append(term)
                stems.update(term)
        return {topic: tuple(self._written(topic, term) for term in terms) for topic, terms in chosen.items()}

    def _count(self, papers: Sequence[tuple[str, str]]) -> dict[Term, int]:
        """How many papers have each term, for terms that several have. A loop over words takes five times as long."""
        counts: Counter[Term] = Counter()
        for paper in papers:
            found: set[Term] = set()
            for text in paper:
                stems = list(map(self._stems.__getitem__, _tokens(text)))
                found.update(zip(stems))
                found.update(pairwise(stems))
                found.update(
                    (one, other)
                    for one, between, other in zip(stems, stems[1:], stems[2:])  # noqa: B905
                    if between == _BRIDGE
                )
            counts.update(found)
        least = min(2, len(papers))
        return {
            term: count
            for term, count in counts.items()
            if count >= least and _GAP not in term and _BRIDGE not in term and (len(term) == 1 or term[0] != term[1])
        }

    def _candidates(self, topic: int) -> list[tuple[float, Term]]:
        """The best terms of a topic with their scores."""
        papers = len(self._texts[topic])
        least = min(_LEAST_PAPERS, papers)
        scored = [
            (self._score(count / papers, term), term) for term, count in self._counts[topic].items() if count >= least
        ]
        return sorted(scored, key=lambda each: (-each[0], each[1]))[:_CANDIDATES]

    def _score(self, share: float, term: Term) -> float:
        """How well a term tells a topic: the share of papers that have it, above that of others, times its rarity."""
        topics, shares = len(self._texts), self._everywhere[term]
        elsewhere = (shares - share) / max(topics - 1, 1)
        weight = _PAIR_WEIGHT if len(term) == 2 else 1.0
        return round((share - elsewhere) * log(1 + topics / shares) * weight, 9)

    def _written(self, topic: int, term: Term) -> str:
        """How a topic's papers mostly write a term; in lower case unless it has capitals within (LLMs, RLVR)."""
        places = (form for paper in self._texts[topic] for text in paper for form in self._forms(text, term))
        forms = Counter(islice(places, _FORMS_SEEN))
        return min(forms, key=lambda form: (-forms[form], form)) if forms else " ".join(term)

    def _forms(self, text: str, term: Term) -> Iterator[str]:
        """How a text writes a term, wherever it does."""
        spans = word_spans(text)
        stems = [self._stems[word] for word, _, _ in spans]
        for place, found in enumerate(stems):
            if found != term[0]:
                continue
            last = place
            if len(term) == 2:
                last += 2 if stems[place + 1 : place + 2] == [_BRIDGE] else 1
                if stems[last : last + 1] != [term[1]]:
                    continue
            source = text[spans[place][1] : spans[last][2]].split()
            yield " ".join(word if any(map(str.isupper, word[1:])) else word.lower() for word in source)


def stems_of(names: Iterable[str]) -> set[str]:
    """The stems of the words in names, without stop words."""
    return {stem(word) for name in names for word, _, _ in word_spans(name) if word not in _STOP_WORDS}


def _tokens(text: str) -> list[str]:
    """The folded words of a text and, where they are simply told, the marks between them."""
    return _TOKEN.findall(text.lower()) if text.isascii() and not _LATEX.search(text) else search_words(text)
