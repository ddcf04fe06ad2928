"""The whole app, used as its user does: a key, a voice, a screen and a loudspeaker. Nothing is faked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.app_user import AppUser, app_env, microphone_pcm
from tests.support.desktop import Desktop, missing, until
from tests.support.placements import HostProcess
from tests.support.processes import mapped
from tests.support.sound_server import RATE, Recording, SoundServer

SENTENCE = "my name is Alice and I live in Paris"


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    if programs := missing():
        pytest.skip(f"not installed: {', '.join(programs)}")
    desktop = Desktop(tmp_path_factory.mktemp("desktop"))
    desktop.compose()
    yield desktop
    desktop.close()


def envelope(recording: Recording, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """RMS of what was played in the 40 ms around each time."""
    power = np.square(recording.samples / 32768.0)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    middle = np.round((times - recording.begun_at) * RATE).astype(int)
    half = RATE // 50
    first, last = np.clip(middle - half, 0, power.size), np.clip(middle + half, 1, power.size)
    return np.sqrt((sums[last] - sums[first]) / np.maximum(1, last - first))


def spoken_text(user: AppUser, since: int) -> str:
    """What the engine has given her to say."""
    return "".join(message["delta"] for message in user.events("ReplyText", since))


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text)


def converse(user: AppUser) -> None:
    """Presses, speaks, releases; hears, reads and sees the answer."""
    since = len(user.said)
    with user.sound.recorded() as recording:
        user.speak(SENTENCE)
        user.until(lambda: user.events("ReplyDone", since), "her answer")
        user.until(lambda: user.of("activity")[-1]["activity"] == "idle", "the end of her answer")

    heard = [message["text"] for message in user.events("TranscriptEvent", since) if message["final"]]
    assert [text.lower() for text in heard] == [SENTENCE.lower()]

    answer = spoken_text(user, since)
    assert "Alice" in answer
    assert recording.loud[-1] - recording.loud[0] > RATE
    bubbles = user.bubbles(since)
    assert [word for word in words(answer) if word not in bubbles] == []

    begun, ended = (recording.begun_at + recording.loud[index] / RATE for index in (0, -1))
    times, mouth = user.values("ParamMouthOpenY", begun - 0.5, ended + 0.5)
    alike = float(np.corrcoef(mouth, envelope(recording, times))[0, 1])
    print(f"\n{ended - begun:.1f} s spoken; mouth and sound correlate by {alike:.2f}")
    assert alike >= 0.6
    assert expression(user, begun, ended) > 0.1


def expression(user: AppUser, begun: float, ended: float) -> float:
    """By how much the most changed part of her face, without the mouth's movement, differs from before."""
    parts = ("ParamBrowLY", "ParamBrowRY", "ParamBrowLForm", "ParamCheek", "ParamEyeLSmile", "ParamMouthForm")

    def typical(part: str, start: float, end: float) -> float:
        return float(np.median(user.values(part, start, end)[1]))

    return max(abs(typical(part, begun + 0.5, ended) - typical(part, begun - 2, begun - 1)) for part in parts)


@contextmanager
def app(desktop: Desktop, sound: SoundServer, folder: Path, **env: str) -> Iterator[AppUser]:
    with closing(AppUser(desktop, sound, folder, **env)) as user:
        user.ready()
        yield user


def test_a_spoken_turn_is_heard_read_and_seen(
    desktop: Desktop, sound_server: SoundServer, tmp_path: Path
) -> None:
    with app(desktop, sound_server, tmp_path) as user:
        converse(user)
        assert not any("espeak" in file for file in mapped(user.process.pid)), "the GPL stays in its worker"
        assert sound_server.listeners() == 0
        log = (tmp_path / "data" / "logs" / "app.log").read_text()
        assert "ERROR" not in log


def test_the_child_engine_may_die_in_mid_reply(
    desktop: Desktop, sound_server: SoundServer, tmp_path: Path
) -> None:
    with app(desktop, sound_server, tmp_path, COMPANION_ENGINE_PLACE="child") as user:
        user.speak(SENTENCE)
        user.until(lambda: user.of("activity")[-1]["activity"] == "speaking", "her answer")
        since = len(user.said)
        os.kill(engine_of(user), signal.SIGKILL)
        user.until(lambda: "lost" in [line["link"] for line in user.of("link", since)], "the loss to be seen")
        user.until(lambda: "engine" in user.bubbles(since), "a notice")
        user.until(lambda: user.link() == "ready", "the engine to come back")
        converse(user)


