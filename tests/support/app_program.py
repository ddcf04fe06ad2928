"""The desktop app, as `companion` starts it, telling in lines of JSON on its standard output what it shows.

    python -m tests.support.app_program

`{"frame": {parameter: value}, "at": seconds}` for every picture of her, `{"bubble": text}` when it changes,
`{"link": ..., "place": ..., "activity": ...}`, `{"event": name, ...}` for what the engine sends, and
`{"place": [left, top, width, height]}` of her window. Times are those of time.monotonic. Nothing is changed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QApplication

from app import desktop
from app.application import Application
from app.body import Body
from app.preferences import Preferences
from app.status import Status
from app.talk import DeviceNews
from engine.messages import ServerMessage


def say(**what: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.flush()


class SeenBody(Body):
    def _step(self, dt: float) -> Mapping[str, float]:
        values = super()._step(dt)
        say(frame=dict(values), at=time.monotonic())
        return values


class SeenApplication(Application):
    def __init__(self, qt: QApplication, env: Mapping[str, str], preferences: Preferences) -> None:
        super().__init__(qt, env, preferences)
        self._seen = ""
        self._connection.changed.connect(self._tell_status)
        self._connection.arrived.connect(self._tell_message)
        self._body.window.placed.connect(self._tell_place)
        self._tell_place(self._body.window.geometry())
        self._looking = QTimer(self, interval=30)
        self._looking.timeout.connect(self._look)
        self._looking.start()

    def _tell_status(self, status: Status) -> None:
        error = status.error.code if status.error else ""
        say(link=status.link, engine=status.place, activity=status.activity, error=error, at=time.monotonic())

    def _tell_message(self, message: ServerMessage | DeviceNews) -> None:
        if isinstance(message, msgspec.Struct):
            say(event=type(message).__name__, **msgspec.structs.asdict(message))

    def _tell_place(self, place: QRect) -> None:
        say(place=[place.x(), place.y(), place.width(), place.height()])

    def _look(self) -> None:
        text = self._bubble.accessibleDescription() if self._bubble.isVisible() else ""
        if text != self._seen:
            self._seen = text
            say(bubble=text)


def main() -> int | str:
    import app.application

    app.application.Body = SeenBody
    desktop.Application = SeenApplication
    return desktop.run(os.environ)


if __name__ == "__main__":
    sys.exit(main())
