"""Use the window for a long time by chance, and print how long its GUI thread was ever busy at one go.

``python scripts/mixed_run.py [--papers N] [--minutes M] [--seed S] [--folder DIR]`` (with extra dev) makes a library
of that many invented papers and uses its window, as chance and S have it, for so many minutes with every command's
keys, typing and imports. Every turn over 50 ms is printed with what was pressed and where the program stood.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.benchmarks.mixed_run import LIMIT_SECONDS, MixedRun


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        run = MixedRun(arguments.folder or Path(temporary), arguments.papers, arguments.seed)
        run.run(60 * arguments.minutes)
        watchdog = run.watchdog
        print(f"{arguments.papers:,} papers, {arguments.minutes:g} minutes, seed {arguments.seed}")
        print(f"commands {run.pressed.total():,}, turns {watchdog.turns:,}, longest {1_000 * watchdog.longest:.0f} ms")
        print(f"over {1_000 * LIMIT_SECONDS:.0f} ms: {len(watchdog.late)}")
        for took, what, where in sorted(watchdog.late, reverse=True):
            print(f"  {1_000 * took:5.0f} ms  {what}  {where}")
        for (message, after), times in run.messages.most_common():
            print(f"Qt, {times} times, after {after}: {message}")
        print(f"memory {run.memory[0] / 1e6:.0f} MB at first, {max(run.memory) / 1e6:.0f} MB at most")
        run.close()


if __name__ == "__main__":
    main()
