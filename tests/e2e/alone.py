"""Run inside a network namespace without any route (see test_alone.py): a host is started, talked to, and
stopped. Prints one JSON line: the addresses listened on, and how much speech came."""

from __future__ import annotations

import asyncio
import fcntl
import json
import socket
import struct
import subprocess
import sys
from pathlib import Path

from websockets.asyncio.client import connect

from engine.messages import Hello, InputText, ReplyDone
from tests.support.hosted import Peer
from tests.support.serving_process import serving

SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1


def raise_loopback() -> None:
    """In a new namespace even the loopback device is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


def listening() -> list[str]:
    """Addresses that anything in this namespace listens on."""
    lines = subprocess.run(["ss", "-ltnH"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[3].rpartition(":")[0] for line in lines]


async def main(folder: Path) -> None:
    starter = {f"COMPANION_{stage}_BACKEND": "auto" for stage in ("VAD", "ASR", "LLM", "TTS", "EMBEDDING")}
    with serving(folder, **starter) as host:
        async with connect(f"{host.url}/ws/v1", compression=None) as wire:
            peer = Peer(wire)
            await peer.greet(Hello(token=host.token))
            await peer.send(InputText(text="hello, my name is Alice"))
            await peer.until(ReplyDone)
            print(json.dumps({"listening": listening(), "speech_bytes": len(peer.audio())}))


raise_loopback()
asyncio.run(main(Path(sys.argv[1])))
