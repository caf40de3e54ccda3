"""Dealers side by side: each figure is what somebody would find who goes through the tenures one by one."""

import io
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.models import Assignment, Dealer, Event, Handover, Ticket
from mikroserwis.pricing import today
from mikroserwis.rulebook import RULES
from mikroserwis.supervision.comparison import period as periods
from mikroserwis.supervision.comparison import queries, table
from mikroserwis.supervision.comparison.period import Period
from mikroserwis.supervision.comparison.queries import Figures, Timely
from mikroserwis.tickets.ages import ages
from mikroserwis.tickets.operations import handover, pausing
from mikroserwis.tickets.operations.undoing import undo
from tests.operations.desk import Desk
from tests.supervision import world
from tests.support.app import clock, sqlite_only
from tests.support.cast import SAM
from tests.support.people import Api, Web

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def compared(parts: Parts, period: Period, now: datetime) -> dict[int, Figures]:
    with parts.database.reading() as session:
        return {one.dealer_id: one for one in queries.figures(session, period, now)}


@dataclass
class Slow:
    """One dealer's figures, counted by hand."""

    given: int = 0
    lost: int = 0
    resigned: int = 0
    take: list[bool] = field(default_factory=list)
    contract: list[bool] = field(default_factory=list)
    completion: list[bool] = field(default_factory=list)
    to_take: list[float] = field(default_factory=list)
    to_contract: list[float] = field(default_factory=list)
    to_close: list[float] = field(default_factory=list)

    def count(self, one: Assignment, acts: list[Event], period: Period, now: datetime) -> None:
        def inside(moment: datetime | None) -> bool:
            return moment is not None and period.start <= moment < period.end

        def missed(due: datetime | None, done: datetime | None) -> bool:
            if due is None or not inside(due) or due > now or (one.ended_at is not None and one.ended_at < due):
                return False
            before = [act.verb for act in acts if act.at <= due]
            return (done is None or done >= due) and (not before or before[-1] != "suspend")

        def met(due: datetime | None, done: datetime | None) -> bool:
            return inside(done) and due is not None and done is not None and done < due

        closed = one.ended_at if one.ended_by == "close" else None
        had_time, anew = one.how not in {"pool", "acquired", "reopened"}, one.how == "reopened"
        self.given += inside(one.assigned_at) and not anew
        self.lost += inside(one.ended_at) and one.ended_by == "sweep"
        self.resigned += inside(one.ended_at) and one.ended_by == "resignation"
        self.take += [True] * (had_time and met(one.take_due, one.taken_at))
        self.take += [False] * (had_time and missed(one.take_due, one.taken_at))
        self.contract += [True] * (not anew and met(one.contract_due, one.contract_at))
        taken = one.taken_at is not None and one.contract_due is not None and one.taken_at < one.contract_due
        self.contract += [False] * (taken and missed(one.contract_due, one.contract_at))
        self.completion += [True] * met(one.completion_due, closed)
        due = one.completion_due
        owed = one.contract_at is not None and due is not None and one.contract_at < due
        self.completion += [False] * (owed and missed(due, None))
        for into, done, counts in (
            (self.to_take, one.taken_at, had_time),
            (self.to_contract, one.contract_at, not anew),
            (self.to_close, closed, True),
        ):
            if inside(done) and done is not None and counts:
                into.append((done - one.assigned_at) / timedelta(days=1))


def slowly(parts: Parts, period: Period, now: datetime) -> dict[int, Slow]:
    with parts.database.reading() as session:
        tenures = session.scalars(select(Assignment)).all()
        acts: dict[int | None, list[Event]] = {}
        for act in session.scalars(select(Event).where(Event.verb.in_(("suspend", "resume"))).order_by(Event.id)):
            acts.setdefault(act.ticket_id, []).append(act)
    found: dict[int, Slow] = {}
    for one in tenures:
        if one.ended_by != "undone":
            found.setdefault(one.dealer_id, Slow()).count(one, acts.get(one.ticket_id, []), period, now)
    return found


