"""How properties are tried in every test: as in a fresh clone, alike for everybody, and never by the clock."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.examples import TIMES

# The same examples in every run of ``make test``, so that everybody sees what a change breaks; ``make soak`` looks for
# new ones, ten times as many. No database of examples: what failed once on one machine would be found there and nowhere
# else (@example keeps it for all). Neither a deadline nor a check for slowness: both go by the clock, so by what else
# the machine is doing.
settings.register_profile(
    "lectern",
    derandomize=TIMES == 1,
    database=None,
    deadline=None,
    print_blob=True,
    max_examples=100 * TIMES,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("lectern")
