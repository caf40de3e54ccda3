"""The database: one Base, one engine, and transactions that are read or write from their first statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Engine, MetaData, Numeric, String, create_engine, event, func, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

WRITE = "write"
BUSY_SECONDS = 10


class Base(DeclarativeBase):
    """Constraint names are fixed, so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment on both databases; SQLite would otherwise forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a zone: {value!r}")
        return value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """An exact decimal of so many digits, `scale` of them after the point; SQLite has none and keeps a whole number."""

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.scale = scale

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else self.impl)

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> Any:
        if value is None:
            return None
        if value != round(value, self.scale):
            raise ValueError(f"more than {self.scale} digits after the point: {value}")
        return int(value.scaleb(self.scale)) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)


def sort_text(length: int) -> String:
    """A column of sort keys: compared byte by byte on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def make_engine(url: str, *, pool_size: int = 16, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for SQLite (WAL, foreign keys, own BEGIN) or PostgreSQL. A lock is awaited for `busy_seconds`."""
    # The connection that was used last is the warm one.
    pooled: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "pool_use_lifo": True}
    if make_url(url).get_backend_name() != "sqlite":
        waiting = {"options": f"-c lock_timeout={int(busy_seconds * 1000)}"}
        return create_engine(url, pool_pre_ping=True, connect_args=waiting, **pooled)
    engine = create_engine(
        url,
        connect_args={"timeout": busy_seconds, "isolation_level": None, "check_same_thread": False},
        **pooled,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA cache_size=-4000")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that began by reading can't wait for the write lock: SQLite would answer 'locked' at once.
    write = connection.get_execution_options().get(WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def pause(session: Session | None) -> None:
    """The network is asked now: a reading transaction gives its connection back, and begins anew with its next
    statement. What was loaded can be read on. A writing one goes on: ask the network before it."""
    if session is not None and not session.info[WRITE]:
        session.commit()


class Database:
    """Opens transactions on one engine. Sessions carry in `info` whether they write, and where links in mails lead."""

    def __init__(self, engine: Engine, *, base_url: str = "") -> None:
        self.engine = engine
        self._info = {"base_url": base_url}
        self._writing = engine.execution_options(**{WRITE: True})

    def session(self, *, write: bool) -> Session:
        """A session whose transaction begins with its first statement; the caller commits and closes."""
        bind = self._writing if write else self.engine
        return Session(bind, expire_on_commit=False, info={**self._info, WRITE: write})

    def moment(self) -> datetime | None:
        """What the server's clock says, which all processes share; None where the database is a file."""
        if self.engine.dialect.name == "sqlite":
            return None
        with self.reading() as session:
            return session.scalar(select(func.now()))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A short transaction that never writes; what was loaded in it can be read on."""
        with self.session(write=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that never writes and reads one state of all tables, however long it takes."""
        with self.session(write=False) as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that commits on leaving and rolls back on an exception."""
        with self.session(write=True) as session, session.begin():
            yield session
