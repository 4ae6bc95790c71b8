"""Put what a soak run measured into ``docs/reliability.md``: ``python scripts/reliability_report.py FIGURES``.

``FIGURES`` is the file that the tests wrote (``LECTERN_FIGURES``, one JSON object a line). Rows of promises that were
not measured this time stay as they are.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HEAD = "| promise | test | latest figure | measured |\n|---|---|---|---|"
_TESTS = "tests/reliability"
_NUMBER = re.compile(r"\d[\d.,]*")
PROMISES: dict[str, tuple[str, str]] = {
    "kill -9": ("A killed process loses nothing that was acknowledged, and the next start is clean",
                "test_kill.py test_kill_fetching.py test_real_window.py"),
    "power cuts": ("A power cut corrupts nothing and loses nothing that was acknowledged", "test_power.py"),
    "interrupted sync": ("Synchronising that is interrupted at any moment loses nothing on any device",
                         "test_kill_sync.py"),
    "month of sync": ("However often devices synchronise, few and small files are in the folder they share",
                      "test_month_of_sync.py"),
    "full disk": ("A full disk gives one clear sentence; saved data stays readable, and the next save works",
                  "test_full_disk.py"),
    "migrations": ("An interrupted migration leaves the old library or the new one", "test_migrations.py"),
    "damaged databases": ("A damaged database is kept and repaired, never replaced by an empty one",
                          "test_damaged_database.py"),
    "harmed indexes": ("A damaged or hostile search index runs nothing and is rebuilt", "test_damaged_index.py"),
    "races": ("If several windows are started at once, one opens and no file is lost",
              "test_one_writer.py test_real_window.py"),
    "hand-over": ("A second start hands its files over, or names the process that hangs",
                  "test_one_writer.py test_real_window.py"),
    "news": ("If several processes write at once, the window shows each change and nothing is lost",
             "test_many_writers.py"),
    "closing": ("The window closes within two seconds, whatever is under way", "test_real_window.py"),
    "hostile texts": ("Hostile text is only shown: it opens no file and makes no connection", "test_hostile_text.py"),
    "connections": ("Nothing is called without a subscription, and with one only its host", "test_connections_made.py"),
    "hostile addresses": ("Only http and https addresses with a host reach the browser", "test_hostile_text.py"),
    "fuzzing": ("A parser fails only with a clear refusal", "test_fuzzing.py"),
    "sync files": ("A damaged file of another device is refused, or says what was written", "test_damaged_segments.py"),
    "parsing time": ("A megabyte of anything is read within a second, or refused clearly", "test_fuzzing.py"),
    "hostile queries": ("A query takes at most a second, and blocks the window for less than 0.1 s",
                        "test_hostile_queries.py"),
    "endurance": ("However many windows and keys, no memory, thread, timer or widget is left behind",
                  "test_endurance.py"),
    "restore drill": ("A backup and a bundle restore every kind of annotation identically", "test_restore_drill.py"),
}  # fmt: skip
"""The promises by their names in the tests: the sentence, and the files that test it; in the order of the table."""


def read_figures(path: Path) -> dict[str, list[str]]:
    """What was measured, by promise, in order; raises :class:`KeyError` for a promise that there is not."""
    figures: dict[str, dict[str, str]] = defaultdict(dict)
    for line in path.read_text("utf-8").splitlines():
        found = json.loads(line)
        PROMISES[found["promise"]]
        # Of figures that differ in their numbers only the last counts: the sample of a long run comes before it.
        figures[found["promise"]][_NUMBER.sub("#", found["figure"])] = found["figure"]
    return {promise: list(of_promise.values()) for promise, of_promise in figures.items()}


def read_rows(page: str) -> dict[str, tuple[str, str]]:
    """The figures and days in a page's table, by the promises' sentences."""
    rows = {}
    for line in page.partition(BEGIN)[2].partition(END)[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 4 and not set(cells[0]) <= {"-", "|"}:
            rows[cells[0]] = (cells[2], cells[3])
    return rows


def table(figures: dict[str, list[str]], rows: dict[str, tuple[str, str]], day: date) -> str:
    """The table with new figures where there are any, else those of ``rows``."""
    lines = [HEAD]
    for name, (sentence, tests) in PROMISES.items():
        figure, measured = rows.get(sentence, ("not measured yet", "–"))
        if figures.get(name):
            figure, measured = "; ".join(figures[name]).replace("|", "\\|"), day.isoformat()
        links = ", ".join(f"[{test}](../{_TESTS}/{test})" for test in tests.split())
        lines.append(f"| {sentence} | {links} | {figure} | {measured} |")
    return "\n".join(lines)


def renewed(page: str, figures: dict[str, list[str]], day: date) -> str:
    """The page with its table updated."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(figures, read_rows(page), day)}\n{END}{after}"


def main() -> None:
    """Renew the page."""
    figures = read_figures(Path(sys.argv[1]))
    PAGE.write_text(renewed(PAGE.read_text("utf-8"), figures, datetime.now(UTC).date()), "utf-8")


if __name__ == "__main__":
    main()
