"""Making, changing, switching off and deleting mute rules; and the view of what they hide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from reader.domain.annotations import MuteRule
from reader.domain.changes import Change, Field
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.mute_rules.sheet import MuteSheet
from reader.ui.navigation.view_loader import rule_of

_NAME_LIMIT = 60


class Muting(Part):
    """Commands on mute rules: the one whose papers are current, else they ask which."""

    def __init__(self, context: Context) -> None:
        """Sheets open over the context's window."""
        super().__init__(context)
        self._workspace.changes_of(Field.MUTE_RULES).connect(self._changed)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "go.muted": self.open,
            "mute.add": self.add,
            "mute.change": partial(self._with_rule, "Change which rule?", self._ask_change),
            "mute.toggle": partial(self._with_rule, "Turn which rule off or on?", self._toggle),
            "mute.delete": partial(self._with_rule, "Delete which rule?", self._delete),
        }

    def open(self) -> None:
        """Show the rules, each with the papers it hides."""
        self._panes.set_focus_reading(False)
        self._navigator.open(View(ViewKind.MUTED))
        self._panes.pane.focus_list()

    def add(self) -> None:
        """Ask what to mute: what is searched for, to begin with."""
        MuteSheet(self._window, self._workspace, "Mute", (self._searching.text, ""), self._add)

    def _add(self, query: str, name: str) -> None:
        said = f"Muted “{shown_line(name, _NAME_LIMIT)}”"
        self._workspace.perform(partial(_added, self._library, name, query), said=said)

    def _with_rule(self, question: str, act: Callable[[MuteRule], None]) -> None:
        """Act on the current rule; without one, ask which."""
        self._workspace.tasks.read(self._library.mutes.all, partial(self._choose, question, act))

    def _choose(self, question: str, act: Callable[[MuteRule], None], rules: Sequence[MuteRule]) -> None:
        here = self._rule_here()
        rule = next((one for one in rules if one.id == here), rules[0] if len(rules) == 1 else None)
        if rule is not None:
            act(rule)
            return
        if not rules:
            self._say("No mute rules yet: “Mute…” adds one")
            return
        items = [
            PaletteItem(
                shown_line(one.name, 100),
                f"{'' if one.enabled else 'off  '}{shown_line(one.query, 100)}",
                partial(act, one),
            )
            for one in rules
        ]
        self._ask_which(question, items)

    def _rule_here(self) -> int | None:
        view = self._navigator.view
        if view is None or view.kind is not ViewKind.MUTED:
            return None
        return rule_of(self._panes.paper_model.entries.section_of(self._panes.papers.current_row))

    def _ask_change(self, rule: MuteRule) -> None:
        name = "" if rule.name == rule.query else rule.name
        MuteSheet(self._window, self._workspace, "Change the rule", (rule.query, name), partial(self._change, rule))

    def _change(self, rule: MuteRule, query: str, name: str) -> None:
        changed = replace(rule, query=query, name=name)
        if changed != rule:
            change = partial(self._library.mutes.update, changed)
            self._workspace.perform(change, said="Changed the mute rule")

    def _toggle(self, rule: MuteRule) -> None:
        change = partial(self._library.mutes.update, replace(rule, enabled=not rule.enabled))
        state = "off" if rule.enabled else "on"
        said = f"Turned {state} the mute rule “{shown_line(rule.name, _NAME_LIMIT)}”"
        self._workspace.perform(change, said=said)

    def _delete(self, rule: MuteRule) -> None:
        said = f"Deleted the mute rule “{shown_line(rule.name, _NAME_LIMIT)}”"
        self._workspace.perform(partial(self._library.mutes.delete, rule.id), said=said)

    def _changed(self, change: Change) -> None:
        """A rule came, went or changed: the rules show it at once, and so does the inbox if that hides other papers."""
        view = self._navigator.view
        if view is None or self._navigator.is_searching:
            return
        # Saved searches count as rules, too, but touch no paper.
        if view.kind is ViewKind.MUTED or (view.kind is ViewKind.INBOX and change.paper_ids):
            self._navigator.reload()


def _added(library: Library, name: str, query: str) -> Change:
    """On the library thread."""
    return library.mutes.add(name, query)[1]
