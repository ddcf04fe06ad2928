"""How the program fares: where the time of her last answer went, parts, devices, log; a report of it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QTimer, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.background import Background
from app.connection import Connection
from app.i18n import Words
from app.log_tail import tail
from app.panels.waterfall import Waterfall
from app.report import report
from app.status import STAGES, Status
from app.talk import DeviceKind
from app.theme import SPACING, Theme
from engine.config import SettingInfo, Value
from engine.errors import CompanionError, EnvironmentFault
from engine.notices import sentence
from engine.version import version_text

_SIZE = 640, 720
_LINES = 200
_LOG_MS = 1000
"""Between two looks into the log."""


class DiagnosticsPanel(QWidget):
    """Looks into the log only while it can be seen."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        connection: Connection,
        log: Path,
        settings: Callable[[], list[tuple[SettingInfo, Value]]],
    ) -> None:
        """`log`: the file of this program's log; `settings`: all of them, with their values."""
        super().__init__()
        self._words = words
        self._connection = connection
        self._log_path = log
        self._settings = settings
        self._background = Background()
        self._lines: list[str] = []
        self._engine = QLabel(wordWrap=True)
        self._waterfall = Waterfall(words, theme)
        self._parts = QGridLayout()
        self._devices = QGridLayout()
        self._log = QPlainTextEdit(readOnly=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap)
        self._copy = QPushButton(words("diagnostics.copy"))
        self._said = QLabel(wordWrap=True)
        self._timer = QTimer(self, interval=_LOG_MS)
        self._timer.timeout.connect(self._read_log)
        self.setWindowTitle(words("diagnostics.title"))
        self.resize(*_SIZE)
        self._arrange()
        connection.changed.connect(self._show_status)
        self._show_status(connection.status)

    def report(self) -> str:
        """What `copy` copies."""
        return report(_about(), self._connection.status, self._settings(), self._lines, str(Path.home()))

    def copy(self) -> None:
        """Puts the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.report())
        self._said.setText(self._words("diagnostics.copied"))

    def dispose(self) -> None:
        """To be called before it is thrown away."""
        self._timer.stop()
        self._background.close()

    def showEvent(self, event: QShowEvent) -> None:
        self._read_log()
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    # ------------------------------------------------------------ how it looks

    def _arrange(self) -> None:
        words = self._words
        page = QWidget()
        cards = QVBoxLayout(page)
        cards.setContentsMargins(0, 0, SPACING, 0)
        cards.setSpacing(SPACING + SPACING // 2)
        for code, content in (
            ("engine", self._engine),
            ("latency", self._waterfall),
            ("parts", self._parts),
            ("devices", self._devices),
        ):
            cards.addWidget(_card(words(f"diagnostics.{code}"), content))
        self._log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._log.setMinimumHeight(180)
        self._log.setAccessibleName(words("diagnostics.log"))
        self._log.setTabChangesFocus(True)
        hint = QLabel(words("diagnostics.log-hint"))
        hint.setProperty("role", "muted")
        inside = QVBoxLayout()
        inside.addWidget(self._log)
        inside.addWidget(hint)
        cards.addWidget(_card(words("diagnostics.log"), inside), 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setStyleSheet("QScrollArea { background: transparent; border: none; }")
        page.setAutoFillBackground(False)
        scroll.setWidget(page)
        scroll.viewport().setAutoFillBackground(False)
        folder = QPushButton(words("diagnostics.open-folder"))
        again = QPushButton(words("diagnostics.again"))
        self._copy.setProperty("role", "primary")
        self._copy.clicked.connect(self.copy)
        folder.clicked.connect(self._open_folder)
        again.clicked.connect(self._connection.again)
        self._said.setProperty("role", "muted")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addWidget(self._said, 1)
        for button in (again, folder, self._copy):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)

    def _show_status(self, status: Status) -> None:
        words = self._words
        state = words(f"diagnostics.link-{status.link}")
        lines = [f"{words(f'tray.place-{status.place}')} · {state}"]
        if status.error:
            lines.append(sentence(status.error, words.language))
        self._engine.setText("\n".join(lines))
        self._waterfall.show_turn(status.trace)
        stages = [status.stages[name] for name in STAGES if name in status.stages]
        _fill(
            self._parts,
            [
                (
                    words(f"application.{it.stage}").capitalize(),
                    it.backend,
                    " · ".join(filter(None, (words(f"diagnostics.state-{it.state}"), it.message))),
                )
                for it in stages
            ]
            or [(words("diagnostics.no-parts"), "", "")],
        )
        _fill(
            self._devices,
            [(words(f"diagnostics.{kind}"), *self._device(status, kind)) for kind in get_args(DeviceKind)],
        )

    def _device(self, status: Status, kind: DeviceKind) -> tuple[str, str]:
        news = status.devices.get(kind)
        if news is None:
            return self._words("diagnostics.unused"), ""
        return (news.name, "") if news.error is None else ("", sentence(news.error, self._words.language))

    # ------------------------------------------------------------ the log

    def _read_log(self) -> None:
        def read() -> list[str]:
            try:
                return tail(self._log_path, _LINES)
            except OSError as error:
                raise EnvironmentFault(
                    "log-unreadable", self._words("diagnostics.no-log", reason=error.strerror or error)
                ) from error

        self._background.do(read, self._show_log, self._show_no_log)

    def _show_log(self, lines: list[str]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        bar = self._log.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self._log.setPlainText("\n".join(lines))
        if at_end:
            bar.setValue(bar.maximum())

    def _show_no_log(self, error: CompanionError) -> None:
        self._log.setPlainText(error.message)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_path.parent)))


def _card(title: str, content: QWidget | QGridLayout | QVBoxLayout) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    heading = QLabel(title)
    font = heading.font()
    font.setBold(True)
    heading.setFont(font)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(2 * SPACING, SPACING + SPACING // 2, 2 * SPACING, SPACING + SPACING // 2)
    layout.setSpacing(SPACING)
    layout.addWidget(heading)
    if isinstance(content, QWidget):
        layout.addWidget(content)
    else:
        layout.addLayout(content)
    return card


def _fill(grid: QGridLayout, rows: list[tuple[str, str, str]]) -> None:
    """Shows these rows and no others; the middle column is muted, the last may wrap."""
    while item := grid.takeAt(0):
        if widget := item.widget():
            widget.deleteLater()
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            label = QLabel(text, wordWrap=column == 2)
            label.setProperty("role", "muted" if column == 1 else "")
            grid.addWidget(label, row, column)
    grid.setColumnStretch(2, 1)
    grid.setHorizontalSpacing(2 * SPACING)
    grid.setVerticalSpacing(SPACING // 2)


def _about() -> dict[str, str]:
    """Versions, and the system."""
    return {
        "version": version_text(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "qt": f"{qVersion()}, {QGuiApplication.platformName()}",
    }
