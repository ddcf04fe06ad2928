"""What a host adds: typed turn -> first audio over a loopback WebSocket, less what the services take.

The host runs in a process of its own. Its scripted language model gives the first token after 100 ms and then
60 a second, its scripted voice the first sound of a clause after 80 ms and the rest at a fixed pace. What is
measured above that is the engine's: memory, turn-taking, codec, sockets, scheduling.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from engine.conversation.clauses import ClauseSplitter
from engine.conversation.reply import ReplyParser
from engine.errors import EnvironmentFault
from engine.messages import Hello, InputText, Playback, ReplyDone, SpeechAudio, StageName, Welcome
from engine.settings import (
    AsrSettings,
    EmbeddingSettings,
    HostSettings,
    LlmSettings,
    Settings,
    TtsSettings,
    VadSettings,
)
from engine.stages import Option
from engine.wire import ClientEncoder, decode_server

REPLY = "[happy] Hello there, my friend."
TOKENS_PER_SECOND = 60
FIRST_TOKEN_MS = 100
FIRST_SOUND_MS = 80
MS_PER_CHUNK = 5
RTF = 0.4
"""Real-time factor of the voice after its first sound, as of a good GPU."""
PAUSES_S = {1: 0.4, 4: 1.0, 32: 8.0}
"""Longest pause of a client between two turns, by how many talk at once: people leave more."""
TURNS = 200
"""In all, of each number of clients."""
START_S = 30.0
SCRIPTED = Settings(
    vad=VadSettings(backend="scripted"),
    asr=AsrSettings(backend="scripted"),
    llm=LlmSettings(backend="scripted"),
    tts=TtsSettings(backend="scripted"),
    embedding=EmbeddingSettings(backend="scripted"),
    host=HostSettings(port=0, max_sessions=max(PAUSES_S)),
)
"""Stages that take no time but what a test gives them."""


def measure(spread: Callable[[Sequence[float]], str]) -> list[tuple[str, str]]:
    """Rows of a table: the engine's share with 1, 4 and 32 clients at once. `spread` puts ms into words."""
    rows: list[tuple[str, str]] = []
    services = service_ms()
    with tempfile.TemporaryDirectory() as folder, _host(Path(folder)) as (port, token):
        for clients in PAUSES_S:
            shares = asyncio.run(_talk(port, token, clients, services))
            rows.append((f"host: typed -> first audio, own share, {clients} at once", spread(shares)))
    return rows


def service_ms() -> float:
    """What the services take until the first sound of REPLY: what their script says, and what this machine
    takes too long to wake a thread that sleeps, once in the mind and once in the voice."""
    return _scripted_ms() + 2 * _oversleep_ms()


def _oversleep_ms() -> float:
    late: list[float] = []
    for _ in range(20):
        due = time.perf_counter() + FIRST_SOUND_MS / 1000
        time.sleep(FIRST_SOUND_MS / 1000)
        late.append(1000 * (time.perf_counter() - due))
    return statistics.median(late)


def _scripted_ms() -> float:
    words = [word + " " for word in REPLY.split(" ")]
    parser, splitter = ReplyParser("calm"), ClauseSplitter()
    for index, word in enumerate(words):
        if any(splitter.feed(event) for event in parser.feed(word)):
            return FIRST_TOKEN_MS + 1000 * index / TOKENS_PER_SECOND + FIRST_SOUND_MS
    return FIRST_TOKEN_MS + 1000 * (len(words) - 1) / TOKENS_PER_SECOND + FIRST_SOUND_MS


@contextmanager
def _host(folder: Path) -> Iterator[tuple[int, str]]:
    """A host in a process of its own; its port and token."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, theirs), daemon=True)
    process.start()
    try:
        if not ours.poll(START_S):
            raise EnvironmentFault("host-not-started", "The host that should be measured did not start.")
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(START_S)
        process.kill()


def _serve(folder: Path, pipe: Connection) -> None:
    from engine.host.host import Host
    from engine.host.serving import HostServer
    from engine.runtime import Engine

    options: dict[StageName, dict[str, Option]] = {
        "llm": {"replies": REPLY, "first_ms": FIRST_TOKEN_MS, "per_second": TOKENS_PER_SECOND},
        "tts": {"first_ms": FIRST_SOUND_MS, "ms_per_char": MS_PER_CHUNK, "gap_ms": MS_PER_CHUNK * RTF},
    }
    for of_stage in options.values():
        of_stage["copies"] = max(PAUSES_S)
    engine = Engine(SCRIPTED, folder, options=options)
    server = HostServer(SCRIPTED.host, Host(SCRIPTED, folder, engine=engine))
    pipe.send((server.port, (folder / "local.token").read_text()))

    def stop() -> None:
        pipe.recv()
        server.stop()

    threading.Thread(target=stop, daemon=True).start()
    asyncio.run(server.run())


async def _talk(port: int, token: str, clients: int, services: float) -> list[float]:
    """The share of every turn of `clients` clients, in ms; `services` is what the services take of it."""
    turns = max(1, TURNS // clients)
    await asyncio.gather(
        *(_client(port, token, 2, 0.0, services) for _ in range(clients))
    )  # loads copies of the services
    shares = await asyncio.gather(
        *(_client(port, token, turns, PAUSES_S[clients], services) for _ in range(clients))
    )
    return [share for of_client in shares for share in of_client]


async def _client(port: int, token: str, turns: int, pause_s: float, services: float) -> list[float]:
    from websockets.asyncio.client import connect  # no other command should wait for it

    shares: list[float] = []
    encoder = ClientEncoder()
    async with connect(f"ws://127.0.0.1:{port}/ws/v1", compression=None) as socket:
        await socket.send(encoder.encode(Hello(token=token, client="bench", features=("playback",))))
        while not isinstance(decode_server(await socket.recv()).message, Welcome):
            continue
        for turn in range(turns):
            await asyncio.sleep(random.uniform(0, pause_s))
            began = time.perf_counter()
            await socket.send(encoder.encode(InputText(text=f"turn {turn}")))
            heard = False
            while True:
                message = decode_server(await socket.recv()).message
                if isinstance(message, SpeechAudio):
                    if not heard:
                        heard = True
                        shares.append((time.perf_counter() - began) * 1000 - services)
                    played = message.offset + len(message.pcm) // 2
                    await socket.send(encoder.encode(Playback(stream=message.stream, played=played)))
                elif isinstance(message, ReplyDone):
                    break
    return shares
