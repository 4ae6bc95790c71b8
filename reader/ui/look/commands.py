"""How things look: the colours, the typefaces and their size, the room in lists, full screen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from reader.domain.settings import Density, ReadingFont, Scheme, Settings
from reader.ui.commands.runner import Acts
from reader.ui.detail.document import Look
from reader.ui.look.themes import ThemeSwitch
from reader.ui.look.typography import LARGEST_STEP, SMALLEST_STEP, Typography
from reader.ui.settings.keeper import SettingsKeeper


class Appearance(QObject):
    """Keeps one :class:`Look` for the window, as the settings have it, and tells when it changes."""

    changed = Signal(object)
    """The new :class:`Look`."""

    def __init__(self, window: QWidget, themes: ThemeSwitch, settings: SettingsKeeper) -> None:
        """Put the settings into effect at once; ``themes`` is shared with other windows."""
        super().__init__(window)
        self._window = window
        self._themes = themes
        self._settings = settings
        self.look = self._wanted_look()
        """Colours and fonts of now."""
        self.apply()
        themes.changed.connect(self._refresh)
        settings.changed.connect(self._settings_changed)

    @property
    def text_step(self) -> int:
        """The text size, counted from the usual one."""
        return self.look.typography.step

    def apply(self) -> None:
        """Have the application look like this window, after another one had it look otherwise."""
        scheme = self._settings.settings.appearance.theme
        if self._themes.scheme is not scheme:
            self._themes.choose(scheme)
        font = self._wanted_look().typography.interface()
        if QApplication.font() != font:
            QApplication.setFont(font)
            self._themes.restyle()
        self._refresh()

    def acts(self) -> Acts:
        """The commands carried out here."""
        acts: Acts = {
            "view.larger": partial(self._step, 1),
            "view.smaller": partial(self._step, -1),
            "view.default_size": partial(self._settings.set, "appearance.text_size", None),
            "view.full_screen": self._toggle_full_screen,
            "view.reading_font": self._toggle_reading_font,
            "view.density": self._toggle_density,
        }
        for scheme in Scheme:
            choose = partial(self._settings.set, "appearance.theme", scheme)
            acts[f"view.theme_{scheme.value.replace('-', '_')}"] = choose
        return acts

    def _step(self, by: int) -> None:
        step = min(max(self.text_step + by, SMALLEST_STEP), LARGEST_STEP)
        if step != self.text_step:
            self._settings.set("appearance.text_size", step)

    def _toggle_reading_font(self) -> None:
        is_serif = self._settings.settings.appearance.reading_font is ReadingFont.SERIF
        self._settings.set("appearance.reading_font", ReadingFont.SANS if is_serif else ReadingFont.SERIF)

    def _toggle_density(self) -> None:
        is_compact = self._settings.settings.appearance.density is Density.COMPACT
        self._settings.set("appearance.density", Density.COMFORTABLE if is_compact else Density.COMPACT)

    def _toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _settings_changed(self, _: Settings) -> None:
        self.apply()

    def _wanted_look(self) -> Look:
        wanted = self._settings.settings.appearance
        return Look(self._themes.theme, Typography(wanted.text_size, wanted.reading_font), wanted.density)

    def _refresh(self) -> None:
        """Tell of another look, if it is another one."""
        look = self._wanted_look()
        if look != self.look:
            self.look = look
            self.changed.emit(look)
