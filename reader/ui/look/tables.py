"""Tables as this program uses them: rows that are walked by key, of which one is current."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


def show_as_rows(table: QTableView, name: str, *, with_headings: bool = False) -> None:
    """Make a table a list of rows as wide as it: no grid, nothing edited in place, and Tab leaves it.

    ``name`` is for screen readers. Its delegate or its caller says how high rows are.
    """
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setCornerButtonEnabled(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.verticalHeader().hide()
    table.horizontalHeader().setVisible(with_headings)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
