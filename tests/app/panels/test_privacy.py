"""The privacy note."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.i18n import Words
from app.panels.privacy import PrivacyNote


def test_it_says_where_all_is_and_opens_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    folder = tmp_path / "她的 data"
    folder.mkdir()
    note = PrivacyNote(Words("en"), folder, QPushButton("x"))
    qtbot.addWidget(note)
    note.show()
    path = note.findChild(QLineEdit)
    assert path
    assert path.text() == str(folder)
    assert path.isReadOnly()
    QTest.mouseClick(note.open, Qt.MouseButton.LeftButton)
    assert [Path(url.toLocalFile()) for url in opened] == [folder]


def test_what_is_not_there_yet_cannot_be_opened(qtbot: QtBot, tmp_path: Path) -> None:
    note = PrivacyNote(Words("en"), tmp_path / "none", QPushButton("x"))
    qtbot.addWidget(note)
    assert not note.open.isEnabled()


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("Your voice is never written to disk.", "Your voice is never written to disk."),
        ("There is no telemetry, no crash report, no update check, no account and no cloud service.",) * 2,
        ("this version does not encrypt the folder", "It is not encrypted"),
    ],
)
def test_it_says_what_the_docs_say(qtbot: QtBot, tmp_path: Path, fact: str, words: str) -> None:
    docs = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert fact in " ".join(docs.split())
    note = PrivacyNote(Words("en"), tmp_path, QPushButton("x"))
    qtbot.addWidget(note)
    assert any(words in label.text() for label in note.findChildren(QLabel))
