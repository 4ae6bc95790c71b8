"""PDF files on their way to papers: what was read of them, what is to be asked about them, and what came of them."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.documents import AttachReport, ColorChoice, ReadDocument
from reader.domain.errors import NotFoundError, ReaderError, WorkCancelledError
from reader.domain.papers import Paper
from reader.services import Library
from reader.services.documents.documents import PaperMatch
from reader.services.documents.reading import read_document
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted, joined

_FILE_LIMIT, _TITLE_LIMIT = 80, 120


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file, and the paper that it was given for; None if for none."""

    path: Path
    paper_id: int | None

    @property
    def name(self) -> str:
        """The file's name as it is shown."""
        return shown_line(self.path.name, _FILE_LIMIT)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read, with the papers that it may be and the colours in it."""

    given: GivenFile
    document: ReadDocument
    matches: Sequence[PaperMatch]
    colors: Sequence[ColorChoice]
    paper: Paper | None
    """The paper that it was given for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that a file may be, and a word on why."""

    paper_id: int
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be asked about one file.

    ``file`` is its name and ``facts`` says more of it; ``doubt`` is why the paper is asked for, empty if it is known:
    it is then the only one of the ``candidates``.
    """

    file: str
    facts: str
    doubt: str
    candidates: tuple[Candidate, ...]
    colors: tuple[ColorChoice, ...]

    @property
    def is_open(self) -> bool:
        """Whether anything is to be asked."""
        return bool(self.doubt or self.colors)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: a sentence without its full stop; for an attached one also its paper and its report."""

    name: str
    sentence: str
    paper_id: int | None = None
    report: AttachReport | None = None


Progress = tuple[str, int, int]
"""The file that is being read, how many were read, and how many there are."""


def read_all(
    library: Library, given: Sequence[GivenFile], cancelled: Cancelled
) -> Generator[Progress, None, list[ReadFile | Outcome]]:
    """On a reader thread: read files in another process, one after the other; what could not be read is told."""
    read: list[ReadFile | Outcome] = []
    for number, file in enumerate(given):
        yield file.name, number, len(given)
        try:
            read.append(_read(library, file, cancelled))
        except WorkCancelledError:
            raise
        except ReaderError as error:
            read.append(Outcome(file.name, str(error).rstrip(".")))
    return read


def _read(library: Library, given: GivenFile, cancelled: Cancelled) -> ReadFile:
    document = read_document(given.path, cancelled=cancelled)
    paper = None
    if given.paper_id is not None:
        try:
            paper = library.papers.get(given.paper_id)
        except NotFoundError:
            paper = None
    return ReadFile(
        given, document, library.documents.match(document, given.path.name), library.documents.colors(document), paper
    )


def question_about(read: ReadFile, chosen: Mapping[str, str], shown: Paper | None) -> Question:
    """What is to be asked about a file.

    ``chosen`` are the labels of colours that were asked about already; ``shown`` is the paper that is shown, which a
    file that names none may be.
    """
    doubt, candidates = _papers_of(read, shown)
    colors = tuple(each for each in read.colors if each.remembered is None and each.color not in chosen)
    document = read.document
    count = len(document.annotations)
    facts = joined(
        (
            counted(document.page_count, "page"),
            counted(count, "annotation") if count else "nothing annotated",
            shown_line(document.title or document.first_page, _TITLE_LIMIT),
        )
    )
    return Question(read.given.name, facts, doubt, candidates, colors)


def _papers_of(read: ReadFile, shown: Paper | None) -> tuple[str, tuple[Candidate, ...]]:
    """Why the paper is to be asked for, if it is, and which it may be, the likeliest first."""
    matches = [_candidate(each) for each in read.matches]
    sure = [each.paper.id for each in read.matches if each.is_sure]
    if read.paper is not None:
        given = Candidate(read.paper.id, read.paper.title, "The paper that it was given for")
        if not matches or given.paper_id in (sure or [each.paper_id for each in matches]):
            return "", (given,)
        names = "names" if sure else "seems to name"
        others = (each for each in matches if each.paper_id != given.paper_id)
        return f"Its first page {names} another paper than the one it was given for.", (*others, given)
    if len(sure) == 1:
        return "", tuple(each for each in matches if each.paper_id in sure)
    if matches:
        return "Its first page does not say for sure which paper it is.", tuple(matches)
    likely = (Candidate(shown.id, shown.title, "The paper that is shown"),) if shown is not None else ()
    return "Its first page names no paper of this library.", likely


def _candidate(match: PaperMatch) -> Candidate:
    note = "Named on the first page" if match.is_sure else "May be named on the first page"
    return Candidate(match.paper.id, match.paper.title, note)


def outcome_of(read: ReadFile, title: str, paper_id: int, report: AttachReport) -> Outcome:
    """What attaching a file to a paper with this title did."""
    name, paper = read.given.name, f"“{shown_line(title, _TITLE_LIMIT)}”"
    known = f" ({report.known:,} {'was' if report.known == 1 else 'were'} here already)" if report.known else ""
    if report.added:
        what = f": {counted(report.added, 'highlight')}{known}"
    elif report.known:
        what = f": no new highlights{known}"
    else:
        what = "; nothing in it is highlighted"
    left_out = sum(read.document.left_out.values())
    what += f"; {counted(left_out, 'drawing')} left out" if left_out else ""
    was_here = report.was_attached and not report.added
    sentence = f"“{name}” is attached to {paper} already" if was_here else f"Attached “{name}” to {paper}{what}"
    return Outcome(name, sentence, paper_id, report)


def summary_of(outcomes: Sequence[Outcome]) -> str:
    """What came of several files, with the key that takes it back; of a single one, its sentence."""
    reports = [each.report for each in outcomes if each.report is not None]
    changed = [each for each in reports if each.added or not each.was_attached]
    undo = f"; {{edit.undo}} takes {'it' if len(changed) == 1 else 'the last'} back" if changed else ""
    if len(outcomes) == 1:
        return f"{outcomes[0].sentence}{undo}"
    added, known = sum(each.added for each in reports), sum(each.known for each in reports)
    here = f" ({known:,} were here already)" if known else ""
    said = [f"Attached {counted(len(reports), 'PDF')}: {counted(added, 'highlight')}{here}{undo}."] if reports else []
    others = [each.sentence for each in outcomes if each.report is None]
    said += [f"{others[0]}."] if len(others) == 1 else [f"{len(others):,} files were not attached."] if others else []
    return " ".join(said)


def left_alone(read: ReadFile) -> Outcome:
    """The user did not want a file to be attached."""
    return Outcome(read.given.name, f"“{read.given.name}” was not attached")


def shown_progress(progress: Progress) -> Progress:
    """Progress as the status line shows it."""
    name, done, total = progress
    return f"Reading {name}", done, total
