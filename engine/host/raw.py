"""`/ws/audio`: PCM in, PCM out, nothing else. The simplest possible client is a microphone and a speaker.

Hands-free: the voice detector finds the turns. The client says nothing about what it plays, so the speech
goes out at the pace of speech (engine.host.pace). When it stops sending in the middle of an utterance, as a
file does at its end, silence is supplied, so that the turn ends.
"""

from __future__ import annotations

import asyncio
import logging

from engine.asr import SAMPLE_RATE
from engine.errors import CompanionError
from engine.host.admission import Identity
from engine.host.client_socket import ClientSocket, Goodbye, parting
from engine.host.connection import Connection, House
from engine.host.rate import Rate
from engine.host.seat import Seat
from engine.messages import Hello, MicrophoneAudio, SessionUpdate, SpeechAudio
from engine.together import together
from engine.wire import CloseCode

log = logging.getLogger(__name__)

QUIET_S = 0.5
"""Without audio for so long, an open utterance is continued with silence."""
SILENCE_S = 0.1
STREAM = 1


class RawConnection:
    """One connection to `/ws/audio`."""

    def __init__(
        self, house: House, socket: ClientSocket, name: str, source: str, token: str, output_rate: int
    ) -> None:
        """As Connection; `output_rate` in hertz."""
        self._house = house
        self._socket = socket
        self._name = name
        self._source = source
        self._token = token
        self._output_rate = output_rate

    async def run(self, identity: Identity) -> None:
        """Until the client is gone or is sent away."""
        async with parting(self._socket, self._name):
            hello = await self._converse(identity)
            full = Connection(self._house, self._socket, self._name, self._source, self._token)
            await full.run(hello)

    async def _converse(self, identity: Identity) -> str:
        """Returns the `hello` of a client that wants the full protocol."""
        seats = self._house.seats
        try:
            seat = seats.reserve(Hello(client="raw", output_rate=self._output_rate), identity)
        except CompanionError as error:
            raise Goodbye(CloseCode.TRY_LATER, error.code) from error
        seat.hold()
        try:
            await self._begin(seat)
            await together(self._write(seat), self._read(seat), seat.evicted())
        except _WantsMore as wish:
            return wish.hello
        finally:
            seat.let_go()
            await seats.close(seat)
        raise AssertionError("each of the three ends by raising")

    async def _begin(self, seat: Seat) -> None:
        try:
            await self._house.started()
            await self._house.seats.begin(seat)
        except CompanionError as error:
            raise Goodbye(CloseCode.TRY_LATER, error.code) from error
        await seat.receive(SessionUpdate(hands_free=True))
        log.info("connection=%s session=%s profile=%s raw", self._name, seat.name, seat.profile)

    async def _read(self, seat: Seat) -> None:
        clock = self._house.clock
        rate = Rate(clock.now_ms())
        waiting = asyncio.create_task(self._socket.receive())
        quiet_s = 0.0
        try:
            while True:
                done, _ = await asyncio.wait([waiting], timeout=SILENCE_S)
                if not done:
                    quiet_s += SILENCE_S
                    if quiet_s >= QUIET_S and seat.listening:
                        await self._hear(seat, bytes(2 * round(SILENCE_S * SAMPLE_RATE)))
                    continue
                quiet_s = 0.0
                await self._take(seat, waiting.result())
                if wait_ms := rate.wait_ms(clock.now_ms()):
                    await asyncio.sleep(wait_ms / 1000)
                waiting = asyncio.create_task(self._socket.receive())
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

    async def _take(self, seat: Seat, data: str | bytes) -> None:
        if isinstance(data, str):
            raise _WantsMore(data)
        if data:
            await self._hear(seat, data)
        else:  # "I have finished"
            turn = self._house.engine.settings.turn
            await self._hear(seat, bytes(2 * (turn.end_silence_ms + 300) * SAMPLE_RATE // 1000))

    async def _hear(self, seat: Seat, pcm: bytes) -> None:
        await seat.receive(MicrophoneAudio(stream=STREAM, pcm=pcm))

    async def _write(self, seat: Seat) -> None:
        while (message := await seat.next_message()) is not None:
            if isinstance(message, SpeechAudio) and message.pcm:
                await self._socket.send(message.pcm)
        raise Goodbye(CloseCode.TRY_LATER, "session-ended")


class _WantsMore(Exception):
    """The client has sent text: it wants the full protocol."""

    def __init__(self, hello: str) -> None:
        super().__init__()
        self.hello = hello
