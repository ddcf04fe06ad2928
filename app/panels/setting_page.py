"""A page of the settings: its groups as cards, of which the special ones are folded."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import Words
from app.panels.setting_row import SettingRow
from app.theme import SPACING


class SettingGroup(QWidget):
    """A card with rows, below a title by which it is unfolded; without a title it always is."""

    def __init__(self, title: str, rows: list[SettingRow]) -> None:
        super().__init__()
        self.rows = rows
        self._title = QToolButton()
        self._card = QFrame()
        self._lines: list[QFrame] = []
        self._card.setProperty("role", "card")
        self._title.setText(title)
        self._title.setProperty("role", "fold")
        self._title.setCheckable(True)
        self._title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._title.toggled.connect(lambda _: self.find(""))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._title)
        layout.addWidget(self._card)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(0, SPACING // 2, 0, SPACING // 2)
        inside.setSpacing(0)
        for row in rows:
            line = QFrame()
            line.setProperty("role", "line")
            line.setFixedHeight(1)
            self._lines.append(line)
            inside.addWidget(line)
            inside.addWidget(row)
        self.find("")

    def find(self, needle: str) -> int:
        """Shows the rows that a search finds, and returns how many; all of them for the empty needle."""
        titled = bool(self._title.text())
        found = [row for row in self.rows if row.finds(needle)]
        for row, line in zip(self.rows, self._lines, strict=True):
            row.setVisible(row in found)
            line.setVisible(row in found and row is not found[0])
        self._title.setVisible(titled and not needle)
        self._title.setArrowType(
            Qt.ArrowType.DownArrow if self._title.isChecked() else Qt.ArrowType.RightArrow
        )
        self._card.setVisible(bool(found) and (bool(needle) or not titled or self._title.isChecked()))
        self.setVisible(bool(found))
        return len(found)

    def unfold(self) -> None:
        """Its rows can be seen."""
        self._title.setChecked(True)


class SettingPage(QWidget):
    """All groups of one page, and what else there is to see on it."""

    def __init__(self, words: Words, name: str, groups: list[SettingGroup], extras: list[QWidget]) -> None:
        super().__init__()
        self.name = name
        self.groups = groups
        self._extras = extras
        title = QLabel(words(f"settings.page-{name}"))
        title.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING + SPACING // 2)
        layout.addWidget(title)
        for widget in (*groups, *extras):
            layout.addWidget(widget)

    def find(self, needle: str) -> int:
        """As SettingGroup; what is no setting is not found."""
        for extra in self._extras:
            extra.setVisible(not needle)
        return sum(group.find(needle) for group in self.groups)
