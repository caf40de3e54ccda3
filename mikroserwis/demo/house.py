"""The demo's folder: ours only if our marker lies in it, and one demo at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MARKER = ".mikroserwis-demo"
_LOADING, _READY = "loading\n", "ready\n"


class DemoError(Exception):
    """Why the demo can't start, in words for the person who started it."""


@dataclass(frozen=True)
class House:
    """`is_ready`: the data was loaded whole by an earlier start."""

    folder: Path
    is_ready: bool

    def finish(self) -> None:
        """The data is whole: the next start keeps it."""
        _write(self.folder, _READY)


@contextmanager
def entered(folder: Path, *, fresh: bool) -> Iterator[House]:
    """The folder, locked; emptied if `fresh`, or if a start was killed before its data was whole. Raises DemoError."""
    _make(folder)
    descriptor = os.open(folder / MARKER, os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemoError(f"A demo is running already with its data in {folder}.") from error
        is_ready = not fresh and (folder / MARKER).read_text("utf-8") == _READY
        if not is_ready:
            _write(folder, _LOADING)
            _empty(folder)
        yield House(folder, is_ready)
    finally:
        os.close(descriptor)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / MARKER).is_file():
            return
        if any(folder.iterdir()):
            raise DemoError(f"{folder} is not a demo's folder, so it was left alone. Choose another one with --data.")
        _write(folder, _LOADING)
    except OSError as error:
        raise DemoError(f"{folder} cannot be used: {error.strerror}.") from error


def _write(folder: Path, state: str) -> None:
    """In place: the marker's lock belongs to the file itself."""
    with (folder / MARKER).open("r+" if (folder / MARKER).exists() else "x", encoding="utf-8") as file:
        file.write(state)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == MARKER:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
