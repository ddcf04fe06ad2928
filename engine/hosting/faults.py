"""How an exception of a backend crosses to the client: same class, same code, with the traceback as cause."""

from __future__ import annotations

import traceback

from engine import errors
from engine.errors import CompanionError, StageFault
from engine.hosting.frames import Failed

_TEXT_LIMIT = 2_000
_TRACEBACK_LIMIT = 20_000

_CLASSES: dict[str, type[CompanionError]] = {
    kind.__name__: kind
    for kind in (
        errors.CompanionError,
        errors.EnvironmentFault,
        errors.ConfigFault,
        errors.PeerFault,
        errors.StageFault,
        errors.StageTimeout,
        errors.StageCrashed,
        errors.StageUnavailable,
    )
}


class BackendTraceback(Exception):
    """Cause of a fault raised inside a backend: its traceback there, as text."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def to_frame(call: int, stage: str, error: BaseException) -> Failed:
    """Describes `error`. Deliberate errors stay themselves, anything else becomes `<stage>-failed`."""
    if isinstance(error, CompanionError):
        fault = error
    else:
        # Not str(error): a library's exception may fail even at that.
        text = "".join(traceback.format_exception_only(error)).strip()
        fault = StageFault(stage, f"The {stage} stage failed: {text[:_TEXT_LIMIT]}")
    # The innermost lines matter most when a deep recursion fills the limit.
    lines = "".join(traceback.format_exception(error))[-_TRACEBACK_LIMIT:]
    return Failed(call, _kind(fault), fault.code, sendable(fault.message), sendable(lines))


def sendable(text: str) -> str:
    """`text` without lone surrogates, which file names in error messages may hold and no frame can."""
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _kind(fault: CompanionError) -> str:
    """Name of the class of errors.py nearest to the error's own."""
    return next(base.__name__ for base in type(fault).__mro__ if base.__name__ in _CLASSES)


def to_error(frame: Failed, stage: str) -> CompanionError:
    """The error a `Failed` frame describes, ready to be raised."""
    kind = _CLASSES.get(frame.kind, CompanionError)
    if issubclass(kind, StageFault):
        error = kind(stage, frame.message, code=frame.code)
    else:
        error = kind(frame.code, frame.message)
    error.__cause__ = BackendTraceback(frame.traceback)
    return error
