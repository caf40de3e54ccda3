"""A take-away is undone within a day: the former dealer's tenure goes on as it was, the next one's counts as none."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from mikroserwis import access, history
from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.errors import Forbidden, Refused
from mikroserwis.models import Assignment, DeadlineExtension, Dealer, Handover, News, Subticket, SubticketTenure, Ticket
from mikroserwis.pricing import today
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.schedule import DAILY
from mikroserwis.tickets.clock import pauses
from mikroserwis.tickets.extending.operations import extend
from mikroserwis.tickets.operations import handover, pausing, taking, undoing
from tests.support.app import sqlite_only
from tests.sweeping.field import Field

STAFF = Actor(user_id=None, name="Olga", role="operator")
NIGHTLY = next(job for job in DAILY if job.name == "sweep")


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def field(parts: Parts) -> Field:
    """One ticket past its deadline with four shops."""
    made = Field(parts.database, clock(), seed=7, days=40)
    made.add_dealers(6)
    made.add_tickets(1, subtickets=4)
    made.ask_for_more_time(every=2)
    return made


def state(field: Field) -> tuple[Any, ...]:
    """What an undoing brings back."""
    [ticket] = field.rows(Ticket, field.breached)
    shops = [(one.id, one.state, one.dealer_id) for one in field.rows(Subticket, field.breached)]
    with field.database.reading() as session:
        given_up = {(one.subticket_id, one.dealer_id, one.ended_at) for one in session.scalars(select(SubticketTenure))}
    tenures = [one for one in field.rows(Assignment, field.breached) if one.ended_by != "undone"]
    held = [(one.id, one.ended_at, one.ended_by) for one in tenures]
    return ticket.state, ticket.suspended_from, ticket.confirmed_version, ticket.dealer_id, shops, given_up, held


def sweep(parts: Parts, field: Field) -> Handover:
    ledger.do_now(parts, NIGHTLY, clock, actor=STAFF)
    made: Handover = field.rows(Handover)[-1]
    return made


def act(parts: Parts, number: int, what: Callable[..., Any], who: Actor = STAFF, **words: Any) -> Any:
    with parts.database.transaction() as session:
        permission = "ticket.take" if who.is_dealer else "ticket.reassign"
        return what(session, access.ticket(session, who, number, permission), actor=who, **{"now": clock(), **words})


def undo(parts: Parts, made: Handover, now: datetime | None = None, who: Actor = STAFF) -> None:
    with parts.database.transaction() as session:
        found, ticket = access.handover(session, who, made.id, "handover.undo")
        undoing.undo(session, ticket, found, actor=who, now=now or clock(), reason="Dealer był chory")


def refused(parts: Parts, made: Handover, now: datetime | None = None) -> list[str]:
    with pytest.raises(Refused) as problem:
        undo(parts, made, now)
    return [one.code for one in problem.value.blockers]


def test_what_the_sweep_took_goes_back_as_it_was_with_three_days_more(parts: Parts, field: Field):
    before = state(field)
    made = sweep(parts, field)
    assert state(field) != before
    undo(parts, made)
    assert state(field) == before
    [ticket] = field.rows(Ticket, field.breached)
    assert ticket.due_at > clock() + timedelta(days=3)
    assert (ticket.due_at - timedelta(seconds=1)).date() >= today(clock()) + timedelta(days=3)
    last = field.rows(Assignment, field.breached)[-1]
    assert (last.ended_by, last.dealer_id) == ("undone", made.next_dealer_id)
    told = {one.kind: one.dealer_id for one in field.rows(News) if one.kind in {"back", "undone"}}
    assert told == {"back": made.former_dealer_id, "undone": made.next_dealer_id}
    assert refused(parts, made) == ["handover_is_undone_once"]


@pytest.mark.parametrize(("days", "waits"), [(40, True), (1, False)])
def test_a_request_for_more_time_waits_again_unless_there_is_as_much_now(
    parts: Parts, field: Field, days: int, waits: bool
):
    [ticket] = field.rows(Ticket, field.breached)
    with parts.database.transaction() as session:
        session.execute(delete(DeadlineExtension))
        tenure = session.scalars(select(Assignment.id).where(Assignment.ticket_id == ticket.id)).one()
        asked = {"stage": ticket.stage, "state": "asked", "until": today(clock()) + timedelta(days=days)}
        by = {"reason": "Remont", "asked_at": clock(), "asked_by": "Anna"}
        session.add(DeadlineExtension(ticket_id=ticket.id, assignment_id=tenure, **asked, **by))
    made = sweep(parts, field)
    [request] = field.rows(DeadlineExtension)
    assert request.state == "lapsed"
    undo(parts, made)
    requests = [one for one in field.rows(DeadlineExtension) if one.reason == "Remont"]
    assert [(one.state, one.decided_at is None) for one in requests] == [("asked" if waits else "lapsed", waits)]


def test_what_was_undone_can_be_swept_again_and_the_next_dealer_get_it_again(parts: Parts, field: Field):
    made = sweep(parts, field)
    undo(parts, made)
    with parts.database.transaction() as session:
        session.get_one(Ticket, made.ticket_id).due_at = clock() - timedelta(hours=1)
    again = sweep(parts, field)
    assert again.id != made.id
    assert (again.former_assignment_id, again.next_dealer_id) == (made.former_assignment_id, made.next_dealer_id)
    assert [one.kind for one in field.rows(News)].count("lost") == 2


@sqlite_only
def test_it_is_refused_when_the_next_dealer_has_taken_it_or_a_day_has_passed(parts: Parts, field: Field):
    made = sweep(parts, field)
    assert refused(parts, made, clock() + timedelta(hours=25)) == ["handover_is_of_today"]
    [number] = field.breached
    nxt = Actor(user_id=None, name="x", role="dealer", dealer_id=made.next_dealer_id)
    act(parts, number, taking.take, nxt)
    assert refused(parts, made) == ["next_dealer_has_not_taken_it"]


@sqlite_only
def test_it_is_refused_when_the_ticket_has_gone_on_or_the_former_dealer_is_not_active(parts: Parts, field: Field):
    made = sweep(parts, field)
    with parts.database.transaction() as session:
        session.get_one(Dealer, made.former_dealer_id).active = False
    assert refused(parts, made) == ["former_dealer_is_active"]
    [number] = field.breached
    act(parts, number, handover.reassign, reason="Pula", to="pool")
    assert refused(parts, made) == ["nothing_changed_since"]


@sqlite_only
def test_only_staff_undo(parts: Parts, field: Field):
    made = sweep(parts, field)
    nxt = Actor(user_id=None, name="x", role="dealer", dealer_id=made.next_dealer_id)
    with pytest.raises(Forbidden):
        undo(parts, made, who=nxt)


@sqlite_only
def test_what_lies_in_the_pool_since_can_be_given_back_and_staffs_own_act_too(parts: Parts, field: Field):
    [number] = field.breached
    before = state(field)
    made = act(parts, number, handover.reassign, reason="Pula", to="pool")
    undo(parts, made)
    assert state(field) == before
    assert json.loads(made.before)["state"] == before[0]


@sqlite_only
@pytest.mark.parametrize(("left", "later"), [({"hours": 14}, {"hours": 13}), ({"days": 4, "hours": 5}, {"hours": 20})])
def test_as_much_time_is_left_as_when_it_was_taken_away(
    parts: Parts, field: Field, left: dict[str, int], later: dict[str, int]
):
    [number] = field.breached
    with parts.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        due = today(clock()) + timedelta(days=6)
        extend(session, ticket, until=due, reason="Remont", actor=STAFF, now=clock())
    [ticket] = field.rows(Ticket, field.breached)
    taken_at = ticket.due_at - timedelta(**left)
    made = act(parts, number, handover.reassign, reason="Pula", to="pool", now=taken_at)
    undo(parts, made, taken_at + timedelta(**later))
    [ticket] = field.rows(Ticket, field.breached)
    spare = ticket.due_at - (taken_at + timedelta(**later)) - timedelta(**left)
    assert timedelta() <= spare < timedelta(days=1)


@sqlite_only
def test_a_shop_that_a_file_added_meanwhile_goes_back_with_the_others(parts: Parts, field: Field):
    made = sweep(parts, field)
    listed = json.loads(made.before)
    added, own = [one["id"] for one in listed["subtickets"]][:2]
    with parts.database.transaction() as session:
        listed["subtickets"] = [one for one in listed["subtickets"] if one["id"] not in {added, own}]
        session.get_one(Handover, made.id).before = json.dumps(listed)
        point = {"point": ("", "1")}
        ticket = session.get_one(Ticket, made.ticket_id)
        shop = session.get_one(Subticket, added)
        history.record(session, "file", actor=STAFF, now=clock(), ticket=ticket, subticket=shop, changes=point)
    undo(parts, made)
    holders = {one.id: one.dealer_id for one in field.rows(Subticket, field.breached)}
    assert (holders[added], holders[own]) == (made.former_dealer_id, made.next_dealer_id)


@sqlite_only
def test_of_two_changes_of_dealer_one_after_the_other_is_undone(parts: Parts, field: Field):
    [number] = field.breached
    before = state(field)
    first = act(parts, number, handover.reassign, reason="Dalej")
    between = state(field)
    second = act(parts, number, handover.reassign, reason="Pula", to="pool")
    assert refused(parts, first) == ["nothing_changed_since"]
    undo(parts, second)
    assert state(field) == between
    undo(parts, first)
    assert state(field) == before


@sqlite_only
def test_a_pause_that_the_change_of_dealer_cut_short_goes_on(parts: Parts, field: Field):
    [number] = field.breached
    with parts.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        ticket.state, ticket.type = "contract", "fiscal"
    start = clock()
    with parts.database.transaction() as session:
        ticket = access.ticket(session, STAFF, number, "ticket.suspend")
        pausing.suspend(session, ticket, actor=STAFF, now=start, note="Remont")
    made = [act(parts, number, handover.reassign, reason="Dalej", to=to) for to in ("next", "pool")]
    for one in reversed(made):
        undo(parts, one)
    with parts.database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        [pause] = pauses(session, ticket, start - timedelta(days=1))
    assert (ticket.state, ticket.due_at) == ("suspended", None)
    assert (pause.start, pause.end) == (start, None)
