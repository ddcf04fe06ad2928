"""Set-up, on a project of three files whose build backend lies in its own folder: no network is needed."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import bootstrap
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "packaging" / "bootstrap.py"
STEPS = sorted((ROOT / "packaging" / "steps").glob("*.py"))
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
NO_SCREEN = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}

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


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the project's own copy of the script, as a user does."""
    return subprocess.run(
        [sys.executable, "packaging/bootstrap.py", *arguments],
        cwd=root,
        env={**os.environ, **NO_INDEX, **NO_SCREEN},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project (in a folder with a blank in its name) after its first `run`."""
    root = tmp_path_factory.mktemp("my project")
    shutil.copytree(SCRIPT.parent / "steps", root / "packaging" / "steps")
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
        [sys.executable, project / "packaging" / "bootstrap.py", "run"],
        cwd=tmp_path,
        env={**os.environ, **NO_SCREEN},
        capture_output=True,
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


@pytest.mark.parametrize("path", [SCRIPT, *STEPS], ids=lambda path: path.name)
def test_only_the_standard_library_and_old_syntax(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
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
    assert imported <= {*sys.stdlib_module_names, "steps"}


def test_constraints_pin_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(line.count("==") == 1 for line in pins)
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in pins}
    names = [re.split(r"[\[<>=!~ ;]", requirement)[0] for requirement in wanted]
    assert {name.lower().replace("_", "-") for name in names} <= pinned


class Became(Exception):
    """In place of becoming the companion."""


@pytest.fixture
def becoming(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The groups that `run` installs before it becomes the companion."""
    groups: list[set[str]] = []

    def note(root: Path, wanted: set[str]) -> Path:
        groups.append(wanted)
        return Path("python")

    def become(command: list[str]) -> None:
        raise Became(*command)

    monkeypatch.setattr(bootstrap, "prepare", note)
    monkeypatch.setattr(bootstrap, "hand_over", become)
    monkeypatch.setattr(bootstrap, "apt_install", lambda reasons: True)
    monkeypatch.setattr(bootstrap, "build_avatar", lambda root, python: True)
    monkeypatch.setattr(bootstrap, "has_screen", lambda: True)
    return groups


def test_run_installs_the_desktop_part_where_there_is_a_screen(becoming: list[set[str]]) -> None:
    with pytest.raises(Became):
        bootstrap.run(ROOT, [])
    assert becoming == [{"desktop"}, set()]


def test_run_in_the_terminal_needs_the_core_only(becoming: list[set[str]]) -> None:
    with pytest.raises(Became, match="--terminal"):
        bootstrap.run(ROOT, ["--terminal", "--mute"])
    assert becoming == [set()]


def test_run_without_a_screen_needs_the_core_only(
    becoming: list[set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "has_screen", lambda: False)
    with pytest.raises(Became):
        bootstrap.run(ROOT, [])
    assert becoming == [set()]


def test_run_goes_on_without_a_desktop_part_that_fails(
    becoming: list[set[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "build_avatar", lambda root, python: False)
    with pytest.raises(Became):
        bootstrap.run(ROOT, [])
    assert "going on without the desktop part" in capsys.readouterr().out
