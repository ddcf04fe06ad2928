"""Which backends there are: built-in and third-party ones register alike, as entry points.

A distribution offers a backend of stage `tts` under the entry point group `ai_companion.tts`. Listing and
finding import nothing. Deciding where a backend runs, and encoding its requests, needs its class and so
imports its module, even when it will run in a worker: therefore a backend's module must be cheap and safe to
import, with everything heavy, native or GPL imported inside `load`.
"""

from __future__ import annotations

import difflib
import pkgutil
from typing import Any

import msgspec

from engine.errors import ConfigFault, EnvironmentFault
from engine.hosting.backend import Backend, Traits
from engine.messages import StageName


class BackendSpec(msgspec.Struct, frozen=True):
    """One backend, named and set up, not yet imported."""

    stage: StageName
    name: str
    target: str
    """`module:Class`."""
    options: dict[str, str | int | float | bool] = {}
    """Settings of the backend itself."""

    def backend_class(self) -> type[Backend[Any, Any]]:
        """Imports the backend's class. Raises EnvironmentFault `broken-backend` when that fails."""
        try:
            found = pkgutil.resolve_name(self.target)
        except (ImportError, AttributeError, ValueError) as error:
            raise EnvironmentFault(
                "broken-backend",
                f"The {self.stage} backend {self.name!r} cannot be imported from {self.target}: {error}. "
                "Install the package it comes with again, or choose another backend.",
            ) from error
        if not (isinstance(found, type) and issubclass(found, Backend) and found.stage == self.stage):
            raise EnvironmentFault(
                "broken-backend",
                f"{self.target} is no {self.stage} backend. Choose another, or ask its author to mend it.",
            )
        return found

    def traits(self) -> Traits:
        """What its class says of itself. Raises EnvironmentFault as `backend_class` does."""
        return self.backend_class().traits


def backend_names(stage: StageName) -> tuple[str, ...]:
    """Names of every installed backend of a stage, sorted."""
    return tuple(sorted(_targets(stage)))


def find_backend(
    stage: StageName, name: str, options: dict[str, str | int | float | bool] | None = None
) -> BackendSpec:
    """The backend `name` of a stage. Raises ConfigFault `unknown-backend` when none is installed."""
    targets = _targets(stage)
    if name in targets:
        return BackendSpec(stage, name, targets[name], options or {})
    close = difflib.get_close_matches(name, targets, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    known = ", ".join(sorted(targets)) or "none"
    raise ConfigFault("unknown-backend", f"There is no {stage} backend {name!r}.{hint} Installed: {known}.")


def _targets(stage: StageName) -> dict[str, str]:
    # Imported late: worker processes import this module too, and never list anything.
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in entry_points(group=f"ai_companion.{stage}")}
