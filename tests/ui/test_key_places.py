"""Keys of other layouts, with the codes that each window system gives them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.commands.key_events import key_of
from tests.ui.pressing import Hands

# What is typed, by evdev's code of the key (linux/input-event-codes.h). Up to 0x53 Windows' scan codes are the same
# numbers; X11 and Wayland add 8. Virtual keys are those of Windows' own layouts.
_LATIN_LETTERS = {
    "German ä": ("ä", 0x28, 0xDE), "German ö": ("ö", 0x27, 0xC0), "German ü": ("ü", 0x1A, 0xBA),
    "German ß": ("ß", 0x0C, 0xDB), "German AltGr+m": ("µ", 0x32, 0x4D),
    "French ù": ("ù", 0x28, 0xC0), "French é": ("é", 0x03, 0x32), "French à": ("à", 0x0B, 0x30),
    "French ç": ("ç", 0x0A, 0x39), "French è": ("è", 0x08, 0x37), "French BÉPO é": ("é", 0x11, 0x57),
    "Swedish å": ("å", 0x1A, 0xDD), "Swedish ö": ("ö", 0x27, 0xC0), "Swedish ä": ("ä", 0x28, 0xDE),
    "Spanish ñ": ("ñ", 0x27, 0xC0), "Spanish ç": ("ç", 0x2B, 0xBF), "Spanish º": ("º", 0x29, 0xDC),
    "Polish AltGr+s": ("ś", 0x1F, 0x53),
}  # fmt: skip
_RUSSIAN = {
    "d": ("в", 0x20, 0x44), "o": ("щ", 0x18, 0x4F), "j": ("о", 0x24, 0x4A), "q": ("й", 0x10, 0x51),
    "s": ("ы", 0x1F, 0x53), "e": ("у", 0x12, 0x45), "m": ("ь", 0x32, 0x4D), "z": ("я", 0x2C, 0x5A),
}  # fmt: skip
_PLATFORMS = ("xcb", "wayland", "wayland-egl", "windows", "cocoa", "offscreen")


def _press(character: str, evdev: int, virtual_key: int, platform: str, *, shift: bool = False) -> QKeyEvent:
    """The key press that Qt makes of a key on a platform."""
    scan, virtual = {
        "windows": (evdev, virtual_key),
        "cocoa": (1, virtual_key),
    }.get(platform, (evdev + 8, ord(character)))
    modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    capital = character.upper() if len(character.upper()) == 1 else character
    return QKeyEvent(QEvent.Type.KeyPress, ord(capital), modifiers, scan, virtual, 0, capital if shift else character)


@pytest.mark.parametrize("platform", _PLATFORMS)
@pytest.mark.parametrize("name", _LATIN_LETTERS)
def test_a_latin_letter_is_itself_on_every_platform(name: str, platform: str) -> None:
    """With Windows' codes ä dismissed a paper and ö starred one, because the codes were taken for X11's."""
    character, evdev, virtual_key = _LATIN_LETTERS[name]
    found = key_of(_press(character, evdev, virtual_key, platform), platform)
    assert found is not None
    assert not found.name.isascii()


@pytest.mark.parametrize("platform", ["xcb", "wayland", "wayland-egl", "windows"])
@pytest.mark.parametrize("letter", _RUSSIAN)
def test_a_russian_key_is_the_letter_of_its_place(letter: str, platform: str) -> None:
    assert key_of(_press(*_RUSSIAN[letter], platform), platform) == Key(letter)
    assert key_of(_press(*_RUSSIAN[letter], platform, shift=True), platform) == Key(letter, Modifier.SHIFT)


@pytest.mark.parametrize("platform", ["cocoa", "offscreen", "minimal", ""])
@pytest.mark.parametrize("letter", _RUSSIAN)
def test_a_russian_key_is_itself_where_places_are_not_known(letter: str, platform: str) -> None:
    assert key_of(_press(*_RUSSIAN[letter], platform), platform) == Key(_RUSSIAN[letter][0])


def test_a_russian_key_with_ctrl_is_the_letter_of_its_place() -> None:
    control = Qt.KeyboardModifier.ControlModifier
    for text in ("", "\x0b", "л"):
        event = QKeyEvent(QEvent.Type.KeyPress, ord("Л"), control, 0x25 + 8, ord("л"), 0, text)
        assert key_of(event, "xcb") == Key("k", Modifier.CTRL)


def test_windows_virtual_keys_tell_where_there_is_no_scan_code() -> None:
    """Remote desktops and programs that type send a virtual key alone."""
    event = QKeyEvent(QEvent.Type.KeyPress, ord("В"), Qt.KeyboardModifier.NoModifier, 0, 0x44, 0, "в")
    assert key_of(event, "windows") == Key("d")
    assert key_of(event, "xcb") == Key("в")


@pytest.mark.parametrize("platform", ["xcb", "wayland", "windows"])
def test_the_window_obeys_the_platform_in_use(
    window: MainWindow, hands: Hands, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    for name in ("German ä", "German ö", "German ü", "French ù"):
        assert not window.keys._press(_press(*_LATIN_LETTERS[name], platform))
    hands.settle()
    assert window.workspace.library.views.counts().dismissed == 0
    assert window.keys._press(_press(*_RUSSIAN["d"], platform))
    hands.settle()
    assert window.workspace.library.views.counts().dismissed == 1
