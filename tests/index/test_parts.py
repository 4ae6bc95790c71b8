"""The pieces an index is made of, each against a plain definition."""

from __future__ import annotations

import tempfile
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap
from whoosh.query import And, Or, Term

from reader.domain.query import TextField
from reader.domain.selection import IndexedText, IndexPart
from reader.domain.stemmer import family, stem
from reader.index.codec import MAXIMUM_COUNT, TermPostings, packed, unpacked
from reader.index.files import DamagedFileError
from reader.index.home import IndexHome
from reader.index.lexicon import Lexicon, LexiconCollector, SortedLines
from reader.index.memory import MemorySegment, _certain_part
from reader.index.paper_numbers import Numbering
from reader.index.parts import choose_direct
from reader.index.schema import document_of
from reader.index.segment_merge import keep_all
from reader.index.writer import write_batch

from .sources import invented

words = st.text("abcé模", min_size=1, max_size=5)


@given(st.lists(st.integers(0, 200_000), max_size=60, unique=True).map(sorted), st.data())
def test_postings_come_back(numbers: list[int], data: st.DataObject) -> None:
    counts = bytes(data.draw(st.lists(st.integers(1, MAXIMUM_COUNT), min_size=len(numbers), max_size=len(numbers))))
    entry = packed(TermPostings("title", b"w", BitMap(numbers), counts))
    assert unpacked(entry) == (BitMap(numbers), counts)
    at = data.draw(st.integers(0, len(entry) - 1))
    broken = bytearray(entry)
    broken[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DamagedFileError):
        unpacked(bytes(broken))
    with pytest.raises(DamagedFileError):
        unpacked(entry[: data.draw(st.integers(0, len(entry) - 1))])


runs = st.lists(st.tuples(st.integers(1, 2_000), st.integers(1, 30)), max_size=90)


@given(runs, st.sets(st.integers(0, 3_000)), st.booleans())
def test_documents_and_papers_are_translated_both_ways(
    stretches: list[tuple[int, int]], chosen: set[int], in_order: bool
) -> None:
    ids = list(dict.fromkeys(start + step for start, length in stretches for step in range(length)))
    ids = sorted(ids) if in_order else ids
    numbering = Numbering(array("I", ids))
    documents = BitMap(number for number in chosen if number < len(ids))
    assert numbering.ids_of(documents) == BitMap(ids[number] for number in documents)
    assert numbering.documents_of(BitMap(chosen)) == BitMap(n for n, paper in enumerate(ids) if paper in chosen)
    assert [numbering.id_of(number) for number in range(len(numbering))] == ids


@given(st.dictionaries(words, words, max_size=30), words)
def test_sorted_lines_are_found(entries: dict[str, str], other: str) -> None:
    lines = SortedLines.of(entries.items())
    for key in [*entries, other]:
        assert lines.find(key) == entries.get(key)
        for length in range(1, len(key) + 1):
            beginning = key[:length]
            expected = sorted((key, value) for key, value in entries.items() if key.startswith(beginning))
            assert list(lines.beginning_with(beginning)) == expected


