"""The log guard of conftest.py really fails tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import logging, os, pathlib

def test_silent():
    assert "COMPANION_LLM_BACKEND" not in os.environ

def test_unexpected():
    logging.getLogger("engine.x").warning("disk is %s", "full")

def test_expected(expect_log):
    expect_log("disk is full")
    logging.getLogger("engine.x").warning("disk is %s", "full")

def test_missing(expect_log):
    expect_log("never", level=logging.ERROR)
"""


def test_log_guard(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
) -> None:
    expect_log("disk is full")  # the inner tests log in this process
    monkeypatch.setenv("COMPANION_LLM_BACKEND", "developer's own")
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q")
    result.assert_outcomes(passed=4, errors=2)
    result.stdout.fnmatch_lines(
        ["*unexpected WARNING from engine.x: disk is full", "*expected ERROR never came: never"]
    )
