"""What the command ``topics`` prints: JSON for scripts and text for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reader.domain.topics import Topic, Trend
from reader.services.latex_to_unicode import shown_line


def topic_as_json(topic: Topic, keys: Mapping[int, str]) -> dict[str, Any]:
    """A topic as ``lectern topics --json`` prints it; ``keys`` are those of papers, by id."""
    return {
        "name": topic.name,
        "words": list(topic.words),
        "papers": topic.papers,
        "central": [keys[paper_id] for paper_id in topic.central if paper_id in keys],
    }


def topic_as_line(topic: Topic) -> str:
    """A topic on one line of a terminal."""
    trend = f" ({topic.trend.value})" if topic.trend is not Trend.STEADY else ""
    return f"{topic.papers:>6,}  {shown_line(topic.name)}{trend}"
