"""``lectern papers --sort foryou``, ``reasons``, ``learned`` and ``like``, as people and scripts call them."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meaning.invented_topics import as_bibtex, invented_papers
from tests.test_cli_keeping import Lectern

TOPICS = {paper.title: paper.topic for paper in invented_papers()}
LIKED = (2, 7)
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "papers.bib").write_text(as_bibtex(invented_papers()), encoding="utf-8")
    Lectern(folder / "library")("import", folder / "papers.bib")
    return folder / "library"


@pytest.fixture
def lectern(whole: Path, tmp_path: Path) -> Lectern:
    shutil.copytree(whole, tmp_path / "library")
    return Lectern(tmp_path / "library")


def listed(lectern: Lectern, *words: str) -> list[tuple[str, int]]:
    """The keys and topics of papers, in order."""
    rows = [json.loads(line) for line in lectern("papers", *words, "--json").stdout.splitlines()]
    return [(row["key"], TOPICS[row["title"]]) for row in rows]


def decide(lectern: Lectern, kept: int, dismissed: int) -> None:
    papers = sorted(listed(lectern))
    lectern("state", *[key for key, topic in papers if topic in LIKED][:kept], "done")
    lectern("state", *[key for key, topic in papers if topic not in LIKED][:dismissed], "dismissed")


def test_an_order_needs_decisions_and_says_how_many(lectern: Lectern) -> None:
    decide(lectern, 4, 3)
    done = lectern("papers", "--sort", "foryou", "--json")
    assert "needs 3 more decisions (1 to keep, 2 to dismiss)" in done.stderr
    assert done.stdout == lectern("papers", "--json").stdout
    key = listed(lectern)[0][0]
    refused = lectern("reasons", key, code=1)
    assert "needs 3 more decisions" in refused.stderr and not refused.stdout
    assert "needs 3 more decisions" in lectern("learned").stdout
    assert lectern.json("learned") | {"words": []} == {
        "status": "needs", "needed": 3, "liked": 4, "dismissed": 3, "decisions": 7, "examples": 0, "left_out": 0,
        "since": None, "forgotten": [], "words": [], "topics": [], "foretold": None,
    }  # fmt: skip


def test_an_order_its_reasons_and_what_was_learned(lectern: Lectern) -> None:
    decide(lectern, 12, 12)
    assert "still guessing" in lectern("papers", "--sort", "foryou").stderr
    order = listed(lectern, "is:inbox", "--sort", "foryou")
    assert order == listed(lectern, "is:inbox", "sort:foryou")
    assert len(order) == 336 and {topic for _, topic in order[:30]} == set(LIKED)
    assert [key for key, _ in listed(lectern, "sort:foryou", "--limit", "3")] != []
    found = lectern.json("reasons", order[0][0])
    assert found["score"] > 1
    for part in ("words", "papers"):
        assert sum(each["part"] for each in found[part]) == pytest.approx(found["score"], abs=1e-5)
    assert len(found["papers"]) == 24 and {"key", "part"} == found["papers"][0].keys()
    assert {"word", "part"} == found["words"][0].keys()
    text = lectern("reasons", order[0][0]).stdout
    assert "for: " in text and "because you kept: “" in text
    assert "no strong reason" not in text
    learned = lectern.json("learned")
    assert (learned["status"], learned["liked"], learned["foretold"]) == ("guessing", 12, None)
    assert learned["words"][0]["part"] > 0
    lectern("topics")
    topics = lectern.json("learned")["topics"]
    assert sum(topic["kept"] for topic in topics) == sum(topic["dismissed"] for topic in topics) == 12
    most = sorted(topics, key=lambda topic: -topic["kept"])
    assert most[0]["kept"] + most[1]["kept"] == 12 and f"{most[0]['name']} (" in lectern("learned").stdout


def test_another_process_and_another_order_of_imports_give_the_same_order(tmp_path: Path) -> None:
    papers, orders = invented_papers(per_topic=8), []
    for number, shuffled in enumerate((papers, random.Random(3).sample(papers, len(papers)))):
        half = len(papers) // 2
        for part, chosen in enumerate((shuffled[:half], shuffled[half:])):
            (tmp_path / f"{part}.bib").write_text(as_bibtex(chosen), encoding="utf-8")
        environment = {
            **os.environ,
            "LECTERN_LIBRARY": str(tmp_path / f"library {number}"),
            "PYTHONHASHSEED": str(number),
        }

        def run(*words: str | Path, environment: dict[str, str] = environment) -> str:
            done = subprocess.run(
                [sys.executable, "main.py", *map(str, words)],
                cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
            )  # fmt: skip
            return done.stdout

        run("import", tmp_path / "0.bib", tmp_path / "1.bib")
        rows = sorted((json.loads(line) for line in run("papers", "--json").splitlines()), key=lambda row: row["key"])
        run("state", *[row["key"] for row in rows if TOPICS.get(row["title"]) in LIKED][:8], "done")
        run("state", *[row["key"] for row in rows if TOPICS.get(row["title"]) not in LIKED][:8], "dismissed")
        orders.append(run("papers", "--sort", "foryou"))
    assert len(orders[0].splitlines()) == len(papers)
    assert orders[0] == orders[1]


def test_how_well_it_foretold(lectern: Lectern) -> None:
    decide(lectern, 45, 45)
    told = lectern.json("learned")["foretold"]
    assert told["kept"] == 40 and told["above_chance"] and told["chance_from"] < told["chance"] < told["chance_to"]
    assert (
        f"Of the last 40 papers you kept, {told['hits']} stood in the upper third; 13 by chance."
        in lectern("learned").stdout
    )


def test_decisions_before_today_can_be_left_out(lectern: Lectern) -> None:
    assert "leave out decisions before" in lectern("learned", "--since", "today").stdout
    since = lectern.json("learned")["since"]
    lectern("undo")
    assert lectern.json("learned", "--since", since)["since"] == since


def test_wishes_are_steps(lectern: Lectern) -> None:
    decide(lectern, 20, 20)
    before = lectern("papers", "--sort", "foryou").stdout
    word = lectern.json("learned")["words"][0]["word"]
    for words, said in (
        (("--forget", word), f"Made “for you” forget “{word}”"),
        (("--recall", word), f"Made “for you” count “{word}” again"),
        (("--since", "2001-02-03"), "Made “for you” leave out decisions before 2001-02-03"),
        (("--since", "always"), "Made “for you” count all decisions"),
        (("--off",), "Switched “for you” off"),
        (("--on",), "Switched “for you” on"),
        (("--start-over",), "Made “for you” start over"),
    ):
        assert lectern("learned", *words).stdout == f"{said}\n"
    assert lectern.json("learned")["decisions"] == 0
    assert lectern.json("learned", "--off")["status"] == "off"
    for _ in range(8):
        lectern("undo")
    assert lectern("papers", "--sort", "foryou").stdout == before
    assert "Change one thing at a time" in lectern("learned", "--off", "--start-over", code=2).stderr
    assert "was not forgotten" in lectern("learned", "--recall", "nothing", code=1).stderr


def test_learning_from_a_file(lectern: Lectern, tmp_path: Path) -> None:
    path = tmp_path / "liked.bib"
    path.write_text(as_bibtex(invented_papers(LIKED, 12, seed=5)), encoding="utf-8")
    assert lectern("like", path).stdout == "Learned from liked.bib: 24 papers\n"
    assert {topic for _, topic in listed(lectern, "sort:foryou")[:40]} == set(LIKED)
    assert lectern.json("learned")["examples"] == 24
    assert len(listed(lectern)) == 360
    assert lectern("like", path).stdout == "Nothing to change.\n"
    assert lectern("like", "--forget").stdout == "Forgot the examples of liked papers\n"
    assert lectern.json("learned")["examples"] == 0
    assert "Name a file" in lectern("like", code=2).stderr
    assert lectern("like", tmp_path / "missing.bib", code=1).stderr.startswith("lectern: ")
