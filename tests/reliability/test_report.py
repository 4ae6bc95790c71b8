"""The page of promises: complete, and made of what was measured."""

from __future__ import annotations

import importlib.util
import json
import re
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("reliability_report", ROOT / "scripts" / "reliability_report.py")
assert _SPEC is not None
assert _SPEC.loader is not None
report = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(report)


def test_every_promise_has_its_test_and_every_figure_its_promise() -> None:
    recorded = {
        name
        for path in (ROOT / "tests" / "reliability").glob("test_*.py")
        for name in re.findall(r'record\(\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert recorded == report.PROMISES.keys()
    for _, tests in report.PROMISES.values():
        assert all((ROOT / "tests" / "reliability" / test).exists() for test in tests.split())


def test_the_page_tells_every_promise_with_a_figure() -> None:
    page = report.PAGE.read_text("utf-8")
    rows = report.read_rows(page)
    for sentence, tests in report.PROMISES.values():
        figure, measured = rows[sentence]
        assert re.search(r"\d", figure)
        assert date.fromisoformat(measured) <= date.today()
        assert all(f"(../tests/reliability/{test})" in page for test in tests.split())
    assert report.renewed(page, {}, date.today()) == page


def test_new_figures_replace_those_that_they_are_about(tmp_path: Path) -> None:
    file = tmp_path / "figures"
    told = ["1 of 1", "2 s", "30 of 30"]  # the last is that of the first at full size
    file.write_text("\n".join(json.dumps({"promise": "races", "figure": figure}) for figure in told), "utf-8")
    page = report.PAGE.read_text("utf-8")
    day = date(2030, 1, 2)
    rows, before = report.read_rows(report.renewed(page, report.read_figures(file), day)), report.read_rows(page)
    sentence = report.PROMISES["races"][0]
    assert rows[sentence] == ("30 of 30; 2 s", "2030-01-02")
    assert {name: row for name, row in rows.items() if name != sentence} == {
        name: row for name, row in before.items() if name != sentence
    }
    file.write_text('{"promise": "no such thing", "figure": "1"}', "utf-8")
    with pytest.raises(KeyError):
        report.read_figures(file)
