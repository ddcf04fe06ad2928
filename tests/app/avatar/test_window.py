"""The window on a real desktop, used by mouse, seen on the screen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.avatar.outline import Outline
from app.avatar.placement import Memory, Place, Screen
from app.avatar.places_file import PlacesFile
from app.avatar.rect import Rect
from app.avatar.renderer import AvatarView
from app.avatar.window import AvatarWindow
from tests.support.desktop import HEIGHT, WIDTH, Desktop, missing, until
from tests.support.window_user import WindowUser

GREEN = (0, 255, 0)
BLACK = 8
"""Brightest channel of what counts as black."""


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    if programs := missing():
        pytest.skip(f"not installed: {', '.join(programs)}")
    desktop = Desktop(tmp_path_factory.mktemp("desktop"))
    yield desktop
    desktop.close()


@pytest.fixture
def composited(desktop: Desktop) -> Iterator[None]:
    compositor = desktop.compose()
    yield
    desktop.stop(compositor)


@pytest.fixture
def places(tmp_path: Path) -> Path:
    return tmp_path / "places.json"


@pytest.fixture
def user(desktop: Desktop, rio: Path, places: Path) -> Iterator[WindowUser]:
    desktop.do("mousemove", "50", "50")
    with closing(WindowUser(desktop, rio, places)) as user:
        yield user


def around(user: WindowUser) -> tuple[float, float]:
    """Of the window's rectangle on the screen: how much shows the window below, how much is black."""
    left, top, width, height = user.window
    seen = user.desktop.screen()[top : top + height, left : left + width]
    return float((seen == GREEN).all(axis=2).mean()), float((seen < BLACK).all(axis=2).mean())


def drag(user: WindowUser, right: int, down: int) -> None:
    x, y = user.head
    user.desktop.do("mousemove", str(x), str(y), "mousedown", "1")
    for step in (0.25, 0.5, 1.0):
        user.desktop.do("mousemove", str(round(x + step * right)), str(round(y + step * down)))
    user.desktop.do("mouseup", "1")


def test_with_a_compositor_the_desktop_is_seen_around_her(composited: None, user: WindowUser) -> None:
    until(lambda: around(user)[0] > 0.35, "the window below around her")
    assert around(user)[1] < 0.002


def test_without_one_she_is_cut_out(user: WindowUser) -> None:
    until(lambda: around(user)[0] > 0.35, "the window below around her")
    assert around(user)[1] < 0.1  # a margin


def test_compositor_comes_and_goes(desktop: Desktop, user: WindowUser) -> None:
    compositor = desktop.compose()
    until(lambda: around(user)[1] < 0.002, "no black at all")
    desktop.stop(compositor)
    until(lambda: 0.002 < around(user)[1] < 0.1, "a black margin and no more")


def clicks_beside_her_reach_the_window_below(user: WindowUser) -> None:
    def reached() -> bool:
        user.desktop.click(*user.corner)
        return user.heard("below") != []

    until(reached, "the outline to be in force")
    user.forget()
    user.desktop.click(*user.head)
    assert user.wait("touched") == "head"
    assert user.heard("below") == []


def test_clicks_beside_her_with_a_compositor(composited: None, user: WindowUser) -> None:
    clicks_beside_her_reach_the_window_below(user)


def test_clicks_beside_her_without_one(user: WindowUser) -> None:
    clicks_beside_her_reach_the_window_below(user)


def test_clicks_beside_her_in_fine_pixels(
    composited: None, desktop: Desktop, rio: Path, places: Path
) -> None:
    with closing(WindowUser(desktop, rio, places, scale=2)) as user:
        clicks_beside_her_reach_the_window_below(user)
        until(lambda: around(user)[0] > 0.35, "the window below around her")
        assert around(user)[1] < 0.002


def test_drag_moves_her_and_is_no_touch(user: WindowUser, places: Path) -> None:
    left, top, width, height = user.window
    drag(user, -300, -120)
    until(lambda: user.window == (left - 300, top - 120, width, height), "the window where it was dragged")
    until(places.exists, "the place to be remembered")
    assert user.heard("touched") == []
    user.desktop.click(*user.head)  # the outline came along
    assert user.wait("touched") == "head"


def test_dragged_off_the_screen_she_comes_back(user: WindowUser) -> None:
    drag(user, -user.head[0], -user.head[1])
    until(lambda: user.window[:2] == (0, 0), "the window in the corner")


