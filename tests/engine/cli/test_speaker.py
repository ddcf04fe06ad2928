"""The silent speaker plays at the pace of speech, reports truly, and falls silent at once."""

from __future__ import annotations

import asyncio

from engine.cli.speaker import SilentSpeaker
from engine.messages import Playback, SpeechAudio
from tests.support.virtual_time import run_virtual

RATE = 16000


def block(stream: int, sequence: int, *, last: bool = False) -> SpeechAudio:
    pcm = b"" if last else bytes(2 * RATE // 10)
    return SpeechAudio(stream=stream, sequence=sequence, offset=sequence * RATE // 10, pcm=pcm, last=last)


def test_reports_what_was_played_at_the_pace_of_speech() -> None:
    async def main() -> None:
        reports: list[tuple[float, Playback]] = []

        async def report(playback: Playback) -> None:
            reports.append((asyncio.get_running_loop().time(), playback))

        speaker = SilentSpeaker(RATE, report)
        task = asyncio.create_task(speaker.run())
        for sequence in range(3):
            speaker.play(block(1, sequence))
        speaker.play(block(1, 3, last=True))
        await asyncio.sleep(1)
        task.cancel()
        assert [round(at, 3) for at, _ in reports] == [0.1, 0.2, 0.3, 0.3]
        assert [playback.played for _, playback in reports] == [1600, 3200, 4800, 4800]
        assert reports[-1][1].state == "done"

    run_virtual(main())


def test_a_flush_drops_the_rest_and_says_what_had_been_played() -> None:
    async def main() -> None:
        reports: list[Playback] = []

        async def report(playback: Playback) -> None:
            reports.append(playback)

        heard = bytearray()
        speaker = SilentSpeaker(RATE, report, heard=heard.extend)
        task = asyncio.create_task(speaker.run())
        for sequence in range(5):
            speaker.play(block(1, sequence))
        await asyncio.sleep(0.25)
        await speaker.flush(1)
        assert reports[-1] == Playback(stream=1, played=3200, state="flushed")
        await asyncio.sleep(1)
        assert len(heard) == 6400
        speaker.play(block(2, 0))
        await asyncio.sleep(0.2)
        assert reports[-1] == Playback(stream=2, played=1600)
        task.cancel()

    run_virtual(main())
