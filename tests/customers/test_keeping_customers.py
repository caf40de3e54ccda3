"""Customers as records: who may enter them, what their tickets repeat, and what goes with one that is deleted."""

from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis import access
from mikroserwis.customers import contacts, operations, points, queries
from mikroserwis.errors import Conflict, Invalid, NotFound, Refused
from mikroserwis.models import Customer, CustomerContact, Event, RetailPoint
from mikroserwis.tickets.facts import company_is_confirmed
from mikroserwis.tickets.operations import company
from tests.customers.conftest import MAREA, SAM_TAX_ID, SHOP, Counter
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY_POINT, POINT, SAM
from tests.support.way import Way

ADDRESS = {"name": "Filia", "street": "ul. Leśna 1", "postal_code": "26-600", "city": "Radom"}


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in refused.value.errors]


@sqlite_only
@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("PL", "525-224-84-81", "5252248481"),
        ("RO", "18547290", "RO18547290"),
        ("RO", "ro 18547290", "RO18547290"),
        ("VE", "J-07013380-5", "VEJ070133805"),
        ("VE", "VEJ070133805", "VEJ070133805"),
        ("DE", "DE 136,695 976", "DE136695976"),
    ],
)
def test_a_tax_id_is_kept_as_its_country_writes_it(counter: Counter, country: str, typed: str, kept: str):
    made = counter.add(country=country, tax_id=typed, phone="")
    assert counter.customer(kept).id == made
    # What the form shows is what it takes.
    assert counter.change(made, country=country, tax_id=kept) == {}


@sqlite_only
@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [
        ("PL", "5252248482", "nip_check_digit"),
        ("PL", "525", "nip_length"),
        ("RO", "18547291", "tax_id_check_digit"),
        ("RO", "1" * 19, "tax_id_length"),
        ("VE", "X-07013380-5", "tax_id_format"),
        ("RO", "x" * 21, "too_long"),
    ],
)
def test_a_tax_id_that_its_country_would_refuse_is_refused(counter: Counter, country: str, typed: str, code: str):
    with pytest.raises(Invalid) as refused:
        counter.add(country=country, tax_id=typed, phone="")
    assert codes(refused) == [("tax_id", code)]


@sqlite_only
def test_moving_to_another_country_checks_what_is_kept_anew(counter: Counter):
    made = counter.add(postal_code="90-001", regon="140517016")
    with pytest.raises(Invalid) as refused:
        counter.change(made, country="RO")
    assert sorted(codes(refused)) == [("regon", "regon_of_poland"), ("tax_id", "tax_id_check_digit")]
    counter.change(made, **MAREA, regon="", phone="021 312 33 11")
    found = counter.customer("RO18547290")
    assert (found.country, found.postal_code, found.phone) == ("RO", "010011", "+40 21 312 3311")
    with pytest.raises(Invalid) as refused:
        counter.change(made, country="XX")
    assert codes(refused) == [("country", "unknown_value")]


def test_a_duplicate_is_named_to_whoever_may_see_it_and_to_nobody_else(counter: Counter):
    for who, code in (("operator", "tax_id_of"), ("seller", "tax_id_of")):
        with pytest.raises(Invalid) as refused:
            counter.add(who, tax_id=SAM_TAX_ID)
        assert codes(refused) == [("tax_id", code)]
    counter.add()
    with pytest.raises(Invalid) as refused:
        counter.add("seller")
    [error] = refused.value.errors
    assert (error.code, dict(error.params)) == ("tax_id_known", {})


def test_an_edit_on_the_customers_page_reaches_every_ticket_and_ends_what_was_confirmed(counter: Counter, way: Way):
    way.taken(SAM)
    with counter.database.transaction() as session:
        ticket = access.ticket(session, way.actor("alfa@dealer.example"), SAM, "company.edit")
        company.confirm_company(session, ticket, actor=way.actor("alfa@dealer.example"), now=counter.now)
    before = counter.ticket()
    counter.change(counter.id(), name="Ćwikła", city="Żary", version=counter.customer().version)
    after = counter.ticket()
    assert (after.company_key, after.city_key) == ("c~wikl~a", "z~~ary")
    assert "cwikla zary" in after.search
    assert (after.version, after.confirmed_version) == (before.version, before.confirmed_version)
    with counter.database.reading() as session:
        assert not company_is_confirmed(access.ticket(session, counter.actor("operator"), SAM, "ticket.see"))
    assert counter.told(counter.id())[0] == (
        "company",
        {"changes": {"name": ["PPHU SAM Bożena Ślązak", "Ćwikła"], "city": ["Sieciechów", "Żary"]}},
    )


def test_an_edit_from_the_ticket_is_found_in_the_list_of_customers(counter: Counter, way: Way):
    with counter.database.transaction() as session:
        ticket = access.ticket(session, counter.actor("operator"), SAM, "company.edit")
        actor, values = counter.actor("operator"), {"name": "Źródło"}
        company.save_company(session, ticket, values, version=None, actor=actor, now=counter.now)
    assert (counter.customer().name_key, "zrodlo" in counter.customer().search) == ("z~ro~dl~o", True)


