from __future__ import annotations

import runpy
from pathlib import Path

import msgspec
import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import config
from engine.errors import CompanionError, ConfigFault
from engine.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def fault(call, *args) -> ConfigFault:
    with pytest.raises(ConfigFault) as caught:
        call(*args)
    return caught.value


def test_no_file_and_no_environment_is_all_defaults(path: Path) -> None:
    assert config.load({}, path) == Settings()
    assert config.resolve({}, path).sources == {}


def test_environment_beats_file_beats_default(path: Path) -> None:
    path.write_text("[tts]\nrate = 1.5\nvolume = 2\n[turn]\nend_silence_ms = 400\n", encoding="utf-8")
    resolved = config.resolve({"COMPANION_TTS_RATE": "0.75", "HOME": "/"}, path)
    assert resolved.settings.tts.rate == 0.75
    assert resolved.settings.tts.volume == 2.0
    assert resolved.settings.turn.end_silence_ms == 400
    assert resolved.settings.asr == Settings().asr
    assert resolved.sources == {
        "tts.rate": "COMPANION_TTS_RATE",
        "tts.volume": str(path),
        "turn.end_silence_ms": str(path),
    }


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("[tts]\n\nrte = 1.2\n", "unknown-setting", ["`tts.rte`", "line 3", "`tts.rate`?"]),
        ("[tss]\nrate = 1.2\n", "unknown-setting", ["`tss.rate`", "line 2", "`tts.rate`?"]),
        ("colour = 1\n", "unknown-setting", ["`colour`", "config show"]),
        ("[windows]\n", "unknown-setting", ["`windows`", "line 1"]),
        ("tts = 3\n", "unknown-setting", ["`tts`"]),
        ("[tts]\nrate = 3\n", "bad-setting", ["`tts.rate`", "3", "line 2", "from 0.5 to 2.0"]),
        ("[tts]\nrate = nan\n", "bad-setting", ["`tts.rate`", "nan"]),
        ("[deadlines]\nasr_s = nan\n", "bad-setting", ["`deadlines.asr_s`", "nan"]),
        ("[deadlines]\nasr_s = 0\n", "bad-setting", ["above 0, at most 120 s"]),
        ("[tts]\nrate = '1.2'\n", "bad-setting", ['"1.2"', "a number"]),
        ("[memory]\nenabled = 1\n", "bad-setting", ["true or false"]),
        ("[general]\nlanguage = 'fr'\n", "bad-setting", ["fr", "one of auto, zh, en"]),
        ("[tts.rate]\nx = 1\n", "bad-setting", ["`tts.rate`"]),
        ("[tts]\nrate = \n", "bad-config-file", ["line 2"]),
        ("[tts]\n[tts]\n", "bad-config-file", ["line 2"]),
    ],
)
def test_what_is_wrong_in_the_file_is_named(path: Path, text: str, code: str, words: list[str]) -> None:
    path.write_text(text, encoding="utf-8")
    error = fault(config.load, {}, path)
    assert error.code == code
    assert [word for word in [*words, str(path)] if word not in error.message] == []


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("COMPANION_TTS_RAET", "1", "unknown-setting", ["COMPANION_TTS_RAET", "COMPANION_TTS_RATE"]),
        ("COMPANION_X", "1", "unknown-setting", ["COMPANION_X"]),
        ("COMPANION_TTS_RATE", "fast", "bad-setting", ["COMPANION_TTS_RATE", "fast", "from 0.5 to 2.0"]),
        ("COMPANION_MEMORY_ENABLED", "", "bad-setting", ["true or false"]),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(
    path: Path, name: str, value: str, code: str, words: list[str]
) -> None:
    error = fault(config.load, {name: value}, path)
    assert error.code == code
    assert [word for word in words if word not in error.message] == []


def test_environment_reads_every_type(path: Path) -> None:
    env = {
        "COMPANION_MEMORY_ENABLED": "false",
        "COMPANION_TURN_END_SILENCE_MS": "450",
        "COMPANION_PERSONA_USER_NAME": "12",
        "COMPANION_GENERAL_LANGUAGE": "zh",
    }
    loaded = config.load(env, path)
    assert loaded.memory.enabled is False
    assert loaded.turn.end_silence_ms == 450
    assert loaded.persona.user_name == "12"
    assert loaded.general.language == "zh"


