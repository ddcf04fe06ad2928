"""What every command does first: settings, data folder, log, engine."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from engine import config
from engine.client.local import LocalEngine
from engine.runtime import Engine
from engine.settings import Settings

LOG_BYTES = 2 * 1024 * 1024
LOG_FILES = 3


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written, on a full disk, must not fill the terminal with tracebacks instead."""

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def load_settings(env: Mapping[str, str]) -> Settings:
    """The user's settings. Raises ConfigFault."""
    return config.load(env, config.config_path(env))


def start_log(folder: Path, level: str) -> None:
    """Logs to `folder`/logs/engine.log (rotating), or to stderr where that cannot be written. The log never
    holds a word of what was said."""
    handler: logging.Handler
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        handler = _LogFile(
            folder / "logs" / "engine.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
        handler.setLevel(logging.ERROR)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())


def open_engine(env: Mapping[str, str], settings: Settings) -> LocalEngine:
    """An engine in this process over the user's data folder, not started yet. Raises ConfigFault."""
    folder = config.data_dir(env)
    start_log(folder, settings.general.log_level)
    return LocalEngine(Engine(settings, folder))


def without_echo_guard(settings: Settings) -> Settings:
    """For recordings: there is no room that echoes."""
    return msgspec.structs.replace(settings, turn=msgspec.structs.replace(settings.turn, echo_guard_ms=0))
