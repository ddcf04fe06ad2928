from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine.asr import AsrRequest
from engine.errors import StageFault, StageTimeout
from engine.hosting.deadlines import Deadlines
from engine.hosting.frames import FEED_WINDOW, OUTPUT_WINDOW
from engine.tts import SpeechRequest

PATIENT = Deadlines(30.0, 30.0, 30.0)


def test_cancel_between_outputs_unwinds_the_backend(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as call:
            await anext(call)
            await call.cancel()
            assert call.cancelled
            assert [chunk async for chunk in call] == []
            await call.cancel()  # nothing more to stop
        assert await say(hosted, "tell unwound") == ["1"]
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


def test_cancel_while_the_backend_waits_for_its_feed(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("partials"), PATIENT, listening=True) as call:
            await call.feed(b"12")
            await anext(call)
            await call.cancel()
            await call.feed(b"12")  # dropped
            call.end_feed()
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


def test_cancel_from_another_task_ends_the_iteration(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("sum"), PATIENT, listening=True) as call:

            async def consume() -> list[str]:
                return [result.text async for result in call]

            consumer = asyncio.create_task(consume())
            await call.feed(b"12")
            await call.cancel()
            assert await consumer == []
        await hosted.close()

    run(main)


def test_leaving_the_block_stops_the_work(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()

        async def fall_out() -> None:
            async with hosted.call(SpeechRequest("forever"), PATIENT) as call:
                await anext(call)
                raise LookupError

        with pytest.raises(LookupError):
            await fall_out()
        assert await say(hosted, "tell unwound") == ["1"]
        await hosted.close()

    run(main)


def test_what_ignores_a_cancel_is_ended_by_force_and_is_no_failure(
    make: Any, run: Any, stick: Any, worker: bool, backends: Any, expect_log: Any
) -> None:
    if not worker:
        expect_log("its thread is left behind")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        for restarts in range(1, 5):  # more often than failures are forgiven
            async with stick(hosted) as call:
                pass
            assert call.cancelled
            async with hosted.call(SpeechRequest("forever"), PATIENT) as call:
                await anext(call)
            assert hosted.restarts == restarts
        backends.released.set()
        await hosted.close()

    run(main)


def test_a_backend_that_fails_to_unwind_is_cancelled_all_the_same(
    make: Any, run: Any, say: Any, expect_log: Any
) -> None:
    expect_log("failed while a call was stopped: .*cannot unwind")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("stubborn"), PATIENT) as call:
            await anext(call)
        assert call.cancelled
        assert await say(hosted, "echo ok") == ["o", "k"]
        await hosted.close()

    run(main)


def test_a_slow_consumer_pauses_the_backend_and_can_still_cancel(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as call:
            for _ in range(3):
                await anext(call)
            await asyncio.sleep(0.1)  # time to run ahead, if it could
            await call.cancel()
        (produced,) = await say(hosted, "tell produced")
        assert 3 <= int(produced) <= 3 + OUTPUT_WINDOW
        await hosted.close()

    run(main)


def test_a_slow_consumer_is_not_the_backends_fault(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), Deadlines(0.5, 0.5, 30.0)) as call:
            await anext(call)
            await asyncio.sleep(0.9)
            for _ in range(3 * OUTPUT_WINDOW):
                await anext(call)
        await hosted.close()

    run(main)


def test_waiting_for_the_turn_is_not_the_backends_fault(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as call:
            await anext(call)
            waiting = asyncio.create_task(say(hosted, "echo a", Deadlines(0.5, 0.5, 0.5)))
            await asyncio.sleep(0.8)
        assert await waiting == ["a"]
        await hosted.close()

    run(main)


def test_an_open_feed_is_not_the_backends_fault(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("sum"), Deadlines(0.5, 0.5, 0.5), listening=True) as call:
            await asyncio.sleep(0.8)
            await call.feed(b"\1")
            call.end_feed()
            assert [result.text async for result in call] == ["1"]
        await hosted.close()

    run(main)


@pytest.mark.parametrize(
    ("command", "limits", "reason"),
    [
        ("forever", Deadlines(10.0, 10.0, 0.2), "was not done after"),
        ("slowly 0.05", Deadlines(10.0, 10.0, 0.2), "was not done after"),
    ],
)
def test_a_backend_that_can_be_cancelled_survives_its_deadline(
    make: Any, run: Any, say: Any, command: str, limits: Deadlines, reason: str
) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        with pytest.raises(StageTimeout, match=reason):
            await say(hosted, command, limits)
        assert await say(hosted, "tell unwound") == ["1"]
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


def test_no_first_output(make: Any, run: Any, say: Any, worker: bool, backends: Any, expect_log: Any) -> None:
    if not worker:
        expect_log("its thread is left behind")

    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("deaf"), Deadlines(0.2, 10.0, 10.0), listening=True) as call:
            await call.feed(b"12")
            call.end_feed()
            with pytest.raises(StageTimeout, match="gave no first result") as caught:
                await anext(call)
            assert caught.value.code == "asr-timeout"
        backends.released.set()
        await hosted.close()

    run(main)


def test_a_backend_that_takes_no_input_is_late(
    make: Any, run: Any, worker: bool, backends: Any, expect_log: Any
) -> None:
    if not worker:
        expect_log("its thread is left behind")

    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("deaf"), Deadlines(10.0, 0.2, 10.0), listening=True) as call:
            for _ in range(FEED_WINDOW + 1):
                await call.feed(b"12")
            with pytest.raises(StageTimeout, match="took no input for"):
                await anext(call)
        backends.released.set()
        await hosted.close()

    run(main)


def test_a_feed_waits_for_a_consumer_without_blaming_the_backend(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("partials"), Deadlines(10.0, 0.2, 10.0), listening=True) as call:
            blocks = OUTPUT_WINDOW + FEED_WINDOW + 10

            async def fill() -> None:
                for _ in range(blocks):
                    await call.feed(b"12")
                call.end_feed()

            filling = asyncio.create_task(fill())
            await asyncio.sleep(0.7)
            assert not filling.done()
            assert len([result async for result in call]) == blocks + 1
            await filling
        await hosted.close()

    run(main)


def test_an_output_of_the_wrong_kind_is_the_end_of_the_call(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("wrong"), PATIENT) as call:
            for _ in range(2):  # what follows it is not believed either
                with pytest.raises(StageFault, match="gave something it must not"):
                    await anext(call)
        await hosted.close()

    run(main)


def test_a_call_cancelled_before_it_is_entered_yields_nothing(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        call = hosted.call(SpeechRequest("forever"), PATIENT)
        await call.cancel()
        async with call:
            assert [chunk async for chunk in call] == []
        await hosted.close()

    run(main)
