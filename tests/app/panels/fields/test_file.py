"""Files of the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.background import Background
from app.i18n import Words
from app.panels.fields.file import FileField
from engine.errors import CompanionError, PeerFault


class Chosen:
    def __init__(self, qtbot: QtBot) -> None:
        self.background = Background()
        self.tried: list[Path] = []
        self.fault: PeerFault | None = None
        self.field = FileField(Words("en"), [("", "Rio")], "Choose", "*.zip", self._try, self.background)
        self.wanted: list[str] = []
        self.refused: list[CompanionError] = []
        self.notes: list[str] = []
        self.field.wanted.connect(self.wanted.append)
        self.field.refused.connect(self.refused.append)
        self.field.noted.connect(self.notes.append)
        qtbot.addWidget(self.field)

    def _try(self, path: Path) -> None:
        self.tried.append(path)
        if self.fault:
            raise self.fault


@pytest.fixture
def chosen(qtbot: QtBot) -> Iterator[Chosen]:
    chosen = Chosen(qtbot)
    yield chosen
    chosen.background.close()


def test_a_file_is_tried_before_it_is_wanted(qtbot: QtBot, chosen: Chosen, tmp_path: Path) -> None:
    path = tmp_path / "模型 one.zip"
    chosen.field.choose(str(path))
    assert chosen.notes == ["Trying it out …"]
    assert not chosen.field.button.isEnabled()
    assert chosen.wanted == []
    qtbot.waitUntil(lambda: bool(chosen.wanted))
    assert chosen.wanted == [str(path)]
    assert chosen.tried == [path]
    assert chosen.notes[-1] == ""
    assert chosen.field.button.isEnabled()
    chosen.field.put(str(path))
    assert chosen.field.texts == ["Rio", "模型 one.zip"]


def test_a_trial_can_be_given_up(qtbot: QtBot, chosen: Chosen) -> None:
    chosen.field.choose("/a/slow.zip")
    assert not chosen.field.cancel.isHidden()
    assert chosen.field._trying.isVisibleTo(chosen.field)
    chosen.field.cancel.click()
    assert not chosen.field._trying.isVisibleTo(chosen.field)
    assert chosen.field.button.isEnabled()
    chosen.field.choose("/another.zip")
    qtbot.waitUntil(lambda: bool(chosen.wanted))
    assert len(chosen.tried) == 2
    assert chosen.wanted == ["/another.zip"]


def test_a_file_that_is_refused_is_not_wanted(qtbot: QtBot, chosen: Chosen) -> None:
    chosen.fault = PeerFault("bad-moc", "It is damaged.")
    chosen.field.choose("/nowhere/x.zip")
    qtbot.waitUntil(lambda: bool(chosen.refused))
    chosen.field.stay("")
    assert chosen.wanted == []
    assert chosen.notes[-1] == ""
    assert chosen.field.button.isEnabled()


def test_what_needs_no_trial_is_wanted_at_once(qtbot: QtBot) -> None:
    field = FileField(Words("en"), [("rio", "Rio")], "Choose", "*.toml")
    qtbot.addWidget(field)
    wanted: list[str] = []
    field.wanted.connect(wanted.append)
    field.choose("/a/card.toml")
    assert wanted == ["/a/card.toml"]
