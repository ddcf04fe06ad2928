"""The engine in bad weather: stages that hang, throw, crash or say nothing; folders that cannot be used.

Real hosting, real processes; after each fault the next turn must work.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from engine.client.local import LocalEngine
from engine.conversation.language import Language
from engine.errors import EnvironmentFault, PeerFault
from engine.messages import (
    ErrorEvent,
    Hello,
    InputStart,
    InputStop,
    MemoryChanged,
    MicrophoneAudio,
    Notice,
    ReplyDone,
    ReplySegment,
    StageStatus,
)
from engine.runtime import Engine
from engine.settings import (
    DeadlineSettings,
    General,
    LlmSettings,
    Settings,
)
from engine.stages import Option, Stage, chain_of, runs_in_worker
from tests.support.terminal import SILENT, Companion

if TYPE_CHECKING:
    from tests.conftest import ExpectLog

IMPATIENT = DeadlineSettings(
    asr_s=1.0,
    llm_first_s=1.0,
    llm_gap_s=1.0,
    llm_total_s=2.0,
    tts_first_s=1.0,
    tts_gap_s=1.0,
    tts_total_s=2.0,
)
FAKES = msgspec.structs.replace(
    SILENT, llm=LlmSettings(backend="scripted"), deadlines=IMPATIENT, general=General(language="en")
)
LOUD = b"\x00\x40" * 16000


def misbehaving(folder: Path, stage: str, kind: str, *, worker: bool) -> Companion:
    """A companion one of whose stages goes wrong once."""
    hosting = "worker" if worker else "inline"
    settings = msgspec.structs.replace(FAKES, general=General(language="en", hosting=hosting))
    companion = Companion(folder, settings)
    options: dict[str, Option] = {"misbehave": kind, "misbehave_once": str(folder / "happened")}
    faulty: Stage[Any, Any] = Stage(
        chain_of(stage, "scripted", options),  # type: ignore[arg-type]
        hosting=hosting,
        load_s=20,
        on_status=lambda status: None,
    )
    setattr(companion.engine, f"_{stage}", faulty)
    return companion


@pytest.mark.parametrize("worker", [False, True], ids=["inline", "worker"])
@pytest.mark.parametrize("kind", ["hang", "throw", "nothing", "forever"])
def test_a_mind_gone_wrong_costs_one_turn(tmp_path: Path, kind: str, worker: bool, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL + 1)

    async def main() -> None:
        async with misbehaving(tmp_path, "llm", kind, worker=worker) as companion:
            await companion.ask("one")
            errors = companion.notebook.all(ErrorEvent)
            expected = {"hang": "llm-timeout", "throw": "llm-failed", "nothing": "llm-empty"}
            assert [error.code for error in errors] == [expected.get(kind, "llm-timeout")]
            assert await companion.ask("two")

    asyncio.run(main())


@pytest.mark.parametrize("kind", ["hang", "throw", "abort"])
def test_a_voice_gone_wrong_is_read_and_comes_back(tmp_path: Path, kind: str, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL + 1)

    async def main() -> None:
        async with misbehaving(tmp_path, "tts", kind, worker=True) as companion:
            assert await companion.ask("one")
            assert [note.code for note in companion.notebook.all(Notice)] == ["voice-failed"]
            assert not companion.played
            await companion.ask("two")
            assert companion.played

    asyncio.run(main())


@pytest.mark.parametrize("kind", ["hang", "throw", "abort", "nothing"])
def test_an_ear_gone_wrong_costs_one_turn(tmp_path: Path, kind: str, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL + 1)

    async def main() -> None:
        async with misbehaving(tmp_path, "asr", kind, worker=True) as companion:
            for _ in range(2):
                client = companion.talk.client
                await client.send(InputStart(stream=1))
                await client.send(MicrophoneAudio(stream=1, pcm=LOUD))
                await client.send(InputStop(stream=1))
                await asyncio.sleep(0.05)
                await companion.talk.rest()
            expected = {"hang": "asr-timeout", "abort": "asr-crashed"}.get(kind, "asr-failed")
            assert [error.code for error in companion.notebook.all(ErrorEvent)] == [expected]
            assert len(companion.notebook.all(ReplyDone)) == 1

    asyncio.run(main())


def test_two_engines_never_share_a_folder(tmp_path: Path) -> None:
    async def main() -> None:
        async with Companion(tmp_path, FAKES):
            with pytest.raises(EnvironmentFault) as caught:
                await LocalEngine(Engine(FAKES, tmp_path)).open(Hello())
            assert caught.value.code == "data-folder-in-use"

    asyncio.run(main())


def test_a_folder_that_cannot_be_written_costs_the_memory_not_the_talk(
    tmp_path: Path, expect_log: ExpectLog
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")

    async def main() -> None:
        async with Companion(blocked / "data", FAKES) as companion:
            assert await companion.ask("hello")
            assert [note.code for note in companion.notebook.all(Notice)] == ["memory-failed"]
            states = [s.state for s in companion.notebook.all(StageStatus) if s.stage == "memory"]
            assert states == ["loading", "failed"]

    asyncio.run(main())


@pytest.mark.parametrize(("language", "words"), [("en", "in order again"), ("zh", "重新整理记忆")])
def test_what_memory_has_to_say_is_said_in_the_users_language(
    tmp_path: Path, language: Language, words: str
) -> None:
    settings = msgspec.structs.replace(FAKES, general=General(language=language))

    async def main() -> None:
        async with Companion(tmp_path, settings) as companion:
            await companion.ask("hello")
        shutil.rmtree(tmp_path / "index")
        async with Companion(tmp_path, settings) as companion:
            (note,) = companion.notebook.all(Notice)
            assert note.code == "memory-index-rebuilt"
            assert words in note.message

    asyncio.run(main())


def test_what_is_learned_is_told_to_the_client(tmp_path: Path) -> None:
    async def main() -> None:
        async with Companion(tmp_path, FAKES) as companion:
            await companion.ask("My name is Alice and I live in Paris.")
            await companion.ask("hello")
            (changed,) = companion.notebook.all(MemoryChanged)
            assert changed.memories == ("fact:1", "fact:2")

    asyncio.run(main())


def test_rates_out_of_range_are_refused(tmp_path: Path) -> None:
    async def main() -> None:
        client = LocalEngine(Engine(FAKES, tmp_path))
        with pytest.raises(PeerFault, match="8000 to 48000"):
            await client.open(Hello(output_rate=4_000_000))
        await client.close()

    asyncio.run(main())


def test_other_output_rates_give_the_same_seconds(tmp_path: Path) -> None:
    async def main(rate: int) -> float:
        companion = Companion(tmp_path / str(rate), FAKES)
        companion.talk.speaker.rate = rate
        async with companion:
            await companion.ask("hello")
            return len(companion.played) / 2 / rate

    assert asyncio.run(main(16000)) == pytest.approx(asyncio.run(main(48000)), rel=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "😀" * 50,
        "\u202eright to left\u202c שלום مرحبا",
        "tab\tand\x00nul",
        "<break/> &amp; [[x]]",
        "x" * 19_999,
    ],
)
def test_no_text_breaks_the_real_stages(tmp_path: Path, text: str) -> None:
    async def main() -> None:
        async with Companion(tmp_path, Settings(general=General(language="en"))) as companion:
            reply = await companion.ask(text)
            assert reply or companion.notebook.all(ErrorEvent)
            assert await companion.ask("hello")
            assert companion.notebook.all(ReplySegment)

    asyncio.run(main())


def test_a_megabyte_of_text_is_refused_and_the_next_turn_works(tmp_path: Path) -> None:
    async def main() -> None:
        async with Companion(tmp_path, FAKES) as companion:
            await companion.ask("x" * 2**20)
            assert [error.code for error in companion.notebook.all(ErrorEvent)] == ["text-too-long"]
            assert await companion.ask("hello")

    asyncio.run(main())


def test_parts_that_must_not_share_the_process_never_do() -> None:
    (espeak,) = chain_of("tts", "auto", {})
    (pocketsphinx,) = chain_of("asr", "auto", {})
    (silero,) = chain_of("vad", "auto", {})
    assert runs_in_worker(espeak, "inline")
    assert runs_in_worker(pocketsphinx, "inline")
    assert not runs_in_worker(silero, "auto")
    assert runs_in_worker(silero, "worker")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads /proc")
def test_the_engine_process_loads_no_espeak(tmp_path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from engine.runtime import Engine\n"
        "from engine.settings import Settings\n"
        "async def main():\n"
        "    engine = Engine(Settings(), pathlib.Path(sys.argv[1]))\n"
        "    await engine.start()\n"
        "    print(pathlib.Path('/proc/self/maps').read_text())\n"
        "    await engine.close()\n"
        "asyncio.run(main())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ,
    )
    assert "espeak" not in result.stdout
    assert "sqlite" in result.stdout
