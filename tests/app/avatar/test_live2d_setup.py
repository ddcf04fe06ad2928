"""The order live2d asks for, and the quiet it does not keep by itself."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QSurfaceFormat
from PySide6.QtWidgets import QApplication

from app.avatar.live2d_setup import prepare, stdout_to_stderr


def test_prepare_is_too_late_once_there_is_an_application(qapp: QApplication) -> None:
    with pytest.raises(RuntimeError, match="before the QApplication"):
        prepare()


def test_contexts_are_shared_and_see_through(qapp: QApplication) -> None:
    assert QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    surface = QSurfaceFormat.defaultFormat()
    assert surface.alphaBufferSize() == 8
    assert surface.renderableType() == QSurfaceFormat.RenderableType.OpenGL


def test_what_c_code_prints_goes_to_stderr_meanwhile(capfd: pytest.CaptureFixture[str]) -> None:
    with stdout_to_stderr():
        os.write(1, b"a greeting")
    os.write(1, b"a result")
    assert capfd.readouterr() == ("a result", "a greeting")


def test_a_program_without_a_console_loads_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_descriptor(number: int) -> int:
        raise OSError(number)

    monkeypatch.setattr(os, "dup", no_such_descriptor)
    with stdout_to_stderr():
        loaded = True
    assert loaded
