"""Work that may wait (files, keyrings, processes), away from the Qt thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from engine.errors import CompanionError, as_companion_error

log = logging.getLogger(__name__)

_END_MS = 5000


class _Job(QRunnable):
    def __init__(self, work: Callable[[], Any], ended: Callable[[Any, CompanionError | None], None]) -> None:
        super().__init__()
        self._work = work
        self._ended = ended

    def run(self) -> None:
        value, fault = None, None
        try:
            value = self._work()
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("work in the background failed")
            fault = as_companion_error(error)
        self._ended(value, fault)


class Background(QObject):
    """One piece of work after the other, in order, in one thread; its results arrive in the Qt thread."""

    _done = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._pool = QThreadPool(maxThreadCount=1)
        self._closed = False
        self._done.connect(self._deliver)

    def do(
        self,
        work: Callable[[], Any],
        success: Callable[[Any], None],
        failure: Callable[[CompanionError], None],
    ) -> None:
        """Runs `work`; then calls `success` with its result, or `failure`."""

        def ended(value: object, fault: CompanionError | None) -> None:
            self._done.emit(success, failure, (value, fault))

        self._pool.start(_Job(work, ended))

    def close(self) -> None:
        """Waits for what is under way, so that nothing is half written; what it gives is not delivered."""
        self._closed = True
        if not self._pool.waitForDone(_END_MS):
            log.error("Work in the background does not end; it is left behind.")

    def _deliver(
        self,
        success: Callable[[Any], None],
        failure: Callable[[CompanionError], None],
        outcome: tuple[Any, CompanionError | None],
    ) -> None:
        value, fault = outcome
        if self._closed:
            return
        if fault:
            failure(fault)
        else:
            success(value)
