"""Her body on the desktop: the actor in the window, moved by what is heard and by what happens to her."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt

from app.avatar.activity import Activity
from app.avatar.actor import Actor
from app.avatar.description import describe
from app.avatar.live_model import ranges
from app.avatar.places_file import PlacesFile
from app.avatar.renderer import AvatarView
from app.avatar.window import AvatarWindow
from app.heard import Moment
from engine.assets import asset_path
from engine.messages import Emotion

BUILT_IN = ("avatar", "rio", "rio.model3.json")


class Body:
    """Owns the window. Raises EnvironmentFault when the model is not there."""

    def __init__(self, model: Path, places: Path, fps: int, heard: Callable[[], Moment]) -> None:
        """`places`: the file that remembers where she stands; `heard` is asked at each frame."""
        self._heard = heard
        self._emotion: Emotion | None = None
        self._activity: Activity = "idle"
        self._actor = _actor(model)
        self._view = AvatarView(model, self._step, fps)
        self.window = AvatarWindow(self._view, PlacesFile(places))
        self.window.touched.connect(lambda area: self._actor.touch(area))
        self.window.looked_at.connect(lambda point: self._actor.look_at(point))

    def show_model(self, model: Path) -> None:
        """Another body. Raises EnvironmentFault if it cannot be loaded; the old one stays then."""
        actor = _actor(model)
        self.window.show_model(model, self._step)
        self._actor = actor
        actor.attend(self._activity)

    def greet(self) -> None:
        """Greets the user."""
        self._actor.greet()
        self._view.wake()

    def attend(self, activity: Activity) -> None:
        """Does what the companion does."""
        self._activity = activity
        self._actor.attend(activity)
        self._view.wake()

    def set_fps(self, fps: int) -> None:
        """Another number of pictures a second."""
        self._view.set_fps(fps)

    def once_seen(self, act: Callable[[], None]) -> None:
        """Calls `act` once, when she has been drawn for the first time."""
        self._view.frameSwapped.connect(act, Qt.ConnectionType.SingleShotConnection)

    def dispose(self) -> None:
        """To be called before the application ends."""
        self.window.dispose()

    def _step(self, dt: float) -> Mapping[str, float]:
        moment = self._heard()
        self._actor.mouth(moment.mouth)
        emotion = moment.subtitle.emotion if moment.subtitle else None
        if emotion and emotion != self._emotion:
            self._actor.feel(emotion)
        self._emotion = emotion
        return self._actor.step(dt)


def built_in() -> Path:
    """The avatar that ships with the program."""
    return asset_path(*BUILT_IN)


def _actor(model: Path) -> Actor:
    return Actor(describe(model, ranges(model)), random.Random())
