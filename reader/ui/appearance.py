"""How things look: the colours, the text size, full screen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from reader.ui.command_runner import Act
from reader.ui.detail.document import Look
from reader.ui.themes import Scheme, ThemeSwitch
from reader.ui.typography import Typography


class Appearance(QObject):
    """Keeps one :class:`Look` for the window and tells when it changes."""

    changed = Signal(object)
    """The new :class:`Look`."""

    def __init__(self, window: QWidget, themes: ThemeSwitch, step: int) -> None:
        """``step`` is the text size, counted from the usual one."""
        super().__init__(window)
        self._window = window
        self._themes = themes
        self._typography = Typography(step)
        QApplication.setFont(self._typography.interface())
        themes.changed.connect(self._announce)

    @property
    def look(self) -> Look:
        """Colours and fonts of now."""
        return Look(self._themes.theme, self._typography)

    @property
    def text_step(self) -> int:
        """The text size, to be remembered."""
        return self._typography.step

    @property
    def scheme(self) -> Scheme:
        """Which colours were chosen, to be remembered."""
        return self._themes.scheme

    def acts(self) -> dict[str, Act]:
        """The commands carried out here."""
        return {
            "view.larger": self._larger,
            "view.smaller": self._smaller,
            "view.default_size": self._default_size,
            "view.full_screen": self._toggle_full_screen,
            "view.theme_system": partial(self._themes.choose, Scheme.SYSTEM),
            "view.theme_light": partial(self._themes.choose, Scheme.LIGHT),
            "view.theme_dark": partial(self._themes.choose, Scheme.DARK),
        }

    def _larger(self) -> None:
        self._set_typography(self._typography.larger())

    def _smaller(self) -> None:
        self._set_typography(self._typography.smaller())

    def _default_size(self) -> None:
        self._set_typography(Typography())

    def _set_typography(self, typography: Typography) -> None:
        if typography != self._typography:
            self._typography = typography
            QApplication.setFont(typography.interface())
            self._announce()

    def _toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _announce(self) -> None:
        self.changed.emit(self.look)
