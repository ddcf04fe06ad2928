from __future__ import annotations

import asyncio

from engine.client.asked import DEADLINE_S, Asked
from tests.support.virtual_time import run_virtual


class Client:
    """Asks, and may lose its connection."""

    def __init__(self) -> None:
        self.connected = True
        self.failed: list[str] = []
        self.asked = Asked(lambda: self.connected, self.failed.append)


def test_an_answer_counts_once_for_each_time_it_was_asked() -> None:
    async def main() -> None:
        client = Client()
        client.asked.ask("a")
        client.asked.ask("a")
        assert [client.asked.answered("a") for _ in range(3)] == [True, True, False]
        assert not client.asked.answered("never asked")
        await asyncio.sleep(10 * DEADLINE_S)
        assert client.failed == []

    run_virtual(main())


def test_without_a_connection_a_request_fails_at_its_deadline_and_no_sooner() -> None:
    async def main() -> None:
        client = Client()
        client.asked.ask("slow")
        await asyncio.sleep(2.5 * DEADLINE_S)  # the engine takes its time
        assert client.failed == []
        client.connected = False
        client.asked.ask("late")
        await asyncio.sleep(0.6 * DEADLINE_S)
        assert client.failed == ["slow"]
        await asyncio.sleep(0.5 * DEADLINE_S)
        assert client.failed == ["slow", "late"]
        assert not client.asked.answered("late")

    run_virtual(main())


def test_requests_of_a_lost_session_fail_at_once() -> None:
    async def main() -> None:
        client = Client()
        client.asked.ask("a")
        client.asked.ask("b")
        client.asked.give_up(("a", "not asked"))
        assert client.failed == ["a"]

    run_virtual(main())
