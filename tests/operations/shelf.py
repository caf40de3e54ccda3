"""A hundred made-up tickets straight into the tables, and what the list would say of them read slowly in Python."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from mikroserwis.access import Actor
from mikroserwis.companies import cache_company
from mikroserwis.models import Assignment, Customer, Dealer, DealerType, RetailPoint, Subticket, SubticketTenure, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets.wanted import OPEN, STATES, Wanted

ALPHABET = " -0123456789aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
NAMES = [
    "Ćma",
    "Cukier",
    "Łabędź",
    "Lublin",
    "Lądek",
    "Żabka",
    "Źródło",
    "Zebra",
    "Ósemka",
    "Osa",
    "Święto",
    "Swój sklep",
]
CITIES = ["Łódź", "Lublin", "Świdnik", "Sieciechów", "Zgierz", "Żary", "Ząbki", "Ostrów"]
PLAIN = str.maketrans("ąćęłńóśźż", "acelnoszz")


def fill(session: Session, chance: random.Random, dealers: list[int | None], now: datetime, count: int = 100) -> None:
    """Tickets of every state and kind, some shared between dealers, some given up."""
    customers = [_customer(chance, index, now) for index in range(30)]
    session.add_all(customers)
    session.flush()
    for index in range(count):
        customer = chance.choice(customers)
        state = chance.choice(STATES)
        opened = today(now) - timedelta(days=chance.randrange(120))
        ticket = Ticket(
            number=1000 + index,
            type=chance.choice(["insoft", "fiscal"]),
            state=state,
            source="api",
            acquired_by_dealer=chance.random() < 0.3,
            customer=customer,
            dealer_id=None if state == "new" and chance.random() < 0.5 else chance.choice(dealers[:-1]),
            opened_on=opened,
            closed_on=opened + timedelta(days=chance.randrange(3)) if state == "closed" else None,
            due_at=now + timedelta(days=chance.randrange(-9, 9)) if state in {"new", "taken", "contract"} else None,
            created_at=now,
        )
        cache_company(ticket, customer)
        session.add(ticket)
        session.flush()
        if chance.random() < 0.2:
            session.add(_former(ticket, chance.choice(dealers[:-1]), now))
        holder = chance.choice(dealers)
        for nth in range(chance.choice((1, 1, 1, 2))):
            shop = _shop(session, chance, ticket, nth, holder)
            if chance.random() < 0.2 and holder is not None:
                session.add(SubticketTenure(subticket_id=shop.id, dealer_id=holder, ended_at=now))


def _customer(chance: random.Random, index: int, now: datetime) -> Customer:
    return Customer(
        tax_id=f"{chance.randrange(10)}{index:09}",
        name=f"{chance.choice(NAMES)} {chance.choice(NAMES)}",
        city=chance.choice(CITIES),
        created_at=now,
    )


def _former(ticket: Ticket, dealer_id: int | None, now: datetime) -> Assignment:
    return Assignment(
        ticket_id=ticket.id, dealer_id=dealer_id, assigned_at=now, how="intake", ended_at=now, ended_by="resignation"
    )


def _shop(session: Session, chance: random.Random, ticket: Ticket, nth: int, holder: int | None) -> Subticket:
    point = RetailPoint(id=50_000 + 10_000 * nth + ticket.number, customer_id=ticket.customer_id)
    dealer_id = holder if chance.random() < 0.3 else None if chance.random() < 0.2 else ticket.dealer_id
    state = "new" if dealer_id is None else chance.choice(["new", "taken"])
    shop = Subticket(ticket_id=ticket.id, point=point, dealer_id=dealer_id, state=state, stations_buy=1)
    session.add(shop)
    session.flush()
    return shop


def everything(session: Session) -> list[Ticket]:
    loads = joinedload(Ticket.customer), joinedload(Ticket.dealer), selectinload(Ticket.subtickets)
    return list(session.scalars(select(Ticket).options(*loads)))


def sees(session: Session, actor: Actor, ticket: Ticket) -> bool:
    """The scope in plain words: one's own, the pool, shops held, shops that are free."""
    if not actor.is_dealer:
        return True
    mine = actor.dealer_id
    dealer = session.get_one(Dealer, mine)
    able = dealer.active and session.get(DealerType, (mine, ticket.type)) is not None
    had = session.scalars(select(Assignment.dealer_id).where(Assignment.ticket_id == ticket.id)).all()
    pooled = ticket.dealer_id is None and ticket.state == "new" and able and mine not in had
    held = any(one.dealer_id == mine for one in ticket.subtickets)
    free = (
        able
        and ticket.state == "contract"
        and any(
            one.dealer_id is None and one.state == "new" and session.get(SubticketTenure, (one.id, mine)) is None
            for one in ticket.subtickets
        )
    )
    return ticket.dealer_id == mine or pooled or held or free


