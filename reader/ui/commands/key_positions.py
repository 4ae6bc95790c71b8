"""The places of the Latin letters on a keyboard, for layouts that have no Latin letters.

Every window system numbers the keys in its own way, so a number means nothing without the system's name:

- X11 gives evdev's codes plus 8 (``xkeyboard-config``, ``keycodes/evdev``), and Qt's Wayland client adds the 8 as well
  (``QWaylandInputDevice::Keyboard::keyboard_key``);
- Windows gives the scan codes of set 1 (Microsoft, *Keyboard Input Overview*) and, beside them, a virtual key that is
  the Latin capital on the layouts of other scripts.

Elsewhere nothing is known of a key's place, and a letter stays what it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from PySide6.QtGui import QKeyEvent

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _codes(*firsts: int) -> Mapping[int, str]:
    """The letters by the code of their key, from the codes with which the three rows begin."""
    return {first + at: letter for first, row in zip(firsts, _ROWS, strict=True) for at, letter in enumerate(row)}


_XKB = _codes(24, 38, 52)
_WINDOWS = _codes(0x10, 0x1E, 0x2C)
_WINDOWS_VIRTUAL_KEYS = {ord(letter.upper()): letter for row in _ROWS for letter in row}


def is_of_another_script(character: str) -> bool:
    """Whether a character is a letter of a script other than Latin; what is no single character is not.

    ``ä``, ``é``, ``ñ``, ``ı`` and signs made of letters (``µ``, ``ª``) are not: whoever types them has Latin letters,
    at places of their own.
    """
    return (
        len(character) == 1
        and character.isalpha()
        and not unicodedata.name(character, "LATIN").startswith("LATIN")
        and not unicodedata.decomposition(character).startswith("<")
    )


def latin_at_place(event: QKeyEvent, platform: str) -> str:
    """The letter that a US keyboard has where this key is; empty where the platform's codes do not tell."""
    system = platform.partition("-")[0]  # Qt's plugins for Wayland are called "wayland" and "wayland-egl"
    if system in ("xcb", "wayland"):
        return _XKB.get(event.nativeScanCode(), "")
    if system == "windows":
        by_virtual_key = _WINDOWS_VIRTUAL_KEYS.get(event.nativeVirtualKey(), "")
        return _WINDOWS.get(event.nativeScanCode(), by_virtual_key)
    return ""
