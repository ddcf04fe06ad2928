"""When the microphone listens, and what the engine is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.ears import Ears
from engine.errors import CompanionError, EnvironmentFault
from engine.messages import ClientMessage, InputStart, InputStop, SessionUpdate


class Noted:
    """A microphone that opens when it may, and the order of all that happens."""

    def __init__(self) -> None:
        self.may_open = asyncio.Event()
        self.may_open.set()
        self.takes = asyncio.Event()
        self.takes.set()
        self.fault: CompanionError | None = None
        self.is_open = False
        self.log: list[object] = []
        self.on_and_off: list[bool] = []
        """Hands-free listening, as it was told."""
        self.ears = Ears(self, self.send, self.on_error, self.on_and_off.append)  # type: ignore[arg-type]

    async def open(self, stream: int) -> None:
        await self.may_open.wait()
        if self.fault:
            raise self.fault
        assert not self.is_open
        self.is_open = True
        self.log.append(f"open {stream}")

    async def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self.log.append("close")

    async def send(self, message: ClientMessage) -> None:
        await self.takes.wait()
        self.log.append(message)

    def on_error(self, error: CompanionError) -> None:
        self.log.append(error.code)


def listen(main: Callable[[Noted, Ears], Awaitable[None]]) -> list[object]:
    async def body() -> list[object]:
        noted = Noted()
        await main(noted, noted.ears)
        await noted.ears.close()
        assert not noted.is_open
        assert len(asyncio.all_tasks()) == 1, "an opening was left running"
        return noted.log

    return asyncio.run(body())


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_held_key_is_one_turn() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        for _ in range(2):
            await ears.press()
            await ears.press()
            await settle()
            await ears.release()
            await ears.release()

    first = [InputStart(stream=1), "open 1", "close", InputStop(stream=1)]
    assert listen(main) == [*first, InputStart(stream=2), "open 2", "close", InputStop(stream=2)]


def test_a_key_released_while_the_device_opens_ends_the_opening() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        noted.may_open.clear()
        await ears.press()
        await settle()
        await ears.release()
        noted.may_open.set()

    assert listen(main) == [InputStart(stream=1), InputStop(stream=1)]


def test_hands_free_listens_until_it_is_off() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        await ears.hands_free(True)
        await ears.hands_free(True)
        await settle()
        await ears.hands_free(False)

    on, off = SessionUpdate(hands_free=True), SessionUpdate(hands_free=False)
    assert listen(main) == [on, "open 1", "close", off]


def test_a_key_pressed_in_hands_free_is_a_turn_of_the_same_stream() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        await ears.hands_free(True)
        await settle()
        await ears.press()
        await ears.release()
        assert noted.is_open

    log = listen(main)
    assert log[1:] == ["open 1", InputStart(stream=1), InputStop(stream=1), "close"]


def test_hands_free_begun_while_the_key_is_held_goes_on_after_it() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        await ears.press()
        await settle()
        await ears.hands_free(True)
        await ears.release()
        assert noted.is_open
        await ears.hands_free(False)
        assert not noted.is_open

    listen(main)


def test_without_a_microphone_it_is_told_and_the_next_press_tries_again() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        noted.fault = EnvironmentFault("no-microphone", "None.")
        await ears.press()
        await settle()
        await ears.release()
        noted.fault = None
        await ears.press()
        await settle()
        assert noted.is_open

    turn = [InputStart(stream=1), "no-microphone", InputStop(stream=1)]
    assert listen(main)[:5] == [*turn, InputStart(stream=2), "open 2"]


def test_hands_free_goes_off_by_itself_without_a_microphone() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        noted.fault = EnvironmentFault("no-microphone", "None.")
        await ears.hands_free(True)
        await settle()
        noted.fault = None
        await ears.hands_free(True)
        await settle()
        assert noted.is_open

    on, off = SessionUpdate(hands_free=True), SessionUpdate(hands_free=False)
    assert listen(main)[:4] == [on, "no-microphone", off, on]


def test_the_device_is_given_back_though_the_engine_takes_nothing() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        await ears.hands_free(True)
        await settle()
        noted.takes.clear()
        switching = asyncio.create_task(ears.hands_free(False))
        await settle()
        assert not noted.is_open
        switching.cancel()
        await asyncio.wait([switching])
        noted.takes.set()
        await ears.press()
        await settle()
        noted.takes.clear()
        releasing = asyncio.create_task(ears.release())
        await settle()
        assert not noted.is_open
        releasing.cancel()
        await asyncio.wait([releasing])

    listen(main)


def test_closing_gives_the_device_back_and_tells_the_engine_nothing() -> None:
    async def main(noted: Noted, ears: Ears) -> None:
        await ears.press()
        await settle()

    assert listen(main) == [InputStart(stream=1), "open 1", "close"]
