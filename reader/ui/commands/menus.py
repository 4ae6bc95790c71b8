"""The menu bar and the list's context menu, made from the table of commands."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from reader.ui.commands.key_chords import shown_chord
from reader.ui.commands.runner import CommandRunner
from reader.ui.commands.table import COMMANDS, COMMANDS_BY_ID, Command, Menu

_GROUPS = {
    "In the list": ("go.next", "go.previous", "go.first", "go.last", "go.read_"),
    "To a view": (
        *("go.inbox", "go.queue", "go.reading", "go.done", "go.dismissed", "go.buried", "go.starred", "go.all"),
        *("go.highlights", "go.notes", "go.tags", "go.listings", "go.map", "go.beside"),
    ),
    "Import": ("import.",),
    "Subscription": ("subscription.",),
    "Seen": ("paper.seen", "paper.unseen", "list.above_seen"),
    "Snooze": ("paper.bury", "paper.unbury"),
    "Note": ("note.",),
    "Highlight": ("highlight.",),
    "Open": ("paper.page", "paper.pdf", "paper.code", "paper.links"),
    "PDF": ("document.",),
    "Copy": ("paper.copy_",),
    "Complete": ("paper.complete",),
    "Same paper": ("paper.merge", "paper.split", "paper.set_arxiv_id"),
    "Queue": ("queue.",),
    "Select": ("select.",),
    "Saved search": ("search.",),
    "Mute rules": ("go.muted", "mute."),
    "Topics": ("go.map", "topic."),
    "Listing": ("listing.",),
    "Text size": ("view.larger", "view.smaller", "view.default_size"),
    "Colours": ("view.theme_",),
    "For you": ("taste.",),
    "Sync": ("sync.",),
}
"""Menus within the menus and how the ids of their commands begin: so each fits the screen with the largest text."""


def fill_menu_bar(bar: QMenuBar, runner: CommandRunner) -> None:
    """Add every menu; what is possible is looked up as a menu opens."""
    for menu in Menu:
        made = bar.addMenu(menu.value)
        made.setAccessibleName(menu.value.replace("&", ""))
        _fill(made, [command for command in COMMANDS if command.menu is menu], runner)
        made.aboutToShow.connect(partial(_update, made, runner))


def paper_menu(parent: QWidget, runner: CommandRunner) -> QMenu:
    """The commands on a paper, for a context menu."""
    menu = QMenu(parent)
    menu.setAccessibleName("Paper")
    _fill(menu, [command for command in COMMANDS if command.menu is Menu.PAPER], runner)
    menu.aboutToShow.connect(partial(_update, menu, runner))
    return menu


def _fill(menu: QMenu, commands: list[Command], runner: CommandRunner) -> None:
    """Add commands, those of one group in a menu of their own where the first of them stands."""
    section = commands[0].section if commands else 0
    within: dict[str, QMenu] = {}
    for command in commands:
        group = _group(command)
        if group in within:
            within[group].addAction(_action(command, runner, within[group]))
            continue
        if command.section != section:
            menu.addSeparator()
            section = command.section
        if group:
            within[group] = menu.addMenu(group)
            within[group].setAccessibleName(group)
            within[group].aboutToShow.connect(partial(_update, within[group], runner))
        place = within.get(group, menu)
        place.addAction(_action(command, runner, place))


def _group(command: Command) -> str:
    """The menu within its menu that a command stands in; empty for none."""
    return next((title for title, beginnings in _GROUPS.items() if command.id.startswith(beginnings)), "")


def _action(command: Command, runner: CommandRunner, parent: QMenu) -> QAction:
    action = QAction(_text(command, runner), parent)
    action.setData(command.id)
    action.setStatusTip(command.help)
    action.triggered.connect(partial(_run, runner, command.id))
    return action


def _text(command: Command, runner: CommandRunner) -> str:
    """A command's entry; the text after the tab is shown where shortcuts stand, without making one."""
    chords = runner.chords(command.id)
    keys = f"\t{shown_chord(chords[0])}" if chords else ""
    return runner.menu_title(command.id).replace("&", "&&") + keys


def _run(runner: CommandRunner, command_id: str, checked: bool = False) -> None:
    runner.run(command_id)


def _update(menu: QMenu, runner: CommandRunner) -> None:
    for action in menu.actions():
        if action.data():
            action.setVisible(runner.is_shown(action.data()))
            action.setEnabled(runner.is_valid(action.data()))
            action.setText(_text(COMMANDS_BY_ID[action.data()], runner))
