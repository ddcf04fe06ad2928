"""The engine the windows talk to: opened, lost, opened again, switched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app import connection as connection_module
from app.bridge import Bridge
from app.connection import Connection
from app.status import Status
from engine.client.child import ChildEngine
from engine.client.local import LocalEngine
from engine.errors import ConfigFault, EnvironmentFault, PeerFault
from engine.messages import (
    ErrorEvent,
    HistoryList,
    Notice,
    ReplyDone,
    Result,
    SessionUpdate,
    State,
)
from engine.runtime import Engine
from tests.engine.client.test_child import kill
from tests.support.engine_client import NotedClient
from tests.support.hosted import SCRIPTED
from tests.support.placements import scripted_env
from tests.support.sound_server import SoundServer


class Noted:
    """A connection and all it tells."""

    def __init__(self) -> None:
        self.connection = Connection(Bridge())
        self.links: list[str] = []
        self.news: list[object] = []
        self.connection.changed.connect(self._note)
        self.connection.arrived.connect(self.news.append)

    def codes(self) -> list[str]:
        return [news.code for news in self.news if isinstance(news, Notice)]

    def _note(self, status: Status) -> None:
        if self.links[-1:] != [status.link]:
            self.links.append(status.link)


@pytest.fixture
def noted(qtbot: QtBot, no_worker_is_left: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Noted]:
    monkeypatch.setattr(connection_module, "DELAYS_S", (0,))
    noted = Noted()
    yield noted
    with qtbot.waitSignal(noted.connection.stopped, timeout=15000):
        noted.connection.stop()


class Makes:
    """Clients, one after the other, and how many were made."""

    def __init__(self, *clients: NotedClient) -> None:
        self.left = list(clients)
        self.made = 0

    def __call__(self) -> NotedClient:
        self.made += 1
        return self.left.pop(0)


def away() -> NotedClient:
    return NotedClient(EnvironmentFault("host-away", "The host is away."))


def test_an_engine_that_is_away_is_tried_again_until_it_is_there(qtbot: QtBot, noted: Noted) -> None:
    makes = Makes(away(), away(), NotedClient())
    noted.connection.open("remote", makes, "en")
    qtbot.waitUntil(lambda: noted.connection.status.link == "ready")
    assert noted.links == ["starting", "lost", "starting", "lost", "starting", "ready"]
    assert makes.made == 3


@pytest.mark.parametrize("fault", [ConfigFault("bad-persona", "No."), PeerFault("unknown-host", "No.")])
def test_what_waiting_does_not_change_is_not_tried_again(
    qtbot: QtBot, noted: Noted, fault: ConfigFault | PeerFault
) -> None:
    makes = Makes(NotedClient(fault), NotedClient())
    noted.connection.open("local", makes, "en")
    qtbot.waitUntil(lambda: noted.connection.status.link == "lost")
    qtbot.wait(30)
    assert makes.made == 1
    assert noted.connection.status.error is fault
    noted.connection.again()
    qtbot.waitUntil(lambda: noted.connection.status.link == "ready")


def test_another_engine_takes_the_place_of_one(qtbot: QtBot, noted: Noted) -> None:
    old, new = NotedClient(), NotedClient()
    noted.connection.open("local", lambda: old, "en")
    qtbot.waitUntil(lambda: noted.connection.status.link == "ready")
    noted.connection.open("child", lambda: new, "zh")
    qtbot.waitUntil(lambda: noted.connection.status.link == "ready")
    assert noted.links == ["starting", "ready", "starting", "ready"]
    assert (old.closed, new.hello.language, noted.connection.status.place) == (1, "zh", "child")


def test_questions_are_answered_and_fail_when_the_engine_goes(qtbot: QtBot, noted: Noted) -> None:
    client = NotedClient()
    answers: list[object] = []
    noted.connection.open("local", lambda: client, "en")
    noted.connection.ask(
        noted.connection, HistoryList(id=""), answers.append, lambda error: answers.append(error.code)
    )
    qtbot.waitUntil(lambda: len(client.sent) == 1)
    asked = client.sent[0]
    assert isinstance(asked, HistoryList)
    in_its_thread(noted, lambda: client.say(Result(id=asked.id, value=["a turn"])))
    qtbot.waitUntil(lambda: answers == [["a turn"]])
    noted.connection.ask(
        noted.connection, HistoryList(id=""), answers.append, lambda error: answers.append(error.code)
    )
    qtbot.waitUntil(lambda: len(client.sent) == 2)
    in_its_thread(noted, client.end)
    qtbot.waitUntil(lambda: answers == [["a turn"], "engine-lost"])
    assert noted.news == [], "answers are for who asked"


def in_its_thread(noted: Noted, act: Callable[[], None]) -> None:
    loop = noted.connection._bridge._loop
    assert loop
    loop.call_soon_threadsafe(act)


def test_hands_free_is_on_when_the_microphone_listens_and_off_when_the_engine_gives_up(
    qtbot: QtBot, noted: Noted, sound_server: SoundServer
) -> None:
    client = NotedClient()
    noted.connection.open("local", lambda: client, "en")
    noted.connection.listen_hands_free(True)
    qtbot.waitUntil(lambda: noted.connection.status.hands_free)
    qtbot.waitUntil(lambda: sound_server.listeners() == 1)
    in_its_thread(noted, lambda: client.say(Notice(code="hands-free-failed", message="")))
    qtbot.waitUntil(lambda: not noted.connection.status.hands_free)
    qtbot.waitUntil(lambda: sound_server.listeners() == 0)
    assert SessionUpdate(hands_free=False) in client.sent


def test_what_she_does_is_in_the_status(qtbot: QtBot, noted: Noted) -> None:
    client = NotedClient()
    noted.connection.open("local", lambda: client, "en")
    noted.connection.mute(True)
    qtbot.waitUntil(lambda: noted.connection.status.link == "ready")
    in_its_thread(noted, lambda: client.say(State(state="thinking"), ErrorEvent(code="c", message="m")))
    qtbot.waitUntil(lambda: noted.connection.status.activity == "thinking")
    assert noted.connection.status.muted
    qtbot.waitUntil(lambda: noted.news[-1:] == [ErrorEvent(code="c", message="m")])


def test_a_killed_child_is_away_for_a_while_and_then_answers(
    qtbot: QtBot, noted: Noted, tmp_path: Path, sound_server: SoundServer
) -> None:
    engine = ChildEngine(scripted_env(tmp_path / "data"))
    noted.connection.open("child", lambda: engine, "en")
    qtbot.waitUntil(lambda: noted.connection.status.link == "ready", timeout=20000)
    kill(engine)
    qtbot.waitUntil(lambda: noted.connection.status.link == "lost", timeout=10000)
    qtbot.waitUntil(lambda: noted.connection.status.link == "ready", timeout=20000)
    noted.connection.say("Are you there?")
    qtbot.waitUntil(lambda: any(isinstance(news, ReplyDone) for news in noted.news), timeout=20000)
    assert "connection-lost" in noted.codes()


def test_a_local_engine_answers(
    qtbot: QtBot, noted: Noted, tmp_path: Path, sound_server: SoundServer
) -> None:
    noted.connection.open("local", lambda: LocalEngine(Engine(SCRIPTED, tmp_path / "data")), "en")
    noted.connection.say("Hello.")
    qtbot.waitUntil(lambda: any(isinstance(news, ReplyDone) for news in noted.news), timeout=20000)
    assert {stage.state for stage in noted.connection.status.stages.values()} == {"ready"}


def test_who_has_gone_is_told_nothing(qtbot: QtBot, noted: Noted) -> None:
    client, answers, gone = NotedClient(), [], QObject()
    noted.connection.open("local", lambda: client, "en")
    noted.connection.ask(gone, HistoryList(id=""), answers.append, answers.append)
    noted.connection.ask(noted.connection, HistoryList(id=""), answers.append, answers.append)
    qtbot.waitUntil(lambda: len(client.sent) == 2)
    delete(gone)
    for asked in list(client.sent):
        assert isinstance(asked, HistoryList)
        in_its_thread(noted, lambda asked=asked: client.say(Result(id=asked.id, value=[asked.id])))
    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers == [["window-2"]]
