"""The step that folds titles with sub- and superscripts anew."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from reader.domain.folding import fold_text, fold_title
from reader.storage.migrations.m0007_folds_of_scripts import upgrade


@pytest.mark.parametrize(
    "title",
    [
        "CO$_2$ and H$_{2}$O in 10$^{3}$ Lakes",
        "CO 2 beside CO$_{\\textrm{2}}$",
        'M\\"uck$^2$ \\emph{and} straße',
        "Costs $5 and $6",
        "Plain CO 2",
        "$x_1$ and $\\ell_2$",
    ],
)
def test_stored_folds_are_what_titles_fold_to(title: str) -> None:
    db = Database(memory=True)
    try:
        db.execute("CREATE TABLE papers (id INTEGER PRIMARY KEY, title TEXT, title_fold TEXT)")
        db.execute("INSERT INTO papers VALUES (1, ?, ?)", (title, fold_text(title)))
        upgrade(db)
        assert db.execute("SELECT title_fold FROM papers").fetchone() == (fold_title(title),)
    finally:
        db.close()
