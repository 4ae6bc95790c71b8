"""The full-text index, the only importer of Whoosh: a disposable cache that can always be rebuilt."""

from reader.index.engine import SearchEngineError, check_engine
from reader.index.protocol import (
    DIRECT_LIMIT,
    Coverage,
    IndexState,
    SearchCancelledError,
    SearchSource,
)

__all__ = [
    "DIRECT_LIMIT",
    "Coverage",
    "IndexState",
    "SearchCancelledError",
    "SearchEngineError",
    "SearchSource",
    "check_engine",
]
