"""The commands on subscriptions, run as scripts run them, against a server on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from tests.web import server as faults
from tests.web.papers import invent
from tests.web.server import Fault, WebServer

ROOT = Path(__file__).parents[1]
DAY = date(2025, 9, 18)
SPAN = ("--since", "2025-09-17", "--until", "2025-09-19")


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as server:
        server.pages[DAY.isoformat()] = [invent(number) for number in range(3)]
        server.pages["2025-09-19"] = [invent(7, date(2025, 9, 19))]
        yield server


@pytest.fixture
def lectern(tmp_path: Path, server: WebServer) -> Any:
    def run(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        environment = os.environ | server.environment() | {"LECTERN_LIBRARY": str(tmp_path / "library")}
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
            capture_output=True, text=True, encoding="utf-8", env=environment, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr + done.stdout
        return done

    return run


def lines(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


def test_subscribing_fetching_and_the_lists_of_it(lectern: Any, server: WebServer) -> None:
    said = lectern("subscribe", "daily", "day", "--name", "Morning", "--every", "12").stdout
    assert said == f"Subscribed to “Morning”\nFetches from {server.url}/api/daily_papers\n"
    (status,) = lines(lectern("subscriptions", "--json").stdout)
    assert status.pop("next") is not None
    assert (status.pop("name"), status.pop("kind"), status.pop("argument")) == ("Morning", "daily", "day")
    assert status == {"last_fetched": None, "new": 0, "error": None, "every": 12}
    assert server.seen == []
    report = json.loads(lectern("fetch", "morning", *SPAN, "--json").stdout)
    assert [file["page"] for file in report["files"]] == [
        {"kind": "daily", "argument": "day", "page": f"2025-09-{number}"} for number in (17, 18, 19)
    ]
    assert [(file["papers"], file["new"], file["unchanged"]) for file in report["files"]] == [
        (0, 0, False), (3, 3, False), (1, 1, False),
    ]  # fmt: skip
    file = report["files"][1]
    assert (file["subscription"], file["format"], file["heading_date"]) == ("Morning", "api", "2025-09-18")
    assert file["path"].startswith(f"{server.url}/api/daily_papers?date=2025-09-18")
    assert file["lines"] == {"unit": "entries", "total": 3, "records": 3, "furniture": 0, "problems": 0}
    assert (file["error"], file["note"], file["next"]) == (None, None, None)
    assert report["totals"] == {
        "papers": 4, "new": 4, "updated": 0, "known": 0, "repeated": 0, "files": 3, "failed": 0, "problems": 0,
        "unchanged": 0,
    }  # fmt: skip
    again = json.loads(lectern("fetch", *SPAN, "--json").stdout)
    assert all(file["unchanged"] for file in again["files"])
    assert [file["papers"] for file in again["files"]] == [0, 3, 1]
    (status,) = lines(lectern("subscriptions", "--json").stdout)
    assert status["new"] == 4
    assert status["last_fetched"] is not None
    shown = {entry["heading_date"]: entry for entry in lines(lectern("listings", "--json").stdout)}
    assert shown["2025-09-18"]["page"] == {"kind": "daily", "argument": "day", "page": "2025-09-18"}
    titles = [step["title"] for step in lines(lectern("history", "--json").stdout)]
    assert titles == ["Fetched “Morning”: 2 pages, 4 papers", "Subscribed to “Morning”"]
    assert lectern("unsubscribe", "MORNING").stdout == "Unsubscribed from “Morning”\n"
    assert lectern("subscriptions").stdout == ""
    assert lectern("undo").stdout.startswith("Undid: Unsubscribed")
    assert len(lines(lectern("subscriptions", "--json").stdout)) == 1


def test_a_fault_is_one_sentence_and_exit_code_1(lectern: Any, server: WebServer) -> None:
    lectern("subscribe", "daily")
    server.faults.append(Fault(faults.status(429, retry_after="7200")))
    report = json.loads(lectern("fetch", *SPAN, "--json", code=1).stdout)
    (file,) = report["files"]
    assert "fewer requests" in file["error"]
    assert file["page"]["page"] == "2025-09-17"
    assert file["next"] is not None
    assert (report["totals"]["failed"], report["totals"]["papers"]) == (1, 0)
    said = lectern("fetch", *SPAN, code=1).stdout
    assert "Daily Papers 2025-09-17: " in said
    assert "Try again later. Next try: 20" in said
    (status,) = lines(lectern("subscriptions", "--json").stdout)
    assert status["error"] == file["error"]
    assert "fewer requests" in lectern("subscriptions").stdout
    assert lines(lectern("listings", "--json").stdout) == []
    server.faults.clear()
    said = lectern("fetch", *SPAN).stdout.splitlines()
    assert said[-2:] == ["1 page without papers", "4 papers: 4 new, 0 updated, 0 known."]
    assert lectern("fetch", *SPAN).stdout.splitlines() == ["3 pages unchanged", "4 papers: 0 new, 0 updated, 4 known."]


def test_what_is_wrong_with_the_command_line_is_said(lectern: Any, tmp_path: Path) -> None:
    assert "no subscriptions" in lectern("fetch").stdout
    assert "no subscription “weekly”" in lectern("fetch", "weekly", code=1).stderr
    assert "no subscription “weekly”" in lectern("unsubscribe", "weekly", code=1).stderr
    assert "day, week or month" in lectern("subscribe", "daily", "year", code=1).stderr
    lectern("subscribe", "daily")
    assert "already subscribed" in lectern("subscribe", "daily", "day", code=1).stderr
    lectern("subscribe", "mail", code=2)
    lectern("fetch", "--since", "yesterday", code=2)
    assert "after the last" in lectern("fetch", "--since", "2025-09-02", "--until", "2025-09-01", code=1).stderr
    done = lectern("fetch", "--since", "2999-01-01", code=1)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    assert "2999-01-01, is still to come. Choose one up to today" in done.stderr
    lectern("subscribe", "opml", code=2)
    assert "no file" in lectern("subscribe", "opml", tmp_path / "none.opml", code=1).stderr


def test_opml_goes_out_and_in_without_secrets(lectern: Any, tmp_path: Path, server: WebServer) -> None:
    lectern("subscribe", "search", "low", "rank", "--every", "0")
    lectern("subscribe", "arxiv", "cs.LG", "cs.CL")
    lectern("subscribe", "query", "-au:bee", "ti:tides", code=0)
    said = lectern("subscribe", "feed", "https://me:pass@example.org/feed?token=verysecret", "--name", "Journal").stdout
    assert "verysecret" not in said
    for arguments in (("subscriptions",), ("subscriptions", "--json"), ("subscriptions", "--opml")):
        said = lectern(*arguments).stdout
        assert "Journal" in said
        assert "verysecret" not in said
        assert "pass@" not in said
    file = tmp_path / "feeds.opml"
    file.write_text(lectern("subscriptions", "--opml").stdout, "utf-8")
    done = lectern("subscribe", "opml", file, code=1)
    assert "Already subscribed: 3" in done.stdout
    assert "“Journal”: The address is incomplete" in done.stderr
    file.write_text(
        '<opml version="2.0"><body><outline text="Folder"><outline text="Blog" xmlUrl="https://blog.example/atom"/>'
        '<outline text="Blog" xmlUrl="https://blog.example/other"/></outline></body></opml>',
        "utf-8",
    )
    done = lectern("subscribe", "opml", file)
    assert done.stdout.splitlines() == [
        "Subscribed to 2 sources",
        "Fetches from https://blog.example/atom",
        "Fetches from https://blog.example/other",
    ]
    names = [status["name"] for status in lines(lectern("subscriptions", "--json").stdout)]
    assert {"Blog", "Blog (2)"} <= set(names)
    lectern("undo")
    assert len(lines(lectern("subscriptions", "--json").stdout)) == 4
    assert server.seen == []
