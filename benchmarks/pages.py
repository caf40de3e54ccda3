"""List, ticket page and taking over HTTP, beside bare routes on the same server that run the same kind of query."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select, update

from benchmarks.data import enrich, plant
from benchmarks.measure import Figure, in_turn, report
from benchmarks.serving import Served, serving
from config import Settings
from mikroserwis.db import Database
from mikroserwis.models import Assignment, Subticket, Ticket

TICKETS, ROUNDS = 100_000, 60
LIST_LIMIT, PAGE_LIMIT, TAKE_LIMIT = 3, 4, 8
# The quickest of the other systems with 10 000 tickets, in ms; we have ten times as many and are to be 5 × quicker.
PEER_LIST_MS, PEER_PAGE_MS, QUICKER = 45, 32, 5
DEALER = 7
LISTS = {
    "list, dealer": ("dealer", "/tickets?state=open&sort=company"),
    "list, staff": ("operator", "/tickets?state=contract&sort=company"),
    "list, staff, page 40": ("operator", "/tickets?state=contract&sort=company&page=40"),
    "last page, staff": ("operator", "/tickets?page=-1"),
}


def run() -> list[Figure]:
    """Medians of 60 turns each."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), base_url="http://127.0.0.1")
        database = plant(settings.database, TICKETS)
        rich, to_take = _rich(database, 40), _to_take(database, 2 * (ROUNDS + 3))
        database.engine.dispose()
        with serving(settings) as served:
            return [*_pages(served, rich), *_taking(served, to_take)]


def _pages(served: Served, rich: Sequence[int]) -> list[Figure]:
    operator = served.caller("operator")
    dealer = served.caller("dealer")
    callers = {"operator": operator, "dealer": dealer}
    several = _each(rich)
    contestants: dict[str, Callable[[], object]] = {
        "bare list": operator.get("/bare/list"),
        "bare ticket": operator.get(f"/bare/{rich[0]}"),
        **{name: callers[who].get(path) for name, (who, path) in LISTS.items()},
        "search, staff": operator.get("/tickets?q=sieciechow+777"),
        "ticket page": dealer.get(f"/tickets/{rich[0]}"),
        "ticket page, another each time": lambda: dealer.ask("GET", f"/tickets/{next(several)}"),
    }
    times = in_turn(contestants, ROUNDS)
    figures = [_page(name, seconds, times) for name, seconds in times.items()]
    for name, peer in (("list, staff", PEER_LIST_MS), ("ticket page", PEER_PAGE_MS)):
        quicker = peer / (times[name] * 1000)
        against = f"× the quickest peer's {peer} ms (asked for: {QUICKER} ×)"
        figures.append(
            Figure(
                name=f"{name}, peers",
                said=f"{quicker:.1f} ×",
                value=quicker,
                limit=QUICKER,
                at_least=True,
                against=against,
            )
        )
    return report(f"pages over HTTP, {TICKETS:,} tickets, medians", figures)


def _page(name: str, seconds: float, times: dict[str, float]) -> Figure:
    said = f"{seconds * 1000:.2f} ms"
    if name.startswith(("bare", "search")):
        return Figure(name=name, said=said, value=seconds)
    bare, limit = ("bare ticket", PAGE_LIMIT) if "ticket page" in name else ("bare list", LIST_LIMIT)
    ratio = seconds / times[bare]
    against = f"{ratio:.2f} × the bare route (asked for: {limit})"
    return Figure(name=name, said=said, value=ratio, limit=limit, against=against)


def _taking(served: Served, numbers: Sequence[int]) -> list[Figure]:
    """Each turn takes a ticket of its own, by the page's form."""
    caller, left = served.caller("dealer"), iter(numbers)
    token = caller.token()

    def take() -> object:
        return caller.ask("POST", f"/tickets/{next(left)}/taking", {"csrf_token": token, "once": uuid4().hex})

    contestants: dict[str, Callable[[], object]] = {
        "bare guarded update": lambda: caller.ask("POST", f"/bare/{next(left)}"),
        "take": take,
    }
    times = in_turn(contestants, ROUNDS)
    bare, taken = times["bare guarded update"], times["take"]
    figures = [
        Figure(name="bare guarded update", said=f"{bare * 1000:.2f} ms", value=bare),
        Figure(
            name="take",
            said=f"{taken * 1000:.2f} ms",
            value=taken / bare,
            limit=TAKE_LIMIT,
            against=f"{taken / bare:.2f} × the bare update (asked for: {TAKE_LIMIT})",
        ),
    ]
    return report("taking a ticket over HTTP, everything written, medians", figures)


def _each(numbers: Sequence[int]) -> Iterator[int]:
    while True:
        yield from numbers


def _rich(database: Database, count: int) -> list[int]:
    """Tickets of the dealer in the middle of their work."""
    with database.reading() as session:
        query = select(Ticket.number).where(Ticket.dealer_id == DEALER, Ticket.state == "contract").limit(count)
        numbers = list(session.scalars(query))
    for number in numbers:
        enrich(database, number)
    return numbers


def _to_take(database: Database, count: int) -> list[int]:
    """New tickets that the dealer may take."""
    with database.transaction() as session:
        rows = session.execute(
            select(Ticket.id, Ticket.number)
            .where(Ticket.state == "new", Ticket.dealer_id.is_not(None), Ticket.dealer_id != DEALER)
            .limit(count)
        ).all()
        ids = [row.id for row in rows]
        for table, column in (
            (Ticket, Ticket.id),
            (Subticket, Subticket.ticket_id),
            (Assignment, Assignment.ticket_id),
        ):
            session.execute(update(table).where(column.in_(ids)).values(dealer_id=DEALER))
    return [row.number for row in rows]
