"""Whether the last run of the program died in native code, which takes everything along at once.

Python's fault handler writes a few lines into a file when that happens; a file with something in it is the
sign.
"""

from __future__ import annotations

import faulthandler
import logging
from pathlib import Path

log = logging.getLogger(__name__)

_FILE = "crash.txt"
_KEPT = "crash.last.txt"


def take_native_crash(logs: Path) -> bool:
    """True when the last run over this folder of logs died so; asked once, and the traces are put aside."""
    path = logs / _FILE
    try:
        crashed = path.stat().st_size > 0
        if crashed:
            path.replace(logs / _KEPT)
    except FileNotFoundError:
        return False
    except OSError as error:
        log.info("the trace of a crash could not be put aside: %s", error)
        return False
    return crashed


def watch(logs: Path) -> None:
    """From now on a crash in native code of this process is noted in the folder of logs. Where that cannot be
    written, none is."""
    try:
        logs.mkdir(parents=True, exist_ok=True)
        file = (logs / _FILE).open("wb")
    except OSError as error:
        log.info("crashes are not noted: %s", error)
        return
    faulthandler.enable(file)  # keeps the file open until the process ends
