"""Hears one key everywhere on Wayland, where the desktop has the portal for that: the desktop asks the user,
and only ever tells that this one key went down or up.

    https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html

Theory of operation. Every call to the portal is answered twice: at once, and by a signal `Response` of an
object whose path follows from a token we choose, so that the signal can be listened for before the call is
made. All of it happens in one thread that waits for messages; `close` ends the wait by shutting the socket.
"""

from __future__ import annotations

import logging
import secrets
import socket
import threading
from collections.abc import Callable
from typing import Any

from app.hotkey.keys import Key, display
from engine.errors import CompanionError, EnvironmentFault

log = logging.getLogger(__name__)

_ASK_S = 5.0
"""For the bus and the portal to answer."""
_DECIDE_S = 300.0
"""For the user to answer the desktop's question."""
_END_S = 2.0
_BUS = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
_SHORTCUT = "talk"
_TRIGGERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "cmd": "LOGO"}
_KEYSYMS = {
    "space": "space",
    "page_up": "Page_Up",
    "page_down": "Page_Down",
    "scroll_lock": "Scroll_Lock",
    "caps_lock": "Caps_Lock",
}


class Portal:
    """Hears `key` until it is closed. Calls everything in a thread of its own; `failed` once at most, when
    the key cannot be heard (any more)."""

    def __init__(
        self,
        key: Key,
        pressed: Callable[[], None],
        released: Callable[[], None],
        failed: Callable[[CompanionError], None],
    ) -> None:
        self._key = key
        self._pressed = pressed
        self._released = released
        self._failed = failed
        self._held = self._closing = False
        self._connection: Any = None
        self._thread = threading.Thread(target=self._run, name="hotkey-portal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hears no more; a key that is held counts as released."""
        self._closing = True
        if self._connection:
            try:
                self._connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("the bus has gone already")
        self._thread.join(_END_S)

    # ------------------------------------------------------------ in the thread

    def _run(self) -> None:
        from jeepney.io.blocking import open_dbus_connection

        try:
            with open_dbus_connection("SESSION") as connection:
                self._connection = connection
                if not self._closing:
                    self._listen(connection)
        except (OSError, EOFError, LookupError, ValueError) as error:  # no bus, no portal, or it says no
            if not self._closing:
                log.info("no key through the portal: %s %s", type(error).__name__, error)
                self._failed(
                    EnvironmentFault(
                        "hotkey-unavailable",
                        "No key can be heard everywhere on this desktop; hold the middle mouse button on her "
                        "instead, or the button in the chat.",
                    )
                )
        finally:
            if self._held:
                self._held = False
                self._released()

    def _listen(self, connection: Any) -> None:
        session = self._request(
            connection, "CreateSession", "a{sv}", (), {"session_handle_token": ("s", _token())}, _ASK_S
        )["session_handle"][1]
        about = {
            "description": ("s", "Hold to talk"),
            "preferred_trigger": ("s", trigger(self._key)),
        }
        self._subscribe(connection, _INTERFACE)
        self._request(
            connection,
            "BindShortcuts",
            "oa(sa{sv})sa{sv}",
            (session, [(_SHORTCUT, about)], ""),
            {},
            _DECIDE_S,
        )
        log.info("the portal was asked for %s", display(self._key))
        while not self._closing:
            self._hear(connection.receive(), session)

    def _hear(self, message: Any, session: str) -> None:
        name = message.header.fields.get(3)  # the member
        if name not in ("Activated", "Deactivated") or message.body[:2] != (session, _SHORTCUT):
            return
        if (down := name == "Activated") != self._held:
            self._held = down
            (self._pressed if down else self._released)()

    def _request(
        self,
        connection: Any,
        method: str,
        signature: str,
        before: tuple[Any, ...],
        options: dict[str, tuple[str, Any]],
        patience_s: float,
    ) -> dict[str, Any]:
        """Results of a call. Raises OSError when the portal or the user refuses, TimeoutError when neither
        answers."""
        from jeepney import DBusAddress, MatchRule, MessageType, new_method_call

        token = _token()
        sender = connection.unique_name.lstrip(":").replace(".", "_")
        path = f"{_PATH}/request/{sender}/{token}"
        rule = MatchRule(type="signal", interface="org.freedesktop.portal.Request", path=path)
        self._subscribe(connection, "org.freedesktop.portal.Request", path)
        call = new_method_call(
            DBusAddress(_PATH, bus_name=_BUS, interface=_INTERFACE),
            method,
            signature,
            (*before, {"handle_token": ("s", token), **options}),
        )
        with connection.filter(rule) as answers:
            reply = connection.send_and_get_reply(call, timeout=_ASK_S)
            if reply.header.message_type is MessageType.error:
                raise OSError(f"{method} is refused: {reply.body}")
            response, results = connection.recv_until_filtered(answers, timeout=patience_s).body
        if response:
            raise OSError(f"{method} is refused ({response})")
        return results

    def _subscribe(self, connection: Any, interface: str, path: str | None = None) -> None:
        from jeepney import MatchRule, message_bus

        call = message_bus.AddMatch(MatchRule(type="signal", interface=interface, path=path))
        connection.send_and_get_reply(call, timeout=_ASK_S)


def trigger(key: Key) -> str:
    """The key as the XDG shortcuts specification writes it: `CTRL+ALT+space`, `F8`."""
    parts = [_TRIGGERS[each] for each in ("ctrl", "alt", "shift", "cmd") if each in key.modifiers]
    name = key.name if len(key.name) == 1 else _KEYSYMS.get(key.name, key.name.capitalize())
    return "+".join((*parts, name))


def _token() -> str:
    return f"companion_{secrets.token_hex(8)}"
