"""Exporting from the command line, run as scripts run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reader.cli import cli
from reader.services import Library
from reader.services.settings.file import write_setting
from tests.services.annotating import bring
from tests.services.exporting import annotate, notes

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library(tmp_path / "library") as library:
        bring(library, "Alpha of Trees", "Beta on $\\alpha$ Masks", "Gamma Waves")
        annotate(library)
    return tmp_path / "library"


def lectern(folder: Path, *words: str | Path, code: int = 0) -> str:
    """Run a command in this process; what it printed."""
    result = CliRunner().invoke(cli, ["--library", str(folder), *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def exported(folder: Path, *words: str | Path) -> dict[str, Any]:
    """The one object that an export with --json prints."""
    answer: dict[str, Any] = json.loads(lectern(folder, "export", *words, "--json"))
    return answer


def test_export_says_what_it_does_and_does_it(folder: Path, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    planned = exported(folder, "--to", vault, "--dry-run")
    assert planned["counts"]["create"] == 2 and planned["dry_run"] and not vault.exists()
    assert planned["files"][0]["diff"].startswith("--- a/Lectern/")
    assert "+paper-key: " in lectern(folder, "export", "--to", vault, "--dry-run") and not vault.exists()
    done = exported(folder, "--to", vault)
    assert sorted(done["written"]) == sorted(notes(vault)) and done["failed"] == []
    assert lectern(folder, "export", "--to", vault).strip() == "2 unchanged"
    (first, second) = sorted(vault.rglob("*.md"))
    first.unlink()
    second.write_text(second.read_text("utf-8").replace("^paper\n", "mine\n\n^paper\n"), "utf-8")
    text = lectern(folder, "export", "--to", vault)
    assert (
        f"Lectern/{first.name}: you deleted it" in text and f"Lectern/{second.name}: The block ^paper was left" in text
    )
    assert text.splitlines()[-1] == "1 edited by you, 1 not found"
    assert lectern(folder, "export", "--to", vault, "--again", "--beside").splitlines()[-1] == "1 create, 1 update"


def test_a_query_and_all_choose_the_papers(folder: Path, tmp_path: Path) -> None:
    def chosen(*words: str) -> int:
        return len(exported(folder, "--to", tmp_path / "vault", *words, "--dry-run")["files"])

    assert chosen() == 2 and chosen("--all") == 3
    assert chosen("gamma") == 0 and chosen("gamma", "--all") == 1
    assert chosen("is:starred") == 1 and chosen("-is:starred") == 1


def test_a_paper_that_is_annotated_no_more_is_brought_up_to_date(folder: Path, tmp_path: Path) -> None:
    with Library(folder) as library:
        library.states.set_starred([3], True)
    assert len(exported(folder, "--to", tmp_path)["written"]) == 3
    with Library(folder) as library:
        library.states.set_starred([3], False)
    again = exported(folder, "--to", tmp_path)
    assert len(again["written"]) == 1 and "starred: false" in (tmp_path / again["written"][0]).read_text("utf-8")
    assert len(exported(folder, "--to", tmp_path, "gamma", "--dry-run")["files"]) == 1


def test_every_form_and_profile(folder: Path, tmp_path: Path) -> None:
    for form in ("bibtex", "ris", "csl-json", "csv", "json-lines", "html"):
        done = exported(folder, "--to", tmp_path / "out", "--form", form)
        assert done["counts"]["create"] == 1 and done["form"] == form and done["profile"] is None
    exported(folder, "--to", tmp_path / "out", "--profile", "one-file", "--group-by", "label")
    exported(folder, "--to", tmp_path / "plain", "--profile", "commonmark", "--folder", "Papers")
    assert len(list((tmp_path / "out").iterdir())) == 7
    assert len(list((tmp_path / "plain" / "Papers").iterdir())) == 2
    assert exported(folder, "--to", tmp_path / "refs.bib")["written"] == ["refs.bib"]
    lines = (tmp_path / "out" / "lectern.jsonl").read_text("utf-8").splitlines()
    assert sum(json.loads(line)["type"] == "paper" for line in lines) == 3


def test_adopting_a_note(folder: Path, tmp_path: Path) -> None:
    with Library(folder) as library:
        library.papers.set_arxiv_id(1, "2603.01234")
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "Mine.md").write_text("about arXiv:2603.01234\n", "utf-8")
    assert "Mine.md names this paper too" in lectern(folder, "export", "--to", vault, "--dry-run")
    assert sorted(exported(folder, "--to", vault, "--adopt")["written"])[1] == "Mine.md"


def test_the_way_back(folder: Path, tmp_path: Path) -> None:
    exported(folder, "--to", tmp_path / "all.jsonl")
    answer = json.loads(lectern(tmp_path / "second", "import", tmp_path / "all.jsonl", "--json"))
    assert answer["totals"]["new"] == 3 and answer["files"][0]["format"] == "lectern"
    papers = [lectern(library, "papers", "--json") for library in (folder, tmp_path / "second")]
    first, second = ({paper["key"]: paper for paper in map(json.loads, text.splitlines())} for text in papers)
    assert first == second


def test_the_digest(folder: Path) -> None:
    assert lectern(folder, "digest").startswith("# Digest, ")
    assert "3 new papers in 1 listing · 2 kept" in lectern(folder, "digest", "--since", "2w")
    assert lectern(folder, "digest", "--html").startswith("<!DOCTYPE html>")
    assert "not a number of days" in lectern(folder, "digest", "--since", "soon", code=1)


def test_what_cannot_be_done_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    assert "is a file" in lectern(folder, "export", "--to", tmp_path / "file", code=1)
    assert "is outside the folder" in lectern(folder, "export", "--to", tmp_path, "--folder", "../up", code=1)
    vault = tmp_path / "vault"
    planned = exported(folder, "--to", vault, "--dry-run")["files"][0]["path"]
    (vault / planned).mkdir(parents=True)
    told = lectern(folder, "export", "--to", vault, code=1)
    assert planned in told and told.splitlines()[-1] == "1 create, 1 failed"


def test_a_target_that_was_hardly_meant_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert "is empty" in lectern(folder, "export", "--to", "", code=2)
    told = lectern(folder, "export", "--to", tmp_path / "refs.bib", "--form", "csv", code=1)
    assert "ends in .csv" in told
    assert [path for path in tmp_path.rglob("*") if path not in before and folder not in path.parents] == []


def test_as_a_program_with_qt_left_alone(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from reader.cli import cli\n"
        "try: cli(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "assert not any(name.startswith('PySide6') for name in sys.modules)"
    )
    words = [sys.executable, "-c", code, "--library", str(folder), "export", "--to", str(tmp_path / "vault")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "2 create" and done.stderr == ""


def test_notes_are_named_as_asked_else_as_the_settings_have_it(folder: Path, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    lectern(folder, "export", "--to", vault, "--names", "title")
    assert set(notes(vault)) == {"Lectern/Alpha of Trees.md", "Lectern/Beta on α Masks.md"}
    write_setting(folder, "export.names", "citation-key")
    assert lectern(folder, "export", "--to", vault).strip() == "2 unchanged"
    planned = exported(folder, "--to", vault, "--rename", "--dry-run")
    assert {file["renames"] for file in planned["files"]} == set(notes(vault))
    text = lectern(folder, "export", "--to", vault, "--rename")
    assert "Lectern/Alpha of Trees.md: renamed to Lectern/" in text and text.endswith("2 update\n")
    names = {Path(path).stem for path in notes(vault)}
    bibliography = tmp_path / "refs.bib"
    lectern(folder, "export", "--to", bibliography)
    assert all(f"{{{name},\n" in bibliography.read_text("utf-8") for name in names) and len(names) == 2