@pytest.mark.parametrize(("seed", "days"), [(1, 30), (2, 90)])
def test_every_figure_is_what_going_through_the_tenures_finds(parts: Parts, seed: int, days: int) -> None:
    now = clock()
    with parts.database.transaction() as session:
        world.plant(session, now, seed, 600)
    seen: dict[int, Figures] = {}
    for period in (periods.lately(days, today(now)), Period(today(now) - timedelta(20), today(now) - timedelta(11))):
        seen, wanted = compared(parts, period, now), slowly(parts, period, now)
        for dealer_id, one in wanted.items():
            mine = asdict(seen[dealer_id])
            for name in ("given", "lost", "resigned"):
                assert mine[name] == getattr(one, name), name
            for name in ("take", "contract", "completion"):
                told: list[bool] = getattr(one, name)
                assert mine[name] == {"met": told.count(True), "missed": told.count(False)}, name
            for name in ("to_take", "to_contract", "to_close"):
                spans = getattr(one, name)
                assert mine[name] == (pytest.approx(median(spans), abs=1e-4) if spans else None), name
    assert sum(one.all.missed for one in seen.values()) > 5


def test_the_share_of_age_is_that_of_the_two_clocks(parts: Parts) -> None:
    now = clock()
    with parts.database.transaction() as session:
        world.plant(session, now, 4, 120)
    period = periods.lately(365, today(now))
    with parts.database.reading() as session:
        ids = session.scalars(select(Ticket.id).where(Ticket.closed_on >= period.first)).all()
        told = ages(session, ids, now)
    own: dict[int | None, list[tuple[timedelta, timedelta]]] = {}
    for shares in told.values():
        whole = sum((one.time for one in shares), timedelta())
        for one in shares:
            own.setdefault(one.dealer_id, []).append((one.time, whole))
    seen = [one for one in compared(parts, period, now).values() if one.aged]
    for figures in seen:
        pairs = own[figures.dealer_id]
        assert figures.aged == len(pairs)
        whole = sum((age for _mine, age in pairs), timedelta())
        mine = sum((used for used, _age in pairs), timedelta())
        assert figures.used == (pytest.approx(mine / whole) if whole else None)
    assert seen


@pytest.mark.parametrize(
    ("assigned", "counts"),
    [
        (datetime(2026, 2, 28, 22, 59, tzinfo=UTC), 0),
        (datetime(2026, 2, 28, 23, 0, tzinfo=UTC), 1),
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 31, 22, 0, tzinfo=UTC), 0),
    ],
)
@sqlite_only
def test_a_period_begins_and_ends_at_midnight_in_warsaw_in_winter_and_summer_time(
    parts: Parts, assigned: datetime, counts: int
) -> None:
    with parts.database.transaction() as session:
        session.query(Assignment).delete()
        ticket, dealer = session.scalars(select(Ticket)).first(), session.scalars(select(Dealer)).first()
        assert ticket is not None
        assert dealer is not None
        session.add(Assignment(ticket_id=ticket.id, dealer_id=dealer.id, assigned_at=assigned, how="intake"))
    assert sum(one.given for one in compared(parts, MARCH, clock()).values()) == counts


DAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("arguments", "period"),
    [
        ({}, Period(date(2026, 3, 18), DAY, 90)),
        ({"days": "30"}, Period(date(2026, 5, 17), DAY, 30)),
        ({"days": "31"}, Period(date(2026, 3, 18), DAY, 90)),
        ({"from": "2026-03-01", "to": "2026-03-31"}, MARCH),
        ({"from": "2026-06-01"}, Period(date(2026, 6, 1), DAY)),
        ({"to": "2026-03-30"}, Period(date(2026, 3, 1), date(2026, 3, 30))),
        ({"from": "2026-06-02", "to": "2026-06-01"}, None),
        ({"from": "yesterday"}, None),
        ({"to": "0001-01-01"}, None),
        ({"from": "2026-01-01", "to": "9999-12-31"}, None),
    ],
)
def test_the_address_names_the_period(arguments: dict[str, str], period: Period | None) -> None:
    assert periods.read(arguments, DAY) == period
    if period is not None and period.days is None:
        assert periods.read(period.arguments(), DAY) == period


