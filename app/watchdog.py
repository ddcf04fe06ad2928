"""Says in the log when the Qt thread was kept from its windows for too long, and by what."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback

from PySide6.QtCore import QObject, Qt, QTimer

log = logging.getLogger(__name__)

LONGEST_S = 0.05
_BEAT_MS = 20


class Watchdog(QObject):
    """Runs while it lives; for debugging, because it wakes the program all the time."""

    def __init__(self) -> None:
        super().__init__()
        self._thread_id = threading.get_ident()
        self._beat_at = time.monotonic()
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
        self._beat_at = time.monotonic()

    def _watch(self) -> None:
        told: float | None = None
        while not self._over.wait(LONGEST_S / 2):
            beat_at = self._beat_at
            late_s = time.monotonic() - beat_at - _BEAT_MS / 1000
            if late_s > LONGEST_S and told != beat_at:
                told = beat_at
                frame = sys._current_frames().get(self._thread_id)
                where = "".join(traceback.format_stack(frame)[-6:]) if frame else "nowhere"
                log.debug("the Qt thread is kept for more than %.0f ms by\n%s", 1000 * LONGEST_S, where)
