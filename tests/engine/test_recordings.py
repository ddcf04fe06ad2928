"""Sound files of every kind a user may bring."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import EnvironmentFault, PeerFault
from engine.recordings import Recording, RecordingWriter

SECOND = np.sin(np.arange(44100) * 2 * np.pi * 440 / 44100) * 0.5


def samples(path: Path) -> np.ndarray:
    return np.frombuffer(b"".join(Recording(path, 16000).blocks()), dtype="<i2") / 32768


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_wav_becomes_16_khz_mono(tmp_path: Path, subtype: str, channels: int) -> None:
    path = tmp_path / "in.wav"
    soundfile.write(path, np.stack([SECOND] * channels, axis=1), 44100, subtype=subtype)
    heard = samples(path)
    assert len(heard) == pytest.approx(16000, abs=20)
    assert np.sqrt(np.mean(heard**2)) == pytest.approx(0.5 / 2**0.5, rel=0.03)
    spectrum = np.abs(np.fft.rfft(heard))
    assert np.argmax(spectrum) * 16000 / len(heard) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"hello, I am text", b"RIFF\x24\0\0\0WAVEfmt ", bytes(1000)]
)
def test_what_is_no_recording_is_refused_with_advice(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "in.wav"
    path.write_bytes(content)
    with pytest.raises(PeerFault, match="It must be a WAV file") as caught:
        Recording(path, 16000)
    assert caught.value.code == "bad-recording"


def test_a_missing_file_and_one_without_sound_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PeerFault):
        Recording(tmp_path / "nothing.wav", 16000)
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 16000)
    with pytest.raises(PeerFault, match="holds no sound"):
        Recording(tmp_path / "empty.wav", 16000)


def test_a_file_cut_short_gives_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "in.wav"
    soundfile.write(path, SECOND, 44100)
    path.write_bytes(path.read_bytes()[:44100])
    assert len(samples(path)) == pytest.approx(8000, abs=20)


def test_sound_that_is_not_a_number_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "in.wav"
    soundfile.write(path, np.full(16000, np.nan), 16000, subtype="FLOAT")
    assert not samples(path).any()


def test_hours_of_sound_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with RecordingWriter(path, 8000) as writer:
        for _ in range(3 * 360):
            writer.write(bytes(2 * 80000))
    recording = Recording(path, 16000)
    assert recording.seconds == 3 * 3600
    first = list(itertools.islice(recording.blocks(), 10))
    assert max(map(len, first)) < 10000


def test_a_written_file_holds_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    with RecordingWriter(path, 24000) as writer:
        writer.write(b"\x01\x00" * 100)
        writer.write(b"\x02\x00" * 50)
        assert writer.samples == 150
    data, rate = soundfile.read(path, dtype="int16")
    assert rate == 24000
    assert data.tolist() == [1] * 100 + [2] * 50


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="Choose another place"):
        RecordingWriter(tmp_path / "no" / "folder.wav", 24000)
