"""Cells: the same writes give the same heads and the same value, whatever order they come in."""

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.cells import apply, beside, joined, shown
from reader.domain.sync import Cell, Head, Json, PackRef, Write

STATE = Cell("paper", "p", "state")


@dataclass
class Machine:
    """A device that keeps the heads of one cell by the rule, and knows others' writes up to a number."""

    name: str
    skew: int
    heads: list[Head] = field(default_factory=list)
    knows: dict[str, int] = field(default_factory=dict)
    written: list[Write] = field(default_factory=list)
    joins: bool = True

    def say(self, value: Json, now: int) -> None:
        number = len(self.written) + 1
        context = dict(self.knows)
        if self.joins:
            context = dict(joined(context, [head.context for head in self.heads]))
        write = Write(number, now + self.skew, context, STATE, value)
        self.written.append(write)
        self.knows[self.name] = number
        self.heads = [Head(self.name, number, write.time, context, value)]

    def hear(self, other: "Machine", most: int) -> None:
        """Take in up to so many further writes of another device."""
        known = self.knows.get(other.name, 0)
        for write in other.written[known : known + most]:
            self.heads = take(self.heads, other.name, write)
            self.knows[other.name] = write.number


def take(heads: list[Head], device: str, write: Write) -> list[Head]:
    changed = apply(heads, device, write)
    return heads if changed is None else changed


def sorted_heads(heads: list[Head]) -> list[tuple[str, int]]:
    return sorted((head.device, head.number) for head in heads)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 3), st.integers(0, 4)),
        st.tuples(st.just("hear"), st.integers(0, 3), st.integers(0, 3), st.integers(1, 3)),
    ),
    max_size=40,
)


def play(steps: list[tuple[Any, ...]], joins: bool = True) -> list[Machine]:
    machines = [Machine(name, skew, joins=joins) for name, skew in zip("abcd", (0, -700, 3000, 5), strict=True)]
    states = ["inbox", "dismissed", "queued", "done", "reading"]
    for now, (what, at, *more) in enumerate(steps):
        if what == "say":
            machines[at].say([states[more[0]], now, 0], now)
        elif at != more[0]:
            machines[at].hear(machines[more[0]], more[1])
    return machines


@given(STEPS, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_heads(steps: list[tuple[Any, ...]], dice: random.Random) -> None:
    machines = play(steps)
    results = []
    for _ in range(4):
        queues = [(machine.name, list(machine.written)) for machine in machines]
        heads: list[Head] = []
        while queues := [(name, queue) for name, queue in queues if queue]:
            name, queue = dice.choice(queues)
            write = queue.pop(0)
            heads = take(heads, name, write)
            if dice.random() < 0.3:  # a file twice
                assert apply(heads, name, write) is None
        results.append(heads)
    for machine in machines:  # what each device itself ends with, when it has heard all
        for other in machines:
            if other is not machine:
                machine.hear(other, 100)
        results.append(machine.heads)
    assert len({tuple(sorted_heads(heads)) for heads in results}) == 1
    values = [shown("state", heads) for heads in results]
    assert values == [values[0]] * len(values)


@given(STEPS)
def test_what_nobody_had_seen_stands(steps: list[tuple[Any, ...]]) -> None:
    """Each write is among the heads, or one that knew it is."""
    machines = play(steps)
    heads: list[Head] = []
    for machine in machines:
        for write in machine.written:
            heads = take(heads, machine.name, write)
    for machine in machines:
        for write in machine.written:
            assert any(
                (head.device == machine.name and head.number >= write.number)
                or head.context.get(machine.name, 0) >= write.number
                for head in heads
            )


OVERTAKEN = [("say", 0, 2), ("hear", 1, 0, 9), ("say", 1, 4), ("hear", 2, 1, 9), ("say", 2, 1)]


@pytest.mark.parametrize("joins", [True, False])
def test_a_late_write_that_was_replaced_on_the_way(joins: bool) -> None:
    """C replaces B's value, which replaced A's; A's comes to C last; only joined contexts keep it away there."""
    a, b, c = play(OVERTAKEN, joins)[:3]
    c.hear(a, 9)
    b.hear(c, 9)
    a.hear(b, 9)
    a.hear(c, 9)
    assert [shown("state", machine.heads) for machine in (a, b)] == [["dismissed", 4, 0]] * 2
    assert (shown("state", c.heads) == ["dismissed", 4, 0]) is joins


def test_large_values_are_heads_by_their_place() -> None:
    write = Write(1, 5, {}, Cell("paper", "p", "content"), PackRef("ab", 3))
    assert apply([], "a", write) == [Head("a", 1, 5, {}, ["ab", 3])]


def head(device: str, time: int, value: Json) -> Head:
    return Head(device, 1, time, {}, value)


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        ("state", ["reading", 1, 0], ["dismissed", 9, 0], ["reading", 1, 0]),
        ("state", ["done", 1, 0], ["done", 2, 0], ["done", 2, 0]),
        ("star", [1, 1], [0, 9], [1, 1]),
        ("here", 1, 0, 1),
        ("seen", [7, 0], None, [7, 0]),
        ("seen", [7, 0], [5, 1], [5, 1]),
        ("tag:nlp", 7, None, 7),
        ("tag:nlp", 7, 8, 7),
        ("tag", None, 8, 8),
        ("same", "x", None, "x"),
        ("label", 1, None, 1),
        ("bury", 5, None, None),
        ("color", "#112233", None, None),
        ("name", "one", "two", "two"),
        ("queue", "V", "W", "W"),
        ("quote", ["p"], None, ["p"]),
    ],
)
def test_what_is_shown_of_two_concurrent_values(name: str, first: Json, second: Json, expected: Json) -> None:
    heads = [head("b", 1, first), head("a", 2, second)]
    assert shown(name, heads) == expected == shown(name, heads[::-1])


