"""Print how well papers of one page are found by each other: ``python scripts/meaning_quality.py FILE [FILE ...]``.

Every file is a page, and its papers belong together (a paper of several pages belongs to the first). Each paper is an
example, and all others are ordered by how close they are to it. The figure is nDCG@10 (K. Järvelin and J. Kekäläinen,
"Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002): 1 where the first ten are of its page. Beside
it stand the cosine of tf-idf, the search for an example's key words (BM25F), and chance.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from math import log2
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reader.domain.cancellation import never
from reader.domain.meaning import PaperText
from reader.domain.query import Word, any_of
from reader.domain.views import View, ViewKind
from reader.meaning.basis import Basis
from reader.meaning.installed import installed_folder
from reader.meaning.space import MeaningSpace
from reader.meaning.vocabulary import learn_vocabulary
from reader.meaning.word_vectors import WordVectors, read_word_vectors
from reader.services import Library

_DEPTH = 10


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library") as library:
        pages = _bring(library, [Path(name) for name in sys.argv[1:]])
        _print_figures(library, pages)


def _bring(library: Library, files: Sequence[Path]) -> dict[int, int]:
    """Import the files; returns the page of each paper, in the order of the papers' keys."""
    pages: dict[int, int] = {}
    for number, file in enumerate(files):
        for _ in library.imports.paths([file]):
            pass
        for paper_id in library.views.paper_ids(View(ViewKind.ALL)):
            pages.setdefault(paper_id, number)
    for _ in library.index.update():
        pass
    titles = library.papers.titles(list(pages))
    return {paper_id: pages[paper_id] for paper_id in sorted(pages, key=lambda each: titles[each].key)}


def _print_figures(library: Library, pages: dict[int, int]) -> None:
    ids = list(pages)
    papers = {paper.id: PaperText(paper.title, paper.abstract) for paper in library.papers.read(ids)}
    texts = [papers[paper_id] for paper_id in ids]
    found = read_word_vectors(installed_folder())
    for name, words in {"by meaning": None, "by meaning, with word vectors": found}.items():
        if words is not None or name == "by meaning":
            _print(name, pages, _by_meaning(texts, ids, words))
    _print("tf-idf", pages, _by_terms(texts, ids))
    _print("key words", pages, lambda paper_id: _by_key_words(library, paper_id))
    chance = random.Random(1)
    _print("chance", pages, lambda _: chance.sample(ids, len(ids)))


def _by_meaning(texts: list[PaperText], ids: list[int], words: WordVectors | None) -> Callable[[int], list[int]]:
    basis = Basis.train(texts, words)
    space = MeaningSpace.of(basis, ids, basis.rows(texts))
    return lambda paper_id: [other for other, _ in space.nearest(space.vectors([paper_id])[0], _DEPTH + 1)]


def _by_terms(texts: list[PaperText], ids: list[int]) -> Callable[[int], list[int]]:
    _, weights = learn_vocabulary(texts, never)
    rows = [
        dict(zip(weights.columns[start:end].tolist(), weights.values[start:end].tolist(), strict=True))
        for start, end in zip(weights.starts[:-1], weights.starts[1:], strict=True)
    ]
    of = dict(zip(ids, rows, strict=True))

    def ordered(paper_id: int) -> list[int]:
        own = of[paper_id]
        return sorted(ids, key=lambda other: -sum(own.get(term, 0.0) * value for term, value in of[other].items()))

    return ordered


def _by_key_words(library: Library, paper_id: int) -> list[int]:
    words = library._searcher.key_words(paper_id)
    return library._searcher.best(any_of(Word(word) for word in words), _DEPTH + 1) if words else []


def _print(name: str, pages: dict[int, int], ordered: Callable[[int], list[int]]) -> None:
    figures = [_gain(paper_id, pages, ordered(paper_id)) for paper_id in pages]
    print(f"{sum(figures) / len(figures):.3f}  {name}")


def _gain(paper_id: int, pages: dict[int, int], ordered: Sequence[int]) -> float:
    """The nDCG@10 of one example."""
    others = [other for other in ordered if other != paper_id][:_DEPTH]
    gain = sum(1 / log2(place + 2) for place, other in enumerate(others) if pages[other] == pages[paper_id])
    most = min(_DEPTH, sum(page == pages[paper_id] for page in pages.values()) - 1)
    return gain / sum(1 / log2(place + 2) for place in range(most)) if most else 0.0


if __name__ == "__main__":
    main()
