"""Hears a key, as the app does, and says so in lines of JSON: `{"down": true, "at": seconds}`.

    python -m tests.support.hotkey_program

Reads the name of a key from each line of its standard input, and hears that one; ends with it.
"""

from __future__ import annotations

import json
import sys
import threading
import time

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.hotkey import Hotkey


class Input(QObject):
    line = Signal(str)
    ended = Signal()

    def read(self) -> None:
        for line in sys.stdin:
            self.line.emit(line.strip())
        self.ended.emit()


def main() -> None:
    def say(**what: object) -> None:
        print(json.dumps(what), flush=True)

    application = QCoreApplication([])
    hotkey, lines = Hotkey(), Input()
    hotkey.pressed.connect(lambda: say(down=True, at=time.monotonic()))
    hotkey.released.connect(lambda: say(down=False, at=time.monotonic()))
    hotkey.failed.connect(lambda error: say(failed=error.code))

    hotkey.ready.connect(lambda key: say(using=key))
    lines.line.connect(hotkey.use)
    lines.ended.connect(application.quit)
    threading.Thread(target=lines.read, daemon=True).start()
    application.exec()
    hotkey.close()
    application.processEvents()


if __name__ == "__main__":
    main()
