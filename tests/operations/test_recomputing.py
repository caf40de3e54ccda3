"""Deadlines computed anew: a new policy takes effect, drift is mended, nothing moves twice or is warned of twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from mikroserwis.access import SYSTEM
from mikroserwis.i18n import speaking
from mikroserwis.models import Assignment, Event, Ticket
from mikroserwis.rulebook import POLICIES, RULES
from mikroserwis.sweeps.recompute import Report, batches
from mikroserwis.tickets import news
from mikroserwis.tickets.operations import handover, pausing, recomputing
from mikroserwis.tickets.presenting.events import in_words
from mikroserwis.tickets.queries import events_data
from sla import Policy
from tests.operations.desk import REACH, Desk
from tests.support.cast import ARKLITY, POOLED, SAM

LONGER = {
    name: replace(one, days={stage: days + 2 for stage, days in one.days.items()}) for name, one in POLICIES.items()
}
TWO_DAYS = timedelta(days=2)


def recomputed(desk: Desk, policies: Mapping[str, Policy] = POLICIES, **more: Any) -> Report:
    report = Report()
    for last, found in batches(desk.database, desk.now, policies=policies, **more):
        report.add(last, found)
    return report


def counts(report: Report) -> tuple[int, int, int]:
    return report.examined, report.moved, report.mended


def day(moment: datetime | None) -> Any:
    assert moment is not None
    return moment.astimezone(RULES.tz).date()


def moves(desk: Desk, number: int) -> list[Event]:
    return [one for one in desk.rows(Event, number) if one.verb == "reclock"]


def test_after_whatever_was_done_nothing_moves_at_any_later_time(desk: Desk):
    desk.contract(SAM, "alfa")
    desk.later(hours=30)
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Stop")
    desk.do(handover.reassign, ARKLITY, "operator", REACH, reason="Pula", to="pool")
    for days in (0, 1, 60):
        desk.later(days=days)
        assert counts(recomputed(desk)) == (3, 0, 0)
    assert moves(desk, SAM) == []


def test_a_longer_policy_moves_every_deadline_and_tells_it_once(desk: Desk):
    before = desk.ticket(SAM)
    report = recomputed(desk, LONGER)
    assert counts(report) == (3, 2, 0)
    assert (report.earlier, report.later) == ({}, {"take": 2})
    after = desk.ticket(SAM)
    assert day(after.due_at) == day(before.due_at) + TWO_DAYS
    assert after.version == before.version
    assert after.next_warning_at is not None
    assert before.next_warning_at is not None
    assert after.next_warning_at > before.next_warning_at
    assert day(desk.tenures(SAM)[0].completion_due) == day(before.due_at) + timedelta(days=29)
    assert desk.ticket(POOLED).due_at is None
    assert counts(recomputed(desk, LONGER)) == (3, 0, 0)
    back = recomputed(desk)
    assert (back.earlier, back.later, len(moves(desk, SAM))) == ({"take": 2}, {}, 2)
    assert desk.ticket(SAM).due_at == before.due_at


def test_the_history_says_in_words_which_deadline_moved_and_who_did_it(desk: Desk):
    recomputed(desk, LONGER, actor=desk.actor("master"))
    event = moves(desk, SAM)[0]
    old = day(desk.tenures(SAM)[0].assigned_at) + timedelta(days=3)
    with speaking("en"):
        said = in_words(event.verb, events_data(event))
    assert said.startswith("Deadline computed anew (To be taken): ")
    assert str((old + TWO_DAYS).day) in said.split(" instead of ")[0]
    assert str(old.day) in said.split(" instead of ")[1]
    assert event.actor_id == desk.actor("master").user_id


def test_a_type_that_the_rules_know_no_more_is_left_out_and_the_rest_goes_on(desk: Desk):
    with desk.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == ARKLITY).values(type="gone"))
    before = desk.ticket(ARKLITY).due_at
    report = recomputed(desk, LONGER)
    assert (*counts(report), report.skipped) == (2, 1, 0, 1)
    assert desk.ticket(ARKLITY).due_at == before


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Desk):
    before = desk.ticket(SAM).due_at
    dry = recomputed(desk, LONGER, dry_run=True)
    assert (desk.ticket(SAM).due_at, moves(desk, SAM)) == (before, [])
    assert dry == recomputed(desk, LONGER)


def test_a_deadline_that_was_lost_or_invented_is_mended_and_told(desk: Desk):
    with desk.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == SAM).values(due_at=None, stage=None))
        session.execute(update(Ticket).where(Ticket.number == POOLED).values(due_at=desk.now, stage="take"))
    report = recomputed(desk)
    assert (report.moved, report.earlier, report.later) == (2, {"take": 1}, {"take": 1})
    assert (desk.ticket(SAM).stage, desk.ticket(POOLED).due_at, desk.ticket(POOLED).stage) == ("take", None, None)
    with speaking("en"):
        assert "instead of no deadline" in in_words("reclock", events_data(moves(desk, SAM)[0]))
        assert "no deadline instead of" in in_words("reclock", events_data(moves(desk, POOLED)[0]))


def test_what_else_is_kept_is_mended_without_a_word(desk: Desk):
    with desk.database.transaction() as session:
        session.execute(update(Assignment).values(completion_due=None))
        session.execute(update(Ticket).where(Ticket.number == ARKLITY).values(next_warning_at=None))
    assert counts(recomputed(desk)) == (3, 0, 2)
    assert moves(desk, SAM) + moves(desk, ARKLITY) == []
    assert desk.tenures(SAM)[0].completion_due is not None
    assert desk.ticket(ARKLITY).next_warning_at is not None


def test_what_was_warned_of_is_not_due_again_under_another_policy(desk: Desk):
    tenure, ticket = desk.tenures(SAM)[0], desk.ticket(SAM)
    key = news.warning_key(tenure.id, "take", None, 75)
    with desk.database.transaction() as session:
        news.add(session, [news.Fact(key, tenure.dealer_id, ticket.id, "warning", desk.now)])
    recomputed(desk, LONGER)
    warned = desk.ticket(SAM)
    assert warned.due_at is not None
    assert warned.next_warning_at is not None
    used = (warned.next_warning_at - tenure.assigned_at) / (warned.due_at - tenure.assigned_at)
    assert used == pytest.approx(0.9)


def test_a_suspended_ticket_owes_nothing_and_what_it_will_owe_follows_the_policy(desk: Desk):
    desk.take(SAM, "alfa")
    desk.attach(SAM, "quote", "alfa")
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Stop")
    before = desk.tenures(SAM)[0].contract_due
    desk.later(days=20)
    report = recomputed(desk, LONGER)
    assert (report.mended, moves(desk, SAM), desk.ticket(SAM).due_at) == (1, [], None)
    assert day(desk.tenures(SAM)[0].contract_due) == day(before) + TWO_DAYS


def test_somebody_who_acts_between_comparing_and_writing_is_not_overwritten(desk: Desk):
    ids = [desk.ticket(number).id for number in (SAM, ARKLITY)]
    with desk.database.snapshot() as session:
        assert recomputing.compare(session, ids, LONGER, desk.now).ids == tuple(sorted(ids))
    desk.do(handover.reassign, SAM, "operator", REACH, reason="Pula", to="pool")
    with desk.database.transaction() as session:
        found = recomputing.recompute(session, ids, LONGER, actor=SYSTEM, now=desk.now)
    assert [move.number for move in found.moved] == [ARKLITY]
    assert (desk.ticket(SAM).stage, desk.ticket(SAM).due_at) == (None, None)


def test_people_act_between_two_batches_and_every_ticket_has_its_turn(desk: Desk):
    report = Report()
    for last, found in batches(desk.database, desk.now, policies=LONGER, size=1):
        report.add(last, found)
        desk.do(handover.reassign, POOLED, "operator", REACH, reason="Dalej", to=desk.actor("beta").dealer_id)
        desk.do(handover.reassign, POOLED, "operator", REACH, reason="Pula", to="pool")
    assert counts(report) == (3, 2, 0)


def test_a_closed_ticket_keeps_the_moments_that_it_was_measured_by(desk: Desk):
    desk.close_all(ARKLITY, "beta")
    before = desk.tenures(ARKLITY)[0].completion_due
    assert counts(recomputed(desk, LONGER)) == (2, 1, 0)
    assert desk.tenures(ARKLITY)[0].completion_due == before
