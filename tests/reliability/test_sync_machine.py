"""Three libraries annotate, import, merge and undo at random, offline; in the end all say the same."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from reader.domain import cells
from reader.domain.sync import Context, Head, Write
from reader.services.sync import run as sync_run
from reader.storage.sync.work import Work
from tests.reliability.sync.machine import Setting, run

RUNS = int(os.environ.get("SOAK_RUNS", "200"))
"""How many long runs ``make soak`` does."""


@pytest.mark.parametrize("seed", [5, 8, 11])
def test_three_libraries_end_the_same(seed: int) -> None:
    outcome = run(seed, 25)
    assert not outcome.faults, str(outcome)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_many_long_runs_end_the_same() -> None:
    well, said, damaged = 0, 0, 0
    failed = []
    for seed in range(1000, 1000 + RUNS):
        outcome = run(seed, 1000)
        print(outcome, flush=True)
        said += outcome.counts["said"] - outcome.counts["taken back"]
        damaged += sum(count for name, count in outcome.counts.items() if name.startswith("damaged"))
        if outcome.faults:
            failed.append(str(outcome))
        else:
            well += 1
    print(f"{well} of {RUNS} well, {said:,} notes, tags and highlights said, {damaged:,} files damaged")
    assert not failed, "\n".join(failed)


def finds_a_fault(seeds: Sequence[int], operations: int, setting: Setting) -> bool:
    """Whether one of these runs ends with a fault, or not at all."""
    for seed in seeds:
        try:
            if run(seed, operations, setting).faults:
                return True
        except Exception:
            return True
    return False


FEW = Setting(events=0, works=7)
"""Few papers, so that devices often say something about the same one."""


def test_the_last_writer_by_the_clock_must_not_win(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = cells.apply

    def apply(heads: Sequence[Head], device: str, write: Write) -> list[Head] | None:
        standing = plain(heads, device, write)
        if standing is None:
            return None
        newest = max(standing, key=lambda head: (head.time, head.device))
        return [newest] if newest is standing[-1] else None

    monkeypatch.setattr(cells, "apply", apply)
    assert finds_a_fault(range(3), 40, FEW)


def test_a_context_must_not_claim_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Work.own_vector

    def own_vector(work: Work) -> tuple[Context, int]:
        claimed = {device: number + 1000 for device, number in plain(work)[0].items()}
        return claimed, work.contexts.number(claimed)

    monkeypatch.setattr(Work, "own_vector", own_vector)
    assert finds_a_fault(range(3), 40, FEW)


RELAYED = Setting(events=0, works=7, relays=0.5)
"""As few papers, and words that come by way of another device before they come themselves."""


def test_words_may_come_by_way_of_another_device() -> None:
    outcome = run(0, 15, RELAYED)
    assert not outcome.faults, str(outcome)


def test_contexts_must_be_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rarely met at random, so devices are made to hear what replaces a word before that word."""
    monkeypatch.setattr(cells, "joined", lambda own, replaced: own)
    assert finds_a_fault(range(3), 15, RELAYED)


def test_copies_must_take_names_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_run, "check_fingerprint", lambda store: False)
    monkeypatch.setattr(sync_run, "check_strangers", lambda store, meeting, seen: False)
    assert finds_a_fault((1, 2, 3), 25, Setting(events=0.5, works=7))
