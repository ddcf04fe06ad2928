"""What every test gets: folders of its own, no COMPANION_* setting of the developer, and a clean log.

Any log record of WARNING or above fails the test, whoever wrote it, unless the test announced it with the
`expect_log` fixture; an announced record that never comes fails it too.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

# The same examples in every run: a failure met by chance belongs into a search of its own, which
# `--hypothesis-profile=search` is, and not between a change and its landing.
settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("search", print_blob=True)
settings.load_profile("steady")


class ExpectLog(Protocol):
    """`expect_log("pattern")`: a record whose message matches is wanted, not a failure."""

    def __call__(self, pattern: str, *, level: int = logging.WARNING) -> None: ...


class _Collector(logging.Handler):
    """Keeps every record from WARNING up, from any thread, and knows which were announced."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.expected: list[tuple[re.Pattern[str], int]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def expect(self, pattern: str, *, level: int = logging.WARNING) -> None:
        self.expected.append((re.compile(pattern), level))

    def complaints(self) -> list[str]:
        def matches(record: logging.LogRecord, pattern: re.Pattern[str], level: int) -> bool:
            return record.levelno == level and pattern.search(record.getMessage()) is not None

        unexpected = [
            f"unexpected {record.levelname} from {record.name}: {record.getMessage()}"
            for record in self.records
            if not any(matches(record, *expected) for expected in self.expected)
        ]
        missing = [
            f"expected {logging.getLevelName(level)} never came: {pattern.pattern}"
            for pattern, level in self.expected
            if not any(matches(record, pattern, level) for record in self.records)
        ]
        return unexpected + missing


@pytest.fixture(autouse=True)
def expect_log() -> Iterator[ExpectLog]:
    """Fails the test on any log record from WARNING up that it did not announce (see ExpectLog)."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield collector.expect
    root.removeHandler(collector)
    if complaints := collector.complaints():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of the test's own; the user's real folders, settings and keyring are out
    of reach."""
    for name in [name for name in os.environ if name.startswith("COMPANION_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "data"
    monkeypatch.setenv("COMPANION_DATA_DIR", str(folder))
    monkeypatch.setenv("COMPANION_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return folder
