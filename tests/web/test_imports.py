"""Without a request, nothing that could make one is loaded."""

from __future__ import annotations

import subprocess
import sys


def test_planning_loads_nothing_that_connects() -> None:
    ask = (
        "import sys, datetime\n"
        "from reader.web import opml, pasted, registry\n"
        "kind = registry.kind_of(pasted.understand('https://example.org/feed').kind)\n"
        "kind.pages(kind.canonical('example.org'), None, None, datetime.date(2025, 9, 18))\n"
        "from reader.web.client import Client\n"
        "with Client(): pass\n"
        "print(sorted({'requests', 'urllib3', 'truststore', 'feedparser'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert shown == "[]\n"
