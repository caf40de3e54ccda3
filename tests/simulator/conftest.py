"""History made by people and by the real sweep, night after night."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import select

from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.models import Assignment, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.schedule import DAILY
from mikroserwis.tickets.clock import reclock
from mikroserwis.tickets.extending.operations import extend
from mikroserwis.tickets.operations import handover, pausing
from tests.operations.desk import REACH, Desk

SWEEP = next(job for job in DAILY if job.name == "sweep")


def at_night(day: date) -> datetime:
    return datetime.combine(day, SWEEP.at, RULES.tz)


class History:
    """Dealers who cover everything, tickets of every day, and a sweep each night."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self.desk, self.parts = desk, parts
        self.dealers = [desk.add_dealer(f"Dealer {name}", 2000 + n, "0", "1", "2", "7") for n, name in enumerate("CDE")]
        self.everybody = [*self.dealers, desk.actor("alfa"), desk.actor("beta")]
        self.number = 9000

    def open_tickets(self, count: int) -> list[int]:
        """Fiscal tickets, which need no quote, given out by the rules; their numbers."""
        begun = self.number + 1
        for number in range(begun, begun + count):
            self.desk.intake(number, type="fiscal", dealer_crm_id=None)
        self.number += count
        return list(range(begun, begun + count))

    def sweep(self, day: date) -> None:
        """The night's run, as the scheduler offers it."""
        self.desk.now = at_night(day)
        assert ledger.offer(self.parts, SWEEP, lambda: self.desk.now)

    def backdate(self, days: int) -> None:
        """Every ticket of the cast came in so many days ago, with its clock."""
        with self.desk.database.transaction() as session:
            for ticket in session.scalars(select(Ticket)):
                ticket.created_at -= timedelta(days=days)
                for tenure in session.scalars(select(Assignment).where(Assignment.ticket_id == ticket.id)):
                    tenure.assigned_at -= timedelta(days=days)
                reclock(session, ticket, self.desk.now)

    @property
    def today(self) -> date:
        return self.desk.now.astimezone(RULES.tz).date()

    def holder(self, number: int) -> Actor:
        """Somebody of the dealer who has the ticket."""
        ticket = self.desk.ticket(number)
        return next(one for one in self.everybody if one.dealer_id == ticket.dealer_id)

    def nights_without_acts(self, first: date, days: int) -> None:
        """The sweep of so many nights, then it is noon."""
        for n in range(1, days + 1):
            self.sweep(first + timedelta(days=n))
        self.desk.now += timedelta(hours=12)

    def nights(self, days: int, dice: Random) -> None:
        """Each day something is done to some tickets; each night the sweep comes."""
        numbers: list[int] = []
        first = self.desk.now.astimezone(RULES.tz).date()
        for day in (first + timedelta(days=n) for n in range(1, days + 1)):
            self.sweep(day)
            self.desk.now = datetime.combine(day, time(10), RULES.tz)
            if (day - first).days < days // 2:
                numbers += self.open_tickets(2)
            for number in numbers:
                self.act(number, dice, day)

    def act(self, number: int, dice: Random, day: date) -> None:
        """Perhaps its dealer does something, or staff do."""
        ticket, desk = self.desk.ticket(number), self.desk
        who = next((one for one in self.everybody if one.dealer_id == ticket.dealer_id), None)
        if who is None or dice.random() > 0.3:
            return
        wish = dice.random()
        if ticket.state == "suspended":
            desk.do(pausing.resume, number, who, "ticket.resume")
        elif wish < 0.12:
            until = max(day, (ticket.due_at or desk.now).astimezone(RULES.tz).date()) + timedelta(days=3)
            desk.do(extend, number, "operator", REACH, until=until, reason="Urlop")
        elif wish < 0.2:
            desk.do(handover.resign, number, who, "ticket.resign", note="Brak ludzi")
        elif ticket.state == "new":
            desk.take(number, who)
        elif ticket.state == "taken" and wish < 0.5:
            desk.do(pausing.suspend, number, who, "ticket.suspend", note="Remont")
        elif ticket.state == "taken":
            desk.confirm(number, who)
            for kind in ("contract", "power_of_attorney"):
                desk.attach(number, kind, who)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    made = Desk(database_url)
    yield made
    made.database.engine.dispose()


@pytest.fixture
def past(desk: Desk, parts: Parts) -> History:
    return History(desk, parts)
