"""A conversation over real devices (a sound server of the tests' own) and an engine with scripted stages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from app.heard import SILENCE, Moment
from app.talk import DeviceNews, Devices, News, Talk
from engine.client import EngineClient
from engine.client.local import LocalEngine
from engine.errors import EnvironmentFault
from engine.messages import (
    ErrorEvent,
    Flush,
    InputStart,
    InputStop,
    MicrophoneAudio,
    Playback,
    ReplyCancelled,
    ReplyDone,
    ReplyMarks,
    ReplySegment,
    ReplyStart,
    SpeechAudio,
    State,
    TranscriptEvent,
)
from engine.runtime import Engine
from engine.tts.scripted import TONES
from tests.support.engine_client import NotedClient
from tests.support.hosted import SCRIPTED
from tests.support.sound_server import RATE, SoundServer

RECORDER = 1
"""It listens too, while the speaker is recorded."""

pytestmark = pytest.mark.usefixtures("no_worker_is_left")


class Noted:
    """What a conversation tells."""

    def __init__(self) -> None:
        self.news: list[News] = []

    def tell(self, news: News) -> None:
        self.news.append(news)

    async def room(self) -> None:
        await asyncio.sleep(0)

    def all(self, kind: type) -> list:
        return [news for news in self.news if isinstance(news, kind)]

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not wanted():  # noqa: ASYNC110 - the sound card tells nobody
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def talking(self, client: EngineClient) -> AsyncIterator[Talk]:
        async with Talk(client, self.tell, self.room, language="en") as talk:
            yield talk


def local(folder: Path, ms_per_char: int = 60) -> LocalEngine:
    """Hears "hello" in any sound, and answers "Hello there." happily."""
    return LocalEngine(Engine(SCRIPTED, folder, options={"tts": {"ms_per_char": ms_per_char}}))


def tone(seconds: float, hertz: float = 440.0) -> bytes:
    wave = np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return (8000 * wave).astype("<i2").tobytes()


def pitch(samples: np.ndarray, rate: int) -> float:
    """Hertz of the strongest tone."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def overheard(client: EngineClient) -> list[object]:
    """All that is sent to `client` from now on."""
    sent, send = [], client.send

    async def note(message) -> None:
        sent.append(message)
        await send(message)

    client.send = note  # type: ignore[method-assign]
    return sent


def test_a_spoken_turn_is_heard_answered_and_played(sound_server: SoundServer, tmp_path: Path) -> None:
    noted, moments = Noted(), list[Moment]()

    async def main() -> list[object]:
        client = local(tmp_path)
        sent = overheard(client)
        async with noted.talking(client) as talk:
            await talk.press()
            await asyncio.to_thread(sound_server.say, tone(0.8))
            before = time.monotonic()
            await talk.release()
            closed_s = time.monotonic() - before
            assert sound_server.listeners() == RECORDER
            print(f"the microphone is given back and the turn committed after {1000 * closed_s:.0f} ms")
            assert closed_s <= 0.2
            while not noted.all(ReplyDone):
                moments.append(talk.heard.now())
                await asyncio.sleep(0.02)
        return sent

    with sound_server.recorded() as recording:
        sent = asyncio.run(main())
    said = [message for message in sent if not isinstance(message, Playback)]
    assert said[0] == InputStart(stream=1)
    assert said[-1] == InputStop(stream=1)
    assert all(isinstance(message, MicrophoneAudio) for message in said[1:-1])
    heard = np.frombuffer(b"".join(block.pcm for block in said[1:-1]), "<i2")
    assert pitch(heard, 16000) == pytest.approx(440, abs=2)

    assert noted.all(TranscriptEvent)[-1].text == "hello"
    text = "".join(segment.text for segment in noted.all(ReplySegment))
    assert text == "Hello there."
    assert not noted.all(SpeechAudio) + noted.all(ReplyMarks) + noted.all(Flush)
    loud = recording.loud
    assert pitch(recording.samples[loud[0] : loud[-1]], RATE) == pytest.approx(TONES["happy"], abs=3)
    assert np.ptp(loud) / RATE == pytest.approx(0.06 * len(text), abs=0.1)

    subtitles = [moment.subtitle for moment in moments if moment.subtitle]
    assert {subtitle.emotion for subtitle in subtitles} == {"happy"}
    counts = [subtitle.heard for subtitle in subtitles]
    assert counts == sorted(counts)
    assert len(set(counts)) > 6, "the words appear as they are heard"
    assert max(moment.mouth.open for moment in moments if moment.mouth) > 0.3
    assert {news.kind for news in noted.all(DeviceNews)} == {"speaker", "microphone"}


