"""SenseVoiceSmall: Chinese, English, Cantonese, Japanese, Korean; the feeling in the voice and the sounds
beside it (https://github.com/FunAudioLLM/SenseVoice).

It hears an utterance as a whole. While one grows, all of it is heard again every now and then for what is
written meanwhile; the last time counts. Four queries in front of the sound are answered with its language,
emotion, sound and spelling; the frames after them are words by CTC: the best token of each frame, repetitions
and blanks left out.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.asr import SAMPLE_RATE, AsrRequest, SpeechRecognizer, Transcript
from engine.asr.sensevoice_files import open_sensevoice
from engine.asr.sensevoice_tags import EMOTIONS, LANGUAGES, believed_emotion, events_in, language_of, tag_in
from engine.audio import from_pcm
from engine.hosting.backend import Traits

SHORTEST = SAMPLE_RATE // 10
"""Samples; less is no utterance, and no frame of features."""
PARTIAL_SAMPLES = SAMPLE_RATE // 2
_PARTIALS_UP_TO = 20 * SAMPLE_RATE
_QUERIES = 4
_EVENT_AND_EMOTION = (1, 2)


class SenseVoiceRecognizer(SpeechRecognizer):
    """Option: `model`, the folder with the model. On a GPU where torch finds one."""

    traits = Traits(may_abort=True, languages=LANGUAGES, sample_rate=SAMPLE_RATE)

    def load(self) -> None:
        """Raises EnvironmentFault as open_sensevoice does."""
        self._voice = open_sensevoice(Path(str(self.options.get("model", ""))))
        import torch

        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._voice.model.to(self._device)
        names = {tag_in(piece): index for index, piece in enumerate(self._voice.pieces)}
        self._emotions = {name: names[name] for name in EMOTIONS if name in names}

    def run(self, request: AsrRequest, feed: Iterator[bytes]) -> Generator[Transcript]:
        """A partial whenever the words have changed (at most every half second), then the final."""
        pcm = bytearray()
        heard, said = 0, ""
        for block in feed:
            pcm += block
            samples = len(pcm) // 2
            if heard + PARTIAL_SAMPLES <= samples <= _PARTIALS_UP_TO:
                heard = samples
                partial = self._hear(bytes(pcm), request.language, final=False)
                if partial.text != said:
                    said = partial.text
                    yield partial
        yield self._hear(bytes(pcm), request.language, final=True)

    # ------------------------------------------------------------ inside

    def _hear(self, pcm: bytes, language: str, *, final: bool) -> Transcript:
        samples = from_pcm(pcm)
        if len(samples) < SHORTEST:
            return Transcript(text="", final=final, confidence=0.0)
        probabilities = self._probabilities(samples, language)
        pieces = self._voice.pieces
        heads = [tag_in(pieces[int(index)]) for index in probabilities[:_QUERIES].argmax(axis=1)]
        best, how_sure = probabilities[_QUERIES:].argmax(axis=1), probabilities[_QUERIES:].max(axis=1)
        blank = self._voice.model.blank_id
        new = np.concatenate([[True], best[1:] != best[:-1]]) & (best != blank)
        words = [int(index) for index in best[new] if not tag_in(pieces[int(index)])]
        tags = [*heads, *(tag_in(pieces[int(index)]) for index in best[new])]
        emotion = believed_emotion(
            {name: float(probabilities[1, index]) for name, index in self._emotions.items()}
        )
        return Transcript(
            text=self._voice.tokenizer.decode(words).strip(),
            final=final,
            confidence=float(how_sure[best != blank].mean()) if words else 0.0,
            language=language_of(heads[0]),
            emotion=emotion,
            events=events_in(tags),
        )

    def _probabilities(self, samples: np.ndarray, language: str) -> np.ndarray:
        """float32 (4 + frames, tokens): of each query's answer and of each frame of 60 ms."""
        import torch

        model: Any = self._voice.model
        with torch.inference_mode():
            features, lengths = self._voice.frontend(
                torch.from_numpy(samples)[None], torch.tensor([len(samples)])
            )
            queries = [model.lid_dict.get(language, 0), *_EVENT_AND_EMOTION, model.textnorm_dict["withitn"]]
            asked = model.embed(torch.tensor([queries], device=self._device))
            sound = torch.cat([asked, features.to(self._device)], dim=1)
            encoded = model.encoder(sound, (lengths + _QUERIES).to(self._device))[0]
            return model.ctc.log_softmax(encoded)[0].exp().float().cpu().numpy()
