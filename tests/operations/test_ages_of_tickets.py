"""Who used a ticket's age, read from what really happened to it."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from mikroserwis.access import Actor
from mikroserwis.models import OutboxItem, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import ages
from mikroserwis.tickets.operations import closing, export, handover, pausing
from sla import Holder, Share
from tests.operations.desk import REACH, Desk
from tests.support.cast import ARKLITY, POOLED, SAM

Shares = dict[tuple[Holder, int | None], float]


def age(desk: Desk, number: int, least: timedelta = timedelta(hours=1)) -> Shares:
    """In hours, both as for one ticket and as for many."""
    with desk.database.reading() as session:
        ids = [desk.ticket(each).id for each in (SAM, ARKLITY, POOLED)]
        of = desk.ticket(number)
        many: dict[int, list[Share]] = ages.ages(session, ids, desk.now)
        assert many[of.id] == ages.age(session, of, desk.now)
        assert list(many) == sorted(ids)
    return {
        (one.holder, one.dealer_id): round(one.time.total_seconds() / 3600, 1)
        for one in many[of.id]
        if one.time >= least
    }


CUSTOMER, BACKOFFICE, POOL = ((each, None) for each in (Holder.CUSTOMER, Holder.BACKOFFICE, Holder.POOL))


def dealer(who: Actor) -> tuple[Holder, int | None]:
    return Holder.DEALER, who.dealer_id


def test_each_dealer_the_customer_the_back_office_and_the_pool_have_their_hours(desk: Desk):
    alfa, beta = desk.actor("alfa"), desk.actor("beta")
    start = age(desk, SAM, least=timedelta()).get(dealer(alfa), 0)
    desk.later(hours=5)
    desk.contract(SAM, alfa)
    delivery: int = desk.do(export.export_scans, SAM, alfa, "ticket.export").id
    desk.later(hours=7)
    desk.receipt(delivery)
    desk.later(hours=2)
    desk.do(pausing.suspend, SAM, alfa, "ticket.suspend", note="Stop")
    desk.later(hours=48)
    desk.do(handover.reassign, SAM, "operator", REACH, reason="Pula", to="pool")
    desk.later(hours=10)
    desk.do(handover.reassign, SAM, "operator", REACH, reason="Dalej", to=beta.dealer_id)
    desk.later(hours=3)
    found = age(desk, SAM)
    assert found.pop(dealer(alfa)) == pytest.approx(start + 7, abs=0.11)
    assert found == {BACKOFFICE: 7, CUSTOMER: 48, POOL: 10, dealer(beta): 3}


def test_a_package_that_was_refused_keeps_nobody_waiting_any_more(desk: Desk):
    alfa = desk.actor("alfa")
    desk.contract(SAM, alfa)
    delivery = desk.do(export.export_scans, SAM, alfa, "ticket.export")
    desk.later(hours=4)
    with desk.database.transaction() as session:
        export.refuse(session, delivery.id, "Nieczytelne", {}, now=desk.now)
        done = {"state": "rejected", "done_at": desk.now}
        session.execute(update(OutboxItem).where(OutboxItem.id == delivery.item_id).values(done))
    desk.later(hours=6)
    assert age(desk, SAM)[BACKOFFICE] == 4


def test_the_age_ends_with_the_closing_and_goes_on_after_a_reopening(desk: Desk):
    beta = desk.actor("beta")
    desk.later(hours=6)
    desk.close_all(ARKLITY, beta)
    closed = age(desk, ARKLITY)
    desk.later(days=9)
    assert age(desk, ARKLITY) == closed
    desk.do(closing.reopen, ARKLITY, "admin", "ticket.reopen", reason="Znów")
    desk.later(hours=2)
    assert age(desk, ARKLITY)[dealer(beta)] == closed[dealer(beta)] + 2


def test_a_ticket_of_an_earlier_day_counts_from_its_noon(desk: Desk):
    opened = desk.now.astimezone(RULES.tz).date() - timedelta(days=10)
    desk.intake(900, opened_on=opened.isoformat())
    noon = datetime.combine(opened, time(12), RULES.tz)
    with desk.database.reading() as session:
        found = ages.age(session, desk.ticket(900), desk.now)
    assert sum((one.time for one in found), timedelta()) == desk.now - noon


def test_of_a_closing_that_history_does_not_tell_the_day_counts(desk: Desk):
    today = desk.now.astimezone(RULES.tz).date()
    with desk.database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == POOLED).values(state="closed", closed_on=today))
    desk.later(days=5)
    end = datetime.combine(today + timedelta(days=1), time(), RULES.tz)
    with desk.database.reading() as session:
        ticket = desk.ticket(POOLED)
        found = ages.age(session, ticket, desk.now)
    assert found == [Share(Holder.POOL, None, end - ticket.created_at)]


def test_a_dealer_knows_itself_and_the_others_as_one(desk: Desk):
    alfa, beta, third = desk.actor("alfa"), desk.actor("beta"), desk.add_dealer("Dealer Gamma", 1009, "26")
    for who in (beta, third, alfa):
        desk.later(hours=4)
        desk.do(handover.reassign, SAM, "operator", REACH, reason="Dalej", to=who.dealer_id)
    with desk.database.reading() as session:
        seen = {
            who.role: [
                (one.holder, one.dealer and one.dealer.name)
                for one in ages.parts(session, desk.ticket(SAM), who, desk.now)
            ]
            for who in (alfa, desk.actor("operator"))
        }
    assert seen["dealer"] == [("dealer", "Dealer Alfa"), ("other_dealers", None)]
    assert [name for _holder, name in seen["operator"]] == ["Dealer Alfa", "Dealer Beta", "Dealer Gamma"]
