"""A sound server of the tests' own: PulseAudio with a speaker that can be recorded and a microphone that can
be spoken into. Nothing is heard, and no sound server of the developer is touched."""

from __future__ import annotations

import math
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 24000
_ANSWER_S = 20
# Without `norewinds` a null sink asks for two seconds of sound at once.
_SINK = "module-null-sink rate=48000 norewinds=1 sink_name="
_MODULES = (
    "module-native-protocol-unix",
    _SINK + "speaker",
    _SINK + "voice",
    "module-remap-source source_name=microphone master=voice.monitor",
)
_ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.headset { type pulse server "unix:%s/native" }
"""


class SoundServer:
    """Start and stop it at will: programs see their devices go and come back."""

    def __init__(self, folder: Path) -> None:
        self._headset_folder = folder.with_name(f"{folder.name}-headset")
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "alsa.conf").write_text(_ALSA % self._headset_folder.joinpath("pulse"))
        self.env = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "pulse"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "ALSA_CONFIG_PATH": str(folder / "alsa.conf"),
            "HOME": str(folder),
        }
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error"]
        # A thread in real time is killed, and the server with it, when the machine is slow for 200 ms.
        command += ["--realtime=no", "--high-priority=no"]
        command += [word for module in _MODULES for word in ("-L", module)]
        self._server = subprocess.Popen(command, env=self._whole_env(), stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while self._run("pactl", "info").returncode and time.monotonic() < deadline:
            time.sleep(0.05)
        self._run("pactl", "set-default-sink", "speaker", check=True)
        self._run("pactl", "set-default-source", "microphone", check=True)

    def stop(self) -> None:
        """All devices vanish."""
        if self._server:
            self._server.kill()
            self._server.wait()
            self._server = None

    def headset(self) -> SoundServer:
        """A second sound server, not started yet: for programs of the first its speaker is the device
        `headset`, which can be unplugged while the first goes on."""
        return SoundServer(self._headset_folder)

    def unplug(self, sink: str) -> None:
        """One device vanishes: `speaker` or `voice` (what the microphone hears)."""
        listed = self._run("pactl", "list", "short", "modules", check=True).stdout.decode().splitlines()
        module = next(line.split()[0] for line in listed if f"sink_name={sink}" in line)
        self._run("pactl", "unload-module", module, check=True)

    def listeners(self) -> int:
        """Programs that listen to the microphone."""
        listed = self._run("pactl", "list", "short", "source-outputs", check=True)
        return listed.stdout.count(b"protocol-native")

    def say(self, pcm: bytes) -> None:
        """Plays `pcm` (int16 mono at RATE) into the microphone, at its own pace."""
        command = ["pacat", "--device=voice", f"--rate={RATE}", "--channels=1", "--format=s16le"]
        command += ["--latency-msec=30"]
        subprocess.run(
            command, input=pcm, env=self._whole_env(), check=True, timeout=_ANSWER_S + len(pcm) / 2 / RATE
        )

    @contextmanager
    def recorded(self) -> Iterator[Recording]:
        """What the speaker plays meanwhile."""
        command = ["parec", "--device=speaker.monitor", f"--rate={RATE}", "--channels=1", "--format=s16le"]
        command += ["--latency-msec=10"]
        recording = Recording()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self._whole_env()
        ) as recorder:
            assert recorder.stdout
            reading = threading.Thread(target=recording.read, args=(recorder.stdout.fileno(),))
            reading.start()
            try:
                assert recording.begun.wait(_ANSWER_S), "nothing arrives from the sound server"
                yield recording
                time.sleep(0.3)  # what is on its way still arrives
            finally:
                recorder.terminate()
                reading.join()

    def _whole_env(self) -> dict[str, str]:
        return {**os.environ, **self.env}

    def _run(self, *command: str, check: bool = False) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command, env=self._whole_env(), capture_output=True, check=check, timeout=_ANSWER_S
        )


class Recording:
    """int16 mono at RATE; complete when the recording has ended."""

    def __init__(self) -> None:
        self.samples: NDArray[np.int16] = np.zeros(0, np.int16)
        self.begun = threading.Event()
        self.begun_at = math.inf
        """When the first sample was played, in seconds of time.monotonic; 10 ms early at most."""

    def read(self, descriptor: int) -> None:
        """Until there is no more."""
        pcm = b""
        while block := os.read(descriptor, 65536):
            pcm += block
            # The block that was under way for the shortest time tells it best.
            self.begun_at = min(self.begun_at, time.monotonic() - len(pcm) / 2 / RATE)
            self.begun.set()
        self.samples = np.frombuffer(pcm, "<i2", count=len(pcm) // 2)

    @property
    def loud(self) -> NDArray[np.int64]:
        """Indices of the samples that are not silence."""
        return np.flatnonzero(np.abs(self.samples.astype(np.int32)) > 500)