def test_few_are_told_as_numbers_and_nothing_is_rounded_to_all() -> None:
    assert table.timely(Timely(1, 0)) == "1 z 1"
    assert table.timely(Timely(0, 0)) == "–"
    assert table.timely(Timely(999, 1)) == "999 z 1 000 (99%)".replace(" 000", "\u00a0000")
    assert table.percent(0.001) == "1%"


@sqlite_only
def test_the_page_the_file_and_the_api_tell_the_same_in_the_same_order(
    parts: Parts, web: Callable[[str], Web], api: Callable[[str], Api]
) -> None:
    with parts.database.transaction() as session:
        world.plant(session, clock(), 6, 200)
    items = api("operator").get("/supervision/dealers?sort=-lost&days=365").get_json()["items"]
    assert [one["lost"] for one in items] == sorted((one["lost"] for one in items), reverse=True)
    answer = web("operator").get("/supervision/dealers/list.xlsx?sort=-lost&days=365")
    rows: Any = load_workbook(io.BytesIO(answer.data)).active
    sheet = [[cell.value for cell in row] for row in rows.iter_rows(min_row=2)]
    assert [(row[0], row[4], row[5]) for row in sheet] == [
        (one["name"], one["take"]["met"], one["take"]["missed"]) for one in items
    ]
    page = web("operator").get("/supervision/dealers?sort=-lost&days=365").text
    places = [
        page.index(f"<bdi>{one['name']}</bdi></a>", page.index("<tbody>", page.index('class="side"'))) for one in items
    ]
    assert places == sorted(places)
    assert 'aria-sort="descending"' in page


@sqlite_only
def test_days_that_cannot_be_read_are_said_and_kept(web: Callable[[str], Web], api: Callable[[str], Api]) -> None:
    page = web("operator").get("/supervision/dealers?from=2026-06-02&to=2026-06-01").text
    assert 'role="alert"' in page
    assert 'value="2026-06-02"' in page
    answer = api("operator").get("/supervision/dealers?from=2026-06-02&to=2026-06-01")
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "to")
    assert api("operator").get("/supervision/dealers?from=yesterday").status_code == 422


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    made = Desk(database_url)
    yield made
    made.database.engine.dispose()


@pytest.mark.parametrize("over_before", [False, True])
def test_an_undone_change_of_dealer_interrupted_no_suspension(desk: Desk, parts: Parts, over_before: bool) -> None:
    """Whether the deadline came before the undoing or after it."""
    desk.contract(SAM, "alfa")
    due = desk.ticket(SAM).due_at
    assert due is not None
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Remont sklepu.")
    desk.later(hours=1)
    desk.do(handover.reassign, SAM, "operator", "ticket.reassign", reason="Pomyłka", to="pool")
    [made] = desk.rows(Handover, SAM)

    def undone(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
        undo(session, ticket, session.get_one(Handover, made.id), actor=actor, now=now, reason="Remont trwa")

    over = desk.now + timedelta(hours=12) if over_before else due
    desk.later(hours=23 if over_before else 1)
    desk.do(undone, SAM, "operator", "handover.undo")
    assert desk.ticket(SAM).state == "suspended"
    with parts.database.transaction() as session:
        session.execute(update(Assignment).values(completion_due=over))
    day = over.astimezone(RULES.tz).date()
    figures = compared(parts, Period(day - timedelta(2), day + timedelta(2)), over + timedelta(days=1))
    assert figures[desk.ticket(SAM).dealer_id or 0].completion == Timely(met=0, missed=0)
