"""How properties are tried in every test: as in a fresh clone, alike for everybody, and never by the clock.

No test calls a service: their addresses are those of a port of this machine on which nobody listens, until a test puts
a server of its own there (``tests/web/server.py``).
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tests.examples import TIMES

for _name in ("HF_ENDPOINT", "LECTERN_ARXIV_ENDPOINT", "LECTERN_CROSSREF_ENDPOINT", "LECTERN_FEED_PROXY"):
    os.environ[_name] = "http://127.0.0.1:9"
os.environ["LECTERN_FETCH_DELAY"] = "0"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # whoever runs the tests keeps theirs as it is

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
