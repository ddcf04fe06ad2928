"""Colours of the windows, light and dark, and how Qt is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from engine.messages import Emotion


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb."""

    dark: bool
    window: str
    """Behind everything."""
    card: str
    """Lists, fields, bubbles."""
    border: str
    text: str
    muted: str
    """Text that matters less; at least 4.5 : 1 on `window` and `card`."""
    accent: str
    """What is chosen, and the main button; white text on it."""
    accent_soft: str
    """A hint of it, behind text."""
    danger: str
    """What cannot be undone, and errors."""
    emotions: dict[Emotion, str]
    """Colour of words said with a feeling, at least 4.5 : 1 on `card`."""


LIGHT = Theme(
    dark=False,
    window="#f5f5fb",
    card="#ffffff",
    border="#d9d9e8",
    text="#23233a",
    muted="#62627c",
    accent="#5b54c9",
    accent_soft="#e9e7fb",
    danger="#b3261e",
    emotions={
        "happy": "#b3520a",
        "angry": "#b3261e",
        "sad": "#2f66b5",
        "surprised": "#8a3fb0",
        "coquettish": "#b8336a",
        "calm": "#23233a",
    },
)
DARK = Theme(
    dark=True,
    window="#1b1b2a",
    card="#262638",
    border="#3d3d57",
    text="#ececf6",
    muted="#a6a6c0",
    accent="#6f67dc",
    accent_soft="#37355c",
    danger="#ff8a80",
    emotions={
        "happy": "#ffb46b",
        "angry": "#ff8a80",
        "sad": "#8ab8ff",
        "surprised": "#d9a1f5",
        "coquettish": "#ff9ec2",
        "calm": "#ececf6",
    },
)

SPACING = 8
"""Between what belongs together, in logical pixels; twice that between groups and around them."""


def theme_of(setting: Literal["auto", "light", "dark"]) -> Theme:
    """What `desktop.theme` means on this computer now."""
    if setting == "auto":
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if setting == "dark" else LIGHT


def apply(theme: Theme, application: QApplication) -> None:
    """All windows look so from now on."""
    application.setStyle("Fusion")
    application.setPalette(_palette(theme))
    application.setStyleSheet(_style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.card,
        QPalette.ColorRole.AlternateBase: theme.window,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.card,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.danger,
        QPalette.ColorRole.ToolTipBase: theme.card,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: "#ffffff",
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Accent: theme.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return palette


def _style_sheet(theme: Theme) -> str:
    """What a palette cannot say. `[role=...]` are dynamic properties: primary, danger, muted, title, card."""
    return f"""
QPushButton, QToolButton {{
    background: {theme.card}; border: 1px solid {theme.border}; border-radius: 6px; padding: 6px 14px;
}}
QToolButton {{ padding: 6px 8px; }}
QPushButton:hover, QToolButton:hover {{ background: {theme.accent_soft}; }}
QPushButton:pressed, QToolButton:pressed, QToolButton:checked {{ background: {theme.accent_soft}; }}
QPushButton:checked {{ background: {theme.accent_soft}; border-color: {theme.accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {theme.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {theme.muted}; background: {theme.window}; }}
QPushButton[role="primary"] {{ background: {theme.accent}; border-color: {theme.accent}; color: #ffffff; }}
QPushButton[role="primary"]:disabled {{ background: {theme.border}; border-color: {theme.border}; }}
QPushButton[role="danger"] {{ color: {theme.danger}; border-color: {theme.danger}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {{
    background: {theme.card}; border: 1px solid {theme.border}; border-radius: 6px; padding: 5px 8px;
    selection-background-color: {theme.accent}; selection-color: #ffffff;
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus,
QDoubleSpinBox:focus {{
    border: 1px solid {theme.accent};
}}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ padding: 3px 8px; min-height: 22px; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: 26px; }}
QComboBox QAbstractItemView {{
    background: {theme.card}; border: 1px solid {theme.border}; border-radius: 0; padding: 4px; outline: none;
}}
QComboBox QAbstractItemView::item {{ min-height: 26px; padding: 0 6px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
QComboBoxPrivateContainer {{ background: {theme.card}; border: none; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
    border: none; width: 0;
}}
QListView, QTreeView, QTableView, QScrollArea {{
    background: {theme.card}; border: 1px solid {theme.border}; border-radius: 8px;
}}
QListView[role="pages"] {{ padding: 6px; }}
QListView::item {{ padding: 6px 10px; border-radius: 6px; }}
QListView::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
QMenu {{ background: {theme.card}; border: 1px solid {theme.border}; padding: 6px; }}
QMenu::item {{ padding: 6px 26px 6px 22px; border-radius: 4px; }}
QMenu::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
QMenu::separator {{ height: 1px; background: {theme.border}; margin: 5px 8px; }}
QLabel[role="muted"] {{ color: {theme.muted}; }}
QLabel[role="title"] {{ font-size: 16px; font-weight: 600; }}
QLabel[role="danger"] {{ color: {theme.danger}; }}
QLabel[role="accent"] {{ color: {theme.emotions["sad"]}; }}
QToolButton[role="flat"], QToolButton[role="fold"] {{ background: transparent; border-color: transparent; }}
QToolButton[role="fold"] {{ font-weight: 600; padding: 4px 6px; }}
QToolButton[role="flat"]:hover, QToolButton[role="fold"]:hover {{ background: {theme.accent_soft}; }}
QToolButton[role="flat"]:focus, QToolButton[role="fold"]:focus {{ border-color: {theme.accent}; }}
QFrame[role="line"] {{ background: {theme.border}; border: none; }}
QScrollArea[role="plain"], QScrollArea[role="plain"] > QWidget > QWidget[role="plain"] {{
    background: transparent; border: none;
}}
QLabel[role="heading"] {{ font-weight: 600; }}
QFrame[role="card"] {{ background: {theme.card}; border: 1px solid {theme.border}; border-radius: 8px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle {{ background: {theme.border}; border-radius: 4px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {theme.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{
    background: {theme.accent_soft}; border: none; border-radius: 4px; max-height: 8px; color: transparent;
}}
QProgressBar::chunk {{ background: {theme.accent}; border-radius: 4px; }}
"""
