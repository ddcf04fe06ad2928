"""A page of the settings: its groups as cards, of which the special ones are folded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import Words
from app.panels.setting_row import SettingRow
from app.theme import SPACING
from engine.config import SettingInfo


class SettingGroup(QWidget):
    """A card with rows, below a title by which it is unfolded; without a title it always is.

    Rows are made when they are first wanted, or one by one by `grow`: all at once they would take long.
    """

    def __init__(
        self, title: str, infos: list[SettingInfo], make_row: Callable[[SettingInfo], SettingRow]
    ) -> None:
        super().__init__()
        self._titled = bool(title)
        self._unmade = infos[::-1]
        self._make_row = make_row
        self.made: list[SettingRow] = []
        """The rows that there are already."""
        self._lines: list[QFrame] = []
        self._title = QToolButton()
        self._card = QFrame()
        self._card.setProperty("role", "card")
        self._title.setText(title)
        self._title.setProperty("role", "fold")
        self._title.setCheckable(True)
        self._title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._title.toggled.connect(lambda _: self.narrow(""))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        if self._titled:
            layout.addWidget(self._title)
        layout.addWidget(self._card)
        self._inside = QVBoxLayout(self._card)
        self._inside.setContentsMargins(0, SPACING // 2, 0, SPACING // 2)
        self._inside.setSpacing(0)
        self._card.hide()
        self._title.setArrowType(Qt.ArrowType.RightArrow)
        self._title.setVisible(self._titled)

    @property
    def rows(self) -> list[SettingRow]:
        """All of them."""
        while self.grow():
            pass
        return self.made

    def grow(self) -> bool:
        """Makes one more row; False: there are all."""
        if not self._unmade:
            return False
        line = QFrame(self._card)
        line.setProperty("role", "line")
        line.setFixedHeight(1)
        line.setVisible(bool(self.made))
        row = self._make_row(self._unmade.pop())
        self._lines.append(line)
        self.made.append(row)
        self._inside.addWidget(line)
        self._inside.addWidget(row)
        return True

    def narrow(self, needle: str) -> int:
        """Shows the rows that a search finds, and returns how many; for the empty needle all, unless they
        are folded: those there are now, and the others as they are made."""
        unfolded = self._title.isChecked() or not self._titled
        self._title.setVisible(self._titled and not needle)
        self._title.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        if not needle and not unfolded:
            self._card.hide()
            self.show()
            return 0
        found = [row for row in self.rows if row.finds(needle)] if needle else self.made
        for row, line in zip(self.made, self._lines, strict=True):
            row.setVisible(row in found)
            line.setVisible(row in found and row is not found[0])
        self._card.setVisible(bool(found) or not needle)
        self.setVisible(bool(found) or not needle)
        return len(found)

    @property
    def controls(self) -> list[QWidget]:
        """What the keyboard can reach, from top to bottom."""
        title: list[QWidget] = [self._title] if self._titled else []
        return title + [control for row in self.made for control in _controls(row)]

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

    @property
    def made(self) -> list[SettingRow]:
        """The rows that there are already."""
        return [row for group in self.groups for row in group.made]

    @property
    def controls(self) -> list[QWidget]:
        """As of SettingGroup."""
        settings = [control for group in self.groups for control in group.controls]
        return settings + [control for extra in self._extras for control in _controls(extra)]

    def narrow(self, needle: str) -> int:
        """As SettingGroup; what is no setting is not found."""
        for extra in self._extras:
            extra.setVisible(not needle)
        return sum(group.narrow(needle) for group in self.groups)


def _controls(parent: QWidget) -> list[QWidget]:
    """What the keyboard can reach in it, in the order in which it was put there."""
    return [
        child
        for child in parent.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not child.focusProxy()
        and child.window() is parent.window()  # lists that drop down are windows
    ]
