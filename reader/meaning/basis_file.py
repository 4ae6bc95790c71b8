"""A basis as a file: a header in JSON, the arrays behind each other, and a checksum over both."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from reader.files import write_file
from reader.meaning.basis import Basis
from reader.meaning.manifest import FORMAT
from reader.meaning.vocabulary import Vocabulary
from reader.meaning.word_vectors import WordVectors

_DIGEST = hashlib.sha256().digest_size
_LENGTH = 8


def save_basis(basis: Basis, path: Path) -> None:
    """Write a basis, durably; raises OSError."""
    header = {
        "format": FORMAT,
        "id": basis.id,
        "terms": basis.vocabulary.terms,
        "rank": basis.rank,
        "word width": len(basis.word_mean),
        "words": basis.words.id if basis.words else None,
        "papers": basis.papers,
    }
    # ASCII, so that lone surrogates of a broken file's words do no harm.
    described = json.dumps(header).encode("ascii")
    arrays = (
        basis.vocabulary.idf.astype("<f4"),
        basis.directions.astype("i1"),
        basis.scales.astype("<f4"),
        basis.term_mean.astype("<f8"),
        basis.word_mean.astype("<f8"),
    )
    content = len(described).to_bytes(_LENGTH, "little") + described + b"".join(array.tobytes() for array in arrays)
    write_file(path, content + hashlib.sha256(content).digest())


def load_basis(path: Path, words: WordVectors | None) -> Basis | None:
    """Read a basis; None if it is missing, damaged, of another format, or made with other word vectors than these."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) < _DIGEST or hashlib.sha256(content[:-_DIGEST]).digest() != content[-_DIGEST:]:
        return None
    length = int.from_bytes(content[:_LENGTH], "little")
    header: dict[str, Any] = json.loads(content[_LENGTH : _LENGTH + length])
    if header["format"] != FORMAT or header["words"] != (words.id if words else None):
        return None
    terms, rank, place = header["terms"], header["rank"], _LENGTH + length

    def take(kind: str, *shape: int) -> Any:
        nonlocal place
        count = int(np.prod(shape))
        found = np.frombuffer(content, kind, count, place).reshape(shape)
        place += found.nbytes
        return found

    idf, directions = take("<f4", len(terms)), take("i1", len(terms), rank)
    scales, term_mean, word_mean = take("<f4", len(terms)), take("<f8", rank), take("<f8", header["word width"])
    return Basis(Vocabulary.of(terms, idf), directions, scales, term_mean, word_mean, header["papers"], words)
