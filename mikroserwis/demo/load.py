"""Fill an empty database: the cast, the imports day by day, and what people did with the tickets since."""

import gc
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import BytesIO

import requests
from sqlalchemy import select, update

from mikroserwis.access import Actor
from mikroserwis.demo import cast, prices, training
from mikroserwis.demo.companies import SAM
from mikroserwis.demo.plan import SWEEP, Planned, Step, nights, opened_at, steps, tickets
from mikroserwis.demo.play import Player
from mikroserwis.demo.sheet import as_csv
from mikroserwis.edge import Parts
from mikroserwis.models import Customer, JobRun, Subticket, Ticket, User
from mikroserwis.rulebook import RULES
from mikroserwis.sweeps import tell
from mikroserwis.sweeps.ledger import Run
from mikroserwis.tickets.operations.imports import import_file

BACK_OFFICE = Actor(user_id=None, name="CRM", role="system", source="cli")


class BadDemo(Exception):
    """The demo's own file was refused: a fault of the program."""


def load(parts: Parts, now: datetime) -> None:
    """Needs a migrated, empty database and a backoffice that answers; `now` is aware.

    Everything that happened is dated before `now`. What the newest of it has to send lies in the outbox.
    """
    today = now.astimezone(RULES.tz).date()
    planned = tickets(today)
    with parts.database.transaction() as session:
        cast.enter(session, now - timedelta(days=90))
        actors = cast.actors(session)
        prices.enter(session, actors["operator"], now)
        training.enter(session, parts.store, actors["operator"], now)
    with Player(parts, actors) as player, _no_collection():
        for moment, act in _timeline(planned, now):
            if act is None:
                _sweep(parts, moment)
            elif isinstance(act, Step):
                getattr(player, act.act)(act.number, moment)
            else:
                _import(parts, act, moment)
    _give_to_seller(parts)
    _switch_stations(parts)


@contextmanager
def _no_collection() -> Iterator[None]:
    """A newcomer waits for this: looking for garbage meanwhile would take every sixth second."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _timeline(planned: list[Planned], now: datetime) -> Iterator[tuple[datetime, Step | list[Planned] | None]]:
    """Imports, acts and (None) the sweeps of the nights, in the order of their moments."""
    days: dict[date, list[Planned]] = defaultdict(list)
    for ticket in planned:
        days[ticket.opened_on].append(ticket)
    happenings: list[tuple[datetime, Step | list[Planned] | None]] = [
        (opened_at(day, now), of_day) for day, of_day in sorted(days.items())
    ]
    happenings.extend((night, None) for night in nights(min(days), now))
    happenings.extend((step.at, step) for ticket in planned for step in steps(ticket, now))
    yield from sorted(happenings, key=lambda happening: happening[0])


def _sweep(parts: Parts, night: datetime) -> None:
    """As a run of the ledger, and those whom it concerns are told."""
    day, started = night.date().isoformat(), {"started_at": night, "attempts": 1}
    with parts.database.transaction() as session:
        row = JobRun(job=SWEEP.name, due=day, lease_until=night + SWEEP.lease, process="demo", **started)
        session.add(row)
        session.flush()
        run_id = row.id
    run = Run(run_id, SWEEP.name, day, 1, night, {}, lambda: night, SWEEP.lease, parts.database)
    result = SWEEP.work(parts, run)
    run.done(result)
    while result["examined"] and tell.work(parts, lambda: night):
        pass


def _import(parts: Parts, of_day: list[Planned], now: datetime) -> None:
    with parts.database.transaction() as session:
        report = import_file(session, "crm.csv", BytesIO(as_csv(of_day)), actor=BACK_OFFICE, now=now)
        if report.errors:
            raise BadDemo(report.errors)


def _give_to_seller(parts: Parts) -> None:
    """The seller looks after the companies whose account manager it is."""
    with parts.database.transaction() as session:
        seller = session.scalars(select(User.id).where(User.role == "seller")).one()
        own = Customer.account_manager_email == SAM.manager[2]
        session.execute(update(Customer).where(own).values(owner_id=seller))


def _switch_stations(parts: Parts) -> None:
    """Shops that are being installed talk to the platform, every third not yet; the manual's shop doesn't."""
    with parts.database.reading() as reading:
        rows = reading.execute(
            select(Subticket.point_id, Subticket.stations_buy + Subticket.stations_exchange)
            .join(Ticket, Ticket.id == Subticket.ticket_id)
            .where(
                Ticket.type == "insoft",
                Subticket.state.in_(("taken", "closed")),
                Subticket.outcome.is_distinct_from("withdrawn"),
            )
            .order_by(Subticket.point_id)
        ).all()
    url = parts.settings.backoffice_url
    with requests.Session() as client:
        client.trust_env = False
        _switch(client, url, SAM.shops[0].point_id, 1, online=False)
        for index, (point_id, stations) in enumerate(rows):
            for number in range(1, stations + 1):
                _switch(client, url, point_id, number, online=index % 3 != 0)


def _switch(client: requests.Session, url: str, point_id: int, number: int, *, online: bool) -> None:
    answer = client.put(f"{url}/sandbox/points/{point_id}/stations/{number}", json={"online": online}, timeout=10)
    answer.raise_for_status()
