"""The play-out ledger: what of a speech stream was sent, played and so heard. The engine keeps one to write
down what was heard; the app keeps one to move the face and the subtitle. Both feed it the same messages.

Theory of operation. A stream is samples 0..total; segments begin at offsets of it and end where the next one
begins, the last where the stream ends. All of a segment is heard when its end is played; before that, the
text up to its last played mark. A segment without marks is taken to be spoken evenly: over its audio when
its end is known, else over at least the time its words usually take, because the audio so far may be only
its beginning. Even speech is a guess, so it is cut back to a whole word; a mark is exact and is not.
A segment without any audio (no voice, or nothing in it to say) is heard when the play-out reaches it.

What was heard never shrinks: a guess that a later mark corrects downwards keeps its value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from engine.conversation.characters import whole_words
from engine.conversation.tokens import count_tokens
from engine.errors import PeerFault
from engine.messages import Emotion, Mark, Viseme

LEAD_MS = 1500
"""Most speech that may be sent beyond what was played."""

TOKENS_PER_SECOND = 4
"""Usual pace of speech (about 4 Chinese characters or 3 English words), for segments still arriving."""


class Subtitle(msgspec.Struct, frozen=True):
    """What to show at one sample."""

    segment: int
    text: str
    heard: int
    """Code points of `text` spoken by then."""
    emotion: Emotion


class _Segment:
    def __init__(self, number: int, text: str, emotion: Emotion, offset: int, before: int) -> None:
        self.number = number
        self.text = text
        self.emotion: Emotion = emotion
        self.offset = offset
        self.before = before
        """Code points of all earlier segments."""
        self.tokens = count_tokens(text)
        self.char_ends: list[int] = []
        self.sample_ends: list[int] = []
        self.visemes: list[Viseme | None] = []


class PlayoutLedger:
    """One speech stream, at `rate` samples a second."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.total = 0
        """Samples of the stream so far."""
        self._played = 0
        self._ended = False
        self._heard = 0
        self._segments: list[_Segment] = []
        self._offsets: list[int] = []
        self._by_number: dict[int, _Segment] = {}

    # ------------------------------------------------------------ what happens

    def add_segment(self, segment: int, text: str, emotion: Emotion, offset: int) -> None:
        """A segment begins at sample `offset`: after the one before it, within the audio so far, and before
        its own audio. Raises PeerFault `bad-segment` otherwise."""
        earliest = self._offsets[-1] if self._offsets else 0
        if segment in self._by_number or self._ended or not earliest <= offset <= self.total:
            raise PeerFault("bad-segment", f"Segment {segment} of the speech does not continue its stream.")
        last = self._segments[-1] if self._segments else None
        added = _Segment(segment, text, emotion, offset, last.before + len(last.text) if last else 0)
        self._segments.append(added)
        self._offsets.append(offset)
        self._by_number[segment] = added
        self._listen()

    def add_marks(self, segment: int, marks: Iterable[Mark]) -> None:
        """Timing of a segment, after what is known of it. Raises PeerFault `bad-marks` when the segment is
        unknown or a mark goes back or beyond its text; then none of them counts."""
        known = self._by_number.get(segment)
        marks = tuple(marks)
        char_end = known.char_ends[-1] if known and known.char_ends else 0
        sample_end = known.sample_ends[-1] if known and known.sample_ends else known.offset if known else 0
        for mark in marks:
            good = known and char_end <= mark.char_end <= len(known.text) and sample_end <= mark.sample_end
            if not good:
                raise PeerFault("bad-marks", f"The timing of segment {segment} of the speech goes back.")
            char_end, sample_end = mark.char_end, mark.sample_end
        if known:
            known.char_ends.extend(mark.char_end for mark in marks)
            known.sample_ends.extend(mark.sample_end for mark in marks)
            known.visemes.extend(mark.viseme for mark in marks)
            self._listen()

    def add_audio(self, samples: int) -> None:
        """The next `samples` of the stream. Raises PeerFault `bad-audio` below zero or after the end."""
        if samples < 0 or (self._ended and samples):
            raise PeerFault("bad-audio", "Speech goes on after its stream has ended.")
        self.total += samples

    def end(self) -> None:
        """No more segments and audio will come."""
        self._ended = True
        self._listen()

    def played(self, samples: int) -> None:
        """`samples` of the stream were played, in all; never less than before, nor more than there are."""
        self._played = max(self._played, min(samples, self.total))
        self._listen()

    # ------------------------------------------------------------ what was heard

    def heard_text(self) -> str:
        """The beginning of the shown text that was heard."""
        return "".join(segment.text for segment in self._segments)[: self._heard]

    @property
    def heard_ms(self) -> float:
        """Milliseconds of the stream that were played."""
        return self._played * 1000 / self.rate

    @property
    def ahead_ms(self) -> float:
        """Milliseconds sent and not played yet."""
        return (self.total - self._played) * 1000 / self.rate

    @property
    def credit(self) -> int:
        """Samples that may be sent now without being more than LEAD_MS ahead of the ear."""
        return max(0, LEAD_MS * self.rate // 1000 - (self.total - self._played))

    @property
    def finished(self) -> bool:
        """True when the stream has ended and all of it was played."""
        return self._ended and self._played >= self.total

    # ------------------------------------------------------------ what belongs to a sample

    def emotion_at(self, sample: int) -> Emotion | None:
        """The feeling in which sample `sample` is spoken; None before the first segment."""
        index = self._index_at(sample)
        return None if index < 0 else self._segments[index].emotion

    def viseme_at(self, sample: int) -> Viseme | None:
        """The mouth's shape at a sample; None where it is not known (go by loudness)."""
        index = self._index_at(sample)
        if index < 0 or not self._segments[index].visemes:
            return None
        segment = self._segments[index]
        following = bisect_right(segment.sample_ends, sample)
        return segment.visemes[following] if following < len(segment.visemes) else "closed"

    def subtitle_at(self, sample: int) -> Subtitle | None:
        """The segment being spoken at a sample, and how far; None before the first segment."""
        index = self._index_at(sample)
        if index < 0:
            return None
        segment = self._segments[index]
        return Subtitle(segment.number, segment.text, self._heard_of(index, sample), segment.emotion)

    # ------------------------------------------------------------ inside

    def _index_at(self, sample: int) -> int:
        return bisect_right(self._offsets, sample) - 1

    def _listen(self) -> None:
        index = self._index_at(self._played)
        if index >= 0:
            heard = self._segments[index].before + self._heard_of(index, self._played)
            self._heard = max(self._heard, heard)

    def _end_of(self, index: int) -> int | None:
        """The sample at which a segment ends, once that is known."""
        if index + 1 < len(self._offsets):
            return self._offsets[index + 1]
        return self.total if self._ended else None

    def _heard_of(self, index: int, sample: int) -> int:
        """Code points of a segment's text heard when `sample` (not before its offset) is played."""
        segment = self._segments[index]
        end = self._end_of(index)
        if end is not None and sample >= end:
            return len(segment.text)
        if segment.sample_ends:
            passed = bisect_right(segment.sample_ends, sample)
            return segment.char_ends[passed - 1] if passed else 0
        if end is None:
            usual = segment.tokens * self.rate // TOKENS_PER_SECOND
            end = max(self.total, segment.offset + usual)
        if sample >= end:
            return 0  # nothing of it has arrived
        guess = len(segment.text) * (sample - segment.offset) // (end - segment.offset)
        return whole_words(segment.text, guess)
