"""The system's keyring, where secrets lie."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from engine.errors import EnvironmentFault

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

T = TypeVar("T")

SERVICE = "ai-companion"
"""What everything of ours is kept under there, each secret with a name of its own."""


def system_keyring() -> KeyringBackend | None:
    """The keyring of this system; None where there is none that keeps secrets."""
    import keyring  # takes a tenth of a second, and few need it

    return usable(keyring.get_keyring())


def usable(backend: KeyringBackend) -> KeyringBackend | None:
    """`backend`, or the first part of a chain, that keeps secrets. Not: those that fail or forget by design,
    and keyrings.alt, which writes clear text or asks for a password on the terminal."""
    parts: tuple[KeyringBackend, ...] = tuple(getattr(backend, "backends", (backend,)))
    refused = ("keyring.backends.fail.", "keyring.backends.null.", "keyrings.alt.")
    return next((part for part in parts if not _class_name(part).startswith(refused)), None)


def _class_name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def ask(find: Callable[[], KeyringBackend | None], question: Callable[[KeyringBackend], T]) -> T | None:
    """What the keyring answers that `find` finds; None when there is none, or it fails. May wait for its
    user."""
    try:
        keyring = find()
        return question(keyring) if keyring else None
    except Exception as error:  # noqa: BLE001 - boundary: keyrings are plug-ins, and D-Bus has errors of its own
        log.info("The keyring does not answer (%s)", type(error).__name__)
        return None


def hide(keyring: KeyringBackend, name: str, value: str) -> bool:
    """Keeps `value`; False when it was forgotten at once, as some do without a word."""
    keyring.set_password(SERVICE, name, value)
    return keyring.get_password(SERVICE, name) == value


def secret(name: str) -> str:
    """What is kept under `name`; empty when nothing is, or no keyring answers."""
    return ask(system_keyring, lambda keyring: keyring.get_password(SERVICE, name)) or ""


def keep_secret(name: str, value: str) -> None:
    """Keeps `value` under `name`, or with an empty value nothing any more. Raises EnvironmentFault
    `no-keyring`."""
    if not ask(system_keyring, lambda it: hide(it, name, value) if value else _forget(it, name)):
        raise EnvironmentFault(
            "no-keyring",
            "This system has no keyring that keeps secrets, or it stays locked: set the environment variable "
            "COMPANION_LLM_KEY instead.",
        )


def _forget(keyring: KeyringBackend, name: str) -> bool:
    if keyring.get_password(SERVICE, name) is not None:
        keyring.delete_password(SERVICE, name)
    return not keyring.get_password(SERVICE, name)
