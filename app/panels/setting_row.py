"""One setting: what it is called, what it does, its field, and what there is to say about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.effects import effect_of
from app.i18n import Words
from app.panels.fields.field import Field
from app.panels.setting_words import SettingWords
from app.preferences import Preferences
from app.theme import SPACING
from engine.config import SettingInfo
from engine.errors import CompanionError
from engine.notices import sentence

_FIELD_WIDTH = 232
_RESET = 28


class SettingRow(QWidget):
    """Shows the value in force, and has it changed as the user wants."""

    def __init__(self, words: Words, info: SettingInfo, field: Field, preferences: Preferences) -> None:
        super().__init__()
        self.info = info
        self.field = field
        self._words = words
        self._texts = SettingWords(words)
        self._preferences = preferences
        self._name = QLabel(self._texts.name(info))
        self._help = _line("muted")
        self._note = _line("accent")
        self._refusal = _line("danger")
        self._reset = QToolButton()
        self._changed = False
        self._noted = ""
        self._arrange()
        _say(self._refusal, "")
        field.wanted.connect(self._change)
        field.refused.connect(self._refuse)
        field.noted.connect(self._on_noted)
        self._reset.clicked.connect(lambda: self._change(_written(info.default)))
        preferences.changed.connect(self._on_changed)
        self._show()

    @property
    def note(self) -> str:
        """What is said about the value, or about when it counts."""
        return self._note.text()

    @property
    def refusal(self) -> str:
        """Why what the user tried is no value; empty: it is one."""
        return self._refusal.text()

    @property
    def may_reset(self) -> bool:
        """Whether the button to reset is offered."""
        return not self._reset.isHidden()

    def finds(self, needle: str) -> bool:
        """Whether a search for `needle` finds this setting."""
        return self._texts.finds(self.info, needle)

    # ------------------------------------------------------------ looks

    def _arrange(self) -> None:
        info, texts, control = self.info, self._texts, self.field.control
        name = texts.name(info)
        self._help.setText(texts.help(info))
        self._name.setBuddy(control)
        control.setAccessibleName(name)
        self._reset.setText("↺")
        self._reset.setProperty("role", "flat")
        self._reset.setFixedSize(_RESET, _RESET)
        default = texts.value(info, info.default)
        self._reset.setToolTip(
            self._words("settings.reset", value=default) if default else self._words("settings.reset-empty")
        )
        self._reset.setAccessibleName(self._words("settings.reset-name", name=name))
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(policy)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addStretch()
        for label in (self._name, self._help, self._note, self._refusal):
            said.addWidget(label)
        said.addStretch()
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * SPACING, SPACING + 2, SPACING, SPACING + 2)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(SPACING)
        grid.addLayout(said, 0, 0)
        grid.setColumnStretch(0, 1)
        if self.field.wide:
            grid.addWidget(self.field, 1, 0, 1, 2)
        else:
            self.field.setFixedWidth(_FIELD_WIDTH)
            grid.addWidget(self.field, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._reset, 0, 2, Qt.AlignmentFlag.AlignVCenter)

    def _show(self) -> None:
        """All that follows from the value in force."""
        info = self.info
        value = self._preferences.value(info.key)
        variable = self._preferences.fixed_by(info.key)
        self.field.put(value)
        self.field.setEnabled(not variable)
        self._reset.setVisible(value != info.default and not variable)
        effect = effect_of(info.key)
        if variable:
            when = self._words("settings.fixed", variable=variable)
        elif effect == "restart" and self._preferences.is_new(info.key):
            when = self._words("settings.restart")
        elif effect == "engine" and self._changed:
            when = self._words("settings.engine-anew")
        else:
            when = ""
        _say(self._note, "\n".join(text for text in (self._noted, when) if text))
        self._describe()

    def _describe(self) -> None:
        """For who does not see it."""
        self.field.control.setAccessibleDescription(
            " ".join(label.text() for label in (self._help, self._note, self._refusal) if label.text())
        )

    # ------------------------------------------------------------ what happens

    def _change(self, text: str) -> None:
        _say(self._refusal, "")
        self._preferences.change(self.info.key, text, self._refuse)

    def _refuse(self, error: CompanionError) -> None:
        """What was wanted is no value, or cannot be kept."""
        if isValid(self):
            _say(self._refusal, sentence(error, self._words.language))
            self.field.stay(self._preferences.value(self.info.key))
            self._describe()

    def _on_noted(self, text: str) -> None:
        if text != self._noted:
            self._noted = text
            self._show()

    def _on_changed(self, keys: frozenset[str]) -> None:
        if self.info.key in keys:
            self._changed = True
            _say(self._refusal, "")
            self._show()


def _line(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _written(value: object) -> str:
    """As `companion-engine config set` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
