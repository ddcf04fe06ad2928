"""Speech recognition for tests and demos: hears what its script says, whatever was said."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from engine.asr import SAMPLE_RATE, AsrRequest, SpeechRecognizer, Transcript
from engine.conversation.language import language_of
from engine.hosting.backend import Traits
from engine.hosting.misbehave import Misbehaviour
from engine.hosting.pacing import paced

SEPARATOR = "||"


class ScriptedRecognizer(SpeechRecognizer):
    """Gives the texts of option `transcripts` (`"hello||how are you"`) in turn and over again: word
    by word as partials once the utterance has ended, then as the final. An utterance without a sample has no
    text and takes none; a cancelled one takes none either, unless it had ended.

    Options: `transcripts`, `first_ms`, `gap_ms` (see engine.hosting.pacing), `misbehave...`
    (see engine.hosting.misbehave).
    """

    traits = Traits(sample_rate=SAMPLE_RATE)

    def load(self) -> None:
        self._texts = str(self.options.get("transcripts", "hello")).split(SEPARATOR)
        self._next = 0

    def run(self, request: AsrRequest, feed: Iterator[bytes]) -> Generator[Transcript]:
        yield from Misbehaviour(self.options).apply(paced(self._transcripts(request, feed), self.options))

    def _transcripts(self, request: AsrRequest, feed: Iterator[bytes]) -> Generator[Transcript]:
        fed = sum(map(len, feed))
        text = self._take() if fed else ""
        language = request.language or (language_of(text) if text else "")
        words = text.split(" ")
        for count in range(1, len(words)):
            yield Transcript(text=" ".join(words[:count]), final=False, language=language)
        yield Transcript(text=text, final=True, language=language)

    def _take(self) -> str:
        text = self._texts[self._next % len(self._texts)]
        self._next += 1
        return text
