from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import EnvironmentFault
from engine.memory.folder import FolderLock, make_private

posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")

HOLDER = """
import sys
from pathlib import Path
from engine.memory.folder import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_is_held_once_and_free_after_release(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "data")
    with pytest.raises(EnvironmentFault) as caught:
        FolderLock(tmp_path / "data")
    assert caught.value.code == "data-folder-in-use"
    assert str(os.getpid()) in caught.value.message
    lock.release()
    FolderLock(tmp_path / "data").release()


def test_the_holder_is_named_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(EnvironmentFault) as caught:
            FolderLock(tmp_path)
        assert f"process {holder.pid}" in caught.value.message
        holder.kill()
        holder.wait(timeout=10)
    FolderLock(tmp_path).release()


@posix_only
def test_the_folder_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        lock = FolderLock(tmp_path / "data")
        (tmp_path / "data" / "sub").mkdir()
        (tmp_path / "data" / "sub" / "file").touch()
        make_private(tmp_path / "data")
    finally:
        os.umask(before)
    lock.release()
    assert mode(tmp_path / "data") == mode(tmp_path / "data" / "sub") == 0o700
    assert mode(tmp_path / "data" / "sub" / "file") == mode(tmp_path / "data" / "lock") == 0o600


READ_ONLY = """
import os, sys
from pathlib import Path
from engine.errors import EnvironmentFault
from engine.memory.folder import FolderLock
if os.geteuid() == 0:
    os.seteuid(65534)  # the superuser may write anywhere
for folder in (Path(sys.argv[1]), Path(sys.argv[1]) / "new"):
    try:
        FolderLock(folder)
    except EnvironmentFault as fault:
        print(fault.code)
"""


@posix_only
def test_a_read_only_folder_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("read-only")
    for parent in (folder.parent, *folder.parent.parents[:2]):
        if parent.owner() == folder.owner() and mode(parent) == 0o700:
            parent.chmod(0o711)
    folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(folder)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["data-folder-read-only"] * 2


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(EnvironmentFault) as caught:
        FolderLock(tmp_path / "data")
    assert caught.value.code == "data-folder-unusable"