def test_wheel_scales_her_where_she_stands(user: WindowUser) -> None:
    before = user.window
    user.desktop.click(*user.head, button=5)
    until(lambda: user.window.height < before.height, "a smaller window")
    assert user.window.bottom == before.bottom
    assert abs(user.window.left + user.window.width // 2 - before.left - before.width // 2) <= 1


def test_the_middle_button_is_held_to_talk(user: WindowUser) -> None:
    user.desktop.do("mousemove", *map(str, user.head), "mousedown", "2")
    user.wait("held")
    user.desktop.do("mousemove_relative", "--", "-40", "0", "mouseup", "2")
    until(lambda: user.heard("held") == [True, False], "the button to go up")
    assert user.heard("touched") == []


def test_right_click_asks_for_the_menu(user: WindowUser) -> None:
    user.desktop.click(*user.head, button=3)
    assert user.wait("menu") == list(user.head)
    assert user.heard("touched") == []


def test_she_sees_the_pointer_while_it_is_near(desktop: Desktop, rio: Path, places: Path) -> None:
    places.write_bytes(msgspec.json.encode(Memory("screen", {"screen": Place(500, 500, 260)})))
    desktop.do("mousemove", "5", "5")
    with closing(WindowUser(desktop, rio, places)) as user:
        x, y = user.head
        desktop.do("mousemove", str(x - 195), str(y))  # as far as she looks is 390
        left = pytest.approx([-0.5, 0.1], abs=0.1)
        until(lambda: user.heard("looked")[-1:] == [left], "a glance to the left")
        desktop.do("mousemove", "5", "5")
        until(lambda: user.heard("looked")[-1] is None, "her to look at nothing")


def test_she_stands_where_she_stood(desktop: Desktop, rio: Path, places: Path, user: WindowUser) -> None:
    drag(user, -200, -50)
    until(places.exists, "the place to be remembered")
    with closing(WindowUser(desktop, rio, places)) as again:
        assert again.window == user.window


def test_place_outside_the_screen_is_not_taken(desktop: Desktop, rio: Path, places: Path) -> None:
    places.write_bytes(msgspec.json.encode(Memory("screen", {"screen": Place(9000, -50, 5000)})))
    with closing(WindowUser(desktop, rio, places)) as user:
        assert user.window.left >= 0
        assert user.window.top >= 0
        assert user.window.right <= WIDTH
        assert user.window.bottom <= HEIGHT


class FakeSystem:
    """A desktop that blends windows, or does not."""

    blending = False

    def set_outline(self, window: int, shape: Outline) -> None:
        self.shape = shape

    def set_pointer(self, x: float, y: float) -> None:
        pass

    def blends(self) -> bool:
        return self.blending

    def close(self) -> None:
        pass


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> FakeSystem:
    system = FakeSystem()
    monkeypatch.setattr("app.avatar.window.click_through", lambda platform: system)
    return system


@pytest.fixture
def window(system: FakeSystem, rio: Path, qtbot: QtBot, tmp_path: Path) -> Iterator[AvatarWindow]:
    """One in this process, where it can be looked into."""
    window = AvatarWindow(AvatarView(rio, lambda dt: {}), PlacesFile(tmp_path / "places.json"))
    window.show()
    yield window
    window.dispose()
    window.deleteLater()


def test_cut_out_only_while_nothing_blends(window: AvatarWindow, system: FakeSystem, qtbot: QtBot) -> None:
    assert window.mask().rectCount() > 20
    system.blending = True
    qtbot.waitUntil(lambda: window.mask().isEmpty())
    assert len(system.shape) > 20
    system.blending = False
    qtbot.waitUntil(lambda: not window.mask().isEmpty())


def test_screens_come_and_go(
    window: AvatarWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = qapp.primaryScreen()
    free = screen.availableGeometry()
    first = window.geometry()
    here = Screen(screen.name(), Rect(free.x(), free.y(), free.width(), free.height()))
    small = Screen("beamer", Rect(-700, -500, 640, 480))
    for signal, screens, expected in (
        (qapp.screenRemoved, [small], small),
        (qapp.screenAdded, [small, here], small),
        (screen.availableGeometryChanged, [here, small], here),
    ):
        monkeypatch.setattr("app.avatar.window._screens", lambda screens=screens: screens)
        signal.emit(free if signal == screen.availableGeometryChanged else screen)
        assert QRect(*expected.free).contains(window.geometry())
    assert window.geometry() == first


def test_another_model_has_its_face_elsewhere(
    window: AvatarWindow, rio: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = SimpleNamespace(pos=lambda: window.geometry().bottomRight())
    monkeypatch.setattr("app.avatar.window.QCursor", pointer)
    with qtbot.waitSignal(window.looked_at) as before:
        pass  # the signal comes by itself
    faceless = tmp_path / "faceless"
    shutil.copytree(rio.parent, faceless)
    model = json.loads(rio.read_bytes())
    model["HitAreas"] = []
    (faceless / rio.name).write_text(json.dumps(model, indent=1))
    with qtbot.waitSignal(window.looked_at) as after:
        window.show_model(faceless / rio.name, lambda dt: {})
    assert before.args != after.args


def test_hidden_it_takes_no_pictures(window: AvatarWindow) -> None:
    assert [timer for timer in window.findChildren(QTimer) if timer.isActive()] != []
    window.hide()
    assert [timer for timer in window.findChildren(QTimer) if timer.isActive()] == []
