"""Each act of a ticket and its sub-tickets: done where it is possible, refused with the reason where it isn't."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.models import Dealer, DealerArea
from tests.support.cast import ARKLITY, POOLED, SAM
from tests.support.people import Api
from tests.support.way import Way

People = Callable[[str], Api]


def test_a_ticket_is_suspended_with_a_note_and_resumed_where_it_was(api: People, way: Way) -> None:
    way.contract(SAM)
    alfa = api("alfa")
    suspended = alfa.post(f"/tickets/{SAM}/suspension", {"note": "Detalista się waha."}).json
    assert (suspended["state"], suspended["due"]) == ("suspended", None)
    assert {one["state"] for one in suspended["deadlines"]} >= {"paused"}
    assert refusal(alfa.post(f"/tickets/{SAM}/suspension", {"note": "x"})) == ["wrong_state"]
    assert alfa.post(f"/tickets/{SAM}/resumption").json["state"] == "contract"
    assert refusal(alfa.post(f"/tickets/{SAM}/resumption")) == ["wrong_state"]
    [note] = alfa.get(f"/tickets/{SAM}/notes").json["items"]
    assert (note["text"], note["act"]) == ("Detalista się waha.", "suspend")


def test_a_dealer_that_resigns_loses_sight_of_the_ticket(api: People, way: Way) -> None:
    with way.parts.database.transaction() as session:
        beta = session.scalars(select(Dealer).where(Dealer.name == "Dealer Beta")).one()
        beta.areas.append(DealerArea(prefix="26"))
    way.taken(SAM)
    alfa = api("alfa")
    left = alfa.post(f"/tickets/{SAM}/resignation", {"note": "Za daleko."}).json
    assert (left["state"], left["caretaker"], left["subtickets"], left["deadlines"]) == ("new", None, [], [])
    assert alfa.get(f"/tickets/{SAM}").status_code == 404
    assert api("operator").get(f"/tickets/{SAM}").json["caretaker"]["name"] == "Dealer Beta"


@pytest.mark.parametrize(("to", "caretaker"), [(1002, "Dealer Beta"), ("pool", None), ("next", None)])
def test_staff_give_a_ticket_on_with_a_reason(api: People, to: Any, caretaker: str | None) -> None:
    body = {"reason": "Dealer chory.", "to": to}
    ticket = api("operator").post(f"/tickets/{SAM}/reassignment", body).json
    assert (ticket["caretaker"] or {"name": None})["name"] == caretaker
    assert api("beta").get(f"/tickets/{SAM}").status_code == 200


def test_a_ticket_is_not_given_to_whom_it_cannot_be(api: People) -> None:
    for to, code in ((999, "no_such_dealer"), (1001, "dealer_has_it")):
        answer = api("operator").post(f"/tickets/{SAM}/reassignment", {"reason": "x", "to": to})
        assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [("to", code)]


def test_a_cancelled_ticket_is_reopened_by_an_administrator_only(api: People, way: Way) -> None:
    way.contract(SAM)
    cancelled = api("operator").post(f"/tickets/{SAM}/cancellation", {"reason": "Sklep zamknięty."}).json
    assert (cancelled["state"], cancelled["outcome"]) == ("closed", "withdrawn")
    assert api("operator").post(f"/tickets/{SAM}/reopening", {"reason": "x"}).status_code == 403
    assert api("admin").post(f"/tickets/{SAM}/reopening", {"reason": "Pomyłka."}).json["state"] == "contract"
    assert refusal(api("admin").post(f"/tickets/{SAM}/reopening", {"reason": "x"})) == ["wrong_state"]


def test_a_pooled_ticket_goes_to_who_takes_it_and_the_others_read_that(api: People) -> None:
    assert api("beta").get(f"/tickets/{POOLED}").json["caretaker"] is None
    assert api("alfa").post(f"/tickets/{POOLED}/taking").json["caretaker"]["name"] == "Dealer Alfa"
    lost = api("beta").post(f"/tickets/{POOLED}/taking")
    assert (lost.status_code, lost.json["code"]) == (409, "just_taken")
    assert POOLED not in {line["number"] for line in api("beta").get("/tickets").json["items"]}
    assert api("alfa").post(f"/tickets/{ARKLITY}/taking").json["code"] == "not_found"


def test_nothing_is_exported_twice_before_it_is_acknowledged(api: People, way: Way) -> None:
    way.taken(SAM)
    assert refusal(api("alfa").post(f"/tickets/{SAM}/export")) == ["wrong_state"]
    way.contract(SAM)
    queued = api("alfa").post(f"/tickets/{SAM}/export")
    assert (queued.status_code, len(queued.json["files"])) == (202, 3)
    assert refusal(api("alfa").post(f"/tickets/{SAM}/export")) == ["something_is_new_to_export"]


def test_a_shop_is_suspended_resumed_and_given_back(api: People, way: Way) -> None:
    way.acknowledged(SAM)
    [subticket] = way.subtickets(SAM)
    here, alfa = f"/subtickets/{subticket}", api("alfa")
    assert refusal(alfa.post(f"{here}/suspension", {"note": "x"})) == ["wrong_state"]
    assert alfa.post(f"{here}/taking").json["state"] == "taken"
    assert alfa.post(f"{here}/suspension", {"note": "Remont."}).json["state"] == "suspended"
    assert alfa.post(f"{here}/resumption").json["state"] == "taken"
    assert alfa.post(f"{here}/resignation", {"note": "Nie dojadę."}).json["state"] == "new"
    body = {"reason": "Bliżej.", "to": 1002}
    assert api("operator").post(f"{here}/reassignment", body).json["dealer"]["name"] == "Dealer Beta"
    assert api("beta").post(f"{here}/taking").json["state"] == "taken"


def test_the_only_shop_is_not_withdrawn_and_a_closed_one_reopens_its_ticket(api: People, way: Way) -> None:
    way.closed(SAM)
    [subticket] = way.subtickets(SAM)
    reopened = api("admin").post(f"/subtickets/{subticket}/reopening", {"reason": "Stacja zniknęła."})
    assert (reopened.json["state"], way.state(SAM)) == ("taken", "contract")
    withdrawn = api("operator").post(f"/subtickets/{subticket}/withdrawal", {"reason": "x"})
    assert refusal(withdrawn) == ["another_subticket_remains"]


def test_a_platform_that_is_down_closes_nothing_and_says_so(api: People, way: Way) -> None:
    way.points_saved(SAM)
    [subticket] = way.subtickets(SAM)
    way.platform.faults(error_rate=1.0)
    answer = api("alfa").post(f"/subtickets/{subticket}/closure")
    assert refusal(answer) == ["platform_has_answered"]
    here = api("alfa").get(f"/subtickets/{subticket}").json
    assert (here["state"], here["last_check"]["verdict"]) == ("taken", "no_answer")
    assert here["last_check"]["message"] == answer.json["blockers"][0]["message"]


def test_a_point_that_the_platform_never_heard_of_has_only_silent_stations(api: People, way: Way) -> None:
    way.points_saved(SAM)
    [subticket] = way.subtickets(SAM)
    assert refusal(api("alfa").post(f"/subtickets/{subticket}/closure")) == ["every_station_reports"]
    check = api("operator").get(f"/subtickets/{subticket}").json["last_check"]
    assert [one["station"] for one in check["silent"]] == [1, 2]


def test_a_fiscal_shop_closes_without_asking_the_platform(api: People, way: Way) -> None:
    way.points_saved(ARKLITY)
    way.platform.faults(drop_rate=1.0)
    [subticket] = way.subtickets(ARKLITY)
    assert api("beta").post(f"/subtickets/{subticket}/closure").json["outcome"] == "done"
    assert way.state(ARKLITY) == "closed"


def test_actions_say_what_may_be_done_and_what_stands_in_the_way(api: People, way: Way) -> None:
    way.taken(SAM)
    actions = {one["trigger"]: one for one in api("alfa").get(f"/tickets/{SAM}").json["actions"]}
    assert (actions["resign"]["allowed"], actions["resign"]["needs"]) == (True, "note")
    assert [one["code"] for one in actions["suspend"]["blockers"]] == ["quote_is_uploaded"]
    assert "reassign" not in actions
    assert "cancel" in {one["trigger"] for one in api("operator").get(f"/tickets/{SAM}").json["actions"]}


def refusal(answer: Any) -> list[str]:
    assert answer.status_code == 409, answer.text
    return [one["code"] for one in answer.json["blockers"]]
