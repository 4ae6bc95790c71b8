"""Which tags a few typed letters may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reader.domain.annotations import Tag, fold_tag

_WORD_STARTS = re.compile(r"[\s/_.:-]+")
_LEAST_LIKENESS = 75.0
_SHORTEST_MISTYPED = 3
_NO_MATCH = 100


def complete_tags(typed: str, tags: Sequence[Tag], *, leave_out: Iterable[str] = (), limit: int = 12) -> list[Tag]:
    """The tags that ``typed`` may mean, the likeliest first; for an empty text, favourites and then the most used.

    In this order: the tag itself; tags that begin with the text; of which a level does (``me/di`` means
    ``method/diffusion``); a word; that hold it; that hold its letters in order; that are spelled like it. Among equals
    the most used go first.
    """
    wanted = fold_tag(typed.strip())
    unwanted = {fold_tag(name) for name in leave_out}
    ranked = []
    for tag in tags:
        fold = fold_tag(tag.name)
        rank = _rank(wanted, fold) if wanted else (tag.favorite or _NO_MATCH - 1)
        if rank < _NO_MATCH and fold not in unwanted:
            ranked.append(((rank, -tag.paper_count, fold), tag))
    ranked.sort(key=lambda pair: pair[0])
    return [tag for _, tag in ranked[:limit]]


def _rank(wanted: str, fold: str) -> int:
    """How well a tag fits what is wanted, 0 the best."""
    tests = (
        fold == wanted,
        fold.startswith(wanted),
        _levels_begin(wanted, fold),
        any(word.startswith(wanted) for word in _WORD_STARTS.split(fold)),
        wanted in fold,
        _holds_in_order(wanted, fold),
    )
    for rank, fits in enumerate(tests):
        if fits:
            return rank
    return len(tests) if _is_like(wanted, fold) else _NO_MATCH


def _levels_begin(wanted: str, fold: str) -> bool:
    """Whether levels of a tag that follow each other begin with the wanted ones."""
    parts, levels = wanted.split("/"), fold.split("/")
    return any(
        all(level.startswith(part.strip()) for part, level in zip(parts, levels[start:], strict=False))
        for start in range(len(levels) - len(parts) + 1)
    )


def _holds_in_order(wanted: str, fold: str) -> bool:
    """Whether all characters wanted stand in a tag in their order."""
    characters = iter(fold)
    return all(character in characters for character in wanted)


def _is_like(wanted: str, fold: str) -> bool:
    """Whether a tag, or a word of it, is spelled nearly as what is wanted."""
    if len(wanted) < _SHORTEST_MISTYPED:
        return False
    from rapidfuzz import fuzz  # slow to import, and seldom needed

    return any(fuzz.ratio(wanted, word) >= _LEAST_LIKENESS for word in (fold, *_WORD_STARTS.split(fold)))
