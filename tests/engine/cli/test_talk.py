"""A recording is listened to by the real starter stages, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.recordings import RecordingWriter
from tests.support.speech import RATE, quiet, spoken


def talk(recording: Path, folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "engine.cli", "talk", str(recording), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "COMPANION_DATA_DIR": str(folder), "PYTHONIOENCODING": "utf-8"},
        text=True,
        encoding="utf-8",
    )


def recorded(path: Path, *sounds: bytes) -> Path:
    with RecordingWriter(path, RATE) as writer:
        for sound in sounds:
            writer.write(sound)
    return path


def test_every_sentence_is_answered_and_fast_claims_no_latency(tmp_path: Path) -> None:
    sentences = ("hello my friend", "my name is Alice", "what is my name")
    sounds = [sound for text in sentences for sound in (quiet(3000), spoken(text))]
    with talk(recorded(tmp_path / "in.wav", *sounds), tmp_path / "data", "--fast") as child:
        out, err = child.communicate(timeout=120)
    assert (child.returncode, err) == (0, "")
    assert out.count("You: ") == out.count("Rio ") == len(sentences)
    assert "Alice" in out.splitlines()[-1]
    assert "first sound" not in out


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGINT to send elsewhere")
def test_an_interrupt_ends_it_cleanly(tmp_path: Path) -> None:
    recording = recorded(tmp_path / "in.wav", spoken("hello my friend"), quiet(60_000))
    with talk(recording, tmp_path / "data") as child:
        assert child.stdout
        assert child.stdout.readline().startswith("You: ")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
    assert (child.returncode, err) == (130, ""), out
    assert not (tmp_path / "data" / "lock.pid").exists(), "the data folder was not given back"
