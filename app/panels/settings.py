"""The settings: all that are declared, page by page, or those that a word finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.background import Background
from app.i18n import Words
from app.panels.fields.making import FieldMaker, code_of
from app.panels.level_meter import LevelMeter
from app.panels.privacy_page import PrivacyPage
from app.panels.setting_pages import PAGES, Page, settings_of
from app.panels.setting_row import SettingRow
from app.preferences import Preferences
from app.theme import SPACING, Theme
from engine import config
from engine.config import SettingInfo
from engine.errors import CompanionError

_SIZE = 780, 600
_PAGES_WIDTH, _PAGE_HEIGHT = 170, 34


class SettingsPanel(QWidget):
    """Changes apply as they are made; there is nothing to save."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        preferences: Preferences,
        folder: Path,
        level_dbfs: Callable[[], float],
        talk_key: str,
        show_memories: Callable[[], None],
    ) -> None:
        """`folder`: the data folder; `level_dbfs`: how loud the microphone hears; `talk_key` as people call
        it; `show_memories` opens what she remembers."""
        super().__init__()
        self._words = words
        self._preferences = preferences
        self._folder = folder
        self._level_dbfs = level_dbfs
        self._talk_key = talk_key
        self._show_memories = show_memories
        self._infos = config.describe()
        self._background = Background()
        self._maker = FieldMaker(words, theme, folder, self._background)
        self.rows: dict[str, SettingRow] = {}
        """Those that are shown, by key."""
        self.search = QLineEdit(placeholderText=words("settings.find"), clearButtonEnabled=True)
        self.pages = QListWidget()
        self._scroll = QScrollArea(widgetResizable=True)
        self.setWindowTitle(words("settings.title"))
        self.resize(*_SIZE)
        self._arrange()
        self.pages.setCurrentRow(0)
        preferences.changed.connect(self._on_changed)

    @property
    def draft(self) -> str:
        """The name of the page that is looked at."""
        return PAGES[self.pages.currentRow()].name

    @draft.setter
    def draft(self, page: str) -> None:
        self.pages.setCurrentRow([each.name for each in PAGES].index(page))

    def commit(self) -> None:
        """What is typed and not yet wanted is wanted now."""
        for row in self.rows.values():
            row.field.commit()

    def dispose(self) -> None:
        """To be called before it is thrown away."""
        self.commit()
        self._background.close()

    # ------------------------------------------------------------ how it looks

    def _arrange(self) -> None:
        words = self._words
        self.search.setAccessibleName(words("settings.find"))
        self.search.textChanged.connect(lambda _: self._show())
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self.search, self.search.clear)
        self.pages.setAccessibleName(words("settings.pages"))
        for page in PAGES:
            item = QListWidgetItem(words(f"settings.page-{page.name}"), self.pages)
            item.setSizeHint(QSize(0, _PAGE_HEIGHT))
        self.pages.currentRowChanged.connect(self._on_page)
        for widget in (self.search, self.pages):
            widget.setFixedWidth(_PAGES_WIDTH)
        left = QVBoxLayout()
        left.setSpacing(SPACING)
        left.addWidget(self.search)
        left.addWidget(self.pages, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(left)
        layout.addWidget(self._scroll, 1)

    def _on_page(self, row: int) -> None:
        if self.search.text():
            self.search.clear()  # which shows the page
        else:
            self._show()

    def _show(self) -> None:
        """Makes what is to be seen: a page, or what was found."""
        self.commit()
        self.rows = {}
        content = QFrame()
        content.setProperty("role", "sheet")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(0)
        needle = self.search.text().strip().casefold()
        if needle:
            found = [info for info in self._infos if self._matches(info, needle)]
            self._add_title(layout, self._words("settings.found"))
            if not found:
                layout.addWidget(QLabel(self._words("settings.nothing-found"), wordWrap=True))
            self._add_rows(layout, found)
        else:
            self._add_page(layout, PAGES[self.pages.currentRow()])
        layout.addStretch(1)
        self._scroll.setWidget(content)

    def _add_page(self, layout: QVBoxLayout, page: Page) -> None:
        words = self._words
        self._add_title(layout, words(f"settings.page-{page.name}"))
        for group in page.groups:
            if group.name:
                layout.addSpacing(2 * SPACING)
                heading = QLabel(words(f"settings.group-{group.name}"))
                font = heading.font()
                font.setBold(True)
                heading.setFont(font)
                layout.addWidget(heading)
            self._add_rows(layout, settings_of(page.name, group, self._infos))
        if page.name == "audio":
            layout.addWidget(LevelMeter(words, self._level_dbfs, self._talk_key))
        elif page.name == "memory":
            memories = QPushButton(words("settings.memories"))
            memories.clicked.connect(self._show_memories)
            layout.addSpacing(SPACING)
            layout.addWidget(memories, alignment=Qt.AlignmentFlag.AlignLeft)
        elif page.name == "privacy":
            layout.addWidget(PrivacyPage(words, self._folder, self._show_memories))

    @staticmethod
    def _add_title(layout: QVBoxLayout, text: str) -> None:
        title = QLabel(text)
        title.setProperty("role", "title")
        layout.addWidget(title)
        layout.addSpacing(SPACING)

    def _add_rows(self, layout: QVBoxLayout, infos: list[SettingInfo]) -> None:
        for info in infos:
            if layout.count() and self.rows:
                line = QFrame()
                line.setFixedHeight(1)
                line.setProperty("role", "line")
                layout.addWidget(line)
            row = SettingRow(self._words, info, self._maker.make(info), self._preferences.fixed_by(info.key))
            row.put(self._preferences.value(info.key))
            row.wanted.connect(self._on_wanted)
            self.rows[info.key] = row
            layout.addWidget(row)

    def _matches(self, info: SettingInfo, needle: str) -> bool:
        code = code_of(info.key)
        texts = (info.key, self._words(code), self._words(f"{code}-help"))
        return any(needle in text.casefold() for text in texts)

    # ------------------------------------------------------------ changes

    def _on_wanted(self, key: str, text: str) -> None:
        row = self.rows[key]
        self._preferences.change(key, text, lambda error: self._on_refused(row, error))

    def _on_refused(self, row: SettingRow, error: CompanionError) -> None:
        if self.rows.get(row.info.key) is row:
            row.put(self._preferences.value(row.info.key))
            row.refuse(error)

    def _on_changed(self, keys: frozenset[str]) -> None:
        for key in keys & self.rows.keys():
            self.rows[key].put(self._preferences.value(key))
            self.rows[key].confirm()
