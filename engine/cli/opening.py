"""What every command does first."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from engine import config
from engine.client import EngineClient
from engine.client.opening import Place, open_engine
from engine.log_file import start_log
from engine.settings import Settings


def load_settings(env: Mapping[str, str]) -> Settings:
    """The user's settings. Raises ConfigFault."""
    return config.load(env, config.config_path(env))


def open_logged(env: Mapping[str, str], settings: Settings, place: Place = "local") -> EngineClient:
    """As `open_engine`, and starts the log. Raises CompanionError."""
    # Two processes do not turn one log over: the engine's own has its usual name.
    start_log(config.data_dir(env), settings.general.log_level, "engine" if place == "local" else "client")
    return open_engine(env, settings, place)


def without_echo_guard(settings: Settings) -> Settings:
    """For recordings: there is no room that echoes."""
    return msgspec.structs.replace(settings, turn=msgspec.structs.replace(settings.turn, echo_guard_ms=0))
