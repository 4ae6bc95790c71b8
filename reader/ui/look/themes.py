"""Colours: themes read from ``resources/themes``, the palette they give Qt, and following the system's scheme."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from reader.domain.settings import Scheme
from reader.services.resources import resource_path
from reader.ui.look.style_sheet import stylesheet

_SHADOW_DARK, _SHADOW_LIGHT = QColor(0, 0, 0, 120), QColor(60, 52, 40, 60)
"""What lies over the window while something is open above it."""


@dataclass(frozen=True, slots=True)
class Surfaces:
    """What things lie on."""

    page: QColor
    list: QColor
    chrome: QColor
    overlay: QColor
    selected: QColor
    selected_focus: QColor
    hover: QColor
    field: QColor
    line: QColor
    scroll: QColor


@dataclass(frozen=True, slots=True)
class Texts:
    """What is read; each has the theme's least contrast to the surfaces."""

    text: QColor
    quiet: QColor
    faint: QColor
    accent: QColor
    on_accent: QColor
    error: QColor


@dataclass(frozen=True, slots=True)
class Marks:
    """Glyphs and bars; at least 3:1. ``found`` lies behind text that was searched for."""

    accent: QColor
    star: QColor
    queued: QColor
    reading: QColor
    done: QColor
    dismissed: QColor
    found: QColor


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours; ``least_contrast`` is what text has on every surface, the user's own colours included."""

    name: str
    dark: bool
    least_contrast: float
    surfaces: Surfaces
    texts: Texts
    marks: Marks


Colors = TypeVar("Colors", Surfaces, Texts, Marks)


@lru_cache
def load_theme(name: str) -> Theme:
    """Read the theme ``name``; raises :class:`KeyError` if its file lacks a colour."""
    content = tomllib.loads(resource_path("themes", f"{name}.toml").read_text(encoding="utf-8"))
    return Theme(
        name=content["name"],
        dark=content["dark"],
        least_contrast=content["least_contrast"],
        surfaces=_colors(Surfaces, content["surfaces"]),
        texts=_colors(Texts, content["texts"]),
        marks=_colors(Marks, content["marks"]),
    )


def _colors(kind: type[Colors], written: Mapping[str, str]) -> Colors:
    return kind(**{item.name: QColor(written[item.name]) for item in fields(kind)})


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio" and "relative luminance"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def palette_of(theme: Theme) -> QPalette:
    """The palette for widgets that are not styled otherwise."""
    surfaces, texts = theme.surfaces, theme.texts
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: surfaces.chrome,
        QPalette.ColorRole.WindowText: texts.text,
        QPalette.ColorRole.Base: surfaces.page,
        QPalette.ColorRole.AlternateBase: surfaces.list,
        QPalette.ColorRole.Text: texts.text,
        QPalette.ColorRole.Button: surfaces.chrome,
        QPalette.ColorRole.ButtonText: texts.text,
        QPalette.ColorRole.BrightText: texts.text,
        QPalette.ColorRole.Highlight: surfaces.selected_focus,
        QPalette.ColorRole.HighlightedText: texts.text,
        QPalette.ColorRole.Link: texts.accent,
        QPalette.ColorRole.LinkVisited: texts.accent,
        QPalette.ColorRole.ToolTipBase: surfaces.overlay,
        QPalette.ColorRole.ToolTipText: texts.text,
        QPalette.ColorRole.PlaceholderText: texts.quiet,
        QPalette.ColorRole.Accent: theme.marks.accent,
        QPalette.ColorRole.Mid: surfaces.line,
    }
    for role, color in roles.items():
        palette.setColor(role, color)
    palette.setColor(QPalette.ColorRole.Shadow, _SHADOW_DARK if theme.dark else _SHADOW_LIGHT)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, texts.faint)
    return palette


def is_system_dark() -> bool:
    """Whether the system asks for dark colours."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


class ThemeSwitch(QObject):
    """Keeps the application in the chosen scheme, and follows the system's while that is what was chosen."""

    changed = Signal()

    def __init__(self, application: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
        """Apply ``scheme`` at once."""
        super().__init__(application)
        self._application = application
        self.scheme = scheme
        """What was chosen."""
        self.theme = self._wanted_theme()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply(self.theme)

    def choose(self, scheme: Scheme) -> None:
        """Use the colours of ``scheme`` from now on."""
        self.scheme = scheme
        self._change()

    def _system_changed(self) -> None:
        if self.scheme is Scheme.SYSTEM:
            self._change()

    def _wanted_theme(self) -> Theme:
        scheme = self.scheme
        if scheme is Scheme.SYSTEM:
            scheme = Scheme.DARK if is_system_dark() else Scheme.LIGHT
        return load_theme(scheme.value)

    def _change(self) -> None:
        """Nothing happens where the colours are the same: a style sheet set again takes all fonts set since away."""
        theme = self._wanted_theme()
        if theme is not self.theme:
            self._apply(theme)

    def restyle(self) -> None:
        """Have everything there is take the application's font: under a style sheet, it keeps the one it had."""
        self._application.setStyleSheet(stylesheet(self.theme))

    def _apply(self, theme: Theme) -> None:
        self.theme = theme
        self._application.setPalette(palette_of(self.theme))
        self.restyle()
        self.changed.emit()
