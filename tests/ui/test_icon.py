"""Lectern's icon where a window shows it: sharp, and nothing kept of it when the window has gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QIcon, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication

from reader.services.resources import resource_path
from reader.ui.look.labels import icon_label
from reader.ui.shell.welcome import WelcomePage

CANARY = "canary"


@pytest.fixture
def small_cache(qapp: QApplication) -> Iterator[None]:
    """Qt's cache of pictures, empty and with room for no more than five icons."""
    limit = QPixmapCache.cacheLimit()
    QPixmapCache.clear()
    QPixmapCache.setCacheLimit(200)
    yield
    QPixmapCache.clear()
    QPixmapCache.setCacheLimit(limit)


def is_canary_there() -> bool:
    return bool(QPixmapCache.find(CANARY, QPixmap()))


def put_canary() -> None:
    picture = QPixmap(8, 8)
    picture.fill(QColor("yellow"))
    QPixmapCache.insert(CANARY, picture)


def test_windows_do_not_fill_the_cache_of_pictures(small_cache: None) -> None:
    """Each window once left its icon there, 37 kB a window, up to Qt's 10 MB."""
    put_canary()
    for _ in range(12):
        WelcomePage(print).deleteLater()
    assert is_canary_there()


def test_a_full_cache_drops_the_canary(small_cache: None) -> None:
    """So the test above can fail."""
    put_canary()
    for _ in range(12):
        QIcon(str(resource_path("icons", "lectern.svg"))).pixmap(96, 96)
    assert not is_canary_there()


def test_the_icon_is_as_sharp_as_the_screen(qapp: QApplication) -> None:
    shown = icon_label(96).pixmap()
    assert shown.deviceIndependentSize().width() == 96
    assert shown.devicePixelRatio() == qapp.devicePixelRatio()
    expected = QIcon(str(resource_path("icons", "lectern.svg"))).pixmap(96, 96)
    assert shown.toImage().convertedTo(expected.toImage().format()) == expected.toImage()
