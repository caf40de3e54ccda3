"""The due moment is a cache: after whatever sequence of acts, computing it anew gives the same."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mikroserwis import access
from mikroserwis.access import SYSTEM, Actor
from mikroserwis.errors import Problem
from mikroserwis.models import Ticket
from mikroserwis.rulebook import POLICIES, RULES
from mikroserwis.sweeps.recompute import batches
from mikroserwis.tickets.clock import reclock
from mikroserwis.tickets.extending import operations as extending
from mikroserwis.tickets.operations import closing, handover, pausing, taking
from sla import Calendar, Stage
from tests.operations.desk import PROVEN, REACH, Desk
from tests.support.cast import SAM

SHOPS = [
    {
        "point": {"id": 741 + each, "name": "Sklep", "street": "Rynek", "postal_code": "26-600", "city": "Radom"},
        "stations_buy": 1,
    }
    for each in range(2)
]
NUMBER = 501
DAYS = {"take": 3, "contract": 7, "completion": 30}


class Walker:
    """Whoever may act does something at random; what is refused is no step."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.chance = random.Random(seed)
        self.done: list[str] = []
        self.dealers = {one.dealer_id: one for one in (desk.actor("alfa"), desk.actor("beta"))}
        for crm_id in range(1003, 1006):
            actor = desk.add_dealer(f"Dealer {crm_id}", crm_id, "26")
            self.dealers[actor.dealer_id] = actor
        desk.intake(NUMBER, subtickets=SHOPS)

    def step(self) -> None:
        self.act(self.chance.choice(sorted(ACTS)), self.chance.randrange(1, 60))

    def act(self, name: str, hours: int) -> None:
        self.desk.later(hours=hours)
        holder = self.desk.ticket(NUMBER).dealer_id
        caretaker = self.dealers[holder] if holder else self.chance.choice(list(self.dealers.values()))
        try:
            ACTS[name](self.desk, caretaker, self.chance)
        except Problem:
            return
        self.done.append(name)


def papers(desk: Desk, who: Actor, chance: random.Random) -> None:
    desk.confirm(NUMBER, who)
    for kind in ("quote", "contract", "power_of_attorney"):
        desk.attach(NUMBER, kind, who, str(chance.random()))


def quote(desk: Desk, who: Actor, _chance: random.Random) -> None:
    desk.attach(NUMBER, "quote", who)


def work(desk: Desk, who: Actor, chance: random.Random) -> None:
    desk.acknowledged(NUMBER, who)
    shop = chance.choice(desk.subticket_ids(NUMBER))
    desk.do_sub(taking.take_subticket, shop, who, "subticket.take")
    desk.save_point(shop, who)
    desk.close(shop, who, PROVEN)


def withdraw(desk: Desk, _who: Actor, chance: random.Random) -> None:
    shop = chance.choice(desk.subticket_ids(NUMBER))
    desk.do_sub(closing.withdraw_subticket, shop, "operator", "subticket.withdraw", reason="Nie")


def reopen_shop(desk: Desk, _who: Actor, chance: random.Random) -> None:
    shop = chance.choice(desk.subticket_ids(NUMBER))
    desk.do_sub(closing.reopen_subticket, shop, "admin", "subticket.reopen", reason="Tak")


def staff(act: Callable[..., Any], trigger: str, **words: Any) -> Callable[[Desk, Actor, random.Random], None]:
    return lambda desk, _who, _chance: desk.do(act, NUMBER, "admin", f"ticket.{trigger}", **words)


def own(act: Callable[..., Any], trigger: str, **words: Any) -> Callable[[Desk, Actor, random.Random], None]:
    return lambda desk, who, _chance: desk.do(act, NUMBER, who, f"ticket.{trigger}", **words)


def extend(desk: Desk, _who: Actor, chance: random.Random) -> None:
    until = desk.now.astimezone(RULES.tz).date() + timedelta(days=chance.randrange(1, 40))
    desk.do(extending.extend, NUMBER, "admin", "extension.decide", until=until, reason="Czas")


def change_policy(desk: Desk, _who: Actor, chance: random.Random) -> None:
    """To another and back: under each the cache is what would be computed, and nothing is moved twice."""
    other = {
        name: replace(
            one, days={stage: chance.randrange(60) for stage in Stage}, calendar=chance.choice(list(Calendar))
        )
        for name, one in POLICIES.items()
    }
    for policies in (other, POLICIES):
        for moved_again in (True, False):
            found = [each for _last, each in batches(desk.database, desk.now, policies=policies)]
            desk.later(hours=chance.randrange(30))
            assert moved_again or not any(one.ids for one in found)


def cancel_with_a_dealer(desk: Desk, who: Actor, chance: random.Random) -> None:
    """Never in the pool: nobody could reopen it, and the walk would end there."""
    if desk.ticket(NUMBER).dealer_id is not None:
        staff(closing.cancel, "cancel", reason="Dość")(desk, who, chance)


