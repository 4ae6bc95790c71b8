"""Ranks: an order by hand, of which a move changes one rank and which stays short."""

import random

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.ranks import increasing_run, new_ranks


def order_of(ranks: dict[str, str]) -> list[str]:
    return sorted(ranks, key=lambda uid: (ranks[uid], uid))


def put(ranks: dict[str, str], order: list[str]) -> int:
    """Give ranks for an order, as another device would see it; how many changed."""
    new = new_ranks([(uid, ranks.get(uid)) for uid in order])
    ranks.update(new)
    assert order_of({uid: ranks[uid] for uid in order}) == order
    return len(new)


RANKS = st.text("01Vz~ é", max_size=14) | st.none()


@given(st.lists(RANKS, max_size=12), st.randoms(use_true_random=False))
def test_any_order_can_be_given_whatever_the_ranks_were(given_: list[str | None], dice: random.Random) -> None:
    """Ranks of a damaged file, and equal ones of two devices, among them."""
    uids = [f"u{at}" for at in range(len(given_))]
    dice.shuffle(uids)
    ranks = {uid: rank for uid, rank in zip(uids, given_, strict=True) if rank is not None}
    put(ranks, uids)
    assert put(ranks, uids) == 0, "an order that stands needs no new ranks"


@given(st.lists(st.tuples(st.text("abc", max_size=2), st.text("xy", max_size=2)), unique=True, max_size=9))
def test_a_longest_run_is_kept(keys: list[tuple[str, str]]) -> None:
    run = [keys[place] for place in increasing_run(keys)]
    assert run == sorted(run)
    longest = [1] * len(keys)
    for place, key in enumerate(keys):
        longest[place] = 1 + max((longest[other] for other in range(place) if keys[other] < key), default=0)
    assert len(run) == max(longest, default=0)


def test_equal_ranks_stand_in_the_order_of_uids() -> None:
    assert new_ranks([("a", "V"), ("b", "V"), ("c", "W")]) == {}
    assert set(new_ranks([("b", "V"), ("a", "V"), ("c", "W")])) < {"a", "b"}


def test_one_move_changes_one_rank() -> None:
    uids = [f"p{at:02}" for at in range(40)]
    ranks: dict[str, str] = {}
    put(ranks, uids)
    uids.insert(3, uids.pop(30))
    assert put(ranks, uids) == 1
    assert put(ranks, [*uids, "new"]) == 1


def moves(dice: random.Random, kind: str, count: int) -> tuple[int, int, int]:
    """Move papers of a queue of 20; the longest rank, the most new ranks of a move, and how many in all."""
    uids = [f"p{at:02}" for at in range(20)]
    ranks: dict[str, str] = {}
    put(ranks, uids)
    longest, most, total = 0, 0, 0
    for at in range(count):
        if kind == "anywhere":
            uids.insert(dice.randrange(20), uids.pop(dice.randrange(20)))
        elif kind == "by one":
            place = dice.randrange(19)
            uids[place], uids[place + 1] = uids[place + 1], uids[place]
        elif kind == "below the next":
            uids[0], uids[1] = uids[1], uids[0]
        elif kind == "second":
            uids.insert(1, uids.pop())
        else:  # read from the top, add at the end
            ranks.pop(uids.pop(0))
            uids.append(f"n{at}")
        new = put(ranks, uids)
        total, most = total + new, max(most, new)
        longest = max(longest, *(len(ranks[uid]) for uid in uids))
    return longest, most, total


def test_ranks_stay_short_in_ten_thousand_moves() -> None:
    for kind in ("anywhere", "by one", "below the next", "second", "read and add"):
        longest, most, total = moves(random.Random(7), kind, 10_000)
        print(kind, longest, most, total)
        assert longest <= 12, kind
        assert most <= 40 and total <= 13_000, kind
