"""Make ``docs/example-vault`` anew: ``python scripts/example_vault.py [DIR]``.

Imports the sample listing into a throwaway library, annotates some of its papers as a reader might, and exports them.
The result is the same every time, so a test can tell whether what is committed is still what Lectern writes.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reader.domain.documents import DocumentPlace, FoundAnnotation, ReadDocument
from reader.domain.papers import PaperState
from reader.services import Library
from reader.services.export.plan import ExportOptions

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "docs" / "example-vault"
SAMPLE = ROOT / "resources" / "sample" / "daily-papers-sample.txt"
_SAMPLE_YEAR = 2026


def make_example_vault(target: Path) -> list[str]:
    """Write the example's notes into a folder; their names."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library", clock=_clock) as library:
        _exhaust(library.imports.paths([SAMPLE], year=_SAMPLE_YEAR))
        _annotate(library)
        exporter = library.exports
        export = exporter.begin(ExportOptions(target, folder=""))
        plan = _exhaust(export.plan(exporter.annotated()))
        report = _exhaust(export.write(plan))
    return sorted(report.written)


def _clock() -> datetime:
    return datetime(_SAMPLE_YEAR, 3, 15, 9, tzinfo=UTC)


def _annotate(library: Library) -> None:
    """What a reader with an interest in small, careful results might do."""
    ids = {library.papers.get(number).title: number for number in library.exports.everything()}

    def paper(start: str) -> int:
        (found,) = [number for title, number in ids.items() if title.startswith(start)]
        return found

    expect = paper("$\\mathbb{E}$xpect")
    library.tags.add([expect], ["rl/offline", "to cite"])
    library.states.set([expect], PaperState.DONE)
    library.states.set_starred([expect], True)
    library.highlights.add_quote(expect, "We show that the choice needs less.", label="Claim")
    regret = "has regret at most $2\\epsilon\\sqrt{H}$, where $\\epsilon$ is the $\\ell_2$ error of the regression"
    library.highlights.add_quote(
        expect, regret, label="Result", comment="Is the constant tight? See their appendix *C*."
    )
    library.notes.append(
        expect,
        "Order without value: the **additive function of the state** cancels, so nothing has to be divided.\n\n"
        "- [ ] try it on the logs from autumn\n- [x] ask for the code\n\n"
        f"The other way round: {library.note_links.link_to(paper('Popper'))}.",
    )

    tokens = paper("A Field Guide to Tokenizer Accidents")
    library.tags.add([tokens], ["language models", "datasets"])
    library.states.set([tokens], PaperState.READING)
    library.highlights.add_quote(tokens, "remapping rows of the embedding matrix", label="Method")

    sparse = paper("Sparse by Appointment")
    library.tags.add([sparse], ["language models", "efficiency"])
    library.states.set([sparse], PaperState.QUEUED)
    heads = "a head that serves only dates turned up in every model we trained"
    library.highlights.add_quote(sparse, heads, label="Question", comment="Every one?\n\nThen what serves weekdays?")

    quote = "A head that was never booked in a thousand prompts is still the only one that can count to twelve."
    library.documents.attach(sparse, _annotated(quote, page=3), Path("sparse.pdf"), labels={}, keep_copy=False)

    tides = paper("Tide Tables")
    library.states.set_starred([tides], True)
    guide = library.note_links.link_to(tokens)
    library.notes.append(tides, f"Compare with {guide}: there the minds change at the seams of words.")
    library.states.set([paper("Popper's Desk")], PaperState.QUEUED)
    library.tags.add([paper("$\\alpha$-Rényi")], ["2026", "maths & flows"])


def _annotated(quote: str, page: int) -> ReadDocument:
    """A PDF file in which one sentence of a page (from 0) is highlighted, as reading it would give it."""
    sha256 = hashlib.sha256(quote.encode()).hexdigest()
    place = DocumentPlace(sha256, page, str(page + 1))
    found = FoundAnnotation(place, quote, "", "", None, "", "", None, None)
    return ReadDocument(sha256, 0, page + 1, "", "", sha256, (found,), {})


def _exhaust(steps: Generator[Any, None, Any]) -> Any:
    """Run to the end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def main() -> None:
    """Replace the notes in the folder given, else the committed ones."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.md"):
        old.unlink()
    for name in make_example_vault(target):
        print(name)


if __name__ == "__main__":
    main()
