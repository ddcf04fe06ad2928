"""Set-up, on a project of three files whose build backend lies in its own folder: no network is needed."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "packaging" / "bootstrap.py"
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "ai-companion"
version = "1"
"""

BACKEND = """
import zipfile

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "ai_companion-1-py3-none-any.whl"
    info = "ai_companion-1.dist-info/"
    meta = "Metadata-Version: 2.1\\nName: ai-companion\\nVersion: 1\\n"
    meta += "Provides-Extra: desktop\\nProvides-Extra: dev\\n"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("app/__main__.py", "import sys; print('app', sys.argv[1:])")
        wheel.writestr(info + "METADATA", meta)
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""


def load_bootstrap():
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = load_bootstrap()


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the project's own copy of the script, as a user does."""
    return subprocess.run(
        [sys.executable, "packaging/bootstrap.py", *arguments],
        cwd=root,
        env={**os.environ, **NO_INDEX},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project (in a folder with a blank in its name) after its first `run`."""
    root = tmp_path_factory.mktemp("my project")
    (root / "packaging").mkdir()
    shutil.copy(SCRIPT, root / "packaging")
    (root / "packaging" / "constraints.txt").write_text("")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    done = call(root, "run", "one", "two words")
    assert done.stdout.endswith("app ['one', 'two words']\n"), done.stdout + done.stderr
    assert "making .venv" in done.stdout
    return root


@pytest.fixture
def project(installed: Path) -> Path:
    """The same, brought back to what is installed by whoever broke it before."""
    (installed / "pyproject.toml").write_text(PROJECT)
    assert call(installed, "run").returncode == 0
    return installed


def test_second_run_only_runs(project: Path) -> None:
    assert call(project, "run", "again").stdout == "app ['again']\n"


def test_run_from_another_folder_keeps_it_and_ignores_its_app(project: Path, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('the wrong app')")
    done = subprocess.run(
        [sys.executable, project / "packaging" / "bootstrap.py", "run"], cwd=tmp_path, capture_output=True
    )
    assert done.stdout.split() == [b"app", b"[]"]


@pytest.mark.long
def test_new_group_installs_once_and_stays(project: Path) -> None:
    done = call(project, "setup", "--with", "dev,desktop")
    assert "installing the packages of .[desktop,dev]" in done.stdout, done.stderr
    assert "installing" not in call(project, "setup", "--with", "desktop").stdout
    assert call(project, "run").stdout == "app []\n"


@pytest.mark.long
def test_changed_project_installs_again(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT + "# changed\n")
    done = call(project, "setup")
    assert "installing" in done.stdout
    assert "making .venv" not in done.stdout


def test_stamp_cut_short_means_unfinished(tmp_path: Path) -> None:
    assert bootstrap.read_stamp(tmp_path / "stamp") == {}
    (tmp_path / "stamp").write_text('{"finished": tr')
    assert bootstrap.read_stamp(tmp_path / "stamp") == {"finished": False}


def test_interrupted_installation_starts_over(project: Path) -> None:
    stamp = project / ".venv" / "companion-setup.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "finished": False}))
    (project / ".venv" / "half").write_text("")
    done = call(project, "run")
    assert "interrupted" in done.stdout
    assert done.stdout.endswith("app []\n")
    assert not (project / ".venv" / "half").exists()


@pytest.mark.long
def test_failed_installation_says_why_and_keeps_what_works(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace("requires = []", 'requires = ["no-such-thing"]'))
    done = call(project, "run")
    assert done.returncode == 1
    assert "no-such-thing" in done.stderr
    assert "Set-up stopped" in done.stderr
    (project / "pyproject.toml").write_text(PROJECT)
    done = call(project, "run")
    assert "making .venv" not in done.stdout
    assert done.stdout.endswith("app []\n")


@pytest.mark.long
def test_lost_python_is_replaced(project: Path) -> None:
    folder = project / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    shutil.rmtree(folder)
    done = call(project, "run")
    assert "making it anew" in done.stdout
    assert done.stdout.endswith("app []\n")


def test_place_that_cannot_be_written_is_said(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(project / "packaging", root / "packaging")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / ".venv").write_text("a file in the way")
    done = call(root, "run")
    assert done.returncode == 1
    assert ".venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_usage(project: Path) -> None:
    assert call(project).returncode == 2
    assert "bootstrap.py run" in call(project, "--help").stdout
    done = call(project, "setup", "--with", "everything")
    assert done.returncode == 1
    assert "`everything` is not a group" in done.stderr


def test_what_sound_needs_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: None)
    monkeypatch.setattr(bootstrap, "first", lambda folders, *patterns: None)
    assert [*bootstrap.missing_for_sound({"build"})] == [
        *("gcc", "libc6-dev", "portaudio19-dev", f"python3.{sys.version_info[1]}-dev")
    ]
    assert [*bootstrap.missing_for_sound({"tests"})] == ["libasound2-plugins"]
    monkeypatch.setattr(bootstrap.sys, "platform", "darwin")
    assert bootstrap.missing_for_sound({"build", "tests"}) == {}


def test_a_file_is_found_in_any_of_the_folders(tmp_path: Path) -> None:
    (tmp_path / "lib" / "any").mkdir(parents=True)
    found = tmp_path / "lib" / "any" / "some.so"
    found.touch()
    assert bootstrap.first([tmp_path / "nowhere", tmp_path], "lib*/some.so", "lib/*/some.so") == found
    assert bootstrap.first([tmp_path], "some.so") is None


def test_what_cannot_be_installed_is_said_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "missing_for_sound", lambda purposes: {"gcc": "", "libc6-dev": ""})
    monkeypatch.setattr(bootstrap, "apt_install", lambda reasons: False)
    with pytest.raises(bootstrap.SetupError, match="apt-get install gcc libc6-dev"):
        bootstrap.need_to_build()


GENERATOR = """
import pathlib, sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir()
(folder / "rio.model3.json").write_text("{}")
with pathlib.Path("calls").open("a") as calls:
    calls.write("x")
"""


@pytest.fixture
def with_avatar(tmp_path: Path) -> Path:
    """A checkout whose generator of the avatar counts how often it runs, in the file `calls`."""
    scripts = tmp_path / "assets" / "avatar"
    scripts.mkdir(parents=True)
    (scripts / "__main__.py").write_text(GENERATOR)
    return tmp_path


def test_avatar_is_made_once_and_again_when_its_scripts_change(with_avatar: Path) -> None:
    scripts = with_avatar / "assets" / "avatar"
    for _ in range(2):
        assert bootstrap.build_avatar(with_avatar, Path(sys.executable))
    assert (scripts / "rio" / "rio.model3.json").exists()
    assert (with_avatar / "calls").read_text() == "x"
    (scripts / "hair.py").write_text("")
    (scripts / "rio" / "left over").write_text("")
    assert bootstrap.build_avatar(with_avatar, Path(sys.executable))
    assert (with_avatar / "calls").read_text() == "xx"
    assert not (scripts / "rio" / "left over").exists()


def test_avatar_that_could_not_be_made_is_tried_again(with_avatar: Path) -> None:
    main = with_avatar / "assets" / "avatar" / "__main__.py"
    main.write_text("raise SystemExit(3)")
    assert not bootstrap.build_avatar(with_avatar, Path(sys.executable))
    main.write_text(GENERATOR)
    assert bootstrap.build_avatar(with_avatar, Path(sys.executable))


@pytest.mark.parametrize(
    ("platform", "display", "found", "changed"),
    [
        ("linux", "", "/usr/bin/xvfb-run", True),
        ("linux", "", None, False),
        ("linux", ":0", "/usr/bin/xvfb-run", False),
        ("darwin", "", None, False),
        ("win32", "", None, False),
    ],
)
def test_tests_draw_in_memory_where_there_is_no_display(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, found: str | None, changed: bool
) -> None:
    monkeypatch.setattr(bootstrap.sys, "platform", platform)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: found)
    monkeypatch.setenv("DISPLAY", display)
    command = bootstrap.on_a_display(["python", "-m", "pytest"])
    assert command[-3:] == ["python", "-m", "pytest"]
    assert (command[0] == "xvfb-run") == changed


def test_libraries_that_are_not_there_are_named_with_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_only_libc(name: str) -> None:
        if name != "libc.so.6":
            raise OSError(name)

    table = {"libc.so.6": ("libc6", "there"), "libnowhere.so.7": ("libnowhere7", "for windows")}
    monkeypatch.setattr(bootstrap, "WINDOW_LIBRARIES", table)
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    monkeypatch.setattr(bootstrap.ctypes, "CDLL", load_only_libc)
    assert bootstrap.missing_libraries() == {"libnowhere7": "for windows"}
    monkeypatch.setattr(bootstrap.sys, "platform", "darwin")
    assert bootstrap.missing_libraries() == {}


def test_only_the_standard_library_and_old_syntax() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("platform", "nvidia", "reachable", "index"),
    [
        ("linux", False, True, "CPU"),
        ("linux", True, True, "CUDA"),
        ("win32", True, True, "CUDA"),
        ("linux", True, False, None),
        ("linux", False, False, None),
        ("darwin", False, True, None),
    ],
)
def test_torch_index(platform: str, nvidia: bool, reachable: bool, index: str | None) -> None:
    indexes = {"cpu": "CPU", "cuda": "CUDA"}
    assert bootstrap.choose_torch_index(indexes, platform, nvidia, lambda url: reachable) == index


def test_torch_indexes_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "reachable", lambda url: True)
    monkeypatch.setattr(bootstrap.sys, "platform", "linux")
    assert bootstrap.torch_index(ROOT).startswith("https://download.pytorch.org/whl/")


def test_unreachable_index_is_an_answer() -> None:
    assert bootstrap.reachable("http://127.0.0.1:9/") is False


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (
            "  Downloading onnxruntime-1.32.0-cp311-cp311-linux_x86_64.whl (18.2 MB)",
            "downloading onnxruntime 1.32.0 (18.2 MB)",
        ),
        ("Downloading rich-15.0.0-py3-none-any.whl (1.2 MB)", ""),
        ("Downloading rich-15.0.0-py3-none-any.whl (310 kB)", ""),
        ("Installing collected packages: a, b, c", "unpacking 3 packages"),
        ("Collecting rich", ""),
    ],
)
def test_pip_notes(line: str, note: str) -> None:
    assert bootstrap.pip_note(line) == note


def test_constraints_pin_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(line.count("==") == 1 for line in pins)
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in pins}
    names = [re.split(r"[\[<>=!~ ;]", requirement)[0] for requirement in wanted]
    assert {name.lower().replace("_", "-") for name in names} <= pinned
