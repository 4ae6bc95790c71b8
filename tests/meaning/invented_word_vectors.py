"""Invented word vectors in the format of the package whose vectors are read, for words of the invented topics.

Every letter is a piece, and so is every word of the first topics; the words of one topic have vectors that are alike.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from string import ascii_lowercase

import numpy as np

from reader.meaning.word_vectors import PIECES, WEIGHTS, WordVectors, read_word_vectors
from tests.meaning.invented_topics import TOPICS, common_words, topic_words

WIDTH = 160
_SPACE = "\u2581"


def write_word_vectors(folder: Path, *, seed: int = 5) -> dict[Path, str]:
    """Write the files into a folder; returns their checksums."""
    random = np.random.default_rng(seed)
    vocabulary = {"<unk>": 0, _SPACE: 1} | {letter: number for number, letter in enumerate(ascii_lowercase, 2)}
    vectors = list(random.standard_normal((len(vocabulary), WIDTH)) * 0.1)
    merges: dict[str, None] = {}
    for topic in range(TOPICS + 1):
        centre = random.standard_normal(WIDTH)
        for word in topic_words(topic) if topic < TOPICS else common_words():
            for end in range(1, len(word) + 1):
                merges[f"{_SPACE}{word[: end - 1]} {word[end - 1]}"] = None
                if _SPACE + word[:end] not in vocabulary:
                    vocabulary[_SPACE + word[:end]] = len(vocabulary)
                    vectors.append(centre + random.standard_normal(WIDTH) * 0.5)
    (folder / WEIGHTS).parent.mkdir(parents=True, exist_ok=True)
    (folder / PIECES).parent.mkdir(parents=True, exist_ok=True)
    matrix = np.array(vectors, dtype="<f2")
    entry = {"dtype": "F16", "shape": list(matrix.shape), "data_offsets": [0, matrix.nbytes]}
    header = json.dumps({"embedding.weight": entry}).encode()
    (folder / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header + matrix.tobytes())
    (folder / PIECES).write_text(json.dumps({"model": {"vocab": vocabulary, "merges": list(merges)}}), "utf-8")
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, PIECES)}


def invented_word_vectors(folder: Path) -> WordVectors:
    """The word vectors of files that are written into a folder."""
    found = read_word_vectors(folder, write_word_vectors(folder))
    assert found is not None
    return found
