"""Reads, checks, explains and writes settings, all from the declarations in engine.settings.

A value comes from, in rising order: its default, the config file (TOML), the environment
(`tts.rate` is `COMPANION_TTS_RATE`). `COMPANION_CONFIG` names another config file and `COMPANION_DATA_DIR`
another data folder. What is unknown or out of range is refused with a sentence that names the culprit;
nothing is ever corrected silently.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
import platformdirs
import tomlkit

from engine import config_file
from engine.errors import ConfigFault
from engine.settings import Settings

APP = "ai-companion"
PREFIX = "COMPANION_"
DATA_DIR = PREFIX + "DATA_DIR"
CONFIG = PREFIX + "CONFIG"
FILE_HEADER = "Settings of AI Companion; `companion-engine config show` lists them all."

Value = str | int | float | bool
ValueType = Literal["text", "whole number", "number", "true or false"]

_TYPE_NAMES: dict[type, ValueType] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
}


class SettingInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One declared setting, as shown in help, docs and the settings panel."""

    key: str
    """`section.name`."""
    type: ValueType
    default: Value
    help: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    """The only values allowed; empty: any within the limits."""
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    """True: the value must lie above `minimum`, not on it."""
    max_length: int | None = None
    """Most characters of a text."""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.key.replace(".", "_").upper()

    @property
    def allowed(self) -> str:
        """What may be written, in words: `a number from 0.5 to 2.0`."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.type == "text":
            return f"a text of at most {self.max_length} characters" if self.max_length else "a text"
        if self.minimum is None or self.maximum is None:
            return self.type
        span = f"above {self.minimum}, at most" if self.exclusive_minimum else f"from {self.minimum} to"
        return f"a {self.type} {span} {self.maximum}" + (f" {self.unit}" if self.unit else "")


class Resolved(msgspec.Struct, frozen=True):
    """Settings, and where each value was found that is not simply its default."""

    settings: Settings
    sources: dict[str, str]
    """Key -> path of the config file, or name of the environment variable."""


def data_dir(env: Mapping[str, str]) -> Path:
    """The folder for everything the program writes (it may not exist yet)."""
    if chosen := env.get(DATA_DIR):
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_data_path(APP, appauthor=False)


def config_path(env: Mapping[str, str]) -> Path:
    """The config file (it may not exist: then all is at its default)."""
    if chosen := env.get(CONFIG):
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def describe() -> list[SettingInfo]:
    """Every setting, in the order of declaration."""
    return [
        _info(f"{section.name}.{field.name}", field)
        for section in msgspec.structs.fields(Settings)
        for field in msgspec.structs.fields(section.type)
    ]


def load(env: Mapping[str, str], path: Path) -> Settings:
    """The settings in force. Raises what `resolve` raises."""
    return resolve(env, path).settings


def resolve(env: Mapping[str, str], path: Path) -> Resolved:
    """The settings in force, with their sources.

    Raises ConfigFault `bad-config-file`, `unknown-setting` or `bad-setting`, and EnvironmentFault
    `config-unreadable` when the file is there but cannot be read.
    """
    infos = describe()
    sections: dict[str, dict[str, Value]] = {}
    sources: dict[str, str] = {}

    def put(info: SettingInfo, value: Value, source: str) -> None:
        section, name = info.key.split(".")
        sections.setdefault(section, {})[name] = value
        sources[info.key] = source

    if (text := config_file.read(path)) is not None:
        known = {info.key: info for info in infos}
        for key, raw in _flatten(config_file.parse(text, path)):
            place = config_file.place(path, text, key)
            info = _lookup(known, key, place)
            put(info, _convert(info, raw, place=place, strict=True), str(path))

    variables = {info.variable: info for info in infos}
    for name in sorted(name for name in env if name.startswith(PREFIX) and name not in (DATA_DIR, CONFIG)):
        info = _lookup(variables, name, "the environment")
        put(info, _convert(info, env[name], place=f"the environment, {name}", strict=False), name)

    return Resolved(msgspec.convert(sections, Settings), sources)


def set_value(path: Path, key: str, text: str) -> None:
    """Writes one setting into the config file, keeping its comments and order; atomic.

    A key or value that cannot be is refused (as by `resolve`) before the file is touched. Raises
    EnvironmentFault `config-unwritable` when the folder does not let us write.
    """
    info = _lookup({info.key: info for info in describe()}, key, "to be set")
    value = _convert(info, text, place="to be set", strict=False)
    section, name = key.split(".")
    old = config_file.read(path)
    if old is None:
        document = tomlkit.document()
        document.add(tomlkit.comment(FILE_HEADER))
    else:
        content = config_file.parse(old, path).get(section, {})
        if not isinstance(content, dict):
            raise ConfigFault("bad-setting", f"`{section}` in {path} must be a section: [{section}].")
        document = tomlkit.parse(old)
    table: Any = document.setdefault(section, tomlkit.table())
    table[name] = value
    config_file.write(path, tomlkit.dumps(document))


def default_file() -> str:
    """A config file that changes nothing: every setting at its default, explained, commented out."""
    lines = [f"# {FILE_HEADER}", "# Remove the # before a setting to change it."]
    purposes = {section.name: section.type.__doc__ for section in msgspec.structs.fields(Settings)}
    current = ""
    for info in describe():
        section, name = info.key.split(".")
        if section != current:
            lines += ["", f"# {purposes[section]}", f"[{section}]"]
            current = section
        lines += ["", f"# {info.help} ({info.allowed})", f"# {name} = {toml_text(info.default)}"]
    return "\n".join(lines) + "\n"


def show(resolved: Resolved) -> str:
    """Every setting with its value and where the value comes from, one a line."""
    infos = describe()
    width = max(len(info.key) for info in infos)
    lines: list[str] = []
    for info in infos:
        section, name = info.key.split(".")
        value = toml_text(getattr(getattr(resolved.settings, section), name))
        source = resolved.sources.get(info.key, "default")
        lines.append(f"{info.key:<{width}} = {f'{value} {info.unit}':<14} {source}")
    return "\n".join(lines)


def toml_text(value: Value) -> str:
    """The value as it is written in the config file."""
    return tomlkit.item(value).as_string()


def _info(key: str, field: msgspec.structs.FieldInfo) -> SettingInfo:
    base, meta = get_args(field.type)
    choices = get_args(base) if get_origin(base) is Literal else ()
    return SettingInfo(
        key=key,
        type="text" if choices else _TYPE_NAMES[base],
        default=field.default,
        help=meta.description,
        unit=(meta.extra or {}).get("unit", ""),
        choices=choices,
        minimum=meta.gt if meta.ge is None else meta.ge,
        maximum=meta.le,
        exclusive_minimum=meta.gt is not None,
        max_length=meta.max_length,
    )


def _lookup(known: Mapping[str, SettingInfo], name: str, place: str) -> SettingInfo:
    if info := known.get(name):
        return info
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean `{close[0]}`?" if close else "`companion-engine config show` lists all settings."
    raise ConfigFault("unknown-setting", f"There is no setting `{name}` ({place}). {hint}")


def _convert(info: SettingInfo, raw: Any, *, place: str, strict: bool) -> Value:
    """`raw` as the setting's type; with `strict` false, text such as `1.2` or `true` is read as a value."""
    section, name = info.key.split(".")
    fields = msgspec.structs.fields(getattr(Settings(), section))
    field = next(field for field in fields if field.name == name)
    try:
        return msgspec.convert(raw, type=field.type, strict=strict)
    except msgspec.ValidationError:
        message = f"`{info.key}` cannot be {toml_text(raw)} ({place}). Allowed: {info.allowed}."
        raise ConfigFault("bad-setting", message) from None


def _flatten(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`section.name` and value of all that is in the file; what lies in no section has its bare name."""
    sections = {section.name for section in msgspec.structs.fields(Settings)}
    for section, content in document.items():
        if isinstance(content, dict) and (content or section in sections):
            yield from ((f"{section}.{name}", value) for name, value in content.items())
        else:
            yield section, content
