from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from engine.clock import ManualClock
from engine.errors import PeerFault
from engine.host.admission import Admission, Identity
from engine.host.devices import Devices

HERE = "127.0.0.1"
THERE = "192.168.1.20"
OWN = "own-token-of-this-machine-and-nobody-elses"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def admission(tmp_path: Path, clock: ManualClock) -> Admission:
    return Admission(tmp_path, OWN, clock)


def identify(admission: Admission, token: str, source: str = HERE) -> Identity:
    return asyncio.run(admission.identify(token, source, "test"))


def refused(admission: Admission, token: str, source: str = HERE) -> str:
    with pytest.raises(PeerFault) as error:
        identify(admission, token, source)
    return error.value.code


def test_the_own_token_opens_the_default_profile_on_this_machine_only(admission: Admission) -> None:
    assert identify(admission, OWN) == ("default", "", "")
    assert refused(admission, OWN, THERE) == "not-authorised"
    assert refused(admission, "") == "not-authorised"
    assert refused(admission, OWN + "x") == "not-authorised"


def test_a_device_is_known_by_its_token_everywhere(
    admission: Admission, tmp_path: Path, clock: ManualClock
) -> None:
    devices = Devices(tmp_path, clock)
    device, token = devices.redeem(devices.pair("laptop", "family"), "")
    assert identify(admission, token, THERE) == ("family", device.id, "")
    devices.revoke(device.id)
    assert refused(admission, token, THERE) == "not-authorised"


def test_a_pairing_code_makes_a_device_once(admission: Admission, tmp_path: Path, clock: ManualClock) -> None:
    code = Devices(tmp_path, clock).pair("")
    paired = identify(admission, code.lower(), THERE)
    assert paired.new_token
    assert identify(admission, paired.new_token, THERE).device == paired.device
    assert refused(admission, code, THERE) == "pairing-failed"


def test_a_wrong_token_costs_a_pairing_code_no_try(
    admission: Admission, tmp_path: Path, clock: ManualClock
) -> None:
    code = Devices(tmp_path, clock).pair("")
    for number in range(8):
        assert refused(admission, f"wrong-token-{number}", THERE) == "not-authorised"
    assert identify(admission, code, THERE).new_token


def test_guessing_slows_down_also_over_a_restart(
    admission: Admission, tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float, *_: Any) -> None:
        waited.append(seconds)

    monkeypatch.setattr("engine.host.admission.asyncio.sleep", sleep)
    for _ in range(13):
        refused(admission, "wrong", THERE)
    assert waited == [1.0, 2.0, 4.0]
    refused(Admission(tmp_path, OWN, clock), "wrong", THERE)
    assert waited[-1] == 8.0
    identify(admission, OWN, HERE)
    assert len(waited) == 4


def test_a_child_of_the_app_knows_nobody_but_the_app(tmp_path: Path, clock: ManualClock) -> None:
    devices = Devices(tmp_path, clock)
    _, token = devices.redeem(devices.pair("laptop"), "")
    child = Admission(tmp_path, OWN, clock, devices=False)
    assert identify(child, OWN).profile == "default"
    assert refused(child, token) == "not-authorised"


def test_revoked_devices_are_told(admission: Admission, tmp_path: Path, clock: ManualClock) -> None:
    devices = Devices(tmp_path, clock)
    kept, _ = devices.redeem(devices.pair("kept"), "")
    gone, _ = devices.redeem(devices.pair("gone"), "")
    devices.revoke(gone.id)
    assert asyncio.run(admission.revoked({kept.id, gone.id})) == {gone.id}
    assert asyncio.run(admission.revoked(set())) == set()
