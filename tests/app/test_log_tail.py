"""The end of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.log_tail import tail


def test_the_last_lines_come_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(f"line {number}\n" for number in range(10)), encoding="utf-8")
    assert tail(path, 3) == ["line 7", "line 8", "line 9"]
    assert len(tail(path, 100)) == 10


def test_of_a_long_file_no_line_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("".join(f"{number:06} 日志\n" for number in range(20000)), encoding="utf-8")
    lines = tail(path, 100_000)
    assert 1000 < len(lines) < 20000
    assert {len(line) for line in lines} == {9}
    assert lines[-1] == "019999 日志"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        tail(tmp_path / "app.log", 3)
