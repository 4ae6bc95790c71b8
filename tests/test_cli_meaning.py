"""Papers by their meaning on the command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reader.cli import cli
from reader.services.meaning import upkeep
from tests.meaning.invented_topics import InventedPaper, as_bibtex, invented_papers, topic_words

PAPERS = invented_papers(range(4), 12)
TOPIC_OF = {paper.title: paper.topic for paper in PAPERS}


def run(library: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, ["--library", str(library), *arguments])
    assert done.exception is None, done.output
    return done


def bring(folder: Path, papers: list[InventedPaper], name: str = "papers") -> None:
    file = folder.parent / f"{name}.bib"
    file.write_text(as_bibtex(papers), "utf-8")
    run(folder, "import", str(file))


def read(library: Path, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(library, "papers", "--json", *arguments).stdout.splitlines()]


@pytest.fixture(scope="module", autouse=True)
def _without_word_vectors() -> Iterator[None]:
    """As if the extra were not installed: to nonsense words it gives vectors that mean nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upkeep, "installed_folder", lambda: None)
        yield


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("meaning") / "library"
    bring(folder, PAPERS)
    return folder


def test_papers_of_the_same_topic_are_closest(library: Path) -> None:
    for paper in read(library)[::7]:
        found = read(library, "--like", str(paper["key"]), "--limit", "8")
        assert [TOPIC_OF[str(each["title"])] for each in found] == [TOPIC_OF[str(paper["title"])]] * 8
        closeness = [float(str(each["closeness"])) for each in found]
        assert closeness == sorted(closeness, reverse=True)
        assert all(-1 <= each <= 1 and each == round(each, 6) for each in closeness)


def test_every_other_paper_that_matches_is_listed_once(library: Path) -> None:
    papers = read(library)
    key = str(papers[0]["key"])
    assert {each["key"] for each in read(library, "--like", key)} == {each["key"] for each in papers[1:]}
    word = str(papers[5]["title"]).split()[0]
    matching = {each["key"] for each in read(library, f"title:{word}")} - {key}
    assert {each["key"] for each in read(library, f"title:{word}", "--like", key)} == matching != set()


def test_several_examples_are_taken_together(library: Path) -> None:
    papers = read(library)
    of_topic = [[str(each["key"]) for each in papers if TOPIC_OF[str(each["title"])] == topic] for topic in (0, 1)]
    found = read(library, "--like", of_topic[0][0], "--like", of_topic[1][0], "--limit", "12")
    assert {TOPIC_OF[str(each["title"])] for each in found} == {0, 1}


def test_another_order_may_be_asked_for(library: Path) -> None:
    key = str(read(library)[0]["key"])
    titles = [str(each["title"]) for each in read(library, "--like", key, "--sort", "title")]
    assert titles == sorted(titles)


def test_plain_papers_have_no_closeness(library: Path) -> None:
    assert "closeness" not in read(library, "--limit", "1")[0]


def test_other_versions_of_a_paper_are_left_out(tmp_path: Path) -> None:
    paper = PAPERS[0]
    again = InventedPaper(paper.topic, f"{paper.title} Revisited", paper.abstract, paper.synonym, paper.published)
    bring(tmp_path / "library", [*PAPERS, again])
    keys = {str(each["title"]): str(each["key"]) for each in read(tmp_path / "library")}
    found = read(tmp_path / "library", "--like", keys[paper.title])
    assert again.title not in {each["title"] for each in found}
    assert len(found) == len(PAPERS) - 1


@pytest.mark.parametrize("count", [1, 5, 19])
def test_few_papers_are_not_compared(tmp_path: Path, count: int) -> None:
    bring(tmp_path / "library", PAPERS[:count])
    done = run(tmp_path / "library", "papers", "--like", str(read(tmp_path / "library")[0]["key"]))
    assert done.stdout == ""
    assert f"Papers can be compared from 20 papers on; this library has {count}." in done.stderr


def test_the_order_of_imports_does_not_matter(tmp_path: Path) -> None:
    orders = []
    for name, papers in {"one": PAPERS, "other": [*PAPERS[30:], *reversed(PAPERS[:30])]}.items():
        library = tmp_path / name / "library"
        library.parent.mkdir()
        for number in range(0, len(papers), 12):
            bring(library, papers[number : number + 12], f"part {number}")
        key = next(str(each["key"]) for each in read(library) if each["title"] == PAPERS[3].title)
        orders.append([(each["key"], each["closeness"]) for each in read(library, "--like", key)])
        assert orders[-1] == [(each["key"], each["closeness"]) for each in read(library, "--like", key)]
    assert orders[0] == orders[1]


