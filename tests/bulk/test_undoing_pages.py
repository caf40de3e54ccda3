"""A change of dealer undone on the ticket's page, and over the API."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from mikroserwis.edge import Parts
from mikroserwis.models import Dealer, Handover, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets.clock import last_day
from tests.support.app import clock, sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Api, Web
from tests.support.way import Way


@pytest.fixture
def taken_away(api: Callable[[str], Api], parts: Parts) -> int:
    """Ticket 115 was a contract to be of Alfa's and lies in the pool now; the id of that change."""
    api("alfa").post(f"/tickets/{SAM}/taking")
    answer = api("operator").post(f"/tickets/{SAM}/reassignment", {"to": "pool", "reason": "Urlop"})
    assert answer.status_code == 200
    handover_id: int = answer.json["undoable_handover"]
    with parts.database.reading() as session:
        assert session.scalars(select(Handover.id)).one() == handover_id
    return handover_id


def undo_url(page: str) -> str:
    [found] = re.findall(r'href="(/tickets/\d+/handovers/\d+/undo)"', page)
    return str(found)


def test_staff_see_who_lost_it_and_give_it_back_as_it_was(web: Callable[[str], Web], way: Way, taken_away: int):
    operator, alfa = web("operator"), web("alfa")
    page = operator.get(f"/tickets/{SAM}").text
    assert "Zaplecze odebrało zgłoszenie dealerowi Dealer Alfa" in page
    assert undo_url(page) == f"/tickets/{SAM}/handovers/{taken_away}/undo"
    assert alfa.get(f"/tickets/{SAM}").status_code == 404
    form = operator.get(undo_url(page)).text
    assert "wróci do dealera Dealer Alfa" in form
    done = operator.post(undo_url(page), {"reason": "Pomyłka"})
    assert done.headers["Location"] == f"/tickets/{SAM}"
    assert way.state(SAM) == "taken"
    shown = alfa.get(f"/tickets/{SAM}")
    assert (shown.status_code, "handovers" in shown.text) == (200, False)
    assert "handovers" not in operator.get(f"/tickets/{SAM}").text


def test_whoever_gets_it_back_sees_its_deadlines_and_what_it_had_done(
    web: Callable[[str], Web], api: Callable[[str], Api], parts: Parts
):
    alfa, staff = web("alfa"), api("operator")
    api("alfa").post(f"/tickets/{SAM}/taking")
    with parts.database.reading() as session:
        beta = session.scalars(select(Dealer.crm_id).where(Dealer.name == "Dealer Beta")).one()
    given = staff.post(f"/tickets/{SAM}/reassignment", {"to": beta, "reason": "Urlop"}).json
    assert given["caretaker"]["name"] == "Dealer Beta"
    web("beta").post(f"/tickets/{SAM}/notes", {"text": "Zadzwonię jutro"})
    staff.post(f"/tickets/{SAM}/handovers/{given['undoable_handover']}/undo", {"reason": "Pomyłka"})
    for reader in (alfa, web("operator")):
        shown = reader.get(f"/tickets/{SAM}").text
        assert ("% czasu" in shown, "Zgłoszenie podjęte" in shown) == (True, True)
    assert "Zadzwonię jutro" not in alfa.get(f"/tickets/{SAM}").text
    verbs = [one["verb"] for one in api("alfa").get(f"/tickets/{SAM}/history").json["items"]]
    assert ("take" in verbs, "undo" in verbs, "reassign" in verbs) == (True, True, False)


@sqlite_only
def test_a_new_last_day_can_be_given_and_mistakes_keep_what_was_typed(
    web: Callable[[str], Web], parts: Parts, taken_away: int
):
    operator, path = web("operator"), f"/tickets/{SAM}/handovers/{taken_away}/undo"
    for typed, word in (
        ({"reason": " ", "until": "2040-01-01"}, "2040-01-01"),
        ({"reason": "Pomyłka", "until": "jutro"}, "Pomyłka"),
        ({"reason": "Pomyłka", "until": "2019-01-01"}, "Pomyłka"),
    ):
        answer = operator.post(path, typed)
        assert (answer.status_code, word in answer.text) == (422, True)
    day = today(clock()) + timedelta(days=20)
    assert operator.post(path, {"reason": "Pomyłka", "until": str(day)}).status_code == 303
    with parts.database.reading() as session:
        due = session.scalars(select(Ticket.due_at).where(Ticket.number == SAM)).one()
        assert due is not None
        assert last_day(due) == day


@sqlite_only
def test_what_is_late_done_or_anothers_is_not_undone(
    api: Callable[[str], Api], web: Callable[[str], Web], parts: Parts, taken_away: int
):
    operator, path = api("operator"), f"/tickets/{SAM}/handovers/{taken_away}/undo"
    assert operator.post(f"/tickets/{ARKLITY}/handovers/{taken_away}/undo", {"reason": "x"}).status_code == 404
    assert web("operator").get(f"/tickets/{ARKLITY}/handovers/{taken_away}/undo").status_code == 404
    assert web("operator").post(f"/tickets/{ARKLITY}/handovers/{taken_away}/undo", {"reason": "x"}).status_code == 404
    assert api("alfa").post(path, {"reason": "x"}).status_code == 404
    with parts.database.transaction() as session:
        session.execute(update(Handover).values(at=clock() - timedelta(hours=25)))
    assert "handovers" not in web("operator").get(f"/tickets/{SAM}").text
    late = operator.post(path, {"reason": "x"})
    assert (late.status_code, late.json["blockers"][0]["code"]) == (409, "handover_is_of_today")
    with parts.database.transaction() as session:
        session.execute(update(Handover).values(at=clock()))
    done = operator.post(path, {"reason": "x"})
    assert (done.status_code, done.json["state"], done.json["caretaker"]["name"]) == (200, "taken", "Dealer Alfa")
    assert operator.post(path, {"reason": "x"}).json["blockers"][0]["code"] == "handover_is_undone_once"
