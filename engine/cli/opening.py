"""What every command does first: settings, data folder, log, engine."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from engine import config
from engine.client import EngineClient
from engine.client.local import LocalEngine
from engine.errors import PeerFault
from engine.runtime import Engine
from engine.settings import Settings

PLACES = ("local", "child", "remote")

LOG_BYTES = 2 * 1024 * 1024
LOG_FILES = 3
SPEAKS_OF_CONTENT = ("websockets", "httpx", "httpcore", "uvicorn")
"""Libraries that log what they transport when they may say all: words, tokens."""


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written, on a full disk, must not fill the terminal with tracebacks instead."""

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def load_settings(env: Mapping[str, str]) -> Settings:
    """The user's settings. Raises ConfigFault."""
    return config.load(env, config.config_path(env))


def start_log(folder: Path, level: str, name: str = "engine") -> None:
    """Logs to `folder`/logs/`name`.log (rotating), or to stderr where that cannot be written. The log never
    holds a word of what was said."""
    handler: logging.Handler
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        handler = _LogFile(
            folder / "logs" / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
        handler.setLevel(logging.ERROR)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())
    for library in SPEAKS_OF_CONTENT:
        logging.getLogger(library).setLevel(logging.INFO)


def open_engine(env: Mapping[str, str], settings: Settings, place: str = "local") -> EngineClient:
    """An engine that is not started yet: `local` in this process and `child` in one of its own, over the
    user's data folder, or `remote` on the host paired last. Raises CompanionError."""
    folder = config.data_dir(env)
    # Two processes do not turn one log over: the engine's own has its usual name.
    start_log(folder, settings.general.log_level, "engine" if place == "local" else "client")
    # The clients over a socket are imported where used: nobody else shall wait for their libraries.
    match place:
        case "child":
            from engine.client.child import ChildEngine

            return ChildEngine(env)
        case "remote":
            return _remote(folder)
        case _:
            return LocalEngine(Engine(settings, folder))


def _remote(folder: Path) -> EngineClient:
    from engine.client.known_hosts import KnownHosts, system_keyring
    from engine.client.pinning import PinnedContext
    from engine.client.remote import RemoteEngine, url_of

    known = KnownHosts(folder, system_keyring())
    if not (hosts := known.list()):
        raise PeerFault(
            "unknown-host",
            "No host is paired: run `companion-engine pair` there, and `companion-engine connect` here.",
        )
    host = hosts[-1]
    return RemoteEngine(url_of(host.place), known.token(host.place), ssl=PinnedContext(host.fingerprint))


def without_echo_guard(settings: Settings) -> Settings:
    """For recordings: there is no room that echoes."""
    return msgspec.structs.replace(settings, turn=msgspec.structs.replace(settings.turn, echo_guard_ms=0))