ACTS: dict[str, Callable[[Desk, Actor, random.Random], None]] = {
    "cancel": cancel_with_a_dealer,
    "change_policy": change_policy,
    "extend": extend,
    "papers": papers,
    "quote": quote,
    "reassign": staff(handover.reassign, "reassign", reason="Dalej"),
    "reopen": staff(closing.reopen, "reopen", reason="Znów"),
    "reopen_shop": reopen_shop,
    "resign": own(handover.resign, "resign", note="Nie"),
    "resume": own(pausing.resume, "resume"),
    "suspend": own(pausing.suspend, "suspend", note="Stop"),
    "take": own(taking.take, "take"),
    "to_pool": staff(handover.reassign, "reassign", reason="Pula", to="pool"),
    "withdraw": withdraw,
    "work": work,
}


def cached(ticket: Ticket) -> tuple[str | None, datetime | None, datetime | None]:
    return ticket.stage, ticket.due_at, ticket.warn_at


def computed(desk: Desk, at: datetime) -> tuple[str | None, datetime | None, datetime | None]:
    """The cache made anew at some moment, and thrown away."""
    with desk.database.session(write=True) as session:
        ticket = access.ticket(session, SYSTEM, NUMBER, REACH)
        reclock(session, ticket, at)
        found = cached(ticket)
        session.rollback()
    return found


def check_the_clock(desk: Desk) -> None:
    ticket = desk.ticket(NUMBER)
    for days in (0, 40):
        assert computed(desk, desk.now + timedelta(days=days)) == cached(ticket)
    tenure = next((one for one in desk.tenures(NUMBER) if one.ended_at is None), None)
    if tenure is None or ticket.state in {"suspended", "closed"}:
        assert cached(ticket) == (None, None, None)
        return
    assert ticket.stage is not None
    assert ticket.due_at is not None
    given = tenure.assigned_at.astimezone(RULES.tz).date()
    least = datetime.combine(given + timedelta(days=DAYS[ticket.stage] + 1), datetime.min.time(), RULES.tz)
    assert ticket.due_at >= least
    assert ticket.due_at.astimezone(RULES.tz).time() == datetime.min.time()
    assert ticket.warn_at is not None
    assert tenure.assigned_at < ticket.warn_at < ticket.due_at


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_any_sequence_of_acts_the_cache_is_what_would_be_computed(desk: Desk, seed: int):
    walker = Walker(desk, seed)
    for _ in range(60):
        walker.step()
        check_the_clock(desk)
    assert len(set(walker.done)) >= 4, walker.done


def next_time(day: tuple[int, int], now: datetime) -> datetime:
    """That day's noon: prices are in force from today on."""
    today = now.astimezone(RULES.tz).date()
    year = today.year + (today.replace(day=1) > date(today.year, day[0], 1))
    return datetime.combine(date(year, *day), time(12), RULES.tz)


PLAN = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(1, 80)), min_size=4, max_size=14)
# Before both daylight-saving days, Christmas and the days off in May.
STARTS = st.sampled_from([(3, 24), (10, 22), (12, 21), (4, 29)])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(plan=PLAN, start=STARTS, seed=st.integers(0, 99))
def test_over_holidays_and_clock_changes_the_cache_is_what_would_be_computed(
    database_url: str, plan: list[tuple[str, int]], start: tuple[int, int], seed: int
):
    planted = database_url.removeprefix("sqlite:///")
    desk = Desk(f"sqlite:///{shutil.copy(planted, f'{planted}-played')}")
    desk.now = next_time(start, desk.now)
    walker = Walker(desk, seed)
    for name, hours in plan:
        walker.act(name, hours)
        check_the_clock(desk)
    desk.database.engine.dispose()


def test_both_databases_come_to_the_same_moments(desk: Desk):
    walker = Walker(desk, 735)
    for _ in range(40):
        walker.step()
        check_the_clock(desk)
    assert walker.done


def test_each_acts_own_hours_of_standing_still_are_added_once(desk: Desk):
    desk.contract(SAM, "alfa")
    due = desk.ticket(SAM).due_at
    for _ in range(3):
        desk.later(hours=10)
        desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Stop")
        desk.later(days=2)
        desk.do(pausing.resume, SAM, "operator", "ticket.resume")
    after = desk.ticket(SAM).due_at
    assert due is not None
    assert after is not None
    assert after.astimezone(RULES.tz).date() - due.astimezone(RULES.tz).date() == timedelta(days=6)


def test_what_stood_still_under_a_former_dealer_is_not_given_to_the_next(desk: Desk):
    desk.contract(SAM, "alfa")
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Stop")
    desk.later(days=50)
    beta = desk.actor("beta")
    desk.do(handover.reassign, SAM, "operator", REACH, reason="Dość", to=beta.dealer_id)
    due = desk.ticket(SAM).due_at
    assert due is not None
    assert timedelta(days=3) <= due - desk.now <= timedelta(days=4)
    assert desk.ticket(SAM).dealer_id == beta.dealer_id
