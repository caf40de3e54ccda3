"""Files in a bucket of S3-compatible storage. Imported only where one is set: the client is large.

Bytes pass through a temporary file of this machine, on the way in to be counted and hashed before anything is sent, on
the way out so that nobody is served half a file when the network breaks. An object appears whole or not at all.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any, BinaryIO, cast

import obstore
from obstore import exceptions
from obstore.store import S3Store as Client

from mikroserwis.storage.model import (
    CHUNK,
    SHA256,
    Missing,
    StorageError,
    StorageFull,
    StorageRefused,
    StorageUnavailable,
    Stored,
    copy,
    out_of_space_as_storage_full,
    place,
)

CONNECT_SECONDS = 3
RETRIES = 2
RETRY_SECONDS = 20
# Longer than any file takes on a line that is of use; a peer that has gone silent is left much sooner.
WHOLE_SECONDS = 600
# As the answers name it; the client tells some of these apart by status, but not in listings.
_REFUSED = ("NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")
_NOT_OURS = (PermissionError, exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)
_KEY = re.compile(r"(?<=<AWSAccessKeyId>)[^<\s]*")
_FULL = ("InsufficientStorage", "StorageFull", "QuotaExceeded", " 507 ")


class S3Store:
    """The objects `shelf/ab/cd/abcd…` of a bucket; `timeout` is how many seconds of silence are borne.

    Without keys those of the machine count: AWS_… in the environment, or its role.
    """

    def __init__(
        self, bucket: str, shelf: str, *, endpoint: str, region: str, access_key: str, secret_key: str, timeout: float
    ) -> None:
        keys = {"access_key_id": access_key, "secret_access_key": secret_key} if access_key else {}
        config: Any = {**keys, "region": region, **({"endpoint": endpoint} if endpoint else {})}
        self._client = Client(
            bucket,
            prefix=shelf,
            config=config,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "read_timeout": timedelta(seconds=timeout),
                "timeout": timedelta(seconds=WHOLE_SECONDS),
            },
            retry_config={
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=RETRY_SECONDS),
                "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=2), "base": 2},
            },
        )

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        with out_of_space_as_storage_full(), TemporaryFile() as file:
            stored = copy(stream, cast(BinaryIO, file), limit)
            file.seek(0)
            with _told():
                obstore.put(self._client, place(stored.sha256), file, max_concurrency=2)
        return stored

    def open(self, sha256: str) -> BinaryIO:
        file = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - it is the answer
        try:
            self._fetch(sha256, file)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    @contextmanager
    def at_hand(self, sha256: str) -> Iterator[Path]:
        with NamedTemporaryFile() as file:
            modified = self._fetch(sha256, file)
            file.flush()
            os.utime(file.name, (modified.timestamp(), modified.timestamp()))
            yield Path(file.name)

    def verify(self, sha256: str) -> bool:
        try:
            with TemporaryFile() as file:
                self._fetch(sha256, file)
        except Missing:
            return False
        return True

    def age(self, sha256: str, now: datetime) -> timedelta:
        try:
            with _told():
                return now - obstore.head(self._client, place(sha256))["last_modified"]
        except Missing:
            return timedelta(0)

    def every(self) -> Iterator[str]:
        with _told():
            for some in obstore.list(self._client):
                names = (one["path"].rpartition("/")[2] for one in some)
                yield from (name for name in names if SHA256.fullmatch(name))

    def remove(self, sha256: str) -> None:
        try:
            with _told():
                obstore.delete(self._client, place(sha256))
        except Missing:
            return

    def sweep_temporary(self, *, older_than: timedelta, now: datetime) -> int:
        """None: what is cut off leaves no object. Parts of large ones are cleared by the bucket's own rule."""
        return 0

    def _fetch(self, sha256: str, into: IO[bytes]) -> datetime:
        """When it was stored. Raises Missing, also if the bytes are not those of the hash."""
        digest = hashlib.sha256()
        with out_of_space_as_storage_full(), _told():
            found = obstore.get(self._client, place(sha256))
            for chunk in found.stream(min_chunk_size=CHUNK):
                digest.update(chunk)
                into.write(chunk)
            if digest.hexdigest() != sha256:
                raise Missing(sha256)
            return found.meta["last_modified"]


@contextmanager
def _told() -> Iterator[None]:
    """What the client raises, in our words."""
    try:
        yield
    except (exceptions.BaseError, FileNotFoundError, PermissionError, TimeoutError, ConnectionError) as error:
        raise _named(error) from error


def _named(error: Exception) -> StorageError:
    # Some answers repeat the key that was used, and what is said here is logged and shown.
    said = _KEY.sub("…", " ".join(str(error).split()))
    # First of all: without its bucket every object looks lost.
    if any(sign in said for sign in _REFUSED) or isinstance(error, _NOT_OURS):
        return StorageRefused(said[:300])
    if isinstance(error, FileNotFoundError | exceptions.NotFoundError):
        return Missing(said[:300])
    if any(sign in said for sign in _FULL):
        return StorageFull(said[:300])
    return StorageUnavailable(said[:300])