@given(
    st.lists(
        st.tuples(st.sampled_from(["abstract", "title"]), words, st.sets(st.integers(0, 40), min_size=1)), max_size=80
    )
)
def test_a_lexicon_answers_from_what_was_written(entries: list[tuple[str, str, set[int]]]) -> None:
    together: dict[tuple[str, str], set[int]] = {}
    for field, word, documents in entries:
        together.setdefault((field, word), set()).update(documents)
    postings = [
        TermPostings(field, word.encode(), BitMap(documents), b"\x01" * len(documents))
        for (field, word), documents in sorted(together.items())
    ]
    numbering = Numbering(array("I", range(100, 200)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "segment.lexicon")
        fields = [TextField.TITLE, TextField.ABSTRACT]
        collector = LexiconCollector(fields)
        assert list(collector.watched(postings)) == postings
        collector.write(path, postings, numbering)
        lexicon = Lexicon(path, fields)
        known = sorted({word for _, word in together})
        assert lexicon.all_words() == known
        for word in known:
            assert lexicon.fields_of(word) == (("title", word) in together) + 2 * (("abstract", word) in together)
            assert sorted(lexicon.of_stem(stem(word))) == [other for other in known if stem(other) == stem(word)]
            assert sorted(lexicon.of_family(family(word))) == [o for o in known if family(o) == family(word)]
        for prefix in {word[:length] for word in known for length in (1, 2, 3)}:
            begun = [word for word in known if word.startswith(prefix)]
            assert lexicon.beginning_with(prefix) == begun
            assert lexicon.beginning_with(prefix, limit=2) == begun[:2]
            assert lexicon.beginning_with(prefix, fields[:1]) == [word for word in begun if ("title", word) in together]
            for titles_only in (False, True):
                stored = lexicon.stored_ids(prefix, titles_only=titles_only)
                meant = [
                    documents
                    for (field, word), documents in together.items()
                    if word.startswith(prefix) and (field == "title" or not titles_only)
                ]
                sharing = {w for f, w in together if w.startswith(prefix) and (f == "title" or not titles_only)}
                assert (stored is not None) == (len(sharing) >= 24)
                if stored is not None:
                    assert stored == BitMap(100 + number for documents in meant for number in documents)
        lexicon.close()


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
def test_words_begin_as_their_stems_and_families_do(word: str) -> None:
    assert word.startswith(_certain_part(stem(word)))
    assert word.startswith(_certain_part(family(word)))


def test_every_inflection_begins_as_its_stem_does() -> None:
    endings = "s es ed ing y ies ied ation ization fulness ousness iviti biliti ical ally ement ions izer"
    for root in ("spar", "mod", "gener", "hop", "conflat", "sensi", "happ", "re", "st", "agr", "ee", "ye"):
        for ending in endings.split():
            word = root + ending
            assert word.startswith(_certain_part(stem(word)))
            assert word.startswith(_certain_part(family(word)))


def test_memory_forgets_only_when_there_is_much() -> None:
    memory = MemorySegment(IndexPart.PAPERS)
    memory.hold({1: 5}, [document_of(IndexedText(1, "tide", "", ()))])
    memory.forget_all_but({2})
    assert list(memory.ids_of(["tide"], memory.fields)) == [1]
    assert memory.outdated({1: 5, 2: 1}) == [2]
    assert memory.outdated({1: 6}) == [1]
    memory.hold({1: 6}, [])
    assert not memory.ids_of(["tide"], memory.fields)
    assert memory.all_words() == []
    memory.hold(dict.fromkeys(range(1, 4002), 1), [])
    memory.forget_all_but({7})
    assert memory.outdated({7: 1, 8: 1}) == [8]


ids = st.sets(st.integers(1, 40)).map(BitMap)


@given(ids, ids, st.dictionaries(st.integers(1, 40), st.integers(1, 99)), st.integers(0, 12))
def test_the_choice_of_what_is_searched_directly(
    indexed: BitMap, indexable: BitMap, pending: dict[int, int], limit: int
) -> None:
    versions, masked, unsearchable = choose_direct(indexed, indexable, pending, limit)
    assert len(versions) <= limit
    assert BitMap(versions) <= indexable
    assert all(versions[paper] == pending.get(paper, 0) for paper in versions)
    found = (indexed - masked) | BitMap(versions)
    assert unsearchable == len(indexable - found)
    assert not (BitMap(pending) - indexable) - masked
    if len(indexable) <= limit:
        assert found & indexable == indexable
        assert all(paper in versions for paper in pending if paper in indexable)


def test_whooshs_own_searching_finds_the_same(tmp_path: Path) -> None:
    home = IndexHome(tmp_path)
    index = home.open_part(home.instance, IndexPart.PAPERS)
    documents = [document_of(invented(number)) for number in range(1, 101)]
    write_batch(index, IndexPart.PAPERS, documents[:60], merging=keep_all)
    write_batch(index, IndexPart.PAPERS, documents[60:], merging=keep_all)
    with index.searcher() as searcher:
        for query, expected in (
            (Term("title", "tide"), 100),
            (Term("abstract", "group1"), 30),
            (And([Term("title", "tide"), Term("abstract", "group2")]), 30),
            (Or([Term("title", "5"), Term("title", "77")]), 2),
        ):
            assert len(searcher.search(query, limit=None)) == expected
