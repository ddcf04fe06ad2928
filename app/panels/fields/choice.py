"""One of some values; also of such as are found out while the panel is open: devices, hosts, backends."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QComboBox, QListView, QSizePolicy

from app.panels.drop_down import DropDown
from app.panels.fields.field import Field, LetsScroll
from engine.config import Value

Offer = tuple[str, str]
"""A value, and how it is called."""


class ChoiceField(Field):
    def __init__(self, offers: Iterable[Offer], stranger: Callable[[str], str] = lambda value: value) -> None:
        """`stranger` calls a value that is not offered, and is in force all the same."""
        self._box = DropDown()
        super().__init__(self._box)
        self._box.setView(QListView())
        self._stranger = stranger
        self._value = ""
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box.installEventFilter(LetsScroll(self))
        self._box.activated.connect(lambda _: self._on_chosen())
        self.offer(offers)

    def offer(self, offers: Iterable[Offer]) -> None:
        """What may be chosen from now on; the value stays."""
        self._offers = list(offers)
        self._show()

    def call(self, stranger: Callable[[str], str]) -> None:
        """How a value is called from now on that is not offered."""
        self._stranger = stranger
        self._show()

    def put(self, value: Value) -> None:
        self._value = str(value)
        self._show()

    @property
    def texts(self) -> list[str]:
        """What can be chosen, as it is called."""
        return [self._box.itemText(index) for index in range(self._box.count())]

    def _show(self) -> None:
        offers = list(self._offers)
        if self._value not in dict(offers):
            offers.append((self._value, self._stranger(self._value)))
        shown = [(self._box.itemData(index), self._box.itemText(index)) for index in range(self._box.count())]
        if shown != offers:  # else its list may be open
            self._box.clear()
            for value, text in offers:
                self._box.addItem(text, value)
        self._box.setCurrentIndex([value for value, _ in offers].index(self._value))
        self._box.setToolTip(self._box.currentText() if self._box.is_cut() else "")

    def _on_chosen(self) -> None:
        value = self._box.currentData()
        if value != self._value:
            self.wanted.emit(value)
