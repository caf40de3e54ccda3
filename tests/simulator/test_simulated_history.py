"""A history made by real acts and the real sweep, replayed."""

from random import Random

from mikroserwis.models import Assignment
from mikroserwis.supervision.simulator import forms, replaying
from mikroserwis.supervision.simulator.replaying import Result
from mikroserwis.tickets.operations import pausing
from sla import Stage
from tests.simulator.conftest import History
from tests.support.app import sqlite_only


def simulated(past: History, most: int = replaying.MOST, **typed: str) -> Result:
    with past.desk.database.reading() as session:
        return replaying.simulate(session, forms.read(typed), past.desk.now, shown=200, most=most)


@sqlite_only
def test_the_present_policy_replayed_gives_exactly_the_real_take_aways(past: History):
    past.nights(32, Random(7))
    with past.desk.database.reading() as session:
        replayed = list(replaying.compared(session, forms.read({}), past.desk.now))
    real = {one.record.key: one.record.really for one in replayed}
    assert {one.record.key: one.present for one in replayed} == real
    stages = [found.stage for found in real.values() if found]
    assert {Stage.TAKE, Stage.CONTRACT} <= set(stages)
    assert len(stages) > 10
    assert any(one.record.pauses for one in replayed)
    assert any(one.record.extensions for one in replayed)


def test_longer_days_spare_what_was_really_taken_away_and_say_for_how_long(past: History):
    [number] = past.open_tickets(1)
    past.nights_without_acts(past.today, 5)
    now, longer = simulated(past), simulated(past, fiscal_take="10", insoft_take="10")
    tickets = len({row.id for row in past.desk.rows(Assignment, number)})
    assert tickets == 2
    assert now.total.real == now.total.present == now.total.other
    assert (now.total.differing, now.total.real[Stage.TAKE]) == (0, longer.total.spared)
    assert (longer.total.other.total(), longer.total.differing) == (0, longer.total.real.total())
    days = replaying.more_days(forms.read({"fiscal_take": "10"}), past.desk.now)
    assert {days(one.record) for one in longer.differing if one.record.type == "fiscal"} == {7}


def test_a_shorter_policy_counts_each_tenure_once_by_its_dealer(past: History):
    past.open_tickets(3)
    past.nights_without_acts(past.today, 3)
    found = simulated(past, fiscal_take="1", insoft_take="3")
    assert found.total.real.total() == 0
    assert found.total.other == {Stage.TAKE: 4}
    assert sum(one.other.total() for one in found.dealers.values()) == 4
    assert sum(one.tenures for one in found.dealers.values()) == found.total.tenures == 5


def test_suspended_time_counts_under_the_other_policy_too(past: History):
    [number] = past.open_tickets(1)
    who = past.holder(number)
    past.desk.take(number, who)
    past.desk.do(pausing.suspend, number, who, "ticket.suspend", note="Remont")
    past.nights_without_acts(past.today, 6)
    assert simulated(past, fiscal_contract="2", insoft_take="366", fiscal_take="366").total.other.total() == 0
    past.desk.do(pausing.resume, number, who, "ticket.resume")
    past.nights_without_acts(past.today, 4)
    assert simulated(past, fiscal_contract="2", insoft_take="366", fiscal_take="366").total.other.total() == 1


@sqlite_only
def test_more_tenures_than_are_replayed_are_counted_as_left_out(past: History):
    past.open_tickets(4)
    found = simulated(past, most=2)
    assert (found.total.tenures, found.left_out) == (2, 4)