def test_equal_times_are_decided_by_the_device() -> None:
    assert shown("name", [head("b", 1, "of b"), head("a", 1, "of a")]) == "of b"


def test_contents_are_folded_once_each() -> None:
    given_: list[list[Json]] = []

    def fold(values: Any) -> Json:
        given_.append(list(values))
        return {"title": "both"}

    one, other = {"title": "x"}, {"title": "y"}
    heads = [head("a", 1, other), head("b", 2, one), head("c", 3, dict(one)), head("d", 4, None)]
    assert shown("content", heads, fold) == {"title": "both"}
    assert given_ == [[one, other]]
    assert shown("content", heads[1:], fold) == one, "one content needs no folding"


def test_kept_beside_is_what_a_person_said_and_does_not_see() -> None:
    heads = [head("b", 1, ["reading", 1, 0]), head("a", 2, ["dismissed", 2, 0]), head("c", 3, ["reading", 3, 0])]
    assert beside("state", heads) == [heads[1]]
    assert beside("tag:nlp", [head("a", 1, 5), head("b", 2, 6)]) == []
    assert [kept.device for kept in beside("tag:nlp", [head("a", 1, 5), head("b", 2, None)])] == ["b"]
    assert beside("note", [head("a", 1, {"text": "a"}), head("b", 2, {"text": "b"})]) == []
    assert beside("queue", [head("a", 1, "V"), head("b", 2, "W")]) == []
    assert beside("position", [head("a", 1, 1), head("b", 2, 2)]) == []
    assert [kept.value for kept in beside("comment", [head("a", 1, "first"), head("b", 2, "second")])] == ["first"]


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "inbox", "reading", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "bases", "created"]), inner),
    max_leaves=6,
)
FIELDS = ["state", "star", "bury", "seen", "queue", "tag:x", "note", "same", "here", "content", "tag", "name", "quote"]


@given(
    st.sampled_from(FIELDS),
    st.lists(st.tuples(st.integers(0, 3), VALUES), max_size=4),
    st.randoms(use_true_random=False),
)
def test_anything_can_be_shown_in_any_order(name: str, given_: list[tuple[int, Any]], dice: random.Random) -> None:
    """Values of newer versions, or of a broken file, are no reason to fail."""
    heads = [head("abcd"[at], time, value) for at, (time, value) in enumerate(given_)]
    value, kept = shown(name, heads, lambda values: values[0]), beside(name, heads, lambda values: values[0])
    dice.shuffle(heads)
    assert shown(name, heads, lambda values: values[0]) == value
    assert beside(name, heads, lambda values: values[0]) == kept
