"""What is said about the order "for you": how it was made, why a paper has its place, what was learned. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reader.domain.taste import Learned, PaperPart, Reasons, TasteOrder, TasteStatus, TopicTaste, WordPart, needs
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import OUTSIDE, counted, joined, shown_date

NO_REASON = "No strong reason."
PRIVACY = "Nothing of this leaves this computer. It is in backups of the library, but never in a bundle or a report."
_TITLE_LIMIT = 70
_WORD_LIMIT = 40


def foot_text(standing: TasteOrder, now: TasteOrder, too_few: str) -> str:
    """What stands below a list that is sorted "for you": how it was sorted, and what was learned ``now`` and since.

    ``too_few`` is a sentence where the library has too few papers to compare.
    """
    if now.status is TasteStatus.OFF:
        return ""
    if not standing.status.is_order:
        return _beginning(now, too_few)
    changed = now.changed_since(standing)
    if changed:
        return f"The order has learned from {counted(changed, 'decision')} since. {{view.sort_again}} sorts again."
    if now.forgotten != standing.forgotten:
        return "The order is to leave out other words now. {view.sort_again} sorts again."
    if standing.status is TasteStatus.GUESSING:
        return f"“For you” is still guessing, from {counted(standing.decisions, 'decision')}."
    return f"“For you” has learned from {counted(standing.decisions, 'decision')}."


def _beginning(now: TasteOrder, too_few: str) -> str:
    """What is said where there is no order yet; the papers are sorted by date."""
    if now.status.is_order:
        return "“For you” can begin: {view.sort_again} sorts."
    if now.status is TasteStatus.NEEDS:
        return f"“For you” {needs(now.missing).replace(' (', ' to begin (', 1)}. Sorted by date until then."
    return too_few or "“For you” has not compared your papers yet. Sorted by date until then."


def reasons_lines(reasons: Reasons, *, is_outside: bool) -> list[str]:
    """Why a paper has its place, on one line each, from the fullest to the shortest."""
    outside = f"◇ {OUTSIDE}" if is_outside else ""
    words_for, words_against = list(map(_word, reasons.words_for)), list(map(_word, reasons.words_against))
    if not reasons.are_strong:
        return [joined((outside, NO_REASON)), outside or NO_REASON]
    lines = []
    while words_for or words_against:
        for_it = f"For: {', '.join(words_for)}" if words_for else ""
        against = f"Against: {', '.join(words_against)}" if words_against else ""
        lines.append(joined((outside, for_it, against)))
        (words_against if len(words_against) >= len(words_for) else words_for).pop()
    return [*lines, outside] if outside else lines


def because(reasons: Reasons) -> str:
    """The decisions that matter most, as a sentence."""
    if not reasons.are_strong:
        return NO_REASON
    kept, dismissed = _titles(reasons.papers_for), _titles(reasons.papers_against)
    said = [f"you kept {kept}" if kept else "", f"you dismissed {dismissed}" if dismissed else ""]
    because_of, although = said if reasons.score > 0 else reversed(said)
    if because_of and although:
        return f"Because {because_of}, although {although}."
    return f"Because {because_of}." if because_of else f"Although {although}." if although else ""


def shown_part(part: float) -> str:
    """A part of a score, or the whole of it."""
    return f"{part:+.2f}".replace("-", "\N{MINUS SIGN}")


def score_text(reasons: Reasons) -> str:
    """The score of a paper, and what it means."""
    return f"Score {shown_part(reasons.score)}; 0 is the average paper of this library. The parts below add up to it."


def learned_text(learned: Learned) -> str:
    """What the order was learned from, in a few sentences."""
    if learned.status is TasteStatus.OFF:
        return "“For you” is switched off. Lectern learns nothing and shows nothing of it."
    lines = [f"From {counted(learned.liked, 'paper')} that you kept and {learned.dismissed:,} that you dismissed."]
    if learned.examples:
        lines.append(f"{counted(learned.examples, 'example')} from files of papers that you like.")
    if learned.left_out:
        day = shown_date((learned.since or "")[:10])
        lines.append(f"Left out: {counted(learned.left_out, 'decision')} before {day}.")
    if learned.status is TasteStatus.NEEDS:
        lines.append(f"“For you” {needs(learned.missing).replace(' (', ' to begin (', 1)}.")
    elif learned.status is TasteStatus.UNREADY:
        lines.append("The papers are not compared yet, or there are too few to compare.")
    elif learned.status is TasteStatus.GUESSING:
        lines.append("Still guessing: there are few kept papers to learn from.")
    return " ".join(lines)


def topics_text(topics: Sequence[TopicTaste]) -> str:
    """The topics that were decided about, on one line, those with the most decisions first."""
    shown = (f"{shown_line(each.name, _WORD_LIMIT)} ({each.kept:,} kept, {each.dismissed:,} not)" for each in topics)
    return f"Topics: {joined(shown)}"


def word_parts(reasons: Reasons, most: int) -> Iterator[tuple[str, float]]:
    """The words of a paper with the largest parts, then all others together; they add up to the score."""
    named = [each for each in reasons.words[:most] if each.word]
    yield from ((_word(each), each.part) for each in named)
    yield from _others("word", len(reasons.words) - len(named), reasons.score - sum(each.part for each in named))


def others_of_papers(reasons: Reasons, most: int) -> Iterator[tuple[str, float]]:
    """The decisions beyond the ``most`` largest together."""
    rest = reasons.papers[most:]
    yield from _others("decision", len(rest), sum(each.part for each in rest))


def paper_text(part: PaperPart) -> str:
    """A decided paper on one line."""
    done = "You kept" if part.is_liked else "You dismissed"
    return f"{done} “{shown_line(part.title, 200)}”"


def _others(what: str, count: int, part: float) -> Iterator[tuple[str, float]]:
    if count:
        yield f"{counted(count, f'other {what}')} together", part


def _titles(parts: Sequence[PaperPart]) -> str:
    return " and ".join(f"“{shown_line(each.title, _TITLE_LIMIT)}”" for each in parts[:2])


def _word(part: WordPart) -> str:
    return shown_line(part.word, _WORD_LIMIT)
