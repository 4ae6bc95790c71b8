"""What tests of completing share: a library beside a server, and searches that find titles by their words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from reader.domain.papers import Paper
from reader.domain.reports import CompletionOutcome, CompletionReport, PaperCompletion
from reader.domain.selection import ALL_PAPERS
from reader.domain.words import search_words
from reader.services import Library
from tests.services.support import finish, listing_text
from tests.web.papers import Invented
from tests.web.server import WebServer

_NAMES = ("SiltFormer", "Moth-R1", "KettleBench", "DeltaRAG", "TideLoRA", "BeeWorld", "OrchardGPT", "LanternNet")
_DEEDS = ("Learning", "Rethinking", "Scaling", "Aligning", "Evaluating", "Compressing", "Grounding", "Distilling")
_THINGS = ("River Maps", "Kettle Logs", "Moth Flights", "Tide Tables", "Orchard Plans", "Bridge Songs", "Clock Faces")
_MEANS = ("Sparse Ladders", "Latent Lanterns", "Recursive Sails", "Self-Taught Beetles", "$\\ell_2$-Bounded Moss",
          "Preference-Guided Bees", "Multi-Turn Ferries", "$\\alpha$-Tempered Clay")  # fmt: skip
_SCOPES = ("at Scale", "in the Wild", "without Labels", "under Drift", "with Few Examples", "for Long Journeys")
_PEOPLE = ("Ada", "Bela", "Cleo", "Dov", "Esra", "Finn", "Gita", "Hugo", "Ines", "Jona")
_FAMILIES = ("Ashdown", "Birkwood", "Castellan", "Drummer", "Elmsworth", "Fairweather", "Grünewald", "Holm", "Ito")


class Words(dict[str, list[Invented]]):
    """A search that finds papers by their words, the one with the most first, as services do."""

    def __init__(self, papers: Sequence[Invented], most: int = 10) -> None:
        super().__init__()
        self._papers = [(set(search_words(paper.title)), paper) for paper in papers]
        self._most = most

    def get(self, query: str, default: list[Invented] | None = None) -> list[Invented]:  # type: ignore[override]
        """What is found for a query."""
        asked = set(search_words(query.removeprefix("ti:").strip('"')))
        scored = sorted(((len(asked & words), paper.arxiv_id, paper) for words, paper in self._papers), reverse=True)
        return [paper for score, _, paper in scored[: self._most] if 2 * score >= len(asked)]


def titles(count: int, seed: int = 5) -> list[str]:
    """So many different titles in the style of a page."""
    chance, made = random.Random(seed), dict[str, None]()
    while len(made) < count:
        deed, thing, means, scope = map(chance.choice, (_DEEDS, _THINGS, _MEANS, _SCOPES))
        name = f"{chance.choice(_NAMES)}{chance.randrange(2, 9)}"
        forms = (f"{name}: {deed} {thing} with {means}", f"{deed} {thing} {scope} via {means}",
                 f"{name}: {thing} {scope}",
                 f"Do {means} Help in {deed} {thing} {scope}?")  # fmt: skip
        made[chance.choice(forms)] = None
    return list(made)


def work(number: int, title: str, chance: random.Random) -> Invented:
    """A paper with this title, its facts following from its number."""
    day = date(2025, 1, 1) + timedelta(days=number % 300)
    names = tuple(f"{chance.choice(_PEOPLE)} {chance.choice(_FAMILIES)}" for _ in range(3))
    return Invented(f"{day:%y%m}.{number:05d}", title, tuple(dict.fromkeys(names)),
                    f"We study {title}.", day, doi=f"10.55555/work.{number}", venue="Annals of Counting",
                    code=f"https://github.com/bees/{number}" if number % 3 == 0 else "")  # fmt: skip


def near_misses(right: Invented, number: int, chance: random.Random) -> list[Invented]:
    """Other works that look like one: a second part, a reply, a plural, another scope; each by others."""
    title = right.title.rstrip("?")
    shown = [
        f"{title} II",
        f"Reply to “{title}”",
        f"{title}s",
        f"{title}, Revisited",
        f"Not {title}",
        f"{title}: A Survey",
    ]
    return [work(number + place, each, chance) for place, each in enumerate(chance.sample(shown, 3))]


def bring(library: Library, folder: Path, *shown: str) -> list[int]:
    """Import a page as text with these titles; its papers."""
    path = folder / f"page-{len(list(folder.glob('page-*')))}.txt"
    path.write_text(listing_text(*shown), "utf-8")
    finish(library.imports.paths([path]))
    ids = {paper.title: paper.id for paper in papers(library)}
    return [ids[title] for title in shown]


def papers(library: Library) -> list[Paper]:
    """All papers of a library."""
    return list(library.papers.read(library.papers.ids(ALL_PAPERS)))


def complete(library: Library, ids: Sequence[int], **options: object) -> CompletionReport:
    """Complete papers, to the end."""
    return finish(library.completion.papers(ids, **options))  # type: ignore[arg-type, return-value]


def only(report: CompletionReport) -> PaperCompletion:
    """The result of the only paper."""
    (result,) = report.papers
    return result


def outcomes(report: CompletionReport) -> list[CompletionOutcome]:
    """What came of each paper."""
    return [result.outcome for result in report.papers]


def fill(server: WebServer, *known: Invented, hugging_face: bool = True, arxiv: bool = True) -> None:
    """Let the server's services know some papers."""
    server.papers |= {paper.arxiv_id: paper for paper in known}
    server.works |= {paper.doi: paper for paper in known if paper.doi}
    server.searches = Words(known if hugging_face else ())
    server.queries = Words(known if arxiv else ())
    server.work_searches = Words(known)


__all__ = [
    "Words", "bring", "complete", "fill", "near_misses", "only", "outcomes", "papers", "replace", "titles", "work"
]  # fmt: skip
