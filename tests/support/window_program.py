"""The avatar's window above a green one that nearly fills the screen; says what happens, as lines of JSON.

    python -m tests.support.window_program MODEL PLACES

Says `{"at": [left, top, width, height]}` whenever that changes, and ends when its standard input does.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from app.avatar.live2d_setup import prepare
from app.avatar.live_model import ranges
from app.avatar.places_file import PlacesFile
from app.avatar.renderer import AvatarView
from app.avatar.window import AvatarWindow


def main(model: Path, places: Path) -> None:
    prepare()
    from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication, QWidget

    def say(**what: object) -> None:
        print(json.dumps(what), flush=True)

    class Below(QWidget):
        def mousePressEvent(self, event: QMouseEvent) -> None:
            say(below=[event.globalPosition().x(), event.globalPosition().y()])

    class Watcher(QObject):
        ended = Signal()

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
                say(at=window.geometry().getRect())
            return False

    application = QApplication([])
    below = Below()
    below.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    below.setStyleSheet("background: #00ff00")
    # One that fills the whole screen counts as a film, which window managers put above all else.
    below.setGeometry(application.primaryScreen().geometry().adjusted(10, 0, 0, 0))
    below.show()

    rest = {name: values.default for name, values in ranges(model).items()}
    window = AvatarWindow(AvatarView(model, lambda dt: rest), PlacesFile(places))
    window.touched.connect(lambda area: say(touched=area))
    window.looked_at.connect(lambda point: say(looked=point))
    window.held.connect(lambda on: say(held=on))
    window.menu_asked.connect(lambda point: say(menu=[QPoint(point).x(), QPoint(point).y()]))
    watcher = Watcher()
    window.installEventFilter(watcher)
    window.show()
    QTimer.singleShot(500, lambda: say(at=window.geometry().getRect(), ready=True))

    def wait_for_end() -> None:
        sys.stdin.read()
        watcher.ended.emit()

    watcher.ended.connect(application.quit)
    threading.Thread(target=wait_for_end, daemon=True).start()
    application.exec()
    window.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
