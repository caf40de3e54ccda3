"""What tonight would do: exactly what the sweep then does, in words, for staff."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.models import Assignment, Dealer, Handover, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.supervision.tonight import moments, queries
from mikroserwis.supervision.tonight.queries import Preview
from mikroserwis.tickets.offer import as_text
from tests.simulator.conftest import History, at_night
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Api, Web


def previewed(past: History, at: datetime | None = None, **more: Any) -> Preview:
    with past.desk.database.reading() as session:
        wanted = moments.read({"at": at.isoformat()} if at else {}, past.desk.now)
        return queries.preview(session, wanted, **more)


def done(past: History, since: datetime) -> set[tuple[Any, ...]]:
    """What the sweep wrote since then: ticket, from, to, stage, due since, why."""
    with past.desk.database.reading() as session:
        names = {row.id: row.name for row in session.execute(select(Dealer.id, Dealer.name))}
        query = (
            select(Handover, Ticket.number, Assignment.choice)
            .join(Ticket, Ticket.id == Handover.ticket_id)
            .outerjoin(Assignment, Assignment.id == Handover.next_assignment_id)
            .where(Handover.how == "sweep", Handover.at >= since)
        )
        return {
            (number, names[one.former_dealer_id], names.get(one.next_dealer_id), one.stage, one.due_at, choice or "")
            for one, number, choice in session.execute(query)
        }


def test_the_sweep_does_line_by_line_what_the_preview_said(past: History):
    past.open_tickets(6)
    past.nights(9, Random(3))
    tonight = moments.tonight(past.desk.now)
    said = previewed(past)
    past.sweep(tonight.astimezone(RULES.tz).date())
    happened = done(past, tonight)
    assert len(said.moves) >= 2
    assert {(one.ticket.number, one.was, one.to, one.ticket.stage, one.ticket.due_at) for one in said.moves} == {
        one[:5] for one in happened
    }
    why = {one.ticket.number: as_text(one.choice) for one in said.moves if one.to and one.choice}
    assert why == {one[0]: one[5] for one in happened if one[2]}


def test_a_look_ahead_is_what_that_sweep_does_when_nothing_happens_until_then(past: History):
    past.open_tickets(5)
    later = at_night(past.today + timedelta(days=4))
    said = previewed(past, later)
    past.sweep(past.today + timedelta(days=4))
    assert said.away == 7
    assert {(one.ticket.number, one.to) for one in said.moves} == {(one[0], one[2]) for one in done(past, later)}


@sqlite_only
def test_what_is_too_much_to_plan_is_counted_all_the_same(past: History):
    past.open_tickets(5)
    found = previewed(past, at_night(past.today + timedelta(days=4)), most=3)
    assert (len(found.moves), found.total, found.unplanned) == (3, 7, 4)


def in_days(days: int) -> str:
    day = (datetime.now(RULES.tz) + timedelta(days=days)).date()
    return f"{day.isoformat()}T00:15"


def test_the_page_says_from_whom_to_whom_why_and_what_can_be_done(past: History, web: Callable[[str], Web]):
    past.open_tickets(2)
    page = web("operator").get(f"/supervision/tonight?at={in_days(4)}").get_data(as_text=True)
    assert "Dealer Alfa" in page
    assert f"/tickets/{SAM}" in page
    assert f"act=extend&amp;number={SAM}" in page
    assert "Wybór według reguł" in page


@sqlite_only
def test_tonight_takes_nothing_away_of_what_came_in_today(web: Callable[[str], Web]):
    page = web("operator").get("/supervision/tonight")
    assert page.status_code == 200
    assert f"/tickets/{SAM}" not in page.get_data(as_text=True)


def test_the_api_gives_the_same_plan(past: History, api: Callable[[str], Api]):
    answer = api("operator").get(f"/supervision/tonight?at={in_days(4)}&sort=-ticket")
    assert answer.status_code == 200
    plan = answer.get_json()
    assert (plan["total"], plan["taken_away"], plan["nights_before"]) == (2, 2, 3)
    assert [one["ticket"] for one in plan["moves"]] == [SAM, ARKLITY]
    assert {one["act"] for one in plan["moves"]} == {"reassign"}
    assert all(one["why"] and one["stage"] == "take" for one in plan["moves"])


@sqlite_only
@pytest.mark.parametrize(
    "at", ["2001-01-01T00:15", "9999-12-31T23:59", "0001-01-01T00:00", "morgen", "2026-02-30", "3"]
)
def test_a_moment_that_makes_no_sense_is_told_at_its_field(
    at: str, web: Callable[[str], Web], api: Callable[[str], Api]
):
    page = web("operator").get("/supervision/tonight", query_string={"at": at})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.get_data(as_text=True)
    assert f'value="{at}"' in page.get_data(as_text=True)
    assert api("operator").get("/supervision/tonight", query_string={"at": at}).status_code == 422
