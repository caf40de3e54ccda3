"""A backup of the running service, and its return: whole, or not at all and in words."""

import io
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, text, update

from mikroserwis import migrate
from mikroserwis.carrying import rows
from mikroserwis.carrying.archive import DATABASE, MANIFEST, name_of
from mikroserwis.carrying.backup import Taken, back_up
from mikroserwis.carrying.errors import NotCarried
from mikroserwis.carrying.restore import restore
from mikroserwis.db import Database, make_engine
from mikroserwis.models import File, Material, PaperForm, Ticket, UserPicture
from mikroserwis.storage import LocalStore
from tests.carrying.conftest import EmptyDatabase
from tests.carrying.stock import ROWS, fill
from tests.models.test_upgrades import FIRST_RELEASE, a_row_in_each_table
from tests.support.sources import ROOT

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
PAPERS = [f"podpisana umowa {number} ".encode() * 5000 for number in range(1, ROWS + 1)]


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


@pytest.fixture
def other_store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "other")


@pytest.fixture
def stocked(target: Engine, store: LocalStore) -> Engine:
    """A database of each kind with rows in every table, their files in the store."""
    fill(target)
    with Database(target).transaction() as session:
        for number, paper in enumerate(PAPERS, start=1):
            stored = store.put(io.BytesIO(paper), limit=len(paper))
            session.execute(update(File).where(File.id == number).values(sha256=stored.sha256))
        for model in (Material, PaperForm, UserPicture):
            session.execute(update(model).values(sha256=sha256(PAPERS[0]).hexdigest()))
    return target


@pytest.fixture
def taken(stocked: Engine, store: LocalStore, shelf: Path) -> Taken:
    return back_up(stocked, store, shelf, now=NOW)


