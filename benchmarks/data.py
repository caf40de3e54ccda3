"""A database of many tickets, made in bulk."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text

from mikroserwis import migrate
from mikroserwis.db import Database, make_engine
from mikroserwis.models import (
    Assignment,
    Customer,
    Dealer,
    DealerArea,
    DealerType,
    Event,
    File,
    Note,
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


def plant(url: str, tickets: int, shares: Sequence[int] = SHARES) -> Database:
    """Migrated, with `tickets` tickets of as many companies among 400 dealers; user 1 is a dealer's, 2 an operator.

    `shares` is how many of a hundred are in each of `STATES`.
    """
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
            rows = [_ticket(number, now, made, shares) for number in numbers]
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


def _ticket(number: int, now: datetime, made: random.Random, shares: Sequence[int]) -> dict[str, Any]:
    name, city, tax_id = f"PPHU {made.choice(SHOPS)} {number}", made.choice(TOWNS), f"{number:010}"
    state = made.choices(STATES, shares)[0]
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
        "postal_code": f"{row['id'] % 100:02}-{row['id'] % 1000:03}",
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


def enrich(database: Database, number: int) -> None:
    """Make the ticket one in the middle of its work: 5 sub-tickets, 8 files, 40 acts in its history."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        ticket.state, ticket.stage = "contract", "completion"
        ticket.due_at, ticket.warn_at = now + timedelta(days=9), now - timedelta(days=1)
        of = {"ticket_id": ticket.id}
        shops = range(10_000_000 + number * 10, 10_000_000 + number * 10 + 4)
        session.execute(insert(RetailPoint), [{**_point(shop), "customer_id": ticket.customer_id} for shop in shops])
        session.execute(
            insert(Subticket),
            [{**of, "point_id": shop, "dealer_id": ticket.dealer_id, "state": "taken", "version": 1} for shop in shops],
        )
        session.execute(insert(File), [_file(ticket, order, now) for order in range(8)])
        session.execute(insert(Event), [_event(ticket, order, now) for order in range(40)])
        session.execute(insert(Note), [_note(ticket, order, now) for order in range(4)])


def _file(ticket: Ticket, order: int, now: datetime) -> dict[str, Any]:
    kind = ("quote", "contract", "power_of_attorney", "other")[min(order % 5, 3)]
    return {
        "ticket_id": ticket.id,
        "dealer_id": ticket.dealer_id,
        "kind": kind,
        "version": order // 5 + 1,
        "name": f"{kind}-{order}.pdf",
        "sha256": f"{order:064}",
        "size": 120_000 + order,
        "content_type": "application/pdf",
        "pages": 2,
        "uploaded_at": now - timedelta(days=4, hours=order),
        "uploaded_by": "Anna Wierzba",
        "replaced_at": now - timedelta(days=2) if order < 3 else None,
    }


VERBS = ("company", "confirm", "suspend", "resume")


def _event(ticket: Ticket, order: int, now: datetime) -> dict[str, Any]:
    verb = VERBS[order % len(VERBS)]
    return {
        "at": now - timedelta(hours=100 - order),
        "actor": "Anna Wierzba (Dealer 6)",
        "dealer_id": ticket.dealer_id,
        "source": "web",
        "verb": verb,
        "ticket_id": ticket.id,
        "changes": '{"phone": ["123", "582000106"]}' if verb in {"company", "point"} else "{}",
        "data": '{"note": "W toku"}' if verb == "suspend" else "{}",
    }


def _note(ticket: Ticket, order: int, now: datetime) -> dict[str, Any]:
    at = now - timedelta(hours=order)
    return {"ticket_id": ticket.id, "dealer_id": ticket.dealer_id, "author": "Anna Wierzba", "at": at, "text": "W toku"}
