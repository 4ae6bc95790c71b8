"""The command line, run as scripts and checks run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reader import __version__
from reader.cli import cli
from reader.ui import launch
from tests.patience import PATIENCE
from tests.services.support import listing_text

ROOT = Path(__file__).parents[1]
BLOCK = "\n  • 8 authors\n·\nSep 25, 2024 3\n"


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "day.txt"
    path.write_text(
        listing_text("First Paper", "Second $\\mathbb{USCD}$ Paper", "Naïve Third Paper", block=BLOCK), "utf-8"
    )
    return path


@pytest.fixture
def lectern(tmp_path: Path) -> Any:
    def run(*arguments: str | Path, code: int = 0, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"LECTERN_LIBRARY": str(tmp_path / "library")}
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
            capture_output=True, text=True, encoding="utf-8", env=environment, cwd=cwd, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done

    return run


def lines(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


def test_import_reports_as_one_object(lectern: Any, listing: Path) -> None:
    report = json.loads(lectern("import", listing, "--json").stdout)
    (file,) = report["files"]
    assert file["path"] == str(listing)
    assert (file["format"], file["heading_date"], file["year_inferred"]) == ("plain", "2025-12-08", True)
    assert (file["papers"], file["new"], file["updated"], file["known"]) == (3, 3, 0, 0)
    assert (file["problems"], file["error"]) == ([], None)
    account = file["lines"]
    assert account["unit"] == "lines"
    assert account["total"] == account["records"] + account["furniture"] + account["problems"] == 21
    assert report["totals"]["new"] == 3
    again = json.loads(lectern("import", listing, "--json").stdout)
    assert again["totals"] | {"papers": 3, "new": 0, "updated": 0, "known": 3} == again["totals"]


def test_import_fails_if_any_file_does(lectern: Any, listing: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    report = json.loads(lectern("import", tmp_path / "empty.txt", listing, "--json", code=1).stdout)
    assert [bool(file["error"]) for file in report["files"]] == [True, False]
    assert report["files"][0]["lines"] is None
    assert report["totals"]["new"] == 3


def test_a_dry_run_stores_nothing(lectern: Any, listing: Path) -> None:
    assert json.loads(lectern("import", listing, "--dry-run", "--json").stdout)["totals"]["new"] == 3
    assert lectern("papers", "--json").stdout == ""


def test_a_backlog_comes_in_as_seen(lectern: Any, listing: Path) -> None:
    assert "counts as seen" in lectern("import", listing, "--seen").stdout
    papers = [json.loads(line) for line in lectern("papers", "--json").stdout.splitlines()]
    assert [paper["seen"] for paper in papers] == [True] * 3


def test_a_year_given_is_the_pages_year(lectern: Any, listing: Path) -> None:
    report = json.loads(lectern("import", listing, "--year", "2019", "--json").stdout)
    assert report["files"][0]["heading_date"] == "2019-12-08"


def test_papers_are_json_lines_with_every_field(lectern: Any, listing: Path) -> None:
    lectern("import", listing)
    papers = lines(lectern("papers", "--json").stdout)
    assert len(papers) == 3
    names = (
        "key title abstract authors author_count organization published arxiv_id url code_urls comments upvotes state "
        "starred seen buried_until tags note highlights queue_position first_seen sightings"
    )
    assert set(names.split()) <= set(papers[0])
    assert set(papers[0]["sightings"][0]) >= {"listing", "heading_date", "position"}
    assert (papers[0]["author_count"], papers[0]["published"], papers[0]["comments"]) == (8, "2024-09-25", 3)
    assert (papers[0]["state"], papers[0]["seen"], papers[0]["starred"]) == ("inbox", False, False)
    assert len(lines(lectern("papers", "--json", "--limit", "2").stdout)) == 2
    assert lines(lectern("papers", "--json", "--limit", "0").stdout) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (["uscd"], ["Second"]),
        (["naive"], ["Naïve"]),
        (["title:first"], ["First"]),
        (["-title:first"], ["Second", "Naïve"]),
        (["-tag:x", "paper", "title:third"], ["Naïve"]),
        (["is:starred"], []),
        (["comments:>5"], []),
        (["comments:3", "title:second"], ["Second"]),
        (["listing:2025-12-08", "-is:starred"], ["First", "Second", "Naïve"]),
        (["nothing-like-it"], []),
    ],
)
def test_papers_takes_queries_unprocessed(lectern: Any, listing: Path, query: list[str], found: list[str]) -> None:
    lectern("import", listing)
    titles = [paper["title"].split()[0] for paper in lines(lectern("papers", "--json", *query).stdout)]
    assert titles == found


def test_papers_with_any_of_the_words_follow_beside_what_scripts_read(lectern: Any, listing: Path) -> None:
    lectern("import", listing)
    told = lectern("papers", "title:first", "title:third")
    assert told.stdout == ""
    divider, *related = told.stderr.splitlines()
    assert divider.startswith("-- ")
    assert sorted(line.split()[2] for line in related) == ["First", "Naïve"]
    told = lectern("papers", "--json", "title:first", "title:third")
    assert (told.stdout, told.stderr) == ("", "")
    assert lectern("papers", "title:secnd").stderr == "lectern: Nothing found. Did you mean “title:second”?\n"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lisitngs", "“listings”"),
        ("PAPRS", "“papers”"),
        ("imprt", "“import”"),
        ("stat", "“state” or “stats”"),
        ("taag", "“tag”"),
    ],
)
def test_a_mistyped_command_is_named_not_opened(lectern: Any, tmp_path: Path, word: str, meant: str) -> None:
    """The window opened and said that there is no such file."""
    for arguments in ([word], ["--library", tmp_path / "other", word, "--json"]):
        told = lectern(*arguments, code=2)
        assert f"There is no command or file “{word}”. Did you mean {meant}?" in told.stderr
        assert told.stdout == ""
    assert not (tmp_path / "library").exists()


def test_files_and_what_may_be_some_are_no_mistyped_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[Path, ...]] = []
    monkeypatch.setattr(launch, "open_window", lambda _, paths: opened.append(tuple(paths)) or 0)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "paper").touch()
    words = ("paper", "./papres", "papers.txt", "some/tagg", "tag\\", "nothing-like-a-command", "--")
    for word in words:
        assert CliRunner().invoke(cli, [word] if word != "--" else ["--", "papres"]).exit_code == 0
    assert opened == [(Path(word),) for word in words[:-1]] + [(Path("papres"),)]


def test_a_damaged_index_is_one_sentence(lectern: Any, listing: Path, tmp_path: Path) -> None:
    lectern("import", listing)
    lectern("reindex")
    for path in (tmp_path / "library" / "index").glob("*/**/*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    told = lectern("papers", "uscd")
    assert "Second" in told.stdout
    assert told.stderr == "lectern: The search index is damaged and will be rebuilt.\n"


@pytest.mark.parametrize("sort", ["date", "added", "title", "comments", "upvotes", "queue", "relevance"])
def test_papers_sorts(lectern: Any, listing: Path, sort: str) -> None:
    lectern("import", listing)
    papers = lines(lectern("papers", "paper", "--json", "--sort", sort).stdout)
    assert len(papers) == 3
    if sort == "title":
        assert [paper["title"][0] for paper in papers] == ["F", "N", "S"]


def test_show_listings_and_stats(lectern: Any, listing: Path) -> None:
    lectern("import", listing)
    key = lines(lectern("papers", "--json", "--limit", "1").stdout)[0]["key"]
    assert json.loads(lectern("show", key, "--json").stdout)["key"] == key
    assert "First Paper" in lectern("show", key).stdout
    (only,) = lines(lectern("listings", "--json").stdout)
    assert (only["name"], only["papers"], only["seen"]) == ("day", 3, 0)
    assert json.loads(lectern("stats", "--json").stdout)["papers"] == 3
    assert json.loads(lectern("reindex", "--json").stdout)["papers"] == 3
    index = json.loads(lectern("stats", "--json").stdout)["index"]
    assert (index["papers"], index["pending"], index["complete"]) == (3, 0, True)
    assert "3  papers" in lectern("stats").stdout


def test_what_a_user_gets_wrong_is_one_sentence(lectern: Any) -> None:
    wrong = lectern("show", "nosuchkey", code=1)
    assert wrong.stderr.startswith("lectern: There is no paper with the key nosuchkey")
    assert len(wrong.stderr.splitlines()) == 1
    lectern("papers", "--sort", "colour", code=2)
    lectern("import", code=2)


def test_version_and_help(lectern: Any) -> None:
    assert __version__ in lectern("--version").stdout
    assert "import" in lectern("--help").stdout
    for command in ("import", "papers", "listings", "show", "stats"):
        assert "--library" in lectern("--help").stdout or command
        assert lectern(command, "--help").stdout.startswith("Usage:")


def test_another_library_can_be_named(lectern: Any, listing: Path, tmp_path: Path) -> None:
    lectern("--library", tmp_path / "other", "import", listing)
    assert lectern("papers", "--json").stdout == ""
    assert len(lines(lectern(f"--library={tmp_path / 'other'}", "papers", "--json").stdout)) == 3


@pytest.mark.parametrize("command", [["--help"], ["papers"], ["import", "--help"], ["listings"]])
def test_the_command_line_never_loads_qt(lectern: Any, tmp_path: Path, command: list[str]) -> None:
    script = (
        f"import sys; sys.argv[1:] = {command!r}\n"
        "from reader.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "unwanted = ('PySide6', 'whoosh', 'feedparser', 'numpy', 'pylatexenc')\n"
        "print([name for name in sys.modules if name.startswith(unwanted)])"
    )
    environment = os.environ | {"LECTERN_LIBRARY": str(tmp_path / "library"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_output_may_be_cut_off(lectern: Any, listing: Path, tmp_path: Path) -> None:
    lectern("import", listing)
    environment = os.environ | {"LECTERN_LIBRARY": str(tmp_path / "library")}
    command = f"{sys.executable} {ROOT / 'main.py'} papers --json | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", [["papers", "--json"], ["listings"]])
def test_output_that_finds_no_room_is_one_sentence(
    lectern: Any, listing: Path, tmp_path: Path, command: list[str]
) -> None:
    lectern("import", listing)
    environment = os.environ | {"LECTERN_LIBRARY": str(tmp_path / "library")}
    with Path("/dev/full").open("w") as full:
        arguments = [sys.executable, str(ROOT / "main.py"), *command]
        done = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("lectern: ")
    assert len(done.stderr.splitlines()) == 1
