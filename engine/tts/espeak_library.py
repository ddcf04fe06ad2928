"""The eSpeak NG library (bundled by espeakng-loader) through ctypes: text in, samples and timed events out.

One instance a process: the library keeps its state in globals. It is GPL-3, so that process is a worker of
its own (see docs/licences.md). Structures follow eSpeak NG's speak_lib.h.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import EnvironmentFault, StageFault

_SYNCHRONOUS = 2
_PHONEME_EVENTS = 0x0001
_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_WORD, _PHONEME = 1, 7


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class Word:
    """A word begins."""

    sample: int
    start: int
    """Code points of the text before it."""
    length: int
    """Its code points."""


@dataclass(frozen=True)
class Phoneme:
    """A speech sound begins."""

    sample: int
    name: str
    """eSpeak's mnemonic, e.g. `'oU`; names that begin with `_` are pauses."""


@dataclass(frozen=True)
class Voice:
    """How a text is spoken."""

    name: str
    words_per_minute: int
    pitch: int
    """0..99, 50 is normal."""
    pitch_range: int
    """0..99, 50 is normal."""


@dataclass(frozen=True)
class Speech:
    """What was synthesised."""

    samples: NDArray[np.int16]
    words: tuple[Word, ...]
    phonemes: tuple[Phoneme, ...]


class EspeakLibrary:
    """Raises EnvironmentFault `espeak-missing` when the library or its data cannot be loaded."""

    def __init__(self) -> None:
        try:
            import espeakng_loader

            self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
            data = espeakng_loader.get_data_path()
        except (ImportError, OSError) as error:
            raise _missing(str(error)) from error
        self.rate: int = self._library.espeak_Initialize(
            _SYNCHRONOUS, 0, str(data).encode(), _DONT_EXIT | _PHONEME_EVENTS
        )
        if self.rate <= 0:
            raise _missing("its data files cannot be read")
        self._blocks: list[NDArray[np.int16]] = []
        self._words: list[Word] = []
        self._phonemes: list[Phoneme] = []
        self._callback = _Callback(self._take)  # kept: the library holds a bare pointer to it
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: Voice) -> Speech:
        """The whole of `text` (no NUL, no lone surrogate) as mono samples at `rate`."""
        self._blocks, self._words, self._phonemes = [], [], []
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise StageFault("tts", f"eSpeak NG has no voice {voice.name!r}; install it again.")
        self._library.espeak_SetParameter(_RATE, voice.words_per_minute, 0)
        self._library.espeak_SetParameter(_VOLUME, 100, 0)
        self._library.espeak_SetParameter(_PITCH, voice.pitch, 0)
        self._library.espeak_SetParameter(_RANGE, voice.pitch_range, 0)
        data = text.encode()
        # Without espeakSSML and espeakPHONEMES among the flags, markup and [[...]] are plain text.
        if self._library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _CHARS_UTF8, None, None) != 0:
            raise StageFault("tts", "eSpeak NG could not speak the text.")
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(0, np.int16)
        return Speech(samples, tuple(self._words), tuple(self._phonemes))

    def _take(self, wave: Any, count: int, events: Any) -> int:
        if wave and count > 0:
            self._blocks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type:
            event = events[index]
            if event.type == _WORD:
                self._words.append(Word(event.sample, event.text_position - 1, event.length))
            elif event.type == _PHONEME:
                name = bytes(event.id.string).decode(errors="replace")
                self._phonemes.append(Phoneme(event.sample, name))
            index += 1
        return 0


def _missing(reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        "espeak-missing", f"eSpeak NG cannot be loaded ({reason}); install the package espeakng-loader again."
    )
