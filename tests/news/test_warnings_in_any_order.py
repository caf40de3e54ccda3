"""Whatever is done with a ticket, and whenever a scheduler looks: no threshold twice, none early, none left out."""

import json
import random
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from mikroserwis.access import Actor
from mikroserwis.errors import Problem
from mikroserwis.models import News
from mikroserwis.rulebook import POLICIES
from mikroserwis.tickets import clocks
from mikroserwis.tickets.news import moment
from mikroserwis.tickets.operations import handover, pausing
from tests.news.desk import NewsDesk
from tests.support.app import sqlite_only
from tests.support.cast import SAM

STEPS = 60
EVERYTHING = ("take", "contract", "suspend", "resume", "extend", "reassign", "nothing", "nothing", "nothing")


def act(desk: NewsDesk, name: str, holder: Actor, chance: random.Random) -> None:
    match name:
        case "take":
            desk.take(SAM, holder)
        case "contract":
            desk.contract(SAM, holder)
        case "suspend":
            desk.do(pausing.suspend, SAM, holder, "ticket.suspend", note="Remont.")
        case "resume":
            desk.do(pausing.resume, SAM, holder, "ticket.resume")
        case "reassign":
            desk.do(handover.reassign, SAM, "operator", "ticket.reassign", reason="Urlop.")
        case "extend":
            desk.extend(SAM, desk.due_day(SAM) + timedelta(days=chance.randrange(1, 9)))


def due_to_be_said(desk: NewsDesk) -> tuple[str, str, int] | None:
    """The newest threshold that is past and was not warned of, as the rules compute it from the records."""
    with desk.database.reading() as session:
        found = clocks.passed(session, [desk.ticket(SAM).id], POLICIES, desk.now)
    return (found[0].stage, moment(found[0].extended), found[0].share) if found else None


def said(desk: NewsDesk) -> list[News]:
    return desk.news(SAM)


def proves_itself(desk: NewsDesk) -> bool:
    with desk.database.reading() as session:
        return all(one.kept == one.computed for one in clocks.read(session, [desk.ticket(SAM).id], POLICIES, desk.now))


@pytest.mark.parametrize("seed", range(3))
@sqlite_only
def test_in_any_order_of_acts_each_threshold_of_each_deadline_is_warned_of_once(desk: NewsDesk, seed: int):
    chance = random.Random(seed)
    dealers = {one.dealer_id: one for one in [desk.actor("alfa"), desk.actor("beta")]}
    for crm_id in range(3000, 3004):
        made = desk.add_dealer(f"Dealer {crm_id}", crm_id, "26")
        dealers[made.dealer_id] = made
    for _step in range(STEPS):
        desk.later(hours=chance.choice((1, 5, 20, 50)))
        holder = desk.ticket(SAM).dealer_id
        if holder is not None:
            with suppress(Problem, AssertionError):
                act(desk, chance.choice(EVERYTHING), dealers[holder], chance)
        expected, before = due_to_be_said(desk), len(said(desk))
        desk.warn()
        new = [json.loads(one.data) for one in said(desk)[before:]]
        assert [(one["stage"], one["extended"], one["share"]) for one in new] == ([expected] if expected else [])
        for one in new:
            assert moment_of(desk, one["stage"], one["share"]) <= desk.now
        assert due_to_be_said(desk) is None
        assert proves_itself(desk)
    keys = [one.key for one in said(desk)]
    assert len(keys) == len(set(keys)) > 1


def moment_of(desk: NewsDesk, stage: str, share: int) -> datetime:
    return desk.moments(SAM, stage)[share]
