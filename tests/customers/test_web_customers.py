"""The pages of customers: staff see all, a seller its own, nothing typed is lost, and each tab is an address."""

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from mikroserwis.models import User
from tests.customers.conftest import MAREA, SAM_TAX_ID, SHOP, Counter
from tests.support.app import sqlite_only
from tests.support.cast import POINT, SAM
from tests.support.way import Way

ALL = ["PPHU SAM Bożena Ślązak", "PPHU Spożywcza Arklity", "Sklep Ćma"]


@pytest.fixture
def staff(web: Any) -> Any:
    return web("operator")


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]+><bdi>([^<]+)</bdi>', page)


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_list_of_customers_is_searched_filtered_sorted_and_paged_by_its_address(staff: Any, counter: Counter):
    counter.add()
    counter.add(**MAREA, phone="")
    counter.sign_up("sam", counter.id())
    seller = counter.user_id("seller")
    asked = {
        "": ["Marea SRL", *ALL[:2], "Sklep Ćma", "Sklep Łoś"],
        "q=sklep+lodz": ["Sklep Łoś"],
        "q=LOS": ["Sklep Łoś"],
        "q=525-224-84-81": ["Sklep Łoś"],
        "q=600700800": ["Sklep Łoś"],
        "q=18547290": ["Marea SRL"],
        "q=100%25": [],
        "country=RO": ["Marea SRL"],
        f"seller={seller}": ALL[:1],
        "seller=none&country=PL": ["PPHU Spożywcza Arklity", "Sklep Ćma", "Sklep Łoś"],
        "account=yes": ALL[:1],
        "account=no&country=RO": ["Marea SRL"],
        "sort=-name": ["Sklep Łoś", "Sklep Ćma", *reversed(ALL[:2]), "Marea SRL"],
        "sort=-open&q=sklep": ["PPHU Spożywcza Arklity", "Sklep Ćma", "Sklep Łoś"],
        "sort=-country&q=r": ["Marea SRL", *ALL[:2]],
        "sort=x&seller=x&country=x&account=x&size=7&page=-1": ["Marea SRL", *ALL, "Sklep Łoś"],
        "page=99999999999999999999&q=%00": ["Marea SRL", *ALL, "Sklep Łoś"],
    }
    for query, expected in asked.items():
        assert names(staff.get(f"/customers?{query}").text) == expected, query
    assert "Brak wyników" in staff.get("/customers?q=nikt").text


@sqlite_only
def test_a_seller_finds_its_own_customers_alone(web: Any, counter: Counter):
    seller, foreign = web("seller"), counter.add()
    page = seller.get("/customers").text
    assert names(page) == ALL[:1]
    assert 'name="seller"' not in page
    assert names(seller.get("/customers?seller=none").text) == []
    for path in ("", "/edit", "/contacts/new", "/points/new", "?tab=files"):
        assert seller.get(f"/customers/{foreign}{path}").status_code == 404
    assert seller.post(f"/customers/{foreign}/edit", {"city": "Radom"}).status_code == 404
    own = f"/customers/{counter.id()}"
    assert ("/owner" in seller.get(own).text, seller.post(f"{own}/owner").status_code) == (False, 403)
    for name in ("alfa", "technician", "sam"):
        assert (web(name).get("/customers").status_code, web(name).get(own).status_code) == (403, 404)
        assert "/customers" not in web(name).get("/account").text


@sqlite_only
def test_an_empty_list_of_customers_says_what_to_do(web: Any, counter: Counter, staff: Any):
    staff.post(f"/customers/{counter.id()}/owner", {"owner_id": "", "was": str(counter.user_id("seller"))})
    page = web("seller").get("/customers").text
    assert ("Nie ma jeszcze klientów" in page, "/customers/new" in page) == (True, True)


@sqlite_only
def test_customers_come_as_a_sheet_as_they_are_seen(web: Any, staff: Any, counter: Counter):
    counter.add(name='=HYPERLINK("x")', owner_id=str(counter.user_id("seller")))
    sheet = load_workbook(io.BytesIO(staff.get("/customers/list.xlsx?sort=-name&size=10").data)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:3] == ("Nazwa", "Kraj", "Numer podatkowy")
    assert [row[0] for row in rows[1:]] == [*reversed(ALL), '=HYPERLINK("x")']
    assert sheet["A5"].data_type == "s"
    own = load_workbook(io.BytesIO(web("seller").get("/customers/list.xlsx").data)).active
    assert own is not None
    assert own.max_row == 3


