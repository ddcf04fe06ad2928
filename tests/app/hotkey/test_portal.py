"""A key through the portal for global shortcuts: a portal of the test's own, on a bus of the test's own."""

from __future__ import annotations

import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.hotkey.keys import parse
from app.hotkey.portal import Portal, trigger

jeepney = pytest.importorskip("jeepney", reason="D-Bus is for Linux")
from jeepney.io.blocking import open_dbus_connection  # noqa: E402

INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
PATH = "/org/freedesktop/portal/desktop"
SESSION = f"{PATH}/session/1_1/talk"
PATIENCE_S = 10.0


class FakePortal:
    """What the desktop does: answers calls, and tells of the key when the test says so."""

    def __init__(self, address: str, refuses: str = "") -> None:
        self._connection = open_dbus_connection(address)
        self._refuses = refuses
        self.bound: queue.Queue[Any] = queue.Queue()
        self._connection.send_and_get_reply(jeepney.message_bus.RequestName("org.freedesktop.portal.Desktop"))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def key(self, down: bool, session: str = SESSION, shortcut: str = "talk") -> None:
        emitter = jeepney.DBusAddress(PATH, interface=INTERFACE)
        name = "Activated" if down else "Deactivated"
        self._connection.send(jeepney.new_signal(emitter, name, "osta{sv}", (session, shortcut, 0, {})))

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except (OSError, EOFError):
                return
            fields = jeepney.HeaderFields
            method = message.header.fields.get(fields.member)
            if message.header.fields.get(fields.interface) != INTERFACE:
                continue
            options = message.body[-1]
            sender = message.header.fields[fields.sender].lstrip(":").replace(".", "_")
            request = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
            self._connection.send(jeepney.new_method_return(message, "o", (request,)))
            results = {"session_handle": ("s", SESSION)} if method == "CreateSession" else {}
            emitter = jeepney.DBusAddress(request, interface="org.freedesktop.portal.Request")
            answer = (1 if method == self._refuses else 0, results)
            self._connection.send(jeepney.new_signal(emitter, "Response", "ua{sv}", answer))
            if method == "BindShortcuts":
                self.bound.put(message.body)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bus, on which this process is."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed: there is no bus to ask on")
    address = f"unix:path={tmp_path / 'bus'}"
    command = [
        "dbus-daemon",
        "--session",
        "--nofork",
        "--nopidfile",
        f"--address={address}",
        "--print-address=1",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout
        daemon.stdout.readline()  # it listens
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        daemon.terminate()


class Noted:
    def __init__(self) -> None:
        self.events: queue.Queue[str] = queue.Queue()

    def listen(self, key: str) -> Portal:
        note = self.events.put
        return Portal(parse(key), lambda: note("down"), lambda: note("up"), lambda error: note(error.code))

    def next(self) -> str:
        return self.events.get(timeout=PATIENCE_S)


def test_the_portal_is_asked_for_the_key_and_tells_of_it(bus: str) -> None:
    portal, noted = FakePortal(bus), Noted()
    ear = noted.listen("ctrl+f8")
    session, shortcuts, _window, _options = portal.bound.get(timeout=PATIENCE_S)
    assert session == SESSION
    assert [(name, about["preferred_trigger"][1]) for name, about in shortcuts] == [("talk", "CTRL+F8")]
    portal.key(True, session="/somebody/elses")
    portal.key(True, shortcut="another")
    for _ in range(2):
        portal.key(True)
        portal.key(True)
        portal.key(False)
    assert [noted.next() for _ in range(4)] == ["down", "up", "down", "up"]
    portal.key(True)
    assert noted.next() == "down"
    ear.close()
    assert noted.next() == "up", "a key that is held when nobody listens any more is released"
    assert noted.events.empty()
    portal.close()


@pytest.mark.parametrize("method", ["CreateSession", "BindShortcuts"])
def test_a_refusal_is_told(bus: str, method: str) -> None:
    portal, noted = FakePortal(bus, refuses=method), Noted()
    ear = noted.listen("f8")
    assert noted.next() == "hotkey-unavailable"
    ear.close()
    portal.close()


def test_a_desktop_without_the_portal_is_told(bus: str) -> None:
    noted = Noted()
    ear = noted.listen("f8")
    assert noted.next() == "hotkey-unavailable"
    ear.close()


def test_no_bus_at_all_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    noted = Noted()
    ear = noted.listen("f8")
    assert noted.next() == "hotkey-unavailable"
    ear.close()


def test_a_portal_that_goes_is_told_and_the_key_released(bus: str) -> None:
    portal, noted = FakePortal(bus), Noted()
    ear = noted.listen("f8")
    portal.bound.get(timeout=PATIENCE_S)
    portal.key(True)
    assert noted.next() == "down"
    ear._connection.sock.shutdown(2)
    assert {noted.next(), noted.next()} == {"hotkey-unavailable", "up"}
    ear.close()
    portal.close()


def test_keys_as_the_specification_writes_them() -> None:
    names = ("f8", "pause", "ctrl+alt+space", "cmd+k", "ctrl+page_up", "shift+scroll_lock")
    assert [trigger(parse(name)) for name in names] == [
        "F8",
        "Pause",
        "CTRL+ALT+space",
        "LOGO+k",
        "CTRL+Page_Up",
        "SHIFT+Scroll_Lock",
    ]
