"""The speech bubble beside the avatar: her words as they are heard, notices, and how far the start-up is.

It is a window that nobody can click or give the keyboard to. While there is something to show it looks about
30 times a second what that is (`bubble_content`), and paints only when it differs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from app.avatar.click_through import click_through
from app.avatar.rect import Rect
from app.bubble_content import Block, Content, NoticeKind
from app.bubble_place import Side, place
from app.heard import Moment
from app.i18n import Words
from app.status import Activity
from app.text_layout import Laid, Stretch, lay_out
from app.theme import Theme

_TICK_MS = 33
_EMS = 21
"""Widest line, in heights of the letters."""
_PADDING = 12
_GAP = 6
_TAIL = 12
_RADIUS = 14
_BAR = 4
_SMALLER = 0.87
"""Size of what matters less."""
_OPAQUE = 245
_SWEEP_S = 1.6
"""How long the bar takes to cross when it is not known how far the start-up is."""


class Bubble(QWidget):
    """Shows itself when there is something to show; to be told where the avatar is."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        heard: Callable[[], Moment],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`heard` is asked what is heard at this moment; `now` in seconds."""
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
        passive = Qt.WindowType.WindowTransparentForInput | Qt.WindowType.WindowDoesNotAcceptFocus
        super().__init__(None, flags | passive)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(words("bubble.name"))
        self._words = words
        self._theme = theme
        self._heard = heard
        self._now = now
        self._content = Content()
        self._blocks: tuple[Block, ...] = ()
        self._laid: list[Laid] = []
        self._avatar: Rect | None = None
        self._side: Side = "left"
        self._activity: Activity = "idle"
        self._show_subtitles = self._apparent = True
        self._system = click_through(QGuiApplication.platformName())
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def show_subtitles(self) -> bool:
        """Whether her words are shown; notices always are."""
        return self._show_subtitles

    @show_subtitles.setter
    def show_subtitles(self, on: bool) -> None:
        self._show_subtitles = on
        if not on:
            self._content.forget_speech()
        self._look()

    def appear(self, on: bool) -> None:
        """She can be seen, or not: then nothing is shown, and notices are forgotten as time goes by."""
        self._apparent = on
        self._look()
        self.setVisible(bool(self._blocks) and on)

    def beside(self, avatar: QRect) -> None:
        """The avatar's window is here, in the coordinates of the screen."""
        self._avatar = Rect(avatar.x(), avatar.y(), avatar.width(), avatar.height())
        self._stand()

    def attend(self, activity: Activity) -> None:
        """The companion does this from now on."""
        self._activity = activity
        self._look()

    def notify(self, text: str, kind: NoticeKind = "notice") -> None:
        """Shows a notice for a while."""
        self._content.add(kind, text, self._now())
        self._look()

    def user_said(self, text: str) -> None:
        """Shows what was understood."""
        self._content.add("said", self._words("bubble.you", text=text), self._now())
        self._look()

    def progress(self, text: str, part: float | None = None) -> None:
        """Shows what the start-up waits for, and how much of it is done (0..1, or None: not known); an empty
        text ends that."""
        self._content.progress(text, part)
        self._look()

    def dispose(self) -> None:
        """To be called before the application ends."""
        self._timer.stop()
        self.hide()
        self._system.close()

    # ------------------------------------------------------------ what and where

    def _look(self) -> None:
        now = self._now()
        if self._show_subtitles:
            self._content.hear(self._heard(), now)
        blocks = self._content.at(now)
        if blocks or self._activity == "speaking":
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()
        if blocks == self._blocks:
            if any(block.kind == "progress" and block.part is None for block in blocks):
                self.update()
            return
        moved = [(block.kind, block.text) for block in blocks] != [
            (block.kind, block.text) for block in self._blocks
        ]
        self._blocks = blocks
        self._lay_out()
        if moved:
            self.setAccessibleDescription("\n".join(block.text for block in blocks))
            self._stand()
        self.setVisible(bool(blocks) and self._apparent)
        self.update()

    def _lay_out(self) -> None:
        width = round(_EMS * self.fontMetrics().height())
        self._laid = [
            lay_out(block.text, self._font(block), width, [_stretch(block, self._theme)])
            for block in self._blocks
        ]

    def _font(self, block: Block) -> QFont:
        font = QFont(self.font())
        if block.kind != "speech":
            font.setPointSizeF(font.pointSizeF() * _SMALLER)
        return font

    def _stand(self) -> None:
        if not self._blocks or self._avatar is None:
            return
        width = max(laid.width for laid in self._laid)
        height = sum(laid.height for laid in self._laid) + _GAP * (len(self._laid) - 1)
        if self._blocks[-1].kind == "progress":
            width = max(width, 10 * self.fontMetrics().height())
            height += _GAP + _BAR
        size = width + 2 * _PADDING + _TAIL, height + 2 * _PADDING
        middle = QRect(*self._avatar).center()
        screen = QGuiApplication.screenAt(middle) or QGuiApplication.primaryScreen()
        free = screen.availableGeometry()
        rect, self._side = place(size, self._avatar, Rect(free.x(), free.y(), free.width(), free.height()))
        self.setGeometry(QRect(*rect))
        self._cut_out()
        self.update()

    def _cut_out(self) -> None:
        """Where the desktop does not blend windows, what is beside the bubble would be black."""
        if self._system.blends():
            self.clearMask()
        else:
            self.setMask(QRegion(self._shape().toFillPolygon().toPolygon()))

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(max((block.opacity for block in self._blocks), default=0.0))
        card = QColor(self._theme.card)
        card.setAlpha(_OPAQUE)
        painter.setPen(QPen(QColor(self._theme.border), 1))
        painter.setBrush(card)
        painter.drawPath(self._shape())
        left, y = self._card().left() + _PADDING, float(_PADDING)
        for block, laid in zip(self._blocks, self._laid, strict=True):
            painter.setOpacity(block.opacity)
            painter.setPen(QColor(self._theme.border))  # what is not heard yet is faint
            laid.layout.draw(painter, QPointF(left, y))
            y += laid.height + _GAP
            if block.kind == "progress":
                self._paint_bar(painter, QRectF(left, y, self._card().width() - 2 * _PADDING, _BAR), block)
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: QRectF, block: Block) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.accent_soft))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        painter.setBrush(QColor(self._theme.accent))
        done = QRectF(bar)
        if block.part is None:
            swing = (1 - math.cos(2 * math.pi * self._now() / _SWEEP_S)) / 2
            done.setWidth(bar.width() / 4)
            done.moveLeft(bar.left() + swing * bar.width() * 3 / 4)
        else:
            done.setWidth(max(_BAR, bar.width() * min(1.0, block.part)))
        painter.drawRoundedRect(done, _BAR / 2, _BAR / 2)

    def _card(self) -> QRectF:
        """The bubble without its tail."""
        left = _TAIL if self._side == "right" else 0
        return QRectF(left, 0, self.width() - _TAIL, self.height()).adjusted(0.5, 0.5, -0.5, -0.5)

    def _shape(self) -> QPainterPath:
        card = self._card()
        path, tail = QPainterPath(), QPainterPath()
        path.addRoundedRect(card, _RADIUS, _RADIUS)
        base = card.bottom() - _RADIUS
        edge = card.left() if self._side == "right" else card.right()
        inwards = 1 if self._side == "right" else -1
        tail.addPolygon(
            QPolygonF(
                [
                    QPointF(edge + 2 * inwards, base - _TAIL),
                    QPointF(edge - inwards * (_TAIL - 1), base + 2),
                    QPointF(edge + 2 * inwards, base),
                ]
            )
        )
        return path.united(tail)


def _stretch(block: Block, theme: Theme) -> Stretch:
    """The part of the text that is to be seen; what follows keeps its place."""
    match block.kind:
        case "speech":
            colour = theme.emotions[block.emotion]
        case "error":
            colour = theme.danger
        case _:
            colour = theme.muted
    return Stretch(0, block.heard, colour)
