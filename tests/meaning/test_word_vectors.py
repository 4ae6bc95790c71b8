"""Word vectors read as data: the format, the pieces of words, what is not read, and texts in other languages."""

from pathlib import Path

import numpy as np
import pytest

from reader.domain.meaning import PaperText
from reader.meaning.basis import Basis
from reader.meaning.basis_file import load_basis, save_basis
from reader.meaning.installed import installed_folder
from reader.meaning.word_vectors import PIECES, WEIGHTS, WordVectors, read_word_vectors
from tests.meaning.invented_topics import invented_papers, topic_words
from tests.meaning.invented_word_vectors import WIDTH, invented_word_vectors, write_word_vectors

PAPERS = invented_papers(per_topic=10)
needs_extra = pytest.mark.skipif(
    read_word_vectors(installed_folder()) is None, reason="the extra “meaning” is not installed"
)


def test_known_words_are_one_piece_and_others_several(tmp_path: Path) -> None:
    vectors = invented_word_vectors(tmp_path)
    word = topic_words(0)[0]
    assert len(vectors.pieces(word)) == 1
    assert len(vectors.pieces(f"{word}q")) == 2
    assert len(vectors.pieces("qqqq")) == 5
    assert vectors.pieces("qé")[-1] == 0
    assert vectors.vectors(vectors.pieces(word)).shape == (1, WIDTH)


def test_the_pair_that_comes_first_is_joined_first() -> None:
    numbers = {name: number for number, name in enumerate(["<unk>", "\u2581a", "bcd", "d", "bc"])}
    vectors = WordVectors(np.zeros((5, 2)), lambda: (numbers, ["b c", "a b", "\u2581 a", "bc d"]), "invented")
    assert vectors.pieces("abcd") == (1, 2)
    assert vectors.pieces("abc") == (1, 4)


def test_other_files_than_those_known_are_not_read(tmp_path: Path) -> None:
    known = write_word_vectors(tmp_path)
    assert read_word_vectors(None) is None
    assert read_word_vectors(tmp_path / "nowhere") is None
    assert read_word_vectors(tmp_path) is None
    assert read_word_vectors(tmp_path, known) is not None
    (tmp_path / WEIGHTS).write_bytes((tmp_path / WEIGHTS).read_bytes() + b"\0")
    assert read_word_vectors(tmp_path, known) is None
    (tmp_path / PIECES).unlink()
    assert read_word_vectors(tmp_path, known) is None


def test_of_another_language_the_word_vectors_say_nothing(tmp_path: Path) -> None:
    basis = Basis.train([paper.text for paper in PAPERS], invented_word_vectors(tmp_path))
    known = " ".join(topic_words(0))
    (english,) = basis.vectors([PaperText("", known)])
    strange = " ".join(f"{word}qqqqq" for word in topic_words(1))
    for text in (f"{known} {strange}", f"{known} {'変分推論' * 12}"):
        (vector,) = basis.vectors([PaperText("", text)])
        assert not vector[basis.rank :].any()
        assert vector[: basis.rank].any()
    assert english[basis.rank :].any()
    assert np.dot(english, english) == pytest.approx(1)


def test_a_basis_is_read_as_it_was_written_and_only_with_its_word_vectors(tmp_path: Path) -> None:
    vectors = invented_word_vectors(tmp_path)
    basis = Basis.train([paper.text for paper in PAPERS], vectors)
    save_basis(basis, tmp_path / "a.basis")
    again = load_basis(tmp_path / "a.basis", vectors)
    assert again is not None
    assert again.id == basis.id
    assert np.array_equal(again.rows([PAPERS[0].text]), basis.rows([PAPERS[0].text]))
    assert load_basis(tmp_path / "a.basis", None) is None
    content = (tmp_path / "a.basis").read_bytes()
    for place in (3, len(content) // 2, len(content) - 1):
        (tmp_path / "b.basis").write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert load_basis(tmp_path / "b.basis", vectors) is None
    (tmp_path / "b.basis").write_bytes(content[:-40])
    assert load_basis(tmp_path / "b.basis", vectors) is None
    assert load_basis(tmp_path / "c.basis", vectors) is None


def test_word_vectors_that_know_no_word_change_nothing(tmp_path: Path) -> None:
    strange = [PaperText("", paper.abstract.replace(" ", "qqqq ")) for paper in PAPERS[:48]]
    alone, beside = Basis.train(strange), Basis.train(strange, invented_word_vectors(tmp_path))
    assert np.array_equal(beside.rows(strange)[:, : alone.width], alone.rows(strange))
    assert not beside.rows(strange)[:, alone.width :].any()


@needs_extra
def test_the_real_word_vectors_know_english() -> None:
    vectors = read_word_vectors(installed_folder())
    assert vectors is not None
    assert vectors.width == 256
    assert [len(vectors.pieces(word)) for word in ("learning", "tokenization", "naive")] == [1, 2, 2]
    words = ("image", "picture", "treaty")
    image, picture, treaty = (vectors.vectors(vectors.pieces(word)).mean(axis=0) for word in words)
    assert _cosine(image, picture) > _cosine(image, treaty) + 0.2


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))
