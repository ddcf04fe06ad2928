"""The widget: one picture whatever happens to it, the old model where the new one fails, and its clock."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QSurfaceFormat
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.avatar import renderer
from app.avatar.renderer import AvatarView
from engine.errors import EnvironmentFault
from tests.conftest import ExpectLog
from tests.support.stage import HEIGHT, WIDTH, Picture, Stage, pixels

TURNED = {"ParamAngleX": 20.0, "ParamMouthOpenY": 0.7}


@pytest.fixture
def view(rio: Path, qapp: QApplication) -> Iterator[AvatarView]:
    """A widget of its own, its head turned, drawn once."""
    view = AvatarView(rio, lambda dt: TURNED)
    view.resize(WIDTH, HEIGHT)
    view.advance(0.0)
    view.grabFramebuffer()
    yield view
    view.dispose()


@pytest.fixture
def expected(stage: Stage) -> Picture:
    """What that widget shows."""
    return stage.picture(**TURNED)


def shown(view: AvatarView) -> Picture:
    return pixels(view.grabFramebuffer())


def test_there_is_a_picture(view: AvatarView, expected: Picture) -> None:
    assert (expected[..., 3] == 255).mean() > 0.2
    assert np.array_equal(shown(view), expected)


def test_hidden_and_shown_again(view: AvatarView, qtbot: QtBot, expected: Picture) -> None:
    for _ in range(2):
        with qtbot.waitExposed(view):
            view.show()
        view.hide()
    view.advance(0.0)
    assert np.array_equal(shown(view), expected)


def test_moved_into_a_window_and_out_of_it(view: AvatarView, qtbot: QtBot, expected: Picture) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(view)
    with qtbot.waitExposed(window):
        window.show()
    view.setParent(None)
    window.close()
    view.resize(WIDTH, HEIGHT)
    view.advance(0.0)
    assert np.array_equal(shown(view), expected)


def test_second_widget_comes_and_goes(view: AvatarView, rio: Path, expected: Picture) -> None:
    second = AvatarView(rio, lambda dt: TURNED)
    second.resize(WIDTH, HEIGHT)
    second.advance(0.0)
    assert np.array_equal(shown(second), expected)
    second.dispose()
    del second
    assert np.array_equal(shown(view), expected)


@pytest.mark.qt_log_ignore("must be set before QCoreApplication is created")
def test_lost_context(view: AvatarView, qtbot: QtBot, expected: Picture) -> None:
    """Only without sharing does Qt throw a context away when its widget moves to another window."""
    with qtbot.waitExposed(view):
        view.show()
    lost = []
    view.context().aboutToBeDestroyed.connect(lambda: lost.append(True))
    window = QWidget()
    qtbot.addWidget(window)
    share = Qt.ApplicationAttribute.AA_ShareOpenGLContexts
    QCoreApplication.setAttribute(share, False)
    try:
        view.setParent(window)
    finally:
        QCoreApplication.setAttribute(share, True)
    with qtbot.waitExposed(window):
        view.show()
        window.show()
    assert lost
    view.advance(0.0)
    assert np.array_equal(shown(view), expected)
    view.setParent(None)


def test_file_gone_when_the_context_is_made_anew(
    tmp_path: Path, qapp: QApplication, expect_log: ExpectLog
) -> None:
    expect_log("is missing", level=40)
    view = AvatarView(tmp_path / "gone.model3.json", lambda dt: {})
    view.resize(WIDTH, HEIGHT)
    assert shown(view).max() == 0
    assert view.alpha_at(200, 200) == 0.0
    assert view.area_at(200, 200) is None


def test_another_model_takes_its_place(view: AvatarView, rio: Path, stage: Stage) -> None:
    view.show_model(rio, lambda dt: {})
    assert np.array_equal(shown(view), stage.picture())


def test_a_model_that_fails_leaves_the_old_one(view: AvatarView, tmp_path: Path, expected: Picture) -> None:
    with pytest.raises(EnvironmentFault):
        view.show_model(tmp_path / "none.model3.json", lambda dt: {})
    view.advance(0.0)
    assert np.array_equal(shown(view), expected)


def test_disposed_it_is_empty(view: AvatarView) -> None:
    view.dispose()
    assert shown(view).max() == 0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_counts_as_not_given(stage: Stage, value: float) -> None:
    assert np.array_equal(stage.picture(ParamAngleX=value), stage.picture())


def test_unknown_parameters_are_passed_over(stage: Stage) -> None:
    assert np.array_equal(stage.picture(ParamOfAnotherModel=1.0), stage.picture())


def test_painting_again_moves_nothing(stage: Stage) -> None:
    stage.picture(ParamAngleX=30.0)
    for _ in range(3):
        stage.view.advance(0.1)
        moving = shown(stage.view)
    assert np.array_equal(shown(stage.view), moving)
    assert not np.array_equal(moving, stage.picture(ParamAngleX=30.0)), "the hair should have swung"


def test_alpha_under_the_pointer(stage: Stage) -> None:
    alpha = stage.picture()[..., 3]
    stage.view.doneCurrent()  # as while another widget is being drawn
    for y, x in np.random.default_rng(1).integers((0, 0), (HEIGHT, WIDTH), (50, 2)):
        assert stage.view.alpha_at(x + 0.5, y + 0.5) == alpha[y, x] / 255
    assert stage.view.alpha_at(-0.5, 10) == stage.view.alpha_at(WIDTH, 10) == 0.0


def test_touch_areas_lie_on_the_picture(stage: Stage) -> None:
    alpha = stage.picture()[..., 3]
    touched = {(x, y): stage.view.area_at(x, y) for x in range(0, WIDTH, 6) for y in range(0, HEIGHT, 6)}
    assert {"head", "body", "hand"} <= set(touched.values())
    heights = {
        area: np.mean([y for (_, y), found in touched.items() if found == area]) for area in ("head", "body")
    }
    assert heights["head"] < heights["body"]
    on_nothing = [point for point, area in touched.items() if area and alpha[point[1], point[0]] == 0]
    assert len(on_nothing) < 0.25 * len([area for area in touched.values() if area])


@pytest.mark.parametrize("size", [(210, 546), (420, 420), (900, 400), (500, 546)])
def test_whole_canvas_is_shown_in_a_widget_of_any_shape(
    rio: Path, qapp: QApplication, size: tuple[int, int]
) -> None:
    view = AvatarView(rio, lambda dt: {})
    view.resize(*size)
    view.advance(0.0)
    rows, columns = np.nonzero(shown(view)[..., 3])
    scale = min(size[0] / WIDTH, size[1] / HEIGHT)
    middle, left = (columns.min() + columns.max() + 1) / 2, (size[0] - scale * WIDTH) / 2
    assert middle == pytest.approx(size[0] / 2, abs=scale * 10)
    assert columns.min() > left
    assert rows.max() == size[1] - 1
    assert size[1] - scale * HEIGHT < rows.min() < size[1] - 0.8 * scale * HEIGHT
    head = view.area_at(size[0] / 2, size[1] - 0.65 * scale * HEIGHT)
    nothing = view.area_at(left + 2, size[1] / 2)
    view.dispose()
    assert (head, nothing) == ("head", None)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(renderer, "time", clock)
    return clock


def test_its_clock_runs_while_it_is_seen(clock: Clock, rio: Path, qtbot: QtBot) -> None:
    steps: list[float] = []

    def step(dt: float) -> Mapping[str, float]:
        steps.append(dt)
        clock.now += 25.0
        return {}

    view = AvatarView(rio, step)
    timer = view._timer
    assert not timer.isActive()
    with qtbot.waitExposed(view):
        view.show()
    assert timer.interval() == 33
    qtbot.waitUntil(lambda: len(steps) >= 3)
    assert timer.interval() == 100, "75 seconds without any event"
    view.wake()
    assert timer.interval() == 33
    view.hide()
    assert not timer.isActive()
    assert max(steps) <= 0.25
    view.dispose()


HIGH_DPI = """
from app.avatar.live2d_setup import prepare
prepare()
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
app = QApplication([])
from app.avatar.renderer import AvatarView
view = AvatarView(Path(sys.argv[1]), lambda dt: {})
view.resize(210, 273)
view.advance(0.0)
view.grabFramebuffer().save(sys.argv[2])
print(view.devicePixelRatioF(), view.alpha_at(105.0, 100.0), view.area_at(105.0, 100.0))
view.dispose()
"""


def test_twice_the_pixels_on_a_dense_screen(rio: Path, stage: Stage, tmp_path: Path) -> None:
    """In a process of its own: the scale is Qt's from the start."""
    from PySide6.QtGui import QImage

    out = tmp_path / "dense.png"
    done = subprocess.run(
        [sys.executable, "-c", HIGH_DPI, rio, out],
        env={**os.environ, "QT_SCALE_FACTOR": "2"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
    )
    assert done.stdout == "2.0 1.0 head\n", done.stderr
    dense = pixels(QImage(str(out)))
    assert dense.shape == (HEIGHT, WIDTH, 4)
    assert np.abs(dense.astype(int) - stage.picture()).mean() < 1.0


def test_default_format_is_the_one_asked_for(view: AvatarView) -> None:
    assert view.format().alphaBufferSize() == 8
    assert view.format().profile() != QSurfaceFormat.OpenGLContextProfile.CoreProfile
