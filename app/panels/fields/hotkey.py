"""The key to talk: press the button, then the key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from app.hotkey.conflicts import conflict
from app.hotkey.keys import Key, display, parse, shown
from app.hotkey.pressed import is_modifier, pressed_key
from app.i18n import Words
from app.panels.fields.field import Field
from engine.config import Value
from engine.errors import ConfigFault
from engine.notices import sentence


class HotkeyField(Field):
    """While it waits for a key no other control gets one. Esc, or leaving it, changes nothing."""

    def __init__(self, words: Words) -> None:
        self._button = QPushButton()
        super().__init__(self._button)
        self._words = words
        self._value = ""
        self._waiting = False
        self._button.setToolTip(words("hotkey.change-tip"))
        self._button.setAutoDefault(False)
        self._button.clicked.connect(lambda: self._wait(True))
        self._button.installEventFilter(self)

    def put(self, value: Value) -> None:
        self._value = str(value)
        self._wait(False)
        try:
            key = parse(self._value)
        except ConfigFault as error:
            self.noted.emit(sentence(error, self._words.language))
            return
        use = conflict(key)
        self.noted.emit(self._words(f"hotkey.conflict-{use}", key=display(key)) if use else "")

    @property
    def text(self) -> str:
        """What it says."""
        return self._button.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._waiting:
            return False
        match event.type():
            case QEvent.Type.ShortcutOverride:
                event.accept()  # the key is for here, whatever it does elsewhere
                return True
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                self._take(event)
                return True
            case QEvent.Type.KeyRelease:
                return True
            case QEvent.Type.FocusOut:
                self._wait(False)
            case _:
                pass
        return False

    def _take(self, event: QKeyEvent) -> None:
        if is_modifier(event.key()) or event.isAutoRepeat():
            return
        key = pressed_key(event.key(), event.modifiers())
        if event.key() == Qt.Key.Key_Escape:
            self._wait(False)
            return
        self._wait(False)
        if fault := self._why_not(key):
            self.refused.emit(fault)
        elif str(key) != self._value:
            self.wanted.emit(str(key))

    def _why_not(self, key: Key | None) -> ConfigFault | None:
        if key is None:
            return ConfigFault("hotkey-not-possible", self._words("hotkey.not-possible"))
        try:
            parse(str(key))
        except ConfigFault:
            return ConfigFault("hotkey-would-type", self._words("hotkey.would-type", key=display(key)))
        return None

    def _wait(self, on: bool) -> None:
        self._waiting = on
        self._button.setText(self._words("hotkey.recording") if on else shown(self._value))
