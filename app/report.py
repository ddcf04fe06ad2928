"""What a user may send to whoever helps: how the program fares, without a word of what is private. Pure.

Texts of the user (names, character, hosts, folders, devices) are left out of the settings, and where the home
folder stands in the log there is `~`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.latency import spans
from app.status import STAGES, Status
from engine.config import SettingInfo, Value


def report(
    about: Mapping[str, str],
    status: Status,
    settings: Iterable[tuple[SettingInfo, Value]],
    log: Iterable[str],
    home: str,
) -> str:
    """`about`: versions and the system; `settings`: all with their values; `log`: its last lines; `home`: the
    path of the home folder."""
    lines = ["AI Companion: report", *(f"{name}: {value}" for name, value in about.items()), ""]
    lines.append(f"engine: {status.place}, {status.link}, {status.activity}")
    if status.error:
        lines.append(f"error: {status.error.code}")
    for stage in (status.stages[name] for name in STAGES if name in status.stages):
        lines.append(f"{stage.stage}: {stage.backend}, {stage.state}")
    for kind, device in status.devices.items():
        lines.append(f"{kind}: {device.error.code if device.error else 'in use'}")
    lines += ["", "last turn (ms after the end of speech, and for how long):"]
    lines += [f"{span.milestone}: {span.end_ms:.0f} ({span.ms:.0f})" for span in spans(status.trace)]
    lines += ["", "settings that differ from the default:"]
    lines += [
        f"{info.key} = {'(a text)' if is_private(info) else value}"
        for info, value in settings
        if value != info.default
    ]
    lines += ["", "log:", *log]
    text = "\n".join(lines)
    return text.replace(home, "~") if home else text


def is_private(info: SettingInfo) -> bool:
    """Whether the value may say something of its user: every text but those that are chosen from a list."""
    return info.type == "text" and not info.choices
