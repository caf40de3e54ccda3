"""A backup: one ZIP with the database as a SQLite file, every file under its hash, and what should be in it.

The manifest is written last and names the hash of everything, so that an archive that was cut short or has rotted is
known for it. It is one format for both kinds of database: a backup of one can be restored into the other.
"""

import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal, cast

from pydantic import BaseModel, ValidationError

from mikroserwis.carrying.errors import NotCarried

MANIFEST, DATABASE = "manifest.json", "mikroserwis.sqlite3"
CHUNK = 1 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ValidationError)


class Manifest(BaseModel):
    """What an archive holds. `revision` is that of the schema; `files` are hashes with sizes in bytes; `lost` are
    hashes that rows name and the store didn't have whole when the backup was made."""

    format: Literal[1] = 1
    made_at: datetime
    revision: str
    database: str
    files: dict[str, int]
    lost: tuple[str, ...] = ()
    secret_key: str | None = None


def name_of(sha256: str) -> str:
    """A file's name in the archive."""
    return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def written(target: Path) -> Iterator[zipfile.ZipFile]:
    """A new archive, readable by its user alone, that gets its name when all of it is on disk; else nothing is left.

    Raises NotCarried if the name is taken, or another backup to it is under way.
    """
    if target.exists():
        raise NotCarried(f"{target} is there already. It was left as it is.")
    partial = target.with_name(f"{target.name}.part")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotCarried(f"Another backup to {target} is under way.") from error
        # One that was killed has left its half.
        file.truncate(0)
        try:
            with zipfile.ZipFile(cast(IO[bytes], file), "w", strict_timestamps=False) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
            partial.rename(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    _flush_folder(target.parent)


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive and what it should hold. Raises NotCarried for what isn't one, or has been damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest.model_validate_json(archive.read(MANIFEST))
            yield archive, manifest
    except _DAMAGED as error:
        raise NotCarried(f"{path} is not a whole backup: {type(error).__name__}. Take another one.") from error


def extract(archive: zipfile.ZipFile, name: str, target: Path, sha256: str) -> None:
    """Raises NotCarried if the bytes have another hash."""
    digest = hashlib.sha256()
    with archive.open(name) as packed, target.open("wb") as file:
        while chunk := packed.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != sha256:
        raise NotCarried(f"{name} in the backup is damaged: its bytes are not those that were put in.")


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
