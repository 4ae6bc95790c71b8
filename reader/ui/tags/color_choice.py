"""The question which colour something of the user's is to have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reader.domain.annotations import check_color
from reader.ui.app.context import Part
from reader.ui.commands.palette import PaletteItem
from reader.ui.tags.colors import SUGGESTED


class ColorChoosing(Part):
    """Offers colours that can be told apart, and any other."""

    def _ask_color(self, name: str, color: str, chosen: Callable[[str], None], *, can_be_none: bool) -> None:
        """Ask for the colour of what is called ``name``; ``chosen`` gets ``#rrggbb``, or nothing for no colour."""
        question = f"Colour of “{name}”"
        items = [PaletteItem(title, one, partial(chosen, one), color=one) for title, one in SUGGESTED.items()]
        if can_be_none:
            items.append(PaletteItem("No colour", "", partial(chosen, "")))
            hint, check = "For example #6c99bb. Leave empty to remove the colour.", _check_color_or_none
        else:
            hint, check = "For example #6c99bb; under text it is as strong as stays readable", check_color
        other = partial(self._ask, question, color, chosen, check=check, hint=hint)
        self._ask_which(question, [*items, PaletteItem("Another colour…", "For example #6c99bb", other)])


def _check_color_or_none(color: str) -> str:
    return check_color(color) if color else ""
