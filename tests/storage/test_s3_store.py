"""Files in a bucket keep to what files in a folder keep to; on bad days in words, and never half."""

import hashlib
import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.store import S3Store as Client

from config import Settings
from mikroserwis import storage
from mikroserwis.storage import (
    EmptyFile,
    InvalidHash,
    Missing,
    StorageError,
    StorageFull,
    StorageRefused,
    StorageUnavailable,
    Store,
    TooLarge,
)
from tests.storage.bad_peer import bad_peer
from tests.support.s3 import settings_of
from tests.support.sources import ROOT

CONTENT = "podpisana umowa, Łódź".encode() * 300_000
SHA = hashlib.sha256(CONTENT).hexdigest()
ABSENT = "0" * 64


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    more = request.getfixturevalue("bucket") if request.param == "bucket" else {}
    return storage.shelf(Settings(data=tmp_path, **more), "files")


@pytest.fixture
def in_bucket(bucket: dict[str, Any], tmp_path: Path) -> Store:
    return storage.shelf(Settings(data=tmp_path, **bucket), "files")


def test_what_was_put_into_any_store_comes_back_whole(store: Store) -> None:
    assert store.put(io.BytesIO(CONTENT), limit=len(CONTENT)) == store.put(io.BytesIO(CONTENT), limit=len(CONTENT))
    with store.open(SHA) as file, store.at_hand(SHA) as path:
        assert file.read() == path.read_bytes() == CONTENT
    assert store.verify(SHA)
    assert list(store.every()) == [SHA]


def test_any_store_refuses_what_is_too_large_or_empty_and_keeps_nothing_of_it(store: Store) -> None:
    with pytest.raises(TooLarge):
        store.put(io.BytesIO(CONTENT), limit=len(CONTENT) - 1)
    with pytest.raises(EmptyFile):
        store.put(io.BytesIO(), limit=10)
    assert list(store.every()) == []


def test_any_store_says_that_a_file_is_missing(store: Store) -> None:
    with pytest.raises(Missing):
        store.open(ABSENT)
    with pytest.raises(Missing), store.at_hand(ABSENT):
        pass
    assert not store.verify(ABSENT)
    store.remove(ABSENT)


def test_a_file_grows_old_in_any_store_until_it_is_let_go(store: Store) -> None:
    store.put(io.BytesIO(b"x"), limit=1)
    sha256, later = hashlib.sha256(b"x").hexdigest(), datetime.now(UTC) + timedelta(days=2)
    assert timedelta(days=2, minutes=-1) < store.age(sha256, later) < timedelta(days=2, minutes=1)
    store.remove(sha256)
    assert store.age(sha256, later) == timedelta(0)
    assert list(store.every()) == []


@pytest.mark.parametrize("argument", ["", "../../etc/passwd", "AB" * 32, "a" * 63, f"{'a' * 64}\n"])
def test_what_is_no_hash_never_becomes_a_name_in_any_store(store: Store, argument: str) -> None:
    for operation in (store.open, store.verify, store.remove, lambda one: store.age(one, datetime.now(UTC))):
        with pytest.raises(InvalidHash):
            operation(argument)


def test_shelves_of_one_bucket_do_not_see_each_other(bucket: dict[str, Any], tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, **bucket)
    storage.shelf(settings, "files").put(io.BytesIO(b"x"), limit=1)
    assert list(storage.shelf(settings, "exports").every()) == []
    assert list(tmp_path.iterdir()) == []


def test_an_object_that_was_changed_in_the_bucket_counts_as_lost(in_bucket: Store, bucket: dict[str, Any]) -> None:
    in_bucket.put(io.BytesIO(b"signed"), limit=10)
    sha256 = hashlib.sha256(b"signed").hexdigest()
    key = f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    foreign = Client(
        bucket["s3_bucket"],
        config={"endpoint": bucket["s3_endpoint"], "access_key_id": "key", "secret_access_key": "secret"},
        client_options={"allow_http": True},
    )
    obstore.put(foreign, key, b"forged")
    assert not in_bucket.verify(sha256)
    with pytest.raises(Missing):
        in_bucket.open(sha256)


def test_a_bucket_that_is_not_there_refuses_instead_of_looking_empty(s3_peer: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, **settings_of(s3_peer, "nobody-made-it"))
    store = storage.shelf(settings, "files")
    for act in (lambda: store.put(io.BytesIO(b"x"), limit=1), lambda: store.open(ABSENT), lambda: list(store.every())):
        with pytest.raises(StorageRefused):
            act()
    with pytest.raises(StorageRefused):
        storage.require_bucket(settings)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [("silent", StorageUnavailable), ("full", StorageFull), ("forbidden", StorageRefused)],
)
def test_an_upload_on_a_bad_day_is_told_in_time(behaviour: str, error: type[StorageError], tmp_path: Path) -> None:
    with bad_peer(behaviour) as address:
        settings = Settings(data=tmp_path, **settings_of(address, "b") | {"s3_timeout_seconds": 0.3})
        with pytest.raises(error):
            storage.shelf(settings, "files").put(io.BytesIO(b"x"), limit=1)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [("silent", StorageUnavailable), ("cut", StorageUnavailable), ("rotten", Missing), ("forbidden", StorageRefused)],
)
def test_a_download_on_a_bad_day_gives_no_half_file(behaviour: str, error: type[StorageError], tmp_path: Path) -> None:
    with bad_peer(behaviour) as address:
        settings = Settings(data=tmp_path, **settings_of(address, "b") | {"s3_timeout_seconds": 0.3})
        with pytest.raises(error):
            storage.shelf(settings, "files").open(ABSENT)


def test_a_service_with_a_folder_never_loads_the_client_of_a_bucket(tmp_path: Path) -> None:
    program = "import sys; import mikroserwis.cli; sys.exit('obstore' in sys.modules)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "MIKROSERWIS_DATA": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0


def test_a_key_that_the_bucket_refuses_is_not_repeated_in_what_is_said(tmp_path: Path) -> None:
    with bad_peer("stranger") as address:
        settings = Settings(data=tmp_path, **settings_of(address, "b") | {"s3_timeout_seconds": 0.3})
        with pytest.raises(StorageRefused) as refused:
            storage.require_bucket(settings)
    assert "<AWSAccessKeyId>" in str(refused.value)
    assert "AKIAEXAMPLE" not in str(refused.value)
