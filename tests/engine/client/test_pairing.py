"""Pairing with a real host: the code is good once, and the token opens the host."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.client.known_hosts import KnownHosts
from engine.client.pairing import keep, redeem
from engine.client.pairing_string import Pairing
from engine.client.pinning import HostChanged, PinnedContext
from engine.client.remote import RemoteEngine, url_of
from engine.clock import SystemClock
from engine.errors import CompanionError
from engine.host.devices import Devices
from engine.host.tls import host_certificate
from engine.messages import Hello
from tests.support.placements import HostProcess, scripted_env


@pytest.fixture
def pairing(tmp_path: Path) -> Iterator[Pairing]:
    """What a running host lets a device redeem."""
    folder = tmp_path / "host"
    process = HostProcess(scripted_env(folder, COMPANION_HOST_TLS="true"))
    clock = SystemClock()
    fingerprint = host_certificate(folder, (), clock).fingerprint
    yield Pairing("127.0.0.1", process.port, fingerprint, Devices(folder, clock).pair("", ""))
    process.stop()


def test_a_code_buys_a_token_once(pairing: Pairing, tmp_path: Path) -> None:
    asyncio.run(_pair(pairing, tmp_path))


async def _pair(pairing: Pairing, tmp_path: Path) -> None:
    with pytest.raises(HostChanged):
        await redeem(pairing._replace(fingerprint="0" * 64))
    token = await redeem(pairing)
    host, safe = keep(tmp_path / "device", pairing, token)
    assert not safe, "there is no keyring here"
    known = KnownHosts(tmp_path / "device", None)
    assert known.list() == (host,)
    context = PinnedContext(host.fingerprint)
    async with RemoteEngine(url_of(host.place), known.token(host.place), ssl=context) as engine:
        welcome = await engine.open(Hello(client="test"))
    assert not welcome.device_token
    with pytest.raises(CompanionError) as refused:
        await redeem(pairing)
    assert refused.value.code == "pairing-failed"
