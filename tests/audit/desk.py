"""A sealed history, and somebody who gets at the database."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, text

from mikroserwis.edge import Parts
from mikroserwis.models import Event, HistorySeal
from mikroserwis.seals.proof import Proof, verify
from mikroserwis.seals.sealing import seal
from tests.support.app import clock
from tests.support.owner import unlock

# So many rows a seal, in three seals.
ROWS, SEALS = 5, 3


def write(parts: Parts, count: int = ROWS, **values: Any) -> None:
    """Rows of the history, each of them different."""
    now = clock() - timedelta(days=1)
    said = {"actor": "Jan Kowalski", "source": "web", "address": "192.0.2.7", "verb": "note", "changes": "{}"}
    with parts.database.transaction() as session:
        first: int = session.scalar(select(func.coalesce(func.max(Event.id), 0))) or 0
        for number in range(count):
            row = {"at": now + timedelta(seconds=number), "data": f'{{"note": "Łódź {first + number}"}}'}
            session.execute(insert(Event).values(**{**said, **row, **values}))


def sealed(parts: Parts) -> list[HistorySeal]:
    """Several seals of several rows each, over the cast's own rows too; the last one ends with the last row."""
    for _ in range(SEALS):
        write(parts)
        while seal(parts.database, clock()) is not None:
            pass
    return seals(parts)


def seals(parts: Parts) -> list[HistorySeal]:
    with parts.database.reading() as session:
        return list(session.scalars(select(HistorySeal).order_by(HistorySeal.id)))


def proof(parts: Parts, *anchors: str) -> Proof:
    return verify(parts.database, anchors)


def findings(parts: Parts, *anchors: str) -> list[tuple[str, int | None, int | None]]:
    """(kind, seal, row)."""
    return [(one.kind, one.seal, one.row) for one in proof(parts, *anchors).findings]


def attack(parts: Parts, *statements: str, **values: Any) -> None:
    """As the owner of the database, whom neither triggers nor keys keep from it."""
    if parts.database.engine.dialect.name == "postgresql":
        with parts.database.transaction() as session:
            for statement in ("SET LOCAL session_replication_role = replica", *statements):
                session.execute(text(statement), values)
        return
    unlock(parts)
    with closing(sqlite3.connect(str(parts.database.engine.url.database))) as connection, connection:
        for statement in statements:
            connection.execute(statement, values)


def ids(parts: Parts) -> list[int]:
    with parts.database.reading() as session:
        return list(session.scalars(select(Event.id).order_by(Event.id)))
