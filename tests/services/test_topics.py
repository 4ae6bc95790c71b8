"""Topics of a whole library: made at first, joined by new papers, changed in steps, and kept through everything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import PaperState
from reader.domain.topics import Topic, TopicMap, TopicsMissing, Trend
from reader.domain.views import View, ViewKind
from reader.meaning.topic_names import stems_of
from reader.services import Library
from tests.meaning.invented_topics import as_bibtex, invented_papers, topic_words
from tests.patience import PATIENCE
from tests.services.support import finish

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with twelve invented topics of thirty papers each, a few of a thirteenth, and their vectors."""
    folder = tmp_path_factory.mktemp("topics") / "library"
    with Library(folder) as library:
        finish(library.imports.text(as_bibtex([*invented_papers(), *invented_papers([14], 8, seed=5)]), "first"))
        assert library.meaning.space(complete=True) is not None
    return folder


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Iterator[Library]:
    with Library(Path(shutil.copytree(made, tmp_path / "library"))) as library:
        yield library


def topics_of(library: Library) -> TopicMap:
    library.topics.make(complete=True)
    found = library.topics.overview(complete=True)
    assert isinstance(found, TopicMap)
    return found


def sizes(library: Library) -> dict[str, int]:
    return {topic.name: topic.papers for topic in topics_of(library).topics}


def invented_topic(library: Library, topic: Topic) -> set[int]:
    """The invented topics of a topic's papers, told by their words."""
    papers = library.papers.read(library.topics.paper_ids(topic.id))
    return {
        number
        for paper in papers
        for number in range(24)
        if len({*topic_words(number)} & {*paper.abstract.lower().replace(".", "").split()}) > 5
    }


def test_topics_are_made_of_all_papers(library: Library) -> None:
    found = topics_of(library)
    assert found.papers == found.placed == 368
    assert sum(topic.papers for topic in found.topics) == 368
    assert [topic.papers for topic in found.topics] == sorted((topic.papers for topic in found.topics), reverse=True)
    for topic in found.topics:
        assert len(topic.words) == 3
        assert stems_of(topic.words) <= {
            word for number in invented_topic(library, topic) for word in topic_words(number)
        }
    assert [str(step.title) for step in library.history.steps()] == ["Imported first"]


def test_a_view_shows_a_topic_in_any_order(library: Library) -> None:
    first, *_ = topics_of(library).topics
    view = View(ViewKind.TOPIC, topic_id=first.id)
    ids = library.views.paper_ids(view)
    assert len(ids) == first.papers
    assert set(first.central) <= set(ids)
    dates = [paper.published for paper in library.papers.read(ids)]
    assert dates == sorted(dates, key=str, reverse=True)
    assert list(library.views.paper_ids(View(ViewKind.TOPIC, topic_id=12_345))) == []
    assert library.topics.name(first.id) == first.name
    assert library.topics.name(12_345) == ""


def test_a_library_has_the_same_topics_after_it_was_opened_again(library: Library) -> None:
    before = topics_of(library)
    library.close()
    with Library(library.folder) as again:
        assert again.topics.overview() == before


def test_topics_made_again_of_the_same_papers_are_the_same(library: Library, made: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(made, tmp_path / "other"))
    with Library(other) as copy:
        assert topics_of(copy) == topics_of(library)


def test_new_papers_join_the_nearest_topic_without_a_step(library: Library) -> None:
    before = {topic.id: topic for topic in topics_of(library).topics}
    finish(library.imports.text(as_bibtex(invented_papers(range(12), 2, seed=9)), "second"))
    steps = len(library.history.steps())
    found = topics_of(library)
    assert found.placed == 392
    assert {topic.id for topic in found.topics} == set(before)
    assert all(topic.place == before[topic.id].place for topic in found.topics)
    assert all(topic.papers >= before[topic.id].papers for topic in found.topics)
    assert len(library.history.steps()) == steps


def test_an_update_is_shown_first_and_then_a_step(library: Library) -> None:
    topics_of(library)
    finish(library.imports.text(as_bibtex(invented_papers([14], 30)), "new subject"))
    joined = sizes(library)
    plan = library.topics.plan_update()
    assert len(plan.new) == 1 and stems_of(plan.new) <= set(topic_words(14))
    assert sizes(library) == joined
    change = library.topics.update(plan)
    assert change.touches(Field.TOPICS) and str(change.title) == f"Updated the topics: {plan.moved} papers moved"
    after = sizes(library)
    assert after[plan.new[0]] >= 30
    library.history.undo()
    assert sizes(library) == joined
    library.history.redo()
    assert sizes(library) == after


def test_a_plan_is_refused_once_a_topic_was_renamed(library: Library) -> None:
    first, *_ = topics_of(library).topics
    plan = library.topics.plan_update()
    library.topics.rename(first.id, "Machines")
    with pytest.raises(ReaderError, match="meanwhile"):
        library.topics.update(plan)


def test_a_split_and_a_merge_are_undone_exactly(library: Library) -> None:
    found = topics_of(library)
    large = next(topic for topic in found.topics if len(invented_topic(library, topic)) > 1 or topic.papers > 45)
    before = sizes(library)
    library.topics.split(large.id)
    parted = sizes(library)
    assert len(parted) == len(before) + 1
    new = next(topic for topic in topics_of(library).topics if topic.id not in {each.id for each in found.topics})
    library.topics.merge(new.id, large.id)
    merged = topics_of(library)
    assert len(merged.topics) == len(found.topics)
    assert sum(topic.papers for topic in merged.topics) == 368
    library.history.undo()
    assert sizes(library) == parted
    library.history.undo()
    assert sizes(library) == before


