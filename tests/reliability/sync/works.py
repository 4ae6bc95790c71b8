"""Invented papers, and listings of some of them: the same paper by its title here and by its arXiv id there."""

from __future__ import annotations

import random

from tests.services.support import abstract, listing_text

COUNT = 36


def title(work: int) -> str:
    """The title of a work."""
    return f"Invented Subject Number {work} of Many"


def listings(dice: random.Random, count: int, works: int = COUNT) -> list[tuple[str, str]]:
    """Texts of listings of some of so many works, with their names; each work is in several."""
    made = []
    for number in range(count):
        shown = dice.sample(range(works), min(works, dice.randint(3, 7)))
        kind = dice.choice(["plain", "bibtex", "bibtex", "titles"])
        day = f"Mar {1 + number % 28}"
        if kind == "plain":
            text = listing_text(*map(title, shown), heading=day).replace("eleven points", f"{number} points")
        else:
            text = "\n\n".join(_entry(work, number, dice, with_id=kind == "bibtex") for work in shown)
        made.append((text, f"listing {number}"))
    return made


def _entry(work: int, number: int, dice: random.Random, *, with_id: bool) -> str:
    fields = {"title": title(work), "author": "Ada Invented and Bo Imagined", "year": "2025"}
    if with_id and work % 3:
        fields |= {"eprint": f"2501.{work:05}", "archivePrefix": "arXiv"}
    if dice.random() < 0.6:
        fields["abstract"] = abstract(title(work)).replace("eleven", str(number))
    if dice.random() < 0.3:
        fields["doi"] = f"10.1234/invented.{work}"
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@article{{work{work}n{number},\n{body}\n}}"
