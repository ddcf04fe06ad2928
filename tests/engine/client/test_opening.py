"""An engine where the user wants it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.client.child import ChildEngine
from engine.client.known_hosts import KnownHost, KnownHosts
from engine.client.local import LocalEngine
from engine.client.opening import open_engine
from engine.client.remote import RemoteEngine
from engine.errors import PeerFault
from engine.settings import EngineSettings, Settings

FINGERPRINT = "ab" * 32


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return {"COMPANION_DATA_DIR": str(tmp_path), "COMPANION_CONFIG": str(tmp_path / "config.toml")}


def with_host(place: str) -> Settings:
    return msgspec.structs.replace(Settings(), engine=EngineSettings(host=place))


def test_here_and_in_a_process_of_its_own(env: dict[str, str]) -> None:
    assert isinstance(open_engine(env, Settings(), "local"), LocalEngine)
    assert isinstance(open_engine(env, Settings(), "child"), ChildEngine)


def test_on_a_host_the_one_that_is_named_or_the_last(env: dict[str, str], tmp_path: Path) -> None:
    known = KnownHosts(tmp_path, None)
    known.keep(KnownHost("192.168.1.20", 8000, FINGERPRINT), "token")
    known.keep(KnownHost("192.168.1.21", 8000, FINGERPRINT), "token")
    for place in ("", "192.168.1.20:8000"):
        assert isinstance(open_engine(env, with_host(place), "remote"), RemoteEngine)


@pytest.mark.parametrize("place", ["", "192.168.1.22:8000"])
def test_a_host_that_is_not_paired_is_refused_with_what_to_do(env: dict[str, str], place: str) -> None:
    with pytest.raises(PeerFault, match="companion-engine pair") as fault:
        open_engine(env, with_host(place), "remote")
    assert fault.value.code == "unknown-host"
    assert place in fault.value.message
