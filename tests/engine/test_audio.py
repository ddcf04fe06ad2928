import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audio import SILENT_DBFS, Resampler, from_pcm, peak_dbfs, reblock, rms_dbfs, to_pcm


def tone(hertz: float, rate: int, samples: int) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(samples) / rate)


def cut(pcm: bytes, sizes: list[int]) -> list[bytes]:
    """The bytes in pieces of the given sizes, then the rest."""
    pieces, start = [], 0
    for size in sizes:
        pieces.append(pcm[start : start + size])
        start += size
    return [*pieces, pcm[start:]]


@pytest.mark.parametrize(("rate_in", "rate_out"), [(48000, 16000), (22050, 24000), (44100, 16000)])
def test_a_tone_keeps_its_length_level_and_pitch(rate_in, rate_out):
    resampler = Resampler(rate_in, rate_out)
    out = from_pcm(resampler.process(to_pcm(tone(440, rate_in, rate_in))) + resampler.flush())
    assert abs(out.size - rate_out) <= 2
    assert np.abs(out - tone(440, rate_out, out.size))[200:-200].max() < 0.001


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 5001), max_size=12))
def test_any_cutting_into_blocks_gives_the_same_stream(sizes):
    pcm = to_pcm(tone(300, 48000, 9600))
    whole, pieces = Resampler(48000, 16000), Resampler(48000, 16000)
    expected = whole.process(pcm) + whole.flush()
    assert b"".join(pieces.process(piece) for piece in cut(pcm, sizes)) + pieces.flush() == expected


def test_equal_rates_pass_through():
    resampler = Resampler(16000, 16000)
    assert resampler.process(b"abc") == b"ab"
    assert resampler.process(b"d") + resampler.flush() == b"cd"


@settings(deadline=None)
@given(st.binary(max_size=3000), st.lists(st.integers(0, 700), max_size=8), st.integers(1, 300))
def test_reblock_gives_exact_blocks_in_order(pcm, sizes, samples):
    blocks = list(reblock(cut(pcm, sizes), samples))
    assert all(len(block) == 2 * samples for block in blocks)
    assert pcm.startswith(b"".join(blocks))
    assert len(pcm) - sum(map(len, blocks)) < 2 * samples


def test_levels():
    assert rms_dbfs(to_pcm(np.full(100, -0.1))) == pytest.approx(-20, abs=0.01)
    assert peak_dbfs(to_pcm(np.array([0.0, -0.5]))) == pytest.approx(-6.02, abs=0.01)
    assert rms_dbfs(to_pcm(tone(100, 16000, 16000))) == pytest.approx(-9.03, abs=0.01)
    assert rms_dbfs(b"") == peak_dbfs(b"") == rms_dbfs(bytes(64)) == SILENT_DBFS


def test_what_no_sample_can_hold_is_clipped():
    pcm = to_pcm(np.array([2.0, -2.0, np.nan, np.inf, -np.inf]))
    assert np.frombuffer(pcm, "<i2").tolist() == [32767, -32768, 0, 32767, -32768]
