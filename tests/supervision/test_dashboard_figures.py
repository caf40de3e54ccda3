"""The dashboard's numbers are those that somebody would find who counts ticket by ticket."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update

from mikroserwis.db import Base
from mikroserwis.edge import Parts
from mikroserwis.models import Assignment, Dealer, DealerAbsence, Event, OutboxItem, Ticket, User
from mikroserwis.pricing import today
from mikroserwis.rulebook import RULES
from mikroserwis.supervision.dashboard import tickets
from mikroserwis.supervision.dashboard.presenting import Found
from mikroserwis.supervision.dashboard.tickets import BANDS, OPEN
from mikroserwis.supervision.dashboard.views import gather
from mikroserwis.tickets.clock import last_day
from tests.supervision import world
from tests.support.app import clock, sqlite_only
from tests.support.owner import unlock
from tests.support.people import Api, Web


@contextmanager
def counted(parts: Parts) -> Iterator[list[str]]:
    """The statements that the database is given meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(parts.database.engine, "before_cursor_execute", note)
    yield found
    event.remove(parts.database.engine, "before_cursor_execute", note)


def found(parts: Parts, now: datetime) -> Found:
    with parts.database.reading() as session:
        return gather(session, now)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_is_what_counting_ticket_by_ticket_finds(parts: Parts, seed: int) -> None:
    now = clock()
    with parts.database.transaction() as session:
        world.plant(session, now, seed, 300)
    seen, day = found(parts, now).tickets, today(now)
    with parts.database.reading() as session:
        rows = session.scalars(select(Ticket)).all()
        left: dict[int, float] = defaultdict(float)
        for ticket_id, at in session.execute(select(Assignment.ticket_id, Assignment.ended_at)):
            left[ticket_id] = max(left[ticket_id], at.timestamp() if at else 0)
        paused = {one.ticket_id: one.at for one in session.scalars(select(Event).where(Event.verb == "suspend"))}
    assert seen.states == {state: sum(one.state == state for one in rows) for state in (*OPEN, "closed")}
    ages = [(day - one.opened_on).days for one in rows if one.state in OPEN]
    assert seen.ages == [sum(first <= age and (last is None or age <= last) for age in ages) for first, last in BANDS]
    dues = [(one.due_at, one.stage) for one in rows if one.due_at is not None]
    assert seen.dues.overdue == {
        stage: sum(at <= now and each == stage for at, each in dues) for stage in tickets.STAGES
    }
    for ahead, (shown, counts) in enumerate(seen.dues.days):
        assert shown == day + timedelta(days=ahead)
        assert counts == {
            stage: sum(at > now and last_day(at) == shown and each == stage for at, each in dues)
            for stage in tickets.STAGES
        }
    assert seen.breaches == sum(at <= seen.tonight for at, _stage in dues) > 0
    pool = [one for one in rows if one.state == "new" and one.dealer_id is None]
    assert seen.pool == len(pool) > tickets.LONGEST
    since = sorted((left[one.id] or one.created_at.timestamp(), one.id, one.number) for one in pool)
    assert [one.number for one in seen.longest_in_pool] == [number for *_rest, number in since[: tickets.LONGEST]]
    suspended = sorted(
        (paused.get(one.id, one.created_at), one.id, one.number) for one in rows if one.state == "suspended"
    )
    assert [(one.number, one.since) for one in seen.longest_suspended] == [
        (number, at) for at, _id, number in suspended[: tickets.LONGEST]
    ]


def test_a_deadline_belongs_to_the_day_that_ends_with_it(parts: Parts) -> None:
    """At 23:30 in Warsaw on 28 March the next midnight is today's deadline, and 29 March has 23 hours."""
    now = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    with parts.database.transaction() as session:
        session.execute(update(Ticket).values(due_at=None, stage=None))
        ids = session.scalars(select(Ticket.id).order_by(Ticket.id).limit(3)).all()
        for id_, day in zip(ids, (28, 29, 30), strict=True):
            due = world.midnight(date(2026, 3, day) + timedelta(days=1))
            session.execute(update(Ticket).where(Ticket.id == id_).values(due_at=due, stage="take"))
    days = found(parts, now).tickets.dues.days
    assert [(day.day, counts["take"]) for day, counts in days[:4]] == [(28, 1), (29, 1), (30, 1), (31, 0)]
    after = found(parts, datetime(2026, 3, 28, 23, 30, tzinfo=UTC)).tickets
    assert after.dues.total_overdue == 1
    assert after.tonight == datetime(2026, 3, 30, 0, 15, tzinfo=RULES.tz)


@sqlite_only
def test_ten_thousand_tickets_need_no_more_statements_than_thirty(parts: Parts, web: Callable[[str], Web]) -> None:
    operator = web("operator")
    operator.get("/supervision")
    with counted(parts) as few:
        assert operator.get("/supervision").status_code == 200
    with parts.database.transaction() as session:
        world.plant(session, clock(), 3, 10_000)
    with counted(parts) as many:
        assert operator.get("/supervision").status_code == 200
    assert len(few) == len(many) < 25


@sqlite_only
def test_with_nothing_in_it_the_dashboard_says_so(parts: Parts, web: Callable[[str], Web]) -> None:
    operator = web("operator")
    unlock(parts)
    with parts.database.transaction() as session:
        session.execute(update(User).values(dealer_id=None))
        for table in reversed(Base.metadata.sorted_tables):
            if not table.name.startswith("user") and table.name not in {"sessions", "api_tokens"}:
                session.execute(delete(table))
    page = operator.get("/supervision").text
    for words in ("Nic nie czeka", "W puli nie ma zgłoszeń", "Żadne zgłoszenie nie jest zawieszone", "jeszcze nigdy"):
        assert words in page
    assert "Nie ma jeszcze dealerów" in operator.get("/supervision/dealers").text
    assert "Nie było jeszcze uruchomień" in operator.get("/supervision/jobs").text


@sqlite_only
def test_what_waits_for_a_person_stands_first_and_leads_there(
    parts: Parts, web: Callable[[str], Web], api: Callable[[str], Api]
) -> None:
    now = clock()
    with parts.database.transaction() as session:
        alfa = session.scalars(select(Dealer).order_by(Dealer.id)).first()
        assert alfa is not None
        alfa.capacity = 1
        day = today(now)
        absence = {"first_day": day, "last_day": day + timedelta(days=2), "reason": "urlop", "entered_by": "x"}
        session.add(DealerAbsence(dealer_id=alfa.id, entered_at=now, **absence))
        for state in ("stuck", "rejected"):
            session.add(OutboxItem(topic="mail", key=state, state=state, due_at=now, created_at=now))
    page = web("operator").get("/supervision").text
    assert 'href="/messages?state=failed"' in page
    assert "urlop" in page
    told = api("operator").get("/supervision").get_json()
    assert told["failed_mails"] == 2
    assert [one["reason"] for one in told["absent"]] == ["urlop"]
    assert told["nearly_full"][0]["dealer_id"] == told["absent"][0]["dealer_id"]
