"""Colours that can be read: contrast as WCAG 2.1 defines it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.theme import DARK, LIGHT, Theme, apply, theme_of

READABLE = 4.5


def luminance(colour: str) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def rgb(colour: str) -> tuple[float, float, float]:
    found = QColor(colour)
    return found.redF(), found.greenF(), found.blueF()


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_can_be_read(theme: Theme) -> None:
    for behind in (theme.window, theme.card):
        for text in (theme.text, theme.muted, theme.danger, *theme.emotions.values()):
            assert contrast(text, behind) >= READABLE, (text, behind)
    assert contrast(theme.text, theme.accent_soft) >= READABLE
    assert contrast("#ffffff", theme.accent) >= READABLE


def test_a_theme_is_what_all_windows_look_like(qapp: QApplication) -> None:
    for setting, theme in (("light", LIGHT), ("dark", DARK)):
        assert theme_of(setting) is theme  # type: ignore[arg-type]
        apply(theme, qapp)
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.window)
    assert theme_of("auto") in (LIGHT, DARK)
