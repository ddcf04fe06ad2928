"""One session in the host. It belongs to one client and outlives that client's connections.

    connection ── receive ──► [a few blocks] ──► session
        ▲                                           │
        └── next_frame ◄── pace ◄── outbox ◄────────┘
                  └──► replay (what may be needed again)

Audio and what must keep its place behind it go through a short queue with a task of its own, so that an
interruption is never stuck behind audio the recogniser is not ready for. A client without play-out reports
gets its speech at the pace of speech, and the pace tells what it has heard.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import NoReturn

from engine.clock import Clock
from engine.host.admission import Identity
from engine.host.client_socket import Goodbye
from engine.host.pace import Pace
from engine.host.replay import Frame, Replay
from engine.messages import (
    ClientMessage,
    Flush,
    Hello,
    InputStop,
    MicrophoneAudio,
    Playback,
    ServerMessage,
    SpeechAudio,
)
from engine.outbox import Outbox
from engine.session import Session
from engine.wire import ServerEncoder

WAITING_BLOCKS = 4
"""Blocks of audio that may wait here; then the host stops reading."""
REPORT_S = 0.1
"""How often the pace of a client is told to its session."""


class Seat:
    """Made by engine.host.seats; one connection at a time reads and writes it."""

    def __init__(self, hello: Hello, identity: Identity, clock: Clock) -> None:
        self.name = secrets.token_hex(8)
        self.hello = hello
        self.owner = (identity.profile, identity.device)
        """Whose it is: nobody else can resume it."""
        self.outbox = Outbox()
        self.session: Session | None = None
        self.received = 0
        """Messages of the client after `hello`."""
        self._resume_tokens: list[str] = []
        self._eviction: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._vacant = asyncio.Event()
        self._vacant.set()
        self._clock = clock
        self._pace = None if "playback" in hello.features else Pace(hello.output_rate)
        self._encoder = ServerEncoder()
        self._replay = Replay()
        self._held: ServerMessage | None = None
        self._blocks: asyncio.Queue[MicrophoneAudio | InputStop] = asyncio.Queue(WAITING_BLOCKS)
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, session: Session) -> None:
        """The session may be talked to."""
        self.session = session
        self._tasks.append(asyncio.create_task(self._feed(session), name=f"feed-{self.name}"))
        if self._pace:
            self._tasks.append(
                asyncio.create_task(self._report(session, self._pace), name=f"pace-{self.name}")
            )

    async def end(self) -> None:
        """Stops what `begin` started."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def profile(self) -> str:
        """Whose memory the session has."""
        return self.owner[0]

    @property
    def device(self) -> str:
        """The paired device the client is; empty on this machine."""
        return self.owner[1]

    @property
    def listening(self) -> bool:
        """True while an utterance is open."""
        return self.session is not None and self.session.state == "listening"

    @property
    def busy(self) -> bool:
        """True while something is said, thought about or answered."""
        return self.session is not None and self.session.state != "idle"

    # ------------------------------------------------------------ who holds it

    def hold(self) -> None:
        """A connection takes the seat; it waits for `evicted` beside all else, and lets go in the end."""
        self._eviction = asyncio.get_running_loop().create_future()
        self._vacant.clear()

    async def evicted(self) -> NoReturn:
        """Raises Goodbye when the connection that holds the seat must leave."""
        raise Goodbye(await self._eviction)

    def let_go(self) -> None:
        """The connection has left."""
        self._vacant.set()

    async def vacate(self, code: int) -> None:
        """Sends away who holds the seat, with a close code, and waits until it has left."""
        if not self._vacant.is_set() and not self._eviction.done():
            self._eviction.set_result(code)
        await self._vacant.wait()

    # ------------------------------------------------------------ from the client

    def took_message(self) -> None:
        """A message has been taken: the client has its newest token, and the one before is worth nothing."""
        self.received += 1
        del self._resume_tokens[:-1]

    async def receive(self, message: ClientMessage) -> None:
        """Passes a message on. Waits while audio is ahead of the recogniser."""
        assert self.session
        match message:
            case MicrophoneAudio() | InputStop():
                await self._blocks.put(message)
            case Playback():
                self._replay.played(message.stream, message.played)
                if not self._pace:
                    await self.session.receive(message)
            case _:
                await self.session.receive(message)

    async def _feed(self, session: Session) -> None:
        while True:
            await session.receive(await self._blocks.get())

    # ------------------------------------------------------------ to the client

    def knows(self, token: str) -> bool:
        """True for a token that resumes this session."""
        offered = token.encode()
        return any(secrets.compare_digest(offered, known.encode()) for known in self._resume_tokens)

    def missed(self, last_seq: int) -> list[Frame] | None:
        """What a client whose last message was `last_seq` must be sent again; None when that is not kept."""
        return self._replay.since(last_seq)

    def new_token(self, used: str | None = None) -> str:
        """A new token for the next resume. The one `used` for this resume still works until the client shows
        that it has the new one: the connection may be lost before."""
        token = secrets.token_urlsafe(32)
        self._resume_tokens = [used, token] if used else [token]
        return token

    def encode(self, message: ServerMessage) -> Frame:
        """A message that does not come from the outbox, as the next frame."""
        frame = self._encoder.encode(message)
        self._replay.sent(message, frame, self._encoder.last_seq)
        return frame

    async def next_message(self) -> ServerMessage | None:
        """The next message when it is due; None when the session is over. A call that is cancelled loses
        nothing."""
        while True:
            if self._held is None:
                self._held = await self.outbox.get()
            message = self._held
            if message is not None and not self.outbox.is_stale(message):
                if wait_ms := self._wait_ms(message):
                    await asyncio.sleep(wait_ms / 1000)
                    continue  # it may have become stale meanwhile
                await self._note_pace(message)
            self._held = None
            if message is None or not self.outbox.is_stale(message):
                return message

    async def next_frame(self) -> Frame | None:
        """`next_message` as it travels."""
        message = await self.next_message()
        return None if message is None else self.encode(message)

    def _wait_ms(self, message: ServerMessage) -> float:
        """How long the pace of the client holds a message back."""
        if self._pace and isinstance(message, SpeechAudio):
            return self._pace.wait_ms(len(message.pcm) // 2, self._clock.now_ms())
        return 0.0

    async def _note_pace(self, message: ServerMessage) -> None:
        """What a client with play-out reports would tell of a message."""
        if self._pace is None or self.session is None:
            return
        if isinstance(message, SpeechAudio):
            self._pace.sent(message.stream, len(message.pcm) // 2, self._clock.now_ms())
        elif isinstance(message, Flush):
            stream, heard = self._pace.heard(self._clock.now_ms())
            played = heard if stream == message.stream else 0
            await self.session.receive(Playback(stream=message.stream, played=played, state="flushed"))

    async def _report(self, session: Session, pace: Pace) -> None:
        last = (0, 0)
        while True:
            await asyncio.sleep(REPORT_S)
            if (now := pace.heard(self._clock.now_ms())) != last and now[0]:
                last = now
                self._replay.played(*now)
                await session.receive(Playback(stream=now[0], played=now[1]))
