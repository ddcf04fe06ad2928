"""Says in the log when the Qt thread was kept from its windows for too long, and by what."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

log = logging.getLogger(__name__)

LONGEST_S = 0.05
_BEAT_MS = 20


class Watchdog(QObject):
    """Runs while it lives; for debugging, because it wakes the program all the time."""

    def __init__(self) -> None:
        super().__init__()
        self._thread_id = threading.get_ident()
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._beat_at = time.monotonic()
        self._beat_starved_s = self._starved_s()
        self._caught: tuple[float, str] = 0.0, ""
        """The beat that had none after it in time, and what the Qt thread did then."""
        self._over = threading.Event()
        self._timer = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watches no more."""
        self._timer.stop()
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        now, starved_s = time.monotonic(), self._starved_s()
        caught_at, where = self._caught
        if caught_at == self._beat_at:
            late_s = now - self._beat_at - _BEAT_MS / 1000 - (starved_s - self._beat_starved_s)
            if late_s > LONGEST_S:
                log.debug("the Qt thread was kept for %.0f ms by\n%s", 1000 * late_s, where)
        self._beat_at, self._beat_starved_s = now, starved_s

    def _watch(self) -> None:
        while not self._over.wait(LONGEST_S / 2):
            beat_at = self._beat_at
            late_s = time.monotonic() - beat_at - _BEAT_MS / 1000
            if late_s > LONGEST_S and self._caught[0] != beat_at:
                frame = sys._current_frames().get(self._thread_id)
                where = "".join(traceback.format_stack(frame)[-6:]) if frame else "nowhere"
                self._caught = beat_at, where

    def _starved_s(self) -> float:
        """How long other programs have kept the Qt thread from the processor until now, where the system
        tells (Linux): nothing here can be blamed for that."""
        try:
            return int(self._schedule.read_text().split()[1]) / 1e9
        except OSError:
            return 0.0