def test_what_is_gone_or_the_same_is_refused(library: Library) -> None:
    first, *_ = topics_of(library).topics
    with pytest.raises(ReaderError, match="another topic"):
        library.topics.merge(first.id, first.id)
    with pytest.raises(NotFoundError):
        library.topics.split(12_345)


def test_decisions_change_no_topic(library: Library) -> None:
    before = topics_of(library)
    library.states.set(list(range(1, 40)), PaperState.DISMISSED)
    assert topics_of(library) == before


def test_a_name_survives_vectors_made_again_from_nothing(library: Library) -> None:
    """The basis is trained anew then, and the topic found by the papers it had."""
    first, *_ = topics_of(library).topics
    library.topics.rename(first.id, "Machines")
    finish(library.imports.text(as_bibtex(invented_papers(range(12, 24))), "twice as many"))
    shutil.rmtree(library.folder / "meaning")
    again = next(topic for topic in topics_of(library).topics if topic.id == first.id)
    assert again.name == "Machines"
    members = set(library.topics.paper_ids(first.id))
    assert len(set(first.central) & members) >= 4


@pytest.mark.parametrize("papers", [0, 1, 5, 59])
def test_a_library_that_is_too_small_has_no_map(tmp_path: Path, papers: int) -> None:
    with Library(tmp_path / "small") as library:
        finish(library.imports.text(as_bibtex(invented_papers(range(12), 5)[:papers]), "few"))
        assert not library.topics.make(complete=True)
        found = library.topics.overview(complete=True)
        assert found == TopicsMissing(papers)
        assert found.sentence == f"A map needs 60 papers; this library has {papers}."
        assert list(library.topics.paper_ids(1)) == []
        with pytest.raises(ReaderError):
            library.topics.plan_update()


def test_before_there_are_vectors_it_says_so(tmp_path: Path) -> None:
    with Library(tmp_path / "fresh") as library:
        finish(library.imports.text(as_bibtex(invented_papers(range(12), 6)), "all"))
        found = library.topics.overview()
        assert isinstance(found, TopicsMissing) and not found.is_too_small
        assert "still reading" in found.sentence


def test_first_topics_wait_until_most_papers_have_vectors(tmp_path: Path) -> None:
    with Library(tmp_path / "growing") as library:
        finish(library.imports.text(as_bibtex(invented_papers(range(12), 10)), "some"))
        assert library.meaning.space(complete=True) is not None
        finish(library.imports.text(as_bibtex(invented_papers(range(12), 10, seed=2)), "more"))
        found = library.topics.overview()
        assert isinstance(found, TopicsMissing) and "still reading" in found.sentence
        assert not library.topics.first_topics()
        assert topics_of(library).placed == 240


def test_papers_without_abstracts_are_placed_by_their_titles(tmp_path: Path) -> None:
    papers = invented_papers(range(6), 20)
    text = "\n".join(line for line in as_bibtex(papers).splitlines() if "abstract" not in line)
    with Library(tmp_path / "titles") as library:
        finish(library.imports.text(text, "titles"))
        found = topics_of(library)
        assert found.placed > 100


def test_shares_of_quarters_tell_a_trend(tmp_path: Path) -> None:
    """A topic whose papers are all of the second year rises, those of the first year fall."""
    early = invented_papers(range(5), 30, year=2024)
    late = invented_papers(range(1, 6), 30, seed=2, year=2025)
    with Library(tmp_path / "years") as library:
        finish(library.imports.text(as_bibtex([*early, *late]), "both"))
        found = topics_of(library)
        trends = {}
        for topic in found.topics:
            assert [share.quarter for share in topic.shares] == [
                f"{year} Q{quarter}" for year in (2024, 2025) for quarter in range(1, 5)
            ]
            assert sum(share.count for share in topic.shares) == topic.papers
            numbers = invented_topic(library, topic)
            if len(numbers) == 1:
                trends.setdefault(numbers.pop(), topic.trend)
    assert trends[0] is Trend.FALLING and trends[5] is Trend.RISING


def lectern(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--library", str(folder), *arguments],
        capture_output=True, text=True, encoding="utf-8", env=dict(os.environ), timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def test_the_command_lists_topics(made: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "library"))
    output = lectern(folder, "topics", "--json").stdout
    printed: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines()]
    with Library(folder) as library:
        found = topics_of(library)
        keys = {paper_id: paper.key for paper_id, paper in library.papers.titles(found.central).items()}
    assert printed == [
        {
            "name": topic.name,
            "words": list(topic.words),
            "papers": topic.papers,
            "central": [keys[paper_id] for paper_id in topic.central],
        }
        for topic in found.topics
    ]
    assert lectern(folder, "topics", "--json").stdout == output
    first = lectern(folder, "topics").stdout.splitlines()[0]
    assert first.split(maxsplit=1) == [str(found.topics[0].papers), found.topics[0].name]


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    said = lectern(tmp_path / "none", "topics", "--json")
    assert said.stdout == ""
    assert said.stderr == "lectern: A map needs 60 papers; this library has 0.\n"
