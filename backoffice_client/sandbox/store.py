import json
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from backoffice_client.messages import Station
from backoffice_client.sandbox.faults import Faults

Kind = Literal["scans", "packages", "events"]
KINDS: tuple[Kind, ...] = ("scans", "packages", "events")

SCHEMA = """
CREATE TABLE IF NOT EXISTS stations (
    point_id INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, online INTEGER NOT NULL, last_contact TEXT,
    PRIMARY KEY (point_id, number)
);
CREATE TABLE IF NOT EXISTS received (
    row INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, accepted_at TEXT NOT NULL,
    offered INTEGER NOT NULL DEFAULT 1, UNIQUE (kind, id)
);
CREATE TABLE IF NOT EXISTS faults (row INTEGER PRIMARY KEY CHECK (row = 1), settings TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Accepted:
    content: dict[str, object]
    receipt: str
    accepted_at: datetime
    offered: int

    def to_json(self) -> dict[str, object]:
        at = self.accepted_at.isoformat().replace("+00:00", "Z")
        return self.content | {"receipt": self.receipt, "accepted_at": at, "offered": self.offered}


class Store:
    """What the sandbox knows. Each method is one transaction; one connection, so one at a time."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        path = ":memory:" if folder is None else folder / "sandbox.sqlite3"
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def switch(self, point_id: int, number: int, *, online: bool, name: str | None, now: datetime) -> Station:
        """Switch a station on or off, making it known if it is new; without `name` it keeps the one it has."""
        with self._lock:
            new = Station(number, f"Stanowisko {number}", False, None)
            known = next((one for one in self.stations(point_id, now) if one.number == number), new)
            station = Station(number, name or known.name, online, now if online else known.last_contact)
            contact = station.last_contact and station.last_contact.isoformat()
            values = (point_id, number, station.name, online, contact)
            self._run("INSERT OR REPLACE INTO stations VALUES (?, ?, ?, ?, ?)", values)
        return station

    def stations(self, point_id: int, now: datetime) -> tuple[Station, ...]:
        """By number. One that is on is in contact at this very moment."""
        return self.points(now).get(point_id, ())

    def points(self, now: datetime) -> dict[int, tuple[Station, ...]]:
        points: dict[int, tuple[Station, ...]] = {}
        for point_id, number, name, online, last in self._run("SELECT * FROM stations ORDER BY point_id, number"):
            contact = now if online else last and datetime.fromisoformat(last)
            points[point_id] = (*points.get(point_id, ()), Station(number, name, bool(online), contact))
        return points

    def accept(self, kind: Kind, key: str, content: dict[str, object], now: datetime) -> Accepted:
        """Keep the first one offered under this id; later ones only count. Its `content` says what was kept."""
        [row] = self._run(
            "INSERT INTO received (kind, id, content, accepted_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET offered = offered + 1"
            " RETURNING row, content, accepted_at, offered",
            (kind, key, json.dumps(content, ensure_ascii=False), now.astimezone(UTC).isoformat()),
        )
        return _accepted(kind, *row)

    def find(self, kind: Kind, key: str) -> Accepted | None:
        return next((_accepted(kind, *row) for row in self._run(f"{_RECEIVED} AND id = ?", (kind, key))), None)

    def received(self) -> dict[Kind, list[Accepted]]:
        return {
            kind: [_accepted(kind, *row) for row in self._run(f"{_RECEIVED} ORDER BY row", (kind,))] for kind in KINDS
        }

    def forget_received(self) -> None:
        self._run("DELETE FROM received")

    def faults(self) -> Faults:
        rows = self._run("SELECT settings FROM faults")
        return Faults.model_validate_json(rows[0][0]) if rows else Faults()

    def set_faults(self, faults: Faults) -> None:
        self._run("INSERT OR REPLACE INTO faults VALUES (1, ?)", (faults.model_dump_json(),))

    def _run(self, statement: str, values: Iterable[object] = ()) -> list[Any]:
        with self._lock:
            return self._database.execute(statement, tuple(values)).fetchall()


_RECEIVED = "SELECT row, content, accepted_at, offered FROM received WHERE kind = ?"


def _accepted(kind: Kind, row: int, content: str, accepted_at: str, offered: int) -> Accepted:
    receipt = f"{kind[0].upper()}-{row:06d}"
    return Accepted(json.loads(content), receipt, datetime.fromisoformat(accepted_at), offered)
