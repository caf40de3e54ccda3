"""Files in a local folder: bytes go to a temporary name on the same file system, are flushed to disk, then renamed."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from mikroserwis.storage.model import SHA256, Missing, Stored, copy, out_of_space_as_storage_full, place


class LocalStore:
    """A folder with files under `ab/cd/abcd…`, readable by the service's user alone."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._temporary = root / "temporary"
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._temporary.mkdir(mode=0o700, exist_ok=True)

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        with out_of_space_as_storage_full(), self._temporary_file() as (temporary, file):
            stored = copy(stream, file, limit)
            file.flush()
            os.fsync(file.fileno())
            self._publish(temporary, self.path(stored.sha256))
        return stored

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is or would be. Raises InvalidHash."""
        return self._root / place(sha256)

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise Missing(sha256) from error

    @contextmanager
    def at_hand(self, sha256: str) -> Iterator[Path]:
        path = self.path(sha256)
        if not path.exists():
            raise Missing(sha256)
        yield path

    def verify(self, sha256: str) -> bool:
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def age(self, sha256: str, now: datetime) -> timedelta:
        try:
            return now - datetime.fromtimestamp(self.path(sha256).stat().st_mtime, UTC)
        except FileNotFoundError:
            return timedelta(0)

    def every(self) -> Iterator[str]:
        return (file.name for file in self._root.glob("??/??/*") if SHA256.fullmatch(file.name))

    def remove(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def sweep_temporary(self, *, older_than: timedelta, now: datetime) -> int:
        latest = (now - older_than).timestamp()
        removed = 0
        for file in self._temporary.iterdir():
            try:
                if file.stat().st_mtime < latest:
                    file.unlink()
                    removed += 1
            except FileNotFoundError:
                continue  # its upload ended meanwhile, or another sweep was faster
        return removed

    @contextmanager
    def _temporary_file(self) -> Iterator[tuple[Path, BinaryIO]]:
        descriptor, name = tempfile.mkstemp(dir=self._temporary)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield temporary, file
        finally:
            temporary.unlink(missing_ok=True)

    def _publish(self, temporary: Path, final: Path) -> None:
        """Rename, and make the new names outlive a power cut.

        Every folder on the way is flushed each time: another upload may have made it and not have flushed it yet.
        """
        folders = (self._root, final.parent.parent, final.parent)
        for folder in folders:
            folder.mkdir(mode=0o700, exist_ok=True)
        temporary.replace(final)
        for folder in folders:
            _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
