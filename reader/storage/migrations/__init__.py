"""The schema's history: one frozen step per module, applied in order by :mod:`reader.storage.migration`.

A released step is never edited. It uses plain table names and SQL and imports no other Lectern code, because that code
will have changed by the time the step runs.
"""

from __future__ import annotations

from sqlite_utils import Migrations

from reader.storage.migrations import (
    m0001_initial,
    m0002_exports,
    m0003_index_stamps,
    m0004_bibliography,
    m0005_imported_as_seen,
    m0006_approximate,
    m0007_folds_of_scripts,
    m0008_news,
    m0009_subscriptions,
    m0010_taste,
    m0011_topics,
    m0012_host_pauses,
    m0013_sync,
    m0014_documents,
    m0015_sync_names,
)

STEPS = Migrations("lectern")
STEPS(name="0001_initial")(m0001_initial.upgrade)
STEPS(name="0002_exports")(m0002_exports.upgrade)
STEPS(name="0003_index_stamps")(m0003_index_stamps.upgrade)
STEPS(name="0004_bibliography")(m0004_bibliography.upgrade)
STEPS(name="0005_imported_as_seen")(m0005_imported_as_seen.upgrade)
STEPS(name="0006_approximate")(m0006_approximate.upgrade)
STEPS(name="0007_folds_of_scripts")(m0007_folds_of_scripts.upgrade)
STEPS(name="0008_news")(m0008_news.upgrade)
STEPS(name="0009_subscriptions")(m0009_subscriptions.upgrade)
STEPS(name="0010_taste")(m0010_taste.upgrade)
STEPS(name="0011_topics")(m0011_topics.upgrade)
STEPS(name="0012_host_pauses")(m0012_host_pauses.upgrade)
STEPS(name="0013_sync")(m0013_sync.upgrade)
STEPS(name="0014_documents")(m0014_documents.upgrade)
STEPS(name="0015_sync_names")(m0015_sync_names.upgrade)
