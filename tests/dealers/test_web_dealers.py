"""The pages of dealers: staff keep them, nothing typed is lost, and a dealer's people see their own alone."""

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, select

from mikroserwis.dealers import operations
from mikroserwis.models import Dealer, DealerAbsence, VendorContact
from tests.dealers.conftest import ALFA, RADOM, Desk
from tests.support.app import sqlite_only

FORM = {**RADOM, "types_asked": "yes"}


@pytest.fixture
def staff(web: Any) -> Any:
    return web("operator")


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]+><bdi>([^<]+)</bdi>', page)


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


@sqlite_only
def test_the_list_is_searched_filtered_sorted_and_paged_by_its_address(staff: Any, desk: Desk):
    desk.add(name="Żabka Serwis", city="Łódź", areas="26-9", crm_id="77", tax_id="8213457130", phone="600 700 800")
    desk.add(name="Stary", crm_id="78")
    desk.do(operations.switch_dealer, "Stary", active=False)
    desk.away(0, 3)
    asked = {
        "": ["Dealer Alfa", "Dealer Beta", "Żabka Serwis"],
        "q=zabka+LODZ": ["Żabka Serwis"],
        "q=821-345-71-30": ["Żabka Serwis"],
        "q=600700800": ["Żabka Serwis"],
        "area=26-922": ["Dealer Alfa", "Żabka Serwis"],
        "area=26-8": ["Dealer Alfa"],
        "area=26&type=fiscal": ["Dealer Alfa"],
        "area=99": [],
        "view=inactive": ["Stary"],
        "view=absent": ["Dealer Alfa"],
        "view=all&sort=-name": ["Żabka Serwis", "Stary", "Dealer Beta", "Dealer Alfa"],
        "sort=load": ["Żabka Serwis", "Dealer Alfa", "Dealer Beta"],
        "sort=-crm_id&size=10": ["Dealer Beta", "Dealer Alfa", "Żabka Serwis"],
        "sort=x&view=x&type=x&area=x&size=7&page=-1": ["Dealer Alfa", "Dealer Beta", "Żabka Serwis"],
        "page=99999999999999999999&q=%00": ["Dealer Alfa", "Dealer Beta", "Żabka Serwis"],
    }
    for query, expected in asked.items():
        assert names(staff.get(f"/dealers?{query}").text) == expected, query
    for number in range(9):
        desk.add(name=f"X{number}", crm_id=str(500 + number))
    assert names(staff.get("/dealers?size=10&page=2").text) == ["X8", "Żabka Serwis"]


@sqlite_only
def test_the_list_comes_as_a_sheet_with_all_its_rows(staff: Any, desk: Desk):
    desk.add(name='=HYPERLINK("x")')
    answer = staff.get("/dealers/list.xlsx?sort=-name&size=10")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[0][:2] == ("ID CRM", "Nazwa")
    assert [row[1] for row in rows[1:]] == ["Dealer Beta", "Dealer Alfa", '=HYPERLINK("x")']
    assert sheet["B4"].data_type == "s"


@sqlite_only
def test_an_empty_list_of_dealers_says_what_to_do(staff: Any, desk: Desk):
    for name in ("Dealer Alfa", "Dealer Beta"):
        desk.do(operations.switch_dealer, name, active=False)
    page = staff.get("/dealers").text
    assert "Nie ma aktywnego dealera" in page
    assert "Brak wyników" in staff.get("/dealers?q=nikt").text


def test_a_dealer_is_entered_by_form_and_what_is_wrong_keeps_what_was_typed(staff: Any, desk: Desk):
    hostile = {**FORM, "name": '<script>alert("x")</script>', "areas": "26, 26-9", "capacity": "9" * 400}
    answer = staff.post("/dealers/new", hostile)
    assert answer.status_code == 422
    for kept in ("26, 26-9", "9" * 400, "&lt;script&gt;", "26-9 mieści się już w 26", 'aria-invalid="true"'):
        assert kept in answer.text
    assert "<script>alert" not in answer.text
    assert 'value="insoft" checked' in answer.text
    taken = staff.post("/dealers/new", {**FORM, "crm_id": "1001"})
    assert "ID CRM 1001 ma już „Dealer Alfa”" in taken.text
    done, again = (staff.post("/dealers/new", {**FORM, "name": "<b>Radom</b>", "once": "abc"}) for _time in range(2))
    assert done.status_code == again.status_code == 303
    assert done.location == again.location
    page = staff.get(done.location).text
    for said in ("&lt;b&gt;Radom&lt;/b&gt;", "05-0, 27", "Dodano dealera", "0 z 5"):
        assert said in page


