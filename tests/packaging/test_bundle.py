"""The bundles, made as a developer makes them, and used as a user uses them.

They lie somewhere else than they were made, where nothing can be written, and HOME is an empty folder.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.support.app_user import AppUser, app_env, microphone_pcm
from tests.support.desktop import Desktop, missing, until
from tests.support.processes import descendants, mapped
from tests.support.sound_server import RATE, SoundServer

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        sys.platform != "linux", reason="needs a desktop and a sound server of the tests' own"
    ),
]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that cannot be written, with both bundles."""
    command = [sys.executable, "packaging/bootstrap.py", "bundle"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path_factory.mktemp("moved") / "程序 与 空格"
    for name in ("companion", "companion-engine"):
        shutil.copytree(ROOT / "dist" / name, folder / name, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    return folder


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    if programs := missing():
        pytest.skip(f"not installed: {', '.join(programs)}")
    desktop = Desktop(tmp_path_factory.mktemp("desktop"))
    desktop.compose()
    yield desktop
    desktop.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    if not shutil.which("pulseaudio") or not shutil.which("pacat"):
        pytest.skip("PulseAudio is not installed: nothing to play on")
    server = SoundServer(tmp_path_factory.mktemp("sound") / "run")
    server.start()
    yield server
    server.stop()


def contents(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def started(desktop: Desktop, sound: SoundServer, folder: Path, program: Path, **env: str) -> AppUser:
    user = AppUser(desktop, sound, folder, (str(program),), **env)
    log = user.data / "logs" / "app.log"
    user.until(lambda: log.exists() and "the engine is there" in log.read_text(), "the engine of the bundle")
    return user


@pytest.mark.parametrize("place", ["local", "child"])
def test_it_is_spoken_to_and_answers(
    programs: Path, desktop: Desktop, sound: SoundServer, tmp_path: Path, place: str
) -> None:
    before = contents(programs)
    program = programs / "companion" / "companion"
    with closing(started(desktop, sound, tmp_path, program, COMPANION_ENGINE_PLACE=place)) as user:
        assert desktop.do("search", "--onlyvisible", "--pid", str(user.process.pid)).split()
        with sound.recorded() as recording:
            user.speak("my name is Alice and I live in Paris")
            until(lambda: "Alice" in remembered(user.data), "what was said to be remembered")
            voices = [pid for pid in descendants(user.process.pid) if espeak(pid)]
        assert recording.loud.size > RATE / 2

        everything = {
            file for pid in [user.process.pid, *descendants(user.process.pid)] for file in mapped(pid)
        }
        assert [file for file in everything if file.startswith(str(ROOT))] == []
        assert not espeak(user.process.pid)
        voice = programs / "companion" / "voice"
        assert voices
        for pid in voices:
            ours = {file for file in mapped(pid) if file.startswith(str(programs))}
            assert [file for file in ours if not file.startswith(str(voice))] == []
    assert contents(programs) == before


def espeak(pid: int) -> bool:
    return any("espeak" in file for file in mapped(pid))


def remembered(data: Path) -> str:
    """The record and its journal, as they lie there."""
    return "".join(path.read_bytes().decode(errors="ignore") for path in data.glob("record.sqlite3*"))


def test_no_file_is_shared_with_the_part_under_the_gpl(programs: Path) -> None:
    for name in ("companion", "companion-engine"):
        folder = programs / name
        voice = folder / "voice"
        links = [path.resolve() for path in folder.rglob("*") if path.is_symlink()]
        assert [path for path in links if not path.is_relative_to(folder)] == []
        assert [
            path
            for path in voice.rglob("*")
            if path.is_symlink() and not path.resolve().is_relative_to(voice)
        ] == []
        apart = (voice, folder / "licences")
        outside = [path.name for path in folder.rglob("*") if not any(map(path.is_relative_to, apart))]
        assert [name for name in outside if "espeak" in name.lower() or "readline" in name.lower()] == []
        assert (folder / "licences" / "ai-companion.txt").is_file()
        for text in ("gpl-3.0.txt", "lgpl-3.0.txt", "espeak-ng.md", "python.txt", "numpy", "pynput"):
            assert (folder / "licences" / text).exists(), text


def test_the_engine_answers_in_a_terminal(
    programs: Path, desktop: Desktop, sound: SoundServer, tmp_path: Path
) -> None:
    program = programs / "companion-engine" / "companion-engine"
    env = app_env(desktop, sound, tmp_path)

    def call(*arguments: str, lines: str = "") -> str:
        done = subprocess.run(
            [str(program), *arguments],
            env=env,
            input=lines,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Alice" in call("chat", "--mute", lines="my name is Alice\n/quit\n")
    assert "espeak" in call("doctor")
    assert "usage" in call("--help")
    assert version("ai-companion") in call("--version")
    said, answer = tmp_path / "said.wav", tmp_path / "answer.wav"
    soundfile.write(said, np.frombuffer(microphone_pcm("my name is Bob"), "<i2"), RATE)
    call("talk", str(said), "--out", str(answer))
    samples, _ = soundfile.read(answer)
    assert np.sqrt(np.mean(np.square(samples))) > 0.01


def test_menus_can_show_it(programs: Path) -> None:
    entry = (programs / "companion" / "companion.desktop").read_text(encoding="utf-8")
    assert "Name[zh_CN]=" in entry
    assert (programs / "companion" / "companion.png").stat().st_size > 1000
