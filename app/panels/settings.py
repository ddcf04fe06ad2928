"""The settings: pages at the left, and at the right what can be set, as it is declared (engine.settings).

A change is in force, and in the config file, as soon as it is made; there is nothing to confirm.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.background import Background
from app.connection import Connection
from app.i18n import Words
from app.panels.fields.found import FoundField
from app.panels.page_maker import PageMaker
from app.panels.pairing_dialog import PairingDialog
from app.panels.setting_pages import PAGES, place_of
from app.panels.setting_row import SettingRow
from app.preferences import Preferences
from app.theme import SPACING, Theme

_SIZE = 760, 560
_LIST_WIDTH = 172
_OF_ENGINE = ("voice", "persona", "memory")
"""Pages about an engine of this computer."""
_PAGE = {page.name: page for page in PAGES}


class Spot(NamedTuple):
    """Where the user is in the settings."""

    page: str
    needle: str = ""
    """What is searched for."""
    key: str = ""
    """The setting that has the keyboard."""


class SettingsPanel(QWidget):
    """Belongs to one Preferences."""

    memories_wanted = Signal()
    """The user wants to see what is remembered."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        connection: Connection,
        preferences: Preferences,
        background: Background,
        folder: Path,
    ) -> None:
        """`background` must outlive the panel, which keeps it busy for seconds at times; `folder` is the
        data folder."""
        super().__init__()
        self._words = words
        self._preferences = preferences
        self._background = background
        self._folder = folder
        maker = PageMaker(words, theme, connection, preferences, background, folder)
        maker.pair.clicked.connect(self._pair)
        for button in maker.memories:
            button.clicked.connect(self.memories_wanted)
        self.pair = maker.pair
        self.pages = {page.name: maker.page(page) for page in PAGES}
        """By name."""
        self._list = QListWidget()
        self.search = QLineEdit(placeholderText=words("settings.search"), clearButtonEnabled=True)
        self._nothing = QLabel(words("settings.nothing"))
        self._elsewhere = QLabel(words("settings.elsewhere"))
        self._scroll = QScrollArea(widgetResizable=True)
        self._chosen = PAGES[0].name
        self.setWindowTitle(words("settings.title"))
        self.resize(*_SIZE)
        self._arrange()
        self._connect()
        self._show()
        self._growing = QTimer(self, interval=0)
        self._growing.timeout.connect(self._grow)
        self._growing.start()

    @property
    def spot(self) -> Spot:
        """Where the user is."""
        held = self.focusWidget()
        rows = (row for page in self.pages.values() for row in page.made)
        key = next((row.info.key for row in rows if held and row.isAncestorOf(held)), "")
        return Spot(self._chosen, self.search.text(), key)

    @spot.setter
    def spot(self, spot: Spot) -> None:
        self.search.setText(spot.needle)
        self._choose(spot.page)
        if spot.key:
            self.row(spot.key).field.control.setFocus()

    @property
    def page(self) -> str:
        """Name of the page that is chosen (see setting_pages.PAGES)."""
        return self._chosen

    @page.setter
    def page(self, name: str) -> None:
        self.search.clear()
        self._choose(name)

    def row(self, key: str) -> SettingRow:
        """The setting `section.name`, which can be seen then if its page is. Raises KeyError."""
        page, name = place_of(key)
        index = [group.name for group in _PAGE[page].groups].index(name)
        group = self.pages[page].groups[index]
        group.unfold()
        return next(row for row in group.rows if row.info.key == key)

    # ------------------------------------------------------------ looks

    def _arrange(self) -> None:
        for page in PAGES:
            item = QListWidgetItem(self._words(f"settings.page-{page.name}"), self._list)
            item.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + 2 * SPACING))
        self._list.setCurrentRow(0)
        self._list.setAccessibleName(self._words("settings.pages"))
        self._list.setFixedWidth(_LIST_WIDTH)
        self._list.setProperty("role", "pages")
        self._elsewhere.setProperty("role", "accent")
        self._elsewhere.setWordWrap(True)
        self.search.setAccessibleName(self._words("settings.search"))
        self._nothing.setProperty("role", "muted")
        body = QWidget()
        body.setProperty("role", "plain")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, SPACING, 0)
        inside.setSpacing(3 * SPACING)
        inside.addWidget(self._elsewhere)
        for page in self.pages.values():
            inside.addWidget(page)
        inside.addWidget(self._nothing)
        inside.addStretch(1)
        self._scroll.setProperty("role", "plain")
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        form = QVBoxLayout()
        form.setSpacing(2 * SPACING)
        form.addWidget(self.search)
        form.addWidget(self._scroll, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(self._list)
        layout.addLayout(form, 1)
        self._list.setFocus()

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._on_chosen)
        self._list.itemClicked.connect(lambda _: self._on_chosen(self._list.currentRow()))
        self.search.textChanged.connect(self._show)
        self._preferences.changed.connect(self._on_preferences)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._seek)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)

    # ------------------------------------------------------------ what the user does

    def _choose(self, name: str) -> None:
        self._list.setCurrentRow(list(self.pages).index(name))

    def _on_chosen(self, row: int) -> None:
        """Choosing a page ends a search."""
        self._chosen = list(self.pages)[row]
        if self.search.text():
            self.search.clear()
        else:
            self._show()
        self._scroll.verticalScrollBar().setValue(0)

    def _show(self) -> None:
        """What is searched for, else the page that is chosen."""
        needle = self.search.text().strip()
        found = 0
        for name, page in self.pages.items():
            if needle:
                count = page.narrow(needle)
                found += count
                page.setVisible(count > 0)
            else:
                if name == self._chosen:
                    page.narrow("")
                page.setVisible(name == self._chosen)
        self._nothing.setVisible(bool(needle) and not found)
        remote = self._preferences.settings.engine.place == "remote"
        self._elsewhere.setVisible(remote and not needle and self._chosen in _OF_ENGINE)
        self._list.currentItem().setSelected(not needle)

    def _on_preferences(self, _keys: frozenset[str]) -> None:
        self._show()

    def _grow(self) -> None:
        """Makes what may be wanted next, a little at a time, so that nothing stands still meanwhile."""
        pages = sorted(self.pages.values(), key=lambda page: page.name != self._chosen)
        if not any(group.grow() for page in pages for group in page.groups):
            self._growing.stop()
            self._set_order()

    def _set_order(self) -> None:
        """The tab key goes from top to bottom, whatever was made first."""
        controls = [self._list, self.search]
        controls += [control for page in self.pages.values() for control in page.controls]
        for before, after in pairwise(controls):
            self.setTabOrder(before, after)

    def _seek(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.close()

    def _pair(self) -> None:
        dialog = PairingDialog(self._words, self, self._background, self._folder)
        dialog.paired.connect(self._on_paired)
        dialog.open()

    def _on_paired(self, place: str) -> None:
        """It is the one to talk to, when she shall think elsewhere."""
        field = self.row("engine.host").field
        if isinstance(field, FoundField):
            field.look()
        field.wanted.emit(place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        """What has the keyboard can be seen, also where a panel has just been made anew."""
        if (held := self.focusWidget()) and self._scroll.isAncestorOf(held):
            self._scroll.ensureWidgetVisible(held)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        for dialog in self.findChildren(PairingDialog):
            dialog.reject()
        for page in self.pages.values():
            for row in page.made:
                row.field.commit()
