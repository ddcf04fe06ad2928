"""Private, whole, and changed by one at a time, whoever dies meanwhile."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from engine import private_files
from engine.errors import EnvironmentFault
from engine.private_files import PrivateJson

posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")

COUNTER = """
import sys
from pathlib import Path
import msgspec
from engine.private_files import PrivateJson

class Count(msgspec.Struct, frozen=True):
    value: int = 0

file = PrivateJson(Path(sys.argv[1]), Count)
for _ in range(25):
    file.change(lambda count: (Count(count.value + 1), None))
"""


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: int = 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "count.json"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_reading_what_is_not_there_makes_nothing(path: Path) -> None:
    assert PrivateJson(path, Count).read() == Count()
    assert not path.parent.exists()


def test_a_change_is_kept_and_answered(path: Path) -> None:
    assert PrivateJson(path, Count).change(lambda count: (Count(count.value + 2), "done")) == "done"
    assert PrivateJson(path, Count).read() == Count(2)


def test_what_fails_or_changes_nothing_writes_nothing(path: Path) -> None:
    file = PrivateJson(path, Count)

    def fail(count: Count) -> tuple[Count, None]:
        raise KeyError

    with pytest.raises(KeyError):
        file.change(fail)
    file.change(lambda count: (count, None))
    assert not path.exists()


@posix_only
def test_all_is_private_whatever_the_umask(tmp_path: Path, path: Path) -> None:
    before = os.umask(0)
    try:
        PrivateJson(path, Count).change(lambda count: (Count(1), None))
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == mode(path.parent) == 0o700
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}


@posix_only
def test_an_open_file_becomes_private_by_its_next_change(path: Path) -> None:
    private_files.replace(path, b"{}")
    path.chmod(0o666)
    PrivateJson(path, Count).change(lambda count: (Count(1), None))
    assert mode(path) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"value": 1',
        b'{"value": "1"}',
        b'{"newer": 1}',
        b"\xff",
        b'{"value": "\xff"}',
        b"[" * 10**5,
    ],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    private_files.replace(path, content)
    file = PrivateJson(path, Count)
    for use in (file.read, lambda: file.change(lambda count: (Count(1), None))):
        with pytest.raises(EnvironmentFault, match="damaged") as caught:
            use()
        assert caught.value.code == "file-damaged"
    assert path.read_bytes() == content


def test_what_cannot_be_used_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(EnvironmentFault) as caught:
        PrivateJson(path, Count).read()
    assert caught.value.code == "file-unusable"


def test_who_never_lets_go_is_waited_for_no_longer_than_the_deadline(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_files, "LOCK_TIMEOUT_S", 0.0)
    inside, leave = threading.Event(), threading.Event()

    def hold(count: Count) -> tuple[Count, None]:
        inside.set()
        leave.wait(30)
        return count, None

    holder = threading.Thread(target=lambda: PrivateJson(path, Count).change(hold))
    holder.start()
    try:
        assert inside.wait(30)
        with pytest.raises(EnvironmentFault) as caught:
            PrivateJson(path, Count).change(lambda count: (count, None))
        assert caught.value.code == "file-busy"
    finally:
        leave.set()
        holder.join()


def test_programs_that_count_at_once_lose_no_count(path: Path) -> None:
    command = [sys.executable, "-c", COUNTER, str(path)]
    programs = [subprocess.Popen(command) for _ in range(3)]
    assert [program.wait(timeout=60) for program in programs] == [0, 0, 0]
    assert PrivateJson(path, Count).read() == Count(75)
    assert {file.name for file in path.parent.iterdir()} <= {"count.json", "count.json.lock"}
