"""The price list over the API: what the pages do, amounts as texts, errors by field with stable codes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mikroserwis.pricing import today
from tests.prices.conftest import Shop
from tests.support.app import sqlite_only
from tests.support.cast import EXCHANGE, LICENCE, OFFER


def day() -> str:
    """Today in Warsaw."""
    return str(today(datetime.now(UTC)))


SCANNER = {"code": "skaner", "name": "Skaner", "unit": "szt.", "net": "410.00", "vat_rate": "23"}


@pytest.fixture
def staff(api: Any) -> Any:
    return api("admin")


def test_an_item_lives_over_the_api_from_its_entry_to_its_end(staff: Any):
    made = staff.post("/prices", {**SCANNER, "per": "buy", "types": ["insoft"]})
    assert made.status_code == 201
    where, item = f"/prices/{made.json['id']}", made.json
    assert (item["code"], item["net"], item["gross"], item["types"]) == ("SKANER", "410.00", "504.30", ["insoft"])
    changed = staff.put(where, {"net": "400,50", "version": item["version"]})
    assert (changed.json["net"], changed.json["name"], changed.json["version"]) == ("400.50", "Skaner", 2)
    offered = staff.post(f"{where}/offers", {"name": "Jesień", "net": "300", "valid_from": day()})
    assert offered.status_code == 201
    [offer] = offered.json["offers"]
    assert (offer["net"], offer["state"], offer["valid_until"]) == ("300.00", "running", None)
    assert offered.json["offer"] == offer
    withdrawn = staff.send("DELETE", f"{where}/offers/{offer['id']}")
    assert (withdrawn.json["offer"], withdrawn.json["offers"][0]["state"]) == (None, "withdrawn")
    assert staff.post(f"{where}/deactivation").json["active"] is False
    assert where not in str(staff.get("/prices").json)
    assert staff.post(f"{where}/activation").json["active"] is True
    assert staff.get(where).json["types"] == ["insoft"]
    assert staff.put(where, {"types": [], "description": None}).json["types"] == []


def test_a_dealer_reads_the_list_with_its_offer(api: Any):
    answer = api("alfa").get("/prices?view=offers")
    [line] = answer.json["items"]
    assert (line["code"], line["net"], line["offer"]["net"], line["offer"]["name"]) == (
        EXCHANGE,
        "900.00",
        "450.00",
        OFFER,
    )
    assert answer.json["total"] == 1


@sqlite_only
def test_wrong_values_are_named_by_field_with_both_numbers(staff: Any, shop: Shop):
    answer = staff.post("/prices", {**SCANNER, "code": LICENCE, "net": "1.005"})
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, ["net"])
    where = f"/prices/{shop.item(LICENCE).id}"
    [error] = staff.post(f"{where}/offers", {"name": "x", "net": "1200", "valid_from": day()}).json["errors"]
    assert (error["field"], error["code"]) == ("net", "offer_not_lower")
    assert "1\u00a0200,00" in error["message"]
    for body in ({"vat_rate": "22"}, {"net": 12}, {"price": "1"}, {"types": ["fiscal"]}, {"name": ""}):
        assert staff.put(where, body).status_code == 422, body
    assert staff.put(where, {"net": 12}).json["errors"][0]["message"] == "Potrzebny jest tekst."


@sqlite_only
def test_a_stale_change_is_told_what_differs(staff: Any, shop: Shop):
    where = f"/prices/{shop.item(LICENCE).id}"
    staff.put(where, {"net": "1250.00"})
    answer = staff.put(where, {"net": "1300.00", "version": 1})
    assert (answer.status_code, answer.json["code"], answer.json["version"]) == (409, "changed_meanwhile", 2)
    assert answer.json["changed"] == [{"field": "net", "theirs": "1250.00", "yours": "1300.00"}]


@sqlite_only
def test_what_is_not_there_is_not_found(staff: Any, shop: Shop):
    licence = shop.item(LICENCE).id
    offer = shop.item(EXCHANGE).offers[0].id
    assert staff.get("/prices/999").status_code == 404
    assert staff.put("/prices/999", {}).status_code == 404
    assert staff.send("DELETE", f"/prices/{licence}/offers/{offer}").status_code == 404