def test_a_customer_is_entered_by_form_and_what_is_wrong_keeps_what_was_typed(staff: Any, counter: Counter):
    hostile = {
        **SHOP,
        "name": '<script>alert("x")</script>',
        "tax_id": "5252248482",
        "country": "PL",
        "phone": "9" * 90,
    }
    answer = staff.post("/customers/new", hostile)
    assert answer.status_code == 422
    for kept in ("5252248482", "9" * 90, "&lt;script&gt;", "kontroln", 'aria-invalid="true"'):
        assert kept in answer.text
    assert "<script>alert" not in answer.text
    taken = staff.post("/customers/new", {**SHOP, "tax_id": SAM_TAX_ID})
    assert "„PPHU SAM Bożena Ślązak” (Sieciechów) ma już ten numer podatkowy" in taken.text
    wrong = staff.post("/customers/new", {**MAREA, "tax_id": "18547291"})
    assert "CUI (Rumunia)" in wrong.text
    seller = str(counter.user_id("seller"))
    done, again = (
        staff.post("/customers/new", {**SHOP, "name": "<b>Łoś</b>", "owner_id": seller, "once": "abc"})
        for _ in range(2)
    )
    assert (done.status_code, again.status_code, done.location == again.location) == (303, 303, True)
    page = staff.get(done.location).text
    for said in ("&lt;b&gt;Łoś&lt;/b&gt;", "Polska", "NIP", "Sylwia Sprzedaj", "jest w bazie"):
        assert said in page


def test_a_stale_form_of_a_customer_shows_both_and_saves_on_the_second_press(staff: Any, web: Any, counter: Counter):
    where = f"/customers/{counter.id()}/edit"
    stale = version(staff.get(where).text)
    web("seller").post(where, {"city": "Radom", "version": stale})
    answer = staff.post(where, {"city": "Kielce", "phone": "600 100 200", "version": stale})
    assert answer.status_code == 409
    for said in ("Sylwia Sprzedaj", "Radom", "Kielce", 'value="600 100 200"'):
        assert said in answer.text
    assert staff.post(where, {"city": "Kielce", "version": version(answer.text)}).status_code == 303
    assert counter.customer().city == "Kielce"
    assert staff.post(where, {"city": "Lublin"}).status_code == 409


def test_every_tab_of_a_customer_is_an_address_of_its_own(staff: Any, web: Any, counter: Counter, way: Way):
    way.closed(SAM)
    where = f"/customers/{counter.id()}"
    shown = {
        "": (str(POINT), "Ewa Opiekun", "Sylwia Sprzedaj", "7974569439"),
        "?tab=account": ("Nikt tu jeszcze nie ma konta",),
        "?tab=orders": (f"/tickets/{SAM}", "Zamknięte"),
        "?tab=documents": (f"/tickets/{SAM}/quotes/1.pdf", f"W/{SAM}/1", "Pełnomocnictwo"),
        "?tab=files": ("/files/", "kB"),
        "?tab=history": ("Potwierdzono dane", f"/tickets/{SAM}", "Łukasz Gąska"),
    }
    for query, texts in shown.items():
        for who in ("operator", "seller"):
            page = web(who).get(f"{where}{query}").text
            assert page.count('aria-current="page"') >= 1
            for text in texts:
                assert text in page, (query, text)
            for link in re.findall(r'href="(/(?:files|tickets)/[^"#]+)"', page):
                assert web(who).get(link.replace("&amp;", "&")).status_code == 200, link
    assert staff.get(f"{where}?tab=x").text.count('aria-current="page"') >= 1
    counter.sign_up("sam", counter.id())
    assert "sam@sieciechow.example" in staff.get(f"{where}?tab=account").text.replace("<wbr>", "")


@sqlite_only
def test_a_customers_people_are_entered_changed_and_removed(web: Any, counter: Counter):
    seller, where = web("seller"), f"/customers/{counter.id()}"
    wrong = seller.post(f"{where}/contacts/new", {"name": "", "role": "<i>księgowość</i>", "email": "x"})
    assert (wrong.status_code, wrong.text.count('aria-invalid="true"')) == (422, 2)
    assert "&lt;i&gt;" in wrong.text
    done = seller.post(f"{where}/contacts/new", {"name": "Jan Łoś", "role": "dostawy", "phone": "600 100 200"})
    assert done.location == f"{where}#people"
    page = seller.get(where).text
    [person] = re.findall(rf'href="({where}/contacts/\d+)"', page)
    assert "+48 600 100 200" in page
    stale = version(seller.get(person).text)
    assert seller.post(person, {"name": "Jan Łoś", "role": "zakupy", "version": stale}).status_code == 303
    overtaken = seller.post(person, {"name": "Jan Łoś", "role": "reklama", "version": stale})
    assert (overtaken.status_code, 'id="conflict"' in overtaken.text) == (409, True)
    assert seller.post(f"{person}/deletion", {"version": stale}).status_code == 409
    other = person.replace(where, f"/customers/{counter.add('seller')}")
    assert seller.get(other).status_code == seller.post(f"{other}/deletion").status_code == 404
    assert seller.post(f"{person}/deletion", {"version": version(seller.get(person).text)}).status_code == 303
    page = seller.get(f"{where}?tab=history").text
    for said in ("Usunięto osobę „Jan Łoś”", "zakupy", "dostawy"):
        assert said in page


