"""What something costs on one day, and amounts as people write them."""

from datetime import date
from decimal import Decimal

import pytest

from mikroserwis.i18n import speaking
from mikroserwis.prices import operations
from mikroserwis.pricing import Priced, gross, offered, read_amount, say_amount, vat_label, vat_of
from tests.prices.conftest import Shop
from tests.support.app import sqlite_only
from tests.support.cast import LICENCE


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,50", "1234.50"),
        ("1234.5", "1234.5"),
        ("1\u00a0234,50 zł", "1234.50"),
        ("1\u202f234\u2009567,00 PLN", "1234567.00"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234", "1.234"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_however_it_is_grouped(text: str, amount: str):
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "zł", "-1", "1,2,3", "1.23,4", "12 zł 50", "1e3", "NaN", "٣", "½", "1,"])
def test_what_is_no_amount_is_none(text: str):
    assert read_amount(text) is None


def test_tax_is_rounded_to_the_grosz_halves_up():
    assert vat_of(Decimal("0.50"), "5") == Decimal("0.03")
    assert vat_of(Decimal("1.15"), "23") == Decimal("0.26")
    assert gross(Decimal("100.00"), "zw") == Decimal("100.00")
    assert str(gross(Decimal(100), "8")) == "108.00"


def test_amounts_and_rates_are_said_in_the_readers_language():
    with speaking("pl"):
        assert (say_amount(Decimal(1290)), vat_label("zw"), vat_label("23")) == ("1\u00a0290,00", "zw", "23%")
    with speaking("en"):
        assert (say_amount(Decimal(1290)), vat_label("zw")) == ("1,290.00", "exempt")


def priced(shop: Shop, day: str, code: str = "SKANER", ticket_type: str = "insoft") -> Priced | None:
    with shop.database.reading() as session:
        found = offered(session, ticket_type, date.fromisoformat(day))
    return next((one for one in found if one.code == code), None)


def test_an_offer_holds_on_its_first_and_on_its_last_day_and_on_no_other(shop: Shop):
    shop.add()
    shop.offer("SKANER")
    for day, net, name in (
        ("2026-11-09", "410.00", ""),
        ("2026-11-10", "399.00", "Jesień"),
        ("2026-11-30", "399.00", "Jesień"),
        ("2026-12-01", "410.00", ""),
    ):
        one = priced(shop, day)
        assert one is not None
        assert (str(one.net), str(one.list_net), one.offer, one.offer_id is None) == (net, "410.00", name, not name)


def test_an_offer_without_an_end_holds_until_it_is_withdrawn(shop: Shop):
    shop.add()
    shop.offer("SKANER", valid_until="")
    before = priced(shop, "2031-01-01")
    shop.withdraw("SKANER")
    after = priced(shop, "2026-11-30")
    assert before is not None
    assert after is not None
    assert (before.net, after.net) == (Decimal("399.00"), Decimal("410.00"))


def test_what_is_out_of_use_or_of_another_type_is_not_offered(shop: Shop):
    shop.add()
    shop.add(code="B", types="insoft")
    assert priced(shop, "2026-11-30", ticket_type="fiscal") is None
    assert priced(shop, "2026-11-30", "B") is not None
    shop.do(operations.switch_item, "SKANER", active=False)
    assert priced(shop, "2026-11-30") is None
    shop.do(operations.switch_item, "SKANER", active=True)
    assert priced(shop, "2026-11-30") is not None


@sqlite_only
def test_the_items_come_in_polish_order(shop: Shop):
    for code, name in (("1", "Żaluzja"), ("2", "zamek"), ("3", "Łącze"), ("4", "Lada"), ("5", "Źródło zasilania")):
        shop.add(code=code, name=name)
    with shop.database.reading() as session:
        names = [one.name for one in offered(session, "insoft", date(2026, 11, 30)) if len(one.code) == 1]
    assert names == ["Lada", "Łącze", "zamek", "Źródło zasilania", "Żaluzja"]


@sqlite_only
def test_the_cast_has_its_licence(shop: Shop):
    one = priced(shop, "2026-11-30", LICENCE)
    assert one is not None
    assert (one.per, one.vat_rate, one.unit) == ("buy", "23", "szt.")
