"""Tickets coming in, one by one: once per CRM id, with the first dealer and its clock."""

import json
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from mikroserwis.errors import Conflict, Invalid
from mikroserwis.models import Customer, Event, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import intake_form, queries
from mikroserwis.tickets.operations.intake import create
from tests.operations.desk import Desk
from tests.support.cast import COMPANIES, POOLED, SAM, intake


def errors_of(raised: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in raised.value.errors]


def today(desk: Desk) -> Any:
    return desk.now.astimezone(RULES.tz).date()


def test_the_same_intake_again_changes_nothing_even_after_midnight(desk: Desk):
    assert desk.intake(700)
    before = desk.ticket(700)
    desk.later(days=1)
    assert not desk.intake(700)
    assert desk.ticket(700).version == before.version
    assert desk.verbs(700) == ["create"]
    assert len(desk.mails(700, "offered")) == 1


def test_a_known_crm_id_with_other_data_is_a_conflict_that_names_it(desk: Desk):
    with pytest.raises(Conflict) as conflict:
        desk.intake(SAM, type="fiscal")
    assert (conflict.value.code, conflict.value.params) == ("number_taken", {"number": SAM})


def test_without_a_named_dealer_the_rules_choose_and_say_why(desk: Desk):
    desk.intake(700, dealer_crm_id=None)
    (tenure,) = desk.tenures(700)
    assert tenure.dealer_id == desk.actor("alfa").dealer_id
    assert json.loads(tenure.choice or "")["area"] == "26"
    assert [one.recipient for one in desk.mails(700, "offered")] == ["alfa@dealer.example"]


def test_where_nobody_is_eligible_it_lies_in_the_pool_and_staff_are_told(desk: Desk):
    ticket = desk.ticket(POOLED)
    assert (ticket.dealer_id, ticket.state, ticket.due_at) == (None, "new", None)
    assert [one.recipient for one in desk.mails(POOLED, "to_pool")] == [RULES.contacts.operations_mailbox]
    assert desk.tenures(POOLED) == []


def test_a_full_dealer_is_passed_over(desk: Desk):
    desk.change_dealer(desk.actor("alfa"), capacity=1)
    desk.intake(700, dealer_crm_id=None)
    assert desk.ticket(700).dealer_id is None


def test_the_first_dealers_clock_counts_from_the_tickets_own_date(desk: Desk):
    opened = today(desk) - timedelta(days=2)
    desk.intake(700, opened_on=opened.isoformat())
    ticket = desk.ticket(700)
    midnight = datetime.combine(opened + timedelta(days=4), time(), RULES.tz)
    assert (ticket.opened_on, ticket.due_at) == (opened, midnight)


def test_a_ticket_that_its_dealer_acquired_is_taken_at_once(desk: Desk):
    desk.intake(700, acquired_by_dealer=True)
    ticket, (tenure,) = desk.ticket(700), desk.tenures(700)
    assert (ticket.state, ticket.stage, ticket.acquired_by_dealer) == ("taken", "contract", True)
    assert (tenure.how, tenure.taken_at) == ("acquired", desk.now)


def enter(desk: Desk, who: str, **changed: Any) -> Ticket:
    """A ticket of a company that is new to us, as a dealer enters it by hand."""
    company = COMPANIES[SAM] | {"tax_id": "5252248481", "name": "Nowa"}
    shop = [{"point": {}, "stations_buy": 1}]
    values = intake(700, **{"crm_id": None, "dealer_crm_id": None, "company": company, "subtickets": shop, **changed})
    with desk.database.transaction() as session:
        incoming = intake_form.read(values, today(desk), needs_crm_id=False)
        return create(session, incoming, source="dealer", actor=desk.actor(who), now=desk.now)[0]


def test_a_dealer_enters_a_ticket_of_its_own_and_has_it_under_our_number(desk: Desk):
    made = [enter(desk, "beta") for _ in range(2)]
    assert [one.number for one in made] == [RULES.numbers.own_tickets_from, RULES.numbers.own_tickets_from + 1]
    ticket = desk.ticket(made[0].number)
    assert (ticket.state, ticket.dealer_id, ticket.acquired_by_dealer) == ("taken", desk.actor("beta").dealer_id, True)
    assert desk.mails(ticket.number, "offered") == []


def test_a_dealer_enters_a_known_company_only_if_it_has_a_ticket_of_it(desk: Desk):
    shop = [{"point": {}, "stations_buy": 1}]
    with pytest.raises(Invalid) as invalid:
        enter(desk, "beta", company=COMPANIES[SAM], subtickets=shop)
    assert errors_of(invalid) == [("company.tax_id", "company_is_known")]
    own = enter(desk, "alfa", company=COMPANIES[SAM], subtickets=shop)
    assert own.customer_id == desk.ticket(SAM).customer_id


