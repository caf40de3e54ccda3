"""A database of many tickets, made in bulk."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from mikroserwis import migrate
from mikroserwis.db import Database, make_engine
from mikroserwis.models import (
    Assignment,
    Customer,
    Dealer,
    DealerArea,
    DealerType,
    RetailPoint,
    Subticket,
    Ticket,
    User,
)
from mikroserwis.textkeys import fold, sort_key

DEALERS = 400
TOWNS = ("Sieciechów", "Radom", "Zwoleń", "Pionki", "Kozienice", "Łódź", "Żyrardów", "Arklity", "Ząbki", "Ćmielów")
SHOPS = ("Delikatesy", "Sklep", "Hetman", "Zofia", "Ogrodowa", "Łan", "Żabka")
STATES, SHARES = ("new", "taken", "contract", "suspended", "closed"), (5, 10, 20, 5, 60)


def plant(url: str, tickets: int) -> Database:
    """Migrated, with `tickets` tickets of as many companies among 400 dealers; user 1 is a dealer's, 2 an operator."""
    database = Database(make_engine(url))
    migrate.upgrade(database.engine)
    now, made = datetime.now(UTC), random.Random(115)
    with database.transaction() as session:
        for index in range(DEALERS):
            dealer = Dealer(crm_id=101 + index, name=f"Dealer {index}", capacity=tickets)
            dealer.areas, dealer.types = [DealerArea(prefix=f"{index % 100:02}")], [DealerType(type="insoft")]
            session.add(dealer)
        session.flush()
        for name, role, dealer_id in (("dealer", "dealer", 7), ("operator", "operator", None)):
            session.add(User(email=f"{name}@x.example", name=name, role=role, dealer_id=dealer_id, created_at=now))
            session.flush()
        for begin in range(1, tickets + 1, 10_000):
            numbers = range(begin, min(begin + 10_000, tickets + 1))
            rows = [_ticket(number, now, made) for number in numbers]
            session.execute(insert(Customer), [_customer(row, now) for row in rows])
            session.execute(
                insert(Ticket), [{key: row[key] for key in row if key not in ("name", "city")} for row in rows]
            )
            session.execute(insert(RetailPoint), [_point(number) for number in numbers])
            session.execute(insert(Subticket), [_subticket(row) for row in rows])
            session.execute(insert(Assignment), list(_assignments(rows)))
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    return database


def _ticket(number: int, now: datetime, made: random.Random) -> dict[str, Any]:
    name, city, tax_id = f"PPHU {made.choice(SHOPS)} {number}", made.choice(TOWNS), f"{number:010}"
    state = made.choices(STATES, SHARES)[0]
    dealer = None if state == "new" and made.random() < 0.1 else made.randrange(1, DEALERS + 1)
    opened = date.today() - timedelta(days=made.randrange(900))  # noqa: DTZ011 - any day will do
    running = state in {"new", "taken", "contract"} and dealer is not None
    return {
        "id": number,
        "number": number,
        "type": "insoft",
        "state": state,
        "source": "crm",
        "intake_hash": "",
        "acquired_by_dealer": made.random() < 0.1,
        "customer_id": number,
        "dealer_id": dealer,
        "opened_on": opened,
        "closed_on": opened + timedelta(days=20) if state == "closed" else None,
        "created_at": now,
        "stage": {"new": "take", "taken": "contract", "contract": "completion"}[state] if running else None,
        "due_at": now + timedelta(hours=made.randrange(-50, 500)) if running else None,
        "warn_at": None,
        "tax_id": tax_id,
        "company_key": sort_key(name),
        "city_key": sort_key(city),
        "search": fold(f"{number} {tax_id} {name} {city}"),
        "version": 1,
        "name": name,
        "city": city,
    }


def _customer(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": row["id"],
        "tax_id": row["tax_id"],
        "name": row["name"],
        "city": row["city"],
        "created_at": now,
        "version": 1,
    }


def _point(number: int) -> dict[str, Any]:
    return {"id": number, "customer_id": number, "name": "Sklep", "version": 1}


def _subticket(row: dict[str, Any]) -> dict[str, Any]:
    state = "closed" if row["state"] == "closed" else "new"
    return {
        "id": row["id"],
        "ticket_id": row["id"],
        "point_id": row["id"],
        "dealer_id": row["dealer_id"],
        "state": state,
        "stations_buy": 1,
        "version": 1,
    }


def _assignments(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["dealer_id"] is not None and row["state"] != "closed":
            yield {
                "ticket_id": row["id"],
                "dealer_id": row["dealer_id"],
                "assigned_at": row["created_at"],
                "how": "intake",
            }
