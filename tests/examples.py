"""How many examples properties are tried with: so many under ``make test``, ten times as many under ``make soak``."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("LECTERN_EXAMPLES", "1"))
"""How many times as many examples as written are tried."""


def examples(count: int, *accepted: HealthCheck, **others: Any) -> settings:
    """Settings for a property that wants another number of examples than hypothesis' hundred.

    ``accepted`` are health checks that it may fail, beside the one that goes by the clock.
    """
    return settings(max_examples=count * TIMES, suppress_health_check=[HealthCheck.too_slow, *accepted], **others)
