"""Warnings: each threshold of each deadline once, none early, none of what an extension found used."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.errors import Conflict
from mikroserwis.i18n import speaking
from mikroserwis.models import DeadlineExtension, Ticket
from mikroserwis.rulebook import POLICIES
from mikroserwis.sweeps import recompute, warn
from mikroserwis.tickets import clocks
from mikroserwis.tickets.bulk import taking_back
from mikroserwis.tickets.bulk.kept import put_down, said
from mikroserwis.tickets.operations import handover, pausing
from tests.news.desk import NewsDesk
from tests.operations.racing import at_once
from tests.support.cast import ARKLITY

ALFA = "alfa"
SECOND = timedelta(seconds=1)


def take_back(session: Session, ticket: Ticket, *, actor: Actor, now: datetime) -> None:
    newest = select(DeadlineExtension).order_by(DeadlineExtension.id.desc()).limit(1)
    extension = session.scalars(newest).one()
    taking_back.withdraw(session, ticket, extension, reason="Pomyłka", actor=actor, now=now)


def proves_itself(desk: NewsDesk, number: int) -> bool:
    """What is kept of the clock is what follows from the history and from the warnings given."""
    with desk.database.reading() as session:
        ticket = desk.ticket(number)
        return all(one.kept == one.computed for one in clocks.read(session, [ticket.id], POLICIES, desk.now))


def test_each_threshold_is_warned_of_once_and_not_a_second_early(desk: NewsDesk):
    for share, moment in desk.moments(115, "take").items():
        desk.now = moment - SECOND
        desk.warn()
        assert ("take", 0, share) not in desk.shares(115)
        desk.now = moment
        desk.warn()
        desk.warn()
        assert desk.shares(115)[-1] == ("take", 0, share)
        assert proves_itself(desk, 115)
    assert desk.shares(115) == [("take", 0, share) for share in desk.thresholds]
    assert desk.ticket(115).next_warning_at is None


def test_after_a_downtime_only_the_highest_threshold_speaks(desk: NewsDesk):
    moments = desk.moments(115, "take")
    desk.now = moments[75] + SECOND
    desk.warn()
    assert desk.shares(115) == [("take", 0, 75)]
    assert desk.ticket(115).next_warning_at == moments[90]
    assert proves_itself(desk, 115)


def test_of_what_has_been_done_nobody_is_warned_and_the_next_stage_is_warned_of_anew(desk: NewsDesk):
    desk.now = desk.moments(115, "take")[50]
    desk.warn()
    desk.take(115, ALFA)
    desk.warn_until(desk.moments(115, "contract")[90] + SECOND, timedelta(hours=5))
    assert desk.shares(115) == [("take", 0, 50), *(("contract", 0, share) for share in desk.thresholds)]


def test_a_later_deadline_is_warned_of_anew_but_not_of_what_was_used_when_it_was_granted(desk: NewsDesk):
    desk.now = desk.moments(115, "take")[90]
    desk.warn()
    desk.extend(115, desk.due_day(115) + timedelta(days=2))
    ahead = [share for share, moment in desk.moments(115, "take").items() if moment > desk.now]
    assert ahead == [75, 90]
    desk.warn()
    assert desk.shares(115) == [("take", 0, 90)]
    desk.warn_until(desk.moments(115, "take")[90] + SECOND, timedelta(hours=1))
    assert desk.shares(115) == [("take", 0, 90), ("take", 1, 75), ("take", 1, 90)]
    assert proves_itself(desk, 115)


def test_a_deadline_that_is_moved_again_after_it_was_taken_back_is_warned_of_anew(desk: NewsDesk):
    desk.now = desk.moments(115, "take")[50] + timedelta(hours=2)
    for times in (1, 2):
        desk.extend(115, desk.due_day(115) + timedelta(days=times))
        desk.now = desk.moments(115, "take")[50]
        desk.warn()
        assert desk.shares(115) == [("take", one, 50) for one in range(1, times + 1)]
        assert desk.tell()
        assert len(desk.sent("warning", "news")) == times
        desk.do(take_back, 115, "operator", "handover.undo")


def test_a_deadline_is_not_taken_back_to_a_day_that_is_over_by_now(desk: NewsDesk):
    due = desk.ticket(115).due_at
    assert due is not None
    desk.now = due - timedelta(hours=1)
    desk.extend(115, desk.due_day(115) + timedelta(days=1))
    later = desk.ticket(115).due_at
    desk.later(hours=2)
    with pytest.raises(Conflict) as problem:
        desk.do(take_back, 115, "operator", "handover.undo")
    assert problem.value.code == "day_before_is_over"
    with speaking("en"):
        assert "is over by now" in said(put_down(problem.value))[0]
    assert desk.ticket(115).due_at == later


def test_while_suspended_nobody_is_warned_and_afterwards_only_of_what_lies_ahead(desk: NewsDesk):
    desk.contract(115, ALFA)
    desk.now = desk.moments(115, "completion")[50]
    desk.warn()
    desk.do(pausing.suspend, 115, ALFA, "ticket.suspend", note="Remont.")
    assert desk.ticket(115).next_warning_at is None
    desk.later(days=30, hours=1)
    desk.warn()
    assert desk.shares(115) == [("completion", 0, 50)]
    desk.do(pausing.resume, 115, ALFA, "ticket.resume")
    moments = desk.moments(115, "completion")
    assert moments[75] > desk.now
    assert proves_itself(desk, 115)
    desk.warn_until(moments[90] + SECOND, timedelta(hours=7))
    assert desk.shares(115) == [("completion", 0, share) for share in desk.thresholds]


def test_the_next_dealer_is_warned_from_the_beginning(desk: NewsDesk):
    desk.now = desk.moments(115, "take")[90]
    desk.warn()
    desk.add_dealer("Dealer Nowy", 90, "26")
    desk.do(handover.reassign, 115, "operator", "ticket.reassign", reason="Na urlopie.")
    desk.warn_until(desk.moments(115, "take")[90] + SECOND, timedelta(hours=3))
    assert desk.shares(115) == [("take", 0, 90), *(("take", 0, share) for share in desk.thresholds)]
    first, *others = desk.news(115)
    assert {one.dealer_id for one in others} == {desk.ticket(115).dealer_id} != {first.dealer_id}


def test_in_the_pool_nobody_is_warned(desk: NewsDesk):
    desk.do(handover.reassign, 115, "operator", "ticket.reassign", reason="Na urlopie.", to="pool")
    desk.later(days=40)
    desk.warn()
    assert desk.shares(115) == []


def test_a_ticket_of_a_type_that_the_rules_know_no_more_keeps_no_other_waiting(desk: NewsDesk):
    with desk.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == ARKLITY).values(type="gone", next_warning_at=desk.now))
    desk.now = desk.moments(115, "take")[50]
    assert desk.warn(limit=1) == 1
    assert desk.shares(115) == [("take", 0, 50)]
    assert not warn.work(desk.parts, lambda: desk.now)


def test_a_ticket_whose_clock_cannot_be_computed_keeps_no_other_waiting(desk: NewsDesk):
    desk.extend(115, desk.due_day(115) + timedelta(days=2))
    with desk.database.transaction() as session:
        session.execute(update(DeadlineExtension).values(stage="of another release"))
        session.execute(update(Ticket).where(Ticket.number != 115).values(next_warning_at=desk.now))
    desk.later(days=4)
    assert not warn.work(desk.parts, lambda: desk.now)
    with desk.database.reading() as session:
        waiting = session.scalars(select(Ticket.number).where(Ticket.next_warning_at <= desk.now)).all()
    assert waiting == []
    assert desk.ticket(115).next_warning_at == desk.now + warn.PUT_OFF
    desk.later(hours=2)
    assert not warn.work(desk.parts, lambda: desk.now)
    assert desk.shares(115) == []
    found = [found for _last, found in recompute.batches(desk.database, desk.now)]
    assert [(one.examined, one.skipped) for one in found] == [(2, 1)]


def test_of_six_schedulers_at_once_one_warns_of_each_ticket(desk: NewsDesk):
    desk.now = desk.moments(115, "take")[90]
    at_once(lambda _index: desk.warn(limit=1), 6)
    while desk.warn(limit=2):
        pass
    with desk.database.reading() as session:
        waiting = session.query(Ticket).filter(Ticket.next_warning_at <= desk.now).count()
    assert waiting == 0
    assert desk.shares(115) == [("take", 0, 90)]
