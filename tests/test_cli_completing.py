"""Completing from the command line: the object that scripts read, exit codes, and files in place of the network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reader.cli import cli
from reader.services import Library
from tests.services.completing import bring, fill
from tests.services.support import listing_text
from tests.web.papers import Invented
from tests.web.server import Fault, WebServer, status

TITLE = "Silt and Song of the Lower River"
OTHER = "Counting Beetles on a Glass Plate"
RIGHT = Invented("2501.00007", TITLE, ("Ann Bee", "Cai Dee"))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    with WebServer() as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        fill(running, RIGHT, Invented("2501.00008", f"{OTHER} II", ("Eve Fox",)))
        yield running


@pytest.fixture
def keys(tmp_path: Path) -> list[str]:
    with Library(tmp_path / "library") as library:
        return [library.papers.get(paper_id).key for paper_id in bring(library, tmp_path, TITLE, OTHER)]


def run(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--library", str(tmp_path / "library"), *words])


def test_the_object_for_scripts(server: WebServer, tmp_path: Path, keys: list[str]) -> None:
    result = run(tmp_path, "complete", *keys, "--json")
    said = json.loads(result.stdout)
    first, second = said["papers"]
    assert result.exit_code == 0
    assert (first["key"], first["title"], first["outcome"]) == (keys[0], TITLE, "completed")
    assert (first["source"], first["sources"], first["offer"]) == ("Hugging Face", ["Hugging Face", "arXiv"], None)
    assert {"authors", "arxiv_id", "published", "categories"} <= set(first["fields"])
    assert (second["outcome"], second["source"], second["fields"]) == ("offered", None, [])
    assert second["offer"] == second["offers"][0]
    assert (second["offer"]["title"], second["offer"]["arxiv_id"]) == (f"{OTHER} II", "2501.00008")
    assert second["offer"]["reason"] == "Its title is similar, not the same"
    assert said["totals"] == {"completed": 1, "offered": 1, "unchanged": 0, "not_found": 0, "failed": 0}
    assert json.loads(run(tmp_path, "show", keys[0], "--json").stdout)["authors"] == ["Ann Bee", "Cai Dee"]
    assert run(tmp_path, "undo").stdout == f"Undid: Completed “{TITLE}”\n"


def test_text_for_people_and_a_dry_run(server: WebServer, tmp_path: Path, keys: list[str]) -> None:
    result = run(tmp_path, "complete", "--query", "river OR beetles", "--dry-run")
    assert f"completed  {TITLE}: authors" not in result.stdout
    assert f"{keys[0]}  completed  {TITLE}: " in result.stdout
    assert f"    “{OTHER} II” (Eve Fox, 2025, arXiv:2501.00008, Hugging Face): Its title is similar" in result.stdout
    assert result.stdout.endswith("2 papers: 1 completed, 1 offered. Nothing was stored (dry run).\n")
    assert json.loads(run(tmp_path, "show", keys[0], "--json").stdout)["authors"] == []


def test_a_host_without_an_answer_fails_the_papers_that_it_may_know(
    server: WebServer, tmp_path: Path, keys: list[str]
) -> None:
    server.faults = [Fault(status(503), "/")]
    result = run(tmp_path, "complete", *keys)
    assert result.exit_code == 1
    assert "no answer from Hugging Face, arXiv, Crossref" in result.stdout
    assert result.stdout.count("is not available at the moment (503)") == 3
    server.faults = [Fault(status(503), "/works")]
    assert run(tmp_path, "complete", keys[0]).exit_code == 0


def test_a_file_completes_the_whole_library(server: WebServer, tmp_path: Path, keys: list[str]) -> None:
    (tmp_path / "better.ris").write_text(f"TY  - JOUR\nTI  - {OTHER}\nAU  - Fox, Eve\nPY  - 2025\nER  - \n", "utf-8")
    said = json.loads(run(tmp_path, "complete", "--from", str(tmp_path / "better.ris"), "--json").stdout)
    assert {paper["key"]: paper["outcome"] for paper in said["papers"]} == {keys[0]: "not found", keys[1]: "completed"}
    assert server.seen == []
    assert run(tmp_path, "complete", "--from", str(tmp_path / "missing.bib")).exit_code == 1


def test_what_is_asked_must_be_said(tmp_path: Path, keys: list[str]) -> None:
    assert run(tmp_path, "complete").exit_code == 2
    assert run(tmp_path, "complete", keys[0], "--query", "x").exit_code == 2
    assert run(tmp_path, "complete", "nosuchkey").exit_code == 1


def test_new_imports_are_completed_if_the_settings_say_so(server: WebServer, tmp_path: Path, keys: list[str]) -> None:
    page = tmp_path / "new.txt"
    page.write_text(listing_text("A Plain Account of Kettles"), "utf-8")
    assert "completion" not in json.loads(run(tmp_path, "import", str(page), "--json").stdout)
    assert server.seen == []
    (tmp_path / "library" / "settings.toml").write_text("[imports]\ncomplete = true\n", "utf-8")
    fill(server, Invented("2501.00009", "A Plain Account of Moths", ("Gil Hay",)))
    page.write_text(listing_text("A Plain Account of Moths", heading="Dec 9"), "utf-8")
    said = json.loads(run(tmp_path, "import", str(page), "--json").stdout)
    assert [paper["outcome"] for paper in said["completion"]["papers"]] == ["completed"]
    page.write_text(listing_text("A Plain Account of Bees", heading="Dec 10"), "utf-8")
    assert run(tmp_path, "import", str(page)).stdout.endswith("1 paper: 1 offered.\n")
