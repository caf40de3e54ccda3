"""The price list's pages: dealers read, staff keep it; nothing typed is lost, a stale form shows both."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from mikroserwis.models import PriceItem, SpecialOffer
from mikroserwis.pricing import today
from tests.prices.conftest import SCANNER, Shop
from tests.support.app import sqlite_only
from tests.support.cast import EXCHANGE, LICENCE, OFFER, TRAINING


def day(ahead: int = 0) -> str:
    """So many days from now, in Warsaw."""
    return str(today(datetime.now(UTC)) + timedelta(days=ahead))


@pytest.fixture
def staff(web: Any) -> Any:
    return web("admin")


def address(shop: Shop, code: str) -> str:
    return f"/prices/{shop.item(code).id}"


def codes(page: str) -> list[str]:
    return re.findall(r'class="p-code"><bdi>([^<]+)</bdi>', page)


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_list_shows_net_tax_gross_and_the_offer_that_runs(staff: Any, shop: Shop):
    page = staff.get("/prices").text
    assert codes(page) == [LICENCE, EXCHANGE, TRAINING]
    row = page[page.index(f"<bdi>{EXCHANGE}</bdi>") : page.index(f"<bdi>{TRAINING}</bdi>")]
    for said in ("900,00", "23%", "1\u00a0107,00", "<b>450,00</b>", "trwa", OFFER, "do odwołania", "do wymiany"):
        assert said in row
    assert f'href="{address(shop, EXCHANGE)}"' in row


@sqlite_only
def test_the_list_is_searched_sorted_filtered_and_paged_by_its_address(staff: Any, shop: Shop):
    shop.add(name="Żółty skaner", description="z podstawką")
    shop.add(code="STARE", name="Stare")
    staff.post(f"{address(shop, 'STARE')}/deactivation")
    asked = {
        "q=zolty+PODSTAWKA": ["SKANER"],
        "view=offers": [EXCHANGE],
        "view=inactive": ["STARE"],
        "view=all&sort=-code": ["SZKOLENIE", "STARE", "SKANER", "PC-POS-W", "PC-POS"],
        "sort=-gross": [LICENCE, EXCHANGE, "SKANER", TRAINING],
        "sort=offer": [EXCHANGE],
        "sort=nonsense&view=x&size=7&page=-2": [LICENCE, EXCHANGE, TRAINING, "SKANER"],
        "page=99999999999999999999": [LICENCE, EXCHANGE, TRAINING, "SKANER"],
        "q=%00%F0%9F%99%82": [],
    }
    for query, expected in asked.items():
        found = codes(staff.get(f"/prices?{query}").text)
        assert found[: len(expected)] == expected if expected else found == [], query
    for number in range(9):
        shop.add(code=f"X{number}", name=f"Z{number}")
    second = staff.get("/prices?size=10&page=2&sort=name").text
    assert codes(second) == ["X7", "X8", "SKANER"]
    assert "11–13 z 13" in second


@sqlite_only
def test_an_empty_list_says_what_to_do(web: Any, shop: Shop):
    with shop.database.transaction() as session:
        session.execute(delete(SpecialOffer))
        session.execute(delete(PriceItem))
    assert "/prices/new" in web("admin").get("/prices").text
    page = web("alfa").get("/prices").text
    assert "Cennik jest pusty" in page
    assert "/prices/new" not in page
    assert "Brak wyników" in web("alfa").get("/prices?q=x").text


def test_an_item_is_entered_by_form_and_what_is_wrong_keeps_what_was_typed(staff: Any, shop: Shop):
    answer = staff.post("/prices/new", {**SCANNER, "net": "cztery", "code": LICENCE.lower(), "name": "Skaner <b>"})
    assert answer.status_code == 422
    for kept in ('value="cztery"', "Skaner &lt;b&gt;", "To nie jest kwota", 'aria-invalid="true"'):
        assert kept in answer.text
    taken = staff.post("/prices/new", {**SCANNER, "code": LICENCE.lower()})
    assert f"Kod {LICENCE} ma już „PC-POS, licencja na stanowisko”. Wybierz inny." in taken.text
    done = staff.post("/prices/new", SCANNER)
    assert (done.status_code, done.headers["Location"]) == (303, address(shop, "SKANER"))
    assert "„Skaner” jest w cenniku." in staff.get(done.headers["Location"]).text


def test_the_same_form_sent_twice_makes_one_item(staff: Any, shop: Shop):
    first, second = (staff.post("/prices/new", {**SCANNER, "once": "abc"}) for _time in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"] == address(shop, "SKANER")


def test_a_change_shows_in_the_last_changes_with_old_and_new(staff: Any, shop: Shop):
    where = address(shop, LICENCE)
    staff.post(where, {"net": "1250", "per": "all", "version": version(staff.get(where).text)})
    page = staff.get(where).text
    for said in ("<del><bdi>1\u00a0200,00", "<ins><bdi>1\u00a0250,00", "<ins><bdi>wszystkie stanowiska", "Adam"):
        assert said in page


def test_a_stale_form_shows_theirs_and_yours_and_saves_on_the_second_press(staff: Any, web: Any, shop: Shop):
    where = address(shop, LICENCE)
    stale = version(staff.get(where).text)
    web("master").post(where, {"net": "1250,00", "vat_rate": "8", "version": stale})
    answer = staff.post(where, {"net": "1 300", "name": "Licencja", "vat_rate": "23", "version": stale})
    assert answer.status_code == 409
    for said in ("Maria Master", "1\u00a0250,00", 'value="1 300"', 'value="Licencja"', 'data-value="8"', ">8%<"):
        assert said in answer.text
    again = {"net": "1 300", "name": "Licencja", "vat_rate": "23", "version": version(answer.text)}
    assert staff.post(where, again).status_code == 303
    assert str(shop.item(LICENCE).net) == "1300.00"
    assert staff.post(where, {"net": "1"}).status_code == 409


def test_an_offer_is_entered_refused_with_both_numbers_and_withdrawn(staff: Any, shop: Shop):
    where = f"{address(shop, LICENCE)}/offers"
    given = {
        "offer_name": "Jesień",
        "offer_net": "1200",
        "valid_from": day(),
        "valid_until": "",
    }
    refused = staff.post(where, given)
    assert refused.status_code == 422
    for said in ("1\u00a0200,00 to nie mniej niż 1\u00a0200,00", 'value="Jesień"', 'id="error-offer_net"', " open>"):
        assert said in refused.text
    done = staff.post(where, {**given, "offer_net": "999,99"})
    assert (done.status_code, done.headers["Location"]) == (303, f"{address(shop, LICENCE)}#offers")
    assert "Niższa niż 1\u00a0200,00" in staff.get(address(shop, LICENCE)).text
    offer = shop.item(LICENCE).offers[0]
    assert staff.post(f"{where}/{offer.id}/withdrawal").status_code == 303
    page = staff.get(address(shop, LICENCE)).text
    assert ("wycofana" in page, f"{where}/{offer.id}/withdrawal" in page) == (True, False)


def test_an_offer_on_taken_days_names_the_other_one(staff: Any, shop: Shop):
    given = {
        "offer_name": "Druga",
        "offer_net": "1",
        "valid_from": day(),
        "valid_until": day(),
    }
    answer = staff.post(f"{address(shop, EXCHANGE)}/offers", given)
    assert f"obowiązuje już „{OFFER}” (od 1 maj 2019 do odwołania)" in answer.text


@sqlite_only
def test_an_ended_offer_is_kept_in_sight_and_cannot_be_withdrawn(staff: Any, shop: Shop):
    shop.add()
    shop.now = datetime(2019, 6, 1, tzinfo=UTC)
    shop.offer("SKANER", valid_from="2019-05-01", valid_until="2019-06-30")
    offer = shop.item("SKANER").offers[0]
    assert "zakończona" in staff.get(address(shop, "SKANER")).text
    answer = staff.post(f"{address(shop, 'SKANER')}/offers/{offer.id}/withdrawal")
    assert answer.status_code == 409
    assert "Oferta „Jesień” skończyła się 30 cze 2019." in answer.text


@sqlite_only
def test_a_coming_offer_stands_in_the_list_before_it_begins(staff: Any, shop: Shop):
    shop.add()
    shop.offer("SKANER", valid_from=day(3), valid_until="")
    assert "przyszła" in staff.get("/prices?view=offers").text


def test_out_of_use_and_back(staff: Any, shop: Shop):
    where = address(shop, TRAINING)
    assert staff.post(f"{where}/deactivation").status_code == 303
    assert f"{where}/activation" in staff.get(where).text
    assert TRAINING not in codes(staff.get("/prices").text)
    assert staff.post(f"{where}/activation").status_code == 303
    assert TRAINING in codes(staff.get("/prices").text)


@sqlite_only
def test_a_dealer_reads_an_item_and_finds_no_form_and_no_names(web: Any, shop: Shop, staff: Any):
    where = address(shop, EXCHANGE)
    staff.post(where, {"net": "901", "version": version(staff.get(where).text)})
    page = web("alfa").get(where).text
    for said in ("901,00", "450,00", "stanowiska do wymiany", "Insoft"):
        assert said in page
    for hidden in ('name="net"', "/withdrawal", "/deactivation", "Adam Administrator"):
        assert hidden not in page
    assert 'href="/prices"' in web("alfa").get("/tickets").text
    assert 'href="/prices"' not in web("seller").get("/tickets").text


@sqlite_only
def test_the_pages_speak_english(web: Any, shop: Shop):
    staff = web("operator")
    staff.post("/language", {"language": "en"})
    page = staff.get(address(shop, EXCHANGE)).text
    for said in ("Special offers", "running", "from 1 May 2019 until it is withdrawn", "450.00"):
        assert said in page
