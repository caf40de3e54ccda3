"""Dealers, absences and vendor contacts over the API: what the pages do, errors by field with stable codes."""

from typing import Any

import pytest

from tests.dealers.conftest import ALFA, Desk
from tests.support.app import sqlite_only

RADOM = {"crm_id": 1003, "name": "Kasy Radom", "capacity": 5, "areas": ["05-0", "269"], "types": ["fiscal", "insoft"]}


@pytest.fixture
def staff(api: Any) -> Any:
    return api("operator")


def test_a_dealer_lives_over_the_api_from_its_entry_to_its_end(staff: Any, api: Any):
    made = staff.post("/dealers", RADOM)
    assert made.status_code == 201
    where, dealer = f"/dealers/{made.json['id']}", made.json
    assert (dealer["areas"], dealer["types"], dealer["capacity"]) == (["05-0", "26-9"], ["insoft", "fiscal"], 5)
    changed = staff.put(where, {"areas": [], "city": "Radom", "version": dealer["version"]})
    assert (changed.json["areas"], changed.json["name"]) == ([], "Kasy Radom")
    stale = staff.put(where, {"city": "Kielce", "version": dealer["version"]})
    assert (stale.status_code, stale.json["changed"]) == (
        409,
        [{"field": "city", "theirs": "Radom", "yours": "Kielce"}],
    )
    assert staff.post(f"{where}/deactivation").json["active"] is False
    assert where not in str(staff.get("/dealers").json)
    assert staff.post(f"{where}/activation").json["active"] is True
    acts = [one["act"] for one in staff.get(f"{where}/history").json["items"]]
    assert acts == ["dealer_activate", "dealer_deactivate", "dealer_change", "dealer_add"]
    assert api("admin").send("DELETE", where).status_code == 403
    assert api("master").send("DELETE", where).status_code == 204
    assert staff.get(where).status_code == 404


@sqlite_only
def test_a_dealer_in_use_is_not_deleted_and_the_answer_says_why(api: Any, desk: Desk):
    answer = api("master").send("DELETE", f"/dealers/{desk.dealer(ALFA).id}")
    assert (answer.status_code, answer.json["blockers"][0]["code"]) == (409, "dealer_is_unused")
    assert "konto" in answer.json["blockers"][0]["message"]


@sqlite_only
def test_the_list_is_filtered_as_on_screen(staff: Any, desk: Desk):
    desk.away(0, 2)
    page = staff.get("/dealers?area=26-922&type=insoft").json
    [line] = page["items"]
    assert (page["total"], line["crm_id"], line["open"], line["capacity"], line["absent"]) == (1, 1001, 1, 8, True)
    assert line["absence"]["last_day"] == desk.day(2)
    [insoft, _fiscal] = staff.get("/dealer-areas").json["items"]
    covered = {one["prefix"]: one["covered_by"] for one in insoft["areas"] if one["covered_by"]}
    assert covered == {"11": 1, "26": 1}


@sqlite_only
def test_wrong_values_are_named_by_field(staff: Any, desk: Desk):
    where = f"/dealers/{desk.dealer(ALFA).id}"
    for body, code in (
        ({"capacity": 10_001}, "number_out_of_range"),
        ({"capacity": None}, "required"),
        ({"capacity": "8"}, "wrong_kind"),
        ({"capacity": 10**400}, "too_large"),
        ({"crm_id": 1002}, "crm_id_taken"),
        ({"areas": ["26", "26-9"]}, "prefixes_twice"),
        ({"areas": ["\x00"] * 2 + ["x"]}, "bad_prefixes"),
        ({"name": "\x00"}, "required"),
        ({"active": False}, "unknown_field"),
    ):
        answer = staff.put(where, body)
        assert (answer.status_code, [one["code"] for one in answer.json["errors"]]) == (422, [code]), body
    assert staff.get(f"/dealers/{2**31 - 1}").status_code == staff.get(f"/dealers/{10**30}").status_code == 404


def test_a_dealer_keeps_its_absences_and_its_choice_over_the_api(api: Any, desk: Desk):
    alfa = api("alfa")
    made = alfa.post("/my-company/absences", {"first_day": desk.day(), "last_day": desk.day(3), "reason": "Urlop"})
    assert made.status_code == 201
    where = f"/my-company/absences/{made.json['id']}"
    assert api("beta").put(where, {"reason": "x"}).status_code == api("beta").send("DELETE", where).status_code == 404
    changed = alfa.put(where, {"last_day": desk.day(1), "version": made.json["version"]})
    assert (changed.json["last_day"], changed.json["reason"]) == (desk.day(1), "Urlop")
    assert alfa.put(where, {"last_day": desk.day(2), "version": made.json["version"]}).status_code == 409
    assert [one["id"] for one in alfa.get("/my-company/absences").json["items"]] == [made.json["id"]]
    assert alfa.send("DELETE", where).status_code == 204
    assert alfa.get("/my-company/absences").json["items"] == []
    chosen = alfa.put("/my-company", {"digest": True})
    assert (chosen.json["digest"], chosen.json["name"]) == (True, ALFA)
    assert alfa.put("/my-company", {"digest": "yes"}).status_code == 422
    assert api("beta").get("/my-company").json["digest"] is False
    too_long = alfa.post("/my-company/absences", {"first_day": desk.day(), "last_day": desk.day(60)})
    assert [one["code"] for one in too_long.json["errors"]] == ["absence_too_long"]


@sqlite_only
def test_staff_keep_the_absences_of_any_dealer(staff: Any, desk: Desk):
    where = f"/dealers/{desk.dealer(ALFA).id}/absences"
    made = staff.post(where, {"first_day": desk.day(1), "last_day": desk.day(300)})
    assert made.status_code == 201
    assert staff.put(f"{where}/{made.json['id']}", {"last_day": desk.day(5)}).json["last_day"] == desk.day(5)
    other = f"/dealers/{desk.dealer('Dealer Beta').id}/absences/{made.json['id']}"
    assert staff.put(other, {}).status_code == staff.send("DELETE", other).status_code == 404
    assert staff.send("DELETE", f"{where}/{made.json['id']}").status_code == 204
    assert staff.get(where).json["items"] == []


def test_a_contact_lives_over_the_api(staff: Any, api: Any):
    given = {"type": "fiscal", "role": "rks", "vendor": "Novitus", "name": "Nina", "email": "nina@novitus.example"}
    made = staff.post("/vendor-contacts", given)
    assert (made.status_code, made.json["prefix"]) == (201, "")
    [error] = staff.post("/vendor-contacts", given).json["errors"]
    assert (error["field"], error["code"]) == ("prefix", "contact_taken")
    where = f"/vendor-contacts/{made.json['id']}"
    assert staff.put(where, {"prefix": "269", "version": made.json["version"]}).json["prefix"] == "26-9"
    assert staff.put(where, {"name": "Inna", "version": made.json["version"]}).status_code == 409
    assert len(staff.get("/vendor-contacts").json["items"]) == 3
    assert [one["act"] for one in staff.get(f"{where}/history").json["items"]] == ["contact_change", "contact_add"]
    now = staff.get(where).json["version"]
    for query, status in (("", 409), (f"?version={now - 1}", 409), (f"?version={now}", 204), (f"?version={now}", 404)):
        assert staff.send("DELETE", f"{where}{query}").status_code == 403
        assert api("master").send("DELETE", f"{where}{query}").status_code == status
