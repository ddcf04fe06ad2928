"""A host in this process: the runner on an owner thread."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

from engine.hosting.frames import AnyFrame, Close, Frame
from engine.hosting.host import Host
from engine.hosting.runner import Runner

log = logging.getLogger(__name__)


class InlineHost(Host):
    """One owner thread and the backend on it.

    A thread cannot be killed: one that does not end is left behind. It is a daemon, its runner is told to
    close, and nothing it says is listened to any more.
    """

    async def _open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._runner = Runner(lambda frame: self._post(self._receive, frame))
        name = f"{self.spec.stage}-{self.spec.name}"
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def send(self, frame: AnyFrame) -> None:
        self._runner.deliver(frame)

    def _ask_to_end(self) -> None:
        self._runner.deliver(Close())

    async def kill(self) -> None:
        self._dismissed = True
        if self._ended.is_set():
            self._thread.join()  # it has nothing left to do but return
            return
        self._runner.deliver(Close())
        log.warning("%s does not stop: its thread is left behind.", self._thread.name)

    def _serve(self) -> None:
        reason = "its thread ended"
        try:
            self._runner.serve()
        except BaseException as error:  # boundary: the thread ends, and the log says why
            log.exception("%s failed while closing.", self._thread.name)
            reason = f"its thread ended by {type(error).__name__}"
        self._post(self._has_ended, reason)

    def _post(self, callback: Callable[..., None], argument: Frame | str) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, argument)
        except RuntimeError:
            # Only a thread that was left behind outlives the loop.
            log.debug("%s still works after its event loop has closed.", self._thread.name)
