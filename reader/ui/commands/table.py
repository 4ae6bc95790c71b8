"""The one table of commands: menus, palette, key sheet, tool tips and keys are all made from it.

To add a command, add a row here and bind its id to a method where the window's parts are put together
(``CommandRunner.bind``); a test fails for a row without a method, and for keys that could not be typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reader.ui.commands.key_chords import Chord, parse_chord


class Where(StrEnum):
    """Where a command is valid, in words the key sheet shows."""

    ANYWHERE = "Anywhere"
    PAPER = "On a paper"
    LISTING = "In a listing"
    SAMPLE = "In the sample"


class Menu(StrEnum):
    """The menus, in their order; ``&`` marks the letter that opens one with Alt."""

    LIBRARY = "&Library"
    PAPER = "&Paper"
    GO = "&Go"
    VIEW = "&View"
    HELP = "&Help"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the user can do.

    ``keys`` are the default chords as ``keys.parse_chord`` reads them, the first being the one to show. ``section``
    separates groups within a menu. ``while_typing`` lets keys with Ctrl or Alt work in text fields; ``repeats`` is
    for what a held key may do again and again (a held ``d`` must not dismiss a whole page). ``menu`` is None
    for what only keys are good for.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...] = ()
    where: Where = Where.ANYWHERE
    menu: Menu | None = None
    section: int = 0
    while_typing: bool = False
    repeats: bool = False

    @property
    def chords(self) -> tuple[Chord, ...]:
        """The default keys, parsed."""
        return tuple(parse_chord(text) for text in self.keys)


_L, _P, _G, _V, _H = Menu
_PAPER = Where.PAPER
_LISTING = Where.LISTING

COMMANDS: tuple[Command, ...] = (
    Command("import.files", "Import files…", "Read listing files into the library", ("Shift+I",), menu=_L),
    Command("import.folder", "Import a folder…", "Read every listing file of a folder", menu=_L),
    Command("import.seen", "Import as already seen…", "For a backlog: imported papers stay out of the inbox", menu=_L),
    Command("import.paste", "Import what was copied", "Read copied text or files as listings", ("Ctrl+V",), menu=_L),
    Command("subscription.add", "Subscribe…", "A category, a feed, a page or a search, fetched by itself", menu=_L),
    Command("subscription.daily", "Subscribe to Daily Papers", "Hugging Face’s papers of the day, every day", menu=_L),
    Command("subscription.arxiv", "Subscribe to an arXiv category…", "What arXiv announces in it", menu=_L),
    Command("subscription.import", "Subscribe from an OPML file…", "What another program subscribes to", menu=_L),
    Command("subscription.export", "Save subscriptions as OPML…", "For another program, without secrets", menu=_L),
    Command("subscription.fetch", "Fetch now", "The subscription that is marked or open, else all", ("r",), menu=_L),
    Command("subscription.fetch_all", "Fetch all now", "Every subscription", menu=_L),
    Command("subscription.rename", "Rename subscription…", "Give it another name", menu=_L),
    Command("subscription.every", "Fetch how often…", "The hours between two fetches of a subscription", menu=_L),
    Command("subscription.remove", "Unsubscribe", "Fetch it no more; its papers stay", menu=_L),
    Command("export.open", "Export…", "Annotations to notes, BibTeX and others", ("Shift+E",), menu=_L),
    Command(
        "export.now",
        "Export annotated papers",
        "To the vault, without a preview; your edits there stay",
        ("Ctrl+S",),
        menu=_L,
        while_typing=True,
    ),
    Command("edit.undo", "Undo", "Take back the last step", ("u", "Ctrl+Z"), menu=_L, section=1),
    Command("edit.redo", "Redo", "Do again what was undone", ("Shift+U", "Ctrl+Shift+Z"), menu=_L, section=1),
    Command("edit.history", "History…", "Every step, to go back to any of them", ("Ctrl+Shift+H",), menu=_L, section=1),
    Command(
        "edit.repeat",
        "Repeat",
        "Do the last operation on this paper or the selected ones",
        (".",),
        _PAPER,
        _L,
        section=1,
    ),
    Command("listing.rename", "Rename listing…", "Give this listing another name", (), _LISTING, _L, 2),
    Command("listing.year", "Correct listing year…", "Set the year that this page is from", (), _LISTING, _L, 2),
    Command(
        "listing.problems",
        "Show listing problems",
        "Lines that could not be read, with the reasons",
        (),
        _LISTING,
        _L,
        2,
    ),
    Command("listing.remove", "Remove listing", "Take this listing out of the library", (), _LISTING, _L, 2),
    Command(
        "library.sample", "Open the sample", "Invented papers to try things on; nothing is kept", menu=_L, section=3
    ),
    Command("library.close_sample", "Close the sample", "Back to your library", (), Where.SAMPLE, _L, 3),
    Command("library.back_up", "Back up now", "Keep a copy of everything as it is", menu=_L, section=3),
    Command("library.restore", "Restore…", "Go back to a backup of this library", menu=_L, section=3),
    Command(
        "library.bundle", "Write a bundle…", "The whole library in one file, for another machine", menu=_L, section=3
    ),
    Command(
        "library.open_bundle", "Open a bundle…", "Open it separately, or merge it into this library", menu=_L, section=3
    ),
    Command(
        "sync.open", "Sync: set up…", "Two machines share a library through a folder; how it stands", menu=_L, section=3
    ),
    Command("sync.now", "Sync now", "Send and receive what is new", menu=_L, section=3),
    Command(
        "taste.learned", "What Lectern has learned…", "Words, decisions, and how well it foretells", menu=_L, section=3
    ),
    Command(
        "taste.learn_from_file",
        "Learn from a file of papers I like…",
        "A beginning for “for you”; the papers do not come into the library",
        menu=_L,
        section=3,
    ),
    Command("library.check", "Check the library…", "Look for damage, and repair it", menu=_L, section=3),
    Command("window.close", "Quit", "Close the window", ("Ctrl+Q", "Ctrl+W"), menu=_L, section=4, while_typing=True),
    Command("paper.read", "Focus reading", "Show the paper alone; open or unfold what is marked", ("Enter",), menu=_P),
    Command("paper.star", "Star", "Star the paper, or take its star away", ("s",), _PAPER, _P, 1),
    Command("paper.queue", "Add to the queue", "Or take the paper out of it", ("a",), _PAPER, _P, 1),
    Command("paper.start", "Start reading", "Say that you are reading the paper", (), _PAPER, _P, 1),
    Command("paper.done", "Mark as done", "Enough read; on to the next", ("e",), _PAPER, _P, 1),
    Command("paper.dismiss", "Dismiss", "Not for me; on to the next", ("d", "#", "Delete"), _PAPER, _P, 1),
    Command("paper.inbox", "Back to the inbox", "Undo the decision about the paper", (), _PAPER, _P, 1),
    Command("paper.seen", "Mark as seen", "And go on to the next paper", ("m",), _PAPER, _P, 2),
    Command("paper.unseen", "Mark as unseen", "And stay at the paper", ("Shift+M",), _PAPER, _P, 2),
    Command(
        "list.above_seen",
        "Mark all above as seen",
        "Every paper above this one",
        ("Shift+A",),
        _PAPER,
        _P,
        2,
    ),
    Command(
        "paper.reasons",
        "Why here",
        "The words and decisions that place this paper “for you”",
        ("Shift+W",),
        _PAPER,
        _P,
        2,
    ),
    Command("paper.bury", "Snooze until tomorrow", "Out of the inbox until then", ("b",), _PAPER, _P, 2),
    Command(
        "paper.bury_until", "Snooze until…", "3d, next mon, dec 8: on that day it is back", ("Shift+B",), _PAPER, _P, 2
    ),
    Command("paper.unbury", "Unsnooze", "Bring it back now", (), _PAPER, _P, 2),
    Command("note.edit", "Note", "Write in the paper's note; Esc goes back", ("n",), _PAPER, _P, 2),
    Command(
        "note.preview",
        "Preview note",
        "Beside the text, in its place, or off",
        ("Ctrl+P",),
        _PAPER,
        _P,
        2,
        while_typing=True,
    ),
    Command(
        "note.paste_quote",
        "Paste as a quote",
        "Copied text into the note, lines and broken words joined",
        ("Ctrl+Shift+V",),
        _PAPER,
        _P,
        2,
        while_typing=True,
    ),
    Command("note.revisions", "Earlier texts of the note…", "Restore one of them", (), _PAPER, _P, 2),
    Command("note.template", "Note from a template…", "With the paper's facts in it", (), _PAPER, _P, 2),
    Command(
        "highlight.sentences", "Highlight…", "By the letters of sentences, or what is selected", ("h",), _PAPER, _P, 2
    ),
    Command("highlight.words", "Highlight words…", "Select them one by one", ("w",), _PAPER, _P, 2),
    Command("highlight.edit", "Edit highlight…", "Its comment and label", ("Shift+H",), _PAPER, _P, 2),
    Command("highlight.labels", "Highlight labels…", "Their names and colours, and others", menu=_P, section=2),
    Command("highlight.delete", "Remove highlight", "Remove the current highlight", (), _PAPER, _P, 2),
    Command("tag.edit", "Tag…", "Add or remove tags; in the list of tags: change the tag", ("t",), _PAPER, _P, 2),
    *(
        Command(
            f"tag.favorite_{number}",
            f"Favourite tag {number}",
            "Add or remove the tag with this number",
            (str(number),),
            _PAPER,
        )
        for number in range(1, 10)
    ),
    Command("tag.clear_favorites", "Clear favourite tags", "Remove all tags that have a number", ("0",), _PAPER),
    Command("tag.rename", "Rename tag…", "The name of another tag merges the two"),
    Command("tag.merge", "Merge tag…", "Put its papers under another tag"),
    Command("tag.delete", "Delete tag…", "From all papers"),
    Command("tag.color", "Colour of a tag…", "Choose a colour, or none"),
    Command("tag.describe", "Describe tag…", "What the tag is for"),
    Command("tag.number", "Number of a tag…", "The key that adds it"),
    Command("paper.page", "Open the paper's page", "In the browser", ("o",), _PAPER, _P, 3),
    Command("paper.pdf", "Open the PDF", "The attached file at your page, else in the browser", ("v",), _PAPER, _P, 3),
    Command("document.attach", "Attach a PDF…", "What is highlighted in it becomes highlights here", (), _PAPER, _P, 3),
    Command("document.detach", "Detach the PDF", "With the highlights in it; undo brings both back", (), _PAPER, _P, 3),
    Command("paper.code", "Open the code", "The repository that the abstract names", ("c",), _PAPER, _P, 3),
    Command(
        "paper.merge", "Merge with…", "Make two entries of the same paper one; all keys stay valid", (), _PAPER, _P, 5
    ),
    Command(
        "paper.split", "Separate merged papers", "Split off a paper that was merged into this one", (), _PAPER, _P, 5
    ),
    Command("paper.links", "Follow link…", "Type the letters on a link to open it", ("f",), _PAPER, _P, 3),
    Command("paper.copy_citation", "Copy citation", "Who, what, when and where, as text", ("y y",), _PAPER, _P, 4),
    Command("paper.copy_markdown", "Copy as Markdown", "A Markdown link with its facts", ("y m",), _PAPER, _P, 4),
    Command("paper.copy_bibtex", "Copy BibTeX", "An entry for a bibliography", ("y b",), _PAPER, _P, 4),
    Command("paper.copy_title", "Copy title", "The title as it is stored", ("y t",), _PAPER, _P, 4),
    Command(
        *("paper.complete", "Complete", "Ask arXiv, Crossref and Hugging Face for what is missing", ("Shift+C",)),
        *(_PAPER, _P, 5),
    ),
    Command("paper.complete_from_file", "Complete from a file…", "Without any network", (), _PAPER, _P, 5),
    Command(
        "paper.set_arxiv_id",
        "Set arXiv id from clipboard",
        "Take the copied arXiv id or address for this paper's",
        (),
        _PAPER,
        _P,
        5,
    ),
    Command(
        "queue.next", "Take the next from the queue", "Start reading its first paper", ("Shift+Q",), menu=_P, section=6
    ),
    Command("queue.down", "Down in the queue", "One place later", ("Shift+J",), _PAPER, _P, 6, repeats=True),
    Command("queue.up", "Up in the queue", "One place earlier", ("Shift+K",), _PAPER, _P, 6, repeats=True),
    Command("queue.top", "To the top of the queue", "The next to be read", (), _PAPER, _P, 6),
    Command("queue.bottom", "To the bottom of the queue", "The last to be read", (), _PAPER, _P, 6),
    Command("queue.sort_date", "Sort the queue by date", "Once, newest first", (), menu=_P, section=6),
    Command("queue.sort_title", "Sort the queue by title", "Once, A to Z", (), menu=_P, section=6),
    Command("select.toggle", "Select", "Add the paper to the selection, or take it out", ("x",), _PAPER, _P, 7),
    Command("select.range", "Select a range", "From here to where you move; again to end", ("Shift+V",), _PAPER, _P, 7),
    Command("select.all", "Select all", "Every paper of this view", ("* a",), _PAPER, _P, 7),
    Command("select.none", "Select none", "Select only the current paper", ("* n",), _PAPER, _P, 7),
    Command("go.next", "Next paper", "One down", ("j", "Down"), menu=_G, repeats=True),
    Command("go.previous", "Previous paper", "One up", ("k", "Up"), menu=_G, repeats=True),
    Command("go.first", "First paper", "To the top of the list", ("g g", "Home"), menu=_G),
    Command("go.last", "Last paper", "To the end of the list", ("Shift+G", "End"), menu=_G),
    Command("go.read_on", "Read on", "Scroll down, then to the next unseen paper", ("Space",), menu=_G, repeats=True),
    Command("go.read_back", "Read back", "Scroll up, then to the paper above", ("Shift+Space",), menu=_G, repeats=True),
    Command("go.back", "Back", "Where you were before", ("Alt+Left", "Ctrl+O"), menu=_G, section=1, repeats=True),
    Command(
        "go.forward",
        "Forward",
        "Where you were before going back",
        ("Alt+Right", "Ctrl+I"),
        menu=_G,
        section=1,
        repeats=True,
    ),
    Command(
        "go.older_listing",
        "Older listing",
        "The listing before this one",
        ("[", "Ctrl+PgUp"),
        menu=_G,
        section=1,
        repeats=True,
    ),
    Command(
        "go.newer_listing",
        "Newer listing",
        "The listing after this one",
        ("]", "Ctrl+PgDown"),
        menu=_G,
        section=1,
        repeats=True,
    ),
    Command("highlight.next", "Next highlight", "In this paper", ("}",), _PAPER, _G, 1, repeats=True),
    Command("highlight.previous", "Previous highlight", "In this paper", ("{",), _PAPER, _G, 1, repeats=True),
    Command("highlight.forward", "Next highlight, any paper", "On into the papers below", (">",), _PAPER, _G, 1),
    Command("highlight.back", "Previous highlight, any paper", "Back into the papers above", ("<",), _PAPER, _G, 1),
    Command("go.inbox", "Inbox", "Undecided: the unseen first, those seen folded below", ("g i",), menu=_G, section=2),
    Command("go.queue", "Queue", "What you mean to read", ("g q",), menu=_G, section=2),
    Command("go.reading", "Reading", "What you are reading", ("g r",), menu=_G, section=2),
    Command("go.done", "Done", "What you have read enough of", ("g e",), menu=_G, section=2),
    Command("go.dismissed", "Dismissed", "What you do not want", ("g d",), menu=_G, section=2),
    Command("go.buried", "Snoozed", "What is hidden until a later day", ("g b",), menu=_G, section=2),
    Command("go.starred", "Starred", "What has a star", ("g s",), menu=_G, section=2),
    Command("go.all", "All papers", "Everything in the library", ("g a",), menu=_G, section=2),
    Command("go.highlights", "Highlights", "All of them, newest first", ("g h",), menu=_G, section=2),
    Command("go.notes", "Notes", "All of them, the last changed first", ("g n",), menu=_G, section=2),
    Command("go.tags", "Tags", "To the list of tags", ("g t",), menu=_G, section=2),
    Command("go.muted", "Mute rules", "What they keep out of the inbox", ("g m",), menu=_G, section=2),
    Command(
        "go.subscriptions", "Subscriptions", "What is fetched, when, and what is new", ("g f",), menu=_G, section=2
    ),
    Command("go.map", "Map", "The topics of the library, as a list or a picture", ("g p",), menu=_G, section=2),
    Command("go.beside", "Kept beside", "What two devices said differently", ("g k",), menu=_G, section=2),
    Command("go.listings", "Listings", "To the list of listings", ("g l",), menu=_G, section=2),
    Command("go.find", "Search…", "The whole library, as you type", ("/",), menu=_G, section=3),
    Command(
        "go.find_here",
        "Search this view…",
        "Or the whole library again",
        ("Ctrl+Shift+F",),
        menu=_G,
        section=3,
        while_typing=True,
    ),
    Command(
        "search.meaning",
        "Search by meaning…",
        "Papers close in meaning, below those that have the words",
        menu=_G,
        section=3,
    ),
    Command("search.save", "Save this search…", "Keep it in the left pane, with keys of its own", menu=_G, section=3),
    Command("search.remove", "Remove saved search", "The saved search that is open or marked", menu=_G, section=3),
    Command("mute.add", "Mute…", "Keep what a search finds out of the inbox", menu=_G, section=3),
    Command("mute.change", "Change a mute rule…", "What it hides, and its name", menu=_G, section=3),
    Command("mute.toggle", "Turn mute rule off or on", "Show its papers again, or hide them", menu=_G, section=3),
    Command("mute.delete", "Delete mute rule", "Its papers show again", menu=_G, section=3),
    Command("topic.rename", "Rename topic…", "Give it a name of your own", menu=_G, section=3),
    Command("topic.split", "Split topic", "Into two, by what its papers are about", menu=_G, section=3),
    Command("topic.merge", "Merge topic into another…", "Its papers join those of the other", menu=_G, section=3),
    Command("topic.update", "Update topics…", "Sort the papers again; shows first what changes", menu=_G, section=3),
    Command("search.rename", "Rename saved search…", "The saved search that is open or marked", menu=_G, section=3),
    Command("search.change", "Change saved search…", "Its words and its order", menu=_G, section=3),
    Command("search.number", "Number of a saved search…", "The key after g that opens it", menu=_G, section=3),
    Command("search.up", "Saved search up", "One place earlier in the left pane", ("Alt+Up",), menu=_G, section=3),
    Command("search.down", "Saved search down", "One place later", ("Alt+Down",), menu=_G, section=3),
    Command(
        "go.rename",
        "Rename…",
        "The search, tag, subscription, topic or listing marked or open",
        ("F2",),
        menu=_G,
        section=3,
    ),
    Command("paper.similar", "More like this", "Papers close in meaning to the selected ones", (), _PAPER, _G, 3),
    Command(
        "paper.similar_to",
        "More like…",
        "Like a highlight or a tag of this paper, the queue, or all papers of the view",
        menu=_G,
        section=3,
    ),
    Command(
        "paper.similar_words",
        "More like this, by words",
        "Papers with the characteristic words of this one",
        (),
        _PAPER,
        _G,
        3,
    ),
    *(
        Command(f"go.search_{number}", f"Saved search {number}", "Kept with “Save this search…”", (f"g {number}",))
        for number in range(1, 10)
    ),
    Command(
        "inbox.catch_up",
        "Catch up…",
        "Dismiss what has waited long; show the rest by importance",
        menu=_G,
        section=4,
    ),
    Command("go.statistics", "Statistics", "How you read, in pictures", ("g v",), menu=_G, section=4),
    Command(
        "triage.begin",
        "Triage",
        "Decide about one paper after the other, with one key each",
        ("Shift+T",),
        menu=_G,
        section=4,
    ),
    Command("go.escape", "Back out", "Close, leave, clear: one thing at a time", ("Esc",)),
    Command(
        "view.palette",
        "Commands…",
        "Find a command, a place or a paper by name",
        ("Ctrl+K", ":"),
        while_typing=True,
        menu=_V,
    ),
    Command("view.sort", "Sort by…", "Date, title, for you and more; kept for each view", ("Shift+S",), menu=_V),
    Command(
        "view.sort_again",
        "Sort again",
        "“For you” by what it learned since; elsewhere fetch every subscription",
        ("Shift+R",),
        menu=_V,
    ),
    Command("view.reverse", "Reverse order", "Turn the current order around", menu=_V),
    Command("view.group", "Group by listing", "On or off", menu=_V),
    Command(
        "view.larger", "Larger text", "", ("Ctrl++", "Ctrl+="), menu=_V, section=1, while_typing=True, repeats=True
    ),
    Command("view.smaller", "Smaller text", "", ("Ctrl+-",), menu=_V, section=1, while_typing=True, repeats=True),
    Command("view.default_size", "Usual text size", "", ("Ctrl+0",), menu=_V, section=1, while_typing=True),
    Command("view.full_screen", "Full screen", "", ("F11",), menu=_V, section=2, while_typing=True),
    Command("view.theme_system", "Follow the system's colours", "", menu=_V, section=3),
    Command("view.theme_light", "Light colours", "", menu=_V, section=3),
    Command("view.theme_dark", "Dark colours", "", menu=_V, section=3),
    Command("view.theme_high_contrast", "High contrast", "White on black, with lines that show", menu=_V, section=3),
    Command(
        "view.reading_font", "Serif or sans for reading", "The typeface of titles and abstracts", menu=_V, section=4
    ),
    Command(
        "view.density",
        "Density: compact or comfortable lists",
        "Two lines for each paper, or three",
        menu=_V,
        section=4,
    ),
    Command("view.settings", "Settings…", "Appearance, keys, labels, export and more", (",",), menu=_V, section=5),
    Command("settings.keys", "Change keys…", "Press new ones for a command", menu=_V, section=5),
    Command("settings.file", "Open settings.toml", "The same settings as text, to edit", menu=_V, section=5),
    Command("help.keys", "Keys", "Every key, what is valid here first", ("?", "F1"), menu=_H),
    Command("help.guide", "Guide", "A walk of ten minutes, with pictures", menu=_H),
    Command("help.about", "About Lectern", "Version and library facts, to copy into a report", menu=_H),
)

COMMANDS_BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}
