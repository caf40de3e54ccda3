import errno
import hashlib
import io
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from mikroserwis.storage import EmptyFile, InvalidHash, LocalStore, Missing, StorageFull, TooLarge

CONTENT = b"scan of a signed contract" * 100_000
SHA = hashlib.sha256(CONTENT).hexdigest()
LIMIT = 10_000_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def store(root: Path) -> LocalStore:
    return LocalStore(root)


def files_in(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


class Failing(io.BytesIO):
    """A source that gives some bytes, then the error."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(b"x" * 1000)
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        if chunk := super().read(size):
            return chunk
        raise self.error


def test_a_stored_file_is_found_by_the_hash_of_its_content(store: LocalStore, root: Path) -> None:
    stored = store.put(io.BytesIO(CONTENT), limit=LIMIT)
    assert (stored.sha256, stored.size) == (SHA, len(CONTENT))
    with store.open(SHA) as file:
        assert file.read() == CONTENT
    assert files_in(root) == [root / SHA[:2] / SHA[2:4] / SHA] == [store.path(SHA)]


def test_the_same_content_twice_is_one_file(store: LocalStore, root: Path) -> None:
    assert store.put(io.BytesIO(CONTENT), limit=LIMIT) == store.put(io.BytesIO(CONTENT), limit=LIMIT)
    assert files_in(root) == [store.path(SHA)]


def test_simultaneous_uploads_of_one_content_all_succeed_and_leave_one_file(store: LocalStore, root: Path) -> None:
    start = Barrier(16)

    def upload(_: int) -> str:
        start.wait(timeout=20)
        return LocalStore(root).put(io.BytesIO(CONTENT), limit=LIMIT).sha256

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(upload, range(16))) == {SHA}
    assert files_in(root) == [store.path(SHA)]
    assert store.verify(SHA)


def test_a_file_as_large_as_the_limit_is_taken(store: LocalStore) -> None:
    assert store.put(io.BytesIO(CONTENT), limit=len(CONTENT)).size == len(CONTENT)


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(store: LocalStore, root: Path) -> None:
    with pytest.raises(TooLarge) as refusal:
        store.put(io.BytesIO(CONTENT), limit=len(CONTENT) - 1)
    assert refusal.value.limit == len(CONTENT) - 1
    assert files_in(root) == []


def test_an_empty_file_is_refused_and_leaves_nothing(store: LocalStore, root: Path) -> None:
    with pytest.raises(EmptyFile):
        store.put(io.BytesIO(), limit=LIMIT)
    assert files_in(root) == []


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), KeyboardInterrupt(), OSError(errno.EIO, "bad disk")])
def test_an_interrupted_upload_raises_its_own_error_and_leaves_nothing(
    store: LocalStore, root: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)) as caught:
        store.put(Failing(error), limit=LIMIT)
    assert caught.value is error
    assert files_in(root) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_every_way_of_running_out_of_space_is_told_as_full_storage(store: LocalStore, root: Path, code: int) -> None:
    with pytest.raises(StorageFull):
        store.put(Failing(OSError(code, os.strerror(code))), limit=LIMIT)
    assert files_in(root) == []


def test_a_disk_that_takes_no_more_bytes_refuses_the_file_and_keeps_the_earlier_ones(
    store: LocalStore, root: Path
) -> None:
    """The kernel itself refuses: the limit on file size stands in for a full disk on every machine."""
    script = """if True:
        import io, pathlib, resource, sys
        from mikroserwis.storage import LocalStore, StorageFull
        store = LocalStore(pathlib.Path(sys.argv[1]))
        store.put(io.BytesIO(b"earlier"), limit=100)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            store.put(io.BytesIO(b"x" * 3_000_000), limit=10_000_000)
        except StorageFull as error:
            print("full", error.__cause__.errno)
    """
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script, str(root)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["full", str(errno.EFBIG)]
    assert files_in(root) == [store.path(hashlib.sha256(b"earlier").hexdigest())]


def test_a_file_that_is_not_there_is_missing(store: LocalStore) -> None:
    with pytest.raises(Missing):
        store.open(SHA)
    assert not store.verify(SHA)


@pytest.mark.parametrize(
    "argument",
    ["", "../../etc/passwd", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", "../" + "a" * 61, "١" * 64],
)
def test_an_argument_that_is_no_hash_never_becomes_a_path(store: LocalStore, argument: str) -> None:
    for operation in (store.path, store.open, store.verify):
        with pytest.raises(InvalidHash):
            operation(argument)


def test_a_changed_byte_on_disk_is_noticed_and_healed_by_the_next_upload(store: LocalStore) -> None:
    store.put(io.BytesIO(CONTENT), limit=LIMIT)
    store.path(SHA).write_bytes(b"S" + CONTENT[1:])
    assert not store.verify(SHA)
    store.put(io.BytesIO(CONTENT), limit=LIMIT)
    assert store.verify(SHA)


def test_only_the_owner_may_read_files_and_folders(root: Path) -> None:
    before = os.umask(0)
    try:
        LocalStore(root).put(io.BytesIO(CONTENT), limit=LIMIT)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*") if path.is_dir()}
    assert modes | {stat.S_IMODE(root.stat().st_mode)} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files_in(root)} == {0o600}


def test_the_sweep_removes_old_temporary_files_only(store: LocalStore, root: Path) -> None:
    store.put(io.BytesIO(CONTENT), limit=LIMIT)
    stray, fresh = root / "temporary" / "stray", root / "temporary" / "fresh"
    for file, age in ((stray, timedelta(hours=25)), (fresh, timedelta(hours=23)), (store.path(SHA), timedelta(400))):
        file.touch()
        os.utime(file, ((NOW - age).timestamp(),) * 2)
    assert store.sweep_temporary(older_than=timedelta(hours=24), now=NOW) == 1
    assert set(files_in(root)) == {fresh, store.path(SHA)}


def test_what_can_be_made_again_may_be_let_go_and_nothing_else_goes(store: LocalStore, root: Path) -> None:
    kept, gone = (store.put(io.BytesIO(content), limit=LIMIT) for content in (CONTENT, b"a list"))
    (root / "temporary" / "stray").touch()
    assert set(store.every()) == {kept.sha256, gone.sha256}
    store.remove(gone.sha256)
    store.remove(gone.sha256)
    assert files_in(root / kept.sha256[:2]) == [store.path(kept.sha256)]
    assert list(store.every()) == [kept.sha256]
    with pytest.raises(InvalidHash):
        store.remove("../../etc/passwd")
