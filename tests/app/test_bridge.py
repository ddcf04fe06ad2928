"""The crossing between Qt's thread and a conversation in another one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import bridge as bridge_module
from app.bridge import Bridge
from app.heard import SILENCE
from app.talk import Devices
from engine.audio import SILENT_DBFS
from engine.client.child import ChildEngine
from engine.client.local import LocalEngine
from engine.errors import EnvironmentFault
from engine.messages import (
    HistoryList,
    InputText,
    Notice,
    ReplyDone,
    ReplySegment,
    ReplyText,
    Result,
    SpeechAudio,
)
from engine.runtime import Engine
from tests.conftest import ExpectLog
from tests.engine.client.test_child import kill
from tests.support.engine_client import NotedClient
from tests.support.hosted import SCRIPTED
from tests.support.placements import scripted_env
from tests.support.sound_server import SoundServer

BLOCKED_S = 0.05
"""Longest that the Qt thread may be kept."""


class Noted:
    """All that a bridge signals, in order, and the threads it came in."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.told: list[object] = []
        self.threads: set[int] = set()
        bridge.opened.connect(lambda _welcome: self._note("opened"))
        bridge.arrived.connect(self._note)
        bridge.lost.connect(lambda error: self._note(error and error.code))
        bridge.stopped.connect(lambda: self._note("stopped"))

    def codes(self) -> list[str]:
        return [news.code for news in self.told if isinstance(news, Notice)]

    def _note(self, news: object) -> None:
        self.told.append(news)
        self.threads.add(threading.get_ident())


@pytest.fixture
def noted(qtbot: QtBot, no_worker_is_left: None) -> Iterator[Noted]:
    """A bridge, which is stopped after the test, and leaves no thread behind."""
    noted = Noted(Bridge())
    yield noted
    noted.bridge.stop()
    qtbot.waitUntil(lambda: "stopped" in noted.told, timeout=15000)
    thread = noted.bridge._thread
    qtbot.waitUntil(lambda: not thread or not thread.is_alive())
    assert noted.threads == {threading.get_ident()}, "a signal came in another thread"
    assert noted.told[-1] == "stopped"
    assert noted.told.count("stopped") == 1


def made(client: NotedClient) -> Callable[[], NotedClient]:
    return lambda: client


def in_its_thread(bridge: Bridge, act: Callable[[], None]) -> None:
    assert bridge._loop
    bridge._loop.call_soon_threadsafe(act)


def test_everything_arrives_in_the_qt_thread_in_order(qtbot: QtBot, noted: Noted) -> None:
    client = NotedClient()
    said = [Notice(code=str(number), message="") for number in range(300)]
    noted.bridge.start(made(client))
    qtbot.waitUntil(lambda: noted.told == ["opened"])
    in_its_thread(noted.bridge, lambda: client.say(*said))
    qtbot.waitUntil(lambda: len(noted.told) == 301)
    assert noted.told[1:] == said


def test_stopping_ends_the_conversation_first(qtbot: QtBot, noted: Noted) -> None:
    client = NotedClient()
    noted.bridge.start(made(client))
    qtbot.waitUntil(lambda: noted.told == ["opened"])
    noted.bridge.stop()
    noted.bridge.stop()
    qtbot.waitUntil(lambda: "stopped" in noted.told)
    assert noted.told == ["opened", None, "stopped"]
    assert client.closed == 1
    noted.bridge.say("nobody hears")


def test_a_bridge_that_never_began_stops_too(qtbot: QtBot, noted: Noted) -> None:
    noted.bridge.say("nobody hears")
    noted.bridge.stop()
    qtbot.waitUntil(lambda: noted.told == ["stopped"])


def test_stopping_during_start_up(qtbot: QtBot, noted: Noted) -> None:
    client = NotedClient()
    client.opening.clear()
    noted.bridge.start(made(client))
    qtbot.waitUntil(lambda: hasattr(client, "hello"))
    noted.bridge.stop()
    qtbot.waitUntil(lambda: "stopped" in noted.told)
    assert noted.told == [None, "stopped"]
    assert client.closed == 1


def test_an_engine_that_cannot_be_opened_and_then_one_that_can(qtbot: QtBot, noted: Noted) -> None:
    noted.bridge.start(made(NotedClient(EnvironmentFault("host-away", "The host is away."))))
    qtbot.waitUntil(lambda: noted.told == ["host-away"])
    noted.bridge.start(made(NotedClient()))
    qtbot.waitUntil(lambda: noted.told == ["host-away", "opened"])


def test_the_engine_is_switched_while_it_runs(qtbot: QtBot, noted: Noted) -> None:
    old, new = NotedClient(), NotedClient()
    noted.bridge.start(made(old))
    qtbot.waitUntil(lambda: noted.told == ["opened"])
    noted.bridge.start(made(new))
    qtbot.waitUntil(lambda: noted.told == ["opened", None, "opened"])
    assert old.closed
    assert new.is_open


