"""Staff who act on many tickets, and the worker that carries large acts out."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from mikroserwis.models import BulkAct, BulkLine, Ticket
from mikroserwis.tickets.bulk import operations
from mikroserwis.tickets.bulk.wishes import REASSIGN, Chosen, Wish
from tests.operations.desk import Desk

REASON = "Dealer jest na urlopie."
BY_RULES = Wish(REASSIGN)


class Office:
    """One of the staff at the desk."""

    def __init__(self, desk: Desk, who: str = "operator") -> None:
        self.desk = desk
        self.actor = desk.actor(who)

    def seen(self, numbers: Sequence[int]) -> list[Chosen]:
        """As a preview shows them now."""
        with self.desk.database.reading() as session:
            found = session.execute(select(Ticket.number, Ticket.version).where(Ticket.number.in_(numbers)))
            versions = dict(found.all())
        return [Chosen(number, versions.get(number)) for number in numbers]

    def start(self, wish: Wish, chosen: Sequence[Chosen], reason: str = REASON) -> str:
        """The act's name."""
        with self.desk.database.transaction() as session:
            act = operations.start(session, wish, chosen, reason=reason, actor=self.actor, now=self.desk.now)
            return act.batch

    def undo(self, batch: str, number: int | None = None, reason: str = "Wrócił.") -> None:
        with self.desk.database.transaction() as session:
            act = operations.load(session, self.actor, batch)
            operations.undo(session, act, reason=reason, number=number, actor=self.actor, now=self.desk.now)

    def act(self, batch: str) -> BulkAct:
        with self.desk.database.reading() as session:
            return operations.load(session, self.actor, batch)

    def lines(self, batch: str) -> list[BulkLine]:
        with self.desk.database.reading() as session:
            return list(operations.lines(session, operations.load(session, self.actor, batch)))

    def states(self, batch: str) -> dict[int, str]:
        """By number."""
        return {one.number: one.state for one in self.lines(batch)}

    def told(self, batch: str, number: int) -> dict[str, Any]:
        return next(json.loads(one.told) for one in self.lines(batch) if one.number == number)
