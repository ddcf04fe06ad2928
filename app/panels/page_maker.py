"""Makes the pages of the settings: each setting's row, and what a page has besides."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.background import Background
from app.connection import Connection
from app.hotkey.keys import shown
from app.i18n import Words
from app.panels.level_meter import LevelMeter
from app.panels.privacy import PrivacyNote
from app.panels.setting_fields import SettingFields
from app.panels.setting_page import SettingGroup, SettingPage
from app.panels.setting_pages import Page, settings_of
from app.panels.setting_row import SettingRow
from app.preferences import Preferences
from app.theme import Theme
from engine import config
from engine.config import SettingInfo


class PageMaker:
    """For one panel."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        connection: Connection,
        preferences: Preferences,
        background: Background,
        folder: Path,
    ) -> None:
        """As of SettingsPanel."""
        self._words = words
        self._theme = theme
        self._connection = connection
        self._preferences = preferences
        self._folder = folder
        self._fields = SettingFields(words, theme, background, folder)
        self._infos = config.describe()
        self.pair = self._button("settings.pair")
        """Pairs another computer."""
        self.memories = (self._button("settings.memories"), self._button("settings.memories"))
        """Show what is remembered: on the pages memory and privacy."""

    def page(self, page: Page) -> SettingPage:
        """The page, with its settings and all."""
        groups: list[SettingGroup] = []
        for group in page.groups:
            infos = settings_of(page.name, group, self._infos)
            title = self._words(f"settings.group-{group.name}") if group.name else ""
            groups.append(SettingGroup(title, infos, self._row))
        return SettingPage(self._words, page.name, groups, self._extras(page.name))

    def _row(self, info: SettingInfo) -> SettingRow:
        row = SettingRow(self._words, info, self._fields.field(info), self._preferences)
        if info.key == "engine.host":
            row.field.under(self.pair)
        return row

    def _extras(self, page: str) -> list[QWidget]:
        match page:
            case "audio":
                key = shown(self._preferences.settings.talk.hotkey)
                return [LevelMeter(self._words, self._theme, key, lambda: self._connection.level_dbfs)]
            case "memory":
                return [_at_the_left(self.memories[0])]
            case "privacy":
                return [PrivacyNote(self._words, self._folder, self.memories[1])]
            case _:
                return []

    def _button(self, code: str) -> QPushButton:
        return QPushButton(self._words(code), autoDefault=False)


def _at_the_left(widget: QWidget) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    layout.addStretch()
    return line