def _plain(text: str) -> str:
    return text.lower().translate(PLAIN)


def fits(ticket: Ticket, wanted: Wanted, actor: Actor, today: date) -> bool:
    """Each filter as a person would apply it to a line of the list."""
    customer = ticket.customer
    text = _plain(f"{ticket.number} {customer.tax_id} {customer.name} {customer.city}")
    days = ((ticket.closed_on or today) - ticket.opened_on).days
    caretaker: dict[str, bool] = {
        "": True,
        "yes": ticket.dealer_id == actor.dealer_id,
        "no": ticket.dealer_id != actor.dealer_id,
        "none": ticket.dealer_id is None,
    }
    return all(
        (
            all(_plain(word).replace("-", "") in text for word in wanted.q.split()),
            wanted.type in {"", ticket.type},
            wanted.number in {"", str(ticket.number)},
            customer.tax_id.startswith(wanted.tax_id.replace("-", "")),
            _plain(wanted.company) in _plain(customer.name),
            _plain(wanted.city) in _plain(customer.city),
            wanted.acquired in {"", "yes" if ticket.acquired_by_dealer else "no"},
            wanted.state in {"", ticket.state} or (wanted.state == "open" and ticket.state in OPEN),
            caretaker.get(wanted.caretaker, str(ticket.dealer_id) == wanted.caretaker),
            wanted.opened_from is None or ticket.opened_on >= wanted.opened_from,
            wanted.opened_to is None or ticket.opened_on <= wanted.opened_to,
            wanted.closed_from is None or (ticket.closed_on is not None and ticket.closed_on >= wanted.closed_from),
            wanted.closed_to is None or (ticket.closed_on is not None and ticket.closed_on <= wanted.closed_to),
            wanted.days_min is None or days >= wanted.days_min,
            wanted.days_max is None or days <= wanted.days_max,
        )
    )


def alphabetical(text: str) -> list[int]:
    return [ALPHABET.index(sign) for sign in text.lower()]


def in_order(tickets: list[Ticket], sort: str, today: date) -> list[int]:
    """Numbers, sorted as the Polish alphabet and the calendar say; what is empty last, either way."""
    keys: dict[str, Any] = {
        "type": lambda one: one.type,
        "number": lambda one: one.number,
        "tax_id": lambda one: one.customer.tax_id,
        "company": lambda one: alphabetical(one.customer.name),
        "city": lambda one: alphabetical(one.customer.city),
        "acquired": lambda one: one.acquired_by_dealer,
        "state": lambda one: one.state,
        "caretaker": lambda one: alphabetical(one.dealer.name) if one.dealer else None,
        "opened": lambda one: one.opened_on,
        "closed": lambda one: one.closed_on,
        "days": lambda one: ((one.closed_on or today) - one.opened_on).days,
        "due": lambda one: one.due_at,
    }
    key = keys[sort.removeprefix("-")]
    filled = [one for one in tickets if key(one) is not None]
    empty = [one for one in tickets if key(one) is None]
    down = sort.startswith("-")
    found = sorted(filled, key=lambda one: (key(one), one.id), reverse=down)
    return [one.number for one in (*found, *sorted(empty, key=lambda one: one.id, reverse=down))]
