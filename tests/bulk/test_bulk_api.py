"""Acts on many tickets over the API."""

from collections.abc import Callable
from datetime import timedelta

from mikroserwis.pricing import today
from tests.support.app import clock, sqlite_only
from tests.support.cast import ARKLITY, POOLED, SAM
from tests.support.people import Api

People = Callable[[str], Api]
REASON = {"reason": "Dealer jest na urlopie."}


def test_a_program_reassigns_by_numbers_reads_the_results_and_undoes_them(api: People):
    operator = api("operator")
    version = operator.get(f"/tickets/{SAM}").json["version"]
    tickets = [{"number": SAM, "version": version}, {"number": ARKLITY, "version": 999}, {"number": 4_000_000}]
    answer = operator.post("/tickets/bulk-reassignments", {"tickets": tickets, "to": "pool", **REASON})
    assert (answer.status_code, answer.json["state"], answer.json["act"]) == (202, "done", "pool")
    lines = {one["number"]: one for one in answer.json["lines"]}
    assert [lines[one]["state"] for one in (SAM, ARKLITY, 4_000_000)] == ["done", "refused", "refused"]
    assert lines[ARKLITY]["codes"] == ["changed_since_the_look"]
    assert lines[4_000_000]["codes"] == ["not_found"]
    assert (lines[SAM]["was"], lines[SAM]["to"]) == ("Dealer Alfa", None)
    batch = answer.json["batch"]
    assert operator.get(f"/bulk/{batch}").json == answer.json
    assert [one["batch"] for one in operator.get("/bulk").json["items"]] == [batch]
    undone = operator.post(f"/bulk/{batch}/undo", {"number": SAM, "reason": "Wrócił."})
    assert (undone.status_code, undone.json["lines"][0]["state"]) == (202, "undone")
    again = operator.post(f"/bulk/{batch}/undo", {"reason": "Wrócił."})
    assert (again.status_code, again.json["blockers"][0]["code"]) == (409, "nothing_to_undo")


@sqlite_only
def test_what_a_list_finds_is_extended_once_under_one_key(api: People):
    operator = api("operator")
    body = {"query": "state=new&view=due_this_week", "until": str(today(clock()) + timedelta(days=6)), **REASON}
    key = {"Idempotency-Key": "wieczorem"}
    first = operator.post("/tickets/bulk-extensions", body, headers=key)
    assert sorted(one["number"] for one in first.json["lines"]) == [ARKLITY, SAM]
    assert {one["state"] for one in first.json["lines"]} == {"done"}
    assert operator.post("/tickets/bulk-extensions", body, headers=key).json == first.json
    assert len(operator.get("/bulk").json["items"]) == 1
    other = operator.post("/tickets/bulk-extensions", {**body, "query": "state=new"}, headers=key)
    assert other.status_code == 409


@sqlite_only
def test_nonsense_is_refused_before_anything_is_done(api: People):
    operator = api("operator")
    good = {"tickets": [{"number": POOLED}], **REASON}
    for body in (
        {**good, "tickets": []},
        {**good, "query": "state=new"},
        {**good, "to": 4242},
        {**good, "to": "somebody"},
        {**good, "reason": " "},
        {**good, "tickets": [{"number": "x"}]},
        {**good, "tickets": [{"number": one} for one in range(2001)]},
    ):
        assert operator.post("/tickets/bulk-reassignments", body).status_code == 422, body
    for day in ("x", "2019-01-01"):
        assert operator.post("/tickets/bulk-extensions", {**good, "until": day}).status_code == 422
    assert operator.get("/bulk").json["items"] == []
    assert api("alfa").post("/tickets/bulk-reassignments", good).status_code == 403
