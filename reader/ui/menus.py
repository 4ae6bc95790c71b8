"""The menu bar and the list's context menu, made from the table of commands."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from reader.ui.command_runner import CommandRunner
from reader.ui.commands import COMMANDS, COMMANDS_BY_ID, Command, Menu
from reader.ui.keys import shown_chord


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
    _update(menu, runner)
    return menu


def _fill(menu: QMenu, commands: list[Command], runner: CommandRunner) -> None:
    section = commands[0].section if commands else 0
    for command in commands:
        if command.section != section:
            menu.addSeparator()
            section = command.section
        action = QAction(_text(command, runner), menu)
        action.setData(command.id)
        action.setStatusTip(command.help)
        action.triggered.connect(partial(_run, runner, command.id))
        menu.addAction(action)


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
            action.setEnabled(runner.is_valid(action.data()))
            action.setText(_text(COMMANDS_BY_ID[action.data()], runner))
