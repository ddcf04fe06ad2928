import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audio import from_pcm, to_pcm
from engine.errors import EnvironmentFault, PeerFault
from engine.wav import WavWriter, read_wav, wav_format

GUID = bytes.fromhex("000000001000800000aa00389b71")


def chunk(tag: bytes, body: bytes, size: int | None = None) -> bytes:
    return tag + struct.pack("<I", len(body) if size is None else size) + body + b"\0" * (len(body) % 2)


def fmt(rate: int, channels: int, bits: int, tag: int = 1, *, extensible: bool = False) -> bytes:
    frame = channels * bits // 8
    first = 0xFFFE if extensible else tag
    body = struct.pack("<HHIIHH", first, channels, rate, rate * frame, frame, bits)
    if extensible:
        body += struct.pack("<HHIH", 22, bits, 0, tag) + GUID
    return chunk(b"fmt ", body)


def riff(*chunks: bytes, head: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return head + struct.pack("<I", len(body) & 0xFFFFFFFF) + body


def encoded(samples: np.ndarray, bits: int, tag: int) -> bytes:
    if tag == 3:
        return samples.astype(f"<f{bits // 8}").tobytes()
    if bits == 8:
        return (np.rint(samples * 127) + 128).astype(np.uint8).tobytes()
    whole = np.rint(samples * (2.0 ** (bits - 1) - 1)).astype("<i4")
    if bits == 24:
        return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return whole.astype(f"<i{bits // 8}").tobytes()


def tone(rate: int, seconds: float = 0.5) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)


@pytest.mark.parametrize(("bits", "tag"), [(8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3)])
@pytest.mark.parametrize(("rate", "channels"), [(16000, 1), (44100, 2), (48000, 6), (8000, 1)])
@pytest.mark.parametrize("extensible", [False, True])
def test_every_width_rate_and_channel_count(tmp_path, bits, tag, rate, channels, extensible):
    data = encoded(np.repeat(tone(rate), channels), bits, tag)
    path = tmp_path / "tone.wav"
    path.write_bytes(
        riff(
            chunk(b"LIST", b"odd"),
            fmt(rate, channels, bits, tag, extensible=extensible),
            chunk(b"data", data),
        )
    )
    assert wav_format(path).seconds == pytest.approx(0.5, abs=0.001)
    heard = from_pcm(b"".join(read_wav(path)))
    assert abs(heard.size - 8000) <= 2
    expected = tone(16000)[: heard.size]
    assert np.abs(heard[: expected.size] - expected)[100:-100].max() < (0.01 if bits == 8 else 0.001)


def test_channels_are_averaged(tmp_path):
    path = tmp_path / "stereo.wav"
    frames = np.stack([np.full(800, 0.5), np.full(800, -0.25)], axis=1)
    path.write_bytes(riff(fmt(16000, 2, 16), chunk(b"data", to_pcm(frames))))
    assert np.allclose(from_pcm(b"".join(read_wav(path))), 0.125, atol=1e-4)


GOOD = riff(fmt(16000, 1, 16), chunk(b"data", bytes(3200)))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "wav-empty"),
        (b"RIFF", "wav-invalid"),
        (b"ID3\x04 this is an MP3 really", "wav-invalid"),
        (GOOD[:30], "wav-truncated"),
        (GOOD[:40], "wav-truncated"),
        (GOOD[:-2], "wav-truncated"),
        (riff(fmt(16000, 1, 16)), "wav-truncated"),
        (riff(chunk(b"data", bytes(8))), "wav-invalid"),
        (riff(fmt(16000, 1, 16), chunk(b"data", b"")), "wav-empty"),
        (riff(fmt(16000, 2, 16), chunk(b"data", b"ab")), "wav-empty"),
        (riff(fmt(16000, 1, 4, 2), chunk(b"data", bytes(8))), "wav-unsupported"),
        (riff(fmt(8000, 1, 8, 7), chunk(b"data", bytes(8))), "wav-unsupported"),
        (riff(fmt(0, 1, 16), chunk(b"data", bytes(8))), "wav-unsupported"),
        (riff(fmt(16000, 0, 16), chunk(b"data", bytes(8))), "wav-unsupported"),
    ],
)
def test_bad_files_are_refused_at_once_with_a_sentence(tmp_path, content, code):
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(PeerFault) as error:
        read_wav(path)
    assert error.value.code == code
    assert "bad.wav" in error.value.message


def test_a_missing_file_is_the_environments_fault(tmp_path):
    with pytest.raises(EnvironmentFault) as error:
        read_wav(tmp_path / "none.wav")
    assert error.value.code == "file-unreadable"


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_damaged_headers_never_surprise(tmp_path_factory, position, damage):
    path = tmp_path_factory.mktemp("fuzz") / "fuzz.wav"
    path.write_bytes(GOOD[:position] + damage + GOOD[position + len(damage) :])
    try:
        total = sum(map(len, read_wav(path)))
    except PeerFault:
        return
    assert total % 2 == 0


@pytest.mark.parametrize(("head", "size"), [(b"RIFF", 0xFFFFFFFF), (b"RIFF", 0), (b"RF64", 0xFFFFFFFF)])
def test_a_file_of_unknown_length_is_read_to_its_end(tmp_path, head, size):
    path = tmp_path / "pipe.wav"
    path.write_bytes(riff(fmt(16000, 1, 16), chunk(b"data", bytes(3200), size), head=head))
    assert len(b"".join(read_wav(path))) == 3200


def test_three_hours_take_little_memory(tmp_path):
    path = tmp_path / "long.wav"
    size = 3 * 3600 * 16000 * 2
    with path.open("wb") as file:
        file.write(riff(fmt(16000, 1, 16), chunk(b"data", b"", size)))
        file.truncate(44 + size)  # a sparse file: zeros that take no disk
    blocks = read_wav(path)
    tracemalloc.start()
    for _ in range(200):
        assert len(next(blocks)) <= 3200
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert wav_format(path).seconds == 3 * 3600
    assert peak < 1_000_000


def test_writing_grows_and_closing_fixes_the_header(tmp_path):
    path = tmp_path / "out.wav"
    with WavWriter(path, 22050) as out:
        out.write(bytes(100))
        out.write(to_pcm(np.full(50, 0.25)))
    out.close()
    assert path.stat().st_size == 44 + 200
    form = wav_format(path)
    assert (form.rate, form.channels, form.bits, form.start, form.size) == (22050, 1, 16, 44, 200)
    assert struct.unpack_from("<I", path.read_bytes(), 4) == (236,)


def test_a_recording_cut_off_by_a_crash_still_reads(tmp_path):
    path = tmp_path / "crash.wav"
    out = WavWriter(path, 16000)
    out.write(bytes(100_000))
    crashed = tmp_path / "copy.wav"
    crashed.write_bytes(path.read_bytes())
    out.close()
    assert 0 < sum(map(len, read_wav(crashed))) <= 100_000


def test_an_unwritable_place_is_the_environments_fault(tmp_path):
    with pytest.raises(EnvironmentFault) as error:
        WavWriter(tmp_path / "no" / "folder.wav", 16000)
    assert error.value.code == "file-unwritable"
