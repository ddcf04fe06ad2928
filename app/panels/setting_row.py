"""One setting in the panel: what it is called and does, its field, and what there is to say of its value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from app.effects import effect_of
from app.i18n import Words
from app.panels.fields.field import Field
from app.panels.fields.making import code_of
from app.theme import SPACING
from engine.config import SettingInfo, Value
from engine.errors import CompanionError
from engine.notices import sentence

_FIELD_WIDTH = 250


class SettingRow(QWidget):
    """Shows a value; the panel changes it."""

    wanted = Signal(str, str)
    """Key and value, as `Preferences.change` takes them."""

    def __init__(self, words: Words, info: SettingInfo, field: Field, fixed_by: str) -> None:
        """`fixed_by`: the environment variable that decides it, or empty."""
        super().__init__()
        self._words = words
        self.info = info
        self.field = field
        self._note = self._trouble = ""
        code = code_of(info.key)
        self._label = QLabel(words(code), wordWrap=True)
        self._help = QLabel(words(f"{code}-help"), wordWrap=True)
        self._said = QLabel(wordWrap=True)
        self._reset = QToolButton()
        self._arrange()
        field.control.setEnabled(not fixed_by)
        if field.below:
            field.below.setEnabled(not fixed_by)
        self._fixed = bool(fixed_by)
        if fixed_by:
            self._note = words("settings.fixed", variable=fixed_by)
            self._show_said()
        field.wanted.connect(self._want)
        field.refused.connect(self.refuse)
        field.noted.connect(self._on_noted)

    def put(self, value: Value) -> None:
        """The value in force."""
        self.field.put(value)
        self._reset.setVisible(value != self.info.default and not self._fixed)

    def confirm(self) -> None:
        """The value was changed: says when that takes effect, unless it has already."""
        self._trouble = ""
        effect = effect_of(self.info.key)
        if effect != "now":
            self._note = self._words(f"settings.effect-{effect}")
        self._show_said()

    def refuse(self, error: CompanionError) -> None:
        """The value cannot be taken."""
        self._trouble = sentence(error, self._words.language)
        self._show_said()

    @property
    def said(self) -> str:
        """What stands under the setting."""
        return self._said.text()

    def _arrange(self) -> None:
        words, info = self._words, self.info
        self._help.setProperty("role", "muted")
        self._said.setProperty("role", "muted")
        self._said.hide()
        name = words(code_of(info.key))
        control = self.field.control
        control.setAccessibleName(name)
        control.setAccessibleDescription(self._help.text())
        self._label.setBuddy(control)
        self._reset.setText("↺")
        self._reset.setToolTip(words("settings.reset"))
        self._reset.setAccessibleName(f"{words('settings.reset')}: {name}")
        self._reset.clicked.connect(lambda: self._want(_written(info.default)))
        self._reset.hide()
        keeps = self._reset.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(keeps)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, SPACING, 0, SPACING)
        layout.setHorizontalSpacing(SPACING)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self._label, 0, 0)
        layout.addWidget(self._help, 1, 0)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(self._reset, 0, 2, 2, 1, top)
        if self.field.wide:
            layout.addWidget(self.field, 2, 0, 1, 2)
        else:
            self.field.setFixedWidth(_FIELD_WIDTH)
            layout.addWidget(self.field, 0, 1, 2, 1, top)
        if self.field.below:
            layout.addWidget(self.field.below, 2, 1)
        layout.addWidget(self._said, 3, 0, 1, 3)

    def _want(self, text: str) -> None:
        self._trouble = ""
        self.wanted.emit(self.info.key, text)

    def _on_noted(self, note: str) -> None:
        if not self._fixed:
            self._note = note
            self._show_said()

    def _show_said(self) -> None:
        self._said.setText(self._trouble or self._note)
        self._said.setProperty("role", "danger" if self._trouble else "muted")
        self._said.style().polish(self._said)
        self._said.setVisible(bool(self._said.text()))


def _written(value: Value) -> str:
    """As `companion-engine config set` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
