"""A process that works on a library and says what it tries and what is done, to be killed at any moment.

Prints ``try KIND …`` before an operation and ``done KIND …`` once it was acknowledged. It goes on for ever.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.process.sharing import SharedLibrary
from tests.services.support import finish, listing_text

ALL = View(ViewKind.ALL)


def say(*words: object) -> None:
    print(*words, flush=True)


def work(library: Library, folder: Path, dice: random.Random, run: str) -> None:
    """One random operation."""
    kind = dice.choice(["import", "note", "note", "tag", "state", "seen", "undo", "index", "backup"])
    ids = library.views.paper_ids(ALL)
    if kind == "import" or not ids:
        name = f"{run}-{dice.randrange(10**9)}"
        file = folder / f"{name}.txt"
        file.write_text(listing_text(*(f"Paper {name} number {number}" for number in range(20))), "utf-8")
        say("try import", name)
        finish(library.imports.paths([file]))
        say("done import", name)
        return
    paper = library.papers.get(dice.choice(ids))
    if kind == "note":
        text = f"{run}-{dice.randrange(10**9)}"
        say("try note", paper.key, text)
        library.notes.save(paper.id, text, revision=None)
        say("done note", paper.key, text)
    elif kind == "tag":
        name = f"tag{dice.randrange(5)}"
        say("try tag", paper.key, name)
        library.tags.add([paper.id], [name])
        say("done tag", paper.key, name)
    elif kind == "state":
        state = dice.choice([state for state in PaperState if state is not PaperState.INBOX])
        say("try state", paper.key, state.value)
        library.states.set([paper.id], state)
        say("done state", paper.key, state.value)
    elif kind == "seen":
        say("try seen", paper.key)
        library.states.set_seen([paper.id], True, automatic=True)
        say("done seen", paper.key)
    elif kind == "undo":
        # An operation of its own, at once undone: what it touched is as it was.
        say("try star", paper.key)
        library.states.set_starred([paper.id], not paper.starred)
        library.history.undo()
        say("done star", paper.key)
    elif kind == "index":
        say("try index")
        for _ in library.index.update():
            pass
        say("done index")
    else:
        say("try backup")
        library.backups.make_due(closing=True)
        say("done backup")


def main(folder: Path, seed: int) -> None:
    """Work until killed."""
    dice = random.Random(seed)
    with SharedLibrary(folder / "library", program="a test") as library:
        say("ready")
        while True:
            work(library, folder, dice, str(seed))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
