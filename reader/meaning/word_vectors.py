"""English word vectors of a package that is read as data: WordLlama's 256 numbers for each of 32,000 pieces of words.

The optional package ``wordllama`` (0.2.2.post0, MIT) brings the vectors as a file of the safetensors format
(https://github.com/huggingface/safetensors: the length of a header, the header as JSON, the numbers) and the pieces as
the JSON of a tokenizer. Nothing of it is imported: importing it takes long and brings a client of a model hub along.
Other files than those known are not used, because a basis depends on their every number.

A word becomes pieces by byte-pair encoding (R. Sennrich, B. Haddow and A. Birch, "Neural machine translation of rare
words with subword units", ACL 2016), as the tokenizer's file says: of all neighbours the pair that comes first in the
table is joined, until none is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from reader.meaning.arrays import Floats, Integers

WEIGHTS = Path("weights", "l2_supercat_256.safetensors")
PIECES = Path("tokenizers", "l2_supercat_tokenizer_config.json")
KNOWN = {
    WEIGHTS: "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    PIECES: "bf467c9e0f536bda271283c6ef85eb1a943e3196b621c8a912d64953b205df83",
}
"""The SHA-256 of the files of version 0.2.2.post0."""
_SPACE = "\u2581"
UNKNOWN_PIECE = 0
"""The number of a piece that the vectors do not know."""
_MOST_KEPT = 50_000
_LONGEST = 64

Pieces: TypeAlias = tuple[dict[str, int], Sequence[str]]
"""The numbers of pieces, and the pairs of them that are joined (``left right``), the first first."""


class WordVectors:
    """Vectors of words by their pieces. ``id`` tells them from other vectors, ``width`` is the numbers of each."""

    def __init__(self, vectors: Floats, pieces: Callable[[], Pieces], identity: str) -> None:
        """``vectors`` has a row for each piece; ``pieces`` gives these when a word is first asked for."""
        self.id = identity
        self.width = int(vectors.shape[1])
        self._vectors = vectors
        self._pieces = pieces
        self._kept: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _tables(self) -> tuple[dict[str, int], dict[str, int]]:
        """The numbers of the pieces, and the ranks of the pairs."""
        vocabulary, merges = self._pieces()
        return vocabulary, {merge: rank for rank, merge in enumerate(merges)}

    def pieces(self, word: str) -> tuple[int, ...]:
        """The numbers of a word's pieces; :data:`UNKNOWN_PIECE` stands for what the vectors do not know."""
        found = self._kept.get(word)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[word] = tuple(self._encoded(word[:_LONGEST]))
        return found

    def vectors(self, pieces: Sequence[int] | Integers) -> Floats:
        """The vectors of pieces, a row for each."""
        found: Floats = self._vectors[np.asarray(pieces, dtype=np.int64)].astype(np.float32)
        return found

    def _encoded(self, word: str) -> list[int]:
        vocabulary, ranks_of = self._tables
        whole = vocabulary.get(_SPACE + word)
        if whole is not None:
            return [whole]
        parts = [_SPACE, *word]
        while len(parts) > 1:
            ranks = [ranks_of.get(f"{left} {right}") for left, right in pairwise(parts)]
            best = min((rank for rank in ranks if rank is not None), default=None)
            if best is None:
                break
            place = ranks.index(best)
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return [vocabulary.get(part, UNKNOWN_PIECE) for part in parts]


def read_word_vectors(folder: Path | None, known: dict[Path, str] = KNOWN) -> WordVectors | None:
    """The word vectors in a folder; None if there is none, or if its files are not those that are ``known``."""
    if folder is None:
        return None
    try:
        if any(_digest(folder / name) != digest for name, digest in known.items()):
            return None
        return WordVectors(_matrix(folder / WEIGHTS), partial(_read_pieces, folder), known[WEIGHTS][:16])
    except OSError:
        return None


def _read_pieces(folder: Path) -> Pieces:
    model = json.loads((folder / PIECES).read_bytes())["model"]
    return model["vocab"], model["merges"]


def _digest(path: Path) -> str:
    state = path.stat()
    return _digest_of(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _digest_of(path: Path, modified: int, size: int) -> str:
    """The checksum of a file; kept while the file looks the same, because it is asked for again and again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _matrix(path: Path) -> Floats:
    """The only matrix of a file of the safetensors format, in half precision, mapped from the disk."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header: dict[str, Any] = json.loads(file.read(length))
    (entry,) = (value for name, value in header.items() if name != "__metadata__")
    shape = (int(entry["shape"][0]), int(entry["shape"][1]))
    return np.memmap(path, dtype="<f2", mode="r", offset=8 + length + int(entry["data_offsets"][0]), shape=shape)
