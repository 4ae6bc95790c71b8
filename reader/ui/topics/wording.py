"""Topics in words: their names, sizes and trends. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reader.domain.topics import Share, Topic, TopicMap, TopicPlan, Trend
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted, joined

_NAME_LIMIT = 120
_NAMES_SHOWN = 4
ARROWS = {Trend.RISING: "↗", Trend.FALLING: "↘", Trend.STEADY: ""}
"""Steady topics have none: it would say more than is known."""
_TRENDS = {
    Trend.RISING: "Rising: its share is larger in the later half, by more than chance explains.",
    Trend.FALLING: "Falling: its share is smaller in the later half, by more than chance explains.",
    Trend.STEADY: "No clear trend: earlier and later half may differ by chance.",
}


def shown_name(topic: Topic) -> str:
    """A topic's name on a line."""
    return shown_line(topic.name, _NAME_LIMIT)


def size_words(topic: Topic, placed: int) -> str:
    """How large a topic is: ``49 papers  ·  4.2 % of the library``."""
    share = f"{100 * topic.papers / placed:.1f} % of the library" if placed else ""
    return joined((counted(topic.papers, "paper"), share))


def trend_words(topic: Topic) -> str:
    """A topic's trend in a sentence; empty where there are no two quarters to compare."""
    return _TRENDS[topic.trend] if len(topic.shares) > 1 else ""


def share_words(share: Share) -> str:
    """A quarter's share: ``2026 Q1: 12 of 240 papers, 5.0 % (between 2.9 % and 8.5 %)``."""
    of_all = f"{share.quarter}: {share.count:,} of {counted(share.total, 'paper')}"
    return f"{of_all}, {_percent(share.value)} (between {_percent(share.low)} and {_percent(share.high)})"


def spoken_topic(topic: Topic, placed: int) -> str:
    """A topic as a screen reader says it."""
    trend = f", {topic.trend.value}" if topic.trend is not Trend.STEADY else ""
    return f"{shown_name(topic)}: {size_words(topic, placed).replace('  ·  ', ', ')}{trend}"


def summary(found: TopicMap) -> str:
    """The map in a line."""
    left = found.papers - found.placed
    return joined(
        (
            counted(len(found.topics), "topic"),
            counted(found.papers, "paper"),
            f"{left:,} not in the map yet" if left > 0 else "",
        )
    )


def plan_words(plan: TopicPlan) -> str:
    """What a plan would change: ``37 papers move. New: “on-policy distillation”.``"""
    if not plan.changes_anything:
        return "The topics are up to date: sorting the papers again changes nothing."
    moved = f"{counted(plan.moved, 'paper')} move{'s' if plan.moved == 1 else ''} to another topic."
    lines = [moved, _named("New", plan.new), _named("Gone", plan.gone)]
    lines += [f"Renamed: {_quoted(old)} to {_quoted(new)}." for old, new in plan.renamed[:_NAMES_SHOWN]]
    more = len(plan.renamed) - _NAMES_SHOWN
    lines += [f"{more:,} more are renamed."] if more > 0 else []
    return "\n".join(line for line in lines if line)


def _named(what: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES_SHOWN:,} more" if len(names) > _NAMES_SHOWN else ""
    return f"{what}: {', '.join(map(_quoted, names[:_NAMES_SHOWN]))}{more}." if names else ""


def _quoted(name: str) -> str:
    return f"“{shown_line(name, _NAME_LIMIT)}”"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
