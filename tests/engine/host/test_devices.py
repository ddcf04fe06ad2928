"""Pairing as users and attackers try it: reuse, expiry, too many tries, races, revocation, damage."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import ManualClock
from engine.errors import EnvironmentFault, PeerFault
from engine.host.devices import CODE_LIFE_MS, CODE_TRIES, Device, Devices, local_token

REDEEMER = """
import sys
from pathlib import Path
from engine.clock import SystemClock
from engine.errors import PeerFault
from engine.host.devices import Devices

devices = Devices(Path(sys.argv[1]), SystemClock())
print("ready", flush=True)
code = sys.stdin.readline()
try:
    print(devices.redeem(code, "racer")[1])
except PeerFault as error:
    print(error.code)
"""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def devices(tmp_path: Path, clock: ManualClock) -> Devices:
    return Devices(tmp_path, clock)


def fails(devices: Devices, code: str) -> bool:
    with pytest.raises(PeerFault) as caught:
        devices.redeem(code, "phone")
    return caught.value.code == "pairing-failed"


def test_a_code_makes_a_device_which_is_known_by_its_token(devices: Devices, clock: ManualClock) -> None:
    code = devices.pair("Phone")
    assert devices.pending()
    device, token = devices.redeem(code, "ignored")
    assert device.name == "Phone"
    assert device.profile == device.id
    assert device.paired_ms == clock.wall_ms()
    assert devices.list() == (device,)
    assert devices.find(token) == device
    assert not devices.pending()
    assert len(token) == 43  # 256 bits


def test_every_token_finds_its_own_device_and_no_other_text_finds_any(devices: Devices) -> None:
    pairs = [devices.redeem(devices.pair(f"device {number}", "shared"), "") for number in range(3)]
    assert [devices.find(token) for _, token in pairs] == [device for device, _ in pairs]
    assert {device.profile for device, _ in pairs} == {"shared"}
    for wrong in ("", "x", pairs[0][1][:-1], pairs[0][1] + "A", pairs[0][0].token_hash, "\ud800", "令牌"):
        assert devices.find(wrong) is None


def test_a_code_is_long_and_may_be_typed_carelessly(devices: Devices) -> None:
    code = devices.pair("")
    assert [len(group) for group in code.split("-")] == [4] * 4  # base32: 80 bits
    assert devices.redeem(f" {code.lower().replace('-', ' ')}\n", "Tablet")[0].name == "Tablet"


def test_a_code_works_once(devices: Devices) -> None:
    code = devices.pair("")
    devices.redeem(code, "")
    assert fails(devices, code)
    assert len(devices.list()) == 1


def test_a_code_dies_after_five_minutes(devices: Devices, clock: ManualClock) -> None:
    code = devices.pair("")
    clock.advance(CODE_LIFE_MS - 1)
    assert devices.pending()
    clock.advance(1)
    assert not devices.pending()
    assert fails(devices, code)


def test_a_clock_set_back_does_not_lengthen_a_life(
    devices: Devices, tmp_path: Path, clock: ManualClock
) -> None:
    code = devices.pair("")
    earlier = Devices(tmp_path, ManualClock(wall_ms=clock.wall_ms() - 3_600_000))
    assert not earlier.pending()
    assert fails(earlier, code)


def test_a_code_survives_four_wrong_tries_and_dies_of_the_fifth(devices: Devices) -> None:
    for wrong_tries, alive in ((CODE_TRIES - 1, True), (CODE_TRIES, False)):
        code = devices.pair("")
        for number in range(wrong_tries):
            assert fails(devices, f"AAAA-AAAA-AAAA-AAA{number + 2}")
        assert devices.pending() is alive
        if alive:
            devices.redeem(code, "")
        else:
            assert fails(devices, code)


def test_a_new_code_replaces_the_old_one(devices: Devices) -> None:
    old, new = devices.pair("a"), devices.pair("b")
    assert fails(devices, old)
    assert devices.redeem(new, "")[0].name == "b"


def test_without_a_code_nothing_works(devices: Devices, tmp_path: Path) -> None:
    for text in ("", "-", "AAAA-AAAA-AAAA-AAAA", "\ud800"):
        assert fails(devices, text)
    assert not (tmp_path / "devices.json").exists()


def test_of_threads_that_race_for_one_code_one_wins(devices: Devices) -> None:
    code = devices.pair("")

    def race(number: int) -> Device | None:
        try:
            return devices.redeem(code, f"racer {number}")[0]
        except PeerFault:
            return None

    with ThreadPoolExecutor(4) as pool:
        winners = [device for device in pool.map(race, range(4)) if device]
    assert devices.list() == tuple(winners)
    assert len(winners) == 1


def test_of_two_programs_that_race_for_one_code_one_wins(tmp_path: Path) -> None:
    from engine.clock import SystemClock

    devices = Devices(tmp_path, SystemClock())
    code = devices.pair("")
    command = [sys.executable, "-c", REDEEMER, str(tmp_path)]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin
        racer.stdin.write(code + "\n")
        racer.stdin.flush()
    answers = [racer.communicate(timeout=60)[0].strip() for racer in racers]
    assert answers.count("pairing-failed") == 1
    token = next(answer for answer in answers if answer != "pairing-failed")
    assert devices.list() == (devices.find(token),)


def test_a_revoked_device_is_gone_for_a_host_that_runs(
    devices: Devices, tmp_path: Path, clock: ManualClock
) -> None:
    lost, lost_token = devices.redeem(devices.pair(""), "laptop")
    kept, kept_token = devices.redeem(devices.pair(""), "phone")
    assert devices.find(lost_token) == lost
    Devices(tmp_path, clock).revoke(lost.id)  # as another program does
    assert devices.find(lost_token) is None
    assert devices.find(kept_token) == kept
    with pytest.raises(PeerFault) as caught:
        devices.revoke(lost.id)
    assert caught.value.code == "unknown-device"


def test_a_profile_is_a_plain_name(devices: Devices) -> None:
    for name in ("../other", "a b", "A", "-a", "a" * 41, "a\n", "中"):
        with pytest.raises(PeerFault) as caught:
            devices.pair("", name)
        assert caught.value.code == "bad-profile"
    assert not devices.pending()


@settings(max_examples=30)
@given(name=st.text(max_size=200))
def test_any_name_becomes_one_printable_line(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    devices = Devices(tmp_path_factory.mktemp("devices"), ManualClock())
    device, _ = devices.redeem(devices.pair(""), name)
    assert device.name.isprintable()
    assert 0 < len(device.name) <= 60
    assert devices.list() == (device,)


def test_a_damaged_file_lets_nobody_in_and_is_left_as_it_is(devices: Devices, tmp_path: Path) -> None:
    code = devices.pair("")
    path = tmp_path / "devices.json"
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(EnvironmentFault) as caught:
            devices.redeem(code, "")
        assert caught.value.code == "file-damaged"
        assert path.read_bytes() == whole[:end]
    for use in (lambda: devices.find("x"), devices.list, devices.pending, lambda: devices.pair("")):
        with pytest.raises(EnvironmentFault):
            use()


def test_secrets_are_neither_kept_in_clear_nor_logged(
    devices: Devices, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        code = devices.pair("")
        bare = code.replace("-", "")
        assert bare not in (tmp_path / "devices.json").read_text()
        fails(devices, "AAAA")
        _, token = devices.redeem(code, "phone")
        devices.find(token)
    everything = caplog.text + (tmp_path / "devices.json").read_text()
    for secret in (code, bare, token):
        assert secret not in everything


def test_the_local_token_is_private_stable_and_renewed_on_demand(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    token = local_token(folder)
    assert local_token(folder) == token
    renewed = local_token(folder, renew=True)
    assert renewed != token
    assert local_token(folder) == renewed
    if os.name == "posix":
        assert stat.S_IMODE((folder / "local.token").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 43, b"a" * 42 + b"\n"])
def test_a_local_token_that_is_none_opens_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "local.token").write_bytes(content)
    assert local_token(tmp_path).encode() != content
    assert len(local_token(tmp_path)) == 43


def test_a_local_token_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "local.token").mkdir()
    with pytest.raises(EnvironmentFault) as caught:
        local_token(tmp_path)
    assert caught.value.code == "file-unusable"
