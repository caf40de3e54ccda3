"""The nightly sweep: every ticket past its deadline is dealt with once, and no other."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from mikroserwis import access
from mikroserwis.access import SYSTEM, Actor
from mikroserwis.edge import Parts
from mikroserwis.errors import NotFound
from mikroserwis.models import Assignment, Event, Handover, JobRun, News, OutboxItem, Subticket, Ticket
from mikroserwis.rulebook import POLICIES, RULES
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.ledger import Daily, Run
from mikroserwis.sweeps.nightly import Sweep, sweep
from mikroserwis.sweeps.schedule import DAILY
from mikroserwis.tickets.operations import taking
from mikroserwis.tickets.sweeping.planning import plan
from sla import Breach, Stage
from tests.support.app import sqlite_only
from tests.sweeping.field import Field

NIGHTLY = next(job for job in DAILY if job.name == "sweep")


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def field(parts: Parts) -> Field:
    made = Field(parts.database, clock())
    made.add_dealers(9)
    return made


def swept(parts: Parts, at_once: int = 40) -> dict[str, Any]:
    """A run asked for by hand, with this many tickets in a transaction."""
    job = Daily("sweep", NIGHTLY.at, lambda parts, run: Sweep(parts, run, at_once=at_once).go())
    return dict(ledger.do_now(parts, job, clock, actor=SYSTEM))


def counted(tally: dict[str, Any]) -> dict[str, Any]:
    return {name: tally[name] for name in ("examined", "reassigned", "to_pool", "told", "skipped")}


def check_swept(field: Field) -> None:
    """Each breached ticket has gone to another dealer once, with all that belongs to it; no other was touched."""
    handovers = field.rows(Handover)
    assert Counter(one.ticket_id for one in handovers) == Counter(field.breached)
    tickets = {one.id: one for one in field.rows(Ticket, field.breached)}
    for one in handovers:
        ticket = tickets[one.ticket_id]
        assert (ticket.state, ticket.dealer_id, ticket.version) == ("new", one.next_dealer_id, 2)
        assert one.next_dealer_id != one.former_dealer_id
    assert all(one.version == 1 for one in field.rows(Ticket, field.others))
    present = Counter(one.ticket_id for one in field.rows(Assignment, field.breached) if one.ended_at is None)
    assert present == Counter(one.ticket_id for one in handovers if one.next_dealer_id is not None)
    assert Counter(one.ticket_id for one in field.rows(Event, field.breached)) == Counter(field.breached)
    events = [one for one in field.rows(OutboxItem) if one.topic == "event" and one.ticket_id in field.breached]
    assert Counter(one.ticket_id for one in events) == Counter(field.breached)
    news = Counter((one.ticket_id, one.kind) for one in field.rows(News, field.breached))
    assert set(news.values()) == {1}
    assert {number for number, kind in news if kind == "lost"} == field.breached
    for shop in field.rows(Subticket, field.breached):
        if shop.id % 10 == 0:
            assert (shop.state, shop.dealer_id) == ("new", tickets[shop.ticket_id].dealer_id)


def test_every_breached_ticket_goes_to_the_next_dealer_and_a_second_sweep_finds_nothing(parts: Parts, field: Field):
    field.add_tickets(100, 60, subtickets=2)
    tally = swept(parts)
    assert counted(tally) == {"examined": 100, "reassigned": 100, "to_pool": 0, "told": 0, "skipped": 0}
    check_swept(field)
    assert counted(swept(parts)) == dict.fromkeys(counted(tally), 0)
    check_swept(field)


@sqlite_only
def test_what_the_sweep_does_is_what_its_plan_says(parts: Parts, field: Field):
    field.add_tickets(50, 20)
    with parts.database.reading() as session:
        moves = plan(session, clock())
    swept(parts)
    assert [move.ticket.due_at for move in moves] == sorted(move.ticket.due_at for move in moves)
    done = {one.ticket_id: one.next_dealer_id for one in field.rows(Handover)}
    assert done == {move.ticket.id: move.next_dealer_id for move in moves}


@sqlite_only
def test_the_reason_stands_in_the_history_with_stage_deadline_days_and_choice(parts: Parts, field: Field):
    field.add_tickets(1)
    [before] = field.rows(Ticket, field.breached)
    swept(parts)
    [event], [handover] = field.rows(Event, field.breached), field.rows(Handover)
    said = json.loads(event.data)
    assert (said["stage"], said["due"]) == (before.stage, before.due_at.isoformat())
    assert said["days"] == POLICIES[before.type].days[Stage(before.stage)]
    assert said["choice"]["area"][0] == "5"
    assert (event.actor, event.verb, said["handover"]) == ("Mikroserwis", "reassign", handover.id)
    assert (handover.how, handover.stage, handover.due_at) == ("sweep", before.stage, before.due_at)


def test_a_ticket_that_cannot_be_dealt_with_takes_none_with_it(parts: Parts, field: Field):
    field.add_tickets(90)
    lost = sorted(field.breached)[45]
    with parts.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == lost).values(type="gone"))
    tally = swept(parts)
    assert counted(tally) == {"examined": 90, "reassigned": 89, "to_pool": 0, "told": 0, "skipped": 1}
    assert tally["reasons"] == [{"ticket": lost, "reason": "KeyError('gone')"}]
    field.breached.discard(lost)
    check_swept(field)


def test_two_sweeps_at_once_deal_with_each_ticket_once(parts: Parts, field: Field):
    field.add_tickets(200, 20, subtickets=2)
    start, tallies = threading.Barrier(2, timeout=60), list[dict[str, Any]]()

    def work() -> None:
        start.wait()
        tallies.append(swept(parts, 15))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tally["reassigned"] for tally in tallies) == 200
    assert [tally["skipped"] for tally in tallies] == [0, 0]
    check_swept(field)


def test_a_dealer_who_takes_at_the_same_moment_wins_or_loses_cleanly(parts: Parts, field: Field):
    field.add_tickets(60)
    with parts.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.id.in_(field.breached)).values(state="new", stage="take"))
    owners = {one.id: one.dealer_id for one in field.rows(Ticket, field.breached)}
    start, taken = threading.Barrier(2, timeout=60), list[int]()

    def take_all() -> None:
        start.wait()
        for number in sorted(field.breached, reverse=True):
            who = Actor(user_id=None, name="x", role="dealer", dealer_id=owners[number], dealer_name="x")
            try:
                with parts.database.transaction() as session:
                    ticket = access.ticket(session, who, number, "ticket.take")
                    taking.take(session, ticket, actor=who, now=clock())
                taken.append(number)
            except NotFound:
                continue

    thread = threading.Thread(target=take_all)
    thread.start()
    start.wait()
    tally = swept(parts, 5)
    thread.join()
    assert tally["reassigned"] + len(taken) == 60
    field.breached -= set(taken)
    field.others |= set(taken)
    assert {one.ticket_id for one in field.rows(Handover)} == field.breached
    assert {(one.state, one.dealer_id) for one in field.rows(Ticket, set(taken))} == {
        ("taken", owners[number]) for number in taken
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_a_ticket_that_somebody_has_locked_is_left_for_the_next_pass(parts: Parts, field: Field):
    field.add_tickets(30)
    locked, held, release = min(field.breached), threading.Event(), threading.Event()

    def hold() -> None:
        with parts.database.transaction() as session:
            session.execute(select(Ticket.id).where(Ticket.id == locked).with_for_update())
            held.set()
            release.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)

    def work(parts: Parts, run: Run) -> Any:
        return Releasing(parts, run).go()

    class Releasing(Sweep):
        def _left(self) -> list[int]:
            left = super()._left()
            release.set()
            return left

    tally = ledger.do_now(parts, replace(NIGHTLY, work=work), clock, actor=SYSTEM)
    thread.join()
    assert tally["passes"] > 1
    assert counted(dict(tally)) == {"examined": 30, "reassigned": 30, "to_pool": 0, "told": 0, "skipped": 0}
    check_swept(field)


@pytest.fixture
def rules() -> Iterator[dict[str, Any]]:
    """The policies, as they were again afterwards."""
    before = dict(POLICIES)
    yield POLICIES
    POLICIES.update(before)


@sqlite_only
@pytest.mark.parametrize(("act", "kinds"), [(Breach.POOL, {"lost", "to_pool"}), (Breach.TELL, {"overdue"})])
def test_a_policy_may_send_what_is_late_to_the_pool_or_only_tell(
    parts: Parts, field: Field, rules: dict[str, Any], act: Breach, kinds: set[str]
):
    for name in RULES.type_names:
        rules[name] = replace(rules[name], on_breach=dict.fromkeys(Stage, act))
    field.add_tickets(20)
    tally, again = swept(parts), swept(parts)
    assert (tally["to_pool"], tally["told"]) == ((20, 0) if act is Breach.POOL else (0, 20))
    assert again["examined"] == 0
    assert {one.kind for one in field.rows(News)} == kinds
    assert {one.dealer_id is None for one in field.rows(Ticket, field.breached)} == {act is Breach.POOL}


@sqlite_only
def test_nights_that_were_missed_are_one_run_and_its_row_tells_what_it_did(parts: Parts, field: Field):
    field.add_tickets(10)
    now = clock() + timedelta(days=1)
    assert ledger.offer(parts, replace(NIGHTLY, work=sweep), lambda: now)
    assert not ledger.offer(parts, NIGHTLY, lambda: now)
    with parts.database.reading() as session:
        [run] = session.scalars(select(JobRun)).all()
    assert (run.job, run.attempts, run.error) == ("sweep", 1, None)
    assert json.loads(run.result or "")["reassigned"] == 10
    assert {one.batch for one in field.rows(Handover)} == {f"sweep:{run.id}"}


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 3, 28, 23, 14, tzinfo=UTC), "2026-03-28"),
        (datetime(2026, 3, 28, 23, 15, tzinfo=UTC), "2026-03-29"),
        (datetime(2026, 3, 29, 22, 15, tzinfo=UTC), "2026-03-30"),
        (datetime(2026, 10, 24, 22, 14, tzinfo=UTC), "2026-10-24"),
        (datetime(2026, 10, 24, 22, 15, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 23, 15, tzinfo=UTC), "2026-10-26"),
    ],
)
def test_the_sweep_is_due_a_quarter_past_midnight_also_when_the_clocks_change(moment: datetime, due: str):
    assert NIGHTLY.last_due(moment, RULES.tz).isoformat() == due
