"""The company and its shops: checked, versioned, every change kept with old and new value."""

from typing import Any

import pytest

from mikroserwis import access
from mikroserwis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from mikroserwis.models import Event
from mikroserwis.tickets import queries
from mikroserwis.tickets.operations import company, handover, taking
from tests.operations.desk import Desk
from tests.support.cast import ARKLITY, COMPANIES, SAM

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = {"name": "Sklep", "street": "ul. Leśna 1", "postal_code": "26-800", "city": "Białobrzegi"}
SHOPS = [{"point": {"id": 741 + each, **PLACE}, "stations_buy": 1} for each in range(2)]


def save(desk: Desk, values: dict[str, Any], version: int | None = None, who: str = "alfa", number: int = SAM) -> Any:
    return desk.do(company.save_company, number, who, "company.edit", values=values, version=version)


def save_point(desk: Desk, shop: int, values: dict[str, str], who: str = "alfa", version: int | None = None) -> Any:
    return desk.do_sub(company.save_point, shop, who, "point.edit", values, version=version)


def changes(desk: Desk, verb: str, number: int = SAM) -> list[Any]:
    return [queries.events_data(one)["changes"] for one in desk.rows(Event, number) if one.verb == verb]


def taken_shop(desk: Desk) -> int:
    desk.contract(SAM, "alfa")
    desk.acknowledged(SAM, "alfa")
    (shop,) = desk.subticket_ids(SAM)
    desk.do_sub(taking.take_subticket, shop, "alfa", "subticket.take")
    return shop


def test_each_change_is_kept_with_what_it_was(desk: Desk):
    done = save(desk, {"name": "SAM Nowy", "city": "Sieciechów", "regon": "140 517 016", "phone": "600 100 200"})
    assert done == {"name": ("PPHU SAM Bożena Ślązak", "SAM Nowy"), "phone": ("+48 48 621 60 12", "+48 600 100 200")}
    assert changes(desk, "company") == [{name: list(pair) for name, pair in done.items()}]
    assert save(desk, {"name": "SAM Nowy"}) == {}
    assert len(changes(desk, "company")) == 1


def test_the_list_knows_the_new_name_on_each_ticket_of_the_company(desk: Desk):
    desk.intake(700)
    save(desk, {"name": "Żółty Sklep", "tax_id": "525-224-84-81"})
    for number in (SAM, 700):
        ticket = desk.ticket(number)
        assert (ticket.company_key, ticket.tax_id) == ("z~~o~l~ty sklep", "5252248481")
        assert "zolty sklep" in ticket.search
        assert "5252248481" in ticket.search


def test_another_companys_tax_id_is_refused(desk: Desk):
    with pytest.raises(Invalid) as invalid:
        save(desk, {"tax_id": COMPANIES[ARKLITY]["tax_id"]})
    assert [(one.field, one.code) for one in invalid.value.errors] == [("tax_id", "tax_id_taken")]


@pytest.mark.parametrize("name", ["name", "tax_id"])
def test_name_and_tax_id_are_never_emptied(desk: Desk, name: str):
    with pytest.raises(Invalid) as invalid:
        save(desk, {name: " \u202e\x00 "})
    assert [(one.field, one.code) for one in invalid.value.errors] == [(name, "required")]


def test_a_stale_form_is_told_what_differs_theirs_and_yours(desk: Desk):
    version = desk.ticket(SAM).customer.version
    save(desk, {"city": "Radom", "street": "Rynek 1"}, who="operator")
    with pytest.raises(Conflict) as conflict:
        save(desk, {"city": "Łódź", "name": "PPHU SAM Bożena Ślązak"}, version)
    assert conflict.value.code == "changed_meanwhile"
    assert conflict.value.params == {"fields": {"city": ("Radom", "Łódź")}, "version": version + 1}
    assert desk.ticket(SAM).customer.city == "Radom"


def test_a_closed_tickets_company_is_not_edited_through_it(desk: Desk):
    desk.close_all(SAM, "alfa")
    with pytest.raises(Refused) as refused:
        save(desk, {"city": "Radom"})
    assert [one.code for one in refused.value.blockers] == ["ticket_is_open"]


def test_only_caretaker_and_staff_edit_the_company(desk: Desk):
    with pytest.raises(NotFound):
        save(desk, {"city": "Radom"}, who="beta")
    with pytest.raises(Forbidden):
        save(desk, {"city": "Radom"}, who="seller")
    save(desk, {"city": "Radom"}, who="operator")


