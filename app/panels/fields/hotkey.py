"""The key to talk: shown on a button, and recorded by pressing it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from app.hotkey.conflicts import conflict
from app.hotkey.keys import Key, display, parse
from app.hotkey.pressed import pressed
from app.i18n import Words
from app.panels.fields.field import Field
from engine.config import Value
from engine.errors import ConfigFault


class HotkeyField(Field):
    def __init__(self, words: Words) -> None:
        self._words = words
        self._button = QPushButton()
        super().__init__(self._button)
        self._value = ""
        self._recording = False
        self._button.setAutoDefault(False)
        self._button.clicked.connect(lambda: self._record(True))
        self._button.installEventFilter(self)

    def put(self, value: Value) -> None:
        self._value = str(value)
        self._record(False)
        try:
            key = parse(self._value)
        except ConfigFault:  # someone has written it into the file; the listener says so
            self._button.setText(self._value)
            return
        self._button.setText(display(key))
        self.noted.emit(self._warning(key))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._recording:
            return False
        # Shortcuts of the window and the focus would take the key away from us.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._on_key(event)
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.put(self._value)
        return event.type() == QEvent.Type.KeyRelease

    def _on_key(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put(self._value)
            return
        key = pressed(event.key(), event.modifiers())
        if key is None:
            return  # a modifier, to which more will come
        try:
            parse(str(key))
        except ConfigFault as error:
            self.put(self._value)
            self.refused.emit(error)
            return
        self._record(False)
        if str(key) == self._value:
            self.put(self._value)
        else:
            self.wanted.emit(str(key))

    def _record(self, on: bool) -> None:
        self._recording = on
        self._button.setDown(on)
        if on:
            self._button.setText(self._words("settings.press-key"))

    def _warning(self, key: Key) -> str:
        taken = conflict(key)
        if taken is None:
            return ""
        reason = self._words(f"hotkey.taken-{taken}", key=display(key))
        return self._words("hotkey.both", reason=reason)
