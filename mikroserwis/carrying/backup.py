"""A backup of the running service: the database as it is at one moment, then the files that its rows name.

In this order, because files are only ever added, but for pictures of persons whom retention forgets: whatever else the
database of that moment names is there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Engine, MetaData, inspect, select

from mikroserwis import migrate
from mikroserwis.carrying import rows
from mikroserwis.carrying.archive import DATABASE, MANIFEST, Manifest, hashed, name_of, written
from mikroserwis.carrying.errors import NotCarried
from mikroserwis.db import make_engine
from mikroserwis.storage import InvalidHash, Missing, Store

# Whose bytes are evidence. Lists and files of tickets on their way in are asked for and brought again.
OF_FILES = ("files", "materials", "paper_forms", "user_pictures")


@dataclass(frozen=True)
class Taken:
    """The backup's path, and what it holds."""

    path: Path
    manifest: Manifest


def back_up(engine: Engine, store: Store, target: Path, *, now: datetime, secret_key: str | None = None) -> Taken:
    """Into a new file `target`, or one with the moment in its name if that is a folder.

    Raises NotCarried, StorageError, OSError; nothing is left behind then. Files that the store has lost don't stop it:
    they stand in the manifest.
    """
    path = target / f"mikroserwis-{now:%Y%m%d-%H%M%S}.zip" if target.is_dir() else target
    with written(path) as archive, TemporaryDirectory(dir=path.parent, prefix=".mikroserwis-") as folder:
        database = Path(folder) / DATABASE
        _write_database(engine, database)
        digest = hashed(database)
        archive.write(database, DATABASE, compress_type=ZIP_DEFLATED, compresslevel=1)
        with _reading(database) as copied:
            revision, wanted = migrate.revision(copied), _named(copied)
        files = {sha256: size for sha256 in wanted if (size := _pack(archive, store, sha256)) is not None}
        missing = set(wanted).difference(files)
        # Looked at once more: a picture whose record has gone meanwhile was forgotten, not lost.
        lost = missing.intersection(_named(engine)) if missing else missing
        manifest = Manifest(
            made_at=now,
            revision=revision or "",
            database=digest,
            files=files,
            lost=tuple(sorted(lost)),
            secret_key=secret_key,
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return Taken(path, manifest)


def _write_database(engine: Engine, path: Path) -> None:
    try:
        if engine.dialect.name == "sqlite":
            _copy_sqlite(engine, path)
        else:
            _copy_rows(engine, path)
        _require_sound(path)
    except sqlite3.Error as error:
        raise NotCarried(f"The database could not be copied: {error}. Nothing was kept.") from error


def _require_sound(path: Path) -> None:
    """One file, without a journal beside it, and whole. Raises NotCarried."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise NotCarried(f"The database is damaged: {found}. Keep your older backups.")


def _copy_sqlite(engine: Engine, path: Path) -> None:
    """Page by page in one reading transaction: people write meanwhile, whatever the schema's age."""
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(path)) as copy:
            source = raw.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 - for the reader and mypy
            source.backup(copy)
    finally:
        raw.close()


def _copy_rows(engine: Engine, path: Path) -> None:
    with _reading(path) as copy:
        migrate.upgrade(copy)
        rows.copy(engine, copy)


@contextmanager
def _reading(path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


def _named(engine: Engine) -> list[str]:
    """The hashes of all files that rows name, in a schema of any age."""
    known, metadata, found = set(inspect(engine).get_table_names()), MetaData(), set[str]()
    names = [name for name in OF_FILES if name in known]
    metadata.reflect(engine, only=names)
    with engine.connect() as connection:
        for name in names:
            column = metadata.tables[name].c.sha256
            found |= set(connection.scalars(select(column).where(column.is_not(None)).distinct()))
    return sorted(found)


def _pack(archive: ZipFile, store: Store, sha256: str) -> int | None:
    """Its size; None if the store has lost it. Scans are packed already: they go in as they are."""
    try:
        with store.at_hand(sha256) as path:
            if hashed(path) != sha256:
                return None
            archive.write(path, name_of(sha256))
            return path.stat().st_size
    except (Missing, InvalidHash):
        return None
