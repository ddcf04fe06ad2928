"""The commands there are."""

from __future__ import annotations

import pytest

from tests.support.avatar_command import avatar_command


@pytest.mark.parametrize("command", ["check", "sheet", "bench"])
def test_help(command: str) -> None:
    assert f"\n    {command} " in avatar_command("--help").stdout
    assert avatar_command(command, "--help").returncode == 0


def test_no_command_is_a_mistake() -> None:
    done = avatar_command()
    assert (done.returncode, done.stdout) == (2, "")
