"""`pair` and `devices`, from the command line to the file a host reads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import main
from engine.client import pairing_string
from engine.client.pairing_string import Pairing
from engine.clock import ManualClock, SystemClock
from engine.fingerprint import in_groups
from engine.host.devices import Devices
from engine.host.tls import host_certificate


def printed(out: str) -> Pairing:
    return pairing_string.read(next(line for line in out.splitlines() if line.startswith("companion:")))


def test_what_is_printed_pairs_a_device_with_this_host(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pair", "--name", "Phone", "--profile", "mei"]) == 0
    out = capsys.readouterr().out
    pairing = printed(out)
    certificate = host_certificate(data_dir, (), ManualClock())
    assert pairing.fingerprint == certificate.fingerprint
    assert in_groups(certificate.fingerprint) in out
    assert (pairing.host, pairing.port) == ("127.0.0.1", 8000)
    assert "host.tls true" in out
    device, _ = Devices(data_dir, SystemClock()).redeem(pairing.code, "")
    assert (device.name, device.profile) == ("Phone", "mei")


@pytest.mark.parametrize(
    ("address", "names", "host"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("0.0.0.0", "box.example, b", "box.example"),
        ("::", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_it_names_a_host_that_others_can_reach(
    address: str, names: str, host: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPANION_HOST_ADDRESS", address)
    monkeypatch.setenv("COMPANION_HOST_NAMES", names)
    monkeypatch.setenv("COMPANION_HOST_TLS", "true")
    monkeypatch.setenv("COMPANION_HOST_PORT", "4443")
    assert main(["pair"]) == 0
    out = capsys.readouterr().out
    assert (printed(out).host, printed(out).port) == (host, 4443)
    assert "cannot reach" not in out


def test_a_host_at_every_address_names_one_of_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPANION_HOST_ADDRESS", "0.0.0.0")
    assert main(["pair"]) == 0
    assert printed(capsys.readouterr().out).host not in ("", "0.0.0.0")


def test_a_port_that_changes_cannot_be_paired_with(
    data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPANION_HOST_PORT", "0")
    assert main(["pair"]) == 1
    assert "(port-not-fixed)" in capsys.readouterr().err
    assert not data_dir.exists()


def test_a_profile_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pair", "--profile", "../other"]) == 2
    assert "(bad-profile)" in capsys.readouterr().err


def test_devices_are_listed_and_revoked(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "list"]) == 0
    assert "No device is paired" in capsys.readouterr().out
    devices = Devices(data_dir, SystemClock())
    device, token = devices.redeem(devices.pair("[red]Phone[/]"), "")
    assert main(["devices", "list"]) == 0
    out = capsys.readouterr().out
    for part in (device.id, "[red]Phone[/]", "20"):
        assert part in out
    assert token not in out
    assert main(["devices", "revoke", device.id]) == 0
    assert devices.list() == ()
    assert main(["devices", "revoke", device.id]) == 2
    assert "(unknown-device)" in capsys.readouterr().err


def test_a_damaged_file_is_told(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data_dir.mkdir()
    (data_dir / "devices.json").write_bytes(b"{")
    for command in (["devices", "list"], ["devices", "revoke", "x"], ["pair"]):
        assert main(command) == 1
        assert "(file-damaged)" in capsys.readouterr().err


def test_the_command_line_waits_for_neither_certificates_nor_keyrings() -> None:
    script = (
        "import sys, engine.cli; engine.cli._parser(); "
        "print([name for name in ('cryptography', 'keyring', 'fastapi', 'uvicorn') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"