@sqlite_only
def test_shops_are_entered_and_changed_on_the_customers_page(staff: Any, web: Any, counter: Counter):
    where = f"/customers/{counter.id()}"
    form = staff.get(f"{where}/points/new").text
    assert ("ul. Rynek 12" in form, 'name="number"' in form) == (True, True)
    assert 'name="number"' not in web("seller").get(f"{where}/points/new").text
    shop = {"name": "Filia", "street": "ul. Leśna 1", "postal_code": "26600", "city": "Radom"}
    taken = staff.post(f"{where}/points/new", {**shop, "number": str(POINT)})
    assert f"Punkt {POINT} należy już do „PPHU SAM Bożena Ślązak”" in taken.text
    assert staff.post(f"{where}/points/new", {**shop, "number": "9001"}).location == f"{where}#points"
    edit = f"{where}/points/9001"
    stale = version(staff.get(edit).text)
    assert staff.post(edit, {"city": "", "version": stale}).status_code == 422
    assert staff.post(edit, {"city": "Kielce", "version": stale}).status_code == 303
    overtaken = staff.post(edit, {"city": "Lublin", "version": stale})
    assert (overtaken.status_code, "Olga Operatorska" in overtaken.text) == (409, True)
    assert staff.post(f"{edit}/deletion", {"version": "2"}).status_code == 403
    master = web("master")
    used = master.post(f"{where}/points/{POINT}/deletion", {"version": "1"})
    assert (used.status_code, "Nie można usunąć punktu" in used.text) == (409, True)
    assert master.post(f"{edit}/deletion", {"version": version(master.get(edit).text)}).status_code == 303
    assert staff.get(edit).status_code == 404


@sqlite_only
def test_deleting_a_customer_is_the_masters_and_says_what_stands_in_its_way(staff: Any, web: Any, counter: Counter):
    where, new = f"/customers/{counter.id()}", f"/customers/{counter.add()}"
    assert "/deletion" not in staff.get(where).text
    assert staff.post(f"{new}/deletion").status_code == web("seller").post(f"{where}/deletion").status_code == 403
    answer = web("master").post(f"{where}/deletion")
    assert answer.status_code == 409
    assert "1 zgłoszenie" in answer.text
    assert web("master").post(f"{new}/deletion").location == "/customers"
    assert staff.get(new).status_code == 404


@sqlite_only
def test_a_seller_taken_over_meanwhile_is_not_overwritten(staff: Any, counter: Counter):
    where, seller = f"/customers/{counter.id()}", str(counter.user_id("seller"))
    assert staff.post(f"{where}/owner", {"owner_id": "", "was": seller}).status_code == 303
    assert "Klient nie ma teraz handlowca" in staff.get(where).text
    again = staff.post(f"{where}/owner", {"owner_id": seller, "was": seller})
    assert (again.status_code, counter.customer().owner_id) == (409, None)


@sqlite_only
def test_a_seller_who_is_blocked_stays_chosen_until_somebody_chooses_another(staff: Any, counter: Counter):
    where, seller = f"/customers/{counter.id()}", counter.user_id("seller")
    with counter.database.transaction() as session:
        session.get_one(User, seller).active = False
    assert f'<option value="{seller}" selected>' in staff.get(where).text
    assert staff.post(f"{where}/owner", {"owner_id": str(seller), "was": str(seller)}).status_code == 303
    assert counter.customer().owner_id == seller
    assert staff.post(f"{where}/owner", {"owner_id": "", "was": str(seller)}).status_code == 303
    assert staff.post(f"{where}/owner", {"owner_id": str(seller), "was": ""}).status_code == 422


@sqlite_only
def test_the_history_of_a_customer_goes_on_over_pages(staff: Any, counter: Counter):
    made = counter.add()
    for number in range(35):
        counter.change(made, city=f"Miasto {number}")
    page = staff.get(f"/customers/{made}?tab=history").text
    assert page.count("Miasto 34") == 1
    assert "Dodano klienta" not in page
    [older] = re.findall(rf'href="(/customers/{made}\?[^"]*before=\d+)"', page)
    page = staff.get(older.replace("&amp;", "&")).text
    assert ("Dodano klienta" in page, "Miasto 34" in page) == (True, False)
    for odd in ("before=x", "before=-1", f"before={10**30}"):
        assert "Miasto 34" in staff.get(f"/customers/{made}?tab=history&{odd}").text


@sqlite_only
def test_the_ticket_checks_a_foreign_company_by_its_own_country(staff: Any, counter: Counter):
    counter.change(counter.id(), **MAREA, regon="", phone="021 312 33 11")
    where = f"/tickets/{SAM}/company"
    form = staff.get(where).text
    assert ("RO18547290" in form, "Dziesięć cyfr" in form) == (True, False)
    answer = staff.post(where, {"tax_id": "18547291", "version": version(form)})
    assert "CUI (Rumunia)" in answer.text
    assert staff.post(where, {"tax_id": "18547290", "city": "Cluj", "version": version(form)}).status_code == 303
    assert counter.customer("RO18547290").city == "Cluj"
