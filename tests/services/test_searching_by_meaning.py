"""Searching by meaning: what lacks a search's words is found by what it is about, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.services import Library
from reader.services.meaning import search
from tests.meaning.invented_topics import TOPICS, as_bibtex, common_words, invented_papers, topic_words

PAPERS = invented_papers()
BY_TITLE = {paper.title: paper for paper in PAPERS}
TOPIC = 4
ONE, OTHER = topic_words(TOPIC)[:2]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of 360 papers about twelve topics; some are starred, tagged and decided, whatever they are about."""
    folder = tmp_path_factory.mktemp("meaning")
    (folder / "papers.bib").write_text(as_bibtex(PAPERS), encoding="utf-8")
    with Library(folder / "library") as library:
        _learn(library, folder / "papers.bib")
        ids = sorted(library.papers.titles(range(1, len(PAPERS) + 1)))
        library.states.set_starred(ids[::3], True)
        library.tags.add(ids[::4], ["kept"])
        library.states.set(ids[::5], PaperState.DONE)
        yield library


def _learn(library: Library, file: Path) -> None:
    for _ in library.imports.paths([file]):
        pass
    for _ in library.index.update():
        pass


def _topics(library: Library, ids: Sequence[int]) -> list[int]:
    return [BY_TITLE[row.title].topic for row in library.papers.rows(ids)]


@pytest.mark.parametrize("topic", range(TOPICS))
def test_a_synonym_finds_papers_that_have_only_the_other(library: Library, topic: int) -> None:
    one, other = topic_words(topic)[:2]
    lacking = [paper.title for paper in PAPERS if paper.topic == topic and paper.synonym == other]
    found = library.search(f"~{one}")
    titles = [row.title for row in library.papers.rows(found.related_ids)]
    assert len(set(titles[: len(lacking)]) & set(lacking)) >= 0.8 * len(lacking)
    assert one not in _synonyms(library, found.related_ids)
    assert _synonyms(library, found.paper_ids) == {one}


def _synonyms(library: Library, ids: Sequence[int]) -> set[str]:
    return {BY_TITLE[row.title].synonym for row in library.papers.rows(ids)}


@pytest.mark.parametrize(
    "condition", ["is:starred", "#kept", "-#kept", "is:done", "is:starred -is:done", f"-{topic_words(TOPIC)[5]}"]
)
def test_conditions_leave_papers_out_and_never_change_the_order(library: Library, condition: str) -> None:
    everywhere = library.search(f"~{ONE} {topic_words(TOPIC + 1)[0]}")
    allowed = set(library.searches.papers(condition))
    found = library.search(f"~{ONE} {topic_words(TOPIC + 1)[0]} {condition}")
    assert list(found.paper_ids) == [one for one in everywhere.paper_ids if one in allowed]
    assert list(found.related_ids) == [one for one in everywhere.related_ids if one in allowed]
    assert 0 < len(found.related_ids) < len(everywhere.related_ids)


def test_a_condition_is_applied_before_the_closest_are_chosen(library: Library) -> None:
    words = " ".join(topic_words(topic)[0] for topic in range(TOPICS))
    everywhere = library.search(f"~{words}")
    last = everywhere.related_ids[-1]
    library.tags.add([last], ["alone"])
    assert list(library.search(f"~{words} #alone").related_ids) == [last]
    within = library.search(f"~{words}", within=[last, everywhere.related_ids[0]])
    assert list(within.related_ids) == [everywhere.related_ids[0], last]
    library.tags.remove([last], ["alone"])


def test_nonsense_finds_nothing_and_says_so(library: Library) -> None:
    for nonsense in ("~xqzzt wvkkp", "~qqqq", "~xqzzt is:starred"):
        found = library.search(nonsense)
        assert not found.paper_ids
        assert not found.related_ids
        assert found.messages == ("No paper of the library has any of these words.",)


