"""How many requests of a program are answered in a minute, by all processes together.

A process sets some aside in the database at once and hands them out from memory: most requests write nothing. What it
hasn't handed out when the minute ends is lost, so a program never gets more than its share, and at worst a little less.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mikroserwis.db import Database
from mikroserwis.errors import TooMany
from mikroserwis.models import ClientMinute

SPAN = timedelta(minutes=1)
# So many times a minute a process asks the database, if it answers all of a program's requests alone.
_ROUNDS = 30


@dataclass(frozen=True)
class Standing:
    """For the headers: of `limit` requests a minute `remaining` are left for the next `reset` seconds."""

    limit: int
    remaining: int
    reset: int


@dataclass
class _Share:
    minute: datetime
    own: int = 0
    others: int = 0


class Allowance:
    """One of a process; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shares: dict[int, _Share] = {}

    def take(self, database: Database, client_id: int, limit: int, now: datetime) -> Standing:
        """One request. Raises TooMany."""
        minute = now.replace(second=0, microsecond=0)
        reset = max(int((minute + SPAN - now).total_seconds()), 1)
        with self._lock:
            share = self._share(client_id, minute)
            if share.own:
                return self._handed(share, limit, reset)
            exhausted = share.others < 0
        if not exhausted:
            block = max(limit // _ROUNDS, 1)
            with database.transaction() as session:
                taken = _set_aside(session, client_id, minute, block)
            granted = min(max(limit - (taken - block), 0), block)
            with self._lock:
                share = self._share(client_id, minute)
                share.own, share.others = share.own + granted, max(limit - taken, 0) if granted else -1
                if share.own:
                    return self._handed(share, limit, reset)
        raise TooMany("too_many_requests", seconds=reset, limit=limit)

    def _share(self, client_id: int, minute: datetime) -> _Share:
        known = self._shares.get(client_id)
        if known is None or known.minute != minute:
            known = self._shares[client_id] = _Share(minute)
        return known

    def _handed(self, share: _Share, limit: int, reset: int) -> Standing:
        share.own -= 1
        return Standing(limit, share.own + max(share.others, 0), reset)


def _set_aside(session: Session, client_id: int, minute: datetime, block: int) -> int:
    """How many are set aside in all now."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert if is_postgresql else sqlite.insert
    added = insert(ClientMinute).values(client_id=client_id, minute=minute, taken=block)
    counted = added.on_conflict_do_update(
        index_elements=["client_id", "minute"], set_={"taken": ClientMinute.taken + block}
    )
    taken: int = session.execute(counted.returning(ClientMinute.taken)).scalar_one()
    return taken
