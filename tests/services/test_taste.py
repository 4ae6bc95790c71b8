"""The order "for you" of a library: from its decisions alone, with exact reasons, and as the reader wishes it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import PaperState
from reader.domain.taste import BULK, TasteStatus
from reader.domain.time_spans import TimeSpanError
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.meaning.invented_topics import InventedPaper, as_bibtex, invented_papers, topic_words
from tests.services.support import finish
from tests.storage.support import TickingClock

LIKED = (2, 7)
ALL = View(ViewKind.ALL)
OLD_SCHEMA = Path(__file__).parents[1] / "storage" / "fixtures" / "schema_0008.sql"


def open_library(folder: Path) -> Library:
    return Library(folder, clock=TickingClock())


def bring(library: Library, papers: Sequence[InventedPaper]) -> None:
    finish(library.imports.text(as_bibtex(papers), "papers"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of all invented papers, undecided, with its vectors made."""
    folder = tmp_path_factory.mktemp("whole") / "library"
    with open_library(folder) as library:
        bring(library, invented_papers())
        assert library.meaning.space(complete=True) is not None
    return folder


@pytest.fixture
def library(whole: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(whole, tmp_path / "library")
    with open_library(tmp_path / "library") as opened:
        yield opened


def topics_of(library: Library) -> dict[int, int]:
    """The topic of every paper, by id."""
    topics = {paper.title: paper.topic for paper in invented_papers()}
    ids = library.views.paper_ids(ALL)
    return {paper_id: topics[title.title] for paper_id, title in library._store.papers.titles(ids).items()}


def decide(library: Library, count: int = 20, topics: Sequence[int] = LIKED, seed: int = 1) -> list[int]:
    """Keep papers of some topics, and dismiss as many others."""
    of_topic = topics_of(library)
    ids = sorted(of_topic)
    random.Random(seed).shuffle(ids)
    kept = [paper_id for paper_id in ids if of_topic[paper_id] in topics][: count // 2]
    dismissed = [paper_id for paper_id in ids if of_topic[paper_id] not in topics][: count - count // 2]
    library.states.set(kept, PaperState.DONE)
    library.states.set(dismissed, PaperState.DISMISSED)
    return [*kept, *dismissed]


def order_of(library: Library, query: str = "") -> list[int]:
    return list(library.search(query, sort="foryou", exact=True).paper_ids)


def separation(library: Library, decided: Sequence[int], topics: Sequence[int] = LIKED) -> float:
    """The share of pairs of an undecided liked paper and another one that stand in the right order (AUC)."""
    of_topic, known = topics_of(library), set(decided)
    places: tuple[list[int], list[int]] = ([], [])
    for place, paper_id in enumerate(order_of(library)):
        if paper_id not in known:
            places[of_topic[paper_id] in topics].append(place)
    pairs = [liked < other for liked in places[True] for other in places[False]]
    return sum(pairs) / len(pairs)


class TestOrder:
    def test_it_begins_with_five_kept_and_five_dismissed_and_says_what_is_missing(self, library: Library) -> None:
        ids = list(library.views.paper_ids(ALL))
        library.states.set(ids[:4], PaperState.DONE)
        library.states.set(ids[4:7], PaperState.DISMISSED)
        found = library.search("", sort="foryou", exact=True)
        assert list(found.paper_ids) == list(library.search("").paper_ids), "the order by date"
        assert found.messages == (
            "“For you” needs 3 more decisions (1 to keep, 2 to dismiss); until then the papers are sorted by date.",
        )
        library.states.set(ids[7:9], PaperState.DISMISSED)
        library.states.set(ids[9:10], PaperState.QUEUED)
        found = library.search("sort:foryou", exact=True)
        assert list(found.paper_ids) != list(library.search("").paper_ids)
        assert found.messages == ("“For you” is still guessing: it has few liked papers to learn from.",)

    def test_enough_kept_papers_do_without_dismissed_ones(self, library: Library) -> None:
        library.states.set(list(library.views.paper_ids(ALL))[:20], PaperState.DONE)
        found = library.taste.order(library.views.paper_ids(ALL))
        assert (found.status, found.decisions, found.message) == (TasteStatus.LEARNED, 20, "")

    @pytest.mark.parametrize("seed", range(3))
    def test_a_reader_of_two_topics_is_known_after_twenty_decisions(self, library: Library, seed: int) -> None:
        topics = random.Random(seed).sample(range(12), 2)
        assert separation(library, decide(library, topics=topics, seed=seed), topics) >= 0.95

    def test_every_paper_is_in_it_once_and_conditions_leave_the_order_as_it_is(self, library: Library) -> None:
        decided = decide(library)
        whole = order_of(library)
        assert sorted(whole) == sorted(library.views.paper_ids(ALL))
        some = random.Random(2).sample(whole, 50)
        library.tags.add(some, ["some"])
        library.history.undo()
        inbox = order_of(library, "is:inbox")
        assert inbox == [paper_id for paper_id in whole if paper_id not in set(decided)]
        assert list(library.taste.order(some).paper_ids) == [each for each in whole if each in set(some)]

    @pytest.mark.parametrize(
        "act",
        [
            lambda library, ids: library.states.set(ids, PaperState.DONE),
            lambda library, ids: library.states.set(ids, PaperState.DISMISSED),
            lambda library, ids: library.states.set_starred(ids, True),
            lambda library, ids: library.tags.add(ids, ["a"]),
            lambda library, ids: library.notes.save(ids[0], "Well.", revision=None),
            lambda library, ids: library.queue.add(ids),
        ],
    )
    def test_a_decision_and_its_undoing_leave_the_identical_order(
        self, library: Library, act: Callable[[Library, list[int]], object]
    ) -> None:
        decided = decide(library)
        before = order_of(library)
        scores = library.taste.scores(before)
        act(library, [paper_id for paper_id in before if paper_id not in decided][100:103])
        assert library.taste.scores(before) != scores
        library.history.undo()
        assert order_of(library) == before
        assert library.taste.scores(before) == scores

    def test_merged_papers_are_one_decision(self, library: Library) -> None:
        decided = decide(library)
        before = order_of(library)
        library.papers.merge(decided[0], decided[1])
        assert sorted(order_of(library)) == sorted(set(before) - {decided[1]})
        assert library.taste.learned().decisions == 19
        library.history.undo()
        assert order_of(library) == before

    @pytest.mark.parametrize("act", ["seen", "snoozed"])
    def test_what_is_no_decision_teaches_nothing(self, library: Library, act: str) -> None:
        decide(library)
        before = order_of(library)
        if act == "seen":
            library.states.set_seen(before[50:80])
        else:
            library.states.bury(before[50:80], "3d")
        assert order_of(library) == before

    def test_the_order_of_imports_and_another_run_change_nothing(self, library: Library, tmp_path: Path) -> None:
        shuffled = invented_papers()
        random.Random(9).shuffle(shuffled)
        with open_library(tmp_path / "other") as other:
            for start in range(0, len(shuffled), 120):
                finish(other.imports.text(as_bibtex(shuffled[start : start + 120]), f"part {start}"))
            orders = []
            kept = [paper.title for paper in invented_papers() if paper.topic in LIKED][::4]
            no = [paper.title for paper in invented_papers() if paper.topic not in LIKED][::20]
            for each in (library, other):
                titles = each._store.papers.titles(each.views.paper_ids(ALL))
                ids = {title.title: paper_id for paper_id, title in titles.items()}
                each.states.set([ids[title] for title in kept], PaperState.DONE)
                each.states.set([ids[title] for title in no], PaperState.DISMISSED)
                orders.append([titles[paper_id].title for paper_id in order_of(each)])
        with open_library(library.folder.parent / "other") as again:
            titles = again._store.papers.titles(again.views.paper_ids(ALL))
            orders.append([titles[paper_id].title for paper_id in order_of(again)])
        assert orders[0] == orders[1] == orders[2]

    def test_what_was_dismissed_in_bulk_counts_little(self, library: Library) -> None:
        of_topic = topics_of(library)
        by_topic = {topic: [each for each in of_topic if of_topic[each] == topic] for topic in range(12)}
        library.states.set(by_topic[0][:20], PaperState.DONE)
        library.states.set(by_topic[1][:10], PaperState.DISMISSED)
        library.states.set([*by_topic[2][:10], *by_topic[3][:15]], PaperState.DISMISSED, at_once=True)
        assert len(by_topic[2][:10]) + 15 > BULK
        scores = library.taste.scores([*by_topic[1], *by_topic[2]])
        one_by_one, in_bulk = (sum(scores[each] for each in by_topic[topic][10:]) for topic in (1, 2))
        assert one_by_one < in_bulk

    def test_every_tenth_place_is_for_another_paper_if_one_explores(self, library: Library) -> None:
        decide(library, 60)
        ids = list(library.views.paper_ids(ALL))
        plain, found = (library.taste.order(ids, exploring=day) for day in (None, date(2026, 3, 2)))
        assert not plain.outside
        assert found.outside == set(found.paper_ids[9::10])
        rest = [each for each in found.paper_ids if each not in found.outside]
        assert rest == [each for each in plain.paper_ids if each not in found.outside]
        assert library.taste.order(ids, exploring=date(2026, 3, 2)) == found
        assert library.taste.order(ids, exploring=date(2026, 3, 3)).outside != found.outside

    def test_all_papers_may_be_decided(self, library: Library) -> None:
        ids = list(library.views.paper_ids(ALL))
        library.states.set(ids[::2], PaperState.DONE)
        library.states.set(ids[1::2], PaperState.DISMISSED)
        assert sorted(order_of(library)) == sorted(ids)
        assert library.taste.learned().foretelling is not None


@pytest.mark.parametrize("count", [0, 1, 5, 12])
def test_a_small_library_is_sorted_by_date_with_a_sentence(tmp_path: Path, count: int) -> None:
    with open_library(tmp_path / "library") as library:
        if count:
            bring(library, invented_papers()[:count])
        ids = list(library.views.paper_ids(ALL))
        library.states.set(ids[:5], PaperState.DONE)
        library.states.set(ids[5:10], PaperState.DISMISSED)
        found = library.search("", sort="foryou", exact=True)
        assert list(found.paper_ids) == list(library.search("").paper_ids)
        (message,) = found.messages
        assert ("needs" if count < 10 else "too few to compare") in message
        assert library.taste.learned(complete=True).foretelling is None


def test_papers_without_abstracts_have_an_order(tmp_path: Path) -> None:
    with open_library(tmp_path / "library") as library:
        titles = "\n".join(f"@misc{{k{n}, title={{Tides and Rivers {n} of Stones}}}}" for n in range(30))
        finish(library.imports.text(titles, "titles"))
        ids = list(library.views.paper_ids(ALL))
        library.states.set(ids[:10], PaperState.DONE)
        library.states.set(ids[10:20], PaperState.DISMISSED)
        assert sorted(order_of(library)) == sorted(ids)
        reasons = library.taste.reasons(ids[0])
        assert reasons is not None
        assert sum(each.part for each in reasons.words) == pytest.approx(reasons.score, abs=1e-9)


def test_a_view_in_that_order_does_not_wait_for_vectors(tmp_path: Path) -> None:
    with open_library(tmp_path / "library") as library:
        bring(library, invented_papers(per_topic=3))
        ids = list(library.views.paper_ids(ALL))
        library.states.set(ids[:5], PaperState.DONE)
        library.states.set(ids[5:10], PaperState.DISMISSED)
        view = View(ViewKind.SEARCH, query="sort:foryou")
        assert list(library.views.paper_ids(view)) == ids
        assert library.meaning.space() is None
        expected = order_of(library)
        assert expected != ids
        assert list(library.views.paper_ids(view)) == expected


def test_threads_ask_while_another_decides(library: Library) -> None:
    """The window decides on one thread, and asks for scores, reasons and what was learned on others."""
    decided = decide(library, 60)
    ids = [paper_id for paper_id in order_of(library) if paper_id not in decided]
    asked: list[object] = []

    def ask(questions: Sequence[Callable[[], object]]) -> None:
        try:
            asked.extend(question() for question in questions)
        except Exception as error:  # for the test's own thread
            asked.append(error)
        library.release_thread()

    questions = (lambda: library.taste.scores(ids), lambda: library.taste.reasons(ids[0]), library.taste.learned)
    threads = [threading.Thread(target=ask, args=([question] * 8,)) for question in questions]
    for thread in threads:
        thread.start()
    for paper_id in ids[:20]:
        library.states.set([paper_id], PaperState.DONE)
    library.history.undo(20)
    for thread in threads:
        thread.join()
    assert len(asked) == 24 and not [each for each in asked if isinstance(each, Exception)]
    assert [paper_id for paper_id in order_of(library) if paper_id not in decided] == ids


class TestReasons:
    def test_words_and_papers_each_sum_to_the_score_that_orders(self, library: Library) -> None:
        decided = decide(library, 60)
        for paper_id in order_of(library)[::40]:
            found = library.taste.reasons(paper_id)
            assert found is not None
            assert found.score == pytest.approx(library.taste.scores([paper_id])[paper_id], abs=1e-6)
            assert sum(each.part for each in found.words) == pytest.approx(found.score, abs=1e-9)
            assert sum(each.part for each in found.papers) == pytest.approx(found.score, abs=1e-9)
            assert {each.paper_id for each in found.papers} == set(decided)
            assert (found.always + found.lately) / 2 == pytest.approx(found.score, abs=1e-9)

    def test_they_name_the_topics_words_and_papers(self, library: Library) -> None:
        decided = decide(library, 60)
        of_topic = topics_of(library)
        best = next(each for each in order_of(library) if each not in decided)
        found = library.taste.reasons(best)
        assert found is not None and found.are_strong
        own = set(topic_words(of_topic[best]))
        assert found.words_for and all(set(each.word.split()) & own for each in found.words_for)
        assert [of_topic[each.paper_id] for each in found.papers_for] == [of_topic[best]] * 3

    def test_there_are_none_without_an_order(self, library: Library) -> None:
        assert library.taste.reasons(1) is None
        assert library.taste.scores([1]) == {}


class TestWishes:
    def test_a_forgotten_word_says_nothing_until_it_is_recalled(self, library: Library) -> None:
        decide(library, 60)
        before, word = order_of(library), topic_words(2)[0]
        assert library.taste.forget(f" {word.upper()} ").title.sentence() == f"Made “for you” forget “{word}”"
        assert order_of(library) != before
        assert library.taste.learned().forgotten == (word,)
        for paper_id in order_of(library)[::60]:
            found = library.taste.reasons(paper_id)
            assert found is not None
            assert sum(each.part for each in found.papers) == pytest.approx(found.score, abs=1e-9)
        assert library.taste.recall(word)
        assert order_of(library) == before
        library.history.undo(2)
        assert order_of(library) == before
        with pytest.raises(NotFoundError, match="was not forgotten"):
            library.taste.recall(word)
        for text in ("", "a b c d e"):
            with pytest.raises(ReaderError, match="one word"):
                library.taste.forget(text)

    def test_decisions_before_a_day_are_left_out(self, library: Library) -> None:
        decided = decide(library, 20)
        before = order_of(library)
        library._store._clock.advance(days=40)
        library.states.set([paper_id for paper_id in before if paper_id not in decided][:1], PaperState.DONE)
        library.taste.leave_out_before(date(2026, 3, 20))
        learned = library.taste.learned()
        assert (learned.liked, learned.dismissed, learned.left_out, learned.since) == (1, 0, 20, "2026-03-20")
        assert learned.status is TasteStatus.NEEDS and learned.missing == (4, 5)
        library.taste.leave_out_before(None)
        assert library.taste.learned().decisions == 21
        library.history.undo(3)
        assert order_of(library) == before
        with pytest.raises(TimeSpanError):
            library.taste.day("nonsense")

    def test_starting_over_is_one_step_that_is_undone(self, library: Library, tmp_path: Path) -> None:
        decide(library, 40)
        library.taste.forget("rivers")
        before = order_of(library)
        library.taste.start_over()
        learned = library.taste.learned()
        assert (learned.decisions, learned.left_out, learned.forgotten) == (0, 40, ())
        library.history.undo()
        assert order_of(library) == before

    def test_switched_off_it_sorts_by_date_and_says_so(self, library: Library) -> None:
        decided = decide(library, 40)
        before = order_of(library)
        library.taste.switch(False)
        found = library.search("", sort="foryou", exact=True)
        assert list(found.paper_ids) == list(library.search("").paper_ids)
        assert found.messages == ("“For you” is switched off; the papers are sorted by date.",)
        assert library.taste.reasons(decided[0]) is None
        assert library.taste.learned().status is TasteStatus.OFF
        library.taste.switch(True)
        assert order_of(library) == before


class TestExamples:
    @pytest.fixture
    def liked(self, tmp_path: Path) -> Path:
        """A file of papers that are not in the library, about two topics of it."""
        path = tmp_path / "liked.bib"
        path.write_text(as_bibtex(invented_papers(LIKED, 12, seed=5)), encoding="utf-8")
        return path

    def test_a_file_of_liked_papers_is_a_beginning(self, library: Library, liked: Path) -> None:
        change = library.taste.learn_from_file(liked)
        assert str(change.title) == "Learned from liked.bib: 24 papers"
        assert library.views.counts().all == 360
        assert separation(library, ()) >= 0.95
        found = library.taste.reasons(order_of(library)[0])
        assert found is not None and len(found.papers) == 24
        assert all(each.paper_id is None and each.key and each.title for each in found.papers)
        assert sum(each.part for each in found.papers) == pytest.approx(found.score, abs=1e-9)
        assert library.taste.learned().examples == 24
        assert not library.taste.learn_from_file(liked), "nothing of it is new"
        library.history.undo()
        assert library.taste.status().needed == 10
        library.history.redo()
        assert library.taste.forget_examples()
        assert library.taste.status().needed == 10

    def test_papers_of_the_library_are_taken_by_identity_and_left_as_they_are(
        self, library: Library, tmp_path: Path
    ) -> None:
        path = tmp_path / "known.bib"
        path.write_text(as_bibtex([each for each in invented_papers() if each.topic in LIKED][:40]), encoding="utf-8")
        library.taste.learn_from_file(path)
        assert library.views.counts().inbox == 360
        found = library.taste.reasons(order_of(library)[0])
        assert found is not None
        assert all(each.paper_id is not None for each in found.papers)
        assert separation(library, [each.paper_id for each in found.papers if each.paper_id]) >= 0.95

    def test_a_list_of_identifiers_says_what_is_liked_of_the_library(self, tmp_path: Path) -> None:
        papers = invented_papers(per_topic=5)
        identified = "\n".join(
            as_bibtex([paper]).replace("\n}\n", f",\n  eprint = {{2401.{number:05}}}\n}}\n")
            for number, paper in enumerate(papers)
        )
        path = tmp_path / "liked.txt"
        liked = [number for number, paper in enumerate(papers) if paper.topic < 4]
        path.write_text("\n".join(f"2401.{number:05}" for number in [*liked, 99_999]), encoding="utf-8")
        with open_library(tmp_path / "library") as library:
            finish(library.imports.text(identified, "papers"))
            library.taste.learn_from_file(path)
            assert library.taste.learned(complete=True).examples == 21
            assert library.taste.learned().liked == 20, "of the other nothing is known"
            assert library.views.counts().all == 60

    def test_a_file_that_is_none_is_refused(self, library: Library, tmp_path: Path) -> None:
        path = tmp_path / "shop.txt"
        path.write_text("eggs\nmilk\n", encoding="utf-8")
        with pytest.raises(ReaderError):
            library.taste.learn_from_file(path)
        with pytest.raises(ReaderError):
            library.taste.learn_from_file(tmp_path / "missing.bib")
        path.write_text("".join(f"@misc{{k{n}, title={{Stone {n}}}}}\n" for n in range(5_001)), encoding="utf-8")
        with pytest.raises(ReaderError, match="5,001 papers in shop"):
            library.taste.learn_from_file(path)
        assert not library.taste.example_texts()


def test_what_was_learned_names_the_words_of_the_topics(library: Library) -> None:
    decide(library, 100)
    learned = library.taste.learned()
    own = {word for topic in LIKED for word in topic_words(topic)}
    assert learned.status is TasteStatus.LEARNED and learned.decisions == 100
    assert learned.words_for and all(set(each.word.split()) & own for each in learned.words_for[:5])
    assert all(each.part < 0 and not set(each.word.split()) & own for each in learned.words_against)
    assert learned.foretelling is not None and learned.foretelling.is_above_chance


def test_random_decisions_are_told_as_chance(library: Library) -> None:
    draw = random.Random(6)
    ids = draw.sample(sorted(library.views.paper_ids(ALL)), 160)
    for paper_id in ids:
        library.states.set([paper_id], PaperState.DONE if draw.random() < 0.5 else PaperState.DISMISSED)
    told = library.taste.learned().foretelling
    assert told is not None and told.kept == 60
    assert not told.is_above_chance and told.low <= told.hits <= told.high


def test_a_restore_says_which_wishes_and_examples_would_go_or_come(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "liked.bib"
    path.write_text(as_bibtex(invented_papers(LIKED, 2, seed=5)), encoding="utf-8")
    library.taste.learn_from_file(path)
    backup = library.backups.make()
    library.taste.forget_examples()
    library.taste.forget("rivers")
    preview = library.backups.preview(backup.path)
    counts = {each.what: (each.only_here, each.only_there) for each in preview.differences}
    assert counts["wishes about “for you”"] == (1, 0)
    assert counts["examples of liked papers"] == (0, 4)
    library.backups.restore(backup.path)
    assert library.taste.wishes().forgotten == ()
    assert len(library.taste.example_ids()) == 4


def test_a_backup_of_before_there_were_wishes_can_be_compared(library: Library, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(OLD_SCHEMA.read_text(encoding="utf-8"))
    library.taste.forget("rivers")
    counts = {each.what: each.only_here for each in library.backups.preview(old).differences}
    assert counts["wishes about “for you”"] == 1
    assert counts["examples of liked papers"] == 0
