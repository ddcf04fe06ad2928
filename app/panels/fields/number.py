"""A number in its range, with its unit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QSizePolicy, QSpinBox, QToolButton

from app.panels.fields.field import Field, LetsScroll
from app.theme import SPACING
from engine.config import SettingInfo, Value

_STEPS = 50
"""Of a whole range, about."""
_DECIMALS = 2
_BUTTON = 32


class NumberField(Field):
    def __init__(self, info: SettingInfo, unit: str) -> None:
        """`unit` is what is shown of it."""
        self._box = QSpinBox() if info.type == "whole number" else _Decimal()
        super().__init__(self._box)
        least = 0.0 if info.minimum is None else info.minimum
        most = 1e6 if info.maximum is None else info.maximum
        step = _step(most - least)
        if isinstance(self._box, QDoubleSpinBox):
            self._box.setDecimals(_DECIMALS)
            smallest = 10.0**-_DECIMALS
            self._box.setRange(least + smallest if info.exclusive_minimum else least, most)
            self._box.setSingleStep(step)
        else:
            self._box.setRange(int(least), int(most))
            self._box.setSingleStep(max(1, int(step)))
        self._box.lineEdit().setTextMargins(SPACING, 0, SPACING, 0)  # style sheets give it none
        self._box.setSuffix(f" {unit}" if unit else "")
        self._box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for sign, step_by in (("−", self._box.stepDown), ("+", self._box.stepUp)):
            self.line.addWidget(_step_button(sign, step_by))
        self._box.setKeyboardTracking(False)  # half a number is none
        self._box.installEventFilter(LetsScroll(self))
        self._box.valueChanged.connect(lambda value: self.wanted.emit(f"{value:g}"))

    def put(self, value: Value) -> None:
        self._box.blockSignals(True)
        self._box.setValue(value)  # type: ignore[arg-type]  # a number, as it is declared
        self._box.blockSignals(False)

    def commit(self) -> None:
        self._box.interpretText()


class _Decimal(QDoubleSpinBox):
    """Shows no more digits than there are."""

    def textFromValue(self, val: float) -> str:
        return f"{val:g}"


def _step_button(sign: str, step: Callable[[], None]) -> QToolButton:
    """For the mouse; the keyboard has the arrow keys."""
    button = QToolButton()
    button.setText(sign)
    button.setAccessibleName(sign)
    button.setAutoRepeat(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setFixedWidth(_BUTTON)
    button.clicked.connect(step)
    return button


def _step(span: float) -> float:
    """A round number of which about `_STEPS` go into the range."""
    step = 0.01
    for factor in (2, 2.5, 2) * 5:
        if span / step <= 2 * _STEPS:
            break
        step *= factor
    return round(step, 2)
