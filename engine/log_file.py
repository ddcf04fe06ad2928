"""The log: a rotating file in the data folder. It never holds a word of what was said."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

LOG_BYTES = 2 * 1024 * 1024
LOG_FILES = 3
SPEAKS_OF_CONTENT = ("websockets", "httpx", "httpcore", "uvicorn")
"""Libraries that log what they transport when they may say all: words, tokens."""


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written, on a full disk, must not fill the terminal with tracebacks instead."""

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def log_path(folder: Path, name: str = "engine") -> Path:
    """Where the log called `name` lies in the data folder."""
    return folder / "logs" / f"{name}.log"


def start_log(folder: Path, level: str, name: str = "engine") -> None:
    """Logs to `log_path` (rotating), or to stderr where that cannot be written."""
    path = log_path(folder, name)
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler()
        handler.setLevel(logging.ERROR)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())
    for library in SPEAKS_OF_CONTENT:
        logging.getLogger(library).setLevel(logging.INFO)