def test_the_seller_changes_without_touching_what_was_confirmed(counter: Counter):
    version, sam = counter.customer().version, counter.id()
    counter.do(operations.set_owner, sam, "", was=str(counter.user_id("seller")))
    assert (counter.customer().owner_id, counter.customer().version) == (None, version)
    with pytest.raises(NotFound):
        counter.change(sam, who="seller", city="Radom")
    with pytest.raises(Conflict):
        counter.do(operations.set_owner, sam, str(counter.user_id("seller")), was="99")
    with pytest.raises(Invalid):
        counter.do(operations.set_owner, sam, str(counter.user_id("operator")), was="")
    counter.do(operations.set_owner, sam, str(counter.user_id("seller")), was="")
    assert counter.told(sam)[0] == ("customer_owner", {"changes": {"owner_id": ["", "Sylwia Sprzedaj"]}})


@sqlite_only
def test_a_seller_enters_customers_of_its_own_whoever_is_named(counter: Counter):
    made = counter.add("seller", owner_id=str(counter.user_id("operator")))
    assert counter.customer(SHOP["tax_id"]).owner_id == counter.user_id("seller")
    assert counter.told(made)[0][1]["changes"]["owner_id"] == ["", "Sylwia Sprzedaj"]


def test_only_a_customer_that_nothing_names_is_deleted_and_its_history_stays(counter: Counter):
    with pytest.raises(Refused) as refused:
        counter.do(operations.delete_customer, counter.id())
    [blocker] = refused.value.blockers
    assert blocker.params["tables"] == {"tickets": 1, "subtickets": 1}
    made = counter.add()
    counter.do(contacts.add_contact, made, {"name": "Jan"})
    counter.do(points.add_point, made, ADDRESS)
    counter.do(operations.delete_customer, made)
    with counter.database.reading() as session:
        for column in (Customer.id, CustomerContact.customer_id, RetailPoint.customer_id):
            assert session.scalars(select(column).where(column == made)).all() == []
        verbs = session.scalars(select(Event.verb).where(Event.customer_id == made).order_by(Event.id)).all()
    assert verbs == [
        "customer_add",
        "customer_contact_add",
        "customer_point_add",
        "person_anonymise",
        "customer_delete",
    ]
    again = counter.add()
    assert [verb for verb, _said in counter.told(again)] == ["customer_add"]


@sqlite_only
def test_a_customer_with_an_account_is_not_deleted(counter: Counter):
    made = counter.add()
    counter.sign_up("sam", made)
    with pytest.raises(Refused) as refused:
        counter.do(operations.delete_customer, made)
    assert refused.value.blockers[0].params["tables"] == {"customer_users": 1}


def test_shops_are_numbered_unless_staff_name_a_free_number(counter: Counter):
    sam = counter.id()
    first = counter.do(points.add_point, sam, ADDRESS).id
    assert counter.do(points.add_point, sam, ADDRESS).id == first + 1
    assert counter.do(points.add_point, sam, {**ADDRESS, "number": str(first + 2)}).id == first + 2
    assert counter.do(points.add_point, sam, ADDRESS, who="seller").id == first + 3
    for who, number, code in (
        ("operator", str(ARKLITY_POINT), "point_number_taken"),
        ("seller", "9999", "number_is_given_by_staff"),
        ("operator", "0", "number_out_of_range"),
        ("operator", "9" * 30, "number_out_of_range"),
    ):
        with pytest.raises(Invalid) as refused:
            counter.do(points.add_point, sam, {**ADDRESS, "number": number}, who=who)
        assert codes(refused) == [("number", code)]


def test_a_shop_is_changed_by_whoever_saw_its_newest_data(counter: Counter):
    sam = counter.id()

    def change(session: Any, customer: Customer, version: int, city: str, **named: Any) -> Any:
        shop = queries.point_of(session, customer, POINT)
        return points.change_point(session, customer, shop, {"city": city}, version=version, **named)

    with counter.database.reading() as session:
        version = session.get_one(RetailPoint, POINT).version
    assert counter.do(change, sam, version, "Radom") == {"city": ("Sieciechów", "Radom")}
    with pytest.raises(Conflict) as refused:
        counter.do(change, sam, version, "Kielce")
    assert refused.value.params["fields"] == {"city": ("Radom", "Kielce")}
    assert counter.told(sam)[0] == ("point", {"changes": {"city": ["Sieciechów", "Radom"]}})
    with pytest.raises(NotFound):
        counter.do(change, counter.add(), version, "Radom")


@sqlite_only
def test_a_shop_with_tickets_stays_and_an_unused_one_goes(counter: Counter):
    sam = counter.id()
    made = counter.do(points.add_point, sam, ADDRESS)

    def delete(session: Any, customer: Customer, number: int, version: int, **named: Any) -> None:
        points.delete_point(session, customer, queries.point_of(session, customer, number), version=version, **named)

    with pytest.raises(Refused):
        counter.do(delete, sam, POINT, 1)
    with pytest.raises(Conflict):
        counter.do(delete, sam, made.id, made.version + 1)
    counter.do(delete, sam, made.id, made.version)
    assert counter.told(sam)[0][0] == "customer_point_delete"
