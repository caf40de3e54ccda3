"""Many tickets among many dealers, made in bulk: some past their deadline, with all that may hang on a ticket."""

import random
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from mikroserwis.db import Database
from mikroserwis.models import (
    Assignment,
    Customer,
    DeadlineExtension,
    Dealer,
    DealerArea,
    DealerType,
    RetailPoint,
    Subticket,
    SubticketTenure,
    Ticket,
)
from mikroserwis.rulebook import RULES

FIRST = 10_001
STAGES = {"new": "take", "taken": "contract", "contract": "completion"}


class Field:
    """`breached` are the numbers of tickets past their deadline, `others` of those that are not, or owe nothing.

    Every dealer has had its tickets for so many `days`.
    """

    def __init__(self, database: Database, now: datetime, *, seed: int = 115, days: int = 5) -> None:
        self.database, self.now, self.dice = database, now, random.Random(seed)
        self.begun = now - timedelta(days=days)
        self.breached: set[int] = set()
        self.others: set[int] = set()
        self.dealers: list[int] = []

    def add_dealers(self, count: int, *, prefixes: int = 3, capacity: int = 100_000) -> None:
        with self.database.transaction() as session:
            for index in range(count):
                dealer = Dealer(crm_id=5000 + index, name=f"Dealer {index}", capacity=capacity, email="")
                dealer.areas = [DealerArea(prefix=f"5{index % prefixes}")]
                dealer.types = [DealerType(type=name) for name in RULES.type_names]
                session.add(dealer)
                session.flush()
                self.dealers.append(dealer.id)

    def add_tickets(self, breached: int, others: int = 0, *, subtickets: int = 1) -> None:
        """Deadlines that are over ended at midnights, some at the same one."""
        numbers = enumerate(self._numbers(breached + others))
        rows = [self._ticket(number, index < breached) for index, number in numbers]
        self.breached |= {row["number"] for row in rows[:breached]}
        self.others |= {row["number"] for row in rows[breached:]}
        points = [self._point(row, each) for row in rows for each in range(subtickets)]
        with self.database.transaction() as session:
            session.execute(insert(Customer), [self._customer(row) for row in rows])
            session.execute(insert(Ticket), rows)
            session.execute(insert(RetailPoint), [point for point, _one in points])
            session.execute(insert(Subticket), [one for _point, one in points])
            session.execute(insert(Assignment), [self._assignment(row) for row in rows if row["dealer_id"]])

    def _numbers(self, count: int) -> range:
        with self.database.reading() as session:
            first = max(session.scalar(select(func.max(Ticket.number))) or 0, FIRST - 1) + 1
        return range(first, first + count)

    def _ticket(self, number: int, late: bool) -> dict[str, Any]:
        state = self.dice.choice(list(STAGES) if late else [*STAGES, "suspended"])
        dealer = self.dice.choice(self.dealers)
        days = timedelta(days=self.dice.randrange(3))
        over = self.now.replace(hour=0, minute=0, second=0, microsecond=0) - days
        return {
            "id": number,
            "number": number,
            "type": self.dice.choice(RULES.type_names),
            "state": state,
            "suspended_from": "taken" if state == "suspended" else None,
            "source": "crm",
            "intake_hash": "",
            "acquired_by_dealer": False,
            "customer_id": number,
            "dealer_id": dealer,
            "opened_on": self.now.date(),
            "created_at": self.now - timedelta(days=40),
            "stage": STAGES.get(state),
            "due_at": (over if late else self.now + timedelta(days=2)) if state in STAGES else None,
            "confirmed_version": self.dice.choice([None, 1]),
            "tax_id": f"{number:010}",
            "company_key": "",
            "city_key": "",
            "search": "",
            "version": 1,
        }

    def _customer(self, row: dict[str, Any]) -> dict[str, Any]:
        code = f"5{row['id'] % 3}-{row['id'] % 1000:03}"
        made = {"created_at": self.now, "version": 1, "postal_code": code}
        return {"id": row["id"], "tax_id": row["tax_id"], "name": f"Sklep {row['id']}", **made}

    def _point(self, row: dict[str, Any], each: int) -> tuple[dict[str, Any], dict[str, Any]]:
        number = row["number"] * 10 + each
        other = self.dice.choice(self.dealers)
        holder = self.dice.choice([row["dealer_id"], row["dealer_id"], None, other]) if each else row["dealer_id"]
        one = {
            "id": number,
            "ticket_id": row["id"],
            "point_id": number,
            "dealer_id": holder,
            "state": self.dice.choice(["new", "taken", "closed", "suspended"]) if each else "new",
            "version": 1,
        }
        return {"id": number, "customer_id": row["id"], "name": "Sklep", "version": 1}, one

    def _assignment(self, row: dict[str, Any]) -> dict[str, Any]:
        taken_at = self.begun if row["state"] != "new" else None
        held = {"taken_at": taken_at, "assigned_at": self.begun, "how": "intake"}
        return {"ticket_id": row["id"], "dealer_id": row["dealer_id"], **held}

    def ask_for_more_time(self, every: int = 3) -> None:
        """Some dealers have asked for a later day, some have given up shops of theirs before."""
        with self.database.transaction() as session:
            for one in session.scalars(select(Assignment).where(Assignment.ticket_id % every == 0)):
                request = {"stage": "take", "state": "asked", "until": self.now.date(), "reason": "Urlop"}
                asked = {"asked_at": self.now, "asked_by": "Alfa", "version": 1}
                session.add(DeadlineExtension(ticket_id=one.ticket_id, assignment_id=one.id, **{**request, **asked}))
            for shop in session.scalars(select(Subticket).where(Subticket.id % every == 0, Subticket.dealer_id > 0)):
                before = self.now - timedelta(days=20)
                session.add(SubticketTenure(subticket_id=shop.id, dealer_id=shop.dealer_id, ended_at=before))

    def rows(self, kind: Any, numbers: Collection[int] | None = None) -> list[Any]:
        """Rows of these tickets, oldest first."""
        of = kind.id if kind is Ticket else kind.ticket_id
        query = select(kind) if numbers is None else select(kind).where(of.in_(numbers))
        with self.database.reading() as session:
            found = list(session.scalars(query.order_by(kind.id)))
            session.expunge_all()
        return found
