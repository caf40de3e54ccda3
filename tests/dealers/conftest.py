"""The dealers' own floor: operations in transactions of their own, by people of the cast, at any day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.access import Actor
from mikroserwis.dealers import absences, operations, queries
from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, DealerAbsence, User
from mikroserwis.pricing import today
from tests.support.cast import PEOPLE

RADOM = {"crm_id": "1003", "name": "Kasy Radom", "capacity": "5", "areas": "05-0, 27", "types": "insoft"}
ALFA = "Dealer Alfa"


class Desk:
    """Acts on dealers at `now`, each in its transaction."""

    def __init__(self, parts: Parts) -> None:
        self.database = parts.database
        self.now = datetime.now(UTC)

    def day(self, ahead: int = 0) -> str:
        """So many days from now, in Warsaw."""
        return str(today(self.now) + timedelta(days=ahead))

    def actor(self, who: str) -> Actor:
        with self.database.reading() as session:
            user = session.scalars(select(User).where(User.email == PEOPLE[who].email)).one()
            dealer = PEOPLE[who].dealer or ""
            return Actor(user_id=user.id, name=user.name, role=user.role, dealer_id=user.dealer_id, dealer_name=dealer)

    def add(self, who: str = "operator", **changed: Any) -> int:
        with self.database.transaction() as session:
            values = {**RADOM, **changed}
            return operations.add_dealer(session, values, actor=self.actor(who), now=self.now).id

    def do(self, act: Callable[..., Any], name: str, *given: Any, who: str = "operator", **named: Any) -> Any:
        with self.database.transaction() as session:
            dealer = session.scalars(select(Dealer).where(Dealer.name == name).with_for_update()).one()
            return act(session, dealer, *given, actor=self.actor(who), now=self.now, **named)

    def away(self, first: int, last: int, who: str = "alfa", **given: Any) -> DealerAbsence:
        """Days from now, both included."""
        values = {"first_day": self.day(first), "last_day": self.day(last), **given}
        found: DealerAbsence = self.do(absences.add_absence, ALFA, values, who=who)
        return found

    def move(self, who: str = "alfa", version: int | None = None, **values: str) -> Any:
        """Change the only absence."""

        def act(session: Any, dealer: Dealer, **named: Any) -> Any:
            only = session.scalars(select(DealerAbsence)).one()
            return absences.change_absence(session, dealer, only, values, version=version, **named)

        return self.do(act, ALFA, who=who)

    def end(self, who: str = "alfa") -> None:
        def act(session: Any, dealer: Dealer, **named: Any) -> None:
            absences.end_absence(session, dealer, session.scalars(select(DealerAbsence)).one(), **named)

        self.do(act, ALFA, who=who)

    def spans(self) -> list[tuple[date, date]]:
        with self.database.reading() as session:
            rows = session.scalars(select(DealerAbsence).order_by(DealerAbsence.first_day))
            return [(one.first_day, one.last_day) for one in rows]

    def dealer(self, name: str) -> Dealer:
        with self.database.reading() as session:
            return session.scalars(select(Dealer).where(Dealer.name == name)).one()

    def told(self, name: str) -> list[tuple[str, Any]]:
        """Verb and particulars of what was done to the dealer, the newest first."""
        dealer = self.dealer(name)
        with self.database.reading() as session:
            return [(one.verb, queries.said(one)) for one in queries.last_changes(session, dealer)]


@pytest.fixture
def desk(parts: Parts) -> Desk:
    return Desk(parts)