def test_no_call_keeps_the_qt_thread(qtbot: QtBot, noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge_module, "STOP_S", 5.0)
    bridge = noted.bridge
    busy = NotedClient()

    def slow() -> NotedClient:
        time.sleep(0.3)  # e.g. an import
        return busy

    calls: list[Callable[[], object]] = [
        lambda: bridge.start(slow),
        bridge.press,
        bridge.release,
        lambda: bridge.hands_free(True),
        lambda: bridge.hands_free(False),
        lambda: bridge.say("hello"),
        bridge.interrupt,
        lambda: bridge.use(Devices()),
        bridge.heard,
        lambda: bridge.level_dbfs,
        bridge.stop,
    ]
    for call in calls:
        begun = time.monotonic()
        call()
        assert time.monotonic() - begun < BLOCKED_S
    assert (bridge.heard(), bridge.level_dbfs) == (SILENCE, SILENT_DBFS)


def test_a_qt_thread_that_does_not_read_pauses_the_engine(
    qtbot: QtBot, noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge_module, "MOST_UNREAD", 10)
    client = NotedClient()
    noted.bridge.start(made(client))
    qtbot.waitUntil(lambda: noted.told == ["opened"])
    in_its_thread(noted.bridge, lambda: client.say(*[Notice(code="c", message="m")] * 100))
    turned = threading.Event()
    for _ in range(50):  # the conversation has its turns; Qt has none
        turned.clear()
        in_its_thread(noted.bridge, turned.set)
        assert turned.wait(10)
    assert client._events.qsize() >= 85
    qtbot.waitUntil(lambda: len(noted.told) == 101)


def test_an_end_that_takes_too_long_is_left_behind(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, expect_log: ExpectLog
) -> None:
    expect_log("does not end", level=40)
    monkeypatch.setattr(bridge_module, "STOP_S", 0.05)
    client, may_close = NotedClient(), threading.Event()
    close = client.close

    async def hang() -> None:
        may_close.wait(10)
        await close()

    client.close = hang  # type: ignore[method-assign]
    noted = Noted(Bridge())
    noted.bridge.start(made(client))
    qtbot.waitUntil(lambda: noted.told == ["opened"])
    noted.bridge.stop()
    qtbot.waitUntil(lambda: noted.told == ["opened", "stopped"])
    may_close.set()
    qtbot.waitUntil(lambda: noted.told == ["opened", "stopped", None])
    thread = noted.bridge._thread
    assert thread
    qtbot.waitUntil(lambda: not thread.is_alive())
    qtbot.wait(1)
    assert noted.told == ["opened", "stopped", None]


def test_a_typed_turn_over_an_engine_of_this_process(
    qtbot: QtBot, noted: Noted, sound_server: SoundServer, tmp_path: Path
) -> None:
    noted.bridge.start(lambda: LocalEngine(Engine(SCRIPTED, tmp_path / "data")))
    noted.bridge.say("hello")
    mouths: list[float] = []

    def done() -> bool:
        mouth = noted.bridge.heard().mouth
        mouths.append(mouth.open if mouth else 0.0)
        return any(isinstance(news, ReplyDone) for news in noted.told)

    qtbot.waitUntil(done, timeout=20000)
    assert max(mouths) > 0.3
    kinds = {type(news) for news in noted.told}
    assert {ReplyText, ReplySegment} <= kinds
    assert SpeechAudio not in kinds
    noted.bridge.send(HistoryList(id="h"))
    qtbot.waitUntil(lambda: isinstance(noted.told[-1], Result))
    assert noted.told[-1].value[0]["user"] == "hello"


def test_a_child_engine_killed_in_mid_reply_is_told_and_the_next_turn_works(
    qtbot: QtBot, noted: Noted, sound_server: SoundServer, tmp_path: Path
) -> None:
    engine = ChildEngine(scripted_env(tmp_path))
    noted.bridge.start(lambda: engine)
    noted.bridge.say("hello")
    qtbot.waitUntil(lambda: noted.bridge.heard().mouth is not None, timeout=30000)
    kill(engine)
    qtbot.waitUntil(lambda: "connection-lost" in noted.codes(), timeout=10000)
    qtbot.waitUntil(lambda: noted.bridge.heard() == SILENCE, timeout=10000)
    qtbot.waitUntil(lambda: "connection-new-session" in noted.codes(), timeout=30000)
    noted.bridge.say("and again")
    qtbot.waitUntil(lambda: any(isinstance(news, ReplyDone) for news in noted.told), timeout=20000)
    assert noted.told.count("opened") == 1
    assert None not in noted.told


@pytest.mark.parametrize("after_ms", [0, 10, 100, 300])
def test_stopping_while_an_engine_of_this_process_starts(
    qtbot: QtBot, noted: Noted, tmp_path: Path, after_ms: int
) -> None:
    noted.bridge.start(lambda: LocalEngine(Engine(SCRIPTED, tmp_path / "data")))
    qtbot.wait(after_ms)
    noted.bridge.stop()
    qtbot.waitUntil(lambda: "stopped" in noted.told, timeout=15000)
    assert not [news for news in noted.told if news in ("engine-lost", "internal-error")]


def test_many_bridges_after_one_another(qtbot: QtBot) -> None:
    for _ in range(20):
        client = NotedClient()
        noted = Noted(Bridge())
        noted.bridge.start(made(client))
        noted.bridge.say("hello")
        qtbot.waitUntil(lambda noted=noted: noted.told == ["opened"])
        noted.bridge.stop()
        qtbot.waitUntil(lambda noted=noted: noted.told == ["opened", None, "stopped"])
        assert client.sent in ([], [InputText(text="hello")])
