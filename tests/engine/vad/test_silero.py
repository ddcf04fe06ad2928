import pytest

from engine.errors import StageUnavailable
from engine.hosting.backend import Cancelled
from engine.vad import VadRequest
from engine.vad.silero import FRAME_SAMPLES, SileroDetector
from tests.support.speech import noise, quiet, spoken


@pytest.fixture(scope="module")
def detector():
    backend = SileroDetector()
    backend.load()
    yield backend
    backend.close()


def frames(detector, *blocks):
    return list(detector.run(VadRequest(), iter(blocks)))


def speech_share(detector, pcm):
    result = frames(detector, pcm)
    return sum(frame.probability >= 0.5 for frame in result) / len(result)


def test_hears_speech_and_not_silence(detector):
    assert speech_share(detector, spoken("hello how are you today")) > 0.5
    assert speech_share(detector, quiet(2000)) == 0
    assert speech_share(detector, bytes(64000)) == 0


@pytest.mark.parametrize("kind", ["white", "pink", "hum", "clicks"])
def test_noise_is_not_speech(detector, kind):
    assert speech_share(detector, noise(kind, 3000, -30)) < 0.1


def test_speech_starts_and_ends_where_it_does(detector):
    pcm = quiet(1000) + spoken("my name is john and i live in london") + quiet(1000)
    speech = [frame.offset for frame in frames(detector, pcm) if frame.probability >= 0.5]
    assert speech[0] / 16 == pytest.approx(1300, abs=200)
    assert speech[-1] / 16 == pytest.approx(len(pcm) / 32 - 1300, abs=300)


def test_frames_follow_each_other_whatever_the_blocks(detector):
    pcm = spoken("good morning")
    whole = frames(detector, pcm)
    assert [frame.offset for frame in whole] == [n * FRAME_SAMPLES for n in range(len(pcm) // 1024)]
    assert all(frame.samples == FRAME_SAMPLES and 0 <= frame.probability <= 1 for frame in whole)
    odd = [pcm[start : start + 777] for start in range(0, len(pcm), 777)]
    assert frames(detector, *odd) == whole
    assert frames(detector, b"", pcm[:1], pcm[1:]) == whole


def test_a_stream_leaves_nothing_behind_for_the_next(detector):
    first = frames(detector, quiet(500))
    frames(detector, spoken("good morning"))
    assert frames(detector, quiet(500)) == first


def test_a_closed_run_and_a_cancelled_feed_leave_it_usable(detector):
    expected = frames(detector, quiet(500))
    run = detector.run(VadRequest(), iter([quiet(500)]))
    next(run)
    run.close()

    def cancelled():
        yield quiet(100)
        raise Cancelled

    with pytest.raises(Cancelled):
        list(detector.run(VadRequest(), cancelled()))
    assert frames(detector, quiet(500)) == expected


def test_unloaded_it_says_so():
    with pytest.raises(StageUnavailable):
        list(SileroDetector().run(VadRequest(), iter([])))


def test_no_audio_no_frames(detector):
    assert frames(detector) == frames(detector, b"", b"abc") == []
