"""The door in front of the real application, over real sockets."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import msgspec
import pytest
import websockets
from websockets.asyncio.client import connect

from engine.settings import HostSettings
from tests.support.hosted import SCRIPTED, Served, served


def run(folder: Path, main, **host) -> None:  # type: ignore[no-untyped-def]
    async def body() -> None:
        settings = msgspec.structs.replace(SCRIPTED, host=HostSettings(port=0, **host))
        async with asyncio.timeout(60), served(folder / "data", settings) as hosted:
            await main(hosted)

    asyncio.run(body())


async def get(hosted: Served, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://127.0.0.1:{hosted.port}{path}", headers=headers)


def test_anybody_here_learns_that_the_host_runs_and_is_ready(tmp_path: Path) -> None:
    async def main(hosted: Served) -> None:
        root = await get(hosted, "/")
        assert (root.status_code, root.json()) == (
            200,
            {"status": "ok", "message": "AI Companion Backend is running"},
        )
        ready = await get(hosted, "/ready")
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "missing": {}})
        assert (await get(hosted, "/docs")).status_code == 404
        assert "server" not in root.headers

    run(tmp_path, main)


@pytest.mark.parametrize("path", ["/ws/v1", "/ws/audio"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000"])
def test_a_foreign_page_is_refused_before_the_upgrade(tmp_path: Path, path: str, origin: str) -> None:
    async def main(hosted: Served) -> None:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with hosted.connect(path, additional_headers={"Origin": origin}):
                pass
        assert refused.value.response.status_code == 403
        assert json.loads(refused.value.response.body or b"")["code"] == "foreign-origin"
        assert len(hosted.host.seats) == 0

    run(tmp_path, main)


@pytest.mark.parametrize("path", ["/ws/v1", "/ws/audio"])
@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.nip.io"])
def test_a_foreign_name_is_refused_before_the_upgrade(tmp_path: Path, path: str, name: str) -> None:
    async def main(hosted: Served) -> None:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connect(f"ws://{name}:{hosted.port}{path}", host="127.0.0.1", port=hosted.port):
                pass
        assert refused.value.response.status_code == 403
        assert json.loads(refused.value.response.body or b"")["code"] == "foreign-host"
        assert (await get(hosted, "/", Host=name)).status_code == 403

    run(tmp_path, main)


def test_an_allowed_page_may_connect(tmp_path: Path) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio", origin="https://mine.example"):
            pass

    run(tmp_path, main, allowed_origins="https://mine.example")


def test_a_token_in_the_url_is_refused_and_logged_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async def main(hosted: Served) -> None:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with hosted.connect("/ws/v1?token=a-canary-of-a-token"):
                pass
        assert refused.value.response.status_code == 400
        ours = [record for record in caplog.records if not record.name.startswith("websockets.client")]
        assert not any("canary" in record.getMessage() for record in ours)

    run(tmp_path, main)


def test_more_sockets_than_there_can_ever_be_sessions_are_refused(tmp_path: Path) -> None:
    async def main(hosted: Served) -> None:
        async with (
            hosted.connect("/ws/v1"),
            hosted.connect("/ws/v1"),
            hosted.connect("/ws/v1"),
            hosted.connect("/ws/v1"),
        ):
            with pytest.raises(websockets.InvalidStatus) as refused:
                async with hosted.connect("/ws/v1"):
                    pass
            assert refused.value.response.status_code == 503
        async with hosted.client():
            pass

    run(tmp_path, main, max_sessions=1)
