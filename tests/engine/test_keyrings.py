"""The keyring that is used, and what is kept in it; no real one is touched."""

from __future__ import annotations

import io
import sys

import keyring
import pytest
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked

from engine.cli import main
from engine.errors import EnvironmentFault
from engine.keyrings import keep_secret, secret, system_keyring, usable
from tests.support.keyrings import DictKeyring

PlaintextKeyring = type("PlaintextKeyring", (DictKeyring,), {"__module__": "keyrings.alt.file"})
KEY = "sk-sesame"


def use(monkeypatch: pytest.MonkeyPatch, backend: DictKeyring) -> DictKeyring:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return backend


def test_keyrings_that_keep_no_secret_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    good, plain = DictKeyring(), PlaintextKeyring()
    assert usable(good) is good
    for bad in (FailKeyring(), NullKeyring(), plain):
        assert usable(bad) is None
    chain = ChainerBackend()
    for parts, expected in (([plain, good], good), ([plain, FailKeyring()], None), ([], None)):
        monkeypatch.setattr(ChainerBackend, "backends", parts)
        assert usable(chain) is expected


def test_the_tests_have_no_system_keyring() -> None:
    assert system_keyring() is None


def test_a_secret_is_kept_given_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = use(monkeypatch, DictKeyring()).secrets
    keep_secret("http://desk/v1", KEY)
    assert secret("http://desk/v1") == KEY
    assert secret("http://other/v1") == ""
    keep_secret("http://desk/v1", "")
    assert kept == {}
    keep_secret("http://desk/v1", "")


@pytest.mark.parametrize("backend", [None, DictKeyring(KeyringLocked()), DictKeyring(ConnectionError(KEY))])
def test_without_a_keyring_nothing_is_kept_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, backend: DictKeyring | None, caplog: pytest.LogCaptureFixture
) -> None:
    if backend:
        use(monkeypatch, backend)
    assert secret("http://desk/v1") == ""
    with caplog.at_level("DEBUG"), pytest.raises(EnvironmentFault, match="COMPANION_LLM_KEY"):
        keep_secret("http://desk/v1", KEY)
    assert KEY not in caplog.text


def test_a_key_is_typed_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = use(monkeypatch, DictKeyring()).secrets
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{KEY}\n"))
    assert main(["key", "desk:1234"]) == 0
    assert kept == {("ai-companion", "http://desk:1234/v1"): KEY}
    out = capsys.readouterr().out
    assert "http://desk:1234/v1" in out
    assert KEY not in out