def test_a_stale_form_of_a_dealer_shows_both_and_saves_on_the_second_press(staff: Any, web: Any, desk: Desk):
    where = f"/dealers/{desk.dealer(ALFA).id}/edit"
    stale = version(staff.get(where).text)
    web("master").post(where, {"areas": "26, 27", "version": stale})
    answer = staff.post(where, {"areas": "26, 28", "city": "Kielce", "version": stale})
    assert answer.status_code == 409
    for said in ("Maria Master", "26, 27", "26, 28", 'value="Kielce"'):
        assert said in answer.text
    assert staff.post(where, {"areas": "26, 28", "version": version(answer.text)}).status_code == 303
    assert "26, 28" in staff.get(f"/dealers/{desk.dealer(ALFA).id}").text
    assert staff.post(where, {"areas": "29"}).status_code == 409


def test_switching_off_says_what_follows_and_is_undone(staff: Any, desk: Desk):
    where = f"/dealers/{desk.dealer(ALFA).id}"
    tickets = f"/tickets?state=open&amp;caretaker={desk.dealer(ALFA).id}"
    page = staff.get(where).text
    assert "Jego otwarte zgłoszenie zostaje u niego" in page
    assert tickets in page
    assert staff.post(f"{where}/deactivation").status_code == 303
    page = staff.get(where).text
    for said in ("wyłączony", "1 otwarte zgłoszenie jest nadal u tego dealera", f"{where}/activation"):
        assert said in page
    assert staff.post(f"{where}/activation").status_code == 303
    assert f"{where}/deactivation" in staff.get(where).text


@sqlite_only
def test_deletion_is_the_masters_and_says_what_stands_in_its_way(staff: Any, web: Any, desk: Desk):
    alfa, new = desk.dealer(ALFA).id, desk.add()
    assert "/deletion" not in staff.get(f"/dealers/{alfa}").text
    assert staff.post(f"/dealers/{new}/deletion").status_code == 403
    answer = web("master").post(f"/dealers/{alfa}/deletion")
    assert answer.status_code == 409
    assert "Z dealerem są powiązane:" in answer.text
    assert "1 konto" in answer.text
    assert web("master").post(f"/dealers/{new}/deletion").location == "/dealers"
    assert staff.get(f"/dealers/{new}").status_code == 404


def test_a_dealer_enters_changes_and_ends_its_absence(web: Any, desk: Desk):
    alfa = web("alfa")
    refused = alfa.post("/my-company/absences", {"first_day": desk.day(), "last_day": desk.day(90), "reason": "<i>"})
    assert refused.status_code == 422
    for said in ("91 dni z rzędu", "zadzwoń do backoffice", "&lt;i&gt;", f'value="{desk.day(90)}"', " open>"):
        assert said in refused.text
    done = alfa.post("/my-company/absences", {"first_day": desk.day(), "last_day": desk.day(9)})
    assert (done.status_code, done.location) == (303, "/my-company#absences")
    page = alfa.get("/my-company").text
    for said in ("Firma jest nieobecna do", "nieobecność trwa", "terminy biegną dalej"):
        assert said in page
    [where] = set(re.findall(r'href="(/my-company/absences/\d+)"', page))
    sent = {"first_day": desk.day(), "last_day": desk.day(2), "version": version(alfa.get(where).text)}
    assert alfa.post(where, sent).status_code == 303
    stale = alfa.post(where, {**sent, "last_day": desk.day(3)})
    assert stale.status_code == 409
    assert 'id="conflict"' in stale.text
    assert web("beta").get(where).status_code == web("beta").post(f"{where}/end").status_code == 404
    dealer = f"/dealers/{desk.dealer(ALFA).id}"
    assert "nieobecny do" in web("operator").get(dealer).text
    assert (
        web("operator").get(where.replace("/my-company", f"/dealers/{desk.dealer('Dealer Beta').id}")).status_code
        == 404
    )
    assert alfa.post(f"{where}/end").status_code == 303
    assert "Nie wpisano żadnej nieobecności" in alfa.get("/my-company").text


@sqlite_only
def test_staff_enter_an_absence_on_the_dealers_page(staff: Any, desk: Desk):
    where = f"/dealers/{desk.dealer(ALFA).id}"
    wrong = staff.post(f"{where}/absences", {"first_day": "x", "last_day": desk.day(1)})
    assert (wrong.status_code, 'id="error-first_day"' in wrong.text) == (422, True)
    done = staff.post(f"{where}/absences", {"first_day": desk.day(1), "last_day": desk.day(200)})
    assert done.location == f"{where}#absences"
    page = staff.get(where).text
    assert ("nadchodząca" in page, "Wpisano nieobecność" in page) == (True, True)


