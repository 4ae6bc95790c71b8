"""Papers of an invented field of study, for pictures of the map: topics that grow and shrink, each with its words."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence

TOPICS: dict[str, tuple[float, float]] = {
    "tide tables|spring tide|harbour gauge|moon phase|estuary|sea level|ebb|surge": (3, 3),
    "paper boats|origami hull|folding pattern|puddle regatta|crease|buoyancy|keel|waterproofing": (1, 6),
    "library carts|shelf order|book return|squeaky wheel|catalogue card|reading room|stacks|overdue": (4, 2),
    "tea brewing|kettle whistle|leaf blend|steeping time|porcelain|infusion|teapot|saucer": (3, 3),
    "moth navigation|street lamp|wing beat|night flight|porch light|antenna|pheromone|dusk": (2, 2.2),
    "bread proving|sourdough starter|oven spring|crust colour|gluten|flour|crumb|yeast": (4, 1),
    "cloud naming|cumulus|sky camera|drizzle forecast|anvil|fog bank|barometer|humidity": (2, 2),
    "chess endings|rook ending|opposition|pawn race|stalemate trap|zugzwang|tablebase|bishop": (2, 1.6),
    "lost gloves|left glove|glove pairing|bus seat|mitten|knitting|wool|winter coat": (0.4, 4),
    "pigeon post|homing pigeon|message capsule|loft|wind drift|pedigree|release point|plumage": (1.5, 1.5),
    "garden snails|shell spiral|slime trail|lettuce|rain barrel|mucus|greenhouse|hedgehog": (2, 2),
    "violin repair|sound post|varnish recipe|bow hair|peg slippage|resonance|fingerboard|luthier": (1.5, 1.2),
    "traffic cones|cone stacking|lane closure|reflective band|detour|roadwork|kerb|asphalt": (1, 3),
    "puzzle pieces|jigsaw corner|edge piece|missing piece|picture matching|tabletop|assembly|cardboard": (2, 2),
    "umbrella queues|rain shelter|cloakroom|drip tray|handle shape|canopy|folding rib|downpour": (1.2, 1.2),
    "clock towers|pendulum|bell strike|minute hand|escapement|weight drive|belfry|striking train": (2, 0.6),
}
"""The words of each topic, and its share of the first and of the last quarter."""
_OPENINGS = (
    "A Field Guide to",
    "On",
    "Notes on",
    "Rethinking",
    "Why",
    "A Census of",
    "Towards Better",
    "The Limits of",
)
_CLOSINGS = (
    "in Small Towns",
    "under Pressure",
    "without Supervision",
    "at Scale",
    "by Hand",
    "after Dark",
    "Revisited",
)
_SENTENCES = (
    "We study {a} and what it does to {b}.",
    "Earlier work on {b} left {c} out of account.",
    "In {n} trials {a} came before {d}, whatever the {c}.",
    "Our measurements of {d} suggest that {a} depends on {b}.",
    "A simple model of {c} predicts {d} within a week.",
    "With {a} alone, {d} is no better than {c}.",
    "We publish every reading of {b}, the torn ones too.",
)
QUARTERS = ("2024-05", "2024-08", "2024-11", "2025-02", "2025-05", "2025-08", "2025-11", "2026-02")


def invented_field(papers: int = 1_200, seed: int = 3) -> str:
    """Papers of two years as JSON in the form of Hugging Face's API."""
    draw = random.Random(seed)
    return json.dumps(list(_entries(draw, papers)))


def _entries(draw: random.Random, papers: int) -> Iterator[dict[str, object]]:
    words = [tuple(topic.split("|")) for topic in TOPICS]
    for number in range(papers):
        quarter = number * len(QUARTERS) // papers
        part = quarter / (len(QUARTERS) - 1)
        weights = [first + (last - first) * part for first, last in TOPICS.values()]
        (topic,) = draw.choices(words, weights)
        day = f"{QUARTERS[quarter]}-{draw.randrange(1, 28):02}"
        title = f"{draw.choice(_OPENINGS)} {draw.choice(topic).title()} and {draw.choice(topic[1:]).title()}"
        yield {
            "title": f"{title} {draw.choice(_CLOSINGS)}",
            "paper": {
                "id": f"{day[2:4]}{day[5:7]}.{number:05}",
                "summary": _abstract(draw, topic),
                "publishedAt": f"{day}T00:00:00.000Z",
            },
        }


def _abstract(draw: random.Random, topic: Sequence[str]) -> str:
    sentences = []
    for sentence in draw.sample(_SENTENCES, 5):
        a, b, c, d = draw.sample(topic, 4)
        sentences.append(sentence.format(a=a, b=b, c=c, d=d, n=draw.randrange(20, 900)))
    return " ".join(sentences)
