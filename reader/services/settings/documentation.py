"""The table of settings for ``docs/settings.md``, made from the settings themselves."""

from __future__ import annotations

from reader.domain.settings import SETTINGS, SettingFacts

BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"


def settings_as_markdown() -> str:
    """Every setting with its purpose, its values and its default."""
    return "\n".join(["| Setting | Purpose | Values | Default |", "|---|---|---|---|", *map(_row, SETTINGS.values())])


def with_settings(page: str) -> str:
    """A page's text with its table brought up to date; raises :class:`ValueError` where it has no place for one."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page lacks {BEGIN} or {END}.")
    return f"{before}{BEGIN}\n{settings_as_markdown()}\n{END}{after}"


def _row(facts: SettingFacts) -> str:
    default = f"`{facts.default_as_toml}`" if facts.default != {} else "none"
    return f"| `{facts.name}` | {facts.help} | {facts.allowed} | {default} |"
