"""English test speech from flite (Debian package `flite`), and sounds that are no speech."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.audio import to_pcm
from engine.recordings import Recording

RATE = 16000


def spoken(text: str, voice: str = "slt", *, margin_ms: int = 300, level_db: float = 0.0) -> bytes:
    """`text` as 16 kHz PCM with `margin_ms` of a quiet room (-70 dBFS) around it. Skips without flite."""
    room = quiet(margin_ms)
    samples = np.frombuffer(_flite(text, voice), "<i2") / 32768.0 * 10 ** (level_db / 20)
    return room + to_pcm(samples) + room


def quiet(ms: int) -> bytes:
    """A quiet room: white noise at -70 dBFS."""
    return noise("white", ms, -70.0) if ms else b""


def noise(kind: str, ms: int, level_dbfs: float, seed: int = 0) -> bytes:
    """`white`, `pink`, `hum` (50 Hz and overtones), `clicks` or `music` (chords), at an RMS level."""
    samples = _NOISES[kind](RATE * ms // 1000, np.random.default_rng(seed))
    return to_pcm(samples / np.sqrt(np.mean(samples**2)) * 10 ** (level_dbfs / 20))


def word_errors(spoken_text: str, heard_text: str) -> int:
    """Words inserted, left out or changed between two texts (Levenshtein), ignoring case."""
    spoken_words, heard_words = spoken_text.lower().split(), heard_text.lower().split()
    row = list(range(len(heard_words) + 1))
    for i, word in enumerate(spoken_words, 1):
        diagonal, row[0] = row[0], i
        for j, heard in enumerate(heard_words, 1):
            cost = diagonal + (word != heard)
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, cost)
    return row[-1]


@cache
def _flite(text: str, voice: str) -> bytes:
    program = shutil.which("flite")
    if program is None:
        pytest.skip("flite, which makes the test speech, is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run([program, "-voice", voice, "-t", text, "-o", str(path)], check=True, timeout=60)
        samples = np.frombuffer(b"".join(Recording(path, RATE).blocks()), "<i2")
    sounding = np.flatnonzero(np.abs(samples) > 100)  # flite's own silence would blur where speech begins
    return samples[sounding[0] : sounding[-1] + 1].tobytes()


def _white(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.normal(size=n)


def _pink(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(rng.normal(size=n))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), n)


def _hum(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(n) / RATE
    tones = [np.sin(2 * np.pi * 50 * k * time + k) / k for k in range(1, 12)]
    return np.sum(tones, axis=0) + 0.02 * rng.normal(size=n)


def _clicks(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    samples = 0.001 * rng.normal(size=n)
    for start in rng.integers(0, n - 400, n // 4000):
        samples[start : start + 300] += np.exp(-np.arange(300) / rng.uniform(10, 60)) * rng.normal(size=300)
    return samples


def _music(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    samples = 0.01 * rng.normal(size=n)
    for start in range(0, n, 4000):
        time = np.arange(min(12000, n - start)) / RATE
        for step in rng.choice([0, 2, 4, 5, 7, 9, 11, 12], 3):
            pitch = 220 * 2 ** (step / 12)
            tones = [np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6)]
            samples[start : start + time.size] += np.sum(tones, axis=0) * np.exp(-3 * time)
    return samples


_NOISES = {"white": _white, "pink": _pink, "hum": _hum, "clicks": _clicks, "music": _music}