def test_many_papers_with_the_words_are_narrowed_and_the_first_stay(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = f"~{ONE} {topic_words(TOPIC + 1)[1]} {common_words()[0]} {common_words()[7]}"
    whole = library.search(words)
    monkeypatch.setattr(search, "_MOST_RANKED", 50)
    monkeypatch.setattr(search, "_LEAST_RANKED", 40)
    narrowed = library.search(words)
    assert whole.meaning is not None
    assert narrowed.meaning is not None
    assert narrowed.meaning.examples == whole.meaning.examples
    assert list(narrowed.related_ids[:20]) == list(whole.related_ids[:20])


def test_what_is_not_close_is_not_shown(library: Library) -> None:
    found = library.search(f"~{ONE}")
    assert found.meaning is not None
    assert len(found.related_ids) < len(PAPERS) / 4
    closeness = [found.meaning.closeness(one) for one in found.related_ids]
    space = library.meaning.space()
    assert space is not None
    assert all(one is not None and one >= space.floor for one in closeness)


def test_a_removed_example_no_longer_shows_what_is_meant(library: Library) -> None:
    words = f"{topic_words(TOPIC)[2]} {topic_words(TOPIC + 1)[2]}"
    both = library.search(f"~{words}")
    assert both.meaning is not None
    assert set(_topics(library, both.meaning.examples)) == {TOPIC, TOPIC + 1}
    unwanted = [one for one in both.meaning.examples if _topics(library, [one]) == [TOPIC + 1]]
    rest = library.search(f"~{words}", without=unwanted)
    assert rest.meaning is not None
    assert rest.meaning.examples == tuple(one for one in both.meaning.examples if one not in unwanted)
    assert set(_topics(library, rest.related_ids[:10])) == {TOPIC}
    nothing = library.search(f"~{words}", without=both.meaning.examples)
    assert not nothing.related_ids
    assert nothing.messages == ("No paper is left that shows what is meant.",)


def test_authors_and_other_places_are_conditions(library: Library) -> None:
    everyone = library.search(f"~{ONE} author:bee")
    assert list(everyone.related_ids) == list(library.search(f"~{ONE}").related_ids)
    assert not library.search(f"~{ONE} author:wasp").related_ids
    nobody = library.search("~author:bee")
    assert not nobody.related_ids
    assert nobody.messages == ("Type words to search for their meaning.",)


def test_an_order_holds_for_both_parts(library: Library) -> None:
    found = library.search(f"~{ONE} sort:title")
    assert set(found.related_ids) == set(library.search(f"~{ONE}").related_ids)
    for ids in (found.paper_ids, found.related_ids):
        titles = [row.title for row in library.papers.rows(ids)]
        assert titles == sorted(titles)


def test_where_few_have_all_the_words_those_close_in_meaning_follow(library: Library) -> None:
    rare = next(word for word in common_words() if len(library.searches.papers(f"{ONE} {word} {OTHER}")) == 0)
    found = library.search(f"{ONE} {rare} {OTHER}")
    assert found.meaning is not None
    assert found.messages == ()
    assert TOPIC in _topics(library, found.related_ids[:5])
    many = library.search(ONE)
    assert many.meaning is None
    assert not many.related_ids


def test_words_that_no_paper_has_are_never_taken_for_others(library: Library) -> None:
    found = library.search("xqzzt")
    assert not found.paper_ids
    assert not found.related_ids


def test_acting_on_a_search_by_meaning_acts_on_papers_with_its_words(library: Library) -> None:
    assert set(library.searches.papers(f"~{ONE}")) == set(library.searches.papers(ONE))
    library.mutes.add("by meaning", f"~{ONE}")
    hidden = library.views.counts().muted
    library.mutes.delete(library.mutes.all()[0].id)
    assert 0 < hidden <= len(library.searches.papers(ONE))


def test_a_small_library_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "papers.bib").write_text(as_bibtex(PAPERS[:8]), encoding="utf-8")
    with Library(tmp_path / "library") as library:
        _learn(library, tmp_path / "papers.bib")
        word = PAPERS[0].synonym
        found = library.search(f"~{word}")
        assert found.messages == ("Papers can be compared from 20 papers on; this library has 8.",)
        assert list(found.paper_ids) == list(library.search(word).paper_ids)


def test_below_200_papers_those_with_any_of_the_words_follow(tmp_path: Path) -> None:
    (tmp_path / "papers.bib").write_text(as_bibtex(invented_papers(per_topic=10)), encoding="utf-8")
    with Library(tmp_path / "library") as library:
        _learn(library, tmp_path / "papers.bib")
        words = f"{topic_words(0)[0]} {topic_words(0)[1]}"
        found = library.search(words)
        assert found.meaning is None
        assert found.related_ids
        by_meaning = library.search(f"~{words}")
        assert by_meaning.meaning is not None
        assert by_meaning.meaning.examples


def test_until_the_vectors_are_there_it_says_so_and_finds_the_words(tmp_path: Path) -> None:
    (tmp_path / "papers.bib").write_text(as_bibtex(PAPERS[:60]), encoding="utf-8")
    with Library(tmp_path / "library") as library:
        for _ in library.imports.paths([tmp_path / "papers.bib"]):
            pass
        word = PAPERS[0].synonym
        found = library.search(f"~{word}")
        assert found.messages == ("Search by meaning is being prepared; these are the papers with the words.",)
        assert set(found.paper_ids) == set(library.search(word).paper_ids)
        assert found.meaning is None
        complete = library.search(f"~{word}", exact=True)
        assert complete.messages == ()
        assert complete.related_ids


_ORDER = """
import sys
from pathlib import Path
from reader.services import Library
if __name__ == "__main__":
    with Library(Path(sys.argv[1])) as library:
        for _ in library.imports.paths([Path(file) for file in sys.argv[3:]]):
            pass
        for _ in library.index.update():
            pass
        found = library.search(sys.argv[2])
        ids = [*found.paper_ids, *found.related_ids]
        print(*[library.papers.titles(ids)[one].title for one in ids], sep="\\n")
"""


def test_another_run_and_another_order_of_importing_find_the_same_order(tmp_path: Path) -> None:
    halves = (tmp_path / "one.bib", tmp_path / "other.bib")
    halves[0].write_text(as_bibtex(PAPERS[90:210:2]), encoding="utf-8")
    halves[1].write_text(as_bibtex(PAPERS[91:210:2][::-1]), encoding="utf-8")
    script = tmp_path / "order.py"
    script.write_text(_ORDER, encoding="utf-8")
    orders = []
    for number, files in enumerate((halves, halves, halves[::-1])):
        command = [sys.executable, str(script), str(tmp_path / str(number)), f"~{ONE}", *map(str, files)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONHASHSEED": str(number)}
        orders.append(subprocess.run(command, capture_output=True, check=True, env=environment).stdout)
    assert len(orders[0].splitlines()) > 20
    assert orders[0] == orders[1] == orders[2]
