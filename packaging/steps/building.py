"""What packages that come as source are built with, and what the tests of sound need."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

from steps.report import SetupError
from steps.system import apt_install


def missing_packages(purposes: set[str]) -> dict[str, str]:
    """Debian packages (name -> why) that `desktop` (PyAudio), `models` (llama-cpp-python) or `tests` need and
    that are not there."""
    headers = [Path("/usr/include"), Path("/usr/local/include")]
    plugin = "alsa-lib/libasound_module_pcm_pulse.so"
    wanted = [
        ("desktop", shutil.which("gcc"), "gcc", "it compiles PyAudio, which comes as source for Linux"),
        ("desktop", first(headers, "stdio.h"), "libc6-dev", "headers of the C library, for PyAudio"),
        ("desktop", first(headers, "portaudio.h"), "portaudio19-dev", "the library PyAudio makes usable"),
        (
            "desktop",
            first([Path(sysconfig.get_paths()["include"])], "Python.h"),
            f"python3.{sys.version_info[1]}-dev",
            "headers of Python, for PyAudio",
        ),
        ("models", shutil.which("g++"), "g++", "it compiles llama.cpp, which may come as source"),
        (
            "tests",
            first([Path("/usr")], f"lib*/{plugin}", f"lib/*/{plugin}"),
            "libasound2-plugins",
            "the way from PortAudio to the tests' sound server",
        ),
    ]
    if sys.platform != "linux":
        return {}
    return {package: why for purpose, found, package, why in wanted if purpose in purposes and not found}


def first(folders: list[Path], *patterns: str) -> Path | None:
    """A file of that name in one of the folders."""
    return next((file for folder in folders for name in patterns for file in folder.glob(name)), None)


def need_to_build(groups: set[str]) -> None:
    """Gets what the packages of these groups are built with. Raises SetupError where that cannot be had."""
    missing = missing_packages(groups - {"tests"})
    if not apt_install(missing):
        raise SetupError(
            f"Run `sudo apt-get install {' '.join(missing)}` (on another Linux: its packages of the same "
            "purpose), then repeat the command."
        )
