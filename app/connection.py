"""The engine the windows talk to: where it runs, whether it is there, and the way to it.

Engines mend what they can themselves: a child is started again, a remote host is dialled again, and both say
so in notices. What ends a conversation for good comes here as `lost`. Then the engine is opened again after a
while that grows, unless it is the settings that are wrong: waiting does not change those.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.asking import Asking, Failure, Request, Success
from app.bridge import Bridge
from app.heard import Moment
from app.status import Status
from app.talk import DeviceNews, Devices, HandsFreeNews
from engine.client import EngineClient
from engine.client.opening import Place
from engine.errors import CompanionError, ConfigFault, PeerFault
from engine.messages import Notice, ServerMessage, SessionUpdate, Welcome

log = logging.getLogger(__name__)

DELAYS_S = (1, 2, 4, 8, 15, 30)
"""Before the engine is opened again; the last one goes on."""


class Connection(QObject):
    """Belongs to the Qt thread; its methods return at once."""

    changed = Signal(object)
    """The Status from now on."""
    arrived = Signal(object)
    """A message of the engine (no sound, and no answer to a question), or DeviceNews."""
    stopped = Signal()
    """Everything has ended."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._asking = Asking(bridge.send)
        self._again: Callable[[], None] = lambda: None
        self._failures = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.again)
        self.status = Status()
        bridge.opened.connect(self._on_opened)
        bridge.arrived.connect(self._on_arrived)
        bridge.lost.connect(self._on_lost)
        bridge.stopped.connect(self.stopped)

    # ------------------------------------------------------------ the engine

    def open(self, place: Place, make_client: Callable[[], EngineClient], language: str) -> None:
        """Talks to that engine from now on; another one is closed first. `make_client` is called in another
        thread, each time it is tried; `language` as in Hello."""

        def start() -> None:
            self._timer.stop()
            self._asking.lost()
            self._set(self.status.starting(place))
            self._bridge.start(make_client, language)

        self._failures = 0
        self._again = start
        start()

    def again(self) -> None:
        """Opens the engine anew: it was lost, or shall read its settings again."""
        self._again()

    def stop(self) -> None:
        """Ends the conversation; `stopped` follows."""
        self._timer.stop()
        self._again = lambda: None
        self._bridge.stop()

    # ------------------------------------------------------------ what the user does

    def press(self) -> None:
        """The key to talk goes down."""
        self._bridge.press()

    def release(self) -> None:
        """The key to talk goes up."""
        self._bridge.release()

    def listen_hands_free(self, on: bool) -> None:
        """Listens all the time, or no more; `changed` tells when it is so."""
        self._bridge.hands_free(on)

    def mute(self, on: bool) -> None:
        """She speaks without a sound, or is heard again."""
        self._bridge.mute(on)
        self._set(self.status.with_muted(on))

    def pause_memory(self, on: bool) -> None:
        """Nothing new is remembered, in every session to come, or is again."""
        self._bridge.send(SessionUpdate(memory=not on))
        self._set(self.status.with_paused(on))

    def say(self, text: str) -> None:
        """A typed turn."""
        self._bridge.say(text)

    def interrupt(self) -> None:
        """Stops her speech."""
        self._bridge.interrupt()

    def update(self, update: SessionUpdate) -> None:
        """Changes the session; for hands-free listening see `listen_hands_free`."""
        self._bridge.send(update)

    def ask(self, owner: QObject, request: Request, success: Success, failure: Failure) -> None:
        """Asks about history or memories (the id of `request` is given here); one of the two is called later,
        in the Qt thread, unless `owner` has gone meanwhile."""

        def answer(value: Any) -> None:
            if isValid(owner):
                success(value)

        def fail(error: CompanionError) -> None:
            if isValid(owner):
                failure(error)

        self._asking.ask(request, answer, fail)

    def use(self, devices: Devices) -> None:
        """Plays on this speaker and listens to this microphone from now on."""
        self._bridge.use(devices)

    def heard(self) -> Moment:
        """What is heard at this moment."""
        return self._bridge.heard()

    @property
    def level_dbfs(self) -> float:
        """How loud the microphone hears, as RMS."""
        return self._bridge.level_dbfs

    # ------------------------------------------------------------ inside

    def _set(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)

    def _on_opened(self, welcome: Welcome) -> None:
        log.info("the engine is there (%s)", self.status.place)
        self._failures = 0
        self._timer.stop()
        self._pause_again()
        self._set(self.status.opened(welcome))

    def _on_arrived(self, news: ServerMessage | DeviceNews | HandsFreeNews) -> None:
        if isinstance(news, HandsFreeNews):
            self._set(self.status.with_hands_free(news.on))
            return
        if isinstance(news, DeviceNews):
            self._set(self.status.with_device(news))
            self.arrived.emit(news)
            return
        if self._asking.told(news):
            return
        self._set(self.status.told(news))
        if isinstance(news, Notice) and news.code == "hands-free-failed":
            self._bridge.hands_free(False)  # the engine listens no more; so must the microphone
        if isinstance(news, Notice) and news.code == "connection-new-session":
            self._pause_again()
        self.arrived.emit(news)

    def _pause_again(self) -> None:
        """A new session remembers, until it is told not to."""
        if self.status.paused:
            self._bridge.send(SessionUpdate(memory=False))

    def _on_lost(self, error: CompanionError | None) -> None:
        self._asking.lost()
        if error is None and self.status.link == "starting":
            return  # it is the one before that has ended
        self._set(self.status.lost(error))
        if error and not isinstance(error, ConfigFault | PeerFault):
            delay_s = DELAYS_S[min(self._failures, len(DELAYS_S) - 1)]
            log.info("the engine is lost (%s); opened again in %d s", error.code, delay_s)
            self._failures += 1
            self._timer.start(1000 * delay_s)