def test_the_engine_may_be_on_another_host(
    desktop: Desktop, sound_server: SoundServer, tmp_path: Path
) -> None:
    env = app_env(desktop, sound_server, tmp_path)
    there = env | {"COMPANION_DATA_DIR": str(tmp_path / "host"), "COMPANION_HOST_TLS": "true"}
    with closing_host(HostProcess(there)) as host:
        printed = engine_command(there | {"COMPANION_HOST_PORT": str(host.port)}, "pair")
        pairing = next(line for line in printed.splitlines() if line.startswith("companion:"))
        engine_command(env, "connect", pairing)
        with app(desktop, sound_server, tmp_path, COMPANION_ENGINE_PLACE="remote") as user:
            converse(user)
            assert not (user.data / "record.sqlite3").exists()


def engine_command(env: dict[str, str], *arguments: str) -> str:
    """What `companion-engine` prints."""
    command = [sys.executable, "-P", "-m", "engine.cli", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60).stdout


@contextmanager
def closing_host(host: HostProcess) -> Iterator[HostProcess]:
    try:
        yield host
    finally:
        host.stop()


def engine_of(user: AppUser) -> int:
    """The process that has the data folder."""
    return int((user.data / "lock.pid").read_text())


def test_hands_free_needs_no_key(desktop: Desktop, sound_server: SoundServer, tmp_path: Path) -> None:
    with app(desktop, sound_server, tmp_path, COMPANION_TALK_HANDS_FREE="true") as user:
        until(lambda: sound_server.listeners() > 0, "the microphone to be opened")
        time.sleep(1)  # of the silence before anybody speaks
        with sound_server.recorded() as recording:
            sound_server.say(microphone_pcm(SENTENCE))
            user.until(lambda: user.of("activity")[-1]["activity"] == "speaking", "her answer")
            time.sleep(1)
        assert "Alice" in spoken_text(user, 0)
        assert recording.loud.size


def test_panels_open_from_her_menu_and_keep_nothing_waiting(
    desktop: Desktop, sound_server: SoundServer, tmp_path: Path
) -> None:
    with app(desktop, sound_server, tmp_path, COMPANION_GENERAL_LOG_LEVEL="debug") as user:
        time.sleep(1)  # the last of the start-up
        before = len(pauses(user))
        for mnemonic, title in (("c", "Chat"), ("r", "remembers"), ("e", "Settings"), ("d", "Diagnostics")):
            choose(user, mnemonic, title)
        user.speak(SENTENCE)
        user.until(lambda: user.of("activity")[-1]["activity"] == "speaking", "her answer")
        user.until(lambda: user.of("activity")[-1]["activity"] == "idle", "the end of her answer")
        # A picture may take longer on a busy machine without a graphics card; our own work may not.
        ours = [
            told for told in pauses(user)[before:] if not re.search(r"in (Draw|draw|paintGL|run)\n", told)
        ]
        assert ours == []


def choose(user: AppUser, mnemonic: str, title: str) -> None:
    """Opens a panel from her menu; again, if a window that was just coming up has closed the menu."""
    left, top, width, height = user.of("place")[-1]["place"]
    for _ in range(5):
        user.desktop.do("mousemove", str(left + width // 2), str(top + height // 3), "click", "3")
        time.sleep(0.7)  # a menu takes no key before it is seen
        user.desktop.do("key", mnemonic)
        for _ in range(20):
            if title in titles(user.desktop):
                return
            time.sleep(0.1)
        user.desktop.do("key", "Escape")
    raise AssertionError(f"the panel {title} does not open")


def pauses(user: AppUser) -> list[str]:
    """What the watchdog has written down."""
    log = (user.data / "logs" / "app.log").read_text(encoding="utf-8")
    return re.findall(r"the Qt thread was kept .*?(?=\n\d{4}-|\Z)", log, re.DOTALL)


def titles(desktop: Desktop) -> str:
    """Of the window that has the keyboard."""
    try:
        return desktop.do("getactivewindow", "getwindowname")
    except subprocess.CalledProcessError:  # there is none at the moment
        return ""
