"""What a client keeps of its hosts, with a keyring of the tests' own; no real one is touched."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked

from engine.client.known_hosts import KnownHost, KnownHosts
from engine.errors import EnvironmentFault, PeerFault
from tests.support.keyrings import DictKeyring

HOST = KnownHost("192.168.1.20", 8000, "ab" * 32, "Desk")
OTHER = KnownHost("fe80::1", 8000, "cd" * 32)
TOKEN = "token-of-the-desk"


def test_a_token_is_kept_by_the_keyring_and_not_in_the_file(tmp_path: Path) -> None:
    keyring = DictKeyring()
    assert KnownHosts(tmp_path, keyring).keep(HOST, TOKEN)
    hosts = KnownHosts(tmp_path, keyring)
    assert hosts.list() == (HOST,)
    assert hosts.token("192.168.1.20:8000") == TOKEN
    assert keyring.secrets == {("ai-companion", "192.168.1.20:8000"): TOKEN}
    assert TOKEN not in (tmp_path / "known_hosts.json").read_text()


@pytest.mark.parametrize(
    "keyring", [None, DictKeyring(KeyringLocked()), DictKeyring(ConnectionError("D-Bus")), NullKeyring()]
)
def test_without_a_keyring_the_token_is_in_a_private_file_and_that_is_said(
    tmp_path: Path, keyring: KeyringBackend | None
) -> None:
    hosts = KnownHosts(tmp_path, keyring)
    assert not hosts.keep(HOST, TOKEN)
    assert hosts.token(HOST.place) == TOKEN
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "known_hosts.json").stat().st_mode) == 0o600


def test_pairing_again_replaces_the_host_at_that_place_only(tmp_path: Path) -> None:
    hosts = KnownHosts(tmp_path, DictKeyring())
    hosts.keep(HOST, TOKEN)
    hosts.keep(OTHER, "other")
    renewed = KnownHost(HOST.host, HOST.port, "ef" * 32)
    hosts.keep(renewed, "new")
    assert set(hosts.list()) == {OTHER, renewed}
    assert hosts.token(HOST.place) == "new"
    assert hosts.token("[fe80::1]:8000") == "other"


def test_a_token_moves_from_the_file_into_a_keyring_that_came_later(tmp_path: Path) -> None:
    KnownHosts(tmp_path, None).keep(HOST, TOKEN)
    KnownHosts(tmp_path, DictKeyring()).keep(HOST, "new")
    assert TOKEN not in (tmp_path / "known_hosts.json").read_text()


def test_forgetting_takes_the_token_along(tmp_path: Path) -> None:
    keyring = DictKeyring()
    hosts = KnownHosts(tmp_path, keyring)
    hosts.keep(HOST, TOKEN)
    hosts.forget(HOST.place)
    hosts.forget(HOST.place)
    assert hosts.list() == ()
    assert keyring.secrets == {}
    with pytest.raises(PeerFault) as caught:
        hosts.token(HOST.place)
    assert caught.value.code == "unknown-host"


def test_a_keyring_that_lost_the_token_or_is_gone_is_told(tmp_path: Path) -> None:
    keyring = DictKeyring()
    KnownHosts(tmp_path, keyring).keep(HOST, TOKEN)
    for later in (DictKeyring(), DictKeyring(KeyringLocked()), None):
        with pytest.raises(EnvironmentFault) as caught:
            KnownHosts(tmp_path, later).token(HOST.place)
        assert caught.value.code == "token-lost"
        assert HOST.place in caught.value.message


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "known_hosts.json").write_bytes(b"{")
    with pytest.raises(EnvironmentFault) as caught:
        KnownHosts(tmp_path, None).keep(HOST, TOKEN)
    assert caught.value.code == "file-damaged"
    assert (tmp_path / "known_hosts.json").read_bytes() == b"{"


def test_tokens_are_never_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for keyring in (DictKeyring(), DictKeyring(RuntimeError(TOKEN)), None):
            hosts = KnownHosts(tmp_path, keyring)
            hosts.keep(HOST, TOKEN)
            hosts.token(HOST.place)
            hosts.forget(HOST.place)
    assert TOKEN not in caplog.text
