"""The chat over a real engine with scripted stages and a real record, and over one that is prompted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.connection import Connection
from app.i18n import Words
from app.panels.chat import ChatPanel
from app.panels.history import PAGE
from app.theme import LIGHT
from engine.client import EngineClient
from engine.client.local import LocalEngine
from engine.errors import EnvironmentFault
from engine.messages import (
    MAX_TEXT,
    ErrorEvent,
    InputText,
    Interrupt,
    MemoryForgetAll,
    Notice,
    ReplyDone,
    ReplyStart,
    ReplyText,
    ServerMessage,
    State,
    TranscriptEvent,
)
from engine.runtime import Engine
from tests.support.engine_client import NotedClient
from tests.support.hosted import SCRIPTED
from tests.support.sound_server import SoundServer

REPLIES = "[happy] Nice to see you!||[sad] One two three. " + "And on and on it goes. " * 40


class Chat:
    """A connection and its panel. `end` it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.bridge = Bridge()
        self.connection = Connection(self.bridge)
        self.stopped = False
        self.connection.stopped.connect(self._on_stopped)
        self.panel = ChatPanel(Words("en"), LIGHT, self.connection)
        qtbot.addWidget(self.panel)
        self.panel.show()
        self.panel.activateWindow()
        qtbot.waitActive(self.panel)

    def open(self, make_client: Callable[[], EngineClient]) -> None:
        self.connection.open("local", make_client, "en")
        self.until(lambda: self.connection.status.link == "ready")

    def end(self) -> None:
        self.connection.stop()
        self.until(lambda: self.stopped)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=20000)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.panel._composer, text)
        self.qtbot.keyClick(self.panel._composer, Qt.Key.Key_Return)

    def find(self, text: str) -> None:
        self.qtbot.keyClick(self.panel, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        self.panel._search_bar.open()
        field = self.panel._search_bar.field
        field.setText(text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        return [(row.kind, row.text, row.state) for row in self.panel._model.rows]

    @property
    def users(self) -> list[str]:
        return [text for kind, text, _ in self.rows if kind == "user"]

    @property
    def current(self) -> str:
        return self.panel._view.currentIndex().data() or ""

    @property
    def state(self) -> str:
        return self.panel._state.text()

    def _on_stopped(self) -> None:
        self.stopped = True


@pytest.fixture
def chat(qtbot: QtBot, no_worker_is_left: None) -> Iterator[Chat]:
    chat = Chat(qtbot)
    yield chat
    if not chat.stopped:
        chat.end()


class Told:
    """An engine that says what the test lets it."""

    def __init__(self, chat: Chat) -> None:
        self.client = NotedClient()
        self.chat = chat
        chat.open(lambda: self.client)

    def say(self, *messages: ServerMessage) -> None:
        assert self.chat.bridge._loop
        arrived: list[object] = []
        self.chat.connection.arrived.connect(arrived.append)
        self.chat.bridge._loop.call_soon_threadsafe(lambda: self.client.say(*messages))
        self.chat.until(lambda: messages[-1] in arrived)
        self.chat.connection.arrived.disconnect(arrived.append)

    def sent(self, kind: type) -> list[object]:
        return [message for message in self.client.sent if isinstance(message, kind)]


@pytest.fixture
def told(chat: Chat) -> Told:
    return Told(chat)


def scripted(folder: Path) -> Callable[[], EngineClient]:
    return lambda: LocalEngine(Engine(SCRIPTED, folder, options={"llm": {"replies": REPLIES}}))


def fill(folder: Path, turns: int) -> None:
    """Puts turns into the record that is there; every hundredth is about tea, all are answered."""
    record = next(folder.rglob("*.sqlite*"))
    with sqlite3.connect(record) as database:
        database.executemany(
            "INSERT INTO turns (profile_id, session, turn, at_ms, text, language, source, emotion, reply,"
            " reply_emotion, outcome, extracted, embedded)"
            " VALUES (1, 'before', ?, ?, ?, 'en', 'typed', '', ?, 'happy', 'done', 1, 1)",
            [
                (number, 1_700_000_000_000 + 60_000 * number, text, f"answer {number}")
                for number in range(turns)
                for text in [f"tea number {number}" if number % 100 == 0 else f"question {number}"]
            ],
        )
    database.close()


# -------------------------------------------------------------------- a real engine


def test_a_conversation_is_there_again_after_a_restart(
    qtbot: QtBot, chat: Chat, sound_server: SoundServer, tmp_path: Path
) -> None:
    assert chat.panel._pages.currentIndex() == 0, "nothing said yet"
    chat.open(scripted(tmp_path / "data"))
    chat.type("Hello there")
    assert chat.rows[0] == ("user", "Hello there", "sending")
    assert chat.panel.draft == ""
    assert chat.panel._pages.currentIndex() == 1
    answered = [("user", "Hello there", "done"), ("reply", "Nice to see you!", "done")]
    chat.until(lambda: chat.rows == answered)
    assert chat.panel._model.rows[1].emotion == "happy"
    chat.type("Tell me a story")
    chat.until(lambda: not (moment := chat.connection.heard()).position.ended and moment.subtitle)
    chat.until(lambda: (subtitle := chat.connection.heard().subtitle) and subtitle.heard > 4)
    assert chat.state == "Speaking …"
    qtbot.keyClick(chat.panel, Qt.Key.Key_Escape)
    chat.until(lambda: chat.rows[-1][2] == "cut")
    cut = chat.rows
    assert cut[:3] == [*answered, ("user", "Tell me a story", "done")]
    assert len(cut[3][1]) < 200
    chat.until(lambda: not chat.panel._interrupt.isEnabled())
    chat.end()

    again = Chat(qtbot)
    again.open(scripted(tmp_path / "data"))
    again.until(lambda: again.rows)
    assert again.rows == cut
    assert again.panel._model.rows[1].emotion == "happy"
    again.end()


def test_the_engine_is_opened_again_and_nothing_is_there_twice(
    chat: Chat, sound_server: SoundServer, tmp_path: Path
) -> None:
    chat.open(scripted(tmp_path / "data"))
    chat.type("Hello there")
    chat.until(lambda: chat.rows[-1][2] == "done" and len(chat.rows) == 2)
    before = chat.rows
    chat.open(scripted(tmp_path / "data"))
    chat.until(lambda: not chat.panel._history._loading)
    assert chat.rows == before
    chat.open(scripted(tmp_path / "other"))
    chat.until(lambda: chat.rows == [])
    assert chat.panel._pages.currentIndex() == 0


def test_what_is_forgotten_is_gone_from_the_chat(
    chat: Chat, sound_server: SoundServer, tmp_path: Path
) -> None:
    chat.open(scripted(tmp_path / "data"))
    chat.type("Hello there")
    chat.until(lambda: chat.rows[-1][2] == "done" and len(chat.rows) == 2)
    chat.connection.ask(
        chat.panel, MemoryForgetAll(id=""), lambda _: None, lambda error: pytest.fail(error.message)
    )
    chat.until(lambda: chat.rows == [])


def test_thousands_of_turns_are_read_page_by_page_and_searched(
    qtbot: QtBot, chat: Chat, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    chat.open(scripted(folder))
    chat.end()
    fill(folder, 5000)
    again = Chat(qtbot)
    again.open(scripted(folder))
    again.until(lambda: again.rows)
    assert len(again.users) == PAGE
    assert again.users[-1] == "question 4999"
    again.panel._view.verticalScrollBar().setValue(0)
    again.until(lambda: len(again.users) == 2 * PAGE)
    again.find("tea")
    assert again.current == "tea number 4900"
    assert again.panel._search_bar._said.text() == "1 of 1, and more before"
    QTest.keyClick(again.panel, Qt.Key.Key_F3)
    again.until(lambda: again.current == "tea number 4800")
    QTest.keyClick(again.panel, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert again.current == "tea number 4900"
    again.find("tea number 700")
    again.until(lambda: again.current == "tea number 700")
    assert len(again.users) >= 4300
    again.find("answer 4")
    assert again.current.startswith("answer 4"), "replies are searched too"
    again.find("never said")
    again.until(lambda: again.panel._search_bar._said.text() == "Nothing found")
    qtbot.keyClick(again.panel, Qt.Key.Key_Escape)
    assert not again.panel._search_bar.isVisible()
    assert again.panel._view._delegate.needle == ""
    again.end()


# -------------------------------------------------------------------- an engine that says what it is told


def test_chinese_is_typed_by_input_method(chat: Chat, told: Told) -> None:
    composer = chat.panel._composer
    QCoreApplication.sendEvent(composer, QInputMethodEvent("ni hao", []))
    chat.qtbot.keyClick(composer, Qt.Key.Key_Return)
    commit = QInputMethodEvent("", [])
    commit.setCommitString("你好")
    QCoreApplication.sendEvent(composer, commit)
    assert chat.rows == []
    chat.qtbot.keyClick(composer, Qt.Key.Key_Return)
    chat.until(lambda: told.sent(InputText))
    assert told.sent(InputText) == [InputText(text="你好")]


def test_nothing_is_sent_while_there_is_no_engine_and_nothing_is_lost(chat: Chat) -> None:
    chat.type("are you there?")
    assert chat.panel.draft == "are you there?"
    assert chat.rows == []
    assert not chat.panel._send.isEnabled()
    assert chat.state.startswith("She is not there right now.")
    told = Told(chat)
    assert chat.state == ""
    chat.qtbot.mouseClick(chat.panel._send, Qt.MouseButton.LeftButton)
    chat.until(lambda: told.sent(InputText))
    assert chat.rows == [("user", "are you there?", "sending")]


def test_what_a_lost_engine_did_not_take_is_in_the_field_again(chat: Chat, told: Told) -> None:
    chat.type("first")
    chat.type("second")
    told.say(TranscriptEvent(turn=1, text="first"), ReplyStart(stream=1, turn=1))
    told.say(ReplyText(stream=1, delta="Well"))
    chat.qtbot.keyClicks(chat.panel._composer, "third")
    assert chat.bridge._loop
    chat.bridge._loop.call_soon_threadsafe(told.client.end)
    chat.until(lambda: chat.connection.status.link == "lost")
    assert chat.panel.draft == "second\nthird"
    assert chat.rows == [("user", "first", "done"), ("reply", "Well", "cut")]
    assert not chat.panel._talk.isEnabled()


def test_a_new_session_has_not_taken_it_either(chat: Chat, told: Told) -> None:
    chat.type("first")
    told.say(Notice(code="connection-lost", message="The engine is away."))
    assert chat.rows[0] == ("user", "first", "sending"), "the session may go on"
    assert chat.state.startswith("She is not there right now.")
    told.say(Notice(code="connection-new-session", message="It begins anew."))
    assert chat.panel.draft == "first"
    assert [row[0] for row in chat.rows] == ["notice", "notice"]
    assert chat.state == ""


def test_what_is_refused_is_in_the_field_again(chat: Chat, told: Told) -> None:
    chat.type("too much")
    told.say(ErrorEvent(code="rate-limited", message="Slower, please."))
    assert chat.panel.draft == "too much"
    assert chat.rows == [("error", "Slower, please.", "done")]


def test_a_panel_made_anew_in_the_middle_of_a_reply(chat: Chat, told: Told, qtbot: QtBot) -> None:
    chat.panel.draft = "half a sen"
    told.say(TranscriptEvent(turn=1, text="hi"), ReplyStart(stream=1, turn=1))
    panel = ChatPanel(Words("zh"), LIGHT, chat.connection)
    qtbot.addWidget(panel)
    panel.draft = chat.panel.draft
    asked = len(told.client.sent)
    told.say(ReplyText(stream=1, delta="Hello"), ReplyDone(stream=1, turn=1))
    assert panel._model.rows == []
    chat.until(lambda: len(told.client.sent) > asked)
    assert panel.draft == "half a sen"


def test_characters_are_counted_when_there_are_many(chat: Chat, told: Told) -> None:
    count = chat.panel._count
    chat.panel.draft = "a" * 100
    assert count.text() == ""
    chat.panel.draft = "好" * (MAX_TEXT - 10)
    assert count.text() == "10 characters left"
    chat.panel.draft = "😊" * MAX_TEXT
    assert count.text() == "0 characters left"
    assert chat.panel._send.isEnabled()
    chat.panel.draft = "a" * (MAX_TEXT + 5)
    assert count.text() == "5 characters too many"
    assert not chat.panel._send.isEnabled()
    chat.qtbot.keyClick(chat.panel._composer, Qt.Key.Key_Return)
    assert len(chat.panel.draft) == MAX_TEXT + 5
    chat.panel.draft = " \n "
    assert not chat.panel._send.isEnabled()


def test_what_she_does_is_shown_and_can_be_stopped(chat: Chat, told: Told, qtbot: QtBot) -> None:
    stop = chat.panel._interrupt
    seen = []
    for state in ("listening", "thinking", "speaking", "idle"):
        told.say(State(state=state))
        seen.append((chat.state, stop.isEnabled(), chat.panel._talk._timer.isActive()))
    assert seen == [
        ("Listening …", False, True),
        ("Thinking …", True, False),
        ("Speaking …", True, False),
        ("", False, False),
    ]
    qtbot.keyClick(chat.panel, Qt.Key.Key_Escape)
    told.say(State(state="speaking"))
    qtbot.keyClick(chat.panel, Qt.Key.Key_Escape)
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    chat.until(lambda: len(told.sent(Interrupt)) == 2)


def test_the_first_start_says_how_to_talk(chat: Chat) -> None:
    assert "Hold F8" in chat.panel._how.text()
    chat.panel.talk_key = "Ctrl+Space"
    assert "Hold Ctrl+Space" in chat.panel._how.text()


def test_a_record_that_cannot_be_read_is_told(chat: Chat, told: Told) -> None:
    chat.panel._on_no_history(EnvironmentFault("record-damaged", "The record is damaged."))
    assert chat.rows[0][0] == "error"
    assert chat.rows[0][1].startswith("Older messages could not be read: ")


def test_everything_has_a_name_and_can_be_reached_by_tab(chat: Chat, told: Told) -> None:
    panel = chat.panel
    panel.draft = "a"
    told.say(State(state="speaking"))
    panel._search_bar.open()
    for button in panel.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text() or not button.isVisible(), button
    wanted = [panel._composer, panel._send, panel._interrupt, panel._talk, panel._find]
    reached = []
    widget: QWidget | None = panel._composer
    for _ in range(40):
        assert widget
        reached.append(widget)
        widget = widget.nextInFocusChain()
    order = [reached.index(widget) for widget in wanted]
    assert order == sorted(order)
    panel._search_bar.close_search()