def test_file_with_byte_order_mark_and_windows_lines(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf[tts]\r\nrate = 1.5\r\n")
    assert config.load({}, path).tts.rate == 1.5
    config.set_value(path, "tts.rate", "0.5")
    assert path.read_bytes() == b"[tts]\r\nrate = 0.5\r\n"


def test_unreadable_files_are_coded(path: Path) -> None:
    path.write_bytes(b"[tts]\nbackend = '\xff'\n")
    assert fault(config.load, {}, path).code == "bad-config-file"
    with pytest.raises(CompanionError) as caught:
        config.load({}, path.parent)
    assert caught.value.code == "config-unreadable"


def test_set_keeps_comments_order_and_the_rest(path: Path) -> None:
    before = "# mine\n[tts]\n  volume = 0.5 # quiet\nrate = 1.0 # slow\n\n[asr] # ears\nbackend = 'x'\n"
    path.write_text(before, encoding="utf-8")
    config.set_value(path, "tts.rate", "1.25")
    assert path.read_text(encoding="utf-8") == before.replace("rate = 1.0", "rate = 1.25")
    config.set_value(path, "general.language", "zh")
    assert path.read_text(encoding="utf-8").startswith(before.replace("rate = 1.0", "rate = 1.25"))
    assert config.load({}, path).general.language == "zh"
    assert list(path.parent.iterdir()) == [path]


def test_set_makes_the_file_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    config.set_value(path, "persona.user_name", '小明 "M"')
    assert config.load({}, path).persona.user_name == '小明 "M"'


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("tts.rte", "1", "unknown-setting"),
        ("tts", "1", "unknown-setting"),
        ("tts.rate", "9", "bad-setting"),
        ("persona.user_name", "x" * 81, "bad-setting"),
    ],
)
def test_set_refuses_before_it_touches_the_file(path: Path, key: str, text: str, code: str) -> None:
    assert fault(config.set_value, path, key, text).code == code
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(("text", "code"), [("tts = 3\n", "bad-setting"), ("[tts\n", "bad-config-file")])
def test_set_leaves_a_broken_file_alone(path: Path, text: str, code: str) -> None:
    path.write_text(text, encoding="utf-8")
    assert fault(config.set_value, path, "tts.rate", "1").code == code
    assert path.read_text(encoding="utf-8") == text


def test_set_in_a_place_that_cannot_be_written_is_coded(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CompanionError) as caught:
        config.set_value(tmp_path / "file" / "config.toml", "tts.rate", "1")
    assert caught.value.code in ("config-unwritable", "config-unreadable")


def test_folders_follow_the_environment(tmp_path: Path) -> None:
    assert config.data_dir({"COMPANION_DATA_DIR": str(tmp_path)}) == tmp_path
    assert config.config_path({"COMPANION_CONFIG": str(tmp_path / "c.toml")}) == tmp_path / "c.toml"
    assert config.data_dir({"COMPANION_DATA_DIR": "x"}).is_absolute()
    assert config.data_dir({}).is_absolute()
    assert config.config_path({}).name == "config.toml"


def test_describe_covers_every_declaration() -> None:
    infos = config.describe()
    keys = {
        f"{section}.{name}"
        for section, content in msgspec.to_builtins(Settings()).items()
        for name in content
    }
    assert {info.key for info in infos} == keys
    assert len({info.variable for info in infos}) == len(infos)
    assert all(info.help.endswith(".") for info in infos)
    rate = next(info for info in infos if info.key == "tts.rate")
    assert (rate.type, rate.default, rate.minimum, rate.maximum) == ("number", 1.0, 0.5, 2.0)


def test_default_file_changes_nothing_and_uncommented_neither(path: Path) -> None:
    path.write_text(config.default_file(), encoding="utf-8")
    assert config.resolve({}, path).sources == {}
    names = {info.key.split(".")[1] for info in config.describe()}
    lines = [
        line[2:] if line.startswith("# ") and line[2:].split(" = ")[0] in names else line
        for line in config.default_file().splitlines()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert set(config.resolve({}, path).sources) == {info.key for info in config.describe()}
    assert config.load({}, path) == Settings()


def test_show_tells_value_and_source(path: Path) -> None:
    config.set_value(path, "tts.rate", "1.5")
    lines = config.show(config.resolve({"COMPANION_TURN_END_SILENCE_MS": "300"}, path)).splitlines()
    assert len(lines) == len(config.describe())
    words = {line.split()[0]: line.split()[2:] for line in lines}
    assert words["tts.rate"] == ["1.5", str(path)]
    assert words["turn.end_silence_ms"] == ["300", "ms", "COMPANION_TURN_END_SILENCE_MS"]
    assert words["llm.backend"] == ['"auto"', "default"]


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**62), 2**62), st.floats(), st.text(max_size=90), st.just([1])
)


@settings(deadline=None)
@given(info=st.sampled_from(config.describe()), value=VALUES)
def test_any_value_is_taken_as_it_is_or_refused(
    tmp_path_factory: pytest.TempPathFactory, info: config.SettingInfo, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    section, name = info.key.split(".")
    if value is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(tomlkit.dumps({section: {name: value}}), encoding="utf-8", newline="")
    try:
        taken = getattr(getattr(config.load({}, path), section), name)
    except ConfigFault as error:
        taken = error.code
    assert taken in ("bad-setting", info.default if value is None else value)


def test_docs_table_is_up_to_date() -> None:
    table = runpy.run_path(str(ROOT / "packaging" / "settings_table.py"))["table"]()
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert table in page, "run: .venv/bin/python packaging/settings_table.py"
