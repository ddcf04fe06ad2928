"""SenseVoiceSmall through FunASR's own classes, with a tiny model that knows two dozen sentences by ear."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.asr import AsrRequest, Transcript
from engine.asr.sensevoice import SenseVoiceRecognizer
from engine.asr.sensevoice_tags import EMOTIONS
from engine.errors import EnvironmentFault
from engine.hosting.deadlines import Deadlines
from engine.hosting.hosted import HostedBackend
from tests.checkpoints import feeling_of, said, tiny_sensevoice
from tests.checkpoints.dialogues import DIALOGUES, Dialogue
from tests.support.backends import with_backend
from tests.support.speech import noise, quiet

pytestmark = pytest.mark.long

PATIENT = Deadlines(60.0, 60.0, 60.0)


@pytest.fixture(scope="module")
def folder() -> Path:
    return tiny_sensevoice()


@pytest.fixture(scope="module")
def ear(folder: Path) -> Iterator[SenseVoiceRecognizer]:
    ear = SenseVoiceRecognizer({"model": str(folder)})
    ear.load()
    yield ear
    ear.close()


def hear(ear: SenseVoiceRecognizer, pcm: bytes, block: int = 3200) -> list[Transcript]:
    blocks = (pcm[start : start + block] for start in range(0, len(pcm), block))
    return list(ear.run(AsrRequest(), blocks))


def words(text: str) -> str:
    return text.replace(" ", "")


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=[each.said for each in DIALOGUES])
def test_what_is_said_is_written_with_its_language_and_feeling(
    ear: SenseVoiceRecognizer, dialogue: Dialogue
) -> None:
    heard = hear(ear, said(dialogue))[-1]
    assert words(heard.text) == words(dialogue.said)
    assert heard.language == dialogue.language
    assert heard.emotion == EMOTIONS[feeling_of(dialogue)]
    assert heard.final
    assert heard.understood
    assert heard.confidence > 0.5


def test_it_is_written_while_it_is_said_and_once_for_good(ear: SenseVoiceRecognizer) -> None:
    heard = hear(ear, said(DIALOGUES[0]))
    assert [each.final for each in heard] == [False] * (len(heard) - 1) + [True]
    assert len(heard) >= 3
    assert len({each.text for each in heard[:-1]}) == len(heard) - 1, "only what has changed"


def test_the_same_sound_is_heard_the_same_whatever_it_comes_in(ear: SenseVoiceRecognizer) -> None:
    pcm = said(DIALOGUES[13])
    assert len({hear(ear, pcm, block)[-1] for block in (640, 3200, 9999, len(pcm))}) == 1


def test_what_is_no_utterance_gives_no_words(ear: SenseVoiceRecognizer) -> None:
    for pcm in (b"", b"\x01", bytes(200), bytes(3198)):
        assert hear(ear, pcm) == [Transcript(text="", final=True, confidence=0.0)]
    for pcm in (bytes(3200), quiet(500), noise("white", 2000, -20)):
        assert hear(ear, pcm)[-1].final


def test_a_long_utterance_is_heard_to_its_end(ear: SenseVoiceRecognizer) -> None:
    parts = [said(each) for each in DIALOGUES[:12]]
    heard = hear(ear, b"".join(parts))
    assert heard[-1].text.split()
    assert heard[-1].final


@pytest.mark.parametrize("worker", [False, True], ids=["inline", "worker"])
def test_hosted_it_listens_and_is_given_up_in_the_middle(folder: Path, worker: bool) -> None:
    async def use(backend: HostedBackend[AsrRequest, Transcript]) -> None:
        async with backend.call(AsrRequest(), PATIENT, listening=True) as call:
            await call.feed(said(DIALOGUES[1])[:32000])
        async with backend.call(AsrRequest(), PATIENT, listening=True) as call:
            await call.feed(said(DIALOGUES[1]))
            call.end_feed()
            heard = [each async for each in call]
        assert words(heard[-1].text) == words(DIALOGUES[1].said)

    with_backend("asr", "sensevoice", use, worker=worker, model=str(folder))


def test_nothing_is_asked_of_the_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", denied)
    ear = SenseVoiceRecognizer({"model": str(folder)})
    ear.load()
    assert hear(ear, said(DIALOGUES[2]))[-1].text


def refused(folder: Path) -> tuple[str, str]:
    with pytest.raises(EnvironmentFault) as caught:
        SenseVoiceRecognizer({"model": str(folder)}).load()
    return caught.value.code, caught.value.message


def test_files_that_do_not_fit_are_refused_and_nothing_in_them_runs(folder: Path, tmp_path: Path) -> None:
    import torch

    whole = torch.load(folder / "model.pt", weights_only=True)
    first = next(name for name in whole if name.startswith("encoder."))
    ran = tmp_path / "ran"

    def spoiled(name: str) -> Path:
        return Path(shutil.copytree(folder, tmp_path / name))

    lacking = spoiled("lacking")
    torch.save({name: value for name, value in whole.items() if name != first}, lacking / "model.pt")
    assert "lacks" in refused(lacking)[1]
    other = spoiled("other")
    torch.save({**whole, first: torch.zeros(3, 3)}, other / "model.pt")
    cut = spoiled("cut")
    (cut / "model.pt").write_bytes((folder / "model.pt").read_bytes()[:5000])
    pickled = spoiled("pickled")
    pickle = b"cposix\nsystem\n(S'touch " + os.fsencode(ran) + b"'\ntR."
    (pickled / "model.pt").write_bytes(pickle)
    listed = spoiled("listed")
    (listed / "config.yaml").write_text("- a list")
    for path in (lacking, other, cut, pickled, listed):
        code, message = refused(path)
        assert code == "model-damaged"
        assert str(path) in message
    assert not ran.exists()
    vad = spoiled("vad")
    (vad / "config.yaml").write_text("model: FsmnVADStreaming\n")
    assert refused(vad)[0] == "model-wrong-kind"
    for name in ("am.mvn", "chn_jpn_yue_eng_ko_spectok.bpe.model"):
        less = spoiled(name)
        (less / name).unlink()
        assert refused(less)[0] == "model-missing"
    assert refused(tmp_path / "nowhere")[0] == "model-missing"


ORACLE = """
import sys, numpy as np
from funasr import AutoModel
ear = AutoModel(model=sys.argv[1], device="cpu", disable_update=True, disable_pbar=True, log_level="ERROR")
samples = np.fromfile(sys.argv[2], "<i2").astype(np.float32) / 32768
told = ear.generate(input=samples, cache={}, language="auto", use_itn=True)[0]["text"]
sys.stdout.buffer.write(("TOLD" + told).encode())
"""


def test_funasr_itself_hears_the_same(ear: SenseVoiceRecognizer, folder: Path, tmp_path: Path) -> None:
    """AutoModel is slow to import; it is what ours must agree with."""
    config = (folder / "config.yaml").read_text()
    calm = Path(shutil.copytree(folder, tmp_path / "calm"))
    (calm / "config.yaml").write_text(config.replace("lfr_m: 7", "dither: 0.0\n  lfr_m: 7"))
    sound = tmp_path / "said.pcm"
    sound.write_bytes(said(DIALOGUES[12]))
    command = [sys.executable, "-c", ORACLE, str(calm), str(sound)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=200)
    told = done.stdout.decode().partition("TOLD")[2]
    heard = hear(ear, said(DIALOGUES[12]))[-1]
    assert words(told).endswith(words(heard.text))
    assert f"<|{heard.language}|>" in told
    assert f"<|{feeling_of(DIALOGUES[12])}|>" in told
