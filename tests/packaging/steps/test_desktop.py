from __future__ import annotations

import sys
from pathlib import Path

import pytest
from steps import desktop

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
        assert desktop.build_avatar(with_avatar, Path(sys.executable))
    assert (scripts / "rio" / "rio.model3.json").exists()
    assert (with_avatar / "calls").read_text() == "x"
    (scripts / "hair.py").write_text("")
    (scripts / "rio" / "left over").write_text("")
    assert desktop.build_avatar(with_avatar, Path(sys.executable))
    assert (with_avatar / "calls").read_text() == "xx"
    assert not (scripts / "rio" / "left over").exists()


def test_avatar_that_could_not_be_made_is_tried_again(with_avatar: Path) -> None:
    main = with_avatar / "assets" / "avatar" / "__main__.py"
    main.write_text("raise SystemExit(3)")
    assert not desktop.build_avatar(with_avatar, Path(sys.executable))
    main.write_text(GENERATOR)
    assert desktop.build_avatar(with_avatar, Path(sys.executable))


def test_libraries_that_are_not_there_are_named_with_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_only_libc(name: str) -> None:
        if name != "libc.so.6":
            raise OSError(name)

    table = {"libc.so.6": ("libc6", "there"), "libnowhere.so.7": ("libnowhere7", "for windows")}
    monkeypatch.setattr(desktop, "WINDOW_LIBRARIES", table)
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    monkeypatch.setattr(desktop.ctypes, "CDLL", load_only_libc)
    assert desktop.missing_libraries() == {"libnowhere7": "for windows"}
    monkeypatch.setattr(desktop.sys, "platform", "darwin")
    assert desktop.missing_libraries() == {}
