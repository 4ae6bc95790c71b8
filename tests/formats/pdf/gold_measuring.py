"""How much of a gold paper is read right, counted by machine."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from reader.domain.page_text.document import DocumentText
from reader.domain.page_text.lines import Kind

GOLD = Path(__file__).parent / "gold"
PAPERS = sorted(path.stem for path in GOLD.glob("*.pdf"))
_END = 12
"""So many letters decide whether a sentence begins and ends right."""


@dataclass
class Share:
    """How many sentences there are, are wholly right, and begin and end right; ``wrong`` are the others."""

    count: int = 0
    whole: int = 0
    ends: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Share) -> Share:
        return Share(
            self.count + other.count, self.whole + other.whole, self.ends + other.ends, self.wrong + other.wrong
        )


def measured(name: str, document: DocumentText) -> Share:
    """The share of a gold paper's sentences of running text, notes and captions that were read right."""
    truth = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    total = Share()
    for kind, sentences in (
        (Kind.BODY, [tuple(pair) for pair in truth["body"]]),
        (Kind.NOTE, [(text, False) for text in truth["notes"]]),
        (Kind.CAPTION, [(text, False) for text in truth["captions"]]),
    ):
        total += _share(sentences, [each.text for each in document.sentences if each.kind is kind])
    return total


def _share(truth: Iterable[tuple[str, bool]], read: Iterable[str]) -> Share:
    """Each sentence that was read counts for one of the truth at most."""
    read = list(read)
    whole = Counter(read)
    loose = Counter(_letters(text) for text in read)
    ends = Counter((_letters(text)[:_END], _letters(text)[-_END:]) for text in read)
    share = Share()
    for text, has_formula in truth:
        letters = _letters(text)
        end = letters[:_END], letters[-_END:]
        is_whole = loose[letters] > 0 if has_formula else whole[text] > 0
        share.count += 1
        share.whole += is_whole
        share.ends += ends[end] > 0
        whole[text] -= 1
        loose[letters] -= 1
        ends[end] -= 1
        if not is_whole:
            share.wrong.append(text)
    return share


def _letters(text: str) -> str:
    """The text without white space, formulas in plain letters: spaces in them are a matter of taste."""
    return "".join(unicodedata.normalize("NFKC", text).split())
