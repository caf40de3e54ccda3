"""Files known by the SHA-256 of their content, in a local folder.

A file is complete under its final name or it isn't there: bytes go to a temporary name on the same file system,
are flushed to disk, then renamed. What was uploaded is evidence and is never removed; a store of things that can be
made again may let them go.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SHA256 = re.compile(r"[0-9a-f]{64}")


class StorageError(Exception):
    """What can go wrong with a stored file."""


class TooLarge(StorageError):
    """More bytes came than allowed; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"file is larger than {limit} bytes")
        self.limit = limit


class EmptyFile(StorageError):
    """Not a single byte came."""


class StorageFull(StorageError):
    """The disk or the quota is exhausted; trying again later may help."""


class Missing(StorageError):
    """No file with this hash is stored."""


class InvalidHash(StorageError, ValueError):
    """The argument is not 64 lower-case hexadecimal digits."""


@dataclass(frozen=True)
class Stored:
    """A stored file: hexadecimal hash and size in bytes."""

    sha256: str
    size: int


class LocalStore:
    """A folder with files under `ab/cd/abcd…`, readable by the service's user alone."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._temporary = root / "temporary"
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._temporary.mkdir(mode=0o700, exist_ok=True)

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Store at most `limit` bytes of the stream; the same content twice is one file.

        Returns when the bytes are on disk. Raises TooLarge, EmptyFile, StorageFull, and what the stream raises;
        nothing is left behind then.
        """
        with _out_of_space_as_storage_full(), self._temporary_file() as (temporary, file):
            stored = _copy(stream, file, limit)
            file.flush()
            os.fsync(file.fileno())
            self._publish(temporary, self.path(stored.sha256))
        return stored

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is or would be. Raises InvalidHash."""
        if not SHA256.fullmatch(sha256):
            raise InvalidHash(f"not a SHA-256 in hexadecimal: {sha256!r:.80}")
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The file for reading. Raises Missing, InvalidHash."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise Missing(sha256) from error

    def verify(self, sha256: str) -> bool:
        """Whether the file is there and its bytes still have this hash. Raises InvalidHash."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def age(self, sha256: str, now: datetime) -> timedelta:
        """How long the file has lain here, nothing if it doesn't. Raises InvalidHash."""
        try:
            return now - datetime.fromtimestamp(self.path(sha256).stat().st_mtime, UTC)
        except FileNotFoundError:
            return timedelta(0)

    def every(self) -> Iterator[str]:
        """The hashes of all files that are there."""
        return (file.name for file in self._root.glob("??/??/*") if SHA256.fullmatch(file.name))

    def remove(self, sha256: str) -> None:
        """Let a file go that nobody names any more; it may be gone already. Raises InvalidHash."""
        self.path(sha256).unlink(missing_ok=True)

    def sweep_temporary(self, *, older_than: timedelta, now: datetime) -> int:
        """Remove what interrupted uploads left behind, return how many files. `now` is aware."""
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


def _copy(source: BinaryIO, target: BinaryIO, limit: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise EmptyFile("the file is empty")
    return Stored(digest.hexdigest(), size)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _out_of_space_as_storage_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in OUT_OF_SPACE:
            raise StorageFull("no space left for the file") from error
        raise
