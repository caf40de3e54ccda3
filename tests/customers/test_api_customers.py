"""Customers over the API: what the pages do, errors by field with stable codes."""

from typing import Any

import pytest

from tests.customers.conftest import MAREA, SAM_TAX_ID, SHOP, Counter
from tests.support.app import sqlite_only
from tests.support.cast import POINT, SAM
from tests.support.way import Way

ADDRESS = {"name": "Filia", "street": "ul. Leśna 1", "postal_code": "26-600", "city": "Radom"}


@pytest.fixture
def staff(api: Any) -> Any:
    return api("operator")


def test_a_customer_lives_over_the_api_from_its_entry_to_its_end(staff: Any, api: Any, counter: Counter):
    made = staff.post("/customers", {**MAREA, "owner_id": counter.user_id("seller")})
    assert (made.status_code, made.json["tax_id"], made.json["owner"]["name"]) == (201, "RO18547290", "Sylwia Sprzedaj")
    where, version = f"/customers/{made.json['id']}", made.json["version"]
    assert api("seller").put(where, {"city": "Cluj", "version": version}).json["city"] == "Cluj"
    stale = staff.put(where, {"city": "Iași", "version": version})
    assert (stale.status_code, stale.json["changed"]) == (
        409,
        [{"field": "city", "theirs": "Cluj", "yours": "Iași"}],
    )
    assert staff.put(f"{where}/owner", {"owner_id": None}).json["owner"] is None
    assert api("seller").get(where).status_code == 404
    acts = [one["act"] for one in staff.get(f"{where}/history").json["items"]]
    assert acts == ["customer_owner", "company", "customer_add"]
    assert api("admin").send("DELETE", where).status_code == 403
    assert api("master").send("DELETE", where).status_code == 204
    assert staff.get(where).status_code == 404


@sqlite_only
def test_a_customer_in_use_is_not_deleted_and_the_answer_says_why(api: Any, counter: Counter):
    answer = api("master").send("DELETE", f"/customers/{counter.id()}")
    assert (answer.status_code, answer.json["blockers"][0]["code"]) == (409, "customer_is_unused")
    assert "1 zgłoszenie" in answer.json["blockers"][0]["message"]


@sqlite_only
def test_the_list_of_customers_is_filtered_as_on_screen(staff: Any, api: Any, counter: Counter):
    counter.add()
    page = staff.get("/customers?q=slazak&country=PL").json
    [line] = page["items"]
    assert (page["total"], line["tax_id"], line["open"], line["has_account"]) == (1, SAM_TAX_ID, 1, False)
    assert line["owner"] == "Sylwia Sprzedaj"
    assert [one["tax_id"] for one in api("seller").get("/customers").json["items"]] == [SAM_TAX_ID]


@sqlite_only
def test_wrong_values_of_a_customer_are_named_by_field(staff: Any, api: Any, counter: Counter):
    where = f"/customers/{counter.id()}"
    for body, code in (
        ({"tax_id": "5252248482"}, "nip_check_digit"),
        ({"tax_id": "8213457130"}, "tax_id_of"),
        ({"tax_id": None}, "required"),
        ({"country": "RO", "tax_id": "18547291", "regon": ""}, "tax_id_check_digit"),
        ({"country": "Polska"}, "unknown_value"),
        ({"name": "\x00"}, "required"),
        ({"owner_id": 1}, "unknown_field"),
        ({"version": "1"}, "wrong_kind"),
    ):
        answer = staff.put(where, body)
        assert (answer.status_code, [one["code"] for one in answer.json["errors"]]) == (422, [code]), body
    hidden = api("seller").post("/customers", {**SHOP, "tax_id": "8213457130"}).json["errors"]
    assert [one["code"] for one in hidden] == ["tax_id_known"]
    assert "Arklity" not in str(hidden)
    assert staff.put(f"{where}/owner", {"owner_id": 10**9}).json["errors"][0]["code"] == "no_such_seller"
    assert staff.get(f"/customers/{2**31 - 1}").status_code == staff.get(f"/customers/{10**30}").status_code == 404


def test_people_and_shops_are_kept_over_the_api(staff: Any, api: Any, counter: Counter):
    where = f"/customers/{counter.id()}"
    person = staff.post(f"{where}/contacts", {"name": "Jan", "phone": "600 100 200"}).json
    changed = staff.put(f"{where}/contacts/{person['id']}", {"role": "zakupy", "version": person["version"]}).json
    assert (changed["role"], changed["phone"]) == ("zakupy", "+48 600 100 200")
    assert [one["name"] for one in staff.get(f"{where}/contacts").json["items"]] == ["Jan"]
    gone = f"{where}/contacts/{person['id']}"
    for query, status in (("", 409), (f"?version={changed['version']}", 204), ("", 404)):
        assert staff.send("DELETE", f"{gone}{query}").status_code == status
    shop = staff.post(f"{where}/points", {**ADDRESS, "number": 9001}).json
    assert shop["id"] == 9001
    assert staff.post(f"{where}/points", ADDRESS).json["id"] != 9001
    assert staff.put(f"{where}/points/9001", {"city": "Kielce", "version": shop["version"]}).json["city"] == "Kielce"
    assert staff.put(f"{where}/points/9001", {"city": "Lublin", "version": shop["version"]}).status_code == 409
    assert [one["id"] for one in staff.get(f"{where}/points").json["items"]][:1] == [POINT]
    assert staff.send("DELETE", f"{where}/points/9001?version=2").status_code == 403
    assert api("master").send("DELETE", f"{where}/points/9001?version=2").status_code == 204
    assert api("master").send("DELETE", f"{where}/points/{POINT}?version=1").status_code == 409


@sqlite_only
def test_a_repeated_request_adds_a_customer_once(staff: Any):
    key = {"Idempotency-Key": "customer-1"}
    first, second = (staff.post("/customers", SHOP, headers=key) for _ in range(2))
    assert (first.status_code, first.json["id"]) == (second.status_code, second.json["id"])
    assert staff.get("/customers?q=5252248481").json["total"] == 1


@sqlite_only
def test_what_is_known_of_a_customer_elsewhere_is_read_over_the_api(api: Any, way: Way, counter: Counter):
    way.closed(SAM)
    where, seller = f"/customers/{counter.id()}", api("seller")
    orders = seller.get(f"{where}/tickets").json
    assert (orders["total"], [(one["number"], one["state"]) for one in orders["items"]]) == (1, [(SAM, "closed")])
    papers = seller.get(f"{where}/documents").json
    assert [(one["ticket"], one["number"]) for one in papers["quotes"]] == [(SAM, 1)]
    assert {one["kind"] for one in papers["signed"]} == {"contract", "power_of_attorney"}
    files = seller.get(f"{where}/files").json["items"]
    assert {one["kind"] for one in files} >= {"contract", "power_of_attorney"}
    assert seller.get(f"/files/{files[0]['id']}/content").status_code == 200
    trail = seller.get(f"{where}/history").json
    assert ("confirm", SAM) in {(one["act"], one["ticket"]) for one in trail["items"]}
    assert seller.get(f"{where}/history?before={2**31}").status_code == 422
