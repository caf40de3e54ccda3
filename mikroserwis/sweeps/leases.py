"""A worker's hold on an outbox item; work that takes long moves it on before each part."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update

from backoffice_client.client import SLOWEST_UPLOAD
from mikroserwis.db import Database
from mikroserwis.models import OutboxItem
from mikroserwis.outbox import LEASE, Claimed
from mikroserwis.sweeps.failures import LeaseLost

# Twice and more what one call may take apart from its bytes: a look-up of a name and clocks that differ come on top.
LONGEST_CALL = timedelta(seconds=90)


class Lease:
    """`claimed` is what is held; it changes as the lease is moved on. `now` is the worker's clock."""

    def __init__(self, database: Database, claimed: Claimed, now: Callable[[], datetime]) -> None:
        self._database = database
        self.now = now
        self.claimed = claimed

    def keep(self, size: int = 0) -> None:
        """Hold the item long enough for one more call that sends `size` bytes. Raises LeaseLost."""
        moment, sending = self.now(), timedelta(seconds=size / SLOWEST_UPLOAD)
        if self.claimed.until - moment >= LONGEST_CALL + sending:
            return
        until = moment + LEASE + sending
        with self._database.transaction() as session:
            moved = session.execute(
                update(OutboxItem)
                .where(
                    OutboxItem.id == self.claimed.id,
                    OutboxItem.state == "queued",
                    OutboxItem.due_at == self.claimed.until,
                )
                .values(due_at=until)
            )
            if not moved.rowcount:  # type: ignore[attr-defined]
                raise LeaseLost
        self.claimed = replace(self.claimed, until=until)
