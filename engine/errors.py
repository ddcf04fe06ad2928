"""Every error the engine raises on purpose, split by whose fault it is.

    CompanionError                 code (kebab-case, stable on the wire) + a sentence saying what to do
    ├── EnvironmentFault           the machine: disk full, folder locked, device gone, package missing
    │   └── ConfigFault            a setting the user wrote is wrong
    ├── PeerFault                  the other side sent what it must not: bad audio, bad message
    └── StageFault                 a stage (vad, asr, llm, tts, embedding, memory) failed
        ├── StageTimeout           it passed its deadline
        ├── StageCrashed           its process died
        └── StageUnavailable       it is loading, or was given up after repeated failures

Anything else that escapes is our bug: it is logged with its traceback and reported as `internal-error`.
"""

from __future__ import annotations


class CompanionError(Exception):
    """Root of all deliberate errors. `code` is stable kebab-case; `message` is written for the user."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} [{code}]")
        self.code = code
        self.message = message


class EnvironmentFault(CompanionError):
    """The machine or its set-up is at fault; the message says what to do about it."""


class ConfigFault(EnvironmentFault):
    """A setting is unknown or has a value it cannot have."""


class PeerFault(CompanionError):
    """The client (or a file it gave us) sent something that cannot be used."""


class StageFault(CompanionError):
    """A stage failed. `stage` names it; `code` is `<stage>-failed` unless a subclass is more exact."""

    suffix = "failed"

    def __init__(self, stage: str, message: str, *, code: str | None = None) -> None:
        super().__init__(code or f"{stage}-{self.suffix}", message)
        self.stage = stage


class StageTimeout(StageFault):
    """A stage passed its deadline; its work was stopped."""

    suffix = "timeout"


class StageCrashed(StageFault):
    """The process of a stage died."""

    suffix = "crashed"


class StageUnavailable(StageFault):
    """A stage is not there to be used: still loading, or given up after repeated failures."""

    suffix = "unavailable"


def as_companion_error(error: BaseException) -> CompanionError:
    """The coded form of any exception: our own pass through, everything else is an internal error."""
    if isinstance(error, CompanionError):
        return error
    name = type(error).__name__
    return CompanionError("internal-error", f"Something unexpected went wrong inside ({name}); see the log.")
