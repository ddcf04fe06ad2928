"""One memory: its text to correct, its pin, where it comes from."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.i18n import Words
from app.panels.memory_book import NEW, Entry
from app.panels.memory_list import about, day_text
from app.theme import SPACING


class MemoryDetail(QWidget):
    """Shows; whoever owns it asks the engine."""

    written = Signal(str, str)
    """The text of this memory (NEW: of a new note) was edited to that, and is not saved."""
    saved = Signal(str, str)
    """The user wants that text to be kept."""
    undone = Signal(str)
    """The user wants the text that is kept."""
    pinned = Signal(str, bool)
    forget_wanted = Signal(str)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._entry: Entry | None = None
        self._kept = ""
        self._hint = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._about = QLabel(wordWrap=True)
        self.text = QPlainTextEdit()
        self.save = QPushButton(words("memories.save"))
        self.undo = QPushButton(words("memories.undo"))
        self.pin = QPushButton(words("memories.pin"))
        self.forget = QPushButton(words("memories.delete"))
        self._source_title = QLabel(words("memories.source"))
        self.source = QLabel(wordWrap=True)
        self._arrange()

    @property
    def memory(self) -> str | None:
        """Which memory is shown; NEW for a note that is being written; None: none."""
        return self._entry.id if self._entry else None

    def show_hint(self, hint: str) -> None:
        """There is no memory to be shown."""
        self._entry = None
        self._hint.setText(hint)
        self._stack.setCurrentIndex(0)

    def show_entry(self, entry: Entry, draft: str | None) -> None:
        """Shows a memory; `draft` is what was edited and not saved. An entry with the id NEW is a note that
        is being written."""
        again = self.memory == entry.id and self._stack.currentIndex() == 1
        self._entry, self._kept = entry, entry.text
        new = entry.id == NEW
        self._about.setText(self._words("memories.new-note-kind") if new else about(entry, self._words))
        text = entry.text if draft is None else draft
        if self.text.toPlainText() != text:
            self.text.setPlainText(text)
        self.text.setReadOnly(entry.kind == "turn")
        self.pin.setChecked(entry.pinned)
        self.pin.setVisible(entry.kind != "turn" and not new)
        self.forget.setVisible(not new)
        if not again:
            self.show_source(None)
        self._stack.setCurrentIndex(1)
        self._show_buttons()

    def show_source(self, turns: list[dict[str, Any]] | None) -> None:
        """The turns that told it, as `memory.source` answers; None: not known, or none is looked for."""
        words = self._words
        lines: list[str] = []
        for turn in turns or []:
            day = day_text(turn["at"], words)
            lines.append(words("memories.source-you", day=day, text=turn["user"]))
            if turn["reply"]:
                lines.append(words("memories.source-her", text=turn["reply"]))
        if turns is not None and not lines and self._entry:
            lines = [words("memories.source-note" if self._entry.kind == "note" else "memories.source-gone")]
        self.source.setText("\n".join(lines))
        self.source.setVisible(bool(lines))
        self._source_title.setVisible(bool(lines))

    def _arrange(self) -> None:
        words = self._words
        for label in (self._hint, self._about, self.source):
            label.setProperty("role", "muted")
        self.text.setAccessibleName(words("memories.text"))
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._on_text)
        self.source.setTextFormat(Qt.TextFormat.PlainText)
        self.source.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.pin.setCheckable(True)
        self.pin.setToolTip(words("memories.pin-tip"))
        self.save.setProperty("role", "primary")
        self.forget.setProperty("role", "danger")
        self.save.clicked.connect(lambda: self._tell(self.saved, self.text.toPlainText().strip()))
        self.undo.clicked.connect(lambda: self._tell(self.undone))
        self.pin.clicked.connect(lambda on: self._tell(self.pinned, on))
        self.forget.clicked.connect(lambda: self._tell(self.forget_wanted))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for widget in (self.pin, self.forget):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        for widget in (self.undo, self.save):
            buttons.addWidget(widget)
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._about)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        layout.addSpacing(SPACING)
        layout.addWidget(self._source_title)
        layout.addWidget(self.source)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._hint)
        self._stack.addWidget(shown)

    def _tell(self, signal: Any, *more: object) -> None:
        if self._entry:
            signal.emit(self._entry.id, *more)

    def _on_text(self) -> None:
        if self._entry:
            self.written.emit(self._entry.id, self.text.toPlainText())
            self._show_buttons()

    def _show_buttons(self) -> None:
        text = self.text.toPlainText()
        changed = text != self._kept
        self.save.setEnabled(changed and bool(text.strip()))
        self.undo.setEnabled(changed)
        editable = not self.text.isReadOnly()
        self.save.setVisible(editable)
        self.undo.setVisible(editable)
