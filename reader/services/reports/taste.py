"""What ``lectern reasons`` and ``lectern learned`` print: JSON for scripts and text for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reader.domain.numerals import counted
from reader.domain.taste import Foretelling, Learned, PaperPart, Reasons, TasteStatus, TopicTaste, WordPart, needs
from reader.services.latex_to_unicode import shown_line

_TITLE_WIDTH = 60
_MOST_TOPICS = 8


def reasons_as_json(reasons: Reasons) -> dict[str, Any]:
    """Reasons as ``lectern reasons --json`` prints them: all parts, so that either list sums to the score."""
    return {
        "score": reasons.score,
        "always": reasons.always,
        "lately": reasons.lately,
        "words": [{"word": each.word, "part": each.part} for each in reasons.words],
        "papers": [{"key": each.key, "part": each.part} for each in reasons.papers],
    }


def reasons_as_text(reasons: Reasons) -> str:
    """Reasons for a person: the largest parts."""
    lines = [f"score {reasons.score:+.2f} (0 is the library's average paper, 1 a standard deviation)"]
    if not reasons.are_strong:
        lines.append("no strong reason")
    lines += _listed("for", _words(reasons.words_for)) + _listed("against", _words(reasons.words_against))
    lines += _listed("because you kept", map(_paper, reasons.papers_for))
    lines += _listed("although you dismissed", map(_paper, reasons.papers_against))
    if reasons.papers_for or reasons.papers_against:
        lines.append("These are the largest parts; most of a score comes from many papers together.")
    return "\n".join(lines)


def learned_as_json(learned: Learned) -> dict[str, Any]:
    """What was learned as ``lectern learned --json`` prints it."""
    told = learned.foretelling
    return {
        "status": learned.status.value,
        "needed": sum(learned.missing),
        "liked": learned.liked,
        "dismissed": learned.dismissed,
        "decisions": learned.decisions,
        "examples": learned.examples,
        "left_out": learned.left_out,
        "since": learned.since,
        "forgotten": list(learned.forgotten),
        "words": [{"word": each.word, "part": each.part} for each in (*learned.words_for, *learned.words_against)],
        "topics": [each._asdict() for each in learned.topics],
        "foretold": None
        if told is None
        else {
            "kept": told.kept,
            "hits": told.hits,
            "chance": told.chance,
            "chance_from": told.low,
            "chance_to": told.high,
            "above_chance": told.is_above_chance,
        },
    }


def learned_as_text(learned: Learned) -> str:
    """What was learned, for a person."""
    lines = [f"Learned from {counted(learned.liked, 'paper')} you kept and {learned.dismissed:,} you dismissed."]
    if learned.examples:
        lines.append(f"{counted(learned.examples, 'example')} from files of liked papers.")
    if learned.left_out:
        lines.append(f"Left out {learned.left_out:,} decisions before {(learned.since or '')[:10]}.")
    lines += _listed("forgotten words", learned.forgotten)
    status = status_sentence(learned)
    if status:
        lines.append(status)
    lines += _listed("words for", _words(learned.words_for)) + _listed("words against", _words(learned.words_against))
    lines += _listed("topics", (_topic(each) for each in learned.topics[:_MOST_TOPICS]))
    if learned.status.is_order:
        lines.append(foretelling_sentence(learned.foretelling))
    return "\n".join(lines)


def status_sentence(learned: Learned) -> str:
    """A sentence about an order that is not there yet, or a guess; empty if it is there."""
    return {
        TasteStatus.OFF: "“For you” is switched off.",
        TasteStatus.NEEDS: f"“For you” {needs(learned.missing)}.",
        TasteStatus.UNREADY: "The library has too few papers to compare, or they were not compared yet.",
        TasteStatus.GUESSING: "Still guessing: there are few liked papers to learn from.",
        TasteStatus.LEARNED: "",
    }[learned.status]


def foretelling_sentence(told: Foretelling | None) -> str:
    """How well liked papers were foretold, as a sentence."""
    if told is None:
        return "How well it foretells shows once it could rank 30 papers that you kept."
    kept = counted(told.kept, "paper")
    found = f"Of the last {kept} you kept, {told.hits} stood in the upper third; {told.chance} by chance."
    return (
        found
        if told.is_above_chance
        else f"{found} That is no better than chance; sorting by date may serve you better."
    )


def _listed(what: str, names: Iterable[str]) -> list[str]:
    joined = ", ".join(names)
    return [f"{what}: {joined}"] if joined else []


def _topic(topic: TopicTaste) -> str:
    return f"{shown_line(topic.name)} ({topic.kept:,} kept, {topic.dismissed:,} dismissed)"


def _words(parts: Iterable[WordPart]) -> Iterable[str]:
    return (f"{shown_line(each.word)} {each.part:+.2f}" for each in parts)


def _paper(part: PaperPart) -> str:
    return f"“{shown_line(part.title, _TITLE_WIDTH)}” {part.part:+.2f}"
