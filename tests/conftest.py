"""How properties are tried in every test: as in a fresh clone, and never by the clock."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.examples import TIMES

# No database of examples: what failed once on one machine would be found there and nowhere else (@example keeps it for
# all). Neither a deadline nor a check for slowness: both go by the clock, so by what else the machine is doing.
settings.register_profile(
    "lectern",
    database=None,
    deadline=None,
    print_blob=True,
    max_examples=100 * TIMES,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("lectern")
