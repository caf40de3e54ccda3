"""What staff do to the price list: what is wrong is refused by field, what was done is told with old and new."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from mikroserwis.errors import Conflict, Invalid, NotFound, Refused
from mikroserwis.prices import operations, queries
from tests.prices.conftest import SCANNER, Shop
from tests.support.app import sqlite_only


def wrong(act: Any, *given: Any, **named: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        act(*given, **named)
    return [(one.field, one.code) for one in invalid.value.errors]


def change(shop: Shop, of: str = "SKANER", version: int | None = None, **values: str) -> Any:
    return shop.do(operations.change_item, of, values, version=version)


def test_a_new_item_is_kept_exactly_and_told_in_the_history(shop: Shop):
    shop.add(code="skaner-2d", net="1\u00a0234,5", per="all", description="Laserowy.\r\nZ podstawką.", types="insoft")
    item = shop.item("SKANER-2D")
    assert (item.net, item.per, item.types, item.active) == (Decimal("1234.50"), "all", "insoft", True)
    assert item.description == "Laserowy.\nZ podstawką."
    assert shop.told("SKANER-2D") == [("price_add", {"changes": {}, "code": "SKANER-2D", "name": "Skaner"})]


@sqlite_only
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("code", " ", "required"),
        ("code", "x" * 41, "too_long"),
        ("code", "ß" * 40, "too_long"),
        ("name", "\u200b", "required"),
        ("net", "", "required"),
        ("net", "dużo", "bad_amount"),
        ("net", "-1,00", "negative_amount"),
        ("net", "1,005", "part_of_a_grosz"),
        ("net", "10000000", "amount_too_large"),
        ("net", "9" * 30, "amount_too_large"),
        ("vat_rate", "22", "unknown_value"),
        ("per", "half", "unknown_value"),
        ("types", "fiscal", "type_without_quote"),
        ("unit", "x" * 21, "too_long"),
        ("description", "x" * 2001, "too_long"),
    ],
)
def test_a_wrong_value_is_named(shop: Shop, field: str, value: str, code: str):
    assert wrong(shop.add, **{field: value}) == [(field, code)]


@sqlite_only
def test_everything_that_is_missing_is_named_at_once(shop: Shop):
    with shop.database.session(write=True) as session:
        found = wrong(operations.add_item, session, {}, actor=shop.actor, now=shop.now)
    assert [field for field, code in found if code == "required"] == ["code", "name", "unit", "net", "vat_rate"]


def test_a_code_is_taken_however_it_is_written(shop: Shop):
    shop.add()
    assert wrong(shop.add, code="skaner") == [("code", "code_taken")]
    shop.add(code="B")
    assert wrong(change, shop, "B", code="Skaner") == [("code", "code_taken")]
    assert change(shop, "B", code="b") == {}


def test_a_change_is_told_with_old_and_new_and_no_change_is_not(shop: Shop):
    shop.add()
    assert change(shop, net="420", vat_rate="8") == {"net": ("410.00", "420.00"), "vat_rate": ("23", "8")}
    assert change(shop, net="420,00 zł") == {}
    assert [verb for verb, _said in shop.told("SKANER")] == ["price_change", "price_add"]
    assert shop.told("SKANER")[0][1]["changes"]["net"] == ["410.00", "420.00"]


def test_a_stale_form_is_told_what_differs_and_saves_nothing(shop: Shop):
    shop.add()
    read = shop.item("SKANER").version
    change(shop, net="420")
    with pytest.raises(Conflict) as conflict:
        change(shop, version=read, net="430", name="Skaner")
    assert conflict.value.params == {"fields": {"net": ("420.00", "430.00")}, "version": read + 1}
    assert change(shop, version=read, net="420") == {}
    assert shop.item("SKANER").net == Decimal("420.00")


@sqlite_only
@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"net": "410"}, ("net", "offer_not_lower")),
        ({"name": ""}, ("name", "required")),
        ({"valid_from": ""}, ("valid_from", "required")),
        ({"valid_from": "31.11.2026"}, ("valid_from", "bad_date")),
        ({"valid_from": "1026-11-01"}, ("valid_from", "bad_date")),
        ({"valid_until": "2026-11-09"}, ("valid_until", "ends_before_it_starts")),
        ({"valid_until": "2026-11-29"}, ("valid_until", "offer_is_over")),
    ],
)
def test_a_wrong_offer_is_refused(shop: Shop, changed: dict[str, str], found: tuple[str, str]):
    shop.add()
    assert wrong(shop.offer, "SKANER", **changed) == [found]
    assert shop.item("SKANER").offers == []


def test_two_offers_never_share_a_day_but_may_follow_each_other(shop: Shop):
    shop.add()
    shop.offer("SKANER")
    for start, end in (("2026-11-30", "2026-12-05"), ("2026-01-01", "2026-12-31"), ("2026-11-01", "")):
        assert wrong(shop.offer, "SKANER", valid_from=start, valid_until=end) == [("valid_from", "offers_overlap")]
    shop.offer("SKANER", valid_from="1.12.2026", valid_until="")
    assert wrong(shop.offer, "SKANER", valid_from="2030-01-01", valid_until="") == [("valid_from", "offers_overlap")]
    shop.withdraw("SKANER")
    shop.offer("SKANER", valid_from="2030-01-01", valid_until="2030-01-01")
    assert len(shop.item("SKANER").offers) == 3


def test_a_list_price_stays_above_the_offers_that_run_or_come(shop: Shop):
    shop.add()
    shop.offer("SKANER")
    assert wrong(change, shop, net="399") == [("net", "not_above_the_offer")]
    change(shop, net="399,01")
    shop.withdraw("SKANER")
    change(shop, net="1")
    assert [verb for verb, _said in shop.told("SKANER")][:3] == ["price_change", "offer_withdraw", "price_change"]


def test_an_offer_that_has_ended_cannot_be_withdrawn_and_one_withdrawn_twice_is_told_once(shop: Shop):
    shop.add()
    shop.offer("SKANER")
    shop.now = shop.now.replace(month=12)
    with pytest.raises(Refused) as refused:
        shop.withdraw("SKANER")
    assert [one.code for one in refused.value.blockers] == ["offer_has_ended"]
    shop.offer("SKANER", valid_from="2026-12-20", valid_until="2027-01-31")
    shop.withdraw("SKANER")
    shop.withdraw("SKANER")
    assert [verb for verb, _said in shop.told("SKANER")].count("offer_withdraw") == 1


def test_of_eight_people_who_add_an_offer_at_once_one_succeeds_and_the_others_are_told(shop: Shop):
    code, start = shop.add(), threading.Barrier(8)

    def add() -> str:
        start.wait(10)
        try:
            shop.offer(code)
        except Invalid as invalid:
            return invalid.errors[0].code
        return "added"

    with ThreadPoolExecutor(8) as pool:
        answers = [one.result(30) for one in [pool.submit(add) for _person in range(8)]]
    assert Counter(answers) == {"added": 1, "offers_overlap": 7}
    assert len(shop.item(code).offers) == 1


def test_an_offer_does_not_make_the_items_open_form_stale(shop: Shop):
    read = shop.item(shop.add()).version
    shop.offer("SKANER")
    assert change(shop, version=read, net="420") == {"net": ("410.00", "420.00")}


@sqlite_only
def test_taking_out_of_use_twice_is_told_once(shop: Shop):
    shop.add()
    for _time in range(2):
        shop.do(operations.switch_item, "SKANER", active=False)
    assert [verb for verb, _said in shop.told("SKANER")] == ["price_deactivate", "price_add"]


@sqlite_only
def test_an_offer_of_another_item_is_not_found(shop: Shop):
    shop.add()
    shop.add(**{**SCANNER, "code": "B"})
    shop.offer("B")
    with pytest.raises(NotFound):
        queries.offer_of(shop.item("SKANER"), shop.item("B").offers[0].id)
