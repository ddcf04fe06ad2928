"""Recordings: files of sound in, files of speech out. Read and written as streams, whatever their length."""

from __future__ import annotations

import math
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from engine.audio import Resampler
from engine.errors import EnvironmentFault, PeerFault

BLOCK_S = 0.1
_ADVICE = "It must be a WAV file of PCM sound (any rate, any number of channels)."


class Recording:
    """A sound file as a stream of mono int16 blocks at `rate` hertz."""

    def __init__(self, path: Path, rate: int) -> None:
        """Raises PeerFault `bad-recording` for a file that is missing, without sound, or of another kind."""
        self._path = path
        self._rate = rate
        try:
            with soundfile.SoundFile(path) as file:
                self.seconds: float = file.frames / file.samplerate
        except (soundfile.LibsndfileError, OSError) as error:
            raise self._bad(str(error).splitlines()[-1]) from error
        if not self.seconds:
            raise self._bad("it holds no sound")

    def blocks(self) -> Generator[bytes]:
        """Blocks of about BLOCK_S. A file cut short gives what there is. Raises PeerFault `bad-recording`
        when the sound in the middle of it is damaged."""
        try:
            with soundfile.SoundFile(self._path) as file:
                resampler = Resampler(file.samplerate, self._rate)
                frames = math.ceil(file.samplerate * BLOCK_S)
                for block in file.blocks(frames, dtype="float32", always_2d=True):
                    yield resampler.process(_to_int16(block.mean(axis=1)))
                if rest := resampler.flush():
                    yield rest
        except (soundfile.LibsndfileError, OSError) as error:
            raise self._bad(str(error).splitlines()[-1]) from error

    def _bad(self, reason: str) -> PeerFault:
        return PeerFault("bad-recording", f"{self._path} cannot be used: {reason.strip(' .')}. {_ADVICE}")


class RecordingWriter:
    """A WAV file of mono int16, written block by block. Use it as `with`."""

    def __init__(self, path: Path, rate: int) -> None:
        """Raises EnvironmentFault `unwritable-file`."""
        self.samples = 0
        """Samples written."""
        try:
            self._file = soundfile.SoundFile(
                path, "w", samplerate=rate, channels=1, subtype="PCM_16", format="WAV"
            )
        except (soundfile.LibsndfileError, OSError) as error:
            reason = str(error).splitlines()[-1].strip(" .")
            raise EnvironmentFault(
                "unwritable-file", f"{path} cannot be written: {reason}. Choose another place for it."
            ) from error

    def write(self, pcm: bytes) -> None:
        """Appends whole samples."""
        self._file.buffer_write(pcm, dtype="int16")
        self.samples += len(pcm) // 2

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _to_int16(samples: np.ndarray) -> bytes:
    """Float samples (-1..1; silence where the file says NaN) as int16."""
    clean = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return (np.clip(clean, -1.0, 1.0) * 32767).astype("<i2").tobytes()
