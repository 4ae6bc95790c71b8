"""Papers that are the same: which uids belong together, and which of them is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Classes:
    """The classes that pointers from a paper to the paper it is the same as make of them."""

    def __init__(self, pointers: Mapping[str, str]) -> None:
        """``pointers`` lead from a uid to another; a paper without one points nowhere."""
        self._pointers = pointers
        self._neighbours: dict[str, set[str]] = {}
        for one, other in pointers.items():
            self._neighbours.setdefault(one, set()).add(other)
            self._neighbours.setdefault(other, set()).add(one)
        self._members: dict[str, Sequence[str]] = {}

    def members(self, uid: str) -> Sequence[str]:
        """The uids of a paper's class, itself among them: the kept one first, then the others in order.

        The kept one is that to which all pointers lead; where they go round, the smallest of those on the round.
        """
        if uid not in self._neighbours:
            return (uid,)
        if uid not in self._members:
            found = {uid}
            waiting = [uid]
            while waiting:
                more = self._neighbours[waiting.pop()] - found
                found |= more
                waiting.extend(more)
            kept = self._kept(uid)
            members = (kept, *sorted(found - {kept}))
            self._members.update((each, members) for each in found)
        return self._members[uid]

    def _kept(self, uid: str) -> str:
        passed: dict[str, int] = {}
        while uid in self._pointers and uid not in passed:
            passed[uid] = len(passed)
            uid = self._pointers[uid]
        if uid not in passed:
            return uid
        return min(each for each, place in passed.items() if place >= passed[uid])