def test_the_digest_is_each_companys_own_choice(web: Any, desk: Desk):
    alfa = web("alfa")
    assert alfa.post("/my-company/digest", {"digest": "yes"}).status_code == 303
    assert (desk.dealer(ALFA).digest, desk.dealer("Dealer Beta").digest) == (True, False)
    assert 'value="yes" checked' in alfa.get("/my-company").text
    assert "jedna wiadomość dziennie" in web("operator").get(f"/dealers/{desk.dealer(ALFA).id}").text
    assert 'href="/my-company"' in alfa.get("/tickets").text
    for name in ("operator", "seller", "technician", "sam"):
        assert web(name).post("/my-company/digest", {"digest": "no"}).status_code == 403
    assert desk.dealer(ALFA).digest is True


@sqlite_only
def test_a_dealer_reads_its_own_company_and_no_form_of_it(web: Any, desk: Desk):
    page = web("alfa").get("/my-company").text
    for said in ("Dealer Alfa", "1001", "alfa@dealer.example", "22 123 84 09", "Insoft"):
        assert said in page
    for hidden in ("Dealer Beta", "beta@dealer.example", 'name="capacity"', 'name="areas"', "/deactivation"):
        assert hidden not in page


@sqlite_only
def test_contacts_are_kept_one_for_each_type_role_and_area(staff: Any, web: Any, desk: Desk):
    given = {"type": "insoft", "role": "rms", "prefix": "269", "vendor": "Insoft", "name": "Zofia <b>"}
    assert staff.post("/dealers/contacts/new", given).status_code == 303
    again = staff.post("/dealers/contacts/new", {**given, "prefix": "26-9"})
    assert (again.status_code, "ma już tę rolę dla obszaru 26-9" in again.text) == (422, True)
    country = staff.post("/dealers/contacts/new", {**given, "prefix": ""})
    assert "ma już tę rolę dla całego kraju" in country.text
    wrong = staff.post("/dealers/contacts/new", {"role": "x", "type": "x", "prefix": "9-9", "phone": "x"})
    assert wrong.text.count('aria-invalid="true"') == 6
    page = staff.get("/dealers/contacts").text
    for said in ("Zofia &lt;b&gt;", "26-9", "cały kraj", "Dodano kontakt", "Brak RMS dla typu Kasa fiskalna"):
        assert said in page
    with desk.database.reading() as session:
        where = (
            f"/dealers/contacts/{session.scalars(select(VendorContact.id).where(VendorContact.prefix == '26-9')).one()}"
        )
    stale = version(staff.get(where).text)
    staff.post(where, {"phone": "600 100 200", "version": stale})
    assert staff.post(where, {"phone": "600 100 201", "version": stale}).status_code == 409
    assert ("/deletion" in staff.get(where).text, staff.post(f"{where}/deletion").status_code) == (False, 403)
    master = web("master")
    assert master.post(f"{where}/deletion", {"version": stale}).status_code == 409
    assert master.post(f"{where}/deletion", {"version": version(master.get(where).text)}).status_code == 303
    page = staff.get("/dealers/contacts").text
    assert ("Usunięto kontakt" in page, where in page) == (True, False)


@sqlite_only
def test_the_areas_name_the_holes_of_each_type(staff: Any, desk: Desk):
    page = staff.get("/dealers/areas").text
    assert page.count("Nikt nie obsługuje: 00–10, 12–25, 27–99.") == 2
    desk.add(areas="0,1,2,3,4,5,6,7,8,9")
    page = staff.get("/dealers/areas").text
    assert (page.count("Nikt nie obsługuje"), page.count("Każdy obszar ktoś obsługuje")) == (1, 1)


@sqlite_only
def test_the_pages_of_dealers_speak_english(staff: Any, desk: Desk):
    staff.post("/language", {"language": "en"})
    page = staff.get(f"/dealers/{desk.dealer(ALFA).id}").text
    for said in ("1 of 8", "No absence is entered.", "Deactivate the dealer"):
        assert said in page


@sqlite_only
def test_a_dealer_without_tables_of_its_own_is_still_shown(staff: Any, desk: Desk):
    with desk.database.transaction() as session:
        session.execute(delete(DealerAbsence))
        session.scalars(select(Dealer).where(Dealer.name == ALFA)).one().capacity = 0
    assert "1 z 0" in staff.get(f"/dealers/{desk.dealer(ALFA).id}").text
    assert "brak miejsc" in staff.get("/dealers?view=full").text