def test_a_dealer_neither_chooses_the_number_nor_learns_from_it_what_exists(desk: Desk):
    for number in (SAM, POOLED, 777):
        with pytest.raises(Invalid) as invalid:
            enter(desk, "beta", crm_id=number)
        assert errors_of(invalid) == [("crm_id", "number_is_ours")]


def test_a_dealer_who_could_not_take_it_cannot_enter_it(desk: Desk):
    desk.change_dealer(desk.actor("beta"), types=[])
    with pytest.raises(Invalid) as invalid:
        enter(desk, "beta")
    assert errors_of(invalid) == [("type", "dealer_is_not_certified")]


@pytest.mark.parametrize(
    ("fields", "crm_id", "code"),
    [
        ({}, 4711, "no_such_dealer"),
        ({"active": False}, 1001, "dealer_is_inactive"),
        ({"types": []}, 1001, "dealer_is_not_certified"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_named_dealer_must_be_able_to_take_it(desk: Desk, fields: dict[str, Any], crm_id: int, code: str):
    desk.change_dealer(desk.actor("alfa"), **fields)
    with pytest.raises(Invalid) as invalid:
        desk.intake(700, dealer_crm_id=crm_id)
    assert errors_of(invalid) == [("dealer_crm_id", code)]


def test_a_known_company_is_not_overwritten_what_was_empty_is_filled_and_told(desk: Desk):
    more = COMPANIES[SAM] | {"city": "Gdzie Indziej", "iban": "61109010140000071219812874"}
    desk.intake(700, company=more)
    customer = desk.ticket(SAM).customer
    assert (customer.city, customer.iban) == ("Sieciechów", "PL61109010140000071219812874")
    (event,) = [one for one in desk.rows(Event, 700) if one.verb == "company"]
    assert queries.events_data(event)["changes"] == {"iban": ["", "PL61109010140000071219812874"]}


def test_a_city_filled_by_a_later_ticket_is_found_on_the_earlier_one(desk: Desk):
    bare = {"tax_id": "5252248481", "name": "Nowa"}
    desk.intake(700, company=bare)
    desk.intake(701, company=bare | {"city": "Łódź"})
    assert {desk.ticket(number).city_key for number in (700, 701)} == {"l~o~dz~"}


def test_a_shop_of_another_company_is_refused_and_nothing_is_written(desk: Desk):
    with pytest.raises(Invalid) as invalid:
        desk.intake(700, company=COMPANIES[POOLED] | {"tax_id": "5252248481"}, subtickets=intake(SAM)["subtickets"])
    assert errors_of(invalid) == [("subtickets", "point_of_another_company")]
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).where(Ticket.number == 700)) == 0
        assert session.scalar(select(func.count()).where(Customer.tax_id == "5252248481")) == 0


def test_every_wrong_value_is_named_at_once(desk: Desk):
    wrong = {
        "crm_id": "x",
        "type": "łódka",
        "opened_on": (today(desk) + timedelta(days=1)).isoformat(),
        "acquired_by_dealer": "może",
        "dealer_crm_id": 0,
        "company": {"tax_id": "7974569438", "name": " \x00", "postal_code": "26922", "email": "x@", "iban": "PL00"},
        "subtickets": [{"stations_buy": 0}, {"stations_buy": 501}, "x"],
    }
    with pytest.raises(Invalid) as invalid:
        intake_form.read(wrong, today(desk))
    assert errors_of(invalid) == [
        ("crm_id", "bad_number"),
        ("type", "unknown_type"),
        ("opened_on", "date_in_future"),
        ("acquired_by_dealer", "not_yes_or_no"),
        ("dealer_crm_id", "number_out_of_range"),
        ("company.tax_id", "nip_check_digit"),
        ("company.name", "required"),
        ("company.email", "email"),
        ("company.iban", "iban_check_digits"),
        ("subtickets.0.stations_buy", "no_stations"),
        ("subtickets.1.stations_buy", "number_out_of_range"),
        ("subtickets.2.stations_buy", "no_stations"),
    ]


@pytest.mark.parametrize("field", ["name", "street", "city", "representative"])
def test_signs_that_no_database_keeps_are_taken_out_of_company_data(desk: Desk, field: str):
    hostile = "Skl\x00ep\r\n\u202eĆma\ud800\x85\u2066"
    desk.intake(700, company=COMPANIES[SAM] | {"tax_id": "5252248481", field: hostile})
    kept = getattr(desk.ticket(700).customer, field)
    assert kept == "Skl ep Ćma"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 201),
        ("phone", "+48223001020;ext=" + "1" * 22),
        ("email", "a@" + "b" * 260 + ".pl"),
        ("city", "ﷺ" * 101),
    ],
)
def test_a_value_longer_than_its_column_is_refused_not_cut(desk: Desk, field: str, value: str):
    with pytest.raises(Invalid) as invalid:
        desk.intake(700, company=COMPANIES[SAM] | {field: value})
    assert [one.field for one in invalid.value.errors] == [f"company.{field}"]
