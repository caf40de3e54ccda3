"""A backup brought back, into an empty database of either kind; one of an older release is brought up on the way."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from sqlalchemy import Engine

from mikroserwis import migrate
from mikroserwis.carrying import rows
from mikroserwis.carrying.archive import DATABASE, Manifest, extract, name_of, opened
from mikroserwis.carrying.errors import NotCarried
from mikroserwis.carrying.files import ANY_SIZE
from mikroserwis.db import make_engine
from mikroserwis.storage import Store


def restore(path: Path, engine: Engine, store: Store, *, told: Callable[[rows.Carried], None]) -> Manifest:
    """What came back. Files first, then all rows in one transaction: one that was cut off is simply done again.

    Raises NotCarried, StorageError and OSError; the database is as empty as before then.
    """
    with opened(path) as (archive, manifest), TemporaryDirectory(prefix="mikroserwis-") as folder:
        _require_place(engine)
        if not migrate.knows(manifest.revision):
            raise NotCarried(
                f"The backup was made by another version: its schema {manifest.revision} isn't known here."
            )
        database = Path(folder) / DATABASE
        extract(archive, DATABASE, database, manifest.database)
        _require_sound(database)
        for sha256 in manifest.files:
            _bring(archive, store, sha256, Path(folder) / "file")
        brought = make_engine(f"sqlite:///{database}")
        try:
            migrate.upgrade(brought)
            migrate.upgrade(engine)
            rows.copy(brought, engine, told)
        finally:
            brought.dispose()
    return manifest


def _require_place(engine: Engine) -> None:
    """Raises NotCarried for a database that has rows, or tables of an older schema."""
    if migrate.revision(engine) is not None:
        if not migrate.is_current(engine):
            raise NotCarried("The target has tables of an older schema. Restore into an empty database.")
        with engine.connect() as connection:
            rows.require_empty(connection)


def _require_sound(database: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise NotCarried(f"The database in the backup is damaged: {found}.")


def _bring(archive: ZipFile, store: Store, sha256: str, temporary: Path) -> None:
    if store.verify(sha256):
        return
    extract(archive, name_of(sha256), temporary, sha256)
    with temporary.open("rb") as file:
        store.put(file, limit=ANY_SIZE)
