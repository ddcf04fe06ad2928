"""The house rules a machine can check: who may import whom, what the heart may not do, how long files get."""

from __future__ import annotations

import ast
import importlib
import statistics
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 500
LONGEST_MEDIAN = 200

APP_MAY_IMPORT = (
    "engine.assets",
    "engine.audio",
    "engine.client",
    "engine.messages",
    "engine.conversation.playout",
    "engine.config",
    "engine.settings",
    "engine.errors",
    "engine.log_file",
    "engine.notices",
    "engine.program",
    "engine.registry",
    "engine.trace",
    "engine.version",
)
APP_EXCEPTIONS = {("app.__main__", "engine.cli")}
"""Without a screen the app is the terminal conversation."""

HEART_MAY_IMPORT = ("engine.conversation", "engine.messages", "engine.errors", "engine.settings")
HEART_LIBRARY = {
    *("__future__", "collections", "dataclasses", "enum", "functools", "itertools", "typing", "types"),
    *("bisect", "datetime", "difflib", "heapq", "math", "operator", "re", "string", "unicodedata", "msgspec"),
}
"""What the heart may use from outside: nothing that can wait, open, draw lots or tell the time."""
HEART_NEVER_CALLS = {"open", "input", "print", "now", "today", "utcnow", "exec", "eval", "__import__"}

STAGES = ("vad", "asr", "llm", "tts", "embedding")
STAGE_NEVER_IMPORTS = ("engine.client", "engine.cli", "engine.session", "engine.memory", "engine.config")
STAGE_MAY_SHARE = ("engine.memory.words", "engine.memory.facts", "engine.memory.fact_rules")
"""How text is read (words, facts) must be one and the same for memory, the embedder and the mind."""
UNSAFE = {"pickle", "shelve", "marshal", "dill", "joblib", "cloudpickle"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path for folder in ("app", "assets", "engine") for path in (ROOT / folder).rglob("*.py")
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imports_of(name: str) -> set[str]:
    """Dotted names a module imports, at its top or inside a function; `from a import b` counts as a.b if
    that is a module of ours, else as a."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            members = {f"{base}.{alias.name}" for alias in node.names}
            found |= (members & MODULES.keys()) or {base}
    return found


IMPORTS = {name: imports_of(name) for name in MODULES}


def inside(name: str, packages: tuple[str, ...] | str) -> bool:
    packages = (packages,) if isinstance(packages, str) else packages
    return any(name == package or name.startswith(package + ".") for package in packages)


def pairs(importer: str) -> Iterator[tuple[str, str]]:
    return ((name, other) for name in MODULES if inside(name, importer) for other in IMPORTS[name])


def test_the_walk_sees_imports() -> None:
    assert ("app.__main__", "engine.cli") in set(pairs("app"))
    assert "engine.messages" in IMPORTS["engine.hosting.backend"]
    assert "engine.config_file" in IMPORTS["engine.config"]


def test_engine_never_imports_app() -> None:
    assert [pair for pair in pairs("engine") if inside(pair[1], "app")] == []


def test_what_runs_never_imports_what_only_builds() -> None:
    used = chain(pairs("engine"), pairs("app"))
    assert [pair for pair in used if inside(pair[1], "assets")] == []


def test_app_imports_little_of_engine() -> None:
    used = {pair for pair in pairs("app") if inside(pair[1], "engine")} - APP_EXCEPTIONS
    assert {pair for pair in used if not inside(pair[1], APP_MAY_IMPORT)} == set()


def test_heart_imports_only_pure_things() -> None:
    assert [
        (name, other)
        for name, other in pairs("engine.conversation")
        if not inside(other, HEART_MAY_IMPORT) and other.partition(".")[0] not in HEART_LIBRARY
    ] == []


def test_heart_opens_nothing_waits_for_nothing_and_reads_no_clock() -> None:
    offences: list[str] = []
    for name in (name for name in MODULES if inside(name, "engine.conversation")):
        for node in ast.walk(TREES[name]):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
                offences.append(f"{name}:{node.lineno} is asynchronous")
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if called in HEART_NEVER_CALLS:
                    offences.append(f"{name}:{node.lineno} calls {called}")
    assert offences == []


def test_imports_go_one_way() -> None:
    graph = {name: {other for other in IMPORTS[name] if other in MODULES} - {name} for name in MODULES}
    TopologicalSorter(graph).prepare()  # raises CycleError, which shows the cycle


def test_stages_know_nothing_of_what_uses_them_nor_of_each_other() -> None:
    for stage in STAGES:
        others = tuple(f"engine.{other}" for other in STAGES if other != stage)
        banned = (*STAGE_NEVER_IMPORTS, *others)
        used = {pair for pair in pairs(f"engine.{stage}") if inside(pair[1], banned)}
        assert {pair for pair in used if not inside(pair[1], STAGE_MAY_SHARE)} == set()


def test_nothing_is_unpickled() -> None:
    used = chain(pairs("engine"), pairs("app"))
    assert [pair for pair in used if pair[1].partition(".")[0] in UNSAFE] == []


def test_files_stay_short() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert statistics.median(lengths.values()) <= LONGEST_MEDIAN


def entry_points() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["scripts"], *project["entry-points"].values()]
    return sorted({target for group in groups for target in group.values()})


@pytest.mark.parametrize("target", entry_points())
def test_entry_point_resolves(target: str) -> None:
    module, _, name = target.partition(":")
    assert callable(getattr(importlib.import_module(module), name))
