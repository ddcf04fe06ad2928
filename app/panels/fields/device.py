"""A microphone or a speaker: the ones that are plugged in now, and the one that was chosen before."""

from __future__ import annotations

import asyncio

from app.background import Background
from app.devices import portaudio
from app.devices.portaudio import Device
from app.i18n import Words
from app.panels.fields.choice import ChoiceField
from app.talk import DeviceKind


def plugged_in() -> list[Device]:
    """What is plugged in now; takes about a second. Raises EnvironmentFault."""
    return asyncio.run(portaudio.devices())


class DeviceField(ChoiceField):
    def __init__(self, words: Words, kind: DeviceKind, background: Background) -> None:
        self._kind = kind
        self._default = ("", words("settings.system-device"))
        super().__init__([self._default], lambda name: words("settings.not-connected", name=name))
        self.work(background, plugged_in, self._on_devices)

    def _on_devices(self, devices: list[Device]) -> None:
        ours = [it for it in devices if (it.inputs if self._kind == "microphone" else it.outputs)]
        self.offer([self._default, *((it.name, it.name) for it in ours)])
