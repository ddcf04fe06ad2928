"""eSpeak NG's C library through ctypes: text in, samples and events out. GPL: only ever in a worker process.

The library is the one bundled by `espeakng-loader`. Its state is one per process: objects of this class share
it, one call at a time, and it is never terminated, for another object may still be using it. Its header
`speak_lib.h` documents every function, constant and structure used here.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from ctypes import POINTER, c_char, c_char_p, c_int, c_long, c_short, c_size_t, c_uint, c_void_p
from pathlib import Path
from typing import ClassVar, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import EnvironmentFault, StageFault

SAMPLE_RATE = 22050
"""Hertz of everything it makes."""

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_PHONEME_EVENTS, _INITIALIZE_DONT_EXIT = 0x0001, 0x8000
_POS_CHARACTER = 1
_CHARS_UTF8, _ENDPAUSE = 1, 0x1000
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_EE_OK = 0
_FULL_VOLUME = 100


class _EventId(ctypes.Union):
    _fields_: ClassVar = [("number", c_int), ("name", c_void_p), ("string", c_char * 8)]


class _Event(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),
        ("length", c_int),
        ("audio_position", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", _EventId),
    ]


_SynthCallback = ctypes.CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(_Event))


class Event(msgspec.Struct, frozen=True):
    """Something begins at a sample."""

    kind: Literal["word", "phoneme"]
    sample: int
    position: int = 0
    """Of a word: code points of the text before it."""
    mnemonic: str = ""
    """Of a phoneme: its name in eSpeak's own alphabet, with stress marks. `_`, `_:` and `_|` are pauses, and
    `(en)` only says that another language's phonemes follow."""

    @property
    def sounds(self) -> bool:
        """True for a phoneme that is heard."""
        return self.kind == "phoneme" and not self.mnemonic.startswith(("_", "("))


class Espeak:
    """The library, ready to speak.

    Raises EnvironmentFault `voice-missing` when it cannot be loaded.
    """

    def __init__(self) -> None:
        try:
            import espeakng_loader

            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            folder = Path(espeakng_loader.get_data_path())
            data = _native_path(folder)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise _missing(str(error)) from error
        library = self._library
        library.espeak_Synth.argtypes = [
            c_char_p, c_size_t, c_uint, c_int, c_uint, c_uint, POINTER(c_uint), c_void_p
        ]  # fmt: skip
        library.espeak_ng_SetRandSeed.argtypes = [c_long]
        flags = _INITIALIZE_PHONEME_EVENTS | _INITIALIZE_DONT_EXIT
        library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data, flags)
        # It answers the same without its data, and silently turns to another folder when the name of this
        # one is too long for it (160 bytes).
        used = c_char_p()
        library.espeak_Info(ctypes.byref(used))
        if used.value != data or not (folder / "phontab").is_file():
            raise _missing(f"its data cannot be read from {folder}")

    def speak(
        self, text: str, voice: Path, *, rate: int, pitch: int, pitch_range: int, end_pause: bool
    ) -> tuple[NDArray[np.int16], list[Event]]:
        """Speaks a text without NUL and without lone surrogates, as plain text (no SSML, no phonemes).

        `rate` in words a minute (80-450), `pitch` and `pitch_range` on eSpeak's scale of 0-99, where 50 is
        the voice's own. `end_pause` adds the pause that belongs to the text's last punctuation mark. Returns
        the samples (n,) and the events in order. Raises StageFault when eSpeak refuses.
        """
        blocks: list[NDArray[np.int16]] = []
        events: list[Event] = []

        def collect(samples: ctypes._Pointer[c_short], count: int, found: ctypes._Pointer[_Event]) -> int:
            if count > 0:
                blocks.append(np.ctypeslib.as_array(samples, (count,)).copy())
            index = 0
            while found[index].type != _EVENT_END:
                events.extend(_event(found[index]))
                index += 1
            return 0

        library = self._library
        # It keeps but 59 bytes of a voice's path: named from its own folder, wherever that is, it fits.
        with contextlib.chdir(voice.parent):
            self._check(library.espeak_SetVoiceByFile(voice.name.encode()), f"the voice {voice.name}")
        parameters = {_RATE: rate, _VOLUME: _FULL_VOLUME, _PITCH: pitch, _RANGE: pitch_range}
        for parameter, value in parameters.items():
            self._check(library.espeak_SetParameter(parameter, value, 0), "a parameter")
        # Breath is noise: from the same seed the same request always sounds the same.
        library.espeak_ng_SetRandSeed(1)
        callback = _SynthCallback(collect)
        library.espeak_SetSynthCallback(callback)
        utf8 = text.encode()
        mode = _CHARS_UTF8 | (_ENDPAUSE if end_pause else 0)
        self._check(
            library.espeak_Synth(utf8, len(utf8) + 1, 0, _POS_CHARACTER, 0, mode, None, None), "the text"
        )
        library.espeak_SetSynthCallback(_SynthCallback())
        return np.concatenate(blocks) if blocks else np.zeros(0, np.int16), events

    def _check(self, code: int, what: str) -> None:
        if code != _EE_OK:
            raise StageFault("tts", f"eSpeak NG cannot use {what} (code {code}); reinstall the program.")


def _event(event: _Event) -> list[Event]:
    if event.type == _EVENT_WORD:
        return [Event("word", event.sample, position=event.text_position - 1)]
    if event.type == _EVENT_PHONEME:
        return [Event("phoneme", event.sample, mnemonic=event.id.string.decode("utf-8", "replace"))]
    return []


def _native_path(path: Path) -> bytes:
    """eSpeak opens files with C's `fopen`, which on Windows takes names in the system's code page. Raises
    UnicodeEncodeError for a name that has none there."""
    return str(path).encode("mbcs") if sys.platform == "win32" else os.fsencode(path)


def _missing(reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        "voice-missing",
        f"The eSpeak NG voice cannot be loaded ({reason}); reinstall espeakng-loader, in a folder whose name "
        "is short and of plain letters.",
    )
