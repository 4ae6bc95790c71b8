"""The topics of a library. Which papers they have is not stored: a paper is in the topic whose centre is nearest.

Making them for the first time is no step, as nobody decided anything; whatever a user changes about them is one.
"""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from reader.domain.changes import Change, Field, NewsKind
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.topics import StoredTopic, TopicPlan
from reader.storage.journal.news import tell
from reader.storage.named_rows import checked_name
from reader.storage.subject import Subject, changing, step
from reader.storage.writer import Writer

_GONE = "This topic is no longer in the library."
_CHANGED = "The topics have changed meanwhile; try again."
_COLUMNS = ("name", "words", "basis", "centres", "examples", "newest", "x", "y")
_ALL = f"SELECT id, {', '.join(_COLUMNS)} FROM topics ORDER BY id"
_UPDATE = f"UPDATE topics SET {', '.join(f'{column} = ?' for column in _COLUMNS)} WHERE id = ?"
_MONTHS = "SELECT id, substr(sort_date, 1, 7) FROM papers WHERE sort_date IS NOT NULL"


class StoredTopics(Subject):
    """The topics in a library."""

    def stored(self) -> tuple[StoredTopic, ...]:
        """The topics in the order in which they were made."""
        return self._read(_read_topics)

    def months(self) -> dict[int, str]:
        """The month of each paper's date, or only its year (ISO 8601), by paper id; papers without a date left out."""
        return dict(self._rows(_MONTHS))

    @changing
    def store_first(self, topics: Sequence[StoredTopic]) -> Change:
        """Store the first topics of a library, unless another process just did; no step."""
        with self._store.unrecorded() as writer:
            if _read_topics(writer.db.conn):
                return Change()
            for topic in topics:
                _insert(writer, topic)
            tell(writer, NewsKind.AUTOMATIC, None, ("topics",), ())
        return Change.of(Field.TOPICS)

    @step
    def rename(self, topic_id: int, name: str) -> StepTitle:
        """Give a topic a name of the user's; an empty one lets its words name it again.

        Raises :class:`ReaderError` for a name that is too long, or that another topic has.
        """
        topics = {topic.id: topic for topic in _read_topics(self._writer.db.conn)}
        if topic_id not in topics:
            raise NotFoundError(_GONE)
        topic, given = topics[topic_id], checked_name(name) if name.strip() else ""
        if given and given.casefold() in {each.name.casefold() for each in topics.values() if each.id != topic_id}:
            raise ReaderError(f"There is a topic “{given}” already; choose another name.")
        given = "" if given == ", ".join(topic.words) else given
        sql = "UPDATE topics SET name = ? WHERE id = ? AND name <> ?"
        self._writer.execute(sql, (given, topic_id, given))
        return StepKind.TOPIC_RENAMED(topic=topic.name, name=given or ", ".join(topic.words))

    @step
    def update(self, plan: TopicPlan) -> StepTitle:
        """Carry out a plan; raises :class:`ReaderError` if the topics have changed since it was made."""
        _carry_out(self._writer, plan)
        return StepKind.TOPICS_UPDATED(papers=plan.moved)

    @step
    def store_split(self, plan: TopicPlan) -> StepTitle:
        """Carry out a plan that parts a topic in two."""
        _carry_out(self._writer, plan)
        known = {topic.id: topic for topic in plan.before}
        new = next(topic for topic in plan.topics if topic.id not in known)
        (kept,) = [topic for topic in plan.topics if topic.id and topic.centres != known[topic.id].centres]
        return StepKind.TOPIC_SPLIT(topic=known[kept.id].name, name=kept.name, other=new.name)

    @step
    def store_merge(self, plan: TopicPlan) -> StepTitle:
        """Carry out a plan that merges a topic into another."""
        _carry_out(self._writer, plan)
        known = {topic.id: topic for topic in plan.before}
        (into,) = [topic for topic in plan.topics if len(topic.centres) > len(known[topic.id].centres)]
        (gone,) = known.keys() - {topic.id for topic in plan.topics}
        return StepKind.TOPIC_MERGED(topic=known[gone].name, into=into.name)


def _read_topics(connection: sqlite3.Connection) -> tuple[StoredTopic, ...]:
    """The topics; a row that makes no sense, as only damage or another program leaves one, is as none."""
    found = []
    for row in connection.execute(_ALL):
        with suppress(ValueError, TypeError):
            found.append(_topic(*row))
    return tuple(found)


def _topic(topic_id: int, name: str, words: str, basis: str, centres: str, examples: str, *rest: int) -> StoredTopic:
    newest, x, y = rest
    if len(json.loads(centres)) != len(json.loads(examples)):
        raise ValueError("a centre without its papers")
    return StoredTopic(
        id=topic_id,
        given_name=name,
        words=tuple(json.loads(words)),
        basis=basis,
        centres=tuple(map(b64decode, json.loads(centres))),
        examples=tuple(map(tuple, json.loads(examples))),
        newest=newest,
        place=(x, y),
    )


def _values(topic: StoredTopic) -> tuple[Any, ...]:
    """The values of a topic's columns, in their order."""
    centres = json.dumps([b64encode(centre).decode("ascii") for centre in topic.centres])
    words, examples = json.dumps(topic.words, ensure_ascii=False), json.dumps(topic.examples)
    return (topic.given_name, words, topic.basis, centres, examples, topic.newest, *topic.place)


def _insert(writer: Writer, topic: StoredTopic) -> None:
    writer.insert("topics", dict(zip(_COLUMNS, _values(topic), strict=True)))


def _carry_out(writer: Writer, plan: TopicPlan) -> None:
    """Make the topics those of a plan; new ones have the id 0 there."""
    if _read_topics(writer.db.conn) != plan.before:
        raise ReaderError(_CHANGED)
    known, kept = {topic.id: topic for topic in plan.before}, {topic.id for topic in plan.topics}
    for topic_id in known.keys() - kept:
        writer.execute("DELETE FROM topics WHERE id = ?", (topic_id,))
    for topic in plan.topics:
        if topic.id == 0:
            _insert(writer, topic)
        elif topic != known[topic.id]:
            writer.execute(_UPDATE, (*_values(topic), topic.id))