@pytest.mark.parametrize("harm", ["gone", "cut short", "other bytes", "no basis", "foreign"])
def test_harmed_vectors_are_made_again(library: Path, tmp_path: Path, harm: str) -> None:
    key = str(read(library)[0]["key"])
    before = read(library, "--like", key)
    folder = tmp_path / "library"
    shutil.copytree(library, folder)
    vectors = folder / "meaning"
    (rows,) = vectors.glob("*.rows")
    (basis,) = vectors.glob("*.basis")
    if harm == "gone":
        shutil.rmtree(vectors)
    elif harm == "cut short":
        rows.write_bytes(rows.read_bytes()[:-5])
    elif harm == "other bytes":
        rows.write_bytes(bytes(reversed(rows.read_bytes())))
    elif harm == "no basis":
        basis.unlink()
    else:
        other = tmp_path / "other" / "library"
        other.parent.mkdir()
        bring(other, invented_papers(range(6, 12), 8))
        read(other, "--like", str(read(other)[0]["key"]))
        shutil.rmtree(vectors)
        shutil.copytree(other / "meaning", vectors)
    after = read(folder, "--like", key)
    assert after == before


def test_a_help_text_names_the_option() -> None:
    assert re.search(r"--like KEY", CliRunner().invoke(cli, ["papers", "--help"]).output)


def test_by_meaning_come_exact_matches_then_what_is_close(library: Path) -> None:
    one, other = topic_words(2)[:2]
    found = read(library, "--meaning", one)
    matches = [str(each["match"]) for each in found]
    assert set(matches) == {"exact", "meaning"}
    assert matches == sorted(matches), "exact matches first"
    synonym_of = {paper.title: paper.synonym for paper in PAPERS}
    assert {synonym_of[str(each["title"])] for each in found if each["match"] == "exact"} == {one}
    close = [str(each["title"]) for each in found if each["match"] == "meaning"]
    lacking = [paper.title for paper in PAPERS if paper.synonym == other]
    assert len(set(lacking) & set(close)) >= 0.8 * len(lacking)
    assert {TOPIC_OF[title] for title in close[: len(lacking) - 2]} == {2}
    assert all(-1 <= float(str(each["closeness"])) <= 1 for each in found)


def test_a_line_divides_them_for_people(library: Path) -> None:
    lines = run(library, "papers", "--meaning", topic_words(1)[0]).stdout.splitlines()
    keys = [each["key"] for each in read(library, "--meaning", topic_words(1)[0])]
    (divider,) = (line for line in lines if line.startswith("--"))
    assert "close in meaning" in divider
    assert [line.split()[0] for line in lines if line != divider] == keys
    assert len(run(library, "papers", "--meaning", topic_words(1)[0], "--limit", "3").stdout.splitlines()) == 3


def test_a_query_beside_it_gives_conditions(library: Path) -> None:
    word = topic_words(3)[0]
    excluded = topic_words(3)[7]
    everywhere = [each["key"] for each in read(library, "--meaning", word)]
    having = {each["key"] for each in read(library, excluded)}
    found = [each["key"] for each in read(library, f"-{excluded}", "--meaning", word)]
    assert found == [key for key in everywhere if key not in having]
    assert len(found) < len(everywhere)


def test_what_scripts_act_on_has_the_words(library: Path) -> None:
    word = topic_words(3)[0]
    exact = {each["key"] for each in read(library, word)}
    assert {each["key"] for each in read(library, f"~{word}")} == exact


def test_nonsense_by_meaning_lists_nothing(library: Path) -> None:
    done = run(library, "papers", "--json", "--meaning", "xqzzt wvkkp")
    assert done.stdout == ""
    assert "No paper of the library has any of these words." in done.stderr


def test_meaning_and_like_are_two_questions(library: Path) -> None:
    done = CliRunner().invoke(cli, ["--library", str(library), "papers", "--meaning", "a", "--like", "b"])
    assert done.exit_code == 2
    assert "--meaning and --like cannot be combined" in done.output


def test_conditions_alone_have_no_meaning(library: Path) -> None:
    done = run(library, "papers", "--meaning", "is:inbox")
    assert len(done.stdout.splitlines()) == len(PAPERS)
    assert done.stderr == "lectern: Type words to search for their meaning.\n"


def test_what_is_close_stands_in_the_order_for_the_reader_too(library: Path, tmp_path: Path) -> None:
    folder, word = tmp_path / "library", topic_words(2)[0]
    shutil.copytree(library, folder)
    by_date = [each["key"] for each in read(folder, "--meaning", word, "--sort", "date")]
    done = run(folder, "papers", "--json", "--meaning", word, "--sort", "foryou")
    assert "until then the papers are sorted by date" in done.stderr
    assert [json.loads(line)["key"] for line in done.stdout.splitlines()] == by_date
    keys = [str(each["key"]) for each in read(folder)]
    run(folder, "state", *keys[:6], "queued")
    run(folder, "state", *keys[20:26], "dismissed")
    places = {each["key"]: place for place, each in enumerate(read(folder, "--sort", "foryou"))}
    found = read(folder, "--meaning", word, "--sort", "foryou")
    for match in ("exact", "meaning"):
        order = [places[each["key"]] for each in found if each["match"] == match]
        assert len(order) > 2
        assert order == sorted(order)
