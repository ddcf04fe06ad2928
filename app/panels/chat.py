"""The chat: what was said, from the record and as it happens; and a field to write, a button to talk.

What is written leaves the field only when there is an engine to send it to, and comes back into it when that
is lost before it has taken it. So nothing written gets lost, and nothing is sent at a time nobody expects.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.connection import Connection
from app.i18n import Words
from app.panels.chat_delegate import ChatDelegate
from app.panels.chat_model import ChatModel
from app.panels.chat_view import ChatView
from app.panels.composer import LOWEST, Composer
from app.panels.history import History
from app.panels.search_bar import SearchBar
from app.panels.searching import Searching
from app.panels.talk_button import TalkButton
from app.panels.timeline import Edit, Timeline
from app.status import Status
from app.talk import DeviceNews
from app.theme import SPACING, Theme
from engine.errors import CompanionError
from engine.messages import (
    MAX_TEXT,
    ErrorEvent,
    MemoryChanged,
    Notice,
    ReplyCancelled,
    ReplyDone,
    ServerMessage,
)
from engine.notices import sentence

REFUSALS = ("text-too-long", "text-empty", "rate-limited")
"""Errors by which an engine refuses what was typed."""
_WARN_LEFT = 2000
"""From how many characters left they are counted."""
_SIZE = 520, 680


def _now() -> datetime:
    return datetime.now(UTC)


class ChatPanel(QWidget):
    """Belongs to one connection."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        connection: Connection,
        talk_key: str = "F8",
        now: Callable[[], datetime] = _now,
        zone: tzinfo | None = None,
    ) -> None:
        """`talk_key` is what the user holds to talk from anywhere; times are those of `zone` (None: of this
        computer)."""
        super().__init__()
        self._words = words
        self._connection = connection
        self._now = now
        self._timeline = Timeline()
        self._model = ChatModel(words, now, zone)
        self._view = ChatView(words, self._model, ChatDelegate(words, theme, self.font()))
        self._history = History(self, connection, self._timeline, self._apply, self._on_no_history)
        self._search_bar = SearchBar(words)
        self._searching = Searching(
            words, connection, self._history, self._model, self._view, self._search_bar
        )
        self._composer = Composer(words)
        self._talk = TalkButton(words, theme, lambda: connection.level_dbfs)
        self._send = QPushButton(words("chat.send"))
        self._interrupt = QPushButton(words("chat.interrupt"))
        self._state = QLabel()
        self._count = QLabel()
        self._find = QToolButton()
        self._how = QLabel()
        self._pages = QStackedWidget()
        self._status = Status()
        self.setWindowTitle(words("chat.title"))
        self.resize(*_SIZE)
        self._arrange()
        self._connect()
        self.talk_key = talk_key
        self._on_written()
        self._on_status(connection.status)

    @property
    def draft(self) -> str:
        """What is written and not sent."""
        return self._composer.toPlainText()

    @draft.setter
    def draft(self, text: str) -> None:
        self._composer.setPlainText(text)
        self._composer.moveCursor(QTextCursor.MoveOperation.End)

    @property
    def talk_key(self) -> str:
        """The key that is held to talk, as it is called."""
        return self._talk_key

    @talk_key.setter
    def talk_key(self, name: str) -> None:
        self._talk_key = name
        self._how.setText(self._words("chat.empty", key=name))

    # ------------------------------------------------------------ looks

    def _arrange(self) -> None:
        words = self._words
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._view)
        self._state.setProperty("role", "muted")
        self._state.setWordWrap(True)
        self._count.setProperty("role", "muted")
        self._find.setText(words("chat.find"))
        self._send.setProperty("role", "primary")
        self._interrupt.setToolTip(words("chat.interrupt-hint"))
        top = QHBoxLayout()
        top.addWidget(self._state, 1)
        top.addWidget(self._count)
        top.addWidget(self._find)
        bottom = QHBoxLayout()
        bottom.setSpacing(SPACING)
        self._talk.setFixedWidth(LOWEST)
        bottom.addWidget(self._talk, 0, Qt.AlignmentFlag.AlignBottom)
        bottom.addWidget(self._composer, 1, Qt.AlignmentFlag.AlignBottom)
        bottom.addWidget(self._interrupt, 0, Qt.AlignmentFlag.AlignBottom)
        bottom.addWidget(self._send, 0, Qt.AlignmentFlag.AlignBottom)
        for button in (self._talk, self._interrupt, self._send):
            button.setFixedHeight(LOWEST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(SPACING)
        layout.addWidget(self._search_bar)
        layout.addWidget(self._pages, 1)
        layout.addLayout(top)
        layout.addLayout(bottom)
        for before, after in (
            (self._composer, self._send),
            (self._send, self._interrupt),
            (self._interrupt, self._talk),
            (self._talk, self._find),
            (self._find, self._view),
        ):
            self.setTabOrder(before, after)
        self.setFocusProxy(self._composer)

    def _empty_page(self) -> QWidget:
        page, title = QWidget(), QLabel(self._words("chat.empty-title"))
        title.setProperty("role", "title")
        self._how.setProperty("role", "muted")
        layout = QVBoxLayout(page)
        layout.setSpacing(SPACING)
        layout.addStretch()
        for label in (title, self._how):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addStretch()
        return page

    def _connect(self) -> None:
        connection = self._connection
        connection.changed.connect(self._on_status)
        connection.arrived.connect(self._on_arrived)
        self._composer.submitted.connect(self._submit)
        self._composer.textChanged.connect(self._on_written)
        self._send.clicked.connect(self._submit)
        self._interrupt.clicked.connect(connection.interrupt)
        self._talk.pressed.connect(connection.press)
        self._talk.released.connect(connection.release)
        self._find.clicked.connect(self._search_bar.open)
        self._search_bar.closed.connect(self._composer.setFocus)
        self._view.older_wanted.connect(self._history.older)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._search_bar.open)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)

    # ------------------------------------------------------------ what the user does

    def _submit(self) -> None:
        text = self.draft.strip()
        if not self._send.isEnabled():
            return
        self._composer.clear()
        self._apply(self._timeline.say(text, self._now()))
        self._view.go_to_end()
        self._connection.say(text)

    def _escape(self) -> None:
        if self._search_bar.isVisible():
            self._search_bar.close_search()
        elif self._interrupt.isEnabled():
            self._connection.interrupt()

    def _on_written(self) -> None:
        left = MAX_TEXT - len(self.draft.strip())
        code = "chat.left" if left >= 0 else "chat.too-long"
        self._count.setText(self._words(code, count=abs(left)) if left < _WARN_LEFT else "")
        self._enable()

    def _enable(self) -> None:
        ready = self._status.link == "ready"
        self._send.setEnabled(ready and 0 < len(self.draft.strip()) <= MAX_TEXT)
        self._interrupt.setEnabled(ready and self._status.activity in ("thinking", "speaking"))
        self._talk.setEnabled(ready)

    # ------------------------------------------------------------ what happens

    def _on_status(self, status: Status) -> None:
        before, self._status = self._status, status
        if status.link in ("off", "starting") or status.error:
            self._lose()
        if status.link == "ready" and before.link in ("off", "starting"):
            self._history.restart()
        self._talk.listen(status.activity == "listening" or self._talk.isDown())
        self._state.setText(self._state_line(status))
        self._enable()

    def _state_line(self, status: Status) -> str:
        match status.link:
            case "starting":
                return self._words("chat.starting")
            case "ready":
                return "" if status.activity == "idle" else self._words(f"chat.{status.activity}")
            case _:
                return self._words("chat.away")

    def _on_arrived(self, message: ServerMessage | DeviceNews) -> None:
        if isinstance(message, DeviceNews):
            return
        match message:
            case Notice(code="connection-new-session"):
                self._lose()
            case ErrorEvent() if message.code in REFUSALS:
                self._give_back()
            case MemoryChanged():
                self._read_again()
            case ReplyDone() | ReplyCancelled() if not self._timeline.knows(message.stream):
                self._read_again()
            case _:
                pass
        self._apply(self._timeline.told(message, self._now()))

    def _lose(self) -> None:
        self._apply(self._timeline.lost())
        self._give_back()

    def _give_back(self) -> None:
        """What was not taken is in the field again, before what is written there now."""
        edits, texts = self._timeline.give_back()
        self._apply(edits)
        if texts:
            written = [self.draft] if self.draft.strip() else []
            self.draft = "\n".join([*texts, *written])

    def _read_again(self) -> None:
        """Something may have been forgotten, or have ended that this panel did not see begin."""
        self._history.restart(sum(row.kind == "user" for row in self._model.rows))

    def _on_no_history(self, error: CompanionError) -> None:
        text = self._words("chat.older-failed", reason=sentence(error, self._words.language))
        self._apply(self._timeline.told(ErrorEvent(code=error.code, message=text), self._now()))

    def _apply(self, edits: list[Edit]) -> None:
        self._model.apply(edits)
        self._pages.setCurrentIndex(1 if self._model.rows else 0)
