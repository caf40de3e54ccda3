"""Tickets and tenures by chance, of every kind that the figures tell apart; many moments lie close to midnight."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from mikroserwis.models import Assignment, Customer, Dealer, Event, Ticket
from mikroserwis.rulebook import RULES
from tests.support.cast import PEOPLE

STATES = ("new", "taken", "contract", "suspended", "closed")
OWED = {"new": "take", "taken": "contract", "contract": "completion"}
FIRST = 900_000


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), RULES.tz)


def plant(session: Session, now: datetime, seed: int, count: int) -> None:
    """So many tickets of one company among the cast's dealers, each with one tenure unless it lies in the pool."""
    made = random.Random(seed)
    dealers = [*session.scalars(select(Dealer.id).order_by(Dealer.id))]
    customer = Customer(tax_id="1234563218", name="Sklep Los", city="Łódź", postal_code="90-001", created_at=now)
    session.add(customer)
    session.flush()
    first = (session.scalar(select(Ticket.id).order_by(Ticket.id.desc()).limit(1)) or 0) + 1
    rows = [_ticket(first + index, customer.id, dealers, now, made) for index in range(count)]
    session.execute(insert(Ticket), rows)
    held = [row for row in rows if row["dealer_id"] is not None]
    session.execute(insert(Assignment), [_tenure(row, now, made) for row in held])
    session.execute(insert(Event), [_act(row, verb, at) for row in held for verb, at in _pauses(row, now, made)])


def _near_midnight(now: datetime, made: random.Random, days: int) -> datetime:
    """Within so many days around now, half of them within two hours of a midnight in Warsaw."""
    moment = now + timedelta(days=made.uniform(-days, 0))
    if made.random() < 0.5:
        local = midnight(moment.astimezone(RULES.tz).date())
        moment = min(local + timedelta(minutes=made.randrange(-120, 120)), now)
    return moment.astimezone(UTC)


def _ticket(id_: int, customer_id: int, dealers: list[int], now: datetime, made: random.Random) -> dict[str, Any]:
    state = made.choice(STATES)
    dealer = None if state == "new" and made.random() < 0.3 else made.choice(dealers)
    opened = now.astimezone(RULES.tz).date() - timedelta(days=made.randrange(120))
    owed = OWED.get(state) if dealer is not None else None
    due = midnight(now.astimezone(RULES.tz).date() + timedelta(days=made.randrange(-5, 20)))
    return {
        "id": id_,
        "number": FIRST + id_,
        "type": made.choice(("insoft", "fiscal")),
        "state": state,
        "outcome": "done" if state == "closed" else None,
        "source": "crm",
        "intake_hash": "",
        "acquired_by_dealer": False,
        "customer_id": customer_id,
        "dealer_id": dealer,
        "opened_on": opened,
        "closed_on": opened + timedelta(days=made.randrange(5)) if state == "closed" else None,
        "created_at": midnight(opened) + timedelta(hours=9),
        "stage": owed,
        "due_at": due if owed else None,
        "tax_id": "1234563218",
        "company_key": "sklep los",
        "city_key": "łódź",
        "search": "sklep los",
        "version": 1,
    }


def _tenure(row: dict[str, Any], now: datetime, made: random.Random) -> dict[str, Any]:
    assigned = _near_midnight(now, made, 60)
    day = assigned.astimezone(RULES.tz).date()
    taken = _later(assigned, now, made)
    contract = _later(taken, now, made) if taken else None
    # Nothing is done in a tenure that has ended.
    begun = contract or taken or assigned
    ended = _later(begun, now, made) if row["state"] == "closed" or made.random() < 0.3 else None
    ways = ("close", "sweep", "resignation", "staff", "undone")
    return {
        "ticket_id": row["id"],
        "dealer_id": row["dealer_id"],
        "assigned_at": assigned,
        "how": made.choice(("intake", "sweep", "staff", "pool", "acquired", "reopened")),
        "taken_at": taken,
        "contract_at": contract,
        "ended_at": ended,
        "ended_by": made.choice(ways) if ended else None,
        "take_due": midnight(day + timedelta(days=made.randrange(1, 5))) if made.random() < 0.9 else None,
        "contract_due": midnight(day + timedelta(days=made.randrange(5, 9))) if made.random() < 0.9 else None,
        "completion_due": midnight(day + timedelta(days=made.randrange(9, 40))) if made.random() < 0.9 else None,
    }


def _later(moment: datetime, now: datetime, made: random.Random) -> datetime | None:
    """A moment between this one and now, mostly soon after it; or none."""
    later = moment + timedelta(hours=made.expovariate(1 / 70))
    return min(later, now) if made.random() < 0.75 else None


def _pauses(row: dict[str, Any], now: datetime, made: random.Random) -> list[tuple[str, datetime]]:
    if row["state"] != "suspended" and made.random() < 0.7:
        return []
    begin = _near_midnight(now, made, 40)
    if row["state"] == "suspended":
        return [("suspend", begin)]
    return [("suspend", begin), ("resume", begin + timedelta(days=made.uniform(0, 5)))]


def _act(row: dict[str, Any], verb: str, at: datetime) -> dict[str, Any]:
    return {"at": at, "actor": PEOPLE["operator"].email, "source": "web", "verb": verb, "ticket_id": row["id"]}