def test_nothing_is_confirmed_before_the_ticket_is_taken(desk: Desk):
    with pytest.raises(Refused) as refused:
        desk.confirm(SAM, "alfa")
    assert [one.code for one in refused.value.blockers] == ["ticket_is_taken"]


def test_confirming_twice_says_it_once(desk: Desk):
    desk.take(SAM, "alfa")
    desk.confirm(SAM, "alfa")
    desk.confirm(SAM, "alfa")
    assert desk.verbs(SAM).count("confirm") == 1


def test_a_change_after_the_contract_does_not_take_it_back(desk: Desk):
    desk.contract(SAM, "alfa")
    save(desk, {"phone": "600 100 200"})
    assert desk.ticket(SAM).state == "contract"
    desk.acknowledged(SAM, "alfa")


def test_a_shops_data_is_kept_with_what_it_was_and_counts_as_looked_at(desk: Desk):
    shop = taken_shop(desk)
    assert desk.ticket(SAM).subtickets[0].point_saved_at is None
    save_point(desk, shop, {"contact": "pani Bożena", "city": "Sieciechów"})
    assert changes(desk, "point") == [{"contact": ["", "pani Bożena"]}]
    assert desk.ticket(SAM).subtickets[0].point_saved_at == desk.now


def test_a_shop_saved_unchanged_counts_as_looked_at(desk: Desk):
    shop = taken_shop(desk)
    save_point(desk, shop, {"city": "Sieciechów"})
    assert (changes(desk, "point"), desk.ticket(SAM).subtickets[0].point_saved_at) == ([{}], desk.now)


def test_a_shop_is_edited_by_its_dealer_once_it_is_taken_and_by_staff(desk: Desk):
    (shop,) = desk.subticket_ids(SAM)
    with pytest.raises(Refused) as refused:
        save_point(desk, shop, {"contact": "ja"})
    assert [one.code for one in refused.value.blockers] == ["subticket_is_taken"]
    save_point(desk, shop, {"contact": "biuro"}, who="operator")
    with pytest.raises(NotFound):
        save_point(desk, shop, {"contact": "obcy"}, who="beta")


def test_what_a_shop_needs_cannot_be_emptied(desk: Desk):
    shop = taken_shop(desk)
    with pytest.raises(Invalid) as invalid:
        save_point(desk, shop, {"name": "", "street": "", "postal_code": "", "city": "", "phone": ""})
    assert [one.field for one in invalid.value.errors] == ["name", "street", "postal_code", "city"]


def test_two_people_who_edit_one_shop_are_told(desk: Desk):
    shop = taken_shop(desk)
    version = desk.ticket(SAM).subtickets[0].point.version
    save_point(desk, shop, {"contact": "pierwszy"}, version=version)
    with pytest.raises(Conflict) as conflict:
        save_point(desk, shop, {"contact": "drugi"}, version=version, who="operator")
    assert conflict.value.params["fields"] == {"contact": ("pierwszy", "drugi")}


def test_a_free_sub_ticket_is_taken_by_whoever_is_certified_and_gone_for_the_rest(desk: Desk):
    desk.intake(501, subtickets=SHOPS)
    first, _second = desk.ready(501, "alfa")
    desk.do_sub(handover.reassign_subticket, first, "operator", "subticket.reassign", reason="Urlop", to="pool")
    gamma = desk.add_dealer("Dealer Gamma", 1003, "99")
    idle = desk.add_dealer("Dealer Śpiący", 1004, "99", active=False)
    with pytest.raises(NotFound):
        desk.do_sub(taking.take_subticket, first, idle, "subticket.take")
    desk.do_sub(taking.take_subticket, first, "beta", "subticket.take")
    with pytest.raises(NotFound):
        desk.do_sub(taking.take_subticket, first, gamma, "subticket.take")
    with desk.database.reading() as session:
        assert access.ticket(session, desk.actor("beta"), 501, "ticket.see").number == 501
        with pytest.raises(NotFound):
            access.ticket(session, gamma, 501, "ticket.see")


def test_a_sub_ticket_waits_for_the_contract(desk: Desk):
    desk.take(SAM, "alfa")
    (shop,) = desk.subticket_ids(SAM)
    with pytest.raises(Refused) as refused:
        desk.do_sub(taking.take_subticket, shop, "alfa", "subticket.take")
    assert [one.code for one in refused.value.blockers] == ["ticket_is_in_contract", "scans_are_acknowledged"]
