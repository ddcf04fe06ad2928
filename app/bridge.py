"""The one crossing between the Qt thread and the conversation, which has a thread and event loop of its own.

Theory of operation. To the conversation: every command is a call put into its event loop, which is never
waited for. From the conversation: everything crosses through one private signal into a slot of the bridge, in
order, and the public signals are emitted there; so whoever is connected, even a plain function, is called in
the Qt thread. News that have crossed and were not delivered are counted: from MOST_UNREAD on the conversation
reads no more from the engine, and the engine pauses.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.conversations import Command, Conversations, MakeClient
from app.heard import SILENCE, Moment
from app.talk import Devices, News
from engine.audio import SILENT_DBFS
from engine.errors import CompanionError
from engine.messages import ClientMessage, Welcome

log = logging.getLogger(__name__)

MOST_UNREAD = 1000
"""News on their way to the Qt thread; then the engine is not read until some were delivered."""
STOP_S = 12.0
"""How long ending may take: what was heard is recorded, a child process ends."""


class Bridge(QObject):
    """Runs conversations. Its methods belong to the Qt thread and return at once; keep it until `stopped`."""

    opened = Signal(object)
    """Welcome: the engine is ready."""
    arrived = Signal(object)
    """A message of the engine (all but sound, marks and flushes), DeviceNews or HandsFreeNews."""
    lost = Signal(object)
    """The conversation is over: CompanionError says why, None that it was asked for."""
    stopped = Signal()
    """Nothing runs any more."""

    _crossed = Signal(object, object)
    _ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._crossing = _Crossing(self._crossed.emit)
        self._conversations = Conversations(self._crossing)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._over = self._told = False
        self._crossed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._deadline = QTimer(self, singleShot=True, interval=round(1000 * STOP_S))
        self._deadline.timeout.connect(self._give_up)

    # ------------------------------------------------------------ commands

    def start(self, make_client: MakeClient, language: str = "") -> None:
        """Opens the engine that `make_client` makes (in the other thread); another one is closed first. A new
        conversation is not hands-free until that is asked again. `language` as in Hello. Not after `stop`."""
        assert not self._over, "a bridge is used once"
        if self._thread is None:
            self._loop = loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._live, args=(loop,), name="conversation", daemon=True)
            self._thread.start()
        self._call(lambda: self._conversations.start(make_client, language))

    def stop(self) -> None:
        """Ends everything; `stopped` follows."""
        if self._over:
            return
        self._over = True
        if self._thread and self._thread.is_alive():
            self._deadline.start()
            self._call(self._conversations.stop)
        else:
            self._ended.emit()

    def press(self) -> None:
        """The key to talk goes down."""
        self._do(lambda talk: talk.press())

    def release(self) -> None:
        """The key to talk goes up."""
        self._do(lambda talk: talk.release())

    def hands_free(self, on: bool) -> None:
        """Listens all the time, or no more."""
        self._do(lambda talk: talk.hands_free(on))

    def say(self, text: str) -> None:
        """A typed turn."""
        self._do(lambda talk: talk.say(text))

    def interrupt(self) -> None:
        """Stops her speech."""
        self._do(lambda talk: talk.interrupt())

    def send(self, message: ClientMessage) -> None:
        """Requests, and changes of the session other than hands-free."""
        self._do(lambda talk: talk.send(message))

    def use(self, devices: Devices) -> None:
        """Plays on this speaker and listens to this microphone from now on."""
        self._call(lambda: self._conversations.use(devices))

    def mute(self, on: bool) -> None:
        """She speaks without a sound from now on, or is heard again; in every conversation."""
        self._call(lambda: self._conversations.mute(on))

    # ------------------------------------------------------------ what is so at this moment; any thread

    def heard(self) -> Moment:
        """What is heard now."""
        talk = self._conversations.talk
        return talk.heard.now() if talk else SILENCE

    @property
    def level_dbfs(self) -> float:
        """How loud the microphone hears, as RMS."""
        talk = self._conversations.talk
        return talk.level_dbfs if talk else SILENT_DBFS

    # ------------------------------------------------------------ inside

    def _do(self, command: Command) -> None:
        self._call(lambda: self._conversations.do(command))

    def _call(self, ask: Callable[[], None]) -> None:
        if self._loop:
            with contextlib.suppress(RuntimeError):  # it is closed: nobody is left to be asked
                self._loop.call_soon_threadsafe(ask)

    def _live(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the other thread."""
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(self._conversations.run())
        except Exception:
            log.exception("the thread of the conversation failed")
        finally:
            self._ended.emit()

    def _deliver(self, signal: str, value: object) -> None:
        self._call(self._crossing.delivered)
        match signal:
            case "opened":
                self.opened.emit(value)
            case "arrived":
                self.arrived.emit(value)
            case _:
                self.lost.emit(value)

    def _give_up(self) -> None:
        log.error("The conversation does not end; it is left behind.")
        self._finish()

    def _finish(self) -> None:
        if self._over and not self._told:
            self._told = True
            self._deadline.stop()
            self.stopped.emit()


class _Crossing:
    """The Audience that sends everything to the Qt thread. Belongs to the event loop."""

    def __init__(self, emit: Callable[[str, object], None]) -> None:
        self._emit = emit
        self._unread = 0
        self._has_room = asyncio.Event()
        self._has_room.set()

    def opened(self, welcome: Welcome) -> None:
        self._put("opened", welcome)

    def tell(self, news: News) -> None:
        self._put("arrived", news)

    def lost(self, error: CompanionError | None) -> None:
        self._put("lost", error)

    async def room(self) -> None:
        await self._has_room.wait()

    def delivered(self) -> None:
        """One of those put has arrived."""
        self._unread -= 1
        if self._unread < MOST_UNREAD:
            self._has_room.set()

    def _put(self, signal: str, value: object) -> None:
        self._unread += 1
        if self._unread >= MOST_UNREAD:
            self._has_room.clear()
        self._emit(signal, value)