@pytest.fixture
def in_sqlite(empty_database: EmptyDatabase, store: LocalStore) -> Engine:
    engine = empty_database("sqlite")
    fill(engine, only={"counters", "dealers"})
    return engine


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("there", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_was_backed_up_comes_back_into_either_database(
    there: str, stocked: Engine, taken: Taken, other_store: LocalStore, empty_database: EmptyDatabase
):
    assert left(taken.path.parent) == [taken.path.name] == ["mikroserwis-20261122-003000.zip"]
    assert taken.path.stat().st_mode & 0o777 == 0o600
    back = empty_database(there)
    restore(taken.path, back, other_store, told=lambda _: None)
    with stocked.connect() as here, back.connect() as there_:
        assert [rows.content(here, one) for one in rows.TABLES] == [rows.content(there_, one) for one in rows.TABLES]
    assert set(other_store.every()) == {sha256(paper).hexdigest() for paper in PAPERS}
    assert all(map(other_store.verify, other_store.every()))


def test_people_write_while_a_backup_is_taken_and_it_is_of_one_moment(
    in_sqlite: Engine, store: LocalStore, other_store: LocalStore, shelf: Path, empty_database: EmptyDatabase
):
    ended, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        writer = make_engine(in_sqlite.url.render_as_string())
        while not ended.is_set():
            with writer.execution_options(write=True).begin() as connection:
                connection.execute(text("UPDATE counters SET value = value + 1"))
            written += 1
        writer.dispose()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        archives = [back_up(in_sqlite, store, shelf / f"{number}.zip", now=NOW) for number in range(5)]
    finally:
        ended.set()
        thread.join()
    assert written > 0
    back = empty_database("sqlite")
    restore(archives[-1].path, back, other_store, told=lambda _: None)
    with back.connect() as connection:
        values = [row.value - int(row.name[0]) for row in connection.execute(text("SELECT name, value FROM counters"))]
    assert len(set(values)) == 1


def test_a_backup_of_the_first_release_is_brought_up_on_its_way_back(
    target: Engine, tmp_path: Path, store: LocalStore, shelf: Path
):
    old = make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    migrate.upgrade(old, FIRST_RELEASE)
    with old.execution_options(write=True).begin() as connection:
        a_row_in_each_table(connection)
    taken = back_up(old, store, shelf / "old.zip", now=NOW)
    old.dispose()
    assert taken.manifest.revision == FIRST_RELEASE
    restore(taken.path, target, store, told=lambda _: None)
    assert migrate.is_current(target)
    with Database(target).reading() as session:
        assert session.scalars(select(Ticket)).one().number == 1


def test_a_file_that_the_store_has_lost_is_told_and_the_rest_is_kept(
    stocked: Engine, store: LocalStore, other_store: LocalStore, shelf: Path, empty_database: EmptyDatabase
):
    lost, rotten = (sha256(paper).hexdigest() for paper in PAPERS[:2])
    store.remove(lost)
    store.path(rotten).write_bytes(b"rotten")
    taken = back_up(stocked, store, shelf / "b.zip", now=NOW)
    assert set(taken.manifest.lost) == {lost, rotten}
    manifest = restore(taken.path, empty_database("sqlite"), other_store, told=lambda _: None)
    assert set(manifest.lost) == {lost, rotten}
    assert list(other_store.every()) == [sha256(PAPERS[2]).hexdigest()]


def test_a_picture_that_is_forgotten_while_a_backup_is_taken_is_not_lost(
    stocked: Engine, tmp_path: Path, other_store: LocalStore, shelf: Path, empty_database: EmptyDatabase
):
    class Forgetting(LocalStore):
        """As the night's retention does it, between the copy of the database and that of the file."""

        def at_hand(self, sha256: str) -> Any:
            if sha256 == picture:
                with Database(stocked).transaction() as session:
                    session.execute(delete(UserPicture).where(UserPicture.sha256 == picture))
                self.remove(picture)
            return super().at_hand(sha256)

    store = Forgetting(tmp_path / "files")
    picture = store.put(io.BytesIO(b"a face"), limit=10).sha256
    with Database(stocked).transaction() as session:
        session.execute(update(UserPicture).values(sha256=picture))
    taken = back_up(stocked, store, shelf / "b.zip", now=NOW)
    assert (taken.manifest.lost, picture in taken.manifest.files) == ((), False)
    assert restore(taken.path, empty_database("sqlite"), other_store, told=lambda _: None).lost == ()


def test_a_place_in_use_is_left_alone(
    in_sqlite: Engine, store: LocalStore, other_store: LocalStore, shelf: Path, target: Engine
):
    taken = back_up(in_sqlite, store, shelf / "b.zip", now=NOW)
    fill(target, only={"counters"})
    with pytest.raises(NotCarried, match="rows in counters"):
        restore(taken.path, target, other_store, told=lambda _: None)
    assert list(other_store.every()) == []
    with pytest.raises(NotCarried, match="is there already"):
        back_up(in_sqlite, store, taken.path, now=NOW)


def flipped(path: Path, name: str) -> None:
    """A byte in the middle of this entry is another one."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(name) + info.compress_size // 2] ^= 0xFF
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no archive": lambda path: path.write_bytes(b"%PDF-1.7 something else"),
    "nothing": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-3000]),
    "database changed": lambda path: flipped(path, DATABASE),
    "manifest changed": lambda path: flipped(path, MANIFEST),
    "file changed": lambda path: flipped(path, name_of(sha256(PAPERS[1]).hexdigest())),
    "another archive": lambda path: zipfile.ZipFile(path, "w").close(),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
def test_a_damaged_archive_is_refused_and_the_database_stays_empty(
    damage: str, taken: Taken, other_store: LocalStore, empty_database: EmptyDatabase
):
    DAMAGES[damage](taken.path)
    back = empty_database("sqlite")
    with pytest.raises(NotCarried):
        restore(taken.path, back, other_store, told=lambda _: None)
    with back.connect() as connection:
        rows.require_empty(connection)
    assert all(map(other_store.verify, other_store.every()))


def test_a_damaged_database_is_not_backed_up(tmp_path: Path, in_sqlite: Engine, store: LocalStore, shelf: Path):
    file = Path(in_sqlite.url.database or "")
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    in_sqlite.dispose()
    content = bytearray(file.read_bytes())
    content[8192 : 8192 + 4096 * 8] = b"\x55" * 4096 * 8
    file.write_bytes(content)
    with pytest.raises(NotCarried, match=r"damaged|malformed"):
        back_up(in_sqlite, store, shelf / "b.zip", now=NOW)
    assert left(shelf) == []


PROGRAM = """
import datetime, pathlib, sys
from mikroserwis.carrying.backup import back_up
from mikroserwis.db import make_engine
from mikroserwis.storage import LocalStore
class Watched(LocalStore):
    def at_hand(self, sha256):
        print(sha256, flush=True)
        input()
        return super().at_hand(sha256)
url, files, target = sys.argv[1:]
back_up(make_engine(url), Watched(pathlib.Path(files)), pathlib.Path(target), now=datetime.datetime.now(datetime.UTC))
"""


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
def test_a_backup_that_is_killed_in_the_middle_never_looks_like_one(
    stocked: Engine, store: LocalStore, tmp_path: Path, shelf: Path
):
    path = shelf / "b.zip"
    command = [sys.executable, "-c", PROGRAM, stocked.url.render_as_string(), str(tmp_path / "files"), str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        with pytest.raises(NotCarried, match="Another backup"):
            back_up(stocked, store, path, now=NOW)
        process.send_signal(signal.SIGKILL)
    assert not path.exists()
    taken = back_up(stocked, store, path, now=NOW)
    assert len(taken.manifest.files) == ROWS
    assert path.exists()
    assert not path.with_name("b.zip.part").exists()


def test_a_full_disk_leaves_no_backup(tmp_path: Path, in_sqlite: Engine, shelf: Path):
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = [sys.executable, "-m", "mikroserwis", "--data", str(tmp_path / "data"), "backup", str(shelf)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MIKROSERWIS_DATABASE_URL": in_sqlite.url.render_as_string(),
    }
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, preexec_fn=little_room)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert left(shelf) == []