def test_an_interruption_is_silent_at_once(sound_server: SoundServer, tmp_path: Path) -> None:
    noted = Noted()

    async def main() -> None:
        async with noted.talking(local(tmp_path, ms_per_char=300)) as talk:
            await talk.say("hello")
            await noted.until(lambda: talk.heard.now().position.samples > RATE // 2)
            await talk.interrupt()
            await noted.until(lambda: bool(noted.all(ReplyCancelled)))
            assert talk.heard.now() == SILENCE

    with sound_server.recorded() as recording:
        asyncio.run(main())
    assert np.ptp(recording.loud) / RATE < 1.5
    assert noted.all(ReplyCancelled)[0].heard_ms > 400


def test_hands_free_hears_without_a_key(sound_server: SoundServer, tmp_path: Path) -> None:
    noted = Noted()

    async def main() -> None:
        async with noted.talking(local(tmp_path)) as talk:
            await talk.hands_free(True)
            await noted.until(lambda: sound_server.listeners() == 1)
            await asyncio.to_thread(sound_server.say, tone(0.8) + bytes(2 * 2 * RATE))
            await noted.until(lambda: bool(noted.all(ReplyDone)))
            await talk.hands_free(False)
            assert sound_server.listeners() == 0

    asyncio.run(main())
    assert noted.all(TranscriptEvent)[-1].text == "hello"


def test_ending_in_mid_speech_is_silent_and_gives_the_devices_back(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    noted = Noted()

    async def main() -> None:
        async with noted.talking(local(tmp_path, ms_per_char=300)) as talk:
            await talk.hands_free(True)
            await talk.say("hello")
            await noted.until(lambda: talk.heard.now().position.samples > RATE // 4)
        assert sound_server.listeners() == RECORDER
        await asyncio.sleep(0.5)  # it stays silent

    with sound_server.recorded() as recording:
        asyncio.run(main())
    assert np.ptp(recording.loud) / RATE < 1.5


def test_an_engine_lost_in_mid_reply_leaves_silence(sound_server: SoundServer) -> None:
    noted, client = Noted(), NotedClient()

    async def main() -> None:
        async with noted.talking(client) as talk:
            client.say(
                ReplyStart(stream=1, turn=1),
                ReplySegment(stream=1, segment=0, text="Hello there", emotion="calm", offset=0),
                SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(3.0)),
            )
            await noted.until(lambda: talk.heard.now().position.samples > RATE // 2)
            client.say(
                Flush(stream=1),
                ReplyCancelled(stream=1, turn=1, heard_ms=500, heard_text=""),
                State(state="idle"),
                ErrorEvent(code="engine-crashing", message="It crashes.", fatal=True),
            )
            client.end()
            assert (await talk.over()).code == "engine-crashing"
            assert talk.heard.now() == SILENCE
        assert client.sent[-1].state == "flushed"

    with sound_server.recorded() as recording:
        asyncio.run(main())
    assert np.ptp(recording.loud) / RATE < 1.0


def test_what_cannot_be_reported_ends_the_conversation(sound_server: SoundServer) -> None:
    noted, client = Noted(), NotedClient()

    def refuse(message: object) -> None:
        raise EnvironmentFault("not-open", "It is not open.")

    async def main() -> None:
        async with noted.talking(client) as talk:
            client.on_send = refuse
            client.say(ReplyStart(stream=1, turn=1))
            client.say(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(1.0)))
            with pytest.raises(EnvironmentFault, match="not-open"):
                await talk.over()

    asyncio.run(main())
    assert client.closed == 1


def test_a_missing_microphone_is_told_as_an_error(sound_server: SoundServer) -> None:
    noted, client = Noted(), NotedClient()

    async def main() -> None:
        async with Talk(client, noted.tell, noted.room, devices=Devices(microphone="none such")) as talk:
            await talk.press()
            await noted.until(lambda: bool(noted.all(ErrorEvent)))
            await talk.release()

    sound_server.stop()
    try:
        asyncio.run(main())
    finally:
        sound_server.start()
    assert [error.code for error in noted.all(ErrorEvent)] == ["no-microphone"]
    assert client.sent == [InputStart(stream=1), InputStop(stream=1)]


def test_an_engine_that_takes_no_sound_does_not_hold_up_the_end(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.talk.HUSH_S", 0.3)
    noted, client, closed = Noted(), NotedClient(), asyncio.Event()
    send, close = client.send, client.close

    async def stall(message) -> None:
        if isinstance(message, MicrophoneAudio):
            await closed.wait()
        await send(message)

    async def note_closing() -> None:
        assert sound_server.listeners() == 0, "the microphone is given back first"
        closed.set()
        await close()

    client.send, client.close = stall, note_closing  # type: ignore[method-assign]

    async def main() -> None:
        async with asyncio.timeout(10):
            async with noted.talking(client) as talk:
                await talk.press()
                await noted.until(lambda: sound_server.listeners() == 1)
                await asyncio.sleep(0.2)
            assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
    assert client.closed == 1


@pytest.mark.parametrize("held_s", [0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_a_key_released_at_any_moment_leaves_no_device_open(sound_server: SoundServer, held_s: float) -> None:
    noted, client = Noted(), NotedClient()

    async def main() -> None:
        async with noted.talking(client) as talk:
            await talk.press()
            await asyncio.sleep(held_s)
            await talk.release()
            assert sound_server.listeners() == 0
            assert client.sent[-1] == InputStop(stream=1)

    asyncio.run(main())
