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
import importlib.util
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from reader.meaning.arrays import Floats, Integers

_PACKAGE = "wordllama"
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


class WordVectors:
    """Vectors of words by their pieces. ``id`` tells them from other vectors, ``width`` is the numbers of each."""

    def __init__(self, vectors: Floats, vocabulary: dict[str, int], merges: Sequence[str], identity: str) -> None:
        """``vectors`` has a row for each piece of ``vocabulary``; ``merges`` are pairs of pieces, the first first."""
        self.id = identity
        self.width = vectors.shape[1]
        self._vectors = vectors
        self._vocabulary = vocabulary
        self._ranks = {merge: rank for rank, merge in enumerate(merges)}
        self._kept: dict[str, tuple[int, ...]] = {}

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
        whole = self._vocabulary.get(_SPACE + word)
        if whole is not None:
            return [whole]
        parts = [_SPACE, *word]
        while len(parts) > 1:
            ranks = [self._ranks.get(f"{left} {right}") for left, right in pairwise(parts)]
            best = min((rank for rank in ranks if rank is not None), default=None)
            if best is None:
                break
            place = ranks.index(best)
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return [self._vocabulary.get(part, UNKNOWN_PIECE) for part in parts]


def installed_folder() -> Path | None:
    """The folder of the package with the vectors; None if it is not installed. It is not imported."""
    try:
        spec = importlib.util.find_spec(_PACKAGE)
    except (ImportError, ValueError):
        return None
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def read_word_vectors(folder: Path | None, known: dict[Path, str] = KNOWN) -> WordVectors | None:
    """The word vectors in a folder; None if there is none, or if its files are not those that are ``known``."""
    if folder is None:
        return None
    try:
        if any(_digest(folder / name) != digest for name, digest in known.items()):
            return None
        model = json.loads((folder / PIECES).read_bytes())["model"]
        return WordVectors(_matrix(folder / WEIGHTS), model["vocab"], model["merges"], known[WEIGHTS][:16])
    except OSError:
        return None


def _digest(path: Path) -> str:
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
