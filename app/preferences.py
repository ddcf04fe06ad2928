"""The settings in force, for the windows: read once, changed one by one, told to whoever it concerns."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from app.background import Background
from engine import config
from engine.config import Resolved, SettingInfo, Value
from engine.errors import CompanionError
from engine.settings import Settings


class Preferences(QObject):
    """Belongs to the Qt thread, which never waits for the file."""

    changed = Signal(object)
    """frozenset of the keys (`section.name`) that have another value now."""

    def __init__(self, env: Mapping[str, str] = os.environ) -> None:
        """Raises ConfigFault, and EnvironmentFault `config-unreadable`, as `config.resolve`."""
        super().__init__()
        self._env = env
        self._path = config.config_path(env)
        self._background = Background()
        self._resolved = config.resolve(env, self._path)
        self._at_start = self._resolved.settings

    @property
    def settings(self) -> Settings:
        return self._resolved.settings

    def value(self, key: str) -> Value:
        """The value in force. Raises AttributeError for a key that is not declared."""
        return _value(self.settings, key)

    def all(self) -> list[tuple[SettingInfo, Value]]:
        """Every declared setting, and its value in force."""
        return [(info, self.value(info.key)) for info in config.describe()]

    def is_new(self, key: str) -> bool:
        """Whether the value is another than when the program was started."""
        return self.value(key) != _value(self._at_start, key)

    def fixed_by(self, key: str) -> str:
        """The environment variable that decides this setting, so that changing it has no effect; or empty."""
        source = self._resolved.sources.get(key, "")
        return source if source.startswith(config.PREFIX) else ""

    def change(self, key: str, text: str, failure: Callable[[CompanionError], None]) -> None:
        """Writes a setting, given as in `companion-engine config set`, into the config file; `changed`
        follows. Or `failure` is called, and nothing has changed."""

        def work() -> Resolved:
            config.set_value(self._path, key, text)
            return config.resolve(self._env, self._path)

        self._background.do(work, self._take, failure)

    def close(self) -> None:
        """Returns when everything is written."""
        self._background.close()

    def _take(self, resolved: Resolved) -> None:
        old, self._resolved = self._resolved, resolved
        keys = [info.key for info in config.describe()]
        if different := {key for key in keys if _value(old.settings, key) != self.value(key)}:
            self.changed.emit(frozenset(different))


def _value(settings: Settings, key: str) -> Value:
    section, name = key.split(".")
    return getattr(getattr(settings, section), name)
