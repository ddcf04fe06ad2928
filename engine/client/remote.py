"""An engine behind a WebSocket, which cannot be told from one in this process.

    send ──► [unsent] ──► write ──► socket ──► read ──► [outbox] ──► events

One task lives as long as the client is open: it talks over a connection until that is lost, and then gets
another one. What was sent and may not have arrived is sent again (engine.client.unsent); what came already
and comes again is dropped. When the host has forgotten the session, a new one begins: what was going on is
ended for the client (engine.client.lost), and the numbers of turns and streams go on growing
(engine.client.numbering).

A slow reader of `events` stops the reading of the socket, and so, in the end, the voice.
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncIterator, Callable, Iterator

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from engine.client import EngineClient
from engine.client.asked import Asked
from engine.client.dialing import (
    FINAL,
    Address,
    Dialled,
    HostAway,
    Patience,
    check_url,
    close_code,
    dial,
    hang_up,
)
from engine.client.lost import Running
from engine.client.numbering import Numbering
from engine.client.unsent import Unsent
from engine.conversation.language import Language
from engine.errors import CompanionError, EnvironmentFault, PeerFault, as_companion_error
from engine.messages import (
    MAX_TEXT,
    Bye,
    ClientMessage,
    ErrorEvent,
    Flush,
    Hello,
    InputText,
    MicrophoneAudio,
    Playback,
    Result,
    Resume,
    ServerMessage,
    SessionUpdate,
    SpeechAudio,
    TranscriptEvent,
    Welcome,
)
from engine.notices import notice, sentence, system_language
from engine.outbox import Outbox
from engine.together import together
from engine.wire import ClientEncoder, decode_client, decode_server

log = logging.getLogger(__name__)

FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 30.0
CLOSE_S = 6.0
"""How long the end of a session may take: what was heard is being recorded."""
BLOCK_BYTES = 32 * 1024
"""Longer blocks of audio are sent in parts."""


def delays(jitter: Callable[[], float] = random.random) -> Iterator[float]:
    """Seconds to wait before each attempt to get a connection back: doubling, and spread, so that the clients
    of a host that comes back do not all knock at once. `jitter` gives numbers from 0 to 1."""
    longest = FIRST_DELAY_S
    while True:
        yield longest * (0.5 + jitter() / 2)
        longest = min(2 * longest, LONGEST_DELAY_S)


def url_of(place: str) -> str:
    """The address of the host at `place`, a HOST:PORT."""
    return f"wss://{place}/ws/v1"


class RemoteEngine(EngineClient):
    """One session with the host at a URL, over as many connections as it takes. One event loop."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        ssl: ssl.SSLContext | None = None,
        patience: Patience = Patience(),  # noqa: B008 - immutable
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`url` such as wss://HOST:PORT/ws/v1, with `ssl` (engine.client.pinning) where it is wss; `token` as
        in `Hello.token`. Raises PeerFault `bad-url`, and `tls-required` for ws to another machine."""
        check_url(url)
        self._at = Address(url, token, ssl)
        self._patience = patience
        self._jitter = jitter
        self._outbox = Outbox()
        self._encoder = ClientEncoder()
        self._numbering = Numbering()
        self._asked = Asked(lambda: self._connected, self._fail_request)
        self._settings = SessionUpdate()
        self._last_seq = 0
        self._newest_speech = (0, -1)
        self._connected = False
        self._closing = False
        self._filled = asyncio.Event()
        self._moved = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    async def open(self, hello: Hello) -> Welcome:
        """Raises PeerFault when the host will not have us, EnvironmentFault when it cannot be reached or
        cannot serve."""
        self._hello = hello
        self._language: Language = _language(hello.language) or system_language()
        self._unsent = Unsent(hello.input_rate)
        self._running = Running(hello.output_rate)
        dialled = await self._dial(None, self._outbox.put)
        self._note_welcome(dialled)
        self._connected = True
        self._life = asyncio.create_task(self._live(dialled.socket), name="remote-engine")
        return dialled.welcome

    async def send(self, message: ClientMessage) -> None:
        """While there is no connection: waits to be sent, in order. Of audio only the last 2 s wait; requests
        fail after 10 s."""
        if self._life is None:
            raise EnvironmentFault("not-open", "The engine is not open; open it before talking to it.")
        match message:
            case MicrophoneAudio() if len(message.pcm) > BLOCK_BYTES:
                for start in range(0, len(message.pcm), BLOCK_BYTES):
                    pcm = message.pcm[start : start + BLOCK_BYTES]
                    gap = message.discontinuity and start == 0
                    await self._put(msgspec.structs.replace(message, pcm=pcm, discontinuity=gap))
            case _:
                await self._put(message)
        await asyncio.sleep(0)  # a sender that never waits must not starve the session

    async def events(self) -> AsyncIterator[ServerMessage]:
        while (message := await self._outbox.get()) is not None:
            yield message

    async def close(self) -> None:
        """Says `bye` and reads to the end; takes a few seconds at most, whatever the network does."""
        if self._life and not self._life.done():
            self._closing = True
            if self._connected:
                self._enqueue(Bye())
                await asyncio.wait([self._life], timeout=CLOSE_S)
            self._life.cancel()
            await asyncio.wait([self._life])
        self._outbox.close()

    async def _address(self) -> Address:
        """Where the host is now."""
        return self._at

    # ------------------------------------------------------------ to the host

    async def _put(self, message: ClientMessage) -> None:
        while self._unsent.behind(message) and not self._over and (self._connected or not _audio(message)):
            self._moved.clear()
            await self._moved.wait()
        if not self._over:
            self._enqueue(message)

    def _enqueue(self, message: ClientMessage) -> None:
        match message:
            case Playback():
                self._running.played(message)
            case SessionUpdate():
                self._settings = _merged(self._settings, message)
                self._language = _language(message.language) or self._language
            case _:
                pass
        outward = self._numbering.outward(message)
        if outward is None:
            return
        try:
            frame = self._encoder.encode(outward)
            if isinstance(frame, str):
                decode_client(frame)
        except PeerFault as error:
            self._refuse(message, error)
            return
        if request := getattr(message, "id", None):
            self._asked.ask(request)
        self._unsent.put(outward, frame)
        if not self._connected:
            self._unsent.shorten()
        self._filled.set()

    def _refuse(self, message: ClientMessage, error: PeerFault) -> None:
        """What the host would not read, the user is told in the host's stead."""
        if isinstance(message, InputText):
            note = notice("text-too-long", self._language, length=len(message.text), limit=MAX_TEXT)
            self._tell(ErrorEvent(code=note.code, message=note.message))
        else:
            request = getattr(message, "id", None)
            self._tell(ErrorEvent(code=error.code, message=sentence(error, self._language), id=request))

    async def _write(self, socket: ClientConnection) -> None:
        while True:
            while (frame := self._unsent.next()) is not None:
                self._moved.set()
                await socket.send(frame)
            self._filled.clear()
            await self._filled.wait()

    # ------------------------------------------------------------ from the host

    async def _read(self, socket: ClientConnection) -> None:
        while True:
            data = await socket.recv()
            try:
                message, seq = decode_server(data)
            except PeerFault as error:
                log.info("the host sent what cannot be read: %s", error)
                continue
            self._last_seq = max(self._last_seq, seq)
            if message is not None:
                self._take(self._numbering.inward(message))
            if not self._closing:  # then nobody may be left to make room
                await self._outbox.room()

    def _take(self, message: ServerMessage) -> None:
        match message:
            case Welcome():
                return
            case SpeechAudio():
                place = (message.stream, message.sequence)
                if place <= self._newest_speech:
                    return
                self._newest_speech = place
            case Flush():
                self._outbox.drop_stream(message.stream)
            case Result(id=request) | ErrorEvent(id=str(request)):
                if not self._asked.answered(request):
                    return
            case TranscriptEvent(final=True):
                self._unsent.taken(message.text)
            case ErrorEvent(code="text-too-long" | "text-empty"):
                self._unsent.taken(None)
            case _:
                pass
        self._tell(message)

    def _tell(self, message: ServerMessage) -> None:
        self._running.told(message)
        self._outbox.put(message)

    def _tell_notice(self, code: str) -> None:
        self._tell(notice(code, self._language))

    def _fail_request(self, request: str) -> None:
        self._unsent.withdraw(request)
        note = notice("request-lost", self._language)
        self._tell(ErrorEvent(code=note.code, message=note.message, id=request))

    # ------------------------------------------------------------ connections

    @property
    def _over(self) -> bool:
        return self._life is None or self._life.done() or self._outbox.closed

    async def _live(self, socket: ClientConnection) -> None:
        try:
            while True:
                closed = await self._talk(socket)
                if self._closing:
                    return
                if closed.rcvd and closed.rcvd.code in FINAL:
                    raise PeerFault(
                        closed.rcvd.reason or "refused",
                        f"The host has ended the conversation ({closed.rcvd.code}); pair again if it "
                        "does not know this device any more.",
                    )
                log.info("the connection is lost (close code %d)", close_code(closed))
                self._tell_notice("connection-lost")
                socket = await self._get_back()
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("the connection to the engine failed")
            fault = as_companion_error(error)
            self._end_running()
            self._tell(ErrorEvent(code=fault.code, message=sentence(fault, self._language), fatal=True))
        finally:
            self._end_running()
            self._outbox.close()
            self._moved.set()

    async def _talk(self, socket: ClientConnection) -> ConnectionClosed:
        """Until the connection is lost; returns how."""
        try:
            await together(self._read(socket), self._write(socket))
        except ConnectionClosed as closed:
            return closed
        finally:
            self._connected = False
            self._moved.set()
            self._unsent.shorten()
            await hang_up(socket)
        raise AssertionError("reading and writing end by exceptions only")

    async def _get_back(self) -> ClientConnection:
        """Another connection, with the old session or a new one. Raises CompanionError when there can be
        none."""
        for delay in delays(self._jitter):
            await asyncio.sleep(delay)
            early: list[ServerMessage] = []
            resume = Resume(self._session, self._resume_token, self._last_seq)
            try:
                dialled = await self._dial(resume, early.append)
            except HostAway as error:
                log.info("no connection yet: %s", error)
                continue
            self._note_welcome(dialled)
            if dialled.welcome.resumed:
                self._unsent.resume(dialled.welcome.received)
                self._tell_notice("connection-back")
            else:
                self._begin_session()
                for message in early:
                    self._take(message)
            self._connected = True
            return dialled.socket
        raise AssertionError("delays have no end")

    async def _dial(self, resume: Resume | None, early: Callable[[ServerMessage], None]) -> Dialled:
        address = await self._address()
        hello = msgspec.structs.replace(self._hello, token=address.token, resume=resume)
        return await dial(address, hello, self._patience, early)

    def _note_welcome(self, dialled: Dialled) -> None:
        welcome = dialled.welcome
        self._session, self._resume_token = welcome.session, welcome.resume_token
        self._last_seq = dialled.seq
        if welcome.device_token:
            self._at = self._at._replace(token=welcome.device_token)

    def _begin_session(self) -> None:
        """The host's session is another: ends what was going on, and brings the new one to where it was."""
        self._end_running()
        self._numbering.begin_session()
        first = None
        if self._settings != SessionUpdate():
            first = self._settings, self._encoder.encode(self._settings)
        self._asked.give_up(self._unsent.restart(first))
        self._tell_notice("connection-new-session")

    def _end_running(self) -> None:
        for message in self._running.end():
            if isinstance(message, Flush):
                self._outbox.drop_stream(message.stream)
            self._outbox.put(message)


def _audio(message: ClientMessage) -> bool:
    return isinstance(message, MicrophoneAudio)


def _language(text: str | None) -> Language | None:
    return text if text == "zh" or text == "en" else None


def _merged(old: SessionUpdate, new: SessionUpdate) -> SessionUpdate:
    changes = {name: value for name in new.__struct_fields__ if (value := getattr(new, name)) is not None}
    return msgspec.structs.replace(old, **changes)
