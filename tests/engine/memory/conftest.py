"""A memory in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.memory_world import World


@pytest.fixture
def world(data_dir: Path) -> World:
    return World(data_dir)
