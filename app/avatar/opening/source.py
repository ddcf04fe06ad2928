"""The files of a model, from a folder or out of a zip file: only those inside, and never more than asked for.

A zip file is never unpacked; what is read of it is read into memory, up to a limit, whatever sizes it claims.
"""

from __future__ import annotations

import contextlib
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from app.avatar.opening.refused import ModelRefused

MODEL3 = ".model3.json"
MOST_MEMBERS = 10_000
"""Of a zip file; a large model has some hundred."""
_DEPTHS = ("*", "*/*", "*/*/*")
"""How deep below the folder the model3.json may lie."""
_UTF8_NAME = 0x800
"""Flag of a member whose name is UTF-8; others are in the code page of whoever made the file."""
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What zipfile raises on files that are damaged, or packed in a way it does not know."""


class Source(Protocol):
    model3: PurePosixPath
    """The file that lists the others."""

    def read(self, path: PurePosixPath, most: int) -> bytes:
        """The content of a file beside `model3` or below. Raises ModelRefused `bad-path`, `missing-file`, or
        `too-large` for more than `most` bytes."""
        ...


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The model at `path`: a folder, a zip file, or a model3.json.

    Raises ModelRefused `no-model`, `several-models`, `old-model`, `bad-archive` or `bad-path`.
    """
    with contextlib.ExitStack() as stack:
        try:
            source = _source(path, stack)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ModelRefused("missing-file", f"{path} cannot be read ({reason}).") from error
        yield source


def _source(path: Path, stack: contextlib.ExitStack) -> Source:
    if path.is_dir():
        return _Folder(path, _find(_listed(path)))
    if not path.is_file():
        raise ModelRefused("no-model", f"There is no file or folder {path}.")
    if path.name.endswith(MODEL3):
        return _Folder(path.parent, PurePosixPath(path.name))
    if not zipfile.is_zipfile(path):
        raise ModelRefused("no-model", f"{path.name} is no model: choose a folder, a zip file or a {MODEL3}.")
    try:
        return _Zip(stack.enter_context(zipfile.ZipFile(path)))
    except _DAMAGED as error:
        raise ModelRefused("bad-archive", f"{path.name} is damaged: get it again.") from error


def safe_path(name: str) -> PurePosixPath:
    """The relative path a model means by `name`. Raises ModelRefused `bad-path` when it leads elsewhere."""
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name:
        raise ModelRefused("bad-path", f"The model names a file outside its own folder ({name!r}).")
    return path


class _Folder:
    def __init__(self, folder: Path, model3: PurePosixPath) -> None:
        self.model3 = PurePosixPath(model3.name)
        self._root = (folder / model3).parent.resolve()

    def read(self, path: PurePosixPath, most: int) -> bytes:
        try:
            target = (self._root / path).resolve()
            if not target.is_relative_to(self._root):
                raise ModelRefused("bad-path", f"{path} is a link to a place outside the model's folder.")
            if not target.is_file():
                raise _missing(path)
            with target.open("rb") as file:
                return _within(path, file.read(most + 1), most)
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            raise _missing(path) from error


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise ModelRefused("too-large", f"The zip file has more than {MOST_MEMBERS} files.")
        names = [(_name(member), member) for member in members]
        self._members = {safe_path(name): member for name, member in names if not name.endswith("/")}
        found = _find(self._members)
        self._root = found.parent
        self.model3 = PurePosixPath(found.name)

    def read(self, path: PurePosixPath, most: int) -> bytes:
        member = self._members.get(self._root / path)
        if member is None:
            raise _missing(path)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ModelRefused("bad-path", f"{path} is a link, which a zip file of a model must not hold.")
        if member.flag_bits & _ENCRYPTED:
            raise ModelRefused("bad-archive", "The zip file has a password: unpack it and open the folder.")
        try:
            with self._archive.open(member) as file:
                return _within(path, file.read(most + 1), most)
        except _DAMAGED as error:
            raise ModelRefused("bad-archive", f"{path} in the zip file is damaged: get it again.") from error


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; what is not marked as UTF-8 is taken for Chinese, if it can be."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return member.filename


def _listed(folder: Path) -> Sequence[PurePosixPath]:
    """The JSON files of the folder that lie least deep, where one of them is a model."""
    for pattern in _DEPTHS:
        names = [
            PurePosixPath(path.relative_to(folder).as_posix()) for path in folder.glob(f"{pattern}.json")
        ]
        if any(_is_model(name) for name in names):
            return names
    return ()


def _is_model(path: PurePosixPath) -> bool:
    if path.name.startswith("."):  # macOS keeps such a twin of every file in its zip files
        return False
    return path.name.endswith(MODEL3) or path.name in ("model.json", "index.json")


def _find(names: Iterable[PurePosixPath]) -> PurePosixPath:
    """The model3.json that lies least deep."""
    some = sorted((len(path.parts), path) for path in names if _is_model(path))
    found = [path for depth, path in some if depth == some[0][0] and path.name.endswith(MODEL3)]
    if len(found) > 1:
        listed = ", ".join(str(path) for path in found[:5])
        raise ModelRefused("several-models", f"There are several models: open one of {listed}.")
    if not found and some:
        raise ModelRefused("old-model", "This model is of Cubism 2; only those of Cubism 3 and later work.")
    if not found:
        raise ModelRefused("no-model", f"There is no model in it: no file named *{MODEL3}.")
    return found[0]


def _missing(path: PurePosixPath) -> ModelRefused:
    return ModelRefused("missing-file", f"The model needs {path}, which is not there or cannot be read.")


def _within(path: PurePosixPath, data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise ModelRefused("too-large", f"{path} is larger than {most // 2**20} MiB, the most for its kind.")
    return data
