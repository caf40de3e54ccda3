"""What every store keeps to, wherever the bytes lie."""

import errno
import hashlib
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

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


class StorageUnavailable(StorageError):
    """The storage service doesn't answer, or doesn't let us in; trying again later may help."""


class StorageRefused(StorageUnavailable):
    """The storage service answers, but there is no such bucket, or it isn't ours."""


class Missing(StorageError):
    """No file with this hash is stored."""


class InvalidHash(StorageError, ValueError):
    """The argument is not 64 lower-case hexadecimal digits."""


@dataclass(frozen=True)
class Stored:
    """A stored file: hexadecimal hash and size in bytes."""

    sha256: str
    size: int


class Store(Protocol):
    """Files by the SHA-256 of their content, each whole or not there.

    Every method raises InvalidHash for what is no hash, and StorageUnavailable where the bytes lie behind a network.
    """

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Store at most `limit` bytes of the stream; the same content twice is one file.

        Returns when the bytes are safe. Raises TooLarge, EmptyFile, StorageFull, and what the stream raises;
        nothing is left behind then.
        """

    def open(self, sha256: str) -> BinaryIO:
        """The file for reading; what is read from it comes from this machine. Raises Missing."""

    def at_hand(self, sha256: str) -> AbstractContextManager[Path]:
        """The file under a path of this machine, to be read only, while the context lasts. Raises Missing."""

    def verify(self, sha256: str) -> bool:
        """Whether the file is there and its bytes still have this hash."""

    def age(self, sha256: str, now: datetime) -> timedelta:
        """How long the file has lain here, nothing if it doesn't."""

    def every(self) -> Iterator[str]:
        """The hashes of all files that are there."""

    def remove(self, sha256: str) -> None:
        """Let a file go that nobody names any more; it may be gone already."""

    def sweep_temporary(self, *, older_than: timedelta, now: datetime) -> int:
        """Remove what interrupted uploads left behind, return how many files. `now` is aware."""


def place(sha256: str) -> str:
    """Where a file lies in every store: `ab/cd/abcd…`. Raises InvalidHash."""
    if not SHA256.fullmatch(sha256):
        raise InvalidHash(f"not a SHA-256 in hexadecimal: {sha256!r:.80}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def copy(source: BinaryIO, target: BinaryIO, limit: int) -> Stored:
    """Raises TooLarge, EmptyFile."""
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


@contextmanager
def out_of_space_as_storage_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in OUT_OF_SPACE:
            raise StorageFull("no space left for the file") from error
        raise
