"""The report says how the program fares, and nothing private."""

from __future__ import annotations

from app.report import report
from app.status import Status
from app.talk import DeviceNews
from engine import config
from engine.errors import EnvironmentFault
from engine.messages import StageStatus

PRIVATE = {
    "persona.user_name": "Alice Secret",
    "persona.character": "my secret friend",
    "engine.host": "secret.example:8000",
    "audio.microphone": "Secret Headset of Alice",
    "avatar.model": "/home/alice/secret.model3.json",
}


def made(status: Status, changed: dict[str, config.Value], log: list[str] | None = None) -> str:
    settings = [(info, changed.get(info.key, info.default)) for info in config.describe()]
    return report({"version": "1"}, status, settings, log or [], "/home/alice")


def test_private_texts_are_left_out() -> None:
    assert PRIVATE.keys() <= {info.key for info in config.describe()}
    told = made(Status(), PRIVATE, ["opened /home/alice/data/record.sqlite3"])
    assert "ecret" not in told
    assert "alice" not in told.lower()
    assert "persona.user_name = (a text)" in told
    assert "opened ~/data/record.sqlite3" in told


def test_what_helps_is_in_it() -> None:
    fault = EnvironmentFault("no-microphone", "There is none.")
    status = Status(
        link="ready",
        place="child",
        stages={"asr": StageStatus(stage="asr", backend="pocketsphinx", state="fallback")},
        devices={"microphone": DeviceNews("microphone", "", fault)},
        trace={"committed": 240.0},
    )
    told = made(status, {"avatar.fps": 20, "desktop.theme": "dark"})
    for line in (
        "engine: child, ready, idle",
        "asr: pocketsphinx, fallback",
        "microphone: no-microphone",
        "committed: 240 (240)",
        "avatar.fps = 20",
        "desktop.theme = dark",
    ):
        assert line in told.splitlines()


def test_a_device_is_not_named() -> None:
    status = Status(devices={"speaker": DeviceNews("speaker", "AirPods of Alice", None)})
    assert "Alice" not in made(status, {})
    assert "speaker: in use" in made(status, {})
